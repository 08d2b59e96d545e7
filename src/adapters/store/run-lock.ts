import {
  chmodSync,
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { SparSyncError } from '../../errors.ts';
import { swedishTime } from '../report/history/local-time.ts';
import { asStateError } from './state-trouble.ts';

/** Who holds the lock. `at`: wall clock, ISO 8601 in UTC. */
export interface LockHolder {
  readonly command: string;
  readonly at: string;
  readonly pid: number;
}

export interface RunLock {
  /** Lets the next run in. May be called more than once. */
  release(): void;
}

/**
 * Makes this the only run over the state file. The lock is one of the kernel's, on `<state>-lock`, so that it is
 * gone the moment the process is, however it ends; `<state>-lock.json` beside it is only for people to read.
 * Throws `state-locked`, naming the holder, and `state-unusable` where the folder cannot be written to.
 */
export function acquireRunLock(statePath: string, holder: LockHolder): RunLock {
  try {
    return acquire(resolveLinks(statePath), holder);
  } catch (error) {
    throw asStateError(statePath, error);
  }
}

function acquire(statePath: string, holder: LockHolder): RunLock {
  const lockPath = `${statePath}-lock`;
  const notePath = `${lockPath}.json`;
  // Never opened and closed where it is there already: that would let go of a lock this process holds on it.
  if (!existsSync(lockPath)) {
    closeSync(openSync(lockPath, 'a', 0o600));
    chmodSync(lockPath, 0o600);
  }
  const db = new Database(lockPath, { fileMustExist: true, timeout: 0 });
  try {
    db.exec('BEGIN EXCLUSIVE');
    writeNote(notePath, holder);
  } catch (error) {
    db.close();
    if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY'))
      throw locked(readNote(notePath));
    throw error;
  }
  return {
    release() {
      if (!db.open) return;
      try {
        rmSync(notePath, { force: true });
      } catch {
        // The run is done, and a note without the lock is read by nobody.
      }
      db.close();
    },
  };
}

/** Two names of one file are one lock. */
function resolveLinks(path: string): string {
  return existsSync(path) ? realpathSync(path) : join(realpathSync(dirname(path)), basename(path));
}

function writeNote(path: string, { command, at, pid }: LockHolder): void {
  // One name for all: only the holder of the lock writes here, and so the next one clears away what is left of it.
  const fresh = `${path}.new`;
  rmSync(fresh, { force: true });
  try {
    writeFileSync(fresh, `${JSON.stringify({ command, at, pid })}\n`, { mode: 0o600, flag: 'wx' });
    chmodSync(fresh, 0o600);
    renameSync(fresh, path);
  } catch (error) {
    rmSync(fresh, { force: true });
    throw error;
  }
}

function readNote(path: string): Partial<LockHolder> {
  try {
    const note: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return typeof note === 'object' && note !== null ? note : {};
  } catch {
    // Not written yet, or taken away by a holder that is just finishing.
    return {};
  }
}

function locked({ command, at, pid }: Partial<LockHolder>): SparSyncError {
  const known = command !== undefined && at !== undefined && pid !== undefined;
  const since = swedishTime(at ?? '');
  return new SparSyncError(
    'state-locked',
    known
      ? {
          en: `Another run is under way: \`${command}\` since ${since} (process ${pid}).`,
          sv: `En annan körning pågår: \`${command}\` sedan ${since} (process ${pid}).`,
        }
      : { en: 'Another run is under way.', sv: 'En annan körning pågår.' },
    {
      en: 'Wait until it has finished, or end that process; the lock goes with it.',
      sv: 'Vänta tills den är klar, eller avsluta den processen; låset försvinner med den.',
    },
  );
}
