import type { Database } from 'better-sqlite3';
import type { Text } from '../../../domain/text.ts';
import type { SparSyncError } from '../../../errors.ts';
import { type ColumnIndexes, type ColumnNames, matchColumns, showHeaders } from '../columns.ts';
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
    const names = known.map(([name]) => name).join(', ');
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
    .prepare<[string], [string, number, number]>(
      `SELECT name, "notnull", pk FROM pragma_table_xinfo(?, 'main') WHERE hidden <> 1`,
    )
    .raw()
    .all(name);
  const headers = present.map(([header]) => header);
  const matched = matchColumns(headers, ours, columns);
  const trouble = matched.kind === 'mismatched' ? matched.trouble : missing(matched.indexes);
  if (matched.kind === 'mismatched' || trouble !== undefined)
    throw mismatchedTable(`${path}#${name}`, trouble, headers);

  const result = new Map<Column, TableColumn>();
  for (const [our, index] of matched.indexes) {
    const [column, notNull, pk] = present[index] ?? ['', 0, 0];
    result.set(our, { name: column, mayBeNull: notNull === 0 && pk === 0 });
  }
  const hasRowid = kind === 'table' && withoutRowid === 0;
  const rowid = ['rowid', '_rowid_', 'oid'].find(
    (alias) => !headers.some((header) => sameName(header, alias)),
  );
  return { name, columns: result, rowid: hasRowid ? rowid : undefined, isView: kind === 'view' };
}

function mismatchedTable(
  place: string,
  trouble: Text | undefined,
  headers: readonly string[],
): SparSyncError {
  const shown = showHeaders(headers);
  const there: Text =
    shown === undefined
      ? { en: '', sv: '' }
      : { en: `Its columns are: ${shown}. `, sv: `Dess kolumner är: ${shown}. ` };
  return rosterTrouble(
    place,
    'reading',
    { en: `${trouble?.en}.`, sv: `${trouble?.sv}.` },
    {
      en: `${there.en}Map our names to its columns with "columns" in the configuration.`,
      sv: `${there.sv}Koppla våra namn till dess kolumner med "columns" i konfigurationen.`,
    },
  );
}

/** A name inside SQL, whatever characters it has. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** SQLite folds the case of ASCII letters only, in the names of tables and columns. */
function sameName(a: string, b: string): boolean {
  return foldAscii(a) === foldAscii(b);
}

function foldAscii(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}
