import { costOf, fromOre, lookupsLeft } from '../domain/cost.ts';
import { chooseAffordable, type Need } from '../domain/update-plan.ts';
import { oreSpentInMonth } from './lookup-budget.ts';
import type { UpdateWorld } from './update/update-world.ts';

/** What a run that asks would buy. */
export interface NextPurchase {
  readonly lookups: number;
  /** People whom the budget leaves for another run. */
  readonly deferred: number;
  /** In whole currency units with two decimals. */
  readonly cost: number;
  readonly currency: string;
}

/** @param before lookups that will have been bought by then, in the same run and in all */
export async function nextPurchaseOf(
  needs: readonly Need[],
  world: Pick<UpdateWorld, 'settings' | 'state' | 'today'>,
  before: { readonly inRun: number; readonly inAll: number } = { inRun: 0, inAll: 0 },
): Promise<NextPurchase> {
  const { pricing, limits } = world.settings;
  const oreInMonth = (await oreSpentInMonth(world)) + costOf(before.inAll, pricing);
  const { affordable, tooMany } = chooseAffordable(
    needs,
    lookupsLeft(limits, pricing, { inRun: before.inRun, oreInMonth }),
  );
  return {
    lookups: affordable.length,
    deferred: tooMany.length,
    cost: fromOre(costOf(affordable.length, pricing)),
    currency: pricing.currency,
  };
}
