/** What a run asked SPAR and what that cost. */
export interface LookupCounts {
  /** Lookups answered in this run, `notFound` among them. */
  readonly asked: number;
  /** People whose cached answer was used. */
  readonly reused: number;
  readonly notFound: number;
  readonly failed: number;
  /** In whole currency units with two decimals, of the lookups answered. */
  readonly cost: number;
  readonly currency: string;
}
