import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { createCommitQueue } from '../../../src/adapters/store/commit-queue.ts';

describe('the queue of writes', () => {
  function open() {
    const db = new Database(':memory:');
    db.pragma('foreign_keys = ON');
    // Found out only by COMMIT, when every work of the turn has run.
    db.exec(`
      CREATE TABLE parent (id INTEGER PRIMARY KEY);
      CREATE TABLE child (id INTEGER PRIMARY KEY, parent REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED);
      INSERT INTO parent VALUES (1);
    `);
    const insert = db.prepare('INSERT INTO child (parent) VALUES (?)');
    const children = db.prepare('SELECT parent FROM child ORDER BY id').pluck();
    const queue = createCommitQueue(db, (error) => new Error('explained', { cause: error }));
    return {
      queue,
      children,
      insert,
      add: (parent: number) => queue.write(() => insert.run(parent).lastInsertRowid),
    };
  }

  it('keeps the order, and says yes only to what is committed', async () => {
    const { add, children } = open();
    const results = await Promise.allSettled([add(1), add(2), add(1)]);
    expect(results).toMatchObject([
      { status: 'fulfilled', value: 1 },
      { status: 'rejected', reason: { message: 'explained' } },
      { status: 'fulfilled', value: 2 },
    ]);
    expect(children.all()).toEqual([1, 1]);
  });

  it('rejects a single write whose commit fails, and goes on', async () => {
    const { add, children } = open();
    await expect(add(2)).rejects.toThrow('explained');
    await expect(add(1)).resolves.toBe(1);
    expect(children.all()).toEqual([1]);
  });

  it('commits at once when it is flushed', () => {
    const { add, queue, children } = open();
    void add(1);
    expect(children.all()).toEqual([]);
    queue.flush();
    expect(children.all()).toEqual([1]);
  });

  it('undoes all that a failing work did, and nothing of the others', async () => {
    const { queue, add, insert, children } = open();
    const failing = queue.write(() => {
      insert.run(1);
      throw new Error('no');
    });
    const results = await Promise.allSettled([add(1), failing, add(1)]);
    expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(children.all()).toEqual([1, 1]);
  });
});
