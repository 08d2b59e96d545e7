import type { Brake } from '../domain/plan-safety.ts';
import { SparSyncError } from '../errors.ts';

/** The refusal of a plan that would change too much, with the numbers and the way on (CONTRACT rule 9). */
export function brakeError(brake: Brake): SparSyncError {
  const percent = (share: number) => Math.round(share * 100);
  const limit = `limits.${brake.kind === 'changed' ? 'maxChangedShare' : 'maxMissingShare'}`;
  const text =
    brake.kind === 'changed'
      ? {
          en: `Stopped: a name, address or number would be replaced for ${brake.count} of ${brake.of} people (${percent(brake.share)} %; ${limit} is ${percent(brake.limit)} %). Nothing was written.`,
          sv: `Stopp: namn, adress eller nummer skulle bytas ut för ${brake.count} av ${brake.of} personer (${percent(brake.share)} %; ${limit} är ${percent(brake.limit)} %). Inget har skrivits.`,
        }
      : {
          en: `Stopped: SPAR has nobody with the number of ${brake.count} of ${brake.of} people (${percent(brake.share)} %; ${limit} is ${percent(brake.limit)} %). Nothing was written.`,
          sv: `Stopp: för ${brake.count} av ${brake.of} personer finns numret inte i SPAR (${percent(brake.share)} %; ${limit} är ${percent(brake.limit)} %). Inget har skrivits.`,
        };
  return new SparSyncError('brake', text, {
    en: 'Look at the plan with --dry-run (nothing is paid for twice). If it is right, run again with --force.',
    sv: 'Titta på planen med --dry-run (inget betalas två gånger). Stämmer den, kör igen med --force.',
  });
}
