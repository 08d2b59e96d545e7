import { chmodSync, closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import Database from 'better-sqlite3';
import type { State } from '../../app/ports.ts';
import { SparSyncError } from '../../errors.ts';
import { isExposed } from '../exposed-file.ts';
import { createCommitQueue } from './commit-queue.ts';
import { createEnvironment } from './environment.ts';
import { createJournal } from './journal.ts';
import { createLookupLedger } from './ledger.ts';
import { assertUntouched, MIGRATIONS, migrate, removeMigrationBackups, versionOf } from './migrations.ts';
import { createRetention } from './retention.ts';
import { createReviewLog } from './reviews.ts';
import { createSecret } from './secret.ts';
import { createSnapshotStore } from './snapshots.ts';
import { DamagedState, isDamaged } from './state-damage.ts';
import type { StateFile } from './state-file.ts';
import { asStateError, stateUnusable } from './state-trouble.ts';

/** `SPAR` in ASCII: what tells our SQLite file from others. */
const APPLICATION_ID = 0x53504152;
const BUSY_MS = 5000;

export interface StateOptions {
  /** Absolute. */
  readonly path: string;
  /** For commands that only look; works beside a run that writes. A file that is not there yet is empty. */
  readonly readonly?: boolean;
}

/**
 * Opens the state file; makes it, 0600, where there is none. Its folder must exist. Throws `state-unusable`,
 * `state-newer`, or `state-locked` when another program keeps writing to it.
 */
export async function openState({ path, readonly = false }: StateOptions): Promise<State> {
  try {
    const db = readonly ? openReader(path) : openWriter(path);
    return closingWhereItFails(db, path, () => stateOver(db, path, readonly));
  } catch (error) {
    throw asStateError(path, error);
  }
}

/** What an error means for an open state file, which is looked at where it may be the file that is wrong. */
function explainError(db: Database.Database, path: string, error: unknown): unknown {
  const explained = asStateError(path, error);
  if (explained instanceof SparSyncError) return explained;
  const isSuspect = error instanceof Database.SqliteError && db.open && isDamaged(db);
  if (!isSuspect && !(error instanceof DamagedState) && !(error instanceof SyntaxError)) return explained;
  return stateUnusable(path, { en: 'it is damaged.', sv: 'den är skadad.' });
}

function closingWhereItFails<T>(db: Database.Database, path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const explained = explainError(db, path, error);
    db.close();
    throw explained;
  }
}

/** Whether accounts other than the owner can read the state file. False where there is none. */
export function stateFileIsExposed(path: string): boolean {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat !== undefined && isExposed(stat);
}

function openWriter(path: string): Database.Database {
  const isNew = sizeOf(path) === 0;
  if (isNew) createEmpty(path);
  else assertOurs(path);
  const db = new Database(path, { fileMustExist: true, timeout: BUSY_MS });
  return closingWhereItFails(db, path, () => {
    // Before the first byte: what is erased later must not lie in free pages, from the file's creation on.
    db.pragma('secure_delete = ON');
    // A file whose making was cut off may have been rolled back to nothing.
    assertUntouched(db, path);
    if (applicationIdOf(db) !== APPLICATION_ID) db.pragma(`application_id = ${APPLICATION_ID}`);
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = FULL');
    db.pragma('foreign_keys = ON');
    db.pragma('temp_store = MEMORY');
    migrate(db, path);
    // What a reader kept in the log when something was erased.
    truncateLog(db);
    return db;
  });
}

function openReader(path: string): Database.Database {
  if (sizeOf(path) === 0) {
    const empty = new Database(':memory:');
    migrate(empty, path);
    empty.pragma('query_only = ON');
    return empty;
  }
  assertOurs(path);
  const db = new Database(path, { readonly: true, fileMustExist: true, timeout: BUSY_MS });
  const isNewest = closingWhereItFails(db, path, () => {
    db.pragma('temp_store = MEMORY');
    return versionOf(db) === MIGRATIONS.length;
  });
  if (isNewest) return db;
  // Older: a writer brings it up to date. Newer: the writer refuses.
  db.close();
  openWriter(path).close();
  return openReader(path);
}

/** Bytes in the file; 0 for one that is not there. Throws where it is a folder. */
function sizeOf(path: string): number {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return 0;
  if (!stat.isFile()) {
    throw stateUnusable(path, { en: 'it is no ordinary file.', sv: 'det är ingen vanlig fil.' });
  }
  return stat.size;
}

/** SQLite gives the -wal and -shm files the mode of the file itself, whatever the umask. */
function createEmpty(path: string): void {
  if (!existsSync(path)) closeSync(openSync(path, 'wx', 0o600));
  chmodSync(path, 0o600);
}

/**
 * Refuses another program's file before SQLite has opened it for writing, which could already alter it (it
 * would empty a write-ahead log that was left behind).
 */
function assertOurs(path: string): void {
  if (headerApplicationId(path) === APPLICATION_ID) return;
  throw stateUnusable(
    path,
    { en: 'it is a database of another program.', sv: 'den är ett annat programs databas.' },
    {
      en: 'The key `state` in the configuration names a file of its own, not the roster; nothing was changed in it.',
      sv: 'Nyckeln `state` i inställningarna ska ange en egen fil, inte registret; ingenting har ändrats i den.',
    },
  );
}

function headerApplicationId(path: string): number {
  if (existsSync(`${path}-shm`)) {
    // A connection may be open, in this very process too, and closing a file of our own would let go its locks.
    const db = new Database(path, { readonly: true, fileMustExist: true, timeout: BUSY_MS });
    try {
      return applicationIdOf(db);
    } finally {
      db.close();
    }
  }
  const header = Buffer.alloc(100);
  const fd = openSync(path, 'r');
  try {
    readSync(fd, header, 0, header.length, 0);
  } finally {
    closeSync(fd);
  }
  if (header.toString('latin1', 0, 16) !== 'SQLite format 3\0') {
    throw stateUnusable(path, { en: 'it is not a SQLite database.', sv: 'den är ingen SQLite-databas.' });
  }
  return header.readInt32BE(68);
}

function applicationIdOf(db: Database.Database): number {
  return Number(db.pragma('application_id', { simple: true }));
}

/** Empties the write-ahead log without waiting for anybody; false when a reader is in the way. */
function truncateLog(db: Database.Database): boolean {
  db.pragma('busy_timeout = 0');
  try {
    return Number(db.pragma('wal_checkpoint(TRUNCATE)', { simple: true })) === 0;
  } finally {
    db.pragma(`busy_timeout = ${BUSY_MS}`);
  }
}

function stateOver(db: Database.Database, path: string, readonly: boolean): State {
  const explain = (error: unknown): unknown => explainError(db, path, error);
  const queue = createCommitQueue(db, explain);
  let truncationDue = false;

  /** A copy from before an upgrade holds what was erased: it goes though no run has come to its end yet. */
  const forgetCopies = (): void => {
    try {
      removeMigrationBackups(path);
    } catch (error) {
      throw explain(error);
    }
  };

  const file: StateFile = {
    db,
    write: queue.write,
    async read(work) {
      queue.flush();
      try {
        return work();
      } catch (error) {
        throw explain(error);
      }
    },
    async erase(work) {
      const erased = await queue.write(work);
      if (erased) {
        truncationDue = true;
        forgetCopies();
      }
      // `close` may have come in between, and has emptied the log then.
      if (truncationDue && db.open) truncationDue = !truncateLog(db);
    },
  };

  return {
    snapshots: createSnapshotStore(file),
    ledger: createLookupLedger(file),
    journal: createJournal(file),
    reviews: createReviewLog(file),
    retention: createRetention(file),
    secret: createSecret(file),
    environment: createEnvironment(file),
    async close() {
      if (!db.open) return;
      queue.flush();
      try {
        if (!readonly) truncateLog(db);
      } catch (error) {
        throw explain(error);
      } finally {
        db.close();
      }
    },
  };
}
