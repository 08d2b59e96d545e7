import type { Database } from 'better-sqlite3';
import type { SqliteCell } from './sqlite-cell.ts';
import type { At } from './sqlite-find.ts';
import { identityOf, quoted, sameName, type Table } from './sqlite-table.ts';

/** Tells which tables hold a row that refers to a given one. */
export type FindReferrers = (at: At) => readonly string[];

/**
 * Looks through the foreign keys of every table for those to this one. A row that refers to itself does not
 * count. Columns are compared by the rules of the table that is referred to, as SQLite does for the key itself.
 */
export function createReferrerFinder(db: Database, table: Table<string>): FindReferrers {
  const identity = identityOf(table).map((column) => `parent.${column}`);
  const where = identity.map((column) => `${column} IS ?`).join(' AND ');
  const references = referencesTo(db, table).map(({ child, pairs }) => {
    const matches = pairs.map(([to, from]) => `parent.${quoted(to)} = child.${quoted(from)}`);
    if (sameName(child, table.name)) {
      const own = identityOf(table).map((column) => `child.${column} IS parent.${column}`);
      matches.push(`NOT (${own.join(' AND ')})`);
    }
    return {
      child,
      find: db.prepare<SqliteCell[]>(
        `SELECT 1 FROM ${quoted(table.name)} AS parent JOIN ${quoted(child)} AS child ON ${matches.join(' AND ')}
         WHERE ${where} LIMIT 1`,
      ),
    };
  });
  return (at) => [
    ...new Set(references.flatMap(({ child, find }) => (find.get(...at) === undefined ? [] : [child]))),
  ];
}

interface Reference {
  readonly child: string;
  /** The column that is referred to, and the one that refers. */
  readonly pairs: readonly (readonly [string, string])[];
}

function referencesTo(db: Database, table: Table<string>): readonly Reference[] {
  // Views and virtual tables have no foreign keys.
  const rows = db
    .prepare<[], [string, bigint, bigint, string, string, string | null]>(
      `SELECT child.name, fk.id, fk.seq, fk."table", fk."from", fk."to"
       FROM pragma_table_list AS child, pragma_foreign_key_list(child.name, 'main') AS fk
       WHERE child.schema = 'main' AND child.type = 'table' ORDER BY child.name, fk.id, fk.seq`,
    )
    .raw()
    .all();
  const found = new Map<string, { child: string; pairs: (readonly [string, string])[] }>();
  for (const [child, id, seq, parent, from, to] of rows) {
    if (!sameName(parent, table.name)) continue;
    const reference = found.get(`${id} ${child}`) ?? { child, pairs: [] };
    const column = to ?? table.primaryKey[Number(seq)];
    if (column !== undefined) reference.pairs.push([column, from]);
    found.set(`${id} ${child}`, reference);
  }
  return [...found.values()].filter(({ pairs }) => pairs.length > 0);
}
