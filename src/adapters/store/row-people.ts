import type { Database } from 'better-sqlite3';
import type { PersonId } from '../../domain/person-id.ts';
import { type RowKey, rowKeyText } from '../../domain/roster.ts';
import { rowOfMark } from '../../domain/update/compared-mark.ts';
import { withTheSame } from './journal-erasing.ts';
import { toPersonId } from './state-file.ts';

/** A guardian who was asked about for a child's sake bears the child's row, and is not that row's person. */
const IS_OWN_ROW = "(ledger.type <> 'guardian' OR one.value LIKE 'guardian:%')";

/** By `type:id` whose these rows are or were. Rows of which nothing is known are missing. */
type PeopleByRow = ReadonlyMap<string, readonly PersonId[]>;

/**
 * Whose rows these are or were: a row that has lost its number to a temporary one still leads to its person
 * through what was written to it and compared with it, and through whom SPAR was asked about for its sake.
 *
 * @returns `among`: nobody else is of interest, and no other answer is read
 */
export function createRowPeople(
  db: Database,
): (rows: readonly RowKey[], among?: readonly PersonId[]) => PeopleByRow {
  const sameRows = db.prepare<[string], string>(withTheSame('VALUES (?)')).pluck();
  const inJournal = db
    .prepare<[string, string, string, string], number | null>(
      `SELECT person_id FROM change WHERE row = ?
       UNION SELECT person_id FROM act WHERE row = ?
       UNION SELECT a_person FROM decision WHERE a = ?
       UNION SELECT b_person FROM decision WHERE b = ?`,
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

  return (keys, among) => {
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
    for (const wanted of new Set(keys.map(rowKeyText))) {
      for (const row of sameRows.all(wanted)) wantedBy.set(row, [...(wantedBy.get(row) ?? []), wanted]);
    }
    if (wantedBy.size === 0) return new Map();
    for (const row of wantedBy.keys())
      for (const person of inJournal.all(row, row, row, row)) add(row, person);
    const only = among && JSON.stringify(among.map(Number));
    for (const [person, json] of only === undefined ? compared.iterate() : comparedOf.iterate(only)) {
      const marks: readonly string[] = JSON.parse(json);
      for (const mark of marks) add(rowOfMark(mark).slice(0, -1), person);
    }
    const rows = JSON.stringify([...wantedBy.keys()]);
    const found = only === undefined ? asked.all(rows) : askedOf.all(only, rows);
    for (const [person, row] of found) add(row, person);
    return new Map(
      [...people].map(([row, found]) => [row, [...found].sort((a, b) => a - b).map(toPersonId)]),
    );
  };
}
