import { isBlank } from './fold.ts';
import type { PlanItem } from './plan.ts';
import type { RosterField } from './roster.ts';

/** People, counted over one plan. */
export interface PlanCounts {
  /** For whom a non-empty name, address or number would be replaced. */
  readonly replaced: number;
  /** With an answer, those not found among them. */
  readonly answered: number;
  readonly notFound: number;
}

export interface SafetyLimits {
  /** Shares from 0 to 1. */
  readonly maxChangedShare: number;
  readonly maxMissingShare: number;
  /** Below so many people no share says anything. */
  readonly minPeople: number;
}

/** A plan that changes, or misses, more people than can be true: nothing of it is to be written. */
export interface Brake {
  /**
   * `assigned`: in `guardians`, existing rows that would be given a number. `departed`: when erasing, people with an
   * answer to whom nothing in the roster leads.
   */
  readonly kind: 'changed' | 'missing' | 'assigned' | 'departed';
  readonly count: number;
  readonly of: number;
  readonly share: number;
  readonly limit: number;
}

const GUARDED: ReadonlySet<RosterField> = new Set([
  'personnummer',
  'first_name',
  'last_name',
  'care_of',
  'street',
  'postal_code',
  'city',
  'country',
]);

/** Whether an item counts as a person for whom something would be replaced; filling an empty cell does not. */
export function replacesSomething(item: PlanItem): boolean {
  return (
    item.kind === 'update' && item.changes.some(({ field, from }) => GUARDED.has(field) && !isBlank(from))
  );
}

/** The brake that a plan sets off, `changed` first; `undefined` when it may be carried out. */
export function findBrake(counts: PlanCounts, limits: SafetyLimits): Brake | undefined {
  const { answered } = counts;
  if (answered === 0 || answered < limits.minPeople) return undefined;
  return (
    exceeded('changed', counts.replaced, answered, limits.maxChangedShare) ??
    exceeded('missing', counts.notFound, answered, limits.maxMissingShare)
  );
}

/** The brake that a plan of `guardians` sets off. */
export function findGuardianBrake(
  counts: {
    readonly assigned: number;
    readonly withoutNumber: number;
    readonly answered: number;
    readonly notFound: number;
  },
  limits: SafetyLimits,
): Brake | undefined {
  const { assigned, withoutNumber, answered, notFound } = counts;
  const isEnough = (people: number): boolean => people > 0 && people >= limits.minPeople;
  return (
    (isEnough(withoutNumber)
      ? exceeded('assigned', assigned, withoutNumber, limits.maxChangedShare)
      : undefined) ??
    (isEnough(answered) ? exceeded('missing', notFound, answered, limits.maxMissingShare) : undefined)
  );
}

/**
 * The brake that people set off who have left, all at once: more likely than that the school has lost them is that
 * the roster is the wrong one, or a part of it. Counts in small schools too: what is erased is gone.
 */
export function findDepartedBrake(
  { absent, of }: { readonly absent: readonly unknown[]; readonly of: number },
  limits: SafetyLimits,
): Brake | undefined {
  return of === 0 ? undefined : exceeded('departed', absent.length, of, limits.maxMissingShare);
}

/** Divides rather than multiplies: 29 / 100 is exactly the number 0.29, 0.29 × 100 is not 29. */
function exceeded(kind: Brake['kind'], count: number, of: number, limit: number): Brake | undefined {
  const share = count / of;
  return share > limit ? { kind, count, of, share, limit } : undefined;
}
