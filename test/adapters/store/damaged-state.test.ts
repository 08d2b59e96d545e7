import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openState } from '../../../src/adapters/store/open-state.ts';
import { isDamaged } from '../../../src/adapters/store/state-damage.ts';
import type { State } from '../../../src/app/ports.ts';
import { remember } from '../../contract/state-on-trial.ts';
import { personId, registered } from '../../support/arbitraries.ts';

const ANNA = personId('200901112383');
const DAMAGED = { code: 'state-unusable', text: { en: expect.stringContaining('it is damaged') } };

describe('a state file in which something else stands than was written', () => {
  let folder: string;
  let path: string;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'spar-sync-damaged-'));
    path = join(folder, 'state.db');
    const state = await openState({ path });
    await remember(state, registered({ id: ANNA, name: { surname: 'Hemlighult' } }));
    await state.close();
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  function damage(sql: string): void {
    const db = new Database(path);
    db.unsafeMode(true);
    db.exec(sql);
    db.close();
  }

  async function using(work: (state: State) => Promise<unknown>): Promise<unknown> {
    const state = await openState({ path, readonly: true });
    try {
      return await work(state);
    } finally {
      await state.close();
    }
  }

  it.each([
    ['another kind of answer', `replace(answer, 'registered', 'registe2ed')`],
    ['a kind that says more than its answer', `replace(answer, 'registered', 'protected')`],
    ['somebody else', `replace(answer, '${ANNA}', '200908012388')`],
    ['no number', `replace(answer, '${ANNA}', '200901112384')`],
    ['a key that nobody knows', `replace(answer, 'surname', 'surnale')`],
    ['a truth that is none', `replace(answer, 'false', '1')`],
    ['no object', `'7'`],
  ])('is told as damaged: an answer with %s', async (_what, sql) => {
    damage(`UPDATE snapshot SET answer = ${sql}`);
    await expect(using(({ snapshots }) => snapshots.getMany([ANNA]))).rejects.toMatchObject(DAMAGED);
  });

  it.each([
    ['a day', "fetched_on = '2026-11-2'"],
    ['a list of permissions', `permissions = '{"a":1}'`],
    ['a list of comparisons', "compared_rows = '[1]'"],
  ])('is told as damaged: %s that is none', async (_what, sql) => {
    damage(`UPDATE snapshot SET ${sql}`);
    await expect(using(({ snapshots }) => snapshots.getMany([ANNA]))).rejects.toMatchObject(DAMAGED);
  });

  it('is told as damaged where SQLite itself reads the JSON', async () => {
    damage("DROP INDEX snapshot_protected; UPDATE snapshot SET answer = '{'");
    await expect(using(({ snapshots }) => snapshots.protectedPeople())).rejects.toMatchObject(DAMAGED);
  });

  it.each([
    ['a version that it is not', 'PRAGMA user_version = 1'],
    ['a table less', 'DROP TABLE review'],
    ['a column of another name', 'ALTER TABLE snapshot RENAME COLUMN answer TO answes'],
  ])('is told as damaged: %s', async (_what, sql) => {
    damage(sql);
    await expect(openState({ path })).rejects.toMatchObject(DAMAGED);
  });

  it('is whole as long as nobody has damaged it', () => {
    const db = new Database(path);
    expect(isDamaged(db)).toBe(false);
    db.close();
  });
});
