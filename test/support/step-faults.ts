import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import Sqlite from 'better-sqlite3';

/** One thing that the program does to the disk: a file made, written, synced, renamed or removed, a transaction committed. */
export interface Step {
  /** From 1, among those in the folder that is watched. */
  readonly number: number;
  readonly name: string;
  readonly path: string;
}

/** Called before the step is done; what it throws, the program gets in its place. */
export type BeforeStep = (step: Step) => void;

interface Watch {
  readonly folder: string;
  readonly before: BeforeStep;
  steps: number;
}

const watches = new Set<Watch>();
let isInstalled = false;
/** What the callback itself does to the disk is no step of the program's. */
let isCalling = false;

/**
 * Watches what this very process does to the disk in a folder, so that the system can be made to fail, or the
 * world to change, at any of its steps. Returns how to stop.
 */
export function watchSteps(folder: string, before: BeforeStep): () => void {
  install();
  const watch = { folder, before, steps: 0 };
  watches.add(watch);
  return () => void watches.delete(watch);
}

/** The error that the system gives. */
export function systemError(code: 'ENOSPC' | 'EROFS' | 'EACCES', { name, path }: Step): Error {
  return Object.assign(new Error(`${code}: ${REASONS[code]}, ${name} '${path}'`), {
    code,
    syscall: name,
    path,
  });
}

const REASONS = {
  ENOSPC: 'no space left on device',
  EROFS: 'read-only file system',
  EACCES: 'permission denied',
};

/** A disk that is full from the step of this number on: files cannot grow, but can be renamed and removed. */
export function fullDiskFrom(number: number): BeforeStep {
  return (step) => {
    if (step.number < number) return;
    if (isOfDatabase(step)) throw new Sqlite.SqliteError('database or disk is full', 'SQLITE_FULL');
    if (step.name !== 'rename' && step.name !== 'remove') throw systemError('ENOSPC', step);
  };
}

/** What fails at the step of this number only, be it even a rename. */
export function failingAt(number: number): BeforeStep {
  return (step) => {
    if (step.number !== number) return;
    if (isOfDatabase(step)) throw new Sqlite.SqliteError('disk I/O error', 'SQLITE_IOERR_FSYNC');
    throw systemError('ENOSPC', step);
  };
}

/** A folder in which nothing can be made, renamed or removed, and files of ours cannot be written. */
export function readOnly(code: 'EROFS' | 'EACCES', isMeant: (path: string) => boolean): BeforeStep {
  return (step) => {
    if (!isMeant(step.path)) return;
    if (isOfDatabase(step)) {
      throw new Sqlite.SqliteError('attempt to write a readonly database', 'SQLITE_READONLY');
    }
    throw systemError(code, step);
  };
}

function isOfDatabase({ name }: Step): boolean {
  return name === 'commit' || name === 'settings' || name === 'copy';
}

function step(name: string, path: unknown): void {
  if (isCalling) return;
  for (const watch of watches) {
    if (!String(path).startsWith(watch.folder)) continue;
    watch.steps += 1;
    isCalling = true;
    try {
      watch.before({ number: watch.steps, name, path: String(path) });
    } finally {
      isCalling = false;
    }
  }
}

function install(): void {
  if (isInstalled) return;
  isInstalled = true;
  installFiles();
  installDatabases();
}

function installFiles(): void {
  const { open, rename, rm, mkdir } = fs.promises;
  const { openSync, writeFileSync, renameSync, rmSync } = fs;
  Object.assign(fs.promises, {
    async open(...args: Parameters<typeof open>) {
      const [path, flags] = args;
      if (flags !== 'r') step('make', path);
      const handle = await open(...args);
      const [write, sync] = [handle.write, handle.sync];
      return Object.assign(handle, {
        write(...rest: Parameters<typeof write>) {
          step('write', path);
          return write.apply(handle, rest);
        },
        async sync() {
          step('sync', path);
          return sync.call(handle);
        },
      });
    },
    async rename(...args: Parameters<typeof rename>) {
      step('rename', args[1]);
      return rename(...args);
    },
    async rm(...args: Parameters<typeof rm>) {
      step('remove', args[0]);
      return rm(...args);
    },
    async mkdir(...args: Parameters<typeof mkdir>) {
      step('folder', args[0]);
      return mkdir(...args);
    },
  });
  Object.assign(fs, {
    openSync(...args: Parameters<typeof openSync>) {
      if (args[1] !== 'r') step('make', args[0]);
      return openSync(...args);
    },
    writeFileSync(...args: Parameters<typeof writeFileSync>) {
      step('write', args[0]);
      return writeFileSync(...args);
    },
    renameSync(...args: Parameters<typeof renameSync>) {
      step('rename', args[1]);
      return renameSync(...args);
    },
    rmSync(...args: Parameters<typeof rmSync>) {
      step('remove', args[0]);
      return rmSync(...args);
    },
  });
  syncBuiltinESMExports();
}

function installDatabases(): void {
  const memory = new Sqlite(':memory:');
  const database = Object.getPrototypeOf(memory);
  const statement = Object.getPrototypeOf(memory.prepare('SELECT 1'));
  memory.close();
  const { exec, pragma } = database;
  const { run } = statement;

  /** SQLite takes back by itself what could not be committed. */
  const commit = (db: Sqlite.Database, work: () => unknown): unknown => {
    try {
      step('commit', db.name);
    } catch (error) {
      exec.call(db, 'ROLLBACK');
      throw error;
    }
    return work();
  };
  statement.run = function (this: Sqlite.Statement, ...values: unknown[]) {
    if (this.source.startsWith('VACUUM INTO')) step('copy', this.database.name);
    const work = () => run.apply(this, values);
    return this.source === 'COMMIT' ? commit(this.database, work) : work();
  };
  database.exec = function (this: Sqlite.Database, sql: string) {
    const work = () => exec.call(this, sql);
    return sql === 'COMMIT' ? commit(this, work) : work();
  };
  database.pragma = function (this: Sqlite.Database, source: string, ...rest: unknown[]) {
    if (/^(?:application_id|journal_mode) = /.test(source)) step('settings', this.name);
    return pragma.call(this, source, ...rest);
  };
}
