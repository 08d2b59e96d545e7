import Database from 'better-sqlite3';
import type { PreparedWrite, Roster, RosterSource } from '../../../app/roster-port.ts';
import {
  type GuardianLink,
  ROSTER_FIELDS,
  type RosterEntry,
  type RosterProblem,
} from '../../../domain/roster.ts';
import type { WholeRow } from '../../../domain/whole-row.ts';
import { LINK_COLUMNS, PEOPLE_COLUMNS } from '../columns.ts';
import { canHold } from './sqlite-cell.ts';
import { findPeople } from './sqlite-find.ts';
import { readTable } from './sqlite-read.ts';
import { createReferrerFinder } from './sqlite-referrers.ts';
import { rowKeyOf, toCells, untakenRowOf } from './sqlite-row.ts';
import { sameName } from './sqlite-table.ts';
import { demandWritable, findRosterTables, type LinksTable, type TablesWanted } from './sqlite-tables.ts';
import { asRosterError, type SqliteDoing } from './sqlite-trouble.ts';
import { readWholeRow } from './sqlite-whole.ts';
import { createPreparedWrite, readRemoved } from './write/sqlite-prepared.ts';

export interface SqliteRosterOptions extends TablesWanted {
  /** How long to wait for another program that holds the database locked. */
  readonly patienceMilliseconds?: number;
}

/**
 * Opens somebody else's SQLite database as a roster. Every pass and every write has a connection and a
 * transaction of its own: between them nothing is held, save while a write is staged. Throws `roster-unreadable` where the database, a table
 * or a column is missing, or where another program holds it for longer than some seconds.
 */
export async function openSqliteRoster(options: SqliteRosterOptions): Promise<Roster> {
  const { path } = options;
  const connect = (): Database.Database => {
    const db = new Database(path, { fileMustExist: true, timeout: options.patienceMilliseconds ?? 5000 });
    db.defaultSafeIntegers(true);
    return db;
  };

  /** Works on a connection of its own and closes it. */
  const using = <T>(doing: SqliteDoing, work: (db: Database.Database) => T): T => {
    let db: Database.Database | undefined;
    try {
      db = connect();
      return work(db);
    } catch (error) {
      throw asRosterError(path, doing, error);
    } finally {
      db?.close();
    }
  };

  /** Reads on a connection of its own, all of it as of one moment. */
  const reading = <T>(work: (db: Database.Database) => T, doing: SqliteDoing = 'reading'): T =>
    using(doing, (db) => {
      db.pragma('query_only = ON');
      db.exec('BEGIN');
      return work(db);
    });

  const tables = using('reading', (db) => {
    db.defaultSafeIntegers(false);
    return findRosterTables(db, options);
  });
  const { people, links, newGuardians } = tables;
  const unfinished: PreparedWrite[] = [];
  /** Of each guardian, as the last complete reading of the links has seen them. */
  let linkCounts: ReadonlyMap<string, number> = new Map();

  const sources: RosterSource[] = people.map(({ name, table }) => ({
    name,
    fields: new Set(ROSTER_FIELDS.filter((field) => table.columns.has(field))),
    canHold,
  }));

  /** One pass: every table in one read transaction, so that all rows are of the same moment. */
  async function* pass<T>(
    work: (db: Database.Database) => Iterable<readonly T[]>,
  ): AsyncGenerator<readonly T[]> {
    let db: Database.Database | undefined;
    try {
      db = connect();
      db.pragma('query_only = ON');
      db.exec('BEGIN');
      yield* work(db);
    } catch (error) {
      throw asRosterError(path, 'reading', error);
    } finally {
      db?.close();
    }
  }

  function* readPeople(
    db: Database.Database,
    onProblem: (problem: RosterProblem) => void,
  ): Generator<readonly RosterEntry[]> {
    for (const [source, { name: file, type, table }] of people.entries()) {
      const hasMark = table.columns.has('protected');
      const leaveOut = (
        line: number,
        reason: RosterProblem['reason'],
        cells: readonly (string | undefined)[],
      ) => {
        onProblem({ file, line, reason, untaken: untakenRowOf(type, cells, hasMark) });
      };
      for (const rows of readTable(db, table, PEOPLE_COLUMNS)) {
        const entries: RosterEntry[] = [];
        for (const { row, line, texts, legible = [] } of rows) {
          if (texts === undefined) {
            leaveOut(line, 'not-text', legible);
            continue;
          }
          const key = rowKeyOf(type, texts[0], texts[1]);
          if (typeof key === 'string') leaveOut(line, key, texts);
          else entries.push({ key, place: { source, row, line }, cells: toCells(texts) });
        }
        if (entries.length > 0) yield entries;
      }
    }
  }

  function* readPairs(
    db: Database.Database,
    { name: file, table }: LinksTable,
    onProblem: (problem: RosterProblem) => void,
  ): Generator<readonly GuardianLink[]> {
    const counts = new Map<string, number>();
    for (const rows of readTable(db, table, LINK_COLUMNS)) {
      const pairs: GuardianLink[] = [];
      for (const { row, line, texts } of rows) {
        if (texts === undefined) {
          onProblem({ file, line, reason: 'not-text' });
          continue;
        }
        const [student = '', guardian = '', relation, source] = texts;
        if (student.trim() === '' || guardian.trim() === '') {
          onProblem({ file, line, reason: 'link-incomplete' });
        } else {
          const place = { source: people.length, row, line };
          pairs.push({ student: student.trim(), guardian: guardian.trim(), relation, source, place });
        }
        counts.set(guardian.trim(), (counts.get(guardian.trim()) ?? 0) + 1);
      }
      if (pairs.length > 0) yield pairs;
    }
    linkCounts = counts;
  }

  return {
    sources,
    linksName: links?.name,
    tableForm: { delimiter: ';', encoding: 'utf-8', lineEnd: '\r\n', bom: true },
    newGuardians: newGuardians && { source: newGuardians.source, idStyle: newGuardians.idStyle },
    read: (onProblem) => pass((db) => readPeople(db, onProblem)),
    readLinks: (onProblem) =>
      links === undefined ? pass(() => []) : pass((db) => readPairs(db, links, onProblem)),

    readWhole: async (keys) =>
      reading((db) => {
        const wholes = new Map<string, WholeRow>();
        for (const [text, found] of findPeople(db, people, keys)) {
          const table = found === 'several' ? undefined : people[found.source];
          if (found === 'several' || table === undefined) continue;
          const whole = readWholeRow(db, table, found.at, found.row);
          if (typeof whole === 'object') wholes.set(text, whole);
        }
        return wholes;
      }),

    referrers: async (keys) =>
      reading((db) => {
        const finders = people.map(({ table }) => createReferrerFinder(db, table));
        const referring = new Map<string, readonly string[]>();
        for (const [text, found] of findPeople(db, people, keys)) {
          const names = found === 'several' ? [] : (finders[found.source]?.(found.at) ?? []);
          const others = names.filter((name) => links === undefined || !sameName(name, links.table.name));
          if (others.length > 0) referring.set(text, others);
        }
        return referring;
      }),

    async proveWritable(what) {
      using('writing', (db) => {
        demandWritable(db, path, what.links ? tables : { ...tables, links: undefined });
        db.exec('BEGIN IMMEDIATE');
        // Writes a page in memory, so that SQLite makes its journal in the folder; then takes it back.
        db.pragma(`user_version = ${db.pragma('user_version', { simple: true })}`);
        db.exec('ROLLBACK');
      });
    },

    async prepareWrite(write) {
      const isRemoving = write.removedRows.length + write.removedLinks.length > 0;
      const removed = isRemoving
        ? reading((db) => readRemoved(db, tables, write), 'writing')
        : { rows: [], links: [] };
      const prepared = createPreparedWrite(
        tables,
        write,
        { ...removed, linkCounts },
        {
          connect,
          asWriting: (error) => asRosterError(path, 'writing', error),
        },
      );
      unfinished.push(prepared);
      return prepared;
    },

    digests: async () => new Map(),
    async removeLeftovers() {},
    async close() {
      for (const prepared of unfinished.splice(0)) await prepared.discard();
    },
  };
}
