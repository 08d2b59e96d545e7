import type { Database } from 'better-sqlite3';
import { type SqliteCell, storedLike } from '../sqlite-cell.ts';
import { quoted, type Table } from '../sqlite-table.ts';

/** In what manner a column keeps things, as far as its rows show. */
export interface ColumnCustom {
  /** What most of its empty cells hold; NULL where there are none, if that is allowed. */
  readonly empty: null | '';
  /** Whether most of the others are whole numbers. */
  readonly isWhole: boolean;
}

/** Looks at each column once, when it is first asked for. */
export function createColumnCustoms(db: Database, table: Table<string>): (column: string) => ColumnCustom {
  const known = new Map<string, ColumnCustom>();
  return (column) => {
    const before = known.get(column);
    if (before !== undefined) return before;
    const name = quoted(column);
    const [nulls = 0n, blanks = 0n, whole = 0n, others = 0n] =
      db
        .prepare<[], bigint[]>(
          `SELECT count(*) FILTER (WHERE ${name} IS NULL), count(*) FILTER (WHERE ${name} = ''),
             count(*) FILTER (WHERE typeof(${name}) = 'integer'),
             count(*) FILTER (WHERE typeof(${name}) <> 'integer' AND ${name} <> '')
           FROM ${quoted(table.name)}`,
        )
        .raw()
        .get() ?? [];
    const mayBeNull = table.stored.some((stored) => stored.name === column && stored.mayBeNull);
    const custom: ColumnCustom = {
      empty: mayBeNull && nulls >= blanks ? null : '',
      isWhole: whole > others,
    };
    known.set(column, custom);
    return custom;
  };
}

/** What to store for a text in a cell of a new row. */
export function storedByCustom(text: string, custom: ColumnCustom): SqliteCell {
  return storedLike(custom.isWhole ? 0n : '', text, custom.empty);
}
