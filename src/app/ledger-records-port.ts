import type { CalendarDate } from '../domain/calendar-date.ts';
import type { Answer, Permission } from '../domain/person.ts';
import type { PersonId } from '../domain/person-id.ts';
import type { PersonType, RowKey } from '../domain/roster.ts';
import type { SpendingRun } from '../domain/spending.ts';
import type { AttemptOutcome } from './ports.ts';

/** Attempts of one run that had the same type, price and outcome. */
export interface AttemptCount {
  readonly run: SpendingRun;
  /** As what the people were asked about; `undefined` where that is not known. */
  readonly type: PersonType | undefined;
  /** Of each, in hundredths of the currency; `undefined` where it was not written down. */
  readonly price: number | undefined;
  /** `undefined`: nobody knows what became of them. */
  readonly outcome: AttemptOutcome | undefined;
  readonly attempts: number;
}

/** One attempt as the ledger has it. */
export interface AttemptRecord {
  readonly attempt: number;
  readonly run: SpendingRun;
  readonly id: PersonId;
  /** As what the person was asked about; `undefined` where that is not known. */
  readonly type: PersonType | undefined;
  /** At the time. Where the type is `guardian` and the rows are those of children: the person's own is not there. */
  readonly rows: readonly RowKey[];
  readonly permissions: readonly Permission[];
  /** As sent to SPAR. */
  readonly endUser: string;
  /** Wall clock, ISO 8601 in UTC. */
  readonly begunAt: string;
  readonly endedAt: string | undefined;
  /** `undefined`: sent, or about to be, and never heard of again; or under way. */
  readonly outcome: AttemptOutcome | undefined;
  readonly answer: Answer['kind'] | undefined;
  readonly reference: string | undefined;
}

/** Which attempts; all of them where nothing is said. */
export interface AttemptFilter {
  readonly people?: readonly PersonId[];
  /** Begun at this instant (ISO 8601 in UTC) or later. */
  readonly since?: string;
}

/** What the ledger tells afterwards. */
export interface LedgerRecords {
  /** All attempts ever, by run and what they have in common, in the order of the runs. */
  attemptCounts(): Promise<readonly AttemptCount[]>;
  countAttempts(filter: AttemptFilter): Promise<number>;
  /** The newest first. */
  attempts(
    filter: AttemptFilter,
    page: { readonly before?: number; readonly limit: number },
  ): Promise<readonly AttemptRecord[]>;
  /** Who was asked about because this row was theirs: not whoever was asked about as a child's guardian. */
  peopleAskedOn(row: RowKey): Promise<readonly PersonId[]>;
  /** On which day, by `--as-of` where it was given, each of these people was last asked about without an answer. */
  lastTried(people: readonly PersonId[]): Promise<ReadonlyMap<PersonId, CalendarDate>>;
  /** Whom SPAR has said to be protected and not since to be free of it, whether or not the answer is kept. */
  peopleToldProtected(): Promise<readonly PersonId[]>;
}
