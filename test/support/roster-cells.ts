import Sqlite from 'better-sqlite3';

/** One cell as it stands in the file: its place, its bytes, and whose and which it is. */
export interface RawCell {
  /** `student:17 street`, or the place alone where the row has no id. */
  readonly name: string;
  readonly raw: string;
}

/** A roster as an alternation of cells and of everything between them. */
export interface RawRoster {
  readonly cells: readonly RawCell[];
  /** Delimiters, line ends, the BOM; for a database its structure. */
  readonly between: readonly string[];
}

/** Our field → the roster's header. */
export type Headers = Readonly<Record<string, string>>;

const TYPES: Readonly<Record<string, string>> = {
  student: 'student',
  elev: 'student',
  staff: 'staff',
  personal: 'staff',
  guardian: 'guardian',
  vårdnadshavare: 'guardian',
  närstående: 'guardian',
};

/**
 * Takes a CSV file apart byte by byte (as latin1), with a lexer of its own: what the program's own reader
 * thinks of the file must not decide whether it has left the file alone.
 */
export function readRawCsv(bytes: Buffer, columns: Headers, type: string | undefined): RawRoster {
  const text = bytes.toString('latin1');
  const { records, between } = splitCsv(text);
  const header = (records[0] ?? []).map((cell) => textOf(cell));
  const fieldOf = header.map((name) => Object.entries(columns).find(([, h]) => h === name)?.[0] ?? name);
  const cells = records.flatMap((record, line) => {
    const cellOf = (field: string) => textOf(record[fieldOf.indexOf(field)] ?? '');
    const id = line === 0 ? '' : cellOf('id');
    const rowType = type ?? TYPES[cellOf('type').trim().toLowerCase()];
    const row = id === '' || rowType === undefined ? `line ${line + 1}` : `${rowType}:${id}`;
    return record.map((raw, i) => ({ name: `${row} ${fieldOf[i] ?? i}`, raw }));
  });
  return { cells, between };
}

/** The value in a raw cell: without its quotes, as UTF-8 where it is that, else as latin1. */
export function textOf(raw: string): string {
  const quoted = raw.startsWith('"') && raw.endsWith('"') && raw.length > 1;
  const value = quoted ? raw.slice(1, -1).replaceAll('""', '"') : raw;
  const bytes = Buffer.from(value, 'latin1');
  const utf8 = bytes.toString('utf8');
  return utf8.includes('�') ? value : utf8;
}

function splitCsv(text: string) {
  const bom = text.startsWith('\u00ef\u00bb\u00bf') ? text.slice(0, 3) : '';
  const first = text.slice(bom.length, text.search(/[\r\n]/) + 1 || undefined);
  const delimiter = [';', '\t', ','].find((sign) => first.includes(sign)) ?? ',';
  const between = [bom];
  const records: string[][] = [[]];
  let [cell, quoted] = ['', false];
  for (let at = bom.length; at < text.length; at++) {
    const sign = text.charAt(at);
    if (sign === '"') quoted = !quoted;
    if (quoted || (sign !== delimiter && sign !== '\r' && sign !== '\n')) {
      cell += sign;
      continue;
    }
    const end = sign === '\r' && text.charAt(at + 1) === '\n' ? '\r\n' : sign;
    records.at(-1)?.push(cell);
    cell = '';
    between.push(end);
    if (end === '\r\n') at++;
    if (sign !== delimiter) records.push([]);
  }
  if (cell !== '' || records.at(-1)?.length !== 0) records.at(-1)?.push(cell);
  return { records, between };
}

/** The same for a database: the cells of the tables with people, and everything else as text. */
export function readRawSqlite(
  path: string,
  people: readonly { table: string; columns?: Headers; type?: string }[],
): RawRoster {
  const db = new Sqlite(path, { readonly: true });
  const cells: RawCell[] = [];
  for (const { table, columns = {}, type } of people) {
    for (const row of db.prepare<[], Record<string, unknown>>(`SELECT * FROM "${table}"`).all()) {
      const cellOf = (field: string) => String(row[columns[field] ?? field] ?? '');
      const key = `${type ?? TYPES[cellOf('type').toLowerCase()]}:${cellOf('id')}`;
      for (const [header, value] of Object.entries(row)) {
        const field = Object.entries(columns).find(([, name]) => name === header)?.[0] ?? header;
        cells.push({ name: `${key} ${field}`, raw: value === null ? '' : String(value) });
      }
    }
  }
  db.close();
  return { cells, between: [dumpSqlite(path, new Set(people.map(({ table }) => table)))] };
}

/** A database as SQL text: structure, then rows in order. `without`: tables whose rows are left out. */
export function dumpSqlite(path: string, without: ReadonlySet<string> = new Set()): string {
  const db = new Sqlite(path, { readonly: true });
  const lines: string[] = [];
  const objects = db
    .prepare<[], { type: string; name: string; sql: string }>(
      "SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY type DESC, name",
    )
    .all();
  for (const { type, name, sql } of objects) {
    lines.push(`${sql};`);
    if (type !== 'table' || without.has(name)) continue;
    const columns = db.prepare(`SELECT name FROM pragma_table_info(?)`).pluck().all(name);
    const quoted = columns.map((column) => `quote("${String(column)}")`).join(` || ', ' || `);
    for (const row of db.prepare(`SELECT ${quoted} FROM "${name}" ORDER BY 1`).pluck().all()) {
      lines.push(`INSERT INTO ${name} VALUES (${String(row)});`);
    }
  }
  db.close();
  return `${lines.join('\n')}\n`;
}
