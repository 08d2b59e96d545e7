import { costOf, fromOre, lookupsLeft } from '../domain/cost.ts';
import { type Need, needsTogether } from '../domain/update-plan.ts';
import { choose, lookupsAffordable, oreSpentInMonth } from './lookup-budget.ts';
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
  const { affordable } = await choose(needs, await lookupsAffordable(world, 0), world);
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
  const left = await lookupsAffordable(world, 0);
  const all = needsTogether(needs.ofUpdate, needs.ofGuardians);
  const first = (await choose(oneBudget ? all : needs.ofUpdate, left, world)).affordable;
  const forUpdate = first.filter(({ id }) => areOfUpdate.has(id)).length;
  // Whom the first asks about, it asks with all that the second needs; whom its budget does not reach, the second asks.
  const done = new Set(oneBudget ? areOfUpdate : first.map(({ id }) => id));
  const ofGuardians = needs.ofGuardians.filter(({ id }) => !done.has(id));
  const oreInMonth = (await oreSpentInMonth(world)) + costOf(forUpdate, pricing);
  const leftForGuardians = lookupsLeft(limits, pricing, { inRun: 0, oreInMonth });
  const afterwards = await choose(ofGuardians, leftForGuardians, world);
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
