import type { MonthSpending } from '../../domain/spending.ts';

/** What `cost` prints. Amounts are in öre: hundredths of the currency. */
export interface CostReport {
  readonly command: 'cost';
  /** `YYYY-MM`, today's. */
  readonly thisMonth: string;
  readonly currency: string;
  /** Of each month: what the configuration says today. */
  readonly monthlyFee: number;
  /** The earliest first, those without a lookup too: the fee is owed all the same. */
  readonly months: readonly MonthSpending[];
  /** The month that was asked for, where it is before the first lookup or still to come. */
  readonly unknownMonth?: string;
  /** Nobody has ever been asked about. */
  readonly isEmpty: boolean;
  /** Of a limit on what the lookups of a month may cost: how far this month has used it up. */
  readonly limit?: { readonly allowed: number; readonly used: number };
  /** Attempts of these months whose price was not written down; they count at today's. */
  readonly atTodaysPrice: { readonly count: number; readonly price: number };
}
