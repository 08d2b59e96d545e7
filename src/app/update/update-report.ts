import type { CalendarDate } from '../../domain/calendar-date.ts';
import type { NotAskedReason, ReviewReason } from '../../domain/plan.ts';
import type { Brake } from '../../domain/plan-safety.ts';
import type { PersonType, RosterField, RosterProblem } from '../../domain/roster.ts';
import type { LookupCounts } from '../lookup-counts.ts';
import type { NextPurchase } from '../next-purchase.ts';

/** What `update` and `apply` did or would do: the object that `--json` prints, in its order. */
export interface UpdateReport {
  readonly command: 'update' | 'apply';
  readonly run: number;
  readonly dryRun: boolean;
  readonly people: { readonly total: number; readonly selected: number; readonly changed: number };
  readonly lookups: LookupCounts;
  readonly changes: readonly ReportedChange[];
  readonly review: readonly ReportedReview[];
  readonly notAsked: readonly ReportedNotAsked[];
  readonly problems: readonly RosterProblem[];
  /** What would stop the real run; only a dry run has a report with it. */
  readonly brake?: Brake;
  /** What the same run would buy if it asked; only one that is offline has it. */
  readonly nextRun?: NextPurchase;
}

export interface ReportedChange {
  readonly id: string;
  readonly type: PersonType;
  readonly field: RosterField;
  readonly from: string;
  readonly to: string;
}

export interface ReportedReview {
  readonly id: string;
  readonly type: PersonType;
  readonly reason: ReviewReason;
  readonly since: CalendarDate;
}

export interface ReportedNotAsked {
  readonly id: string;
  readonly type: PersonType;
  readonly reason: NotAskedReason;
}
