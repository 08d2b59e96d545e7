import type { Database } from 'better-sqlite3';
import { type RowKey, rowKeyText } from '../../../../domain/roster.ts';
import type { AddedRow, RemovedRow, RowEdit } from '../../../../domain/roster-write.ts';
import { isSameWholeRow, type WholeRow } from '../../../../domain/whole-row.ts';
import { countLinks, type KnownRow } from '../sqlite-find.ts';
import { createReferrerFinder } from '../sqlite-referrers.ts';
import { quoted } from '../sqlite-table.ts';
import type { PeopleTable, RosterTables } from '../sqlite-tables.ts';
import { readWholeRow } from '../sqlite-whole.ts';
import { type AddedHere, createRowAdder } from './sqlite-add-row.ts';
import { createRowEditor } from './sqlite-edit.ts';
import { deleteRow } from './sqlite-insert.ts';
import type { Refusal } from './sqlite-savepoint.ts';

/** Writes to the rows of people, inside the caller's transaction and savepoints. */
export interface PeopleWriter {
  /** `source`: where the plan saw the row. */
  edit(edit: RowEdit, source: number): Refusal | undefined;
  /** `expected`: the row as it was when the write was prepared, or why it could not be had. */
  remove(row: RemovedRow, expected: WholeRow | Refusal): Refusal | undefined;
  add(row: AddedRow): MadeRow | Refusal;
}

/** A row that the database has taken. */
export interface MadeRow extends AddedHere {
  readonly source: number;
}

/** `rows`: where the rows stand. `linksSeen`: how many links each guardian had when the plan was made. */
export function createPeopleWriter(
  db: Database,
  tables: RosterTables,
  rows: ReadonlyMap<string, KnownRow | 'several'>,
  {
    isRemoving,
    linksSeen,
  }: { readonly isRemoving: boolean; readonly linksSeen: ReadonlyMap<string, number> },
): PeopleWriter {
  const { people, links, newGuardians } = tables;
  const tableAt = (source: number): PeopleTable => {
    const table = people[source];
    if (table === undefined) throw new Error('a source that the roster does not have');
    return table;
  };
  const editorOf = perSource((source) => createRowEditor(db, tableAt(source).table));
  const referrersOf = perSource((source) => createReferrerFinder(db, tableAt(source).table));
  const adderOf = perSource((source) =>
    createRowAdder(
      db,
      tableAt(source),
      source === newGuardians?.source ? newGuardians.constants : new Map<string, string>(),
    ),
  );

  const linksNow = links && isRemoving ? countLinks(db, links) : new Map<string, number>();
  const isNewlyLinked = ({ type, id }: RowKey): boolean =>
    type === 'guardian' && (linksNow.get(id) ?? 0) > (linksSeen.get(id) ?? 0);
  const countAll =
    links && db.prepare<[], bigint>(`SELECT count(*) FROM ${quoted(links.table.name)}`).pluck();

  return {
    edit({ key, cells }, source) {
      if (cells.length === 0) return undefined;
      const found = rows.get(rowKeyText(key));
      if (found === undefined || found === 'several' || found.source !== source) return 'roster-changed';
      return editorOf(found.source)(cells, found.at);
    },

    remove({ key }, expected) {
      if (typeof expected === 'string') return expected;
      const found = rows.get(rowKeyText(key));
      if (found === undefined || found === 'several') return 'roster-changed';
      const { table } = tableAt(found.source);
      const now = readWholeRow(db, tableAt(found.source), found.at, expected.at);
      if (typeof now === 'string' || !isSameWholeRow(now, expected)) return 'roster-changed';
      if (isNewlyLinked(key)) return 'roster-changed';
      // Whatever refers to the row would be deleted or emptied with it, silently, by some foreign keys.
      if (referrersOf(found.source)(found.at).length > 0) return 'row-refused';
      const linksBefore = countAll?.get();
      return deleteRow(db, table, found.at) && countAll?.get() === linksBefore ? undefined : 'row-refused';
    },

    add(row) {
      const source =
        row.kind === 'new' ? newGuardians?.source : people.findIndex(({ name }) => name === row.whole.source);
      if (source === undefined) throw new Error('a new row, and no place for it');
      if (source < 0 || rows.has(rowKeyText(row.key))) return 'row-refused';
      const made = adderOf(source)(row);
      return typeof made === 'string' ? made : { ...made, source };
    },
  };
}

function perSource<T>(make: (source: number) => T): (source: number) => T {
  const made = new Map<number, T>();
  return (source) => {
    const one = made.get(source) ?? make(source);
    made.set(source, one);
    return one;
  };
}
