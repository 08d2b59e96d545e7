import { type PersonNumbers, personNumbers } from '../../domain/person-id.ts';
import { type Brake, findBrake } from '../../domain/plan-safety.ts';
import { type AskedSoFar, askUntilWhole, beginAsking, countLookups } from '../asking.ts';
import { withBrake } from '../brake-error.ts';
import { eraseProtected, eraseRelationsOfGrownUps } from '../erasure.ts';
import { interrupted } from '../interrupted.ts';
import { asJournalledRun, type RunEnd } from '../journalled-run.ts';
import { nextPurchaseOf } from '../next-purchase.ts';
import { ANSWERS_FROM_THE_FUTURE } from '../remarks.ts';
import { eraseWhatIsNotKept } from '../retention.ts';
import { type Applied, applyPlan, changedMeanwhile } from './apply-plan.ts';
import { planOptionsOf } from './plan-options.ts';
import { type PlannedUpdate, planUpdate } from './plan-update.ts';
import { reportUpdate } from './report-update.ts';
import type { UpdateReport } from './update-report.ts';
import type { UpdateOptions, UpdateWorld } from './update-world.ts';

export interface UpdateOutcome extends RunEnd {
  readonly report: UpdateReport;
  /** The plan as it was made, for `--plan`. */
  readonly planned: PlannedUpdate;
  /** Review items that no applied run has shown before. */
  readonly newReviews: ReadonlySet<string>;
  /** Would stop the real run; only a dry run gets this far with it. */
  readonly brake?: Brake;
}

/**
 * Brings the contact information of the chosen people up to date: settles what an earlier run left, plans,
 * asks about whoever is missing, plans again from the answers, and writes.
 *
 * @throws SparSyncError of any kind in CONTRACT section 6; what SPAR answered before is kept.
 */
export async function update(world: UpdateWorld, options: UpdateOptions): Promise<UpdateOutcome> {
  const { dryRun } = options;
  return asJournalledRun({ command: 'update', dryRun, links: false }, world, (run) =>
    updateInRun(run, world, options, beginAsking(world.settings)),
  );
}

/** Plans from what a run has been answered; asks nobody. */
export async function planUpdateInRun(
  world: UpdateWorld,
  options: UpdateOptions,
  { answeredNow, unasked }: AskedSoFar,
): Promise<PlannedUpdate> {
  const { roster, state } = world;
  const planOptions = { ...planOptionsOf(world, options), answeredNow, unasked };
  const planned = await planUpdate(roster, state.snapshots, state.journal, planOptions);
  // At once, whatever becomes of the run: nothing of a person now protected may stay behind.
  await eraseProtected(planned.plan, state, planned.plan.everybody);
  return planned;
}

/** The same as a part of a run that has begun. */
export async function updateInRun(
  run: number,
  world: UpdateWorld,
  options: UpdateOptions,
  asked: AskedSoFar,
): Promise<UpdateOutcome> {
  const { roster, state, settings } = world;
  let people: PersonNumbers = personNumbers([]);
  // Of every plan: once they have been asked about anew, none of them is.
  let areAnyFromTheFuture = false;
  const plan = async () => {
    const planned = await planUpdateInRun(world, options, asked);
    people = planned.plan.everybody;
    areAnyFromTheFuture ||= planned.plan.answersFromTheFuture;
    return planned;
  };

  const planned = await askUntilWhole(
    'update',
    run,
    world,
    options,
    asked,
    plan,
    ({ plan: { needs } }) => needs,
  );
  const { stopped } = asked;
  if (options.signal.aborted) throw interrupted();

  const brake = findBrake(planned.plan.counts, settings.limits);
  if (brake !== undefined && !options.force && !options.dryRun) throw withBrake(stopped, brake);

  let applied: Applied = { items: planned.plan.items, refused: [] };
  if (!options.dryRun) {
    applied = await applyPlan(
      run,
      { items: planned.plan.items, compared: planned.plan.compared },
      {
        roster,
        journal: state.journal,
        progress: world.progress,
        planAgain: async () => (await plan()).plan,
      },
    );
    await eraseRelationsOfGrownUps(world);
    await eraseWhatIsNotKept(world, { people, isWhole: !options.namedRows });
  }
  if (areAnyFromTheFuture) world.progress({ kind: 'remark', text: ANSWERS_FROM_THE_FUTURE });

  const { report, newReviews } = await reportUpdate(
    {
      command: 'update',
      run,
      dryRun: options.dryRun,
      counts: planned.plan.counts,
      lookups: countLookups(asked.bought.update, planned.plan.counts.reused, settings),
      items: applied.items,
      problems: planned.problems,
    },
    state.reviews,
    world.today,
    options.selected,
  );
  const gaps = asked.unasked.size > 0 || changedMeanwhile(applied.refused);
  const nextRun = options.offline ? await nextPurchaseOf(planned.plan.heldBack, world) : undefined;
  return {
    report: nextRun === undefined ? report : { ...report, nextRun },
    planned,
    newReviews,
    gaps,
    ...(stopped && { stopped }),
    ...(brake && options.dryRun && { brake }),
  };
}
