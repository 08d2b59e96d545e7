import { readFileSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import { parse } from 'csv-parse/sync';
import { dumpSqlite } from './roster-cells.ts';
import { createSchool, type RegisterToAsk, type SchoolOnDisk } from './school-on-disk.ts';

/** The sample school in one kind of roster. */
export interface SampleRoster {
  create(register: RegisterToAsk): SchoolOnDisk;
  /** Content as text: what is written in one piece stands in one, people before links. */
  read(school: SchoolOnDisk): readonly string[];
  /** Pairs that lead to no guardian's row. */
  linksToNobody(school: SchoolOnDisk): readonly string[];
}

const SAMPLE = new URL('../../fixtures/school/', import.meta.url);

type Row = Readonly<Record<string, string>>;

/** Ids of the sample school's students, each once. */
export function sampleStudents(): string[] {
  return [...new Set(rowsOfType('elev').map(({ id = '' }) => id))];
}

function rowsOfType(type: string): Row[] {
  return tableOf(sample('people.csv')).filter(({ typ }) => typ === type);
}

function tableOf(text: string): Row[] {
  return parse(text, { bom: true, columns: true, delimiter: ';', relax_column_count: true });
}

function sample(name: string): string {
  return readFileSync(new URL(name, SAMPLE), 'utf8');
}

/** One question after the other, guardians among what is asked for; nights are switched on. */
function askable(roster: object) {
  return {
    roster,
    spar: { utokadBehorighet: ['Relationer'], concurrency: 1 },
    automatic: { enabled: true, guardians: true, responsible: 'anna' },
  };
}

/** The sample school as it comes with the program. */
export function sampleCsv(): SampleRoster {
  const { roster } = JSON.parse(sample('config.json'));
  const files = ['people.csv', 'links.csv'];
  return {
    create: (register) =>
      createSchool(register, Object.fromEntries(files.map((name) => [name, sample(name)])), askable(roster)),
    read: (school) => files.map((name) => readFileSync(school.path(name), 'utf8')),
    linksToNobody(school) {
      const table = (name: string) => tableOf(readFileSync(school.path(name), 'utf8'));
      const ids = new Set(table('people.csv').map((row) => row['id']));
      return table('links.csv')
        .filter((link) => !ids.has(link['vårdnadshavare_id']))
        .map((link) => `${link['elev_id']} ${link['vårdnadshavare_id']}`);
    },
  };
}

/** The columns that a database of ours has beside the id: the sample's header → ours. */
const COLUMNS = {
  personnummer: 'personnummer',
  förnamn: 'first_name',
  efternamn: 'last_name',
  gatuadress: 'street',
  postnr: 'postal_code',
  ort: 'city',
  'e-post': 'email',
  telefon: 'phone',
  aktiv: 'active',
  skyddad: 'protected',
  status: 'status',
};

/**
 * The sample school as a database, as far as one can hold it: an id once, no link to nobody, an e-mail address
 * with one person only.
 *
 * @param ids of guardians: numbers are the database's to give
 */
export function sampleSqlite(ids: 'number' | 'uuid'): SampleRoster {
  const roster = {
    kind: 'sqlite',
    path: 'roster.db',
    people: ['student', 'staff', 'guardian'].map((table) => ({ table, type: table })),
    links: { table: 'link' },
  };
  return {
    create: (register) => createSchool(register, { 'roster.db.sql': asSql(ids) }, askable(roster)),
    // Not read-only, unlike the dump: a database whose writer was killed has a journal to be taken back.
    read(school) {
      new Sqlite(school.path('roster.db')).exec('BEGIN IMMEDIATE; ROLLBACK').close();
      return [dumpSqlite(school.path('roster.db'))];
    },
    linksToNobody(school) {
      const db = new Sqlite(school.path('roster.db'));
      const pairs = db
        .prepare<[], string>(
          "SELECT student_id || ' ' || guardian_id FROM link WHERE guardian_id NOT IN (SELECT id FROM guardian)",
        )
        .pluck()
        .all();
      db.close();
      return pairs;
    },
  };
}

function asSql(ids: 'number' | 'uuid'): string {
  const guardianKey = ids === 'number' ? 'INTEGER' : 'TEXT';
  const guardianId = (id: string) => (ids === 'number' ? id : `vh-${id}`);
  const cells = Object.entries(COLUMNS);
  const columns = cells.map(([, name]) => `${name} TEXT${name === 'email' ? ' UNIQUE' : ''}`);
  const seen = new Set<string>();
  const lines: string[] = [];
  for (const [table, type, key] of [
    ['student', 'elev', 'INTEGER'],
    ['staff', 'personal', 'INTEGER'],
    ['guardian', 'vårdnadshavare', guardianKey],
  ] as const) {
    lines.push(`CREATE TABLE ${table} (id ${key} PRIMARY KEY, ${columns});`);
    for (const row of rowsOfType(type)) {
      const id = table === 'guardian' ? guardianId(row['id'] ?? '') : (row['id'] ?? '');
      if (seen.has(id)) continue;
      seen.add(id);
      lines.push(`INSERT INTO ${table} VALUES (${[quote(id), ...cells.map(([name]) => quote(row[name]))]});`);
    }
  }
  lines.push(`CREATE TABLE link (student_id INTEGER NOT NULL REFERENCES student (id),
    guardian_id ${guardianKey} NOT NULL REFERENCES guardian (id), relation TEXT, source TEXT);`);
  for (const row of tableOf(sample('links.csv'))) {
    const [student = '', guardian = ''] = [row['elev_id'], guardianId(row['vårdnadshavare_id'] ?? '')];
    if (!seen.has(student) || !seen.has(guardian)) continue;
    const values = [student, guardian, row['relation'], row['källa']].map(quote);
    lines.push(`INSERT INTO link VALUES (${values});`);
  }
  return lines.join('\n');
}

function quote(value: string | undefined): string {
  return value ? `'${value.replaceAll("'", "''")}'` : 'NULL';
}
