import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  openSqliteRoster,
  type SqliteRosterOptions,
} from '../../../src/adapters/roster/sqlite/sqlite-roster.ts';
import type { SqlitePeopleTable } from '../../../src/adapters/roster/sqlite/sqlite-tables.ts';
import type { Roster } from '../../../src/app/roster-port.ts';
import { ROSTER_FIELDS, type RosterEntry, type RosterField } from '../../../src/domain/roster.ts';
import type { RowEdit } from '../../../src/domain/roster-write.ts';
import { SparSyncError } from '../../../src/errors.ts';
import { readAll, readAllLinks, write } from '../../contract/roster-trial.ts';

describe('a roster in somebody else’s database', () => {
  let folder: string;
  let path: string;
  const others: Database.Database[] = [];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'spar-sync-roster-'));
    path = join(folder, 'school.db');
  });

  afterEach(() => {
    for (const other of others.splice(0)) other.close();
    rmSync(folder, { recursive: true });
  });

  /** Somebody else's connection; closed after the test. */
  function other(sql = ''): Database.Database {
    const db = new Database(path, { timeout: 0 });
    others.push(db);
    db.exec(sql);
    return db;
  }

  async function open(people: SqlitePeopleTable[], more: Partial<SqliteRosterOptions> = {}): Promise<Roster> {
    return openSqliteRoster({ path, name: 'school.db', people, patienceMilliseconds: 0, ...more });
  }

  async function editAll(roster: Roster, cells: Partial<Record<RosterField, string>>) {
    const { entries } = await readAll(roster);
    return write(
      roster,
      entries.map((entry) => edit(entry, cells)),
    );
  }

  describe('cells', () => {
    it.each([
      ["'text'", 'text'],
      ["''", ''],
      ['NULL', ''],
      ['198111309285', '198111309285'],
      ['198111309285.0', '198111309285'],
      ['9007199254740993', '9007199254740993'],
      ['-9223372036854775808', '-9223372036854775808'],
      ['1.5', '1.5'],
      ['1e21', '1000000000000000000000'],
      ["'Åsa \u{FFFD}'", 'Åsa \u{FFFD}'],
    ])('reads %s as the text %j', async (sql, text) => {
      other(`CREATE TABLE p (id, first_name); INSERT INTO p VALUES (1, ${sql})`);
      const { entries, problems } = await readAll(await open([{ table: 'p', type: 'student' }]));
      expect(problems).toEqual([]);
      expect(entries.map((entry) => entry.cells.first_name)).toEqual([text]);
    });

    it.each(['p', 'v', 'w'])(
      'leaves out rows of %s that hold bytes or text in Latin-1, and says where',
      async (table) => {
        other(`
        CREATE TABLE p (id INTEGER PRIMARY KEY, first_name TEXT, last_name TEXT);
        INSERT INTO p VALUES (1, 'Anna', 'Ek'), (12, 'Bo', CAST(x'c5626f' AS TEXT)), (13, x'416e6e61', 'Al'),
          (14, '\u{FFFD}', 'Ek'), (15, CAST(x'fe' AS TEXT), 'Ek'), (16, 'Caj', 'Ek');
        CREATE TABLE w (id INTEGER PRIMARY KEY, first_name TEXT, last_name TEXT) WITHOUT ROWID;
        INSERT INTO w SELECT * FROM p;
        CREATE VIEW v AS SELECT * FROM p;
      `);
        const { entries, problems } = await readAll(await open([{ table, type: 'student' }]));
        expect(entries.map((entry) => entry.key.id)).toEqual(['1', '14', '16']);
        expect(problems).toEqual(
          (table === 'p' ? [12, 13, 15] : [2, 3, 5]).map((line) => ({
            file: `school.db#${table}`,
            line,
            reason: 'not-text',
          })),
        );
      },
    );

    it('tells of rows that it leaves out whose they are, and whether they are marked', async () => {
      other(`
        CREATE TABLE p (id, type, personnummer, first_name, protected);
        INSERT INTO p VALUES ('', 'elev', '199001142380', 'Anna', 'ja'), (2, 'okänd', NULL, 'Bo', 'nej'),
          (3, 'elev', '19900114-2380', x'41', NULL), (4, 'elev', NULL, x'41', 'x'), (5, 'elev', NULL, 'Bo', x'ff'),
          (6, 'elev', CAST('19900114-2380' AS BLOB), 'Bo', 'ja');
      `);
      const { untaken } = await readAll(await open([{ table: 'p' }]));
      expect(untaken).toEqual([
        { id: '', types: ['student'], numbers: ['199001142380'], mark: 'yes' },
        { id: '2', types: ['student', 'staff', 'guardian'], numbers: [], mark: 'no' },
        { id: '3', types: ['student'], numbers: ['19900114-2380'], mark: 'no' },
        { id: '4', types: ['student'], numbers: [], mark: 'yes' },
        { id: '5', types: ['student'], numbers: [], mark: 'perhaps' },
        { id: '6', types: ['student'], numbers: ['19900114-2380'], mark: 'yes' },
      ]);
    });

    it('reads a database in UTF-16', async () => {
      other(
        "PRAGMA encoding = 'UTF-16le'; CREATE TABLE p (id, first_name); INSERT INTO p VALUES (1, 'Åsa \u{FFFD}')",
      );
      const { entries } = await readAll(await open([{ table: 'p', type: 'student' }]));
      expect(entries.map((entry) => entry.cells.first_name)).toEqual(['Åsa \u{FFFD}']);
    });

    it('keeps the manner of the column: numbers, empty cells', async () => {
      const db = other(`
        CREATE TABLE p (id INTEGER PRIMARY KEY, first_name TEXT, postal_code INTEGER, city TEXT, street TEXT NOT NULL,
          care_of TEXT, personnummer INTEGER, country, phone);
        INSERT INTO p VALUES (1, 'Anna', 11122, 'Lund', 'Gatan 1', '', 198111309285, 752, 'x'),
          (2, 'Bo', 11122, NULL, 'Gatan 1', '', NULL, 752, 'x'), (3, 'Bo', 11122, NULL, '', 'c/o Al', NULL, 752, 'x');
      `);
      const roster = await open([{ table: 'p', type: 'student' }]);
      const { entries } = await readAll(roster);
      expect(entries[0]?.cells).toMatchObject({
        personnummer: '198111309285',
        postal_code: '11122',
        city: 'Lund',
      });
      expect(entries[1]?.cells).toMatchObject({ personnummer: '', city: '' });
      const result = await write(roster, [
        edit(entries[0], { postal_code: '11146', city: '', street: '', country: '578', phone: '070' }),
        edit(entries[1], { personnummer: '198111309285' }),
        edit(entries[2], { care_of: '' }),
      ]);
      expect(result).toEqual({ kind: 'committed', refused: [] });
      const after = db
        .prepare('SELECT postal_code, city, street, care_of, personnummer, country, phone FROM p')
        .raw()
        .all();
      expect(after).toEqual([
        [11146, null, '', '', 198111309285, 578, '070'],
        [11122, null, 'Gatan 1', '', 198111309285, 752, 'x'],
        [11122, null, '', '', null, 752, 'x'],
      ]);
    });

    it('refuses a row whose column would keep something else, a leading zero lost', async () => {
      const db = other(`
        CREATE TABLE p (id INTEGER PRIMARY KEY, first_name, postal_code INTEGER);
        INSERT INTO p VALUES (1, 'Anna', 11122);
      `);
      const roster = await open([{ table: 'p', type: 'student' }]);
      expect(await editAll(roster, { postal_code: '01234', first_name: 'Ada' })).toEqual({
        kind: 'committed',
        refused: [{ key: { type: 'student', id: '1' }, reason: 'row-refused' }],
      });
      expect(db.prepare('SELECT * FROM p').raw().all()).toEqual([[1, 'Anna', 11122]]);
    });
  });

  describe('tables', () => {
    it('reads and writes names with quotes and blanks, a column called rowid, and tables without one', async () => {
      const db = other(`
        CREATE TABLE "elev ""A"" [x]" ("id ""nr""" TEXT PRIMARY KEY, "för namn" TEXT, rowid TEXT, street TEXT) WITHOUT ROWID;
        INSERT INTO "elev ""A"" [x]" VALUES ('b', 'Bo', 'r1', 'Gatan 1'), ('a', 'Anna', 'r2', 'Gatan 2');
        CREATE TABLE staff (rowid TEXT, id INTEGER, last_name TEXT, street TEXT);
        INSERT INTO staff VALUES ('r3', 7, 'Ek', 'Gatan 3');
      `);
      const roster = await open([
        { table: 'elev "A" [x]', type: 'student', columns: { id: 'id "nr"', first_name: 'för namn' } },
        { table: 'STAFF', type: 'staff' },
      ]);
      const { entries } = await readAll(roster);
      expect(entries.map(({ key, place }) => [key.id, place])).toEqual([
        ['a', { source: 0, row: 0, line: 1 }],
        ['b', { source: 0, row: 1, line: 2 }],
        ['7', { source: 1, row: 0, line: 1 }],
      ]);
      expect(roster.sources.map((source) => source.name)).toEqual([
        'school.db#elev "A" [x]',
        'school.db#staff',
      ]);
      expect(await editAll(roster, { street: 'Nygatan' })).toEqual({ kind: 'committed', refused: [] });
      expect(
        db.prepare('SELECT street FROM "elev ""A"" [x]" UNION ALL SELECT street FROM staff').pluck().all(),
      ).toEqual(['Nygatan', 'Nygatan', 'Nygatan']);
    });

    it('tells rows of one id apart by their type, and finds a row again after its rowid has changed', async () => {
      const db = other(`
        CREATE TABLE p (id, type, first_name, city);
        INSERT INTO p VALUES (1, 'elev', 'X', ''), (17, 'elev', 'Anna', 'Lund'), ('17', 'personal', 'Bo', 'Lund');
      `);
      const roster = await open([{ table: 'p' }]);
      const { entries } = await readAll(roster);
      db.exec('DELETE FROM p WHERE id = 1; VACUUM');
      expect(await write(roster, [edit(entries[2], { city: 'Umeå' })])).toEqual({
        kind: 'committed',
        refused: [],
      });
      expect(db.prepare('SELECT first_name, city FROM p').raw().all()).toEqual([
        ['Anna', 'Lund'],
        ['Bo', 'Umeå'],
      ]);
    });

    it('refuses a row that is gone, or there twice, since it was read', async () => {
      const db = other(`
        CREATE TABLE p (id, first_name, city);
        INSERT INTO p VALUES (1, 'Anna', 'Lund'), (2, 'Bo', 'Lund'), (3, 'Caj', 'Lund');
      `);
      const roster = await open([{ table: 'p', type: 'student' }]);
      const { entries } = await readAll(roster);
      db.exec("DELETE FROM p WHERE id = 1; INSERT INTO p VALUES (' 2', 'Bo', 'Lund')");
      const result = await write(
        roster,
        entries.map((entry) => edit(entry, { city: 'Umeå' })),
      );
      expect(result).toEqual({
        kind: 'committed',
        refused: ['1', '2'].map((id) => ({ key: { type: 'student', id }, reason: 'roster-changed' })),
      });
      expect(db.prepare('SELECT city FROM p').pluck().all()).toEqual(['Lund', 'Umeå', 'Lund']);
    });

    it('writes through a view that says how, and says so of one that does not', async () => {
      const db = other(`
        CREATE TABLE t (id INTEGER PRIMARY KEY, n TEXT, c TEXT);
        INSERT INTO t VALUES (1, 'Anna', 'Lund');
        CREATE VIEW shut AS SELECT id, n AS first_name, c AS city FROM t;
        CREATE VIEW ajar AS SELECT id, n AS first_name, c AS city FROM t;
        CREATE TRIGGER write_ajar INSTEAD OF UPDATE ON ajar BEGIN UPDATE t SET c = NEW.city WHERE id = OLD.id; END;
      `);
      const ajar = await open([{ table: 'ajar', type: 'student' }]);
      await ajar.proveWritable({ links: true });
      expect(await editAll(ajar, { city: 'Umeå' })).toEqual({ kind: 'committed', refused: [] });
      expect(db.prepare('SELECT c FROM t').pluck().get()).toBe('Umeå');
      const shut = await open([{ table: 'shut', type: 'student' }]);
      expect((await failure(shut.proveWritable({ links: true }))).code).toBe('roster-unwritable');
    });

    it.each<[string, SqlitePeopleTable, RegExp]>([
      ['a table', { table: 'elever' }, /school\.db#elever.*no such table.*Its tables are: p\b/],
      [
        'an id',
        { table: 'p', type: 'student', columns: { id: 'nr' } },
        /#p .*"id" is the column "nr".*are: id, namn/,
      ],
      ['a name', { table: 'p', type: 'student' }, /"first_name" or "last_name".*are: id, namn/],
      ['a type', { table: 'p', columns: { first_name: 'namn' } }, /no column is "type"/],
    ])('names what is there when %s is missing', async (_, people, message) => {
      other('CREATE TABLE p (id, namn)');
      const error = await failure(open([people]));
      expect(error.code).toBe('roster-unreadable');
      expect(`${error.text.en} ${error.hint?.en}`).toMatch(message);
    });

    it('reads links under other names, whole numbers as text', async () => {
      other(`
        CREATE TABLE p (id, first_name);
        CREATE TABLE vh (elev INTEGER, vuxen INTEGER, relation TEXT);
        INSERT INTO vh VALUES (1, 2, 'mor'), (NULL, 2, NULL), (1, x'00', NULL);
      `);
      const roster = await open([{ table: 'p', type: 'student' }], {
        links: { table: 'vh', columns: { student_id: 'elev', guardian_id: 'vuxen' } },
      });
      expect(await readAllLinks(roster)).toEqual({
        links: [
          {
            student: '1',
            guardian: '2',
            relation: 'mor',
            source: undefined,
            place: { source: 1, row: 0, line: 1 },
          },
        ],
        problems: [
          { file: 'school.db#vh', line: 2, reason: 'link-incomplete' },
          { file: 'school.db#vh', line: 3, reason: 'not-text' },
        ],
      });
      const bare = failure(open([{ table: 'p', type: 'student' }], { links: { table: 'p' } }));
      expect((await bare).text.en).toMatch(/student_id/);
    });
  });

  describe('rows that the database will not take', () => {
    const TABLE =
      'CREATE TABLE p (id INTEGER PRIMARY KEY, first_name TEXT, city TEXT, street TEXT, email TEXT)';
    const ROWS =
      "INSERT INTO p VALUES (1, 'Anna', 'Lund', '', 'a'), (2, 'Bo', 'Lund', '', 'b'), (3, 'Caj', 'Lund', '', 'c')";

    it.each([
      [
        'a UNIQUE index',
        "CREATE UNIQUE INDEX u ON p (city) WHERE id = 2 OR id = 9; INSERT INTO p VALUES (9, 'X', 'Umeå', '', 'x')",
      ],
      [
        'a trigger that aborts',
        "CREATE TRIGGER t BEFORE UPDATE ON p WHEN NEW.id = 2 BEGIN SELECT RAISE(ABORT, 'no'); END",
      ],
      [
        'a trigger that fails',
        "CREATE TRIGGER t AFTER UPDATE ON p WHEN NEW.id = 2 BEGIN SELECT RAISE(FAIL, 'no'); END",
      ],
      [
        'a trigger that rolls back all',
        "CREATE TRIGGER t BEFORE UPDATE ON p WHEN NEW.id = 2 BEGIN SELECT RAISE(ROLLBACK, 'no'); END",
      ],
      [
        'a trigger that passes over it',
        'CREATE TRIGGER t BEFORE UPDATE ON p WHEN NEW.id = 2 BEGIN SELECT RAISE(IGNORE); END',
      ],
      [
        'a trigger that needs its program',
        'CREATE TRIGGER t BEFORE UPDATE ON p WHEN NEW.id = 2 BEGIN SELECT their_function(NEW.city); END',
      ],
    ])('rolls back the one that %s refuses; the others go in', async (what, sql) => {
      const db = other(`${TABLE}; ${ROWS}; ${sql}`);
      const roster = await open([{ table: 'p', type: 'student' }]);
      const { entries } = await readAll(roster);
      const three = entries.filter((entry) => Number(entry.key.id) <= 3);
      const result = await write(
        roster,
        three.map((entry) => edit(entry, { city: 'Umeå', street: 'Nygatan' })),
      );
      // SQLite compiles a trigger before it knows the row: a missing function refuses every row.
      const refused = what.includes('needs its program') ? ['1', '2', '3'] : ['2'];
      expect(result).toEqual({
        kind: 'committed',
        refused: refused.map((id) => ({ key: { type: 'student', id }, reason: 'row-refused' })),
      });
      const written = db
        .prepare("SELECT id FROM p WHERE street = 'Nygatan' AND city = 'Umeå' ORDER BY id")
        .pluck()
        .all();
      expect(written).toEqual([1, 2, 3].filter((id) => !refused.includes(String(id))));
    });

    it('checks CHECK, NOT NULL, types of STRICT tables and foreign keys', async () => {
      const db = other(`
        CREATE TABLE cities (name TEXT PRIMARY KEY); INSERT INTO cities VALUES ('Lund'), ('Umeå');
        CREATE TABLE p (id INTEGER PRIMARY KEY, first_name TEXT, postal_code INTEGER, street TEXT CHECK (length(street) < 20),
          city TEXT REFERENCES cities (name)) STRICT;
        INSERT INTO p VALUES (1, 'Anna', 1, '', 'Lund'), (2, 'Bo', 1, '', 'Lund'), (3, 'Caj', 1, '', 'Lund'), (4, 'Di', 1, '', 'Lund');
      `);
      const roster = await open([{ table: 'p', type: 'student' }]);
      const { entries } = await readAll(roster);
      const result = await write(roster, [
        edit(entries[0], { city: 'Nowhere' }),
        edit(entries[1], { city: 'Umeå', street: 'x'.repeat(30) }),
        edit(entries[2], { city: 'Umeå', postal_code: 'N-1234' }),
        edit(entries[3], { city: 'Umeå', postal_code: '11146' }),
      ]);
      expect(result).toMatchObject({
        refused: [{ key: { id: '1' } }, { key: { id: '2' } }, { key: { id: '3' } }],
      });
      expect(db.prepare('SELECT city, postal_code FROM p').raw().all()).toEqual([
        ['Lund', 1],
        ['Lund', 1],
        ['Lund', 1],
        ['Umeå', 11146],
      ]);
    });

    it('never lets ON CONFLICT REPLACE remove another row', async () => {
      const db = other(`
        CREATE TABLE p (id INTEGER PRIMARY KEY, first_name TEXT, personnummer TEXT UNIQUE ON CONFLICT REPLACE);
        INSERT INTO p VALUES (1, 'Anna', '198111309285'), (2, 'Bo', '');
      `);
      const roster = await open([{ table: 'p', type: 'student' }]);
      const { entries } = await readAll(roster);
      expect(await write(roster, [edit(entries[1], { personnummer: '198111309285' })])).toMatchObject({
        refused: [{ reason: 'row-refused' }],
      });
      expect(db.prepare('SELECT count(*) FROM p').pluck().get()).toBe(2);
    });
  });

  describe('other programs', () => {
    const SMALL = "CREATE TABLE p (id, first_name, city); INSERT INTO p VALUES (1, 'Anna', 'Lund')";

    it.each(['delete', 'wal'])(
      'waits for a lock no longer than its patience, then goes on when it is gone (%s)',
      async (mode) => {
        const db = other(`PRAGMA journal_mode = ${mode}; ${SMALL}`);
        const roster = await open([{ table: 'p', type: 'student' }]);
        const { entries } = await readAll(roster);

        db.exec('BEGIN EXCLUSIVE');
        if (mode === 'delete') {
          const unreadable = await failure(readAll(roster));
          expect([unreadable.code, unreadable.text.en]).toEqual([
            'roster-unreadable',
            expect.stringContaining('another program holds it locked'),
          ]);
          expect((await failure(open([{ table: 'p', type: 'student' }]))).code).toBe('roster-unreadable');
        } else {
          expect((await readAll(roster)).entries).toEqual(entries);
        }
        const unwritable = await failure(roster.proveWritable({ links: true }));
        expect([unwritable.code, unwritable.text.en]).toEqual([
          'roster-unwritable',
          expect.stringContaining('another program holds it locked'),
        ]);
        expect((await failure(write(roster, [edit(entries[0], { city: 'Umeå' })]))).code).toBe(
          'roster-unwritable',
        );

        db.exec('ROLLBACK');
        await roster.proveWritable({ links: true });
        expect(await write(roster, [edit(entries[0], { city: 'Umeå' })])).toEqual({
          kind: 'committed',
          refused: [],
        });
        expect(db.prepare('SELECT city FROM p').pluck().get()).toBe('Umeå');
      },
    );

    it('sees one moment in a pass over all tables, and holds nothing between passes', async () => {
      const many = Array.from({ length: 1200 }, (_, i) => `(${i + 1}, 'Anna', 'Lund')`).join(',');
      const db = other(`
        PRAGMA journal_mode = wal;
        CREATE TABLE p (id, first_name, city); INSERT INTO p VALUES ${many};
        CREATE TABLE q (id, first_name, city); INSERT INTO q VALUES ${many};
      `);
      const roster = await open([
        { table: 'p', type: 'student' },
        { table: 'q', type: 'staff' },
      ]);
      const cities = new Set<string | undefined>();
      for await (const batch of roster.read(() => undefined)) {
        db.exec("UPDATE p SET city = 'Umeå'; UPDATE q SET city = 'Umeå'");
        for (const entry of batch) cities.add(entry.cells.city);
      }
      expect([...cities]).toEqual(['Lund']);
      db.exec('PRAGMA journal_mode = delete; BEGIN EXCLUSIVE; ROLLBACK');
    });

    it('leaves every byte as it was when it only reads and proves', async () => {
      other(SMALL).close();
      const before = readFileSync(path);
      const roster = await open([{ table: 'p', type: 'student' }]);
      await readAll(roster);
      await roster.proveWritable({ links: true });
      expect(readFileSync(path).equals(before)).toBe(true);
      expect(readdirSync(folder)).toEqual(['school.db']);
    });

    it('never changes the journal mode or the structure', async () => {
      const db = other(`PRAGMA journal_mode = wal; ${SMALL}`);
      const schema = () => db.prepare('SELECT sql FROM sqlite_schema').pluck().all();
      const before = schema();
      const roster = await open([{ table: 'p', type: 'student' }]);
      await editAll(roster, { city: 'Umeå' });
      expect(db.pragma('journal_mode', { simple: true })).toBe('wal');
      expect(schema()).toEqual(before);
    });
  });

  describe('what cannot be a roster', () => {
    it.each([
      ['nothing', () => undefined, /cannot be opened/],
      ['a folder', () => mkdirSync(path), /cannot be opened|disk/],
      [
        'another kind of file',
        () => writeFileSync(path, 'id;first_name\n1;Anna\n'.repeat(50)),
        /not a SQLite database/,
      ],
    ])('refuses %s and makes no file', async (_, make, message) => {
      make();
      const before = readdirSync(folder);
      const error = await failure(open([{ table: 'p', type: 'student' }]));
      expect(error.code).toBe('roster-unreadable');
      expect(error.text.en).toMatch(message);
      expect(error.text.en).toContain(path);
      expect(readdirSync(folder)).toEqual(before);
    });

    it.skipIf(process.getuid?.() === 0)(
      'cannot prove a read-only file or folder writable (skipped for root)',
      async () => {
        other("CREATE TABLE p (id, first_name); INSERT INTO p VALUES (1, 'Anna')").close();
        const roster = await open([{ table: 'p', type: 'student' }]);
        chmodSync(path, 0o400);
        expect((await failure(roster.proveWritable({ links: true }))).code).toBe('roster-unwritable');
        expect((await readAll(roster)).entries).toHaveLength(1);
        chmodSync(path, 0o600);
        chmodSync(folder, 0o500);
        const error = await failure(roster.proveWritable({ links: true }));
        chmodSync(folder, 0o700);
        expect(error.code).toBe('roster-unwritable');
      },
    );
  });
});

/** An edit of this entry whose `from` is what the entry holds. */
function edit(entry: RosterEntry | undefined, to: Partial<Record<RosterField, string>>): RowEdit {
  if (entry === undefined) throw new Error('the roster has no such entry');
  const fields = ROSTER_FIELDS.filter((field) => to[field] !== undefined);
  const cells = fields.map((field) => ({ field, from: entry.cells[field] ?? '', to: to[field] ?? '' }));
  return { key: entry.key, place: entry.place, cells };
}

async function failure(work: Promise<unknown>): Promise<SparSyncError> {
  const error = await work.then(
    () => new Error('it did not fail'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof SparSyncError)) throw error;
  return error;
}
