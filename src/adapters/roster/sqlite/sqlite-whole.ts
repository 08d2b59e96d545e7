import type { Database } from 'better-sqlite3';
import type { WholeRow, WholeValue } from '../../../domain/whole-row.ts';
import { isText, REPLACEMENT, type SqliteCell } from './sqlite-cell.ts';
import type { At } from './sqlite-find.ts';
import { quoted, type Table, whereIdentity } from './sqlite-table.ts';
import type { Refusal } from './write/sqlite-savepoint.ts';

/**
 * One row with all its columns; `row`: its ordinal, for `WholeRow.at`. `roster-changed` where it is not there, or not once; `row-refused` where it holds
 * something that could not be put back (bytes that claim to be text, infinity).
 */
export function readWholeRow(
  db: Database,
  { name, table }: { readonly name: string; readonly table: Table<string> },
  at: At,
  row: number,
): WholeRow | Refusal {
  const rows = select(db, table, at, (column) => column);
  const [stored] = rows;
  if (stored === undefined || rows.length > 1) return 'roster-changed';
  if (stored.some((cell) => typeof cell === 'string' && cell.includes(REPLACEMENT))) {
    const encoding = String(db.pragma('encoding', { simple: true }));
    const [bytes = []] = select(db, table, at, (column) => `CAST(${column} AS BLOB)`);
    const isSound = stored.every((cell, i) => {
      const raw = bytes[i];
      return typeof cell !== 'string' || !(raw instanceof Uint8Array) || isText(raw, encoding);
    });
    if (!isSound) return 'row-refused';
  }
  const values = stored.map(toWhole);
  const fields = new Map([...table.columns].map(([our, column]) => [column.name, our]));
  const cells = table.stored.flatMap(({ name: column }, i) => {
    const value = values[i];
    const field = fields.get(column);
    return value === undefined ? [] : [{ column, ...(field !== undefined && { field }), value }];
  });
  if (cells.length < table.stored.length) return 'row-refused';
  return { source: name, cells, at: row };
}

function select(
  db: Database,
  table: Table<string>,
  at: At,
  each: (column: string) => string,
): readonly (readonly SqliteCell[])[] {
  const columns = table.stored.map(({ name }) => each(quoted(name)));
  return db
    .prepare<SqliteCell[], SqliteCell[]>(
      `SELECT ${columns.join(', ')} FROM ${quoted(table.name)} WHERE ${whereIdentity(table)}`,
    )
    .raw()
    .all(...at);
}

function toWhole(cell: SqliteCell): WholeValue | undefined {
  if (cell === null || typeof cell === 'string') return cell;
  if (typeof cell === 'bigint') return { kind: 'integer', text: cell.toString() };
  if (typeof cell === 'number') return Number.isFinite(cell) ? { kind: 'real', value: cell } : undefined;
  return { kind: 'bytes', base64: Buffer.from(cell).toString('base64') };
}

/** What a column held. */
export function fromWhole(value: WholeValue): SqliteCell {
  if (value === null || typeof value === 'string') return value;
  if (value.kind === 'integer') return BigInt(value.text);
  return value.kind === 'real' ? value.value : Buffer.from(value.base64, 'base64');
}
