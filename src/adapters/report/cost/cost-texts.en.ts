import { count, plural } from '../texts.en.ts';
import type { CostTexts } from './cost-texts.ts';

const lookups = (value: number): string => plural(value, 'lookup', 'lookups');
const attempts = (value: number): string => plural(value, 'attempt', 'attempts');

export const COST_TEXTS_EN: CostTexts = {
  unknownMonth: (month) => `Nothing is known of ${month}: it is before the first lookup, or still to come.`,
  nothingBought: 'No lookups have been made yet, so nothing has been bought.',
  lookups: 'lookups',
  cost: 'cost',
  maybe: 'perhaps billed too',
  monthlyFee: 'Monthly fee',
  bought: 'Lookups answered',
  total: 'Total',
  byCommand: 'By command',
  byType: 'By type',
  byRun: 'By run',
  unknownType: 'not known',
  maybeBilled: (value, cost, most) =>
    `${attempts(value)} more may have been billed, for ${cost}: no usable answer came. The total is then ${most}.`,
  notBilled: (value) =>
    `${attempts(value)} did not reach SPAR, or SPAR could not answer; ${value === 1 ? 'it is' : 'they are'} not billed.`,
  idle: (months, from, to, fee, fees) =>
    to === undefined
      ? `${from}: no lookups; monthly fee ${fee}`
      : `${from} – ${to}: no lookups; monthly fee ${count(months)} × ${fee} = ${fees}`,
  allMonths: (months, value, cost, fees, total) =>
    `${plural(months, 'month', 'months')}: ${lookups(value)} for ${cost}, fees ${fees}, together ${total}.`,
  atTodaysPrice: (value, price) =>
    `The price of ${attempts(value)} was not written down then; today's, ${price}, is used.`,
  limit: (month, allowed, used, percent) =>
    `Lookups in ${month} may cost ${allowed} (limits.maxCostPerMonth); ${used} of it is used (${percent} %).`,
};
