import Database, { type Database as Connection, type Statement } from 'better-sqlite3';
import type { RefusedRow, RowEdit } from '../../../app/ports.ts';
import { type PersonType, rowKeyText } from '../../../domain/roster.ts';
import type { PeopleColumn } from '../columns.ts';
import { cellText, type SqliteCell, storedLike } from './sqlite-cell.ts';
import { rowKeyOf } from './sqlite-row.ts';
import { quoted, type Table } from './sqlite-table.ts';

/** A table of people, as found. */
export interface PeopleTable {
  /** Of everybody in it; without it, the table has a column for the type. */
  readonly type: PersonType | undefined;
  readonly table: Table<PeopleColumn>;
}

/**
 * Carries out edits in one transaction, on a connection that hands over whole numbers as BigInt. A row that no
 * longer holds what the plan saw is left alone, as is one that the database will not take: it is rolled back by
 * itself and the others go in.
 */
export function commitEdits(
  db: Connection,
  people: readonly PeopleTable[],
  edits: readonly RowEdit[],
): readonly RefusedRow[] {
  db.pragma('foreign_keys = ON');
  db.pragma('synchronous = FULL');
  // A trigger may roll back everything (RAISE(ROLLBACK)); then all is done again without that row.
  const fatal = new Set<RowEdit>();
  for (;;) {
    const outcome = attempt(db, people, edits, fatal);
    if (outcome.kind === 'done') return outcome.refused;
    fatal.add(outcome.by);
  }
}

type Attempt =
  | { readonly kind: 'done'; readonly refused: readonly RefusedRow[] }
  | { readonly kind: 'rolled-back'; readonly by: RowEdit };

function attempt(
  db: Connection,
  people: readonly PeopleTable[],
  edits: readonly RowEdit[],
  fatal: ReadonlySet<RowEdit>,
): Attempt {
  const refused: RefusedRow[] = [];
  db.exec('BEGIN IMMEDIATE');
  try {
    for (const [source, table] of people.entries()) {
      const here = edits.filter((edit) => edit.place.source === source);
      if (here.length === 0) continue;
      const writer = createRowWriter(db, table, here);
      for (const edit of here) {
        const reason = fatal.has(edit) ? 'row-refused' : writer(edit);
        if (!db.inTransaction) return { kind: 'rolled-back', by: edit };
        if (reason !== undefined) refused.push({ key: edit.key, reason });
      }
    }
    db.exec('COMMIT');
    return { kind: 'done', refused };
  } finally {
    if (db.inTransaction) db.exec('ROLLBACK');
  }
}

type RowWriter = (edit: RowEdit) => RefusedRow['reason'] | undefined;

function createRowWriter(db: Connection, { type, table }: PeopleTable, edits: readonly RowEdit[]): RowWriter {
  const rows = locate(db, { type, table }, edits);
  const where = table.rowid === undefined ? whereKey(table) : `${table.rowid} = ?`;
  const empty = createEmptyValues(db, table);
  const save = db.prepare('SAVEPOINT spar_sync_row');
  const release = db.prepare('RELEASE spar_sync_row');
  const undo = db.prepare('ROLLBACK TO spar_sync_row');
  const statements = new Map<
    string,
    { select: Statement<SqliteCell[], SqliteCell[]>; update: Statement<SqliteCell[]> }
  >();

  const prepare = (columns: readonly string[]) => {
    const signature = columns.join(', ');
    let pair = statements.get(signature);
    if (pair === undefined) {
      const set = columns.map((column) => `${column} = ?`).join(', ');
      pair = {
        select: db
          .prepare<SqliteCell[], SqliteCell[]>(
            `SELECT ${signature} FROM ${quoted(table.name)} WHERE ${where}`,
          )
          .raw(),
        // OR ABORT: a column declared ON CONFLICT REPLACE would otherwise delete the row it collides with.
        update: db.prepare<SqliteCell[]>(`UPDATE OR ABORT ${quoted(table.name)} SET ${set} WHERE ${where}`),
      };
      statements.set(signature, pair);
    }
    return pair;
  };

  const write = (edit: RowEdit, at: readonly SqliteCell[]): RefusedRow['reason'] | undefined => {
    const columns = edit.cells.map(({ field }) => columnOf(table, field));
    const { select, update } = prepare(columns);
    const [now, another] = select.all(...at);
    if (now === undefined || another !== undefined) return 'roster-changed';
    if (edit.cells.some(({ from }, i) => cellText(now[i] ?? null) !== from)) return 'roster-changed';

    const values = edit.cells.map(({ to }, i) =>
      storedLike(now[i] ?? null, to, to === '' ? empty(columns[i] ?? '') : ''),
    );
    const { changes } = update.run(...values, ...at);
    // A trigger may pass over a row without a word; for a view, SQLite does not count.
    if (!table.isView && changes !== 1) return 'row-refused';
    const after = select.get(...at) ?? [];
    // A number column takes "0701" and keeps 701.
    const mangled = edit.cells.some(({ to }, i) => {
      const cell = after[i] ?? null;
      return (typeof cell === 'bigint' || typeof cell === 'number') && cellText(cell) !== to;
    });
    return mangled ? 'row-refused' : undefined;
  };

  return (edit) => {
    if (edit.cells.length === 0) return undefined;
    const found = rows.get(rowKeyText(edit.key));
    if (found === undefined || found === 'several') return 'roster-changed';
    save.run();
    let reason: RefusedRow['reason'] | undefined;
    try {
      reason = write(edit, found);
    } catch (error) {
      if (!concernsRow(error)) throw error;
      reason = 'row-refused';
    }
    if (!db.inTransaction) return 'row-refused';
    if (reason !== undefined) undo.run();
    release.run();
    return reason;
  };
}

/** Where each row stands now, in one scan: an id need not be unique in its table, nor have an index. */
function locate(
  db: Connection,
  { type, table }: PeopleTable,
  edits: readonly RowEdit[],
): ReadonlyMap<string, readonly SqliteCell[] | 'several'> {
  const wanted = new Set(edits.map((edit) => rowKeyText(edit.key)));
  const found = new Map<string, readonly SqliteCell[] | 'several'>();
  const typeColumn = table.columns.has('type') ? columnOf(table, 'type') : 'NULL';
  const scan = db
    .prepare<[], SqliteCell[]>(
      `SELECT ${columnOf(table, 'id')}, ${typeColumn}, ${table.rowid ?? 'NULL'} FROM ${quoted(table.name)}`,
    )
    .raw();
  for (const [idCell = null, typeCell = null, rowid = null] of scan.iterate()) {
    const key = rowKeyOf(type, cellText(idCell), cellText(typeCell));
    if (typeof key === 'string') continue;
    const text = rowKeyText(key);
    if (!wanted.has(text)) continue;
    const keyCells = table.columns.has('type') ? [idCell, typeCell] : [idCell];
    found.set(text, found.has(text) ? 'several' : table.rowid === undefined ? keyCells : [rowid]);
  }
  return found;
}

function whereKey(table: Table<PeopleColumn>): string {
  const columns: PeopleColumn[] = table.columns.has('type') ? ['id', 'type'] : ['id'];
  return columns.map((our) => `${columnOf(table, our)} IS ?`).join(' AND ');
}

function columnOf(table: Table<PeopleColumn>, our: PeopleColumn): string {
  const column = table.columns.get(our);
  if (column === undefined) throw new Error(`the table has no column for ${our}`);
  return quoted(column.name);
}

/** What an emptied cell holds: what most empty cells of its column hold, NULL where there are none. */
function createEmptyValues(db: Connection, table: Table<PeopleColumn>): (column: string) => null | '' {
  const known = new Map<string, null | ''>();
  return (column) => {
    const before = known.get(column);
    if (before !== undefined) return before;
    const mayBeNull = [...table.columns.values()].some(
      ({ name, mayBeNull }) => quoted(name) === column && mayBeNull,
    );
    const count = db
      .prepare<[], bigint[]>(
        `SELECT count(*) FILTER (WHERE ${column} IS NULL), count(*) FILTER (WHERE ${column} = '') FROM ${quoted(table.name)}`,
      )
      .raw();
    const [nulls = 0n, blanks = 0n] = (mayBeNull && count.get()) || [];
    const value = mayBeNull && nulls >= blanks ? null : '';
    known.set(column, value);
    return value;
  };
}

/** Constraints, triggers and values of the wrong kind concern one row; a full disk concerns them all. */
function concernsRow(error: unknown): boolean {
  if (!(error instanceof Database.SqliteError)) return false;
  return /^SQLITE_(CONSTRAINT|MISMATCH|TOOBIG|ERROR)/.test(error.code);
}
