import { lookupsLeft, toOre } from '../domain/cost.ts';
import type { PersonId } from '../domain/person-id.ts';
import { chooseAffordable, type Need } from '../domain/update-plan.ts';
import type { BudgetedLookup, LookupOutcome, PersonLookup } from './ports.ts';
import type { UpdateWorld } from './update/update-world.ts';

/**
 * How many questions may still be sent that SPAR may bill, retries included. A question counts from when it is
 * sent; one that SPAR certainly never got, or could not answer, is given back.
 */
export interface Allowance {
  left(): number;
  take(): boolean;
  giveBack(): void;
  /** How many were taken and not given back. */
  used(): number;
}

export function createAllowance(lookups: number): Allowance {
  let used = 0;
  return {
    left: () => lookups - used,
    take() {
      if (used >= lookups) return false;
      used++;
      return true;
    },
    giveBack() {
      used--;
    },
    used: () => used,
  };
}

/**
 * Sends no question that the allowance does not reach, and asks about nobody a second time at the expense of those who
 * have not been asked about. Stands directly around the ledger, so that it meets every attempt.
 *
 * @param people how many are to be asked about
 */
export function withBudget(lookup: PersonLookup, allowance: Allowance, people: number): BudgetedLookup {
  const tried = new Set<PersonId>();
  return {
    async lookUp(request, signal, onAnswer) {
      const isAgain = tried.has(request.id);
      if (isAgain && allowance.left() <= people - tried.size) return { kind: 'over-budget' };
      if (!allowance.take()) return { kind: 'over-budget' };
      tried.add(request.id);
      const outcome = await lookup.lookUp(request, signal, onAnswer);
      if (isCertainlyFree(outcome)) allowance.giveBack();
      return outcome;
    },
    close: () => lookup.close(),
  };
}

function isCertainlyFree(outcome: LookupOutcome): boolean {
  return outcome.kind === 'unavailable' && outcome.sent !== true;
}

/** Whom the budget reaches; see `chooseAffordable`. */
export async function choose(
  needs: readonly Need[],
  left: number,
  { state }: Pick<UpdateWorld, 'state'>,
): Promise<ReturnType<typeof chooseAffordable>> {
  const isUnlimited = left === Number.POSITIVE_INFINITY;
  const lastTried = isUnlimited ? undefined : await state.ledger.lastTried(needs.map(({ id }) => id));
  return chooseAffordable(needs, left, lastTried);
}

/** @param inRun questions of this run that may be billed */
export async function lookupsAffordable(
  world: Pick<UpdateWorld, 'settings' | 'state' | 'today'>,
  inRun: number,
): Promise<number> {
  const { limits, pricing } = world.settings;
  return lookupsLeft(limits, pricing, { inRun, oreInMonth: await oreSpentInMonth(world) });
}

/** What this month's lookups have cost or may have; 0 where no limit asks. */
export async function oreSpentInMonth({
  settings: { limits, pricing },
  state,
  today,
}: Pick<UpdateWorld, 'settings' | 'state' | 'today'>): Promise<number> {
  if (limits.maxCostPerMonth === undefined) return 0;
  return state.ledger.spentIn(today.slice(0, 7), toOre(pricing.perLookup));
}
