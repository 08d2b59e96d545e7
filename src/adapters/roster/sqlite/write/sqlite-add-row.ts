import type { Database } from 'better-sqlite3';
import { type PersonType, ROSTER_FIELDS, type RowKey, rowKeyText } from '../../../../domain/roster.ts';
import type { AddedRow } from '../../../../domain/roster-write.ts';
import { type PeopleColumn, parsePersonType } from '../../columns.ts';
import { canHold, cellText, type SqliteCell } from '../sqlite-cell.ts';
import type { At } from '../sqlite-find.ts';
import { rowKeyOf } from '../sqlite-row.ts';
import { columnOf, quoted, type Table } from '../sqlite-table.ts';
import type { PeopleTable } from '../sqlite-tables.ts';
import { createColumnCustoms, storedByCustom } from './sqlite-column-custom.ts';
import { insertRow, insertWhole, isMangled, readCells } from './sqlite-insert.ts';
import type { Refusal } from './sqlite-savepoint.ts';

/** A row of this table as the database has taken it. */
export interface AddedHere {
  /** With the id that the database gave, where it gives them. */
  readonly key: RowKey;
  readonly at: At;
  readonly id: SqliteCell;
}

/**
 * Adds rows to a table of people. `constants`: what new rows hold in the table's own columns, save where this
 * program writes something itself. Columns without either take the database's defaults.
 */
export function createRowAdder(
  db: Database,
  { type, table }: PeopleTable,
  constants: ReadonlyMap<string, string>,
): (row: AddedRow) => AddedHere | Refusal {
  const customOf = createColumnCustoms(db, table);
  const stored = new Set(table.stored.map(({ name }) => name));
  const nameOf = (our: PeopleColumn): string => table.columns.get(our)?.name ?? '';
  let words: ReadonlyMap<PersonType, string> | undefined;

  const textsOf = (row: Extract<AddedRow, { kind: 'new' }>): ReadonlyMap<string, string> => {
    const texts = new Map(constants);
    const put = (our: PeopleColumn, text: string | undefined): void => {
      if (text !== undefined && stored.has(nameOf(our))) texts.set(nameOf(our), text);
    };
    for (const field of ROSTER_FIELDS) put(field, row.cells[field]);
    words ??= readTypeWords(db, table);
    // In a table that is all of one type, a column of that name may mean something else.
    put('type', words.get(row.key.type) ?? (type === undefined ? row.key.type : undefined));
    if (row.givenByRoster) texts.delete(nameOf('id'));
    else put('id', row.key.id);
    return texts;
  };

  const insertNew = (row: Extract<AddedRow, { kind: 'new' }>): At | undefined => {
    const texts = textsOf(row);
    if (![...texts.values()].every(canHold)) return undefined;
    const cells = [...texts].map(
      ([column, text]) => [column, storedByCustom(text, customOf(column))] as const,
    );
    const at = insertRow(db, table, new Map(cells));
    const after = at && readCells(db, table, [...texts.keys()], at);
    return after && [...texts.values()].some((text, i) => isMangled(after[i] ?? null, text)) ? undefined : at;
  };

  return (row) => {
    const at = row.kind === 'new' ? insertNew(row) : insertWhole(db, table, row.whole);
    const columns: PeopleColumn[] = table.columns.has('type') ? ['id', 'type'] : ['id'];
    const [id = null, typeCell = null] = (at && readCells(db, table, columns.map(nameOf), at)) ?? [];
    const key = rowKeyOf(type, cellText(id), cellText(typeCell));
    if (at === undefined || typeof key === 'string') return 'row-refused';
    const isGiven = row.kind === 'new' && row.givenByRoster;
    const isAsked = isGiven ? key.type === row.key.type : rowKeyText(key) === rowKeyText(row.key);
    return isAsked ? { key, at, id } : 'row-refused';
  };
}

/** The word that the table itself uses for each type, the most usual one. */
function readTypeWords(db: Database, table: Table<PeopleColumn>): ReadonlyMap<PersonType, string> {
  const words = new Map<PersonType, string>();
  if (!table.columns.has('type')) return words;
  const used = db
    .prepare<[], SqliteCell>(
      `SELECT ${columnOf(table, 'type')} FROM ${quoted(table.name)} GROUP BY 1 ORDER BY count(*) DESC`,
    )
    .pluck();
  for (const cell of used.iterate()) {
    const word = cellText(cell)?.trim() ?? '';
    const type = parsePersonType(word);
    if (type !== undefined && !words.has(type)) words.set(type, word);
  }
  return words;
}
