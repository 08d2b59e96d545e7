import type { CalendarDate } from '../../domain/calendar-date.ts';
import type { Brake } from '../../domain/plan-safety.ts';
import { type RowKey, rowKeyText } from '../../domain/roster.ts';
import { brakeError } from '../brake-error.ts';
import { eraseProtected, eraseRelationsOfGrownUps } from '../erasure.ts';
import { asJournalledRun } from '../journalled-run.ts';
import { planOutdated, sectionsChanged } from '../plan-outdated.ts';
import type { SnapshotStore } from '../ports.ts';
import { eraseOldAnswers } from '../retention.ts';
import type { Digest } from '../update/saved-plan.ts';
import { changedSince, describeBasis, type GuardianPlanBasis } from './guardian-plan-basis.ts';
import { type GuardianWrite, onlyWhatWasShown } from './guardian-write.ts';
import {
  applyGuardianPlan,
  type GuardianOutcome,
  type GuardianWorld,
  guardianOptionsOf,
} from './guardians.ts';
import { type PlannedGuardians, planGuardians } from './plan-guardians.ts';
import { reportGuardians } from './report-guardians.ts';

/** A plan of `guardians` as a value in a file: exactly what `apply` may carry out. */
export interface SavedGuardianPlan {
  readonly format: 'spar-sync plan';
  readonly version: 1;
  readonly command: 'guardians';
  /** Wall clock, ISO 8601 in UTC. */
  readonly madeAt: string;
  /** Digest of the configuration sections that a plan depends on. */
  readonly sections: string;
  /** The day by which it was made. */
  readonly today: CalendarDate;
  /** The students by `--id`; missing: all. */
  readonly students?: readonly string[];
  /** What an undo had put back was to be written all the same (`--id … --force`). */
  readonly overwriteHolds: boolean;
  /** The brake that the plan would set off; `apply` then refuses unless the plan was made with `--force`. */
  readonly brake?: Brake;
  readonly write: GuardianWrite;
  readonly basis: GuardianPlanBasis;
}

/**
 * A plan as it was shown, with what it rests on. `apply` makes it anew from what is there then and compares;
 * besides, it compares the rows that it touches, and their answers, to the last cell.
 */
export async function saveGuardianPlan(
  planned: PlannedGuardians,
  from: { readonly snapshots: Pick<SnapshotStore, 'getMany'>; readonly digest: Digest },
  how: Pick<SavedGuardianPlan, 'madeAt' | 'sections' | 'today' | 'students' | 'overwriteHolds' | 'brake'>,
): Promise<SavedGuardianPlan> {
  const { items, created, links } = planned.plan;
  const write = { items, created, links };
  return {
    format: 'spar-sync plan',
    version: 1,
    command: 'guardians',
    ...how,
    write,
    basis: await describeBasis(write, planned.families, from),
  };
}

type ApplyWorld = Omit<GuardianWorld, 'openLookup' | 'wrapLookup'>;

/**
 * Carries out exactly a saved plan of `guardians`, without asking SPAR.
 *
 * @param sections digest of the configuration sections as they are now
 * @throws SparSyncError `plan-outdated` when it would be another plan today; `brake` when it set off a brake and
 *   was not made with `--force`.
 */
export async function applyGuardians(
  saved: SavedGuardianPlan,
  sections: string,
  world: ApplyWorld,
): Promise<Pick<GuardianOutcome, 'report' | 'newReviews' | 'newPairs' | 'gaps'>> {
  if (saved.sections !== sections) throw sectionsChanged('guardians');
  if (saved.brake !== undefined) throw brakeError(saved.brake);
  return asJournalledRun({ command: 'apply', dryRun: false, links: true }, world, async (run) => {
    const { roster, state, digest, settings, today } = world;
    const students = saved.students && new Set(saved.students);
    const selected = ({ type, id }: RowKey): boolean =>
      type === 'student' && (students === undefined || students.has(id));
    const chosen = { selected, namedRows: students !== undefined };
    const options = {
      ...guardianOptionsOf(
        { ...world, today: saved.today },
        { ...chosen, offline: true, force: saved.overwriteHolds },
      ),
      answeredNow: new Set<never>(),
      unasked: new Map<never, never>(),
    };
    const planAgain = async () => {
      const planned = await planGuardians(roster, state, digest, options);
      await eraseProtected(planned.plan, state, planned.people);
      return planned;
    };
    const planned = await planAgain();
    const { write, changed } = onlyWhatWasShown(saved.write, planned.plan);
    const touched = await changedSince(saved.basis, planned.families, {
      snapshots: state.snapshots,
      digest,
    });
    const outdated = [...changed.map(({ key }) => key), ...touched];
    if (outdated.length > 0) {
      throw planOutdated([...new Map(outdated.map((key) => [rowKeyText(key), key])).values()], 'guardians');
    }

    const applied = await applyGuardianPlan(run, write, world, async () => (await planAgain()).plan);
    await eraseRelationsOfGrownUps(world);
    await eraseOldAnswers(world);
    const kept = new Set(write.items.map(({ key }) => rowKeyText(key)));
    const plan = {
      ...planned.plan,
      assigned: planned.plan.assigned.filter(({ key }) => kept.has(rowKeyText(key))),
    };
    const { currency } = settings.pricing;
    const { report, newReviews, newPairs } = await reportGuardians(
      {
        command: 'apply',
        run,
        dryRun: false,
        plan,
        applied,
        lookups: { asked: 0, reused: plan.counts.reused, notFound: 0, failed: 0, cost: 0, currency },
        problems: planned.problems,
      },
      state.reviews,
      today,
      chosen,
    );
    const gaps = applied.refused.some(({ reason }) => reason === 'roster-changed');
    return { report, newReviews, newPairs, gaps };
  });
}
