import type { CalendarDate } from '../domain/calendar-date.ts';
import type { PersonId, PersonNumbers } from '../domain/person-id.ts';
import type { RowKey } from '../domain/roster.ts';

/** People of whom something is kept and to whom nothing leads. */
export interface Absentees {
  /** In the order of their numbers. */
  readonly absent: readonly PersonId[];
  /** Of how many people of whom something is kept. */
  readonly of: number;
}

/** What is to be erased, for good. */
export interface Erasure {
  /** Whose answers go. */
  readonly answers: readonly PersonId[];
  /**
   * Of whose answers nothing stays but that they are protected: the mark where SPAR has said so, else `withheld`.
   * An answer that SPAR has given is not made `withheld`: next to a marked row that would mean that SPAR has no mark.
   */
  readonly hidden: readonly PersonId[];
  /** From whose answers the names and dates of birth of guardians without a number go. */
  readonly unnumberedOf?: readonly PersonId[];
  /** Whose names, addresses, e-mail and phone go from the journal, whole rows and links included. */
  readonly journal: readonly PersonId[];
  /** Of which rows the same goes, whosever they were. */
  readonly journalRows: readonly RowKey[];
  /** Of whom it is forgotten that a row of theirs was marked. */
  readonly marks?: readonly PersonId[];
}

/** How much that was. */
export interface Erased {
  readonly answers: number;
  /** Changed cells, and rows and links that were kept whole. */
  readonly journalValues: number;
}

/**
 * Of whom something is kept, and erasing it. An answer, or else names and addresses in the journal that an answer
 * has led to: it went by its age then. The ledger, the decisions and the list of runs are never erased.
 */
export interface Retention {
  /**
   * Those who are not there: not among `people`, nor named as a guardian in the answer about somebody who is there,
   * nor joined by an answer to a number that is. Cheap where there are none.
   *
   * @param people whose rows the roster has
   */
  absentees(people: PersonNumbers): Promise<Absentees>;
  /**
   * Whose these rows were and no longer are: those among the absentees, by the same signs as `peopleAt`. Cheap
   * where there are no absentees.
   *
   * @param people whose rows the roster has
   */
  formerPeople(rows: readonly RowKey[], people: PersonNumbers): Promise<readonly PersonId[]>;
  /** Notes who is absent, from this day on who was not; takes out everybody else. Writes only what is new. */
  noteAbsent(absent: readonly PersonId[], day: CalendarDate): Promise<void>;
  /** Who has been absent since that day or longer. */
  absentSince(day: CalendarDate): Promise<readonly PersonId[]>;
  /**
   * Whose answer was fetched before this day. Not those about whom nobody asks again or whom it hides, and which
   * hold neither name nor address: of the deceased, the renumbered and the protected.
   */
  answeredBefore(day: CalendarDate): Promise<readonly PersonId[]>;
  /**
   * Erases in one transaction; nothing of it is left in any file of the state, at the latest when the state is next
   * opened, if a reader is in the way. `trial` only tells how much it would be.
   */
  erase(what: Erasure, options?: { readonly trial: boolean }): Promise<Erased>;
  /** Of these people, those of whom the state has heard. */
  known(people: readonly PersonId[]): Promise<ReadonlySet<PersonId>>;
  /**
   * Whose each of these rows is or was, by `type:id`, by the same signs as `peopleOfRows`. Missing: rows of which
   * the state has never heard.
   *
   * @param which `inForce`: not by decisions that were taken back; `among`: nobody else is of interest
   */
  peopleAt(
    rows: readonly RowKey[],
    which?: { readonly inForce?: boolean; readonly among?: readonly PersonId[] },
  ): Promise<ReadonlyMap<string, readonly PersonId[]>>;
  /** The row for whose sake each of these people was last asked about as what it says they are. */
  lastRowsOf(people: readonly PersonId[]): Promise<ReadonlyMap<PersonId, RowKey>>;
}
