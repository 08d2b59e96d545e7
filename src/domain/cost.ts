/** The section `pricing` of the configuration, in whole units of the currency. */
export interface Pricing {
  readonly monthlyFee: number;
  readonly perLookup: number;
  /** ISO 4217, `SEK`. */
  readonly currency: string;
}

export interface SpendingLimits {
  readonly maxLookupsPerRun?: number | undefined;
  /** Whole units of the currency: lookups of one calendar month, without the monthly fee. */
  readonly maxCostPerMonth?: number | undefined;
}

/** An amount in whole öre: 0.40 kronor are 40, and stay so however often they are added. */
export function toOre(amount: number): number {
  return Math.round(amount * 100);
}

/** Öre in whole units of the currency, with two decimals at most: what `--json` prints. */
export function fromOre(ore: number): number {
  return ore / 100;
}

/** What so many lookups cost, in öre. */
export function costOf(lookups: number, pricing: Pricing): number {
  return lookups * toOre(pricing.perLookup);
}

/**
 * How many lookups may still be bought: `Infinity` without limits, never less than 0. `bought`: how many in this
 * run, and for how many öre in this calendar month, this run included.
 */
export function lookupsLeft(
  limits: SpendingLimits,
  pricing: Pricing,
  bought: { readonly inRun: number; readonly oreInMonth: number },
): number {
  const byRun = limits.maxLookupsPerRun === undefined ? Infinity : limits.maxLookupsPerRun - bought.inRun;
  const price = toOre(pricing.perLookup);
  const byMonth =
    limits.maxCostPerMonth === undefined || price === 0
      ? Infinity
      : Math.floor((toOre(limits.maxCostPerMonth) - bought.oreInMonth) / price);
  return Math.max(0, Math.min(byRun, byMonth));
}
