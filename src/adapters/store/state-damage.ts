import Database from 'better-sqlite3';
import { MIGRATIONS, migrate, versionOf } from './migrations.ts';

/** Something stands in the state file that no version of this program has ever written there. */
export class DamagedState extends Error {
  override readonly name = 'DamagedState';
}

/** Where each column holds JSON, or nothing. */
const JSON_COLUMNS: Readonly<Record<string, readonly string[]>> = {
  snapshot: ['permissions', 'compared_rows', 'answer'],
  run: ['files', 'compared'],
  ledger: ['permissions', 'rows'],
  act: ['whole'],
};

/**
 * Whether an open state file is damaged, asked where SQLite has failed in a way that could also be a mistake of
 * ours: its pages or its structure are not as they should be, or what should be JSON is none. Reads all of it.
 */
export function isDamaged(db: Database.Database): boolean {
  try {
    const steps = MIGRATIONS.slice(0, versionOf(db));
    return (
      db.pragma('integrity_check(1)', { simple: true }) !== 'ok' ||
      structureOf(db) !== structureAfter(steps) ||
      (steps.length === MIGRATIONS.length && holdsBrokenJson(db))
    );
  } catch {
    return true;
  }
}

function holdsBrokenJson(db: Database.Database): boolean {
  return Object.entries(JSON_COLUMNS).some(([table, columns]) => {
    const broken = columns.map((column) => `(${column} IS NOT NULL AND NOT json_valid(${column}))`);
    return db.prepare(`SELECT 1 FROM ${table} WHERE ${broken.join(' OR ')} LIMIT 1`).get() !== undefined;
  });
}

function structureOf(db: Database.Database): string {
  const objects = db.prepare('SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name').all();
  return JSON.stringify(objects);
}

function structureAfter(steps: readonly string[]): string {
  const db = new Database(':memory:');
  try {
    migrate(db, ':memory:', steps);
    return structureOf(db);
  } finally {
    db.close();
  }
}
