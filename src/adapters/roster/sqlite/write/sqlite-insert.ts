import type { Database } from 'better-sqlite3';
import type { WholeRow } from '../../../../domain/whole-row.ts';
import { cellText, type SqliteCell } from '../sqlite-cell.ts';
import type { At } from '../sqlite-find.ts';
import { identityOf, quoted, type Table, whereIdentity } from '../sqlite-table.ts';
import { fromWhole } from '../sqlite-whole.ts';

/** What a new row is to hold, by the table's own names; columns that are missing take the database's defaults. */
export type NewCells = ReadonlyMap<string, SqliteCell>;

/** Adds a row and tells where it stands; `undefined` where a trigger passed it over without a word. */
export function insertRow(
  db: Database,
  table: Table<string>,
  cells: NewCells,
  rowid?: bigint,
): At | undefined {
  const names = [...cells.keys()].map(quoted);
  const values = [...cells.values()];
  if (rowid !== undefined && table.rowid !== undefined) {
    names.unshift(table.rowid);
    values.unshift(rowid);
  }
  const row =
    names.length === 0
      ? 'DEFAULT VALUES'
      : `(${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`;
  // OR ABORT: a column declared ON CONFLICT REPLACE would otherwise delete the row it collides with.
  const insert = `INSERT OR ABORT INTO ${quoted(table.name)} ${row}`;
  if (table.rowid === undefined && table.primaryKey.length === 0) {
    db.prepare<SqliteCell[]>(insert).run(...values);
    return identityOf(table).map((column) => values[names.indexOf(column)] ?? null);
  }
  const [at] = db
    .prepare<SqliteCell[], SqliteCell[]>(`${insert} RETURNING ${identityOf(table).join(', ')}`)
    .raw()
    .all(...values);
  return at;
}

/** Puts a row back with all that it held, where it stood if there is room; `undefined` where a column is gone. */
export function insertWhole(db: Database, table: Table<string>, whole: WholeRow): At | undefined {
  const columns = new Set(table.stored.map(({ name }) => name));
  if (!whole.cells.every(({ column }) => columns.has(column))) return undefined;
  const cells = new Map(whole.cells.map(({ column, value }) => [column, fromWhole(value)]));
  return insertRow(db, table, cells, findRoom(db, table, whole.at));
}

/** A rowid that makes a row the one at this ordinal; `undefined` where none is free there, or a column is the rowid. */
function findRoom(db: Database, table: Table<string>, row: number): bigint | undefined {
  if (table.rowid === undefined || table.numbered !== undefined) return undefined;
  const rowids = db
    .prepare<bigint[], bigint>(
      `SELECT ${table.rowid} FROM ${quoted(table.name)} ORDER BY ${table.rowid} LIMIT 2 OFFSET ?`,
    )
    .pluck();
  const found = rowids.all(BigInt(Math.max(row - 1, 0)));
  const [before = 0n, next] = row === 0 ? [0n, found[0]] : found;
  return next !== undefined && before >= 0n && before + 1n < next ? before + 1n : undefined;
}

/** Some cells of one row, by the table's own names; `undefined` where it is not there, or not once. */
export function readCells(
  db: Database,
  table: Table<string>,
  columns: readonly string[],
  at: At,
): readonly SqliteCell[] | undefined {
  const names = ['NULL', ...columns.map(quoted)].join(', ');
  const [row, another] = db
    .prepare<SqliteCell[], SqliteCell[]>(
      `SELECT ${names} FROM ${quoted(table.name)} WHERE ${whereIdentity(table)}`,
    )
    .raw()
    .all(...at);
  return another === undefined ? row?.slice(1) : undefined;
}

/** Removes a row; whether it is gone. */
export function deleteRow(db: Database, table: Table<string>, at: At): boolean {
  const from = `FROM ${quoted(table.name)} WHERE ${whereIdentity(table)}`;
  db.prepare<SqliteCell[]>(`DELETE ${from}`).run(...at);
  return db.prepare<SqliteCell[]>(`SELECT 1 ${from}`).get(...at) === undefined;
}

/** Whether a number column has made something else of a text: it takes "0701" and keeps 701. */
export function isMangled(cell: SqliteCell, text: string): boolean {
  return (typeof cell === 'bigint' || typeof cell === 'number') && cellText(cell) !== text;
}
