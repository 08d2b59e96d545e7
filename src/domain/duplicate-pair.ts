import type { Contradiction, Evidence, Grade } from './matching/match-words.ts';
import type { RosterField, RowKey } from './roster.ts';

/** The three heaps of the duplicate report, in its order. */
export const DUPLICATE_GROUPS = ['same-person', 'differing-data', 'shared'] as const;

/**
 * `same-person`: the same person twice. `differing-data`: the same person, as it seems, with differing data.
 * `shared`: different people who share something.
 */
export type DuplicateGroup = (typeof DUPLICATE_GROUPS)[number];

/** What a person sees of a row in order to decide. */
export type ShownCells = Readonly<Record<ShownField, string>>;

export const SHOWN_FIELDS = [
  'personnummer',
  'first_name',
  'last_name',
  'birth_date',
  'street',
  'postal_code',
  'city',
  'email',
  'phone',
] as const satisfies readonly RosterField[];

export type ShownField = (typeof SHOWN_FIELDS)[number];

/** Two rows that a person has to decide about. `a` is never a protected row's data: see `isProtected`. */
export interface DuplicatePair {
  /** The first of the two: guardians before others, then by id (numbers by value). */
  readonly a: RowKey;
  readonly b: RowKey;
  /** The row to keep if they are the same: the one with the number, then with most links, then the lowest id. */
  readonly keep: RowKey;
  readonly grade: Grade;
  readonly group: DuplicateGroup;
  /** Empty for a pair with a protected row, as are the three below. */
  readonly evidence: readonly Evidence[];
  readonly contradictions: readonly Contradiction[];
  /** Ids of the students concerned: those linked to either row. */
  readonly children: readonly string[];
  /** The row that holds the e-mail, where exactly one of the two does, or both hold the same one: `a`. Guardians only. */
  readonly emailHeldBy?: RowKey;
  /**
   * Missing for a pair with a protected row: nothing but ids and grade is ever shown of it. Of a student's or
   * staff row nothing is known here but the number and the date of birth: the rest is empty.
   */
  readonly shown?: { readonly a: ShownCells; readonly b: ShownCells };
}
