import type { Database } from 'better-sqlite3';
import type { PersonId } from '../../domain/person-id.ts';
import { type RowKey, rowKeyText } from '../../domain/roster.ts';
import { rowOfMark } from '../../domain/update/compared-mark.ts';
import { withTheSame } from './journal-erasing.ts';
import { toPersonId } from './state-file.ts';

/**
 * Whose rows these are or were: a row that has lost its number to a temporary one still leads to its person
 * through what was written to it and compared with it.
 */
export function createRowPeople(db: Database): (rows: readonly RowKey[]) => readonly PersonId[] {
  const sameRows = db.prepare<[string], string>(withTheSame('VALUES (?)')).pluck();
  const inJournal = db
    .prepare<[string, string, string, string], number>(
      `SELECT person_id FROM change WHERE row = ? AND person_id IS NOT NULL
       UNION SELECT person_id FROM act WHERE row = ? AND person_id IS NOT NULL
       UNION SELECT a_person FROM decision WHERE a = ? AND a_person IS NOT NULL
       UNION SELECT b_person FROM decision WHERE b = ? AND b_person IS NOT NULL`,
    )
    .pluck();
  const compared = db
    .prepare<[], [person: number, marks: string]>(
      "SELECT person_id, compared_rows FROM snapshot WHERE compared_rows <> '[]'",
    )
    .raw();
  return (keys) => {
    const rows = new Set(keys.flatMap((key) => sameRows.all(rowKeyText(key))));
    const people = new Set<number>();
    for (const row of rows) for (const person of inJournal.all(row, row, row, row)) people.add(person);
    for (const [person, json] of compared.iterate()) {
      const marks: readonly string[] = JSON.parse(json);
      if (marks.some((mark) => rows.has(rowOfMark(mark).slice(0, -1)))) people.add(person);
    }
    return [...people].sort((a, b) => a - b).map(toPersonId);
  };
}
