import type { CalendarDate } from '../domain/calendar-date.ts';
import type { Decision } from '../domain/decision.ts';
import type { PersonId } from '../domain/person-id.ts';
import type { FieldChange } from '../domain/plan.ts';
import type { RowKey } from '../domain/roster.ts';
import type { LinkKey } from '../domain/roster-write.ts';
import type { ComparedRow } from '../domain/update-plan.ts';
import type { WholeRow } from '../domain/whole-row.ts';
import type { FileDigest, Staged } from './roster-port.ts';

export interface RunStart {
  readonly command: string;
  readonly asOf: CalendarDate;
  /** Wall clock, ISO 8601 in UTC. */
  readonly at: string;
  readonly endUser: string;
  readonly dryRun: boolean;
  /** The run that an `undo` takes back. */
  readonly undoes?: number;
}

/** One cell that a run has written, as the journal keeps it. */
export interface JournalledChange extends FieldChange {
  readonly key: RowKey;
  /** Whose answer led to it; lets what was written about somebody now protected be found and erased. */
  readonly person?: PersonId;
}

/** A row or a link that a run has added, taken away or moved. */
export type JournalledAct =
  /** `whole`: as it was added; missing until it is staged, and when it was erased. */
  | {
      readonly kind: 'row-added';
      readonly key: RowKey;
      readonly person?: PersonId;
      readonly whole?: WholeRow;
    }
  /** `whole` is missing when it was erased, as the person is protected now or forgotten: it cannot come back. */
  | {
      readonly kind: 'row-removed';
      readonly key: RowKey;
      readonly person?: PersonId;
      readonly whole?: WholeRow;
    }
  /** `person`: the guardian whose relation led to the link. */
  /** `whole`: of a link that was put back; a new one holds nothing but where it comes from. */
  | {
      readonly kind: 'link-added';
      readonly link: LinkKey;
      readonly person?: PersonId;
      readonly whole?: WholeRow;
    }
  /** `whole` is missing when it was erased: links too may have columns that name somebody. */
  | {
      readonly kind: 'link-removed';
      readonly link: LinkKey;
      readonly person?: PersonId;
      readonly whole?: WholeRow;
    }
  /** `link` as it is after the move; `from`: the guardian's row before. */
  | { readonly kind: 'link-moved'; readonly link: LinkKey; readonly from: string };

/** What is remembered of a row when a run has been carried out: the mark goes to its person's present answer. */
export type AppliedRow = ComparedRow;

/** All that is journalled before a write begins. */
export interface PlannedWrite {
  readonly changes: readonly JournalledChange[];
  readonly acts: readonly JournalledAct[];
  readonly files: readonly FileDigest[];
  /** Of the changed rows, the marks that `applied` will be given. */
  readonly compared: readonly AppliedRow[];
  /** What a person decided about pairs of rows, in force once the run is applied and while it is not undone. */
  readonly decisions: readonly Decision[];
}

/** What of a planned write was not carried out. */
export interface Struck {
  /** Their changes, and acts that added or removed them. */
  readonly rows: readonly RowKey[];
  /** Acts of these links, by `link` as the act has it. */
  readonly links: readonly LinkKey[];
}

export interface UnfinishedRun extends PlannedWrite {
  readonly run: number;
  readonly command: string;
}

/** A run as `history` tells of it. */
export interface RunRecord extends RunStart {
  readonly run: number;
  /** `started`: it had nothing to write, stopped before, or is under way. */
  readonly phase: 'started' | 'planned' | 'applied' | 'not-applied';
  /** How it ended: `done`, `gaps` or an error code; missing while it runs or when it was killed. */
  readonly exit?: string;
  /** Cells changed, and rows among them. */
  readonly changes: number;
  readonly changedRows: number;
  readonly acts: Readonly<Record<JournalledAct['kind'], number>>;
  /** Pairs of rows that a person decided about. */
  readonly decisions: number;
  /** Runs with a later number, not dry runs, that were applied and took something of it back, if only decisions. */
  readonly undoneBy: readonly number[];
}

/** What one run wrote. Changes whose values were erased are counted only. */
export interface WrittenByRun {
  readonly changes: readonly JournalledChange[];
  readonly acts: readonly JournalledAct[];
  readonly erasedChanges: readonly { readonly key: RowKey; readonly field: FieldChange['field'] }[];
  /** Rows that it, or a run that it takes back or does again, has declared to be the same person. */
  readonly same: readonly { readonly a: RowKey; readonly b: RowKey }[];
}

/**
 * What undo has put back and no run may write again by itself (rule 5). An undo of an undo holds nothing back:
 * what it takes away was never SPAR's.
 */
export interface Holds {
  /** Rows, as `type:id`, of which some cell's newest change is an undo that holds. */
  readonly rows: ReadonlySet<string>;
  /** Pairs of student id and guardian's number whose link or row was last taken away by an undo that holds. */
  isLinkHeld(student: string, person: PersonId): boolean;
}

/** The runs and what they wrote. */
export interface Journal {
  /** A new run; numbers grow by one. */
  start(run: RunStart): Promise<number>;
  /** Durable before anything is written. A run that plans again replaces what it had planned. */
  planned(run: number, write: PlannedWrite): Promise<void>;
  /** Durable before the end of the write: the ids that a database gave, and the added rows as they are. */
  staged(run: number, staged: Pick<Staged, 'ids' | 'added'>): Promise<void>;
  /**
   * The write is done. What was `struck` is taken out. `compared` rows have now been compared with
   * their person's present answer (see `Snapshot.comparedRows`): a row's mark takes the place of its earlier
   * one. One transaction.
   */
  applied(run: number, struck: Struck, compared: Iterable<AppliedRow>): Promise<void>;
  /** The write did not happen: the run's changes and acts are struck out. */
  notApplied(run: number): Promise<void>;
  /** Ends a run that had nothing to write, or stopped. */
  finished(run: number, exit: string): Promise<void>;
  /** Runs that were planned and neither applied nor struck out: a process died there. */
  unfinished(): Promise<readonly UnfinishedRun[]>;
  /**
   * Erases what earlier runs found and wrote in these rows: names, addresses, and whole rows added or taken
   * away. The people are protected or forgotten.
   */
  eraseValues(rows: readonly RowKey[]): Promise<void>;
  /** The newest applied change of each cell of each of these rows. */
  lastChanges(keys: readonly RowKey[]): Promise<ReadonlyMap<string, readonly LastChange[]>>;
  holds(): Promise<Holds>;
  /** Decisions in force, oldest first: of applied runs that no undo has taken back. */
  decisions(): Promise<readonly Decision[]>;
  /**
   * Ids of guardian rows that applied runs have added, taken away or decided about: nobody else may get one, or
   * what is remembered of a row would fall on a stranger, and undo could not bring a row back.
   */
  usedGuardianIds(): Promise<readonly string[]>;
  /** Newest first. */
  runs(): Promise<readonly RunRecord[]>;
  /** `undefined` where there is no such run. */
  run(run: number): Promise<RunRecord | undefined>;
  writtenBy(run: number): Promise<WrittenByRun>;
}

export interface LastChange extends JournalledChange {
  /** The values that undo has taken out of the cell since anything else wrote to it; none when that was no undo. */
  readonly held: readonly string[];
  /** The run that wrote the newest of them; missing where nothing is held. */
  readonly heldFrom?: number;
}
