import type { CalendarDate } from '../domain/calendar-date.ts';
import type { NotAskedReason } from '../domain/plan.ts';
import type { RosterProblem, RowKey } from '../domain/roster.ts';
import { SparSyncError } from '../errors.ts';
import { type GuardianWorld, guardianOptionsOf } from './guardians/guardians.ts';
import { refuseWithoutMeans } from './guardians/guardians-means.ts';
import { type PlannedGuardians, planGuardians } from './guardians/plan-guardians.ts';
import { type NextPurchase, nextPurchasesOf } from './next-purchase.ts';
import { planOptionsOf } from './update/plan-options.ts';
import { planUpdate } from './update/plan-update.ts';

/** What is known, and what the next runs would buy: the object that `--json` prints, in its order. */
export interface StatusReport {
  readonly command: 'status';
  readonly asOf: CalendarDate;
  readonly people: { readonly total: number; readonly selected: number };
  /** People by how old their answer is; each person once. */
  readonly answers: { readonly fresh: number; readonly stale: number; readonly neverAsked: number };
  readonly notAsked: Readonly<Partial<Record<NotAskedReason, number>>>;
  /** What the next `update` would buy. */
  readonly nextRun: NextPurchase;
  /** What `guardians` would buy after it; missing where guardians cannot be asked for. */
  readonly nextGuardians?: NextPurchase & {
    /** Students whose guardians only their own answer will tell; those new to the roster come on top. */
    readonly openStudents: number;
  };
  readonly cache: {
    readonly answers: number;
    readonly oldest?: CalendarDate;
    readonly newest?: CalendarDate;
  };
  readonly problems: readonly RosterProblem[];
}

type StatusWorld = Pick<GuardianWorld, 'roster' | 'state' | 'settings' | 'today' | 'digest' | 'guardians'>;

export interface StatusOptions {
  /** Whom `update` treats. */
  readonly selected: (key: RowKey) => boolean;
  /** `guardians` comes in the same run, as in a night. */
  readonly oneBudget: boolean;
}

/** Plans as `update` and `guardians` would, asks nobody and writes nothing. */
export async function status(
  world: StatusWorld,
  { selected, oneBudget }: StatusOptions,
): Promise<StatusReport> {
  const { roster, state } = world;
  const { plan, problems } = await planUpdate(roster, state.snapshots, state.journal, {
    ...planOptionsOf(world, { selected, namedRows: false, refresh: false, force: false, offline: false }),
    answeredNow: new Set(),
    unasked: new Map(),
  });
  const guardianNeeds = (await planWithMeans(world))?.plan.needs;
  const needs = { ofUpdate: plan.needs, ofGuardians: guardianNeeds ?? [] };
  const purchases = await nextPurchasesOf(needs, world, oneBudget);
  const notAsked: Partial<Record<NotAskedReason, number>> = {};
  for (const item of plan.items) {
    if (item.kind === 'unknown') notAsked[item.because] = (notAsked[item.because] ?? 0) + 1;
  }
  const stale = plan.needs.filter((need) => need.lastAnswer !== undefined).length;
  const { count, oldest, newest } = await state.snapshots.summary();
  return {
    command: 'status',
    asOf: world.today,
    people: { total: plan.counts.total, selected: plan.counts.selected },
    answers: { fresh: plan.counts.answered, stale, neverAsked: plan.needs.length - stale },
    notAsked,
    nextRun: purchases.ofUpdate,
    ...(guardianNeeds && {
      nextGuardians: {
        ...purchases.ofGuardians,
        openStudents: guardianNeeds.filter(({ asGuardian }) => asGuardian !== true).length,
      },
    }),
    cache: { answers: count, ...(oldest && { oldest }), ...(newest && { newest }) },
    problems,
  };
}

/** `undefined` where the command would refuse: guardians can be neither asked for nor written. */
async function planWithMeans(world: StatusWorld): Promise<PlannedGuardians | undefined> {
  const { roster, state, digest } = world;
  try {
    refuseWithoutMeans(world);
    return await planGuardians(roster, state, digest, {
      ...guardianOptionsOf(world, {
        selected: ({ type }) => type === 'student',
        offline: false,
        force: false,
        namedRows: false,
      }),
      answeredNow: new Set(),
      unasked: new Map(),
    });
  } catch (error) {
    if (error instanceof SparSyncError && error.code === 'config') return undefined;
    throw error;
  }
}
