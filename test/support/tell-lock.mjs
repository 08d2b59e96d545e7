// Loaded into the program with `node --import`: makes the file LOCKING_FILE when the program is about to ask for the
// right to write to its roster, which is a database.
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const Sqlite = createRequire(import.meta.url)('better-sqlite3');
const { exec } = Sqlite.prototype;
Sqlite.prototype.exec = function (sql) {
  if (sql === 'BEGIN IMMEDIATE' && this.name.endsWith('roster.db')) {
    writeFileSync(process.env.LOCKING_FILE, '');
  }
  return exec.call(this, sql);
};
