import type { CalendarDate } from '../domain/calendar-date.ts';
import type { Answer, Permission } from '../domain/person.ts';
import type { PersonId } from '../domain/person-id.ts';
import type { RowKey } from '../domain/roster.ts';
import type { MarkedRow } from '../domain/rows/roster-marks.ts';
import type { Comparison, Snapshot } from '../domain/snapshot.ts';
import type { Text } from '../domain/text.ts';
import type { Journal } from './journal-port.ts';
import type { LedgerRecords } from './ledger-records-port.ts';
import type { Retention } from './retention-port.ts';

// ---------------------------------------------------------------- asking

export interface LookupRequest {
  readonly id: PersonId;
  readonly permissions: readonly Permission[];
  /** The rows that lead to this person, for the ledger. */
  readonly rows: readonly RowKey[];
  /** They are those of children, who lead to this person as their guardian. */
  readonly asGuardian?: boolean;
  /** One attempt and no more: whether SPAR is there is all that is to be found out. */
  readonly once?: boolean;
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
   * `sent`: the question had gone out whole, so that SPAR may have logged and billed it.
   */
  | {
      readonly kind: 'unavailable';
      readonly detail: Text;
      readonly reference?: string;
      readonly retryAfterSeconds?: number;
      readonly deadSocket?: boolean;
      readonly sent?: boolean;
    }
  /** Something that is no SPAR answer came with status 200. One attempt more, then the run stops. */
  | { readonly kind: 'garbled'; readonly detail: Text };

/** The question was not sent: the run may buy no more. */
export interface OverBudget {
  readonly kind: 'over-budget';
}

/** A `PersonLookup` that sends no question which the budget does not reach. */
export type BudgetedLookup = PersonLookup<LookupOutcome | OverBudget>;

/** Asks SPAR about one person at a time; many calls may be under way. */
export interface PersonLookup<Outcome = LookupOutcome> {
  /**
   * Never rejects for a reason that concerns only this person. `signal` ends the call at once. `onAnswer` is
   * called by `withLedger` when the answer is there and not yet committed: another question may begin, whose
   * ledger row then shares its transaction. Not called after a failure, which may be a reason to ask no more.
   */
  lookUp(request: LookupRequest, signal: AbortSignal, onAnswer?: () => void): Promise<Outcome>;
  close(): Promise<void>;
}

// ---------------------------------------------------------------- remembering

export interface SnapshotStore {
  /** The last answer about each id, in the order asked; `undefined` where there is none. */
  getMany(ids: readonly (PersonId | undefined)[]): Promise<readonly (Snapshot | undefined)[]>;
  /** The same without the answers themselves, at a fraction of the cost. */
  getComparisons(ids: readonly (PersonId | undefined)[]): Promise<readonly (Comparison | undefined)[]>;
  /**
   * Replaces name and address of these people, under all numbers that answers say are theirs, by `withheld`, and
   * erases what the journal holds of them; does nothing for other kinds of answer.
   */
  withhold(ids: readonly PersonId[]): Promise<void>;
  /** People whose cached answer holds relations. */
  withRelations(): Promise<readonly PersonId[]>;
  eraseRelations(ids: readonly PersonId[]): Promise<void>;
  /** Erases from these people's answers the names and dates of birth of guardians without a number. */
  eraseUnnumbered(ids: readonly PersonId[]): Promise<void>;
  /** Everybody whose answer says protected. */
  protectedPeople(): Promise<readonly PersonId[]>;
  /** Everybody whose answer is withheld because a row was marked and nobody has been asked about anew since. */
  withheldPeople(): Promise<readonly PersonId[]>;
  /** The numbers that rows have held while they were marked. */
  markedRows(): Promise<readonly MarkedRow[]>;
  /**
   * Remembers such numbers, and forgets those of rows that are marked no longer, once nobody's answer is withheld for
   * them: the mark has been taken off, and the person asked about anew.
   */
  rememberMarks(marked: readonly MarkedRow[], unmarked: readonly RowKey[]): Promise<void>;
  /**
   * Everybody who is known to have another number now: by an answer about the former number, or by one about
   * the new number that names it. Stays known when that answer has become `protected` or `withheld`.
   */
  renumbered(): Promise<readonly { readonly former: PersonId; readonly successors: readonly PersonId[] }[]>;
  /**
   * Whose rows these are or were, as far as the journal, the comparisons of answers, the marks and the ledger tell,
   * with what decisions in force declare to be the same person. Not the guardians who were asked about for a child's
   * sake. Reads every comparison and the whole ledger: for the few rows that hold no number.
   */
  peopleOfRows(rows: readonly RowKey[]): Promise<readonly PersonId[]>;
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
  /** What a lookup costs, in hundredths of the currency. */
  readonly price: number;
  /** Wall clock, ISO 8601 in UTC. */
  readonly at: string;
}

export type AttemptId = number & { readonly __brand: 'AttemptId' };

/**
 * How an attempt ended; `stopped`: with an error that ended the run; `lost`: the question went out and nothing
 * whole came back. `unavailable` is then what SPAR never got, or said by a status that it could not answer.
 */
export type AttemptOutcome = LookupOutcome['kind'] | 'lost' | 'stopped';

/** Append-only account of who was asked about, committed before the question is sent. */
export interface LookupLedger extends LedgerRecords {
  /** Commits the row of an attempt that is about to be sent. */
  begin(attempt: NewAttempt): Promise<AttemptId>;
  /**
   * Completes the row, and in the same transaction replaces the snapshot where there is an answer. A
   * protected person's earlier snapshot goes with it, under every number that answers say is theirs; so does one
   * that turns out to be somebody's who is protected under another number.
   */
  complete(
    attempt: AttemptId,
    outcome: AttemptOutcome,
    reference: string | undefined,
    at: string,
    snapshot?: Snapshot,
  ): Promise<void>;
  /**
   * What the attempts with an as-of date in this month (`YYYY-MM`) cost or may have cost, in hundredths of the
   * currency: SPAR has answered them in whatever way, or nobody knows what became of them. Not those that SPAR
   * never got or could not answer.
   *
   * @param price of attempts whose own is not known
   */
  spentIn(month: string, price: number): Promise<number>;
}

/** Since when each review item has been there. Keys are `type:id` and the reason. */
export interface ReviewLog {
  sinceOf(items: readonly ReviewItem[]): Promise<readonly (CalendarDate | undefined)[]>;
  /**
   * Remembers items first seen today, and forgets those that are `covered` and there no more.
   * Returns how many are new.
   */
  record(
    today: CalendarDate,
    items: readonly ReviewItem[],
    covered: (item: ReviewItem) => boolean,
  ): Promise<void>;
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
  readonly retention: Retention;
  /**
   * A random secret of this state file (64 hex digits), made with it: from it, ids of new rows are derived
   * that are the same tomorrow and tell nothing of the person.
   */
  secret(): Promise<string>;
  /**
   * Which environment of SPAR the answers are from (`spar.environment`): those of one say nothing about people in
   * another. `undefined` where nobody has been answered about yet, and in a file from before this was kept.
   */
  readonly environment: {
    get(): Promise<string | undefined>;
    /** To be called before a run's first question. Once there is an answer, what was told first stays. */
    settle(environment: string): Promise<void>;
  };
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
  | { readonly kind: 'writing' }
  | { readonly kind: 'settled'; readonly run: number; readonly outcome: 'applied' | 'not-applied' | 'partly' }
  | { readonly kind: 'remark'; readonly text: Text };

export type Progress = (event: ProgressEvent) => void;
