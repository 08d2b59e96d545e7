import type { Database } from 'better-sqlite3';
import { type RowKey, rowKeyText } from '../../../domain/roster.ts';
import { type LinkKey, linkKeyText } from '../../../domain/roster-write.ts';
import type { LinkColumn } from '../columns.ts';
import { cellText, type SqliteCell } from './sqlite-cell.ts';
import { rowKeyOf } from './sqlite-row.ts';
import { columnOf, identityOf, quoted, type Table } from './sqlite-table.ts';
import type { LinksTable, PeopleTable } from './sqlite-tables.ts';

/** The values of `identityOf` that find a row again. */
export type At = readonly SqliteCell[];

/** Where a person's row stands. */
export interface KnownRow {
  readonly source: number;
  readonly at: At;
  /** As it is stored: links must hold the same. */
  readonly id: SqliteCell;
}

/** A row as a scan has found it. */
export interface FoundRow extends KnownRow {
  /** `RowPlace.row`. */
  readonly row: number;
}

/** Finds rows in one scan of each table: an id need not be unique in its table, nor have an index. */
export function findPeople(
  db: Database,
  people: readonly PeopleTable[],
  keys: Iterable<RowKey>,
): Map<string, FoundRow | 'several'> {
  const wanted = new Set<string>();
  const types = new Set<string>();
  for (const key of keys) {
    wanted.add(rowKeyText(key));
    types.add(key.type);
  }
  const found = new Map<string, FoundRow | 'several'>();
  for (const [source, { type, table }] of people.entries()) {
    if (wanted.size === 0 || (type !== undefined && !types.has(type))) continue;
    const typeColumn = table.columns.has('type') ? columnOf(table, 'type') : 'NULL';
    let row = -1;
    for (const [id = null, typeCell = null, ...at] of scan(db, table, columnOf(table, 'id'), typeColumn)) {
      row++;
      const key = rowKeyOf(type, cellText(id), cellText(typeCell));
      if (typeof key === 'string') continue;
      const text = rowKeyText(key);
      if (wanted.has(text)) found.set(text, found.has(text) ? 'several' : { source, at, id, row });
    }
  }
  return found;
}

/** Where a link stands. */
export interface FoundLink {
  readonly at: At;
  /** `RowPlace.row`. */
  readonly row: number;
}

/** Where links stood when a write began, without those that it has taken. Several rows may hold one pair. */
export interface LinkIndex {
  has(link: LinkKey): boolean;
  /**
   * Takes the link at this line out of the index, or the first of its pair where nothing stands there; `undefined`
   * where another link does.
   */
  take(link: LinkKey, line: number): FoundLink | undefined;
}

/** Indexes the wanted links in one scan. */
export function indexLinks(db: Database, { table }: LinksTable, wanted: Iterable<LinkKey>): LinkIndex {
  const index = new Map<string, FoundLink[]>();
  for (const link of wanted) index.set(linkKeyText(link), []);
  if (index.size > 0) {
    for (const { link, at, row } of scanLinks(db, table)) index.get(linkKeyText(link))?.push({ at, row });
  }
  return {
    has: (link) => (index.get(linkKeyText(link)) ?? []).length > 0,
    take(link, line) {
      const places = index.get(linkKeyText(link)) ?? [];
      const there = places.findIndex(({ at }) => table.rowid !== undefined && Number(at[0]) === line);
      if (there < 0 && isTaken(db, table, line)) return undefined;
      return places.splice(Math.max(there, 0), 1)[0];
    },
  };
}

/** Whether a row stands at that line of a table whose lines mean something. */
export function isTaken(db: Database, table: Table<string>, line: number): boolean {
  if (table.rowid === undefined) return false;
  const one = db.prepare(`SELECT 1 FROM ${quoted(table.name)} WHERE ${table.rowid} = ?`);
  return Number.isSafeInteger(line) && one.get(BigInt(line)) !== undefined;
}

/** How many links each guardian has. */
export function countLinks(db: Database, { table }: LinksTable): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { link } of scanLinks(db, table)) {
    counts.set(link.guardian, (counts.get(link.guardian) ?? 0) + 1);
  }
  return counts;
}

function* scanLinks(
  db: Database,
  table: Table<LinkColumn>,
): Generator<{ readonly link: LinkKey; readonly at: At; readonly row: number }> {
  let row = 0;
  const columns = [columnOf(table, 'student_id'), columnOf(table, 'guardian_id')];
  for (const [student = null, guardian = null, ...at] of scan(db, table, ...columns)) {
    const link = { student: cellText(student)?.trim() ?? '', guardian: cellText(guardian)?.trim() ?? '' };
    yield { link, at, row };
    row++;
  }
}

/** These columns of every row and what finds the row again, in the order in which rows are read. */
function scan(db: Database, table: Table<string>, ...columns: readonly string[]): Iterable<SqliteCell[]> {
  const order = table.rowid === undefined ? '' : `ORDER BY ${table.rowid}`;
  const wanted = [...columns, ...identityOf(table)].join(', ');
  return db
    .prepare<[], SqliteCell[]>(`SELECT ${wanted} FROM ${quoted(table.name)} ${order}`)
    .raw()
    .iterate();
}
