import type { PersonType, RosterField, RowKey } from '../../domain/roster.ts';
import type { LinkKey } from '../../domain/roster-write.ts';
import type { UndoLeftReason } from '../../domain/undo-plan.ts';
import type { RunRecord, WrittenByRun } from '../journal-port.ts';
import type { ReportedChange } from '../update/update-report.ts';

/** What `history` prints: the runs, newest first. */
export interface HistoryReport {
  readonly command: 'history';
  readonly runs: readonly RunRecord[];
}

/** What `history RUN` prints. */
export interface RunReport {
  readonly command: 'history';
  readonly run: RunRecord;
  readonly written: WrittenByRun;
}

/** What `undo` put back, and what it left alone. */
export interface UndoReport {
  readonly command: 'undo';
  /** The run of this undo. */
  readonly run: number;
  /** The run that it took back. */
  readonly undoes: number;
  readonly dryRun?: boolean;
  /** Cells that hold again what they held before. */
  readonly restored: readonly ReportedChange[];
  /** Rows that the run had added. */
  readonly removedRows: readonly RowKey[];
  /** Rows that the run had taken away. */
  readonly restoredRows: readonly RowKey[];
  readonly links: {
    readonly removed: readonly LinkKey[];
    readonly added: readonly LinkKey[];
    /** As they are now; `from`: the guardian's row that they pointed from. */
    readonly moved: readonly (LinkKey & { readonly from: string })[];
  };
  /** Decisions about pairs of rows that are no longer in force. */
  readonly decisions?: number;
  readonly left: readonly LeftAsItIs[];
}

export interface LeftAsItIs {
  readonly id: string;
  readonly type: PersonType;
  /** Where it is about one cell. */
  readonly field?: RosterField;
  /** Where it is about a link: the student's id; `id` is the guardian's then. */
  readonly student?: string;
  readonly reason: UndoLeftReason;
}
