import type { CalendarDate } from '../domain/calendar-date.ts';
import { costOf, fromOre, lookupsLeft } from '../domain/cost.ts';
import type { NotAskedReason } from '../domain/plan.ts';
import type { RosterProblem, RowKey } from '../domain/roster.ts';
import { chooseAffordable } from '../domain/update-plan.ts';
import { planOptionsOf } from './update/plan-options.ts';
import { planUpdate } from './update/plan-update.ts';
import type { UpdateWorld } from './update/update-world.ts';

/** What is known, and what the next `update` would buy: the object that `--json` prints, in its order. */
export interface StatusReport {
  readonly command: 'status';
  readonly asOf: CalendarDate;
  readonly people: { readonly total: number; readonly selected: number };
  /** People by how old their answer is; each person once. */
  readonly answers: { readonly fresh: number; readonly stale: number; readonly neverAsked: number };
  readonly notAsked: Readonly<Partial<Record<NotAskedReason, number>>>;
  /** `deferred`: people whom the budget leaves for another run. */
  readonly nextRun: {
    readonly lookups: number;
    readonly deferred: number;
    readonly cost: number;
    readonly currency: string;
  };
  readonly cache: {
    readonly answers: number;
    readonly oldest?: CalendarDate;
    readonly newest?: CalendarDate;
  };
  readonly problems: readonly RosterProblem[];
}

/** Plans as `update` would, asks nobody and writes nothing. */
export async function status(
  world: Pick<UpdateWorld, 'roster' | 'state' | 'settings' | 'today' | 'digest'>,
  selected: (key: RowKey) => boolean,
): Promise<StatusReport> {
  const { roster, state, settings } = world;
  const { limits, pricing } = settings;
  const { plan, problems } = await planUpdate(roster, state.snapshots, state.journal, {
    ...planOptionsOf(world, { selected, namedRows: false, refresh: false, force: false, offline: false }),
    answeredNow: new Set(),
    unasked: new Map(),
  });
  const inMonth =
    limits.maxCostPerMonth === undefined ? 0 : await state.ledger.billableIn(world.today.slice(0, 7));
  const { affordable, tooMany } = chooseAffordable(
    plan.needs,
    lookupsLeft(limits, pricing, { inRun: 0, inMonth }),
  );
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
    nextRun: {
      lookups: affordable.length,
      deferred: tooMany.length,
      cost: fromOre(costOf(affordable.length, pricing)),
      currency: pricing.currency,
    },
    cache: { answers: count, ...(oldest && { oldest }), ...(newest && { newest }) },
    problems,
  };
}
