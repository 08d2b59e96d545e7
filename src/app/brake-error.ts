import type { Brake } from '../domain/plan-safety.ts';
import type { Text } from '../domain/text.ts';
import { SparSyncError } from '../errors.ts';

/** What a brake says at its end; not where a part of the run has written by then. */
export const NOTHING_WRITTEN: Text = { en: 'Nothing was written.', sv: 'Inget har skrivits.' };

const NOTHING_ERASED: Text = { en: 'Nothing was erased.', sv: 'Inget har raderats.' };

/** The refusal of a plan that would change too much, with the numbers and the way on (CONTRACT rule 9). */
export function brakeError(brake: Brake): SparSyncError {
  const { en, sv } = findingOf(brake);
  const end = brake.kind === 'departed' ? NOTHING_ERASED : NOTHING_WRITTEN;
  const text = { en: `Stopped: ${en}. ${end.en}`, sv: `Stopp: ${sv}. ${end.sv}` };
  return new SparSyncError('brake', text, brake.kind === 'departed' ? LOOK_WHO : LOOK_AT_PLAN);
}

/** What a dry run says of it. */
export function brakeAhead(brake: Brake): SparSyncError {
  const { en, sv } = findingOf(brake);
  const text = { en: `The real run would stop: ${en}.`, sv: `Den riktiga körningen skulle stoppas: ${sv}.` };
  return new SparSyncError('brake', text, brake.kind === 'departed' ? IS_IT_WHOLE : IS_IT_RIGHT);
}

const IS_IT_RIGHT: Text = {
  en: 'If what is shown is right, run with --force.',
  sv: 'Stämmer det som visas, kör med --force.',
};

const IS_IT_WHOLE: Text = {
  en: 'Is the roster whole, and the right one? If it is, --force erases them.',
  sv: 'Är registret helt, och rätt register? I så fall raderar --force dem.',
};

const LOOK_AT_PLAN: Text = {
  en: 'Look at the plan with --dry-run (nothing is paid for twice). If it is right, run again with --force.',
  sv: 'Titta på planen med --dry-run (inget betalas två gånger). Stämmer den, kör igen med --force.',
};

const LOOK_WHO: Text = {
  en: 'Is the roster whole, and the right one? `spar-sync forget --departed --dry-run` shows who would go; --force erases them.',
  sv: 'Är registret helt, och rätt register? `spar-sync forget --departed --dry-run` visar vilka det gäller; --force raderar dem.',
};

function findingOf({ kind, count, of, share, limit }: Brake): Text {
  const percent = (part: number) => Math.round(part * 100);
  const isMissing = kind === 'missing' || kind === 'departed';
  const limits = `limits.${isMissing ? 'maxMissingShare' : 'maxChangedShare'}`;
  const en = `(${percent(share)} %; ${limits} is ${percent(limit)} %)`;
  const sv = `(${percent(share)} %; ${limits} är ${percent(limit)} %)`;
  switch (kind) {
    case 'changed':
      return {
        en: `a name, address or number would be replaced for ${count} of ${of} people ${en}`,
        sv: `namn, adress eller nummer skulle bytas ut för ${count} av ${of} personer ${sv}`,
      };
    case 'missing':
      return {
        en: `SPAR has nobody with the number of ${count} of ${of} people ${en}`,
        sv: `för ${count} av ${of} personer finns numret inte i SPAR ${sv}`,
      };
    case 'departed':
      return {
        en: `${count} of ${of} people of whom something is kept are no longer in the roster ${en}`,
        sv: `${count} av ${of} personer som det finns något sparat om finns inte längre i registret ${sv}`,
      };
    case 'assigned':
      return {
        en: `${count} of ${of} guardians without a personnummer would be given one ${en}`,
        sv: `${count} av ${of} vårdnadshavare utan personnummer skulle få ett ${sv}`,
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
