/** The three kinds of people in a roster. */
export type PersonType = 'student' | 'staff' | 'guardian';

export const PERSON_TYPES: readonly PersonType[] = ['student', 'staff', 'guardian'];

/** An id is unique within its type only. */
export interface RowKey {
  readonly type: PersonType;
  readonly id: string;
}

/** `type:id`, the form that `--id`, the state file and reports share. */
export function rowKeyText(key: RowKey): string {
  return `${key.type}:${key.id}`;
}

/** Our names of the columns; `config.roster` maps them to the roster's own headers. */
export const ROSTER_FIELDS = [
  'personnummer',
  'first_name',
  'last_name',
  'care_of',
  'street',
  'postal_code',
  'city',
  'country',
  'email',
  'phone',
  'birth_date',
  'active',
  'protected',
  'status',
  'spar_checked',
] as const;

export type RosterField = (typeof ROSTER_FIELDS)[number];

/** The text of each cell; `undefined` where the roster has no such column. */
export type Cells = { readonly [F in RosterField]: string | undefined };

/** Where a row stands: which file or table (an index into `Roster.sources`), and where in it. */
export interface RowPlace {
  readonly source: number;
  /** Ordinal of the row in its source, from 0; means something to the roster adapter only. */
  readonly row: number;
  /** Line on which the record begins in a file, from 1; the rowid in a table. For people to read. */
  readonly line: number;
}

/** One row of the roster: a person as the school has them. */
export interface RosterEntry {
  readonly key: RowKey;
  readonly place: RowPlace;
  readonly cells: Cells;
}

/** A link between a student and a guardian, by row ids. */
export interface GuardianLink {
  readonly student: string;
  readonly guardian: string;
  readonly relation: string | undefined;
  readonly source: string | undefined;
  readonly place: RowPlace;
}

/** Why a row is left out and written back untouched. */
export const ROSTER_PROBLEM_REASONS = [
  'duplicate-id',
  'id-empty',
  'unknown-type',
  'ragged-row',
  'link-to-nobody',
  'link-incomplete',
  'not-text',
] as const;

export type RosterProblemReason = (typeof ROSTER_PROBLEM_REASONS)[number];

/** A row that could not be taken; the rest of the roster goes on. */
export interface RosterProblem {
  /** File, or file#table, as named in the configuration. */
  readonly file: string;
  readonly line: number;
  readonly reason: RosterProblemReason;
  /** Of a row of people. Never to be shown: `asShown` takes it away. */
  readonly untaken?: UntakenRow;
}

/** What can be made out of a row of people that could not be taken, so that nothing is done as if it were not there. */
export interface UntakenRow {
  /** Empty where the row tells none. */
  readonly id: string;
  /** What it may be. */
  readonly types: readonly PersonType[];
  /** Its texts that look like id-nummer. With too few or too many cells they may stand in any column. */
  readonly numbers: readonly string[];
  /** Whether its `protected` cell marks it; `perhaps` where it cannot be told which cell that is, or what it says. */
  readonly mark: 'yes' | 'perhaps' | 'no';
}
