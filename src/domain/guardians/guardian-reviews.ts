import { compareIds, compareRowKeys } from '../duplicates/row-order.ts';
import type { GuardianReview } from '../guardian-plan.ts';
import { REVIEW_REASONS, type ReviewReason } from '../plan.ts';
import { type RowKey, rowKeyText } from '../roster.ts';

/** Gathers what a person has to look at: one item for each row and reason, whatever the number of children. */
export interface GuardianReviews {
  add(key: RowKey, reason: ReviewReason, about?: About): void;
  /** By row, then by reason: the same whatever the order in which they were found. */
  all(): readonly GuardianReview[];
}

interface About {
  /** Ids of guardian rows. */
  readonly rows?: readonly string[];
  /** Ids of students. */
  readonly children?: readonly string[];
}

interface Gathered {
  readonly key: RowKey;
  readonly reason: ReviewReason;
  readonly rows: Set<string>;
  readonly children: Set<string>;
}

export function createGuardianReviews(): GuardianReviews {
  const gathered = new Map<string, Gathered>();
  return {
    add(key, reason, { rows = [], children = [] } = {}) {
      const name = `${reason} ${rowKeyText(key)}`;
      const item = gathered.get(name) ?? { key, reason, rows: new Set(), children: new Set() };
      gathered.set(name, item);
      for (const id of rows) item.rows.add(id);
      for (const id of children) item.children.add(id);
    },
    all: () => [...gathered.values()].sort(compareGathered).map(toReview),
  };
}

function compareGathered(a: Gathered, b: Gathered): number {
  return compareRowKeys(a.key, b.key) || REVIEW_REASONS.indexOf(a.reason) - REVIEW_REASONS.indexOf(b.reason);
}

function toReview({ key, reason, rows, children }: Gathered): GuardianReview {
  return {
    key,
    reason,
    ...(rows.size > 0 && { rows: [...rows].sort(compareIds) }),
    ...(children.size > 0 && { children: [...children].sort(compareIds) }),
  };
}
