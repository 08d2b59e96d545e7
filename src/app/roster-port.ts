import type { GuardianLink, RosterEntry, RosterField, RosterProblem, RowKey } from '../domain/roster.ts';
import type { LinkKey, RosterWrite } from '../domain/roster-write.ts';
import type { WholeRow } from '../domain/whole-row.ts';

/** One file or table of the roster. */
export interface RosterSource {
  /** As named in the configuration; `file#table` for a database. What `problems[].file` shows. */
  readonly name: string;
  /** The columns that are there; a column that is not there is never added. */
  readonly fields: ReadonlySet<RosterField>;
  /** Whether the source's encoding can hold every character of the text. */
  canHold(text: string): boolean;
}

/** SHA-256 (hex) of a roster file before and after a write. Empty for a database, whose transaction does this work. */
export interface FileDigest {
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

export interface RefusedRow {
  readonly key: RowKey;
  /** `roster-changed`: the row no longer holds what the plan saw. `row-refused`: the database would not take it. */
  readonly reason: 'roster-changed' | 'row-refused';
}

export interface RefusedLink {
  readonly link: LinkKey;
  readonly reason: 'roster-changed' | 'row-refused';
}

/** What became of a write once it was made ready. */
export interface Staged {
  /** Rows of which nothing will be written. A new row is refused together with its links. */
  readonly refused: readonly RefusedRow[];
  readonly refusedLinks: readonly RefusedLink[];
  /** The ids that the database has given to new rows: `new-1` to its id. */
  readonly ids: ReadonlyMap<string, string>;
  /** The rows that were added, whole, under their final ids. */
  readonly added: readonly { readonly key: RowKey; readonly whole: WholeRow }[];
}

export type CommitResult =
  | { readonly kind: 'committed' }
  /** A file is no longer what was read: nothing of it was written; read the roster and plan again. */
  | { readonly kind: 'target-changed' }
  /**
   * It broke off after the replacing had begun: some of the write may stand, and only the roster can tell what.
   * `error`: what kept a file from being replaced; missing where it was no longer what was read.
   */
  | { readonly kind: 'partly'; readonly error?: unknown };

/**
 * A write that has been worked out and not begun. The caller journals it, then calls `stage` (new files beside
 * their targets, synced; in a database everything but the end of the transaction), journals what `stage` tells,
 * then calls `commit` (each target hashed again immediately before its rename; or the end of the transaction);
 * where `commit` throws, nothing was written.
 * `discard` takes back what `stage` did; it may be called at any time and more than once.
 */
export interface PreparedWrite {
  readonly kind: 'prepared';
  readonly files: readonly FileDigest[];
  /** The rows and links that will go, whole. */
  readonly removedRows: readonly { readonly key: RowKey; readonly whole: WholeRow }[];
  readonly removedLinks: readonly { readonly link: LinkKey; readonly whole: WholeRow }[];
  stage(): Promise<Staged>;
  commit(): Promise<CommitResult>;
  discard(): Promise<void>;
}

/** How a table is written as text. */
export interface TableForm {
  readonly delimiter: ',' | ';' | '\t';
  readonly encoding: 'utf-8' | 'windows-1252' | 'iso-8859-1';
  readonly lineEnd: '\r\n' | '\n' | '\r';
  /** Of UTF-8; there is none in the other encodings. */
  readonly bom: boolean;
}

/** Where new guardians go, as far as configuration and roster say. */
export interface NewGuardianPlace {
  /** Index into `Roster.sources`. */
  readonly source: number;
  /** `undefined`: `number` where all ids there are whole numbers, else `uuid`. `database`: it gives the id. */
  readonly idStyle: 'uuid' | 'number' | 'database' | undefined;
}

/**
 * The school's roster. Reading throws `roster-unreadable` with file and line; writing `roster-unwritable`.
 * Row errors are never thrown: they are `problems`, and those rows are never written to.
 */
export interface Roster {
  readonly sources: readonly RosterSource[];
  /** File or table of the links, as `RosterSource.name`; a link's place has `sources.length` as its source. */
  readonly linksName: string | undefined;
  /** How its first file is written; as Excel has it where the roster is no text. */
  readonly tableForm: TableForm;
  /** `undefined` where several places, or none, could take a guardian and the configuration names none. */
  readonly newGuardians: NewGuardianPlace | undefined;
  /**
   * Reads every source once from start to end, in batches of some hundred rows, and holds no rows. Rows that
   * share an id within their type are yielded as they come (the plan takes them out). `onProblem` gets each
   * row that could not be taken.
   */
  read(onProblem: (problem: RosterProblem) => void): AsyncIterable<readonly RosterEntry[]>;
  /** Reads the links; nothing when none are configured. */
  readLinks(onProblem: (problem: RosterProblem) => void): AsyncIterable<readonly GuardianLink[]>;
  /** These rows with all their columns, as they are now; without those that are not there, or not once. */
  readWhole(keys: readonly RowKey[]): Promise<ReadonlyMap<string, WholeRow>>;
  /**
   * By what tables, the configured ones aside, each of these rows is referred to (foreign keys). Rows that
   * nothing refers to are missing. Empty for files.
   */
  referrers(keys: readonly RowKey[]): Promise<ReadonlyMap<string, readonly string[]>>;
  /**
   * Proves that every source could be written to now: permission, folder, lock. `links`: the links too, which a
   * run that leaves them alone need not be able to write. Writes nothing.
   */
  proveWritable(what: { readonly links: boolean }): Promise<void>;
  /**
   * Works out a write, whose places come from the last complete `read` and `readLinks`. `target-changed` when
   * a file is no longer what that reading saw.
   */
  prepareWrite(write: RosterWrite, run: number): Promise<PreparedWrite | { readonly kind: 'target-changed' }>;
  /** SHA-256 of each file as it is now, by the `path` that `FileDigest` uses; empty for a database. */
  digests(): Promise<ReadonlyMap<string, string>>;
  /** Removes temporary files that an interrupted run left behind. */
  removeLeftovers(run: number): Promise<void>;
  close(): Promise<void>;
}
