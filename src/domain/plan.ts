import type { PersonId } from './person-id.ts';
import type { RosterField, RowKey, RowPlace } from './roster.ts';

/** One cell that is to hold something else. */
export interface FieldChange {
  readonly field: RosterField;
  /** The cell as the plan saw it. */
  readonly from: string;
  /** What is to stand there. Compared values are SPAR's; a column's own style is applied when the plan is finished. */
  readonly to: string;
}

/** What a person has to look at or decide. */
export const REVIEW_REASONS = [
  'protected',
  'no-longer-protected',
  'deceased',
  'emigrated',
  'renumbered',
  'deregistered',
  'not-found',
  'no-address',
  'name-differs',
  'address-differs',
  'edited-since',
  'not-encodable',
  'roster-changed',
  'row-refused',
  'answer-not-understood',
  'turned-18',
  'guardian-without-id',
  'guardian-deceased',
  'guardian-protected',
  'guardian-inactive',
  'guardian-not-found',
  'no-longer-guardian',
  'email-taken',
] as const;

export type ReviewReason = (typeof REVIEW_REASONS)[number];

/** Why nobody was asked about a row. */
export const NOT_ASKED_REASONS = [
  'id-missing',
  'id-invalid',
  'temporary-id',
  'inactive',
  'offline',
  'budget',
  'failed',
  'no-active-student',
] as const;

export type NotAskedReason = (typeof NOT_ASKED_REASONS)[number];

interface ItemBase {
  readonly key: RowKey;
  readonly place: RowPlace;
  /** Date of the answer for `spar_checked`, where that cell is to change. Never counted as a change. */
  readonly checked?: FieldChange;
}

/**
 * What is to happen with one row. An `update` cannot be empty, and `unknown` (we could not ask; it says
 * nothing about the person) cannot be mistaken for `unchanged`.
 */
export type PlanItem = ItemBase &
  (
    | { readonly kind: 'unchanged'; readonly person: PersonId }
    | {
        readonly kind: 'update';
        readonly person: PersonId;
        readonly changes: readonly [FieldChange, ...FieldChange[]];
        readonly reviews: readonly ReviewReason[];
      }
    | {
        readonly kind: 'review';
        readonly person: PersonId;
        readonly reviews: readonly [ReviewReason, ...ReviewReason[]];
      }
    | {
        readonly kind: 'unknown';
        readonly because: NotAskedReason;
        readonly reviews: readonly ReviewReason[];
      }
  );
