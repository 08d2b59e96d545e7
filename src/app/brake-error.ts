import type { Brake } from '../domain/plan-safety.ts';
import type { Text } from '../domain/text.ts';
import { SparSyncError } from '../errors.ts';

/** The refusal of a plan that would change too much, with the numbers and the way on (CONTRACT rule 9). */
export function brakeError(brake: Brake): SparSyncError {
  return new SparSyncError('brake', textOf(brake), {
    en: 'Look at the plan with --dry-run (nothing is paid for twice). If it is right, run again with --force.',
    sv: 'Titta på planen med --dry-run (inget betalas två gånger). Stämmer den, kör igen med --force.',
  });
}

function textOf({ kind, count, of, share, limit }: Brake): Text {
  const percent = (part: number) => Math.round(part * 100);
  const shown = `${percent(share)} %`;
  const limits = `limits.${kind === 'missing' ? 'maxMissingShare' : 'maxChangedShare'}`;
  switch (kind) {
    case 'changed':
      return {
        en: `Stopped: a name, address or number would be replaced for ${count} of ${of} people (${shown}; ${limits} is ${percent(limit)} %). Nothing was written.`,
        sv: `Stopp: namn, adress eller nummer skulle bytas ut för ${count} av ${of} personer (${shown}; ${limits} är ${percent(limit)} %). Inget har skrivits.`,
      };
    case 'missing':
      return {
        en: `Stopped: SPAR has nobody with the number of ${count} of ${of} people (${shown}; ${limits} is ${percent(limit)} %). Nothing was written.`,
        sv: `Stopp: för ${count} av ${of} personer finns numret inte i SPAR (${shown}; ${limits} är ${percent(limit)} %). Inget har skrivits.`,
      };
    case 'assigned':
      return {
        en: `Stopped: ${count} of ${of} guardians without a personnummer would be given one (${shown}; ${limits} is ${percent(limit)} %). Nothing was written.`,
        sv: `Stopp: ${count} av ${of} vårdnadshavare utan personnummer skulle få ett (${shown}; ${limits} är ${percent(limit)} %). Inget har skrivits.`,
      };
  }
}

/** Where SPAR stopped us too, that is what the exit code tells (CONTRACT section 6); both are said. */
export function withBrake(stopped: SparSyncError | undefined, brake: Brake): SparSyncError {
  const braked = brakeError(brake);
  if (stopped === undefined) return braked;
  const { en, sv } = braked.text;
  const text = { en: `${stopped.text.en}\n${en}`, sv: `${stopped.text.sv}\n${sv}` };
  return new SparSyncError(stopped.code, text, stopped.hint);
}
