import { describe, expect, it } from 'vitest';
import { edit, prepare } from '../../contract/roster-trial.ts';
import { newLink, newRow, type ReadSchool, there, useDatabase } from './sqlite-on-disk.ts';

const PEOPLE = `
  CREATE TABLE people (id INTEGER PRIMARY KEY, type TEXT NOT NULL, first_name TEXT, email TEXT UNIQUE, personnummer TEXT UNIQUE);
  INSERT INTO people VALUES (1, 'elev', 'Elsa', NULL, '200901112383'), (2, 'elev', 'Ebba', NULL, NULL),
    (7, 'guardian', 'Gunnar', 'g@x.se', NULL), (8, 'guardian', 'Gunnar', NULL, '197503259280'), (9, 'guardian', 'Inga', 'i@x.se', NULL)`;
const ROWS =
  "INSERT INTO links VALUES (1, 7, 'far', ''), (2, 7, 'far', ''), (2, 8, '', 'spar'), (1, 9, 'mor', '')";
const KEYS = `student_id INTEGER NOT NULL REFERENCES people (id), guardian_id INTEGER NOT NULL REFERENCES people ON DELETE CASCADE`;
const LINKS = `CREATE TABLE links (${KEYS}, relation TEXT, source TEXT, UNIQUE (student_id, guardian_id)); ${ROWS}`;

describe('unique values and foreign keys', () => {
  const { other, read } = useDatabase();

  /** Row 7 goes into row 8, which gets its e-mail. */
  async function merge(school: ReadSchool) {
    const prepared = await prepare(school.roster, {
      edits: [edit(school.guardian('8'), { email: 'g@x.se' })],
      removedRows: [school.removed('7')],
      removedLinks: [school.removedLink('2', '7')],
      movedLinks: [school.moved('1', '7', '8')],
    });
    const staged = await prepared.stage();
    await prepared.commit();
    return { ...prepared, staged };
  }

  it('merges two rows, and takes it back, though no two rows may ever hold one e-mail', async () => {
    const db = other(`${PEOPLE}; ${LINKS}`);
    const dump = () => ['people', 'links'].map((table) => db.prepare(`SELECT * FROM ${table}`).raw().all());
    const before = dump();
    const { staged, removedRows, removedLinks } = await merge(await read());
    expect(staged).toMatchObject({ refused: [], refusedLinks: [] });
    expect(dump()[1]).toEqual([
      [1, 8, 'far', ''],
      [2, 8, '', 'spar'],
      [1, 9, 'mor', ''],
    ]);
    expect(db.prepare('SELECT email FROM people WHERE id = 8').pluck().get()).toBe('g@x.se');

    const school = await read();
    const result = await school.write({
      edits: [edit(school.guardian('8'), { email: '' })],
      addedRows: removedRows.map((row) => ({ kind: 'restored', ...row })),
      addedLinks: removedLinks.map((link) => ({ kind: 'restored', ...link })),
      movedLinks: [school.moved('1', '8', '7')],
    });
    expect(result).toMatchObject({
      refused: [],
      refusedLinks: [],
      added: [{ whole: removedRows[0]?.whole }],
    });
    expect(dump()).toEqual(before);
  });

  it.each([
    LINKS,
    LINKS.replace('UNIQUE (student_id, guardian_id)', 'PRIMARY KEY (student_id, guardian_id)').replace(
      '); INSERT',
      ') WITHOUT ROWID; INSERT',
    ),
  ])(
    'a link makes room for another and gets its place back, though no two may have the same ends: %s',
    async (links) => {
      const db = other(`${PEOPLE}; ${links}`);
      const dump = () => db.prepare('SELECT * FROM links ORDER BY student_id, guardian_id').raw().all();
      const before = dump();
      const school = await read();
      const prepared = await prepare(school.roster, {
        removedRows: [school.removed('7')],
        removedLinks: [school.removedLink('2', '8')],
        movedLinks: [school.moved('1', '7', '8'), school.moved('2', '7', '8')],
      });
      expect(await prepared.stage()).toMatchObject({ refused: [], refusedLinks: [] });
      await prepared.commit();
      expect(dump()).toEqual([
        [1, 8, 'far', ''],
        [1, 9, 'mor', ''],
        [2, 8, 'far', ''],
      ]);

      const { removedRows, removedLinks } = prepared;
      const again = await read();
      const result = await again.write({
        addedRows: removedRows.map((row) => ({ kind: 'restored', ...row })),
        addedLinks: removedLinks.map((link) => ({ kind: 'restored', ...link })),
        movedLinks: [again.moved('1', '8', '7'), again.moved('2', '8', '7')],
      });
      expect(result).toMatchObject({ refused: [], refusedLinks: [] });
      expect(dump()).toEqual(before);
    },
  );

  it('refuses what would collide, alone', async () => {
    const db = other(`${PEOPLE}; ${LINKS}`);
    const school = await read();
    const result = await school.write({
      addedRows: [
        newRow('new-1', { email: 'i@x.se' }),
        newRow('new-2', { personnummer: '197503259280' }),
        newRow('new-3', { email: 'n@x.se' }),
      ],
      addedLinks: [newLink('1', 'new-3')],
      // A link of somebody else's that is there already; and one that moves onto it.
      movedLinks: [school.moved('2', '7', '8')],
    });
    expect(result).toMatchObject({
      refused: [{ key: { id: 'new-1' } }, { key: { id: 'new-2' } }],
      refusedLinks: [{ link: { student: '2', guardian: '7' }, reason: 'roster-changed' }],
    });
    expect(db.prepare('SELECT count(*) FROM people').pluck().get()).toBe(6);
  });

  describe('rows that something refers to', () => {
    const REFERRING = `
      CREATE TABLE notes (text, about INTEGER REFERENCES people ON DELETE CASCADE); INSERT INTO notes VALUES ('x', 7), ('y', NULL);
      CREATE TABLE "my log" (who REFERENCES People (ID) ON DELETE SET NULL); INSERT INTO "my log" VALUES ('7'), (1);
      CREATE TABLE mail (a, p, FOREIGN KEY (a, p) REFERENCES people (email, personnummer)); INSERT INTO mail VALUES ('g@x.se', NULL);
      CREATE TABLE idle (who REFERENCES people (id)); CREATE TABLE elsewhere (who REFERENCES idle (who));
      CREATE VIEW seen AS SELECT * FROM notes`;
    const keys = ['7', '8', '9', '77'].map((id) => ({ type: 'guardian', id }) as const);

    it('are named with the tables', async () => {
      other(`PRAGMA foreign_keys = OFF; ${PEOPLE}; ${LINKS}; ${REFERRING}`);
      const { roster } = await read();
      expect(await roster.referrers(keys)).toEqual(new Map([['guardian:7', ['my log', 'notes']]]));
      expect(await roster.referrers([])).toEqual(new Map());
    });

    it('are found by keys of several columns and by the primary key of a table without rowids', async () => {
      other(`PRAGMA foreign_keys = OFF;
        CREATE TABLE people (id TEXT, type TEXT, first_name, boss TEXT, kind TEXT, PRIMARY KEY (type, id),
          FOREIGN KEY (kind, boss) REFERENCES people) WITHOUT ROWID;
        CREATE TABLE links (student_id, guardian_id);
        CREATE TABLE cars (owner, kind, FOREIGN KEY (kind, owner) REFERENCES people);
        INSERT INTO people VALUES ('7', 'guardian', 'A', '7', 'guardian'), ('8', 'guardian', 'B', '9', 'guardian'), ('9', 'guardian', 'C', NULL, 'guardian');
        INSERT INTO cars VALUES ('8', 'guardian'), ('7', 'staff'), ('9', NULL)`);
      const { roster } = await read();
      // The row that refers to itself does not count.
      expect(await roster.referrers(keys)).toEqual(
        new Map([
          ['guardian:8', ['cars']],
          ['guardian:9', ['people']],
        ]),
      );
    });

    it.each(['CASCADE', 'SET NULL', 'NO ACTION', 'RESTRICT'])(
      'are never removed: ON DELETE %s',
      async (action) => {
        const db = other(`${PEOPLE}; ${LINKS};
        CREATE TABLE notes (text, about INTEGER REFERENCES people ON DELETE ${action}); INSERT INTO notes VALUES ('x', 7)`);
        const { staged } = await merge(await read());
        expect(staged).toMatchObject({
          refused: [
            { key: { id: '7' }, reason: 'row-refused' },
            { key: { id: '8' }, reason: 'row-refused' },
          ],
        });
        expect(db.prepare('SELECT * FROM notes').raw().all()).toEqual([['x', 7]]);
        expect(db.prepare('SELECT count(*) FROM people').pluck().get()).toBe(5);
      },
    );

    it('are kept with the links that nobody has removed or moved', async () => {
      const db = other(`${PEOPLE}; ${LINKS}`);
      const school = await read();
      const result = await school.write({
        removedRows: [school.removed('7'), school.removed('9')],
        removedLinks: [school.removedLink('1', '9')],
      });
      expect(result).toMatchObject({ refused: [{ key: { id: '7' }, reason: 'row-refused' }] });
      expect(db.prepare('SELECT count(*) FROM links').pluck().get()).toBe(3);
    });

    it('are kept with links that a trigger would delete', async () => {
      const db = other(`${PEOPLE}; CREATE TABLE links (student_id, guardian_id, relation, source); ${ROWS};
        CREATE TRIGGER t AFTER DELETE ON people BEGIN DELETE FROM links WHERE guardian_id = OLD.id; END`);
      const school = await read();
      const result = await school.write({ removedRows: [school.removed('7')] });
      expect(result).toMatchObject({ refused: [{ key: { id: '7' }, reason: 'row-refused' }] });
      expect(db.prepare('SELECT count(*) FROM links').pluck().get()).toBe(4);
    });

    it('are kept when they have got a link since the links were read', async () => {
      const db = other(`${PEOPLE}; CREATE TABLE links (student_id, guardian_id, relation, source); ${ROWS}`);
      const school = await read();
      db.exec("INSERT INTO links VALUES (2, 9, '', '')");
      const result = await school.write({
        removedRows: [school.removed('9')],
        removedLinks: [school.removedLink('1', '9')],
      });
      expect(result).toMatchObject({ refused: [{ key: { id: '9' }, reason: 'roster-changed' }] });
      expect(db.prepare('SELECT count(*) FROM people').pluck().get()).toBe(5);
    });
  });

  it('refuses alone what COMMIT would refuse: foreign keys that are checked at the end', async () => {
    const deferred = 'DEFERRABLE INITIALLY DEFERRED';
    const db = other(`PRAGMA foreign_keys = OFF;
      CREATE TABLE schools (name TEXT PRIMARY KEY); INSERT INTO schools VALUES ('Skolan');
      CREATE TABLE people (id INTEGER PRIMARY KEY, type, first_name, city TEXT REFERENCES schools ${deferred});
      CREATE TABLE links (student_id REFERENCES people ${deferred}, guardian_id REFERENCES people ${deferred}, relation, source);
      INSERT INTO people VALUES (1, 'elev', 'A', 'Skolan'), (7, 'guardian', 'B', NULL), (8, 'guardian', 'C', 'Borta');
      INSERT INTO links VALUES (1, 7, '', ''), (5, 6, '', '')`);
    const school = await read();
    const result = await school.write({
      edits: [{ ...edit(school.guardian('7'), { city: 'Annan' }), key: { type: 'guardian', id: '7' } }],
      addedRows: [newRow('new-1', { city: 'Annan' }), newRow('new-2', { city: 'Skolan' })],
      addedLinks: [newLink('1', 'new-1'), newLink('1', 'new-2')],
    });
    expect(result).toMatchObject({
      kind: 'committed',
      refused: [
        { key: { id: '7' }, reason: 'row-refused' },
        { key: { id: 'new-1' }, reason: 'row-refused' },
      ],
      refusedLinks: [{ link: { guardian: 'new-1' } }],
      ids: new Map([['new-2', '9']]),
    });
    expect(db.prepare('SELECT id, city FROM people').raw().all()).toEqual([
      [1, 'Skolan'],
      [7, null],
      [8, 'Borta'],
      [9, 'Skolan'],
    ]);
  });

  it('gives links the ids as their rows hold them', async () => {
    const db = other(`
      CREATE TABLE people (id TEXT PRIMARY KEY, type, first_name);
      CREATE TABLE links (student_id REFERENCES people, guardian_id REFERENCES people, relation, source);
      INSERT INTO people VALUES (' 1', 'elev', 'A'), ('07 ', 'guardian', 'B'), ('8', 'guardian', 'C')`);
    const school = await read();
    expect(await school.write({ addedLinks: [newLink('1', '07'), newLink('1', '8')] })).toMatchObject({
      refusedLinks: [],
    });
    expect(db.prepare('SELECT student_id, guardian_id FROM links').raw().all()).toEqual([
      [' 1', '07 '],
      [' 1', '8'],
    ]);
    const again = await read();
    expect(await again.write({ movedLinks: [again.moved('1', '8', '9')] })).toMatchObject({
      refusedLinks: [{ link: { guardian: '8' }, reason: 'roster-changed' }],
    });
    expect(there(again.link('1', '8')).student).toBe('1');
  });

  it('refuses a link whose column makes another id of it', async () => {
    other(`CREATE TABLE people (id TEXT, type, first_name); CREATE TABLE links (student_id INTEGER, guardian_id INTEGER);
      INSERT INTO people VALUES ('01', 'elev', 'A'), ('7', 'guardian', 'B'), ('007', 'guardian', 'C'), ('1', 'elev', 'D'); INSERT INTO links VALUES (1, 7)`);
    const school = await read();
    const result = await school.write({
      addedLinks: [newLink('01', '7')],
      movedLinks: [school.moved('1', '7', '007')],
    });
    expect(result).toMatchObject({
      refusedLinks: [
        { link: { guardian: '7' }, reason: 'row-refused' },
        { link: { student: '01' }, reason: 'row-refused' },
      ],
    });
  });
});
