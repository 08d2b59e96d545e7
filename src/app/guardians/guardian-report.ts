import type { DuplicatePair } from '../../domain/duplicate-pair.ts';
import type { AssignedGuardian } from '../../domain/guardian-plan.ts';
import type { Brake } from '../../domain/plan-safety.ts';
import type { RosterProblem } from '../../domain/roster.ts';
import type { LinkKey } from '../../domain/roster-write.ts';
import type { LookupCounts } from '../lookup-counts.ts';
import type { NextPurchase } from '../next-purchase.ts';
import type { ReportedChange, ReportedNotAsked, ReportedReview } from '../update/update-report.ts';

/** What `guardians`, or `apply` of its plan, did or would do. */
export interface GuardianReport {
  readonly command: 'guardians' | 'apply';
  readonly run: number;
  readonly dryRun: boolean;
  /** `withGuardians`: of the selected, how many have a guardian linked after this run. */
  readonly students: { readonly selected: number; readonly withGuardians: number };
  readonly guardians: {
    /** Existing rows that were given the number of a guardian whom SPAR names. */
    readonly assigned: readonly { readonly id: string; readonly grade: AssignedGuardian['grade'] }[];
    /** `new-1`, `new-2` in a dry run where the database gives the ids. */
    readonly created: readonly { readonly id: string }[];
  };
  /** `present`: links to a current guardian that were there already. */
  readonly links: { readonly added: readonly LinkKey[]; readonly present: number };
  readonly lookups: LookupCounts;
  /** Cells of existing rows, those of the assigned ones among them. */
  readonly changes: readonly ReportedChange[];
  readonly review: readonly ReportedGuardianReview[];
  readonly notAsked: readonly ReportedNotAsked[];
  readonly problems: readonly RosterProblem[];
  readonly duplicates: readonly DuplicatePair[];
  /** What would stop the real run; only a dry run has a report with it. */
  readonly brake?: Brake;
  /** What the same run would buy if it asked; only one that is offline has it. */
  readonly nextRun?: NextPurchase;
  /** Not one child in this run had a relation: the permission is probably missing, and nobody lacks a guardian. */
  readonly noRelationsAtAll: boolean;
}

export interface ReportedGuardianReview extends ReportedReview {
  /** Guardian rows that it is about besides, by id. */
  readonly rows?: readonly string[];
  /** Students that it is about besides, by id. */
  readonly children?: readonly string[];
}
