import type { PersonType } from '../../domain/roster.ts';
import type { Text } from '../../domain/text.ts';
import { SparSyncError } from '../../errors.ts';
import { type AskedSoFar, beginAsking } from '../asking.ts';
import { NOTHING_WRITTEN } from '../brake-error.ts';
import {
  type GuardianCommandOptions,
  type GuardianOutcome,
  type GuardianWorld,
  guardiansInRun,
} from '../guardians/guardians.ts';
import { refuseWithoutMeans } from '../guardians/guardians-means.ts';
import { asJournalledRun, type RunEnd } from '../journalled-run.ts';
import { type UpdateOutcome, updateInRun } from '../update/update.ts';
import type { UpdateOptions } from '../update/update-world.ts';
import { askByUrgency } from './ask-by-urgency.ts';

export interface NightlyOptions {
  /** Whom `update` treats; nobody where empty. */
  readonly types: readonly PersonType[];
  readonly guardians: boolean;
  readonly signal: AbortSignal;
}

/** What came of a night. A part is missing where it was not wanted, or did not come to its end. */
export interface NightlyOutcome extends RunEnd {
  readonly run: number;
  readonly update?: UpdateOutcome;
  readonly guardians?: GuardianOutcome;
}

/**
 * `update`, then `guardians`, as one run with one budget: nobody is asked about twice in it, and a SPAR that has
 * stopped the one is not asked by the other, which goes on with the answers at hand.
 *
 * What stops `guardians` is in the outcome, since what `update` wrote before stands and is to be told.
 *
 * @throws SparSyncError of any kind in CONTRACT section 6; what SPAR answered before is kept.
 */
export async function nightly(world: GuardianWorld, options: NightlyOptions): Promise<NightlyOutcome> {
  if (options.guardians) refuseWithoutMeans(world);
  const about = { command: 'nightly', dryRun: false, links: options.guardians };
  return asJournalledRun(about, world, async (run) => {
    const asked = beginAsking(world.settings);
    if (options.guardians && options.types.length > 0) {
      const both = { update: updateOptions(options), guardians: guardianOptions(options) };
      await askByUrgency(run, world, both, asked);
    }
    const update = await updatePart(run, world, options, asked);
    if (!options.guardians) return endOf(run, asked, { ...(update && { update }) });
    try {
      const guardians = await guardiansPart(run, world, options, asked);
      return endOf(run, asked, { ...(update && { update }), guardians });
    } catch (error) {
      if (update === undefined || !(error instanceof SparSyncError)) throw error;
      return { run, update, gaps: update.gaps, stopped: afterUpdate(error, update) };
    }
  });
}

const UNATTENDED = {
  namedRows: false,
  dryRun: false,
  offline: false,
  force: false,
  consent: async () => true,
};

function updateOptions({ types, signal }: NightlyOptions): UpdateOptions {
  const selected = new Set(types);
  return { ...UNATTENDED, refresh: false, signal, selected: ({ type }) => selected.has(type) };
}

function guardianOptions({ signal }: NightlyOptions): GuardianCommandOptions {
  return { ...UNATTENDED, signal, selected: ({ type }) => type === 'student' };
}

async function updatePart(
  run: number,
  world: GuardianWorld,
  options: NightlyOptions,
  asked: AskedSoFar,
): Promise<UpdateOutcome | undefined> {
  if (options.types.length === 0) return undefined;
  return byHand('update', () => updateInRun(run, world, updateOptions(options), asked));
}

async function guardiansPart(
  run: number,
  world: GuardianWorld,
  options: NightlyOptions,
  asked: AskedSoFar,
): Promise<GuardianOutcome> {
  return byHand('guardians', () => guardiansInRun(run, world, guardianOptions(options), asked));
}

function endOf(
  run: number,
  { stopped }: AskedSoFar,
  parts: Pick<NightlyOutcome, 'update' | 'guardians'>,
): NightlyOutcome {
  const gaps = [parts.update, parts.guardians].some((part) => part?.gaps === true);
  return { run, ...parts, gaps, ...(stopped && { stopped }) };
}

/** A brake has no `--force` here: the way on is the command itself. */
async function byHand<T>(command: 'update' | 'guardians', work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof SparSyncError) || error.code !== 'brake') throw error;
    throw new SparSyncError(error.code, error.text, {
      en: `Look at it with \`spar-sync ${command} --dry-run\` (nothing is paid for twice). If it is right, run \`spar-sync ${command} --force\` by hand.`,
      sv: `Titta med \`spar-sync ${command} --dry-run\` (inget betalas två gånger). Stämmer det, kör \`spar-sync ${command} --force\` för hand.`,
    });
  }
}

/** Of an error that says that nothing was written: in `guardians` that is so, and `update` had written before. */
function afterUpdate(error: SparSyncError, { report }: UpdateOutcome): SparSyncError {
  if (report.changes.length === 0) return error;
  const { code, hint, reference } = error;
  const { en, sv } = code === 'interrupted' ? INTERRUPTED : error.text;
  return new SparSyncError(
    code,
    {
      en: `In \`guardians\`, after \`update\` had written what is shown: ${en.replace(NOTHING_WRITTEN.en, 'It wrote nothing.')}`,
      sv: `I \`guardians\`, sedan \`update\` hade skrivit det som visas: ${sv.replace(NOTHING_WRITTEN.sv, 'Där skrevs inget.')}`,
    },
    hint,
    reference,
  );
}

const INTERRUPTED: Text = {
  en: 'Interrupted. Every answer received is kept.',
  sv: 'Avbrutet. Alla svar som kom är sparade.',
};
