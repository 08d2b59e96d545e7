import { type RowKey, rowKeyText } from '../../domain/roster.ts';
import { brakeError } from '../brake-error.ts';
import { eraseProtected, eraseRelationsOfGrownUps } from '../erasure.ts';
import { asJournalledRun } from '../journalled-run.ts';
import { sectionsChanged } from '../plan-outdated.ts';
import { eraseOldAnswers } from '../retention.ts';
import { applyPlan, changedMeanwhile } from './apply-plan.ts';
import { planOptionsOf } from './plan-options.ts';
import { planUpdate } from './plan-update.ts';
import { reportUpdate } from './report-update.ts';
import { restoreCompared, restoreItems, type SavedPlan } from './saved-plan.ts';
import type { UpdateOutcome } from './update.ts';
import type { UpdateWorld } from './update-world.ts';

/** Without a way to SPAR: nobody is asked. */
type ApplyWorld = Omit<UpdateWorld, 'openLookup' | 'wrapLookup'>;

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
  world: ApplyWorld,
): Promise<Pick<UpdateOutcome, 'report' | 'newReviews' | 'gaps'>> {
  if (saved.sections !== sections) throw sectionsChanged('update');
  if (saved.brake !== undefined) throw brakeError(saved.brake);
  return asJournalledRun({ command: 'apply', dryRun: false, links: false }, world, (run) =>
    runApply(run, saved, world),
  );
}

async function runApply(run: number, saved: SavedPlan, world: ApplyWorld) {
  const { roster, state, settings, today, progress, digest } = world;
  const { journal, snapshots } = state;
  const rows = new Set(saved.rows.map((row) => rowKeyText(row.key)));
  const isTouched = (key: RowKey): boolean => rows.has(rowKeyText(key));
  const options = {
    ...planOptionsOf(
      { ...world, today: saved.today },
      {
        selected: isTouched,
        namedRows: saved.overwriteEdits,
        refresh: false,
        force: saved.overwriteEdits,
        offline: true,
      },
    ),
    answeredNow: new Set<never>(),
    unasked: new Map<never, never>(),
  };
  // From the whole roster: a mark or a number on any other row may forbid what was planned.
  const planAgain = async () => {
    const { plan } = await planUpdate(roster, snapshots, journal, options);
    await eraseProtected(plan, state, plan.everybody);
    return {
      items: await restoreItems(saved, plan.items, { roster, snapshots, digest }),
      compared: await restoreCompared(saved, snapshots),
    };
  };
  const applied = await applyPlan(run, await planAgain(), { roster, journal, progress, planAgain });
  await eraseRelationsOfGrownUps(world);
  await eraseOldAnswers(world);
  const { currency } = settings.pricing;
  const { report, newReviews } = await reportUpdate(
    {
      command: 'apply',
      run,
      dryRun: false,
      counts: saved.report.people,
      lookups: { asked: 0, reused: saved.rows.length, notFound: 0, failed: 0, cost: 0, currency },
      items: applied.items,
      problems: saved.report.problems,
    },
    state.reviews,
    today,
    isTouched,
  );
  return { report, newReviews, gaps: changedMeanwhile(applied.refused) };
}
