import type { FieldChange } from './plan.ts';
import type { GuardianLink, RosterEntry, RosterField, RowKey } from './roster.ts';
import type { LinkKey, RosterWrite } from './roster-write.ts';
import type { WholeRow } from './whole-row.ts';

/** Why `undo` leaves something as it is. */
export const UNDO_LEFT_REASONS = [
  /** The cell no longer holds what the run wrote. */
  'changed-since',
  /** A mark of protection is never taken away. */
  'protection-mark',
  /** The person is protected now: no earlier name or address of theirs is written. */
  'protected-now',
  /** The row that the run added has been changed since. */
  'row-changed',
  /** A link or another table points at the row that the run added. */
  'row-referred-to',
  /** The link no longer is as the run left it. */
  'link-changed',
  /** Another row has the id of the row that was to come back. */
  'id-taken',
  /** Another row holds the e-mail that was to come back. */
  'email-taken',
  /** What the run wrote over or took away has been erased: the person is protected or forgotten. */
  'erased',
  /** The row is no longer there. */
  'row-gone',
] as const;

export type UndoLeftReason = (typeof UNDO_LEFT_REASONS)[number];

export interface LeftByUndo {
  readonly key: RowKey;
  readonly field?: RosterField;
  /** Where it is about a link: the student's id; `key` is the guardian's row then. */
  readonly student?: string;
  readonly reason: UndoLeftReason;
}

/** What a run did, as the journal has it. Missing `whole`: erased. */
export interface DoneByRun {
  readonly changes: readonly (FieldChange & { readonly key: RowKey })[];
  readonly erasedChanges: readonly { readonly key: RowKey; readonly field: RosterField }[];
  readonly acts: readonly DoneAct[];
  /** Rows that it declared to be the same person. */
  readonly same: readonly { readonly a: RowKey; readonly b: RowKey }[];
}

export type DoneAct =
  | { readonly kind: 'row-added' | 'row-removed'; readonly key: RowKey; readonly whole?: WholeRow }
  /** `whole`: of a link that was put back. */
  | { readonly kind: 'link-added'; readonly link: LinkKey; readonly whole?: WholeRow }
  | { readonly kind: 'link-removed'; readonly link: LinkKey; readonly whole?: WholeRow }
  | { readonly kind: 'link-moved'; readonly link: LinkKey; readonly from: string };

/** The roster as it is now, as far as the run touched it. */
export interface RosterNow {
  /** `undefined` where no row, or more than one, has the key. */
  entryOf(key: RowKey): RosterEntry | undefined;
  wholeOf(key: RowKey): WholeRow | undefined;
  linkOf(link: LinkKey): GuardianLink | undefined;
  /** Links that point at a guardian's row. */
  linksTo(guardian: string): readonly GuardianLink[];
  /** Whether a table besides the links refers to the row. */
  isReferredTo(key: RowKey): boolean;
  /** Rows that hold an e-mail, spelling aside. */
  holdersOf(email: string): readonly RowKey[];
  /** Whether the row, or what SPAR last said of its person, is marked as protected. */
  isProtected(key: RowKey): boolean;
}

export interface UndoPlan {
  readonly write: RosterWrite;
  readonly left: readonly LeftByUndo[];
}
