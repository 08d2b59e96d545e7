import Database, { type Database as Connection } from 'better-sqlite3';
import type { RefusedRow } from '../../../../app/roster-port.ts';

/** Why a piece of a write was left out. */
export type Refusal = RefusedRow['reason'];

/** A piece made a trigger roll back the whole transaction (RAISE(ROLLBACK)): all is to be done again without it. */
export class RolledBack extends Error {
  override readonly name = 'RolledBack';
  readonly by: object;

  constructor(by: object) {
    super('a trigger has rolled back the transaction');
    this.by = by;
  }
}

/** Carries out one piece of a write; whatever it returns but `undefined` takes back what it did. */
export type RunPiece = (piece: object, work: () => Refusal | undefined) => Refusal | undefined;

/**
 * Gives each piece a savepoint of its own inside the transaction, so that one that the database refuses is rolled
 * back alone. Pieces may hold pieces. `violations`: checked after each piece, and may not grow.
 */
export function createPieceRunner(
  db: Connection,
  fatal: ReadonlySet<object>,
  violations: (() => bigint) | undefined,
): RunPiece {
  let depth = 0;
  return function runPiece(piece, work) {
    if (fatal.has(piece)) return 'row-refused';
    const savepoint = `spar_sync_${depth}`;
    const before = violations?.();
    db.exec(`SAVEPOINT ${savepoint}`);
    depth++;
    let refusal: Refusal | undefined;
    try {
      refusal = work();
    } catch (error) {
      if (!concernsRow(error)) throw error;
      refusal = 'row-refused';
    } finally {
      depth--;
    }
    if (!db.inTransaction) throw new RolledBack(piece);
    if (refusal === undefined && violations !== undefined && violations() > (before ?? 0n)) {
      refusal = 'row-refused';
    }
    if (refusal !== undefined) db.exec(`ROLLBACK TO ${savepoint}`);
    db.exec(`RELEASE ${savepoint}`);
    return refusal;
  };
}

/** Constraints, triggers and values of the wrong kind concern one row; a full disk concerns them all. */
function concernsRow(error: unknown): boolean {
  if (!(error instanceof Database.SqliteError)) return false;
  return /^SQLITE_(CONSTRAINT|MISMATCH|TOOBIG|ERROR)/.test(error.code);
}

/**
 * Counts the rows that refer to nothing, in a database some of whose foreign keys are checked at COMMIT only:
 * SQLite does not tell otherwise, before it is too late, that there is such a row. `undefined` where none is deferred.
 */
export function createViolationCount(db: Connection): (() => bigint) | undefined {
  const deferred = db.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND sql LIKE '%DEFERRED%'");
  if (deferred.get() === undefined) return undefined;
  return () => {
    try {
      const count = db.prepare<[], bigint>('SELECT count(*) FROM pragma_foreign_key_check').pluck();
      return count.get() ?? 0n;
    } catch (error) {
      // A foreign key to columns that are no key: then SQLite checks nothing either.
      if (error instanceof Database.SqliteError && error.code === 'SQLITE_ERROR') return 0n;
      throw error;
    }
  };
}
