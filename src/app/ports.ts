import type { CalendarDate } from '../domain/calendar-date.ts';
import type { Answer, Permission } from '../domain/person.ts';
import type { PersonId } from '../domain/person-id.ts';
import type { FieldChange } from '../domain/plan.ts';
import type {
  GuardianLink,
  RosterEntry,
  RosterField,
  RosterProblem,
  RowKey,
  RowPlace,
} from '../domain/roster.ts';
import type { Comparison, Snapshot } from '../domain/snapshot.ts';
import type { Text } from '../domain/text.ts';
import type { ComparedRow } from '../domain/update-plan.ts';

// ---------------------------------------------------------------- the roster

/** One file or table of the roster. */
export interface RosterSource {
  /** As named in the configuration; `file#table` for a database. What `problems[].file` shows. */
  readonly name: string;
  /** The columns that are there; a column that is not there is never added. */
  readonly fields: ReadonlySet<RosterField>;
  /** Whether the source's encoding can hold every character of the text. */
  canHold(text: string): boolean;
}

/** Cells of one row that are to change. */
export interface RowEdit {
  readonly key: RowKey;
  readonly place: RowPlace;
  readonly cells: readonly FieldChange[];
}

/** SHA-256 (hex) of a roster file before and after a write. Empty for a database, whose transaction does this work. */
export interface FileDigest {
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

export type CommitResult =
  /** `refused`: rows whose cell no longer held `from` (`roster-changed`) or that the database would not take. */
  | { readonly kind: 'committed'; readonly refused: readonly RefusedRow[] }
  /** A file is no longer what was read: nothing of it was written; read the roster and plan again. */
  | { readonly kind: 'target-changed' };

export interface RefusedRow {
  readonly key: RowKey;
  readonly reason: 'roster-changed' | 'row-refused';
}

/**
 * A write that has been worked out and not begun. The caller journals `files`, then calls `stage` (new files
 * beside their targets, synced), then `commit` (each target hashed again immediately before its rename).
 * `discard` removes what `stage` made; it may be called at any time and more than once.
 */
export interface PreparedWrite {
  readonly kind: 'prepared';
  readonly files: readonly FileDigest[];
  stage(): Promise<void>;
  commit(): Promise<CommitResult>;
  discard(): Promise<void>;
}

/**
 * The school's roster. Reading throws `roster-unreadable` with file and line; writing `roster-unwritable`.
 * Row errors are never thrown: they are `problems`, and those rows are never written to.
 */
export interface Roster {
  readonly sources: readonly RosterSource[];
  /** File or table of the links, as `RosterSource.name`; a link's place has `sources.length` as its source. */
  readonly linksName: string | undefined;
  /**
   * Reads every source once from start to end, in batches of some hundred rows, and holds no rows. Rows that
   * share an id within their type are yielded as they come (the plan takes them out). `onProblem` gets each
   * row that could not be taken.
   */
  read(onProblem: (problem: RosterProblem) => void): AsyncIterable<readonly RosterEntry[]>;
  /** Reads the links; nothing when none are configured. */
  readLinks(onProblem: (problem: RosterProblem) => void): AsyncIterable<readonly GuardianLink[]>;
  /** Proves that every source could be written to now: permission, folder, lock. Writes nothing. */
  proveWritable(): Promise<void>;
  /**
   * Works out a write of these edits, whose places come from the last complete `read`. `target-changed` when
   * a file is no longer what that `read` saw.
   */
  prepareWrite(
    edits: readonly RowEdit[],
    run: number,
  ): Promise<PreparedWrite | { readonly kind: 'target-changed' }>;
  /** SHA-256 of each file as it is now, by the `path` that `FileDigest` uses; empty for a database. */
  digests(): Promise<ReadonlyMap<string, string>>;
  /** Removes temporary files that an interrupted run left behind. */
  removeLeftovers(run: number): Promise<void>;
  close(): Promise<void>;
}

// ---------------------------------------------------------------- asking

export interface LookupRequest {
  readonly id: PersonId;
  readonly permissions: readonly Permission[];
  /** The rows that lead to this person, for the ledger. */
  readonly rows: readonly RowKey[];
}

/**
 * What came of one attempt. Everything that concerns one person is an outcome; what stops the run is thrown
 * as a `SparSyncError` (`spar-rejected`, `spar-not-understood`, `interrupted`).
 * `reference` is SPAR's UUID, where there was one. `detail` holds no personal data.
 */
export type LookupOutcome =
  | { readonly kind: 'answered'; readonly answer: Answer; readonly reference?: string }
  /** The envelope is right and the post is not: this person has failed, the run goes on. */
  | { readonly kind: 'not-understood'; readonly detail: Text; readonly reference?: string }
  /** SPAR said no about this person; asking again would not help. */
  | { readonly kind: 'refused'; readonly detail: Text; readonly reference?: string }
  /**
   * SPAR could not be reached, or said that it could not answer now. Worth another attempt.
   * `deadSocket`: a kept-alive connection turned out to be closed: one attempt more, at once.
   */
  | {
      readonly kind: 'unavailable';
      readonly detail: Text;
      readonly reference?: string;
      readonly retryAfterSeconds?: number;
      readonly deadSocket?: boolean;
    }
  /** Something that is no SPAR answer came with status 200. One attempt more, then the run stops. */
  | { readonly kind: 'garbled'; readonly detail: Text };

/** Asks SPAR about one person at a time; many calls may be under way. */
export interface PersonLookup {
  /**
   * Never rejects for a reason that concerns only this person. `signal` ends the call at once. `onAnswer` is
   * called by `withLedger` when the answer is there and not yet committed: another question may begin, whose
   * ledger row then shares its transaction. Not called after a failure, which may be a reason to ask no more.
   */
  lookUp(request: LookupRequest, signal: AbortSignal, onAnswer?: () => void): Promise<LookupOutcome>;
  close(): Promise<void>;
}

// ---------------------------------------------------------------- remembering

export interface SnapshotStore {
  /** The last answer about each id, in the order asked; `undefined` where there is none. */
  getMany(ids: readonly (PersonId | undefined)[]): Promise<readonly (Snapshot | undefined)[]>;
  /** The same without the answers themselves, at a fraction of the cost. */
  getComparisons(ids: readonly (PersonId | undefined)[]): Promise<readonly (Comparison | undefined)[]>;
  /** Replaces name and address of these people by `withheld`; does nothing for other kinds of answer. */
  withhold(ids: readonly PersonId[]): Promise<void>;
  /** People whose cached answer holds relations. */
  withRelations(): Promise<readonly PersonId[]>;
  eraseRelations(ids: readonly PersonId[]): Promise<void>;
  /** How many answers there are, and the oldest and newest date. */
  summary(): Promise<{
    readonly count: number;
    readonly oldest?: CalendarDate;
    readonly newest?: CalendarDate;
  }>;
}

export interface NewAttempt extends LookupRequest {
  readonly run: number;
  /** As sent to SPAR. */
  readonly endUser: string;
  /** Wall clock, ISO 8601 in UTC. */
  readonly at: string;
}

export type AttemptId = number & { readonly __brand: 'AttemptId' };

/** How an attempt ended; `stopped`: with an error that ended the run. */
export type AttemptOutcome = LookupOutcome['kind'] | 'stopped';

/** Append-only account of who was asked about, committed before the question is sent. */
export interface LookupLedger {
  /** Commits the row of an attempt that is about to be sent. */
  begin(attempt: NewAttempt): Promise<AttemptId>;
  /**
   * Completes the row, and in the same transaction replaces the snapshot where there is an answer. A
   * protected person's earlier snapshot goes with it.
   */
  complete(
    attempt: AttemptId,
    outcome: AttemptOutcome,
    reference: string | undefined,
    at: string,
    snapshot?: Snapshot,
  ): Promise<void>;
  /**
   * How many attempts with an as-of date in this month (`YYYY-MM`) are billed or may be: SPAR has answered
   * them in whatever way, or nobody knows what became of them. Not those that did not reach SPAR.
   */
  billableIn(month: string): Promise<number>;
}

export interface RunStart {
  readonly command: string;
  readonly asOf: CalendarDate;
  /** Wall clock, ISO 8601 in UTC. */
  readonly at: string;
  readonly endUser: string;
  readonly dryRun: boolean;
}

/** One cell that a run has written, as the journal keeps it. */
export interface JournalledChange extends FieldChange {
  readonly key: RowKey;
  /** Whose answer led to it; lets what was written about somebody now protected be found and erased. */
  readonly person?: PersonId;
}

export interface UnfinishedRun {
  readonly run: number;
  readonly command: string;
  readonly files: readonly FileDigest[];
  readonly changes: readonly JournalledChange[];
  /** What `applied` was to be told. */
  readonly compared: readonly AppliedRow[];
}

/** What is remembered of a row when a run has been carried out: the mark goes to its person's present answer. */
export type AppliedRow = ComparedRow;

/** The runs and what they wrote. */
export interface Journal {
  /** A new run; numbers grow by one. */
  start(run: RunStart): Promise<number>;
  /**
   * Durable before anything is written: the changes, each file's digests, and of the changed rows the marks that
   * `applied` will be given.
   */
  planned(
    run: number,
    changes: readonly JournalledChange[],
    files: readonly FileDigest[],
    compared: readonly AppliedRow[],
  ): Promise<void>;
  /**
   * The write is done. `refused` rows' changes are struck out. `compared` rows have now been compared with
   * their person's present answer (see `Snapshot.comparedRows`): a row's mark takes the place of its earlier
   * one. One transaction.
   */
  applied(run: number, refused: readonly RowKey[], compared: Iterable<AppliedRow>): Promise<void>;
  /** The write did not happen: the run's changes are struck out. */
  notApplied(run: number): Promise<void>;
  /** Ends a run that had nothing to write, or stopped. */
  finished(run: number, exit: string): Promise<void>;
  /** Runs that were planned and neither applied nor struck out: a process died there. */
  unfinished(): Promise<readonly UnfinishedRun[]>;
  /** Erases the names and addresses that earlier runs found and wrote in these rows: the people are protected. */
  eraseValues(rows: readonly RowKey[]): Promise<void>;
  /** The newest applied change of each cell of each of these rows. */
  lastChanges(keys: readonly RowKey[]): Promise<ReadonlyMap<string, readonly JournalledChange[]>>;
}

/** Since when each review item has been there. Keys are `type:id` and the reason. */
export interface ReviewLog {
  sinceOf(items: readonly ReviewItem[]): Promise<readonly (CalendarDate | undefined)[]>;
  /**
   * Remembers items first seen today, and forgets those of `covered` rows that are there no more.
   * Returns how many are new.
   */
  record(today: CalendarDate, items: readonly ReviewItem[], covered: (key: RowKey) => boolean): Promise<void>;
}

export interface ReviewItem {
  readonly key: RowKey;
  readonly reason: string;
}

/** One local file behind all of it. */
export interface State {
  readonly snapshots: SnapshotStore;
  readonly ledger: LookupLedger;
  readonly journal: Journal;
  readonly reviews: ReviewLog;
  close(): Promise<void>;
}

// ---------------------------------------------------------------- the rest of the world

export interface Clock {
  /** Wall clock, ISO 8601 in UTC, with milliseconds. */
  now(): string;
  /** Monotonic milliseconds, for rates and waiting. */
  elapsed(): number;
  /** Resolves after so long, or at once when the signal is aborted. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}

/** Facts about a run under way. Wording, colour and bars belong to the cli. */
export type ProgressEvent =
  | { readonly kind: 'reading' }
  | { readonly kind: 'asking'; readonly total: number }
  | { readonly kind: 'asked'; readonly done: number; readonly failed: number; readonly total: number }
  | { readonly kind: 'waiting'; readonly seconds: number }
  | { readonly kind: 'writing'; readonly rows: number }
  | { readonly kind: 'settled'; readonly run: number; readonly outcome: 'applied' | 'not-applied' | 'partly' }
  | { readonly kind: 'remark'; readonly text: Text };

export type Progress = (event: ProgressEvent) => void;
