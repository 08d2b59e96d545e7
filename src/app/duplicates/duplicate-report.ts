import type { Verdict } from '../../domain/decision.ts';
import type { DuplicatePair } from '../../domain/duplicate-pair.ts';
import type { RosterProblem, RowKey } from '../../domain/roster.ts';
import type { ReportedChange, ReportedReview } from '../update/update-report.ts';

/** What `duplicates` prints. */
export interface DuplicatesReport {
  readonly command: 'duplicates';
  readonly pairs: readonly DuplicatePair[];
  readonly problems: readonly RosterProblem[];
}

/** One decision as a person wrote it into the file of `duplicates`. */
export interface WrittenDecision {
  /** In the file, from 1. */
  readonly line: number;
  readonly verdict: Verdict;
  readonly a: RowKey;
  readonly b: RowKey;
  /** Always `a` or `b`, and always there where the verdict is `same`. */
  readonly keep: RowKey | undefined;
  /** What the report said about both rows, as it was written there. */
  readonly check: string;
}

/** What `duplicates apply` did or would do. */
export interface MergeReport {
  readonly command: 'duplicates apply';
  readonly run: number;
  readonly dryRun: boolean;
  readonly merged: readonly { readonly kept: RowKey; readonly removed: RowKey }[];
  /** Pairs that are remembered as different people. */
  readonly different: number;
  /** Pairs that are remembered as one person in two roles: both rows stay. */
  readonly twoRoles: number;
  /** `removed`: links with a student with whom both rows were linked; the one of the two that says more stays. */
  readonly links: { readonly moved: number; readonly removed: number };
  /** Cells of the kept rows. */
  readonly changes: readonly ReportedChange[];
  readonly review: readonly ReportedReview[];
  readonly leftOut: readonly LeftOutValue[];
  /** What the removed rows held in the school's own columns, which mean nothing to this program. */
  readonly lost: readonly { readonly removed: RowKey; readonly column: string; readonly value: string }[];
}

/** Both rows had one: the kept row's stayed and the other's is gone with its row. */
export interface LeftOutValue {
  readonly kept: RowKey;
  readonly removed: RowKey;
  readonly field: 'email' | 'phone';
  readonly keptValue: string;
  readonly leftValue: string;
}
