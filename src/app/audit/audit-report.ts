import type { CalendarDate } from '../../domain/calendar-date.ts';
import type { Answer, Permission } from '../../domain/person.ts';
import type { PersonType, RowKey } from '../../domain/roster.ts';
import type { SpendingRun } from '../../domain/spending.ts';
import type { AttemptOutcome } from '../ports.ts';

/** One lookup as `audit` tells of it. */
export interface AuditedLookup {
  /** Why: the run that asked, and its command. */
  readonly run: SpendingRun;
  /** Wall clock, ISO 8601 in UTC. */
  readonly begunAt: string;
  readonly endedAt: string | undefined;
  /** As what the person was asked about; `undefined` where that is not known. */
  readonly type: PersonType | undefined;
  /** At the time; of a guardian who had no row, the children's. */
  readonly rows: readonly RowKey[];
  /** Masked. `undefined` where nothing of it may be shown: even a masked number tells the date of birth. */
  readonly number: string | undefined;
  /** The person is protected, or somebody is on whose row it was asked. */
  readonly isProtected: boolean;
  readonly permissions: readonly Permission[];
  /** As sent to SPAR. */
  readonly endUser: string;
  /** `unknown`: sent, or about to be, and never heard of again; or under way. */
  readonly outcome: AttemptOutcome | 'unknown';
  /** What kind of answer it was; `undefined` where there was none, and where nothing of the person may be shown. */
  readonly answer: Answer['kind'] | undefined;
  /** SPAR's UUID. */
  readonly reference: string | undefined;
}

/** Whose lookups are wanted. */
export interface PersonWanted {
  /** Any type where it is missing. */
  readonly type?: PersonType;
  readonly id: string;
}

export interface AuditQuestion {
  /** Missing: everybody's. */
  readonly about?: readonly PersonWanted[];
  /** What is no id of a row may be a personnummer: it came in a way that nobody else on the computer sees. */
  readonly numbersAllowed: boolean;
  /** From this day on, as the wall clock in Sweden had it. */
  readonly since?: CalendarDate;
}

export interface Audit {
  readonly command: 'audit';
  readonly about: readonly PersonWanted[] | undefined;
  readonly since: CalendarDate | undefined;
  readonly count: number;
  /** The newest first, some at a time, `most` of them; read from the ledger as they are asked for. */
  lookups(most?: number): AsyncIterable<readonly AuditedLookup[]>;
  /** Of those asked for: whom neither the roster nor the ledger knows. */
  readonly strangers: readonly PersonWanted[];
  /** Of those asked for: rows that have led to several people, all of whose lookups are told. */
  readonly shared: readonly PersonWanted[];
  /** How much of the roster could be read; where it could not, numbers are kept back. */
  readonly roster: 'read' | 'read-in-part' | 'not-read';
}
