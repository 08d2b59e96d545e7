import type { Database, Statement } from 'better-sqlite3';
import type { FieldChange } from '../../../../domain/plan.ts';
import type { PeopleColumn } from '../../columns.ts';
import { cellText, type SqliteCell, storedLike } from '../sqlite-cell.ts';
import type { At } from '../sqlite-find.ts';
import { columnOf, quoted, type Table, whereIdentity } from '../sqlite-table.ts';
import { createColumnCustoms } from './sqlite-column-custom.ts';
import { isMangled } from './sqlite-insert.ts';
import type { Refusal } from './sqlite-savepoint.ts';

/** Edits the row that stands there, if it holds what the plan saw. */
export type EditRow = (cells: readonly FieldChange[], at: At) => Refusal | undefined;

interface Statements {
  readonly select: Statement<SqliteCell[], SqliteCell[]>;
  readonly update: Statement<SqliteCell[]>;
}

export function createRowEditor(db: Database, table: Table<PeopleColumn>): EditRow {
  const customOf = createColumnCustoms(db, table);
  const known = new Map<string, Statements>();

  const prepare = (columns: readonly string[]): Statements => {
    const signature = columns.join(', ');
    let statements = known.get(signature);
    if (statements === undefined) {
      const set = columns.map((column) => `${column} = ?`).join(', ');
      const where = `WHERE ${whereIdentity(table)}`;
      statements = {
        select: db
          .prepare<SqliteCell[], SqliteCell[]>(`SELECT ${signature} FROM ${quoted(table.name)} ${where}`)
          .raw(),
        // OR ABORT: a column declared ON CONFLICT REPLACE would otherwise delete the row it collides with.
        update: db.prepare<SqliteCell[]>(`UPDATE OR ABORT ${quoted(table.name)} SET ${set} ${where}`),
      };
      known.set(signature, statements);
    }
    return statements;
  };

  return (cells, at) => {
    const { select, update } = prepare(cells.map(({ field }) => columnOf(table, field)));
    const [now, another] = select.all(...at);
    if (now === undefined || another !== undefined) return 'roster-changed';
    if (cells.some(({ from }, i) => cellText(now[i] ?? null) !== from)) return 'roster-changed';

    const values = cells.map(({ field, to }, i) =>
      storedLike(now[i] ?? null, to, to === '' ? customOf(table.columns.get(field)?.name ?? '').empty : ''),
    );
    const { changes } = update.run(...values, ...at);
    // A trigger may pass over a row without a word; for a view, SQLite does not count.
    if (!table.isView && changes !== 1) return 'row-refused';
    const after = select.get(...at) ?? [];
    return cells.some(({ to }, i) => isMangled(after[i] ?? null, to)) ? 'row-refused' : undefined;
  };
}
