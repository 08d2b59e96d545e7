import { readdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { edit, prepare } from '../../contract/roster-trial.ts';
import { newRow, type ReadSchool, useDatabase } from './sqlite-on-disk.ts';

const TABLES = `
  CREATE TABLE people (id INTEGER PRIMARY KEY, type, first_name, city);
  CREATE TABLE links (student_id, guardian_id);
  INSERT INTO people VALUES (7, 'guardian', 'A', 'Lund')`;

describe.each(['delete', 'wal'])('a staged write (%s)', (mode) => {
  const { other, read, path } = useDatabase();

  async function begin(school: ReadSchool) {
    const edits = [edit(school.guardian('7'), { city: 'Umeå' })];
    return prepare(school.roster, { edits, addedRows: [newRow('new-1', { first_name: 'B' })] });
  }

  /** Fails where a connection of ours is still open with a transaction. */
  function demandFree(): void {
    other().exec('BEGIN EXCLUSIVE; ROLLBACK');
  }

  it('keeps others from writing until it is committed, and shows them nothing of it', async () => {
    const db = other(`PRAGMA journal_mode = ${mode}; ${TABLES}`);
    const prepared = await begin(await read());
    expect(await prepared.stage()).toMatchObject({ ids: new Map([['new-1', '8']]) });
    expect(() => db.exec("UPDATE people SET city = 'Kiruna'")).toThrow(/locked/);
    expect(db.prepare('SELECT city FROM people').pluck().all()).toEqual(['Lund']);
    expect(await prepared.commit()).toEqual({ kind: 'committed' });
    expect(await prepared.commit()).toEqual({ kind: 'committed' });
    await prepared.discard();
    expect(db.prepare('SELECT city FROM people').pluck().all()).toEqual(['Umeå', null]);
    demandFree();
  });

  it('is taken back by discard, which may be called at any time, and leaves nothing', async () => {
    other(`PRAGMA journal_mode = ${mode}; ${TABLES}`).close();
    const before = readFileSync(path());
    const school = await read();
    const prepared = await begin(school);
    await prepared.stage();
    await prepared.discard();
    await prepared.discard();
    await expect(prepared.commit()).rejects.toThrow(/discarded/);
    const never = await begin(school);
    await never.discard();
    await expect(never.stage()).rejects.toThrow(/discarded/);
    const early = await begin(school);
    await expect(early.commit()).rejects.toThrow(/prepared/);
    expect(readFileSync(path()).equals(before)).toBe(true);
    expect(readdirSync(dirname(path()))).toEqual(['school.db']);
    demandFree();
  });

  it('is taken back when the roster is closed', async () => {
    other(`PRAGMA journal_mode = ${mode}; ${TABLES}`).close();
    const school = await read();
    await (await begin(school)).stage();
    await school.roster.close();
    expect(readdirSync(dirname(path()))).toEqual(['school.db']);
    demandFree();
  });

  it('cannot begin while somebody else is writing; nothing is left open then', async () => {
    const db = other(`PRAGMA journal_mode = ${mode}; ${TABLES}`);
    const prepared = await begin(await read());
    db.exec('BEGIN IMMEDIATE');
    await expect(prepared.stage()).rejects.toMatchObject({ code: 'roster-unwritable' });
    db.exec('ROLLBACK');
    await prepared.discard();
    demandFree();
  });

  it('takes nothing back that it does not own when nothing was to be written', async () => {
    other(`PRAGMA journal_mode = ${mode}; ${TABLES}`);
    const { roster } = await read();
    const prepared = await prepare(roster, []);
    expect(await prepared.stage()).toEqual({ refused: [], refusedLinks: [], ids: new Map(), added: [] });
    demandFree();
    expect(await prepared.commit()).toEqual({ kind: 'committed' });
  });
});

describe('a staged write that cannot be committed', () => {
  const { other, read } = useDatabase();

  it('is taken back: somebody is reading still', async () => {
    const db = other(`PRAGMA journal_mode = delete; ${TABLES}`);
    const school = await read();
    const prepared = await prepare(school.roster, { edits: [edit(school.guardian('7'), { city: 'Umeå' })] });
    await prepared.stage();
    db.exec('BEGIN; SELECT * FROM people');
    const reader = db.prepare('SELECT city FROM people').pluck();
    expect(reader.get()).toBe('Lund');
    await expect(prepared.commit()).rejects.toMatchObject({
      code: 'roster-unwritable',
      text: { en: expect.stringContaining('locked') },
    });
    db.exec('ROLLBACK; BEGIN EXCLUSIVE; ROLLBACK');
    await prepared.discard();
    expect(reader.get()).toBe('Lund');
  });
});
