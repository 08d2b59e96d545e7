import type { Database } from 'better-sqlite3';
import type { PreparedWrite, Staged } from '../../../../app/roster-port.ts';
import { rowKeyText } from '../../../../domain/roster.ts';
import { isNothing, type RosterWrite } from '../../../../domain/roster-write.ts';
import { isSameWholeRow, type WholeRow } from '../../../../domain/whole-row.ts';
import { findPeople, indexLinks, isTaken } from '../sqlite-find.ts';
import type { RosterTables } from '../sqlite-tables.ts';
import { readWholeRow } from '../sqlite-whole.ts';
import type { Refusal } from './sqlite-savepoint.ts';
import { type SeenBefore, stageWrite } from './sqlite-write.ts';

const NOTHING_STAGED: Staged = { refused: [], refusedLinks: [], ids: new Map(), added: [] };

/**
 * A write whose connection is open, and its transaction with it, from `stage` until `commit` or `discard`: meanwhile
 * nobody else can write to the database, and a program that dies leaves nothing behind.
 */
export function createPreparedWrite(
  tables: RosterTables,
  write: RosterWrite,
  seen: SeenBefore,
  world: {
    readonly connect: () => Database;
    /** What an error of SQLite means for the roster. */
    readonly asWriting: (error: unknown) => unknown;
  },
): PreparedWrite {
  let db: Database | undefined;
  let state: 'prepared' | 'staged' | 'committed' | 'discarded' = 'prepared';

  /** Closing a connection takes its open transaction back. */
  const release = (): void => {
    db?.close();
    db = undefined;
  };

  return {
    kind: 'prepared',
    files: [],
    removedRows: write.removedRows.flatMap(({ key }, i) => {
      const whole = seen.rows[i];
      return typeof whole === 'object' ? [{ key, whole }] : [];
    }),
    removedLinks: write.removedLinks.flatMap(({ link }, i) => {
      const whole = seen.links[i];
      return typeof whole === 'object' ? [{ link, whole }] : [];
    }),

    async stage() {
      if (state !== 'prepared') throw new Error(`a write that is ${state} cannot be staged`);
      try {
        if (isNothing(write)) {
          state = 'staged';
          return NOTHING_STAGED;
        }
        db = world.connect();
        const staged = stageWrite(db, tables, write, seen);
        state = 'staged';
        return staged;
      } catch (error) {
        release();
        state = 'discarded';
        throw world.asWriting(error);
      }
    },

    async commit() {
      if (state === 'committed') return { kind: 'committed' };
      if (state !== 'staged') throw new Error(`a write that is ${state} cannot be committed`);
      state = 'discarded';
      try {
        db?.exec('COMMIT');
        state = 'committed';
        return { kind: 'committed' };
      } catch (error) {
        throw world.asWriting(error);
      } finally {
        release();
      }
    },

    async discard() {
      release();
      if (state !== 'committed') state = 'discarded';
    },
  };
}

/** Reads what a write is to remove, on a connection inside a transaction. */
export function readRemoved(
  db: Database,
  tables: RosterTables,
  write: RosterWrite,
): Pick<SeenBefore, 'rows' | 'links'> {
  const { people, links } = tables;
  const rows = findPeople(
    db,
    people,
    write.removedRows.map(({ key }) => key),
  );
  const index =
    links &&
    indexLinks(
      db,
      links,
      write.removedLinks.map(({ link }) => link),
    );
  return {
    rows: write.removedRows.map(({ key, place, whole }): WholeRow | Refusal => {
      const found = rows.get(rowKeyText(key));
      const table = typeof found === 'object' ? people[found.source] : undefined;
      if (typeof found !== 'object' || table === undefined) return 'roster-changed';
      const isElsewhere = table.table.rowid !== undefined && Number(found.at[0]) !== place.line;
      if (isElsewhere && isTaken(db, table.table, place.line)) return 'roster-changed';
      const now = readWholeRow(db, table, found.at, found.row);
      const isOther = typeof now === 'object' && whole !== undefined && !isSameWholeRow(now, whole);
      return isOther ? 'roster-changed' : now;
    }),
    links: write.removedLinks.map(({ link, place }) => {
      const found = index?.take(link, place.line);
      if (found === undefined || links === undefined) return 'roster-changed';
      return readWholeRow(db, links, found.at, found.row);
    }),
  };
}
