import type { CalendarDate } from '../../domain/calendar-date.ts';
import { type Pricing, type SpendingLimits, toOre } from '../../domain/cost.ts';
import { type Billing, monthOf, monthsOf, mostOf, type Spent, spendingIn } from '../../domain/spending.ts';
import type { AttemptCount } from '../ledger-records-port.ts';
import type { AttemptOutcome, State } from '../ports.ts';
import type { CostReport } from './cost-report.ts';

/**
 * An answer is billed, also when nobody is found. What SPAR never got, or said by a status that it could not
 * answer, is not. All else it may have billed, and only its invoice tells.
 */
const BILLING: Readonly<Record<AttemptOutcome, Billing>> = {
  answered: 'certain',
  'not-understood': 'maybe',
  refused: 'maybe',
  garbled: 'maybe',
  lost: 'maybe',
  stopped: 'maybe',
  unavailable: 'none',
};

export interface CostWorld {
  readonly state: Pick<State, 'ledger'>;
  readonly today: CalendarDate;
  readonly pricing: Pricing;
  readonly limits: SpendingLimits;
}

/** Adds up the ledger by month, as the budget does: by the day that a run went by. Asks nobody, writes nothing. */
export async function cost(
  { state, today, pricing, limits }: CostWorld,
  { month }: { readonly month?: string | undefined },
): Promise<CostReport> {
  const price = toOre(pricing.perLookup);
  const counts = await state.ledger.attemptCounts();
  const spent = counts.map((one) => toSpent(one, price));
  const thisMonth = monthOf(today);
  const known = monthsOf(spent, thisMonth);
  // Before the first lookup, and after today, nobody knows of a fee.
  const months = month === undefined ? known : known.filter((one) => one === month);
  const unpriced = counts.filter(
    (one) => one.price === undefined && billingOf(one) !== 'none' && months.includes(monthOf(one.run.asOf)),
  );
  const { maxCostPerMonth } = limits;
  return {
    command: 'cost',
    thisMonth,
    currency: pricing.currency,
    monthlyFee: toOre(pricing.monthlyFee),
    months: months.map((one) => spendingIn(one, spent)),
    isEmpty: counts.length === 0,
    ...(month !== undefined && months.length === 0 && { unknownMonth: month }),
    ...(maxCostPerMonth !== undefined && {
      limit: { allowed: toOre(maxCostPerMonth), used: mostOf(spendingIn(thisMonth, spent)) },
    }),
    atTodaysPrice: { count: unpriced.reduce((sum, { attempts }) => sum + attempts, 0), price },
  };
}

function toSpent(one: AttemptCount, todaysPrice: number): Spent {
  const { run, type, attempts } = one;
  return { run, type, attempts, billing: billingOf(one), price: one.price ?? todaysPrice };
}

function billingOf({ outcome }: AttemptCount): Billing {
  return outcome === undefined ? 'maybe' : BILLING[outcome];
}
