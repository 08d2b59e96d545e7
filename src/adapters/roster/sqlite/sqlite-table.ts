import type { Database } from 'better-sqlite3';
import type { Text } from '../../../domain/text.ts';
import type { SparSyncError } from '../../../errors.ts';
import { type ColumnIndexes, type ColumnNames, listHeaders, matchColumns } from '../columns.ts';
import { rosterTrouble } from './sqlite-trouble.ts';

/** How one of our columns stands in a table. */
export interface TableColumn {
  /** As the table spells it. */
  readonly name: string;
  readonly mayBeNull: boolean;
}

/** A table, or a view, of somebody else's database. */
export interface Table<Column extends string> {
  /** As the database spells it. */
  readonly name: string;
  /** By our names. Those that the table lacks are missing. */
  readonly columns: ReadonlyMap<Column, TableColumn>;
  /** Every column, theirs too, except those that the database computes. */
  readonly stored: readonly TableColumn[];
  /** Names of the primary key's columns; none for views. */
  readonly primaryKey: readonly string[];
  /** The column that is the rowid itself, so that the database numbers new rows (`INTEGER PRIMARY KEY`). */
  readonly numbered: string | undefined;
  /** The name under which the rowid can be had; missing for views and WITHOUT ROWID tables. */
  readonly rowid: string | undefined;
  readonly isView: boolean;
}

export interface TableWanted<Column extends string> {
  readonly table: string;
  /** Our names of columns to the table's; the others are looked for under our name. */
  readonly columns?: ColumnNames<Column>;
}

/**
 * Looks a table up, with those of `ours` that it has. Throws `roster-unreadable`, naming what is there instead,
 * where the table is missing, or a column that the configuration names, or one that `missing` names.
 */
export function findTable<Column extends string>(
  db: Database,
  path: string,
  { table, columns = {} }: TableWanted<Column>,
  ours: readonly Column[],
  missing: (indexes: ColumnIndexes<Column>) => Text | undefined,
): Table<Column> {
  const known = db
    .prepare<[], [string, string, number]>(
      `SELECT name, type, wr FROM pragma_table_list
       WHERE schema = 'main' AND type <> 'shadow' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name`,
    )
    .raw()
    .all();
  const found = known.find(([name]) => name === table) ?? known.find(([name]) => sameName(name, table));
  if (found === undefined) {
    const names = listHeaders(known.map(([name]) => name));
    throw rosterTrouble(
      `${path}#${table}`,
      'reading',
      { en: 'the database has no such table.', sv: 'databasen har ingen sådan tabell.' },
      names === ''
        ? {
            en: 'It has no tables at all; check `roster.path`.',
            sv: 'Den har inga tabeller alls; kontrollera `roster.path`.',
          }
        : { en: `Its tables are: ${names}.`, sv: `Dess tabeller är: ${names}.` },
    );
  }
  const [name, kind, withoutRowid] = found;

  // Hidden 1 are the arguments of virtual tables; generated columns (2 and 3) can be read like others.
  const present = db
    .prepare<[string], [string, number, number, number, string]>(
      `SELECT name, "notnull", pk, hidden, type FROM pragma_table_xinfo(?, 'main') WHERE hidden <> 1`,
    )
    .raw()
    .all(name);
  const headers = present.map(([header]) => header);
  const matched = matchColumns(headers, ours, columns);
  const trouble = matched.kind === 'mismatched' ? matched.trouble : missing(matched.indexes);
  if (matched.kind === 'mismatched' || trouble !== undefined)
    throw mismatchedTable(`${path}#${name}`, trouble, headers);

  const all = present.map(([column, notNull, pk]) => ({
    name: column,
    mayBeNull: notNull === 0 && pk === 0,
  }));
  const result = new Map<Column, TableColumn>();
  for (const [our, index] of matched.indexes) result.set(our, all[index] ?? { name: '', mayBeNull: false });
  const hasRowid = kind === 'table' && withoutRowid === 0;
  const key = present.filter(([, , pk]) => pk > 0).sort(([, , a], [, , b]) => a - b);
  const [first] = key;
  const isNumbered =
    hasRowid && key.length === 1 && /^integer$/i.test(first?.[4] ?? '') && !hasKeyIndex(db, name);
  const rowid = ['rowid', '_rowid_', 'oid'].find(
    (alias) => !headers.some((header) => sameName(header, alias)),
  );
  return {
    name,
    columns: result,
    stored: all.filter((_, i) => present[i]?.[3] === 0),
    primaryKey: key.map(([column]) => column),
    numbered: isNumbered ? first?.[0] : undefined,
    rowid: hasRowid ? rowid : undefined,
    isView: kind === 'view',
  };
}

/** `INTEGER PRIMARY KEY DESC` has an index of its own and is no rowid; nothing else tells them apart. */
function hasKeyIndex(db: Database, table: string): boolean {
  const indexes = db.prepare("SELECT 1 FROM pragma_index_list(?, 'main') WHERE origin = 'pk'");
  return indexes.get(table) !== undefined;
}

/** Our columns that tell the rows of a view apart, which has no key of its own. */
const KEY_COLUMNS: ReadonlySet<string> = new Set(['id', 'type', 'student_id', 'guardian_id']);

/** The columns, as SQL, whose values find one row again: the rowid, else the primary key, else ours. */
export function identityOf(table: Table<string>): readonly string[] {
  if (table.rowid !== undefined) return [table.rowid];
  if (table.primaryKey.length > 0) return table.primaryKey.map(quoted);
  return [...table.columns].flatMap(([our, { name }]) => (KEY_COLUMNS.has(our) ? [quoted(name)] : []));
}

/** The condition that finds one row by the values of `identityOf`. */
export function whereIdentity(table: Table<string>): string {
  return identityOf(table)
    .map((column) => `${column} IS ?`)
    .join(' AND ');
}

/** One of our columns as SQL. */
export function columnOf<Column extends string>(table: Table<Column>, our: Column): string {
  const column = table.columns.get(our);
  if (column === undefined) throw new Error(`the table has no column for ${our}`);
  return quoted(column.name);
}

function mismatchedTable(
  place: string,
  trouble: Text | undefined,
  headers: readonly string[],
): SparSyncError {
  const shown = listHeaders(headers);
  return rosterTrouble(
    place,
    'reading',
    { en: `${trouble?.en}.`, sv: `${trouble?.sv}.` },
    {
      en: `Its columns are: ${shown}. Map our names to its columns with "columns" in the configuration.`,
      sv: `Dess kolumner är: ${shown}. Koppla våra namn till dess kolumner med "columns" i inställningarna.`,
    },
  );
}

/** A name inside SQL, whatever characters it has. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** SQLite folds the case of ASCII letters only, in the names of tables and columns. */
export function sameName(a: string, b: string): boolean {
  return foldAscii(a) === foldAscii(b);
}

function foldAscii(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
