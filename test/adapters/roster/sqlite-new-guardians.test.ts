import { describe, expect, it } from 'vitest';
import type { SqliteRosterOptions } from '../../../src/adapters/roster/sqlite/sqlite-roster.ts';
import { newLink, newRow, useDatabase } from './sqlite-on-disk.ts';

const LINKS = 'CREATE TABLE links (student_id, guardian_id, relation TEXT, source TEXT)';
const ANNA = { first_name: 'Anna', last_name: 'Ek', personnummer: '198111309285' };

describe('where new guardians go', () => {
  const { other, openRoster } = useDatabase();
  const TABLES = `${LINKS};
    CREATE TABLE people (id INTEGER PRIMARY KEY, type, first_name);
    CREATE TABLE pupils (id INTEGER PRIMARY KEY, first_name);
    CREATE TABLE adults (id TEXT PRIMARY KEY, first_name, computed AS (upper(first_name)));
    CREATE TABLE backwards (id INTEGER PRIMARY KEY DESC, first_name);
    CREATE VIEW shut AS SELECT * FROM adults`;

  it.each<[string, Partial<SqliteRosterOptions>, unknown]>([
    ['the one table', { people: [{ table: 'people' }] }, { source: 0, idStyle: 'database' }],
    [
      'the one that takes guardians',
      {
        people: [
          { table: 'pupils', type: 'student' },
          { table: 'adults', type: 'guardian' },
        ],
      },
      { source: 1, idStyle: undefined },
    ],
    ['none', { people: [{ table: 'pupils', type: 'student' }] }, undefined],
    ['several', { people: [{ table: 'people' }, { table: 'adults', type: 'guardian' }] }, undefined],
    [
      'the one that is named',
      {
        people: [{ table: 'people' }, { table: 'adults', type: 'guardian' }],
        newGuardian: { target: 1, idStyle: 'number', values: {} },
      },
      { source: 1, idStyle: 'number' },
    ],
    [
      'a database that numbers its rows, whatever is configured',
      { people: [{ table: 'people' }], newGuardian: { idStyle: 'uuid', values: {} } },
      { source: 0, idStyle: 'database' },
    ],
    [
      'an integer key that is no rowid',
      { people: [{ table: 'backwards', type: 'guardian' }] },
      { source: 0, idStyle: undefined },
    ],
    [
      'a view that nobody can add to',
      {
        people: [
          { table: 'shut', type: 'guardian' },
          { table: 'adults', type: 'guardian' },
        ],
      },
      { source: 1, idStyle: undefined },
    ],
  ])('is %s', async (_, options, place) => {
    other(TABLES);
    expect((await openRoster(options)).newGuardians).toEqual(place);
  });

  it.each(['school', 'computed'])('complains of a constant for %s, which cannot be given', async (column) => {
    other(TABLES);
    const opening = openRoster({
      people: [{ table: 'adults', type: 'guardian' }],
      newGuardian: { values: { FIRST_NAME: 'x', [column]: 'x' } },
    });
    await expect(opening).rejects.toMatchObject({
      code: 'roster-unreadable',
      text: { en: expect.stringContaining(`roster.newGuardian.values.${column}`) },
    });
  });
});

describe('a new guardian in a database', () => {
  const { other, read } = useDatabase();

  it.each(['', 'AUTOINCREMENT'])(
    'gets the id that the database gives, and so do its links %s',
    async (how) => {
      const db = other(`${LINKS};
      CREATE TABLE people (id INTEGER PRIMARY KEY ${how}, type TEXT, first_name TEXT, last_name TEXT);
      CREATE TABLE log (id INTEGER PRIMARY KEY, what); INSERT INTO log VALUES (900, 'x');
      CREATE TRIGGER logged AFTER INSERT ON people BEGIN INSERT INTO log (what) VALUES (NEW.id); END;
      INSERT INTO people VALUES (1, 'Elev', 'Elsa', 'Ek'), (40, 'Vårdnadshavare', 'Gunnar', 'Ek'), (41, 'guardian', 'Bo', 'Ek'),
        (42, 'Vårdnadshavare', 'Caj', 'Ek');
      DELETE FROM people WHERE id = 42;
      INSERT INTO people VALUES (39, 'Vårdnadshavare', 'Caj', 'Ek');
      INSERT INTO links VALUES (1, 40, 'far', NULL)`);
      const school = await read();
      const result = await school.write({
        addedRows: [newRow('new-1', ANNA), newRow('new-2', { ...ANNA, first_name: 'Ada' })],
        addedLinks: [newLink('1', 'new-2'), newLink('1', 'new-1')],
        movedLinks: [school.moved('1', '40', 'new-1')],
        edits: [
          {
            key: { type: 'guardian', id: 'new-2' },
            place: { source: 0, row: 0, line: 0 },
            cells: [{ field: 'first_name', from: 'Ada', to: 'Adina' }],
          },
        ],
      });
      const [one, two] = how === '' ? [42, 43] : [43, 44];
      expect(result).toMatchObject({
        kind: 'committed',
        refused: [],
        refusedLinks: [],
        ids: new Map([
          ['new-1', String(one)],
          ['new-2', String(two)],
        ]),
        added: [
          { key: { type: 'guardian', id: String(one) }, whole: { source: 'school.db#people' } },
          { key: { type: 'guardian', id: String(two) } },
        ],
      });
      expect(db.prepare('SELECT * FROM people WHERE id > 41').raw().all()).toEqual([
        [one, 'Vårdnadshavare', 'Anna', 'Ek'],
        [two, 'Vårdnadshavare', 'Adina', 'Ek'],
      ]);
      expect(db.prepare('SELECT * FROM links').raw().all()).toEqual([
        [1, one, 'far', null],
        [1, one, null, 'spar'],
        [1, two, null, 'spar'],
      ]);
    },
  );

  it('takes constants and the database’s defaults where nothing else is written', async () => {
    const db = other(`${LINKS};
      CREATE TABLE people (id TEXT PRIMARY KEY, type TEXT, first_name TEXT, last_name TEXT, email TEXT, phone TEXT NOT NULL DEFAULT '',
        School TEXT NOT NULL, number INTEGER, made TEXT NOT NULL DEFAULT 'today', extra, shout AS (upper(first_name)) STORED);
      INSERT INTO people VALUES ('a', 'elev', 'Elsa', 'Ek', '', 'x', 's', 1, 't', NULL)`);
    const school = await read({
      newGuardian: {
        values: { school: 'Skolan', number: '17', id: 'z', type: 'student', first_name: 'Nemo' },
      },
    });
    const result = await school.write({
      addedRows: [newRow('g1', { first_name: 'Anna', email: '', phone: '', city: 'Lund' })],
    });
    expect(result).toMatchObject({ refused: [], ids: new Map() });
    expect(db.prepare("SELECT * FROM people WHERE id <> 'a'").raw().all()).toEqual([
      ['g1', 'guardian', 'Anna', null, '', '', 'Skolan', 17, 'today', null, 'ANNA'],
    ]);
  });

  it('keeps the manner of each column: NULL or empty, whole numbers, a type column that means something else', async () => {
    const db = other(`${LINKS};
      CREATE TABLE people (id, type TEXT DEFAULT 'vän', first_name, email TEXT, phone TEXT, personnummer, country TEXT NOT NULL);
      INSERT INTO people VALUES (1, 'mor', 'A', NULL, '', 197503259280, ''), (2, 'far', 'B', 'b@x.se', '', 197503259280, '')`);
    const school = await read({ people: [{ table: 'people', type: 'guardian' }] });
    await school.write({ addedRows: [newRow('3', { ...ANNA, email: '', phone: '', country: '' })] });
    expect(db.prepare('SELECT * FROM people WHERE id = 3').raw().all()).toEqual([
      [3, 'vän', 'Anna', null, '', 198111309285, ''],
    ]);
  });

  it('is refused alone, with its links, where the database will not have it', async () => {
    const db = other(`${LINKS};
      CREATE TABLE people (id TEXT PRIMARY KEY, type TEXT, first_name TEXT NOT NULL CHECK (first_name <> 'Nej'), phone INTEGER, email TEXT UNIQUE ON CONFLICT REPLACE);
      INSERT INTO people VALUES ('1', 'elev', 'Elsa', NULL, 'e@x.se');
      CREATE TRIGGER a BEFORE INSERT ON people WHEN NEW.first_name = 'Ignore' BEGIN SELECT RAISE(IGNORE); END;
      CREATE TRIGGER b AFTER INSERT ON people WHEN NEW.first_name = 'Rollback' BEGIN SELECT RAISE(ROLLBACK, 'no'); END;
      CREATE TRIGGER c AFTER INSERT ON people WHEN NEW.first_name = 'Gone' BEGIN DELETE FROM people WHERE id = NEW.id; END`);
    const school = await read();
    const bad = {
      'no-name': {},
      check: { first_name: 'Nej' },
      mangled: { first_name: 'A', phone: '0701740605' },
      email: { first_name: 'A', email: 'e@x.se' },
      ignored: { first_name: 'Ignore' },
      rollback: { first_name: 'Rollback' },
      gone: { first_name: 'Gone' },
      nul: { first_name: 'a\0b' },
    };
    const ids = Object.keys(bad);
    const result = await school.write({
      addedRows: [...Object.entries(bad).map(([id, cells]) => newRow(id, cells)), newRow('good', ANNA)],
      addedLinks: [...ids, 'good'].map((id) => newLink('1', id)),
    });
    expect(result).toMatchObject({
      refused: ids.map((id) => ({ key: { type: 'guardian', id }, reason: 'row-refused' })),
      refusedLinks: ids.map((guardian) => ({ link: { student: '1', guardian }, reason: 'row-refused' })),
      added: [{ key: { id: 'good' } }],
    });
    expect(db.prepare('SELECT id FROM people').pluck().all()).toEqual(['1', 'good']);
    expect(db.prepare('SELECT * FROM links').raw().all()).toEqual([['1', 'good', null, 'spar']]);
  });

  it('is refused where its id is taken, whatever its spelling', async () => {
    const db = other(`${LINKS}; CREATE TABLE people (id, type, first_name);
      INSERT INTO people VALUES (' 7 ', 'guardian', 'Bo'), (8, 'elev', 'Elsa')`);
    const school = await read();
    const result = await school.write({
      addedRows: [newRow('7', ANNA), newRow('8', ANNA), newRow('8', ANNA)],
    });
    expect(result).toMatchObject({ refused: [{ key: { id: '7' } }, { key: { id: '8' } }] });
    expect(db.prepare('SELECT id, type FROM people').raw().all()).toEqual([
      [' 7 ', 'guardian'],
      [8, 'elev'],
      ['8', 'guardian'],
    ]);
  });

  it('goes when its only link is refused, and stays when one of several is', async () => {
    const db = other(`
      CREATE TABLE people (id INTEGER PRIMARY KEY, type, first_name);
      CREATE TABLE links (student_id, guardian_id, source CHECK (student_id <> 2));
      CREATE TRIGGER t AFTER INSERT ON links WHEN NEW.student_id = 3 BEGIN SELECT RAISE(ROLLBACK, 'no'); END;
      INSERT INTO people VALUES (1, 'elev', 'A'), (2, 'elev', 'B'), (3, 'elev', 'C')`);
    const school = await read();
    const result = await school.write({
      addedRows: ['new-1', 'new-2', 'new-3', 'new-4'].map((id) => newRow(id, { first_name: id })),
      addedLinks: [
        newLink('2', 'new-1'),
        newLink('1', 'new-2'),
        newLink('2', 'new-2'),
        newLink('3', 'new-2'),
        newLink('9', 'new-3'),
        newLink('3', 'new-4'),
      ],
    });
    expect(result).toMatchObject({
      refused: [
        { key: { id: 'new-1' }, reason: 'row-refused' },
        { key: { id: 'new-3' }, reason: 'roster-changed' },
        { key: { id: 'new-4' }, reason: 'row-refused' },
      ],
      refusedLinks: [
        { link: { student: '2', guardian: 'new-1' }, reason: 'row-refused' },
        { link: { student: '2', guardian: 'new-2' }, reason: 'row-refused' },
        { link: { student: '3', guardian: 'new-2' }, reason: 'row-refused' },
        { link: { student: '9', guardian: 'new-3' }, reason: 'roster-changed' },
        { link: { student: '3', guardian: 'new-4' }, reason: 'row-refused' },
      ],
      ids: new Map([['new-2', '4']]),
    });
    expect(db.prepare('SELECT id, first_name FROM people WHERE id > 3').raw().all()).toEqual([[4, 'new-2']]);
    expect(db.prepare('SELECT student_id, guardian_id FROM links').raw().all()).toEqual([[1, 4]]);
  });

  it('goes through a view that says how, and into a table without rowids', async () => {
    const db = other(`
      CREATE TABLE t (id TEXT PRIMARY KEY, n TEXT) WITHOUT ROWID;
      CREATE VIEW people AS SELECT id, 'guardian' AS type, n AS first_name FROM t;
      CREATE TRIGGER ins INSTEAD OF INSERT ON people BEGIN INSERT INTO t VALUES (NEW.id, NEW.first_name); END;
      CREATE TRIGGER upd INSTEAD OF UPDATE ON people BEGIN UPDATE t SET n = NEW.first_name WHERE id = OLD.id; END;
      CREATE TRIGGER del INSTEAD OF DELETE ON people BEGIN DELETE FROM t WHERE id = OLD.id AND n <> 'Kvar'; END;
      CREATE TABLE pupils (id TEXT PRIMARY KEY, first_name) WITHOUT ROWID;
      CREATE TABLE links (student_id, guardian_id, source, made DEFAULT (hex(zeroblob(1))), PRIMARY KEY (student_id, guardian_id, made)) WITHOUT ROWID;
      INSERT INTO t VALUES ('a', 'Anna'), ('k', 'Kvar'); INSERT INTO pupils VALUES ('s', 'Elsa');
      INSERT INTO links (student_id, guardian_id) VALUES ('s', 'a'), ('s', 'k')`);
    const school = await read({ people: [{ table: 'people' }, { table: 'pupils', type: 'student' }] });
    await school.roster.proveWritable({ links: true });
    const result = await school.write({
      addedRows: [newRow('b', { first_name: 'Bo' })],
      addedLinks: [newLink('s', 'b')],
      movedLinks: [school.moved('s', 'a', 'b')],
      removedLinks: [school.removedLink('s', 'k')],
      removedRows: [school.removed('a'), school.removed('k')],
    });
    // One link is left: the added and the moved one are one and the same here.
    expect(result).toMatchObject({
      refused: [{ key: { id: 'k' }, reason: 'row-refused' }],
      refusedLinks: [{ link: { student: 's', guardian: 'b' }, reason: 'row-refused' }],
    });
    expect(db.prepare('SELECT * FROM t').raw().all()).toEqual([
      ['b', 'Bo'],
      ['k', 'Kvar'],
    ]);
    expect(db.prepare('SELECT student_id, guardian_id FROM links').raw().all()).toEqual([['s', 'b']]);
  });

  it('says of links in a view that nobody can add to it', async () => {
    other(`CREATE TABLE people (id, type, first_name); CREATE TABLE l (student_id, guardian_id);
      CREATE VIEW links AS SELECT * FROM l`);
    const { roster } = await read();
    await expect(roster.proveWritable({ links: true })).rejects.toMatchObject({
      code: 'roster-unwritable',
      hint: { en: expect.stringContaining('INSTEAD OF INSERT') },
    });
  });
});
