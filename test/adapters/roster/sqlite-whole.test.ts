import { describe, expect, it } from 'vitest';
import type { WholeRow } from '../../../src/domain/whole-row.ts';
import { prepare } from '../../contract/roster-trial.ts';
import { there, useDatabase } from './sqlite-on-disk.ts';

const NO_LINKS = 'CREATE TABLE links (student_id, guardian_id)';
const KEY = { type: 'guardian', id: '7' } as const;

describe('whole rows of a database', () => {
  const { other, read } = useDatabase();

  /** Removes row 7 and gives back what the journal would keep of it. */
  async function remove(): Promise<WholeRow> {
    const school = await read();
    const prepared = await prepare(school.roster, { removedRows: [school.removed('7')] });
    expect(await prepared.stage()).toMatchObject({ refused: [] });
    await prepared.commit();
    const kept: WholeRow = JSON.parse(JSON.stringify(there(prepared.removedRows[0]).whole));
    return kept;
  }

  async function restore(whole: WholeRow) {
    return (await read()).write({ addedRows: [{ kind: 'restored', key: KEY, whole }] });
  }

  it('come back with every column and its storage class, on the old rowid', async () => {
    const db = other(`${NO_LINKS};
      CREATE TABLE people (id, type TEXT, first_name TEXT, a, b, c REAL, d INTEGER, e, f, g AS (a || '!'), h AS (b) STORED, "x ""y" BLOB);
      INSERT INTO people VALUES (1, 'guardian', 'A', 1, 1, 1, 1, 1, 1, 1),
        (7, 'guardian', 'Åsa', 9007199254740993, '9007199254740993', 2, 3, x'00ff', 1.5, NULL), (8, 'guardian', 'C', 1, 1, 1, 1, 1, 1, 1)`);
    const dump = () =>
      db
        .prepare(
          'SELECT rowid, *, typeof(id), typeof(a), typeof(b), typeof(c), typeof(e), typeof(f) FROM people',
        )
        .safeIntegers()
        .raw()
        .all();
    const before = dump();
    const whole = await remove();
    expect(whole.at).toBe(1);
    expect(whole.cells.slice(0, 5)).toEqual([
      { column: 'id', field: 'id', value: { kind: 'integer', text: '7' } },
      { column: 'type', field: 'type', value: 'guardian' },
      { column: 'first_name', field: 'first_name', value: 'Åsa' },
      { column: 'a', value: { kind: 'integer', text: '9007199254740993' } },
      { column: 'b', value: '9007199254740993' },
    ]);
    expect(dump()).toHaveLength(2);
    expect(await restore(whole)).toMatchObject({ refused: [], added: [{ key: KEY, whole }] });
    expect(dump()).toEqual(before);
  });

  it.each(['INTEGER PRIMARY KEY', 'INTEGER PRIMARY KEY AUTOINCREMENT', 'TEXT PRIMARY KEY'])(
    'come back under their very id: %s',
    async (id) => {
      const db = other(`${NO_LINKS}; CREATE TABLE people (id ${id}, type, first_name);
        INSERT INTO people VALUES (7, 'guardian', 'A')`);
      const whole = await remove();
      expect(await restore(whole)).toMatchObject({ refused: [], ids: new Map() });
      expect(db.prepare('SELECT CAST(id AS TEXT), first_name FROM people').raw().all()).toEqual([['7', 'A']]);
      // The id is taken now.
      expect(await restore(whole)).toMatchObject({
        refused: [{ key: KEY, reason: 'row-refused' }],
        added: [],
      });
    },
  );

  it('come back at the end where somebody else has their place', async () => {
    const db = other(`${NO_LINKS}; CREATE TABLE people (id, type, first_name);
      INSERT INTO people VALUES (1, 'guardian', 'A'), (7, 'guardian', 'B'), (8, 'guardian', 'C')`);
    const whole = await remove();
    db.exec('VACUUM');
    expect(await restore(whole)).toMatchObject({ refused: [] });
    expect(db.prepare('SELECT id FROM people ORDER BY rowid').pluck().all()).toEqual([1, 8, 7]);
  });

  it('do not come back into a table that has changed too much', async () => {
    const db = other(`${NO_LINKS}; CREATE TABLE people (id, type, first_name, note);
      INSERT INTO people VALUES (7, 'guardian', 'A', 'x')`);
    const whole = await remove();
    expect(await restore({ ...whole, source: 'school.db#staff' })).toMatchObject({ refused: [{ key: KEY }] });
    db.exec('ALTER TABLE people RENAME note TO notes');
    expect(await restore(whole)).toMatchObject({ refused: [{ key: KEY, reason: 'row-refused' }] });
    expect(db.prepare('SELECT count(*) FROM people').pluck().get()).toBe(0);
  });

  it.each([
    ['bytes that claim to be text', "CAST(x'c5' AS TEXT)"],
    ['infinity', '9e999'],
  ])('are not removed where they could not be put back: %s', async (_, value) => {
    const db = other(`${NO_LINKS}; CREATE TABLE people (id, type, first_name, note);
      INSERT INTO people VALUES (7, 'guardian', 'A', ${value})`);
    const school = await read();
    expect(await school.roster.readWhole([KEY])).toEqual(new Map());
    const prepared = await prepare(school.roster, { removedRows: [school.removed('7')] });
    expect(prepared.removedRows).toEqual([]);
    expect(await prepared.stage()).toMatchObject({ refused: [{ key: KEY, reason: 'row-refused' }] });
    await prepared.commit();
    expect(db.prepare('SELECT count(*) FROM people').pluck().get()).toBe(1);
  });

  it.each([
    ["UPDATE people SET note = 'z' WHERE id = 7", 'changed'],
    ["INSERT INTO people VALUES (' 7', 'guardian', 'B', '', '')", 'doubled'],
    ['DELETE FROM people WHERE id = 7', 'gone'],
  ])('are not removed when %s has come between', async (sql) => {
    for (const when of ['read', 'prepare']) {
      const db = other(`DROP TABLE IF EXISTS people; DROP TABLE IF EXISTS links; ${NO_LINKS};
        CREATE TABLE people (id, type, first_name, note, status); INSERT INTO people VALUES (7, 'guardian', 'A', 'x', 'not-found')`);
      const school = await read();
      const whole = there((await school.roster.readWhole([KEY])).get('guardian:7'));
      if (when === 'read') db.exec(sql);
      const prepared = await prepare(school.roster, { removedRows: [{ ...school.removed('7'), whole }] });
      if (when === 'prepare') db.exec(sql);
      expect(await prepared.stage()).toMatchObject({ refused: [{ key: KEY, reason: 'roster-changed' }] });
      await prepared.commit();
    }
  });

  it('of links are told apart by their line where several hold one pair', async () => {
    const db = other(`CREATE TABLE people (id, type, first_name);
      INSERT INTO people VALUES (1, 'elev', 'E'), (7, 'guardian', 'A'), (8, 'guardian', 'B');
      CREATE TABLE links (student_id, guardian_id, relation, source);
      INSERT INTO links VALUES (1, 7, 'a', ''), (1, 7, 'b', ''), (1, 7, 'c', '')`);
    const school = await read();
    const link = { student: '1', guardian: '7' };
    const at = (line: number) => ({ link, place: { source: 1, row: line - 1, line } });
    const prepared = await prepare(school.roster, {
      removedLinks: [at(2), at(3)],
      movedLinks: [{ ...at(1), toGuardian: '8' }],
    });
    expect(prepared.removedLinks.map(({ whole }) => whole.cells[2]?.value)).toEqual(['b', 'c']);
    expect(await prepared.stage()).toMatchObject({ refusedLinks: [] });
    await prepared.commit();
    expect(db.prepare('SELECT guardian_id, relation FROM links').raw().all()).toEqual([[8, 'a']]);
    // As the journal would put them back.
    const restored = prepared.removedLinks.map((one) => ({ kind: 'restored', ...one }) as const);
    expect(await (await read()).write({ addedLinks: restored })).toMatchObject({ refusedLinks: [] });
    expect(db.prepare('SELECT relation FROM links ORDER BY rowid').pluck().all()).toEqual(['a', 'b', 'c']);
  });
});
