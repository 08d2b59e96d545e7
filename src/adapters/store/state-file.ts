import type { Database } from 'better-sqlite3';
import type { PersonId } from '../../domain/person-id.ts';
import { PERSON_TYPES, type RowKey } from '../../domain/roster.ts';
import { DamagedState } from './state-damage.ts';

/** What the parts of the state share: one connection, one queue of writes. */
export interface StateFile {
  readonly db: Database;
  /** See `CommitQueue.write`. */
  write<T>(work: () => T): Promise<T>;
  /** Runs a read after everything that was requested before it; SQLite's errors become ours. */
  read<T>(work: () => T): Promise<T>;
  /**
   * As `write`, for work that erases. Where it says that it did, the write-ahead log, which still holds the
   * earlier text, is emptied before the promise resolves, or later if a reader is in the way.
   */
  erase(work: () => boolean): Promise<void>;
}

/** A rowid as the twelve digits it stands for. They were checked when they were stored. */
export function toPersonId(rowid: number): PersonId {
  return String(rowid).padStart(12, '0') as PersonId;
}

/** The reverse of `rowKeyText`. */
export function toRowKey(text: string): RowKey {
  const type = PERSON_TYPES.find((known) => text.startsWith(`${known}:`));
  if (type === undefined) throw new DamagedState('it names a row of an unknown type');
  return { type, id: text.slice(type.length + 1) };
}
