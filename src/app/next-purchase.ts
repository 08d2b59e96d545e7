import { costOf, fromOre, lookupsLeft } from '../domain/cost.ts';
import { chooseAffordable, type Need, needsTogether } from '../domain/update-plan.ts';
import { lookupsAffordable, oreSpentInMonth } from './lookup-budget.ts';
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

type PurchaseWorld = Pick<UpdateWorld, 'settings' | 'state' | 'today'>;

export async function nextPurchaseOf(needs: readonly Need[], world: PurchaseWorld): Promise<NextPurchase> {
  const { affordable } = chooseAffordable(needs, await lookupsAffordable(world, 0));
  return purchaseOf(affordable.length, needs, world);
}

/** What `update` would buy, and `guardians` after it. */
export interface NextPurchases {
  readonly ofUpdate: NextPurchase;
  readonly ofGuardians: NextPurchase;
}

/**
 * @param oneBudget both come in one run, as in a night, and those never asked come first in it, whichever part they
 *   are of; otherwise they share no more than the month
 */
export async function nextPurchasesOf(
  needs: { readonly ofUpdate: readonly Need[]; readonly ofGuardians: readonly Need[] },
  world: PurchaseWorld,
  oneBudget: boolean,
): Promise<NextPurchases> {
  const { limits, pricing } = world.settings;
  const areOfUpdate = new Set(needs.ofUpdate.map(({ id }) => id));
  // Asked about for the sake of the first, with all that the second needs.
  const ofGuardians = needs.ofGuardians.filter(({ id }) => !areOfUpdate.has(id));
  const left = await lookupsAffordable(world, 0);
  const all = needsTogether(needs.ofUpdate, ofGuardians);
  const first = chooseAffordable(oneBudget ? all : needs.ofUpdate, left).affordable;
  const forUpdate = first.filter(({ id }) => areOfUpdate.has(id)).length;
  const oreInMonth = (await oreSpentInMonth(world)) + costOf(forUpdate, pricing);
  const afterwards = chooseAffordable(ofGuardians, lookupsLeft(limits, pricing, { inRun: 0, oreInMonth }));
  const forGuardians = oneBudget ? first.length - forUpdate : afterwards.affordable.length;
  return {
    ofUpdate: purchaseOf(forUpdate, needs.ofUpdate, world),
    ofGuardians: purchaseOf(forGuardians, ofGuardians, world),
  };
}

function purchaseOf(lookups: number, needs: readonly Need[], { settings }: PurchaseWorld): NextPurchase {
  const { pricing } = settings;
  return {
    lookups,
    deferred: needs.length - lookups,
    cost: fromOre(costOf(lookups, pricing)),
    currency: pricing.currency,
  };
}
