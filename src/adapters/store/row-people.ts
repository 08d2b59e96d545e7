import type { Database } from 'better-sqlite3';
import type { PersonId } from '../../domain/person-id.ts';
import { type RowKey, rowKeyText } from '../../domain/roster.ts';
import { rowOfMark } from '../../domain/update/compared-mark.ts';
import { withTheSame } from './journal-erasing.ts';
import { toPersonId } from './state-file.ts';
import { createUndoneRuns } from './undone-runs.ts';

/** By `type:id` whose these rows are or were. Rows of which nothing is known are missing. */
type PeopleByRow = ReadonlyMap<string, readonly PersonId[]>;

interface WhichPeople {
  /** Nobody else is of interest, and no other answer is read. */
  readonly among?: readonly PersonId[];
  /** Rows are declared to be the same person's by decisions in force only; otherwise by those taken back too. */
  readonly inForce?: boolean;
}

/** A guardian who was asked about for a child's sake bears the child's row, and is not that row's person. */
const IS_OWN_ROW = "(ledger.type <> 'guardian' OR one.value NOT LIKE 'student:%')";

const IS_NOT_UNDONE = 'run NOT IN (SELECT value FROM json_each(@undone))';

/**
 * Whose rows these are or were: a row that has lost its number to a temporary one still leads to its person
 * through what was written to it, linked and compared with it, through its mark of protection, and through whom SPAR
 * was asked about for its sake.
 */
export function createRowPeople(db: Database): (rows: readonly RowKey[], which?: WhichPeople) => PeopleByRow {
  const sameRows = db
    .prepare<[Readonly<Record<'row' | 'undone', string>>], string>(
      withTheSame('VALUES (@row)', `d.${IS_NOT_UNDONE}`),
    )
    .pluck();
  const written = db
    .prepare<[Readonly<Record<'row' | 'undone' | 'guardian', string | null>>], number | null>(
      `SELECT person_id FROM change WHERE row = @row
       UNION SELECT person_id FROM act WHERE row = @row
       UNION SELECT person_id FROM act WHERE guardian = @guardian AND kind = 'link-added'
       UNION SELECT person_id FROM marked_row WHERE row = @row AND certain
       UNION SELECT a_person FROM decision WHERE a = @row AND ${IS_NOT_UNDONE}
       UNION SELECT b_person FROM decision WHERE b = @row AND ${IS_NOT_UNDONE}`,
    )
    .pluck();
  const compared = db
    .prepare<[], [person: number, marks: string]>(
      "SELECT person_id, compared_rows FROM snapshot WHERE compared_rows <> '[]'",
    )
    .raw();
  const comparedOf = db
    .prepare<[string], [person: number, marks: string]>(
      `SELECT person_id, compared_rows FROM json_each(?) AS one JOIN snapshot ON person_id = one.value
       WHERE compared_rows <> '[]'`,
    )
    .raw();
  const asked = db
    .prepare<[string], [person: number, row: string]>(
      `SELECT DISTINCT ledger.person_id, one.value FROM ledger, json_each(ledger.rows) AS one
       WHERE one.value IN (SELECT value FROM json_each(?)) AND ${IS_OWN_ROW}`,
    )
    .raw();
  const askedOf = db
    .prepare<[string, string], [person: number, row: string]>(
      `SELECT DISTINCT ledger.person_id, one.value
       FROM json_each(?) AS person JOIN ledger ON ledger.person_id = person.value, json_each(ledger.rows) AS one
       WHERE one.value IN (SELECT value FROM json_each(?)) AND ${IS_OWN_ROW}`,
    )
    .raw();
  const undoneRuns = createUndoneRuns(db);

  return (keys, { among, inForce = false } = {}) => {
    const people = new Map<string, Set<number>>();
    /** The rows that are declared to be the same person's, to those that were asked for. */
    const wantedBy = new Map<string, string[]>();
    const add = (row: string, person: number | null): void => {
      for (const wanted of wantedBy.get(row) ?? []) {
        const known = people.get(wanted) ?? new Set();
        people.set(wanted, known);
        if (person !== null) known.add(person);
      }
    };
    if (keys.length === 0) return new Map();
    const undone = JSON.stringify(inForce ? [...undoneRuns()] : []);
    for (const wanted of new Set(keys.map(rowKeyText))) {
      for (const row of sameRows.all({ row: wanted, undone })) {
        wantedBy.set(row, [...(wantedBy.get(row) ?? []), wanted]);
      }
    }
    for (const row of wantedBy.keys()) {
      const guardian = row.startsWith('guardian:') ? row.slice('guardian:'.length) : null;
      for (const person of written.all({ row, undone, guardian })) add(row, person);
    }
    const only = among && JSON.stringify(among.map(Number));
    for (const [person, json] of only === undefined ? compared.iterate() : comparedOf.iterate(only)) {
      const marks: readonly string[] = JSON.parse(json);
      for (const mark of marks) add(rowOfMark(mark).slice(0, -1), person);
    }
    const rows = JSON.stringify([...wantedBy.keys()]);
    for (const [person, row] of only === undefined ? asked.all(rows) : askedOf.all(only, rows))
      add(row, person);
    return new Map(
      [...people].map(([row, found]) => [row, [...found].sort((a, b) => a - b).map(toPersonId)]),
    );
  };
}
