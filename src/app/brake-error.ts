import type { Brake } from '../domain/plan-safety.ts';
import type { Text } from '../domain/text.ts';
import { SparSyncError } from '../errors.ts';

/** The refusal of a plan that would change too much, with the numbers and the way on (CONTRACT rule 9). */
export function brakeError(brake: Brake): SparSyncError {
  return new SparSyncError('brake', textOf(brake), brake.kind === 'departed' ? LOOK_WHO : LOOK_AT_PLAN);
}

const LOOK_AT_PLAN: Text = {
  en: 'Look at the plan with --dry-run (nothing is paid for twice). If it is right, run again with --force.',
  sv: 'Titta på planen med --dry-run (inget betalas två gånger). Stämmer den, kör igen med --force.',
};

const LOOK_WHO: Text = {
  en: 'Is the roster whole, and the right one? `spar-sync forget --departed --dry-run` shows who would go; --force erases them.',
  sv: 'Är registret helt, och rätt register? `spar-sync forget --departed --dry-run` visar vilka det gäller; --force raderar dem.',
};

function textOf({ kind, count, of, share, limit }: Brake): Text {
  const percent = (part: number) => Math.round(part * 100);
  const shown = `${percent(share)} %`;
  const isMissing = kind === 'missing' || kind === 'departed';
  const limits = `limits.${isMissing ? 'maxMissingShare' : 'maxChangedShare'}`;
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
    case 'departed':
      return {
        en: `Stopped: ${count} of ${of} people of whom something is kept are no longer in the roster (${shown}; ${limits} is ${percent(limit)} %). Nothing was erased.`,
        sv: `Stopp: ${count} av ${of} personer som det finns något sparat om finns inte längre i registret (${shown}; ${limits} är ${percent(limit)} %). Inget har raderats.`,
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
