import type { Database } from 'better-sqlite3';
import { cellText, isText, legibleText, REPLACEMENT, type SqliteCell } from './sqlite-cell.ts';
import { quoted, type Table } from './sqlite-table.ts';

/** How many rows are handed over at a time. */
const BATCH = 500;

export interface TableRow {
  /** Ordinal, from 0. */
  readonly row: number;
  /** The rowid, or the ordinal from 1 where there is none. */
  readonly line: number;
  /** In the order asked; `undefined` for a column that the table lacks. Missing where a cell is not text. */
  readonly texts: readonly (string | undefined)[] | undefined;
  /** Only where `texts` is missing: what can be read of the cells all the same, in the order asked. */
  readonly legible?: readonly (string | undefined)[];
}

/**
 * Streams the wanted columns of every row, in the order of the rowids. Runs inside the caller's transaction, on a
 * connection that hands over whole numbers as BigInt.
 */
export function* readTable<Column extends string>(
  db: Database,
  table: Table<Column>,
  wanted: readonly Column[],
): Generator<readonly TableRow[]> {
  const columns = wanted.map((our) => table.columns.get(our)?.name);
  const encoding = String(db.pragma('encoding', { simple: true }));
  const bytes = createByteReader(
    db,
    select(table, columns, (column) => `CAST(${column} AS BLOB)`),
  );
  let batch: TableRow[] = [];
  let row = 0;
  try {
    const stored = db.prepare<[], SqliteCell[]>(select(table, columns, (column) => column)).raw();
    for (const cells of stored.iterate()) {
      const line = table.rowid === undefined ? row + 1 : Number(cells[0]);
      let texts = readTexts(columns, cells);
      if (texts?.some((text) => text?.includes(REPLACEMENT))) {
        const sound = bytes
          .at(row)
          .every((cell, i) => i === 0 || !(cell instanceof Uint8Array) || isText(cell, encoding));
        if (!sound) texts = undefined;
      }
      if (texts !== undefined) batch.push({ row, line, texts });
      else batch.push({ row, line, texts, legible: cells.slice(1).map(legibleText) });
      row++;
      if (batch.length < BATCH) continue;
      yield batch;
      batch = [];
    }
    if (batch.length > 0) yield batch;
  } finally {
    bytes.close();
  }
}

/** The rowid comes first, then the columns. */
function select(
  table: Table<string>,
  columns: readonly (string | undefined)[],
  each: (column: string) => string,
): string {
  const cells = columns.map((column) => (column === undefined ? 'NULL' : each(quoted(column))));
  const order = table.rowid === undefined ? '' : `ORDER BY ${table.rowid}`;
  return `SELECT ${table.rowid ?? 'NULL'}, ${cells.join(', ')} FROM ${quoted(table.name)} ${order}`;
}

function readTexts(
  columns: readonly (string | undefined)[],
  cells: readonly SqliteCell[],
): (string | undefined)[] | undefined {
  const texts: (string | undefined)[] = [];
  for (let i = 0; i < columns.length; i++) {
    if (columns[i] === undefined) {
      texts.push(undefined);
      continue;
    }
    const text = cellText(cells[i + 1] ?? null);
    if (text === undefined) return undefined;
    texts.push(text);
  }
  return texts;
}

/**
 * The same rows once more as bytes: begun where a text is first in doubt, and kept in step with the reading from
 * then on, so that views and tables without a rowid need no way to find a row again.
 */
function createByteReader(db: Database, sql: string) {
  let rows: IterableIterator<SqliteCell[]> | undefined;
  let next = 0;
  return {
    at(row: number): readonly SqliteCell[] {
      rows ??= db.prepare<[], SqliteCell[]>(sql).raw().iterate();
      for (; next < row; next++) rows.next();
      next++;
      const { value, done } = rows.next();
      return done ? [] : value;
    },
    close(): void {
      rows?.return?.();
    },
  };
}
