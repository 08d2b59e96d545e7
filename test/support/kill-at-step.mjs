// Loaded into the program with `node --import`: counts its durable steps and, before the step of that number
// (KILL_BEFORE_STEP), ends the process as a power cut would. Without that number it writes what the steps are
// to STEPS_FILE. A step is a file made beside its target, synced, renamed
// or removed, or a transaction committed.
import { appendFileSync, promises } from 'node:fs';
import { createRequire, syncBuiltinESMExports } from 'node:module';

const Sqlite = createRequire(import.meta.url)('better-sqlite3');
const killBefore = Number(process.env.KILL_BEFORE_STEP ?? 0);
const list = process.env.STEPS_FILE;
let steps = 0;

function step(name) {
  steps += 1;
  if (list) appendFileSync(list, `${name}\n`);
  if (steps === killBefore) process.kill(process.pid, 'SIGKILL');
}

const { open, rename, rm } = promises;
promises.open = async (path, flags, ...rest) => {
  if (flags !== 'r') step('make');
  const handle = await open(path, flags, ...rest);
  const { sync } = handle;
  handle.sync = async () => {
    step('sync');
    return sync.call(handle);
  };
  return handle;
};
promises.rename = async (...paths) => {
  step('rename');
  return rename(...paths);
};
promises.rm = async (...rest) => {
  step('remove');
  return rm(...rest);
};
syncBuiltinESMExports();

const memory = new Sqlite(':memory:');
const database = Object.getPrototypeOf(memory);
const statement = Object.getPrototypeOf(memory.prepare('SELECT 1'));
memory.close();
const { run } = statement;
statement.run = function (...values) {
  if (this.source === 'COMMIT') step('commit');
  return run.apply(this, values);
};

// The roster's own transaction, where it is a database.
const { exec } = database;
database.exec = function (sql) {
  if (sql === 'COMMIT') step('commit roster');
  return exec.call(this, sql);
};
