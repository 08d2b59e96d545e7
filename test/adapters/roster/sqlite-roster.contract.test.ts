import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { TestRunner } from 'vitest';
import { openSqliteRoster } from '../../../src/adapters/roster/sqlite/sqlite-roster.ts';
import { describeRosterContract } from '../../contract/roster.contract.ts';
import type { GivenRoster, RosterOnTrial, Row } from '../../contract/roster-trial.ts';

const QUIET_FILES = ['', '-wal', '-shm', '-journal'].map((end) => `roster.db${end}`);

for (const mode of ['delete', 'wal'] as const) {
  describeRosterContract({ name: `sqlite, journal mode ${mode}`, open: (given) => openOnTrial(given, mode) });
}

async function openOnTrial({ people, links }: GivenRoster, mode: 'delete' | 'wal'): Promise<RosterOnTrial> {
  const folder = mkdtempSync(join(tmpdir(), 'spar-sync-roster-'));
  const path = join(folder, 'roster.db');
  const made = new Database(path);
  made.pragma(`journal_mode = ${mode}`);
  fill(made, 'people', people);
  if (links) fill(made, 'links', links);
  made.close();
  const roster = await openSqliteRoster({
    path,
    name: 'roster.db',
    people: [{ table: 'people' }],
    ...(links && { links: { table: 'links' } }),
  });

  function meddle(sql: string, ...values: readonly (string | number)[]): void {
    const db = new Database(path, { timeout: 0 });
    try {
      db.prepare(sql).run(...values);
    } catch (error) {
      const isLocked = error instanceof Database.SqliteError && error.code === 'SQLITE_BUSY';
      if (!isLocked) throw error;
      TestRunner.getCurrentTest()?.context.skip(
        'nobody else can write to a database between stage and commit',
      );
    } finally {
      db.close();
    }
  }

  function dumpTable(table: string): readonly Row[] {
    const db = new Database(path);
    const rows = db.prepare<[], Record<string, string | null>>(`SELECT * FROM ${table} ORDER BY rowid`).all();
    db.close();
    return rows.map((row) => Object.fromEntries(Object.entries(row).map(([k, v]) => [k, v ?? ''])));
  }

  return {
    roster,
    dump: async () => dumpTable('people'),
    dumpLinks: async () => (links ? dumpTable('links') : []),
    editBehind: async (id, column, text) =>
      meddle(
        `UPDATE people SET "${column}" = ? WHERE rowid = (SELECT min(rowid) FROM people WHERE id = ?)`,
        text,
        id,
      ),
    editLinkBehind: async (index, column, text) =>
      meddle(
        `UPDATE links SET "${column}" = ? WHERE rowid = (SELECT rowid FROM links ORDER BY rowid LIMIT 1 OFFSET ?)`,
        text,
        index,
      ),
    leftovers: async () => readdirSync(folder).filter((file) => !QUIET_FILES.includes(file)),
    remove: async () => rmSync(folder, { recursive: true }),
  };
}

function fill(db: Database.Database, table: string, rows: readonly Row[]): void {
  const columns = Object.keys(rows[0] ?? {});
  db.exec(`CREATE TABLE ${table} (${columns.map((column) => `"${column}" TEXT`).join(', ')})`);
  const insert = db.prepare(`INSERT INTO ${table} VALUES (${columns.map(() => '?').join(', ')})`);
  db.transaction(() => {
    for (const row of rows) insert.run(...columns.map((column) => row[column]));
  })();
}
