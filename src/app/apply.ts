import type { PersonId } from '../domain/person-id.ts';
import type { RosterEntry } from '../domain/roster.ts';
import { SparSyncError } from '../errors.ts';
import { applyPlan, changedMeanwhile } from './apply-plan.ts';
import { brakeError } from './brake-error.ts';
import { reportUpdate } from './report-update.ts';
import { restoreCompared, restoreItems, type SavedPlan } from './saved-plan.ts';
import { settleUnfinishedRuns } from './settle.ts';
import type { UpdateOutcome } from './update.ts';
import type { UpdateWorld } from './update-world.ts';

/**
 * Carries out exactly a saved plan, without asking SPAR.
 *
 * @param sections digest of the configuration sections as they are now
 * @throws SparSyncError `plan-outdated` when rows, answers or those sections have changed since; `brake` when
 *   the plan set off a brake and was not made with `--force`.
 */
export async function apply(
  saved: SavedPlan,
  sections: string,
  world: Omit<UpdateWorld, 'openLookup' | 'wrapLookup'>,
  personOf: (entry: RosterEntry) => PersonId | undefined,
): Promise<Pick<UpdateOutcome, 'report' | 'newReviews' | 'gaps'>> {
  const { roster, state, settings, today } = world;
  if (saved.sections !== sections) throw sectionsChanged();
  if (saved.brake !== undefined) throw brakeError(saved.brake);
  await settleUnfinishedRuns(state.journal, roster, world.progress);
  await roster.proveWritable();
  const run = await state.journal.start({
    command: 'apply',
    asOf: today,
    at: world.clock.now(),
    endUser: settings.endUser,
    dryRun: false,
  });
  const restore = async () => ({
    items: await restoreItems(saved, personOf, roster, state.snapshots, world.digest),
    compared: await restoreCompared(saved, state.snapshots),
  });
  try {
    const { journal } = state;
    const applied = await applyPlan(run, await restore(), {
      roster,
      journal,
      progress: world.progress,
      planAgain: restore,
    });
    const rows = new Set(saved.rows.map((row) => `${row.key.type}:${row.key.id}`));
    const { report, newReviews } = await reportUpdate(
      {
        command: 'apply',
        run,
        dryRun: false,
        counts: saved.report.people,
        lookups: {
          asked: 0,
          reused: saved.rows.length,
          notFound: 0,
          failed: 0,
          cost: 0,
          currency: settings.pricing.currency,
        },
        items: applied.items,
        problems: saved.report.problems,
      },
      state.reviews,
      today,
      (key) => rows.has(`${key.type}:${key.id}`),
    );
    const gaps = changedMeanwhile(applied.refused);
    await journal.finished(run, gaps ? 'gaps' : 'done');
    return { report, newReviews, gaps };
  } catch (error) {
    await state.journal.finished(run, error instanceof SparSyncError ? error.code : 'bug');
    throw error;
  }
}

function sectionsChanged(): SparSyncError {
  return new SparSyncError(
    'plan-outdated',
    {
      en: 'The plan no longer fits: `roster`, `update` or `guardians` in the configuration has changed since it was made. Nothing was written.',
      sv: 'Planen stämmer inte längre: `roster`, `update` eller `guardians` i konfigurationen har ändrats sedan den gjordes. Inget har skrivits.',
    },
    {
      en: 'Make a new plan: `spar-sync update --dry-run --plan FILE`.',
      sv: 'Gör en ny plan: `spar-sync update --dry-run --plan FIL`.',
    },
  );
}
