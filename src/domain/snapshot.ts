import type { CalendarDate } from './calendar-date.ts';
import type { Answer, Permission } from './person.ts';

/** The part of a snapshot that tells whether a row has to be compared with it at all. */
export type Comparison = Pick<Snapshot, 'fetchedOn' | 'comparedRows'>;

/** What SPAR said about an id, when, and with which permissions it was asked. */
export interface Snapshot {
  readonly answer: Answer;
  /** The day of the answer, by `--as-of` where that was given. */
  readonly fetchedOn: CalendarDate;
  readonly permissions: readonly Permission[];
  /**
   * Roster rows that an applied run has already compared with this very answer: `type:id` and a stamp of the
   * rules and columns it was compared by. What differs in them now was written by a person since.
   */
  readonly comparedRows: readonly string[];
  /** The run in which SPAR gave these very addresses first; missing while that is not known. */
  readonly addressesSince?: number;
}
