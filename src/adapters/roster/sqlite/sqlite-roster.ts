import Database from 'better-sqlite3';
import type { Roster, RosterSource } from '../../../app/ports.ts';
import {
  type GuardianLink,
  type PersonType,
  ROSTER_FIELDS,
  type RosterEntry,
  type RosterProblem,
} from '../../../domain/roster.ts';
import {
  LINK_COLUMNS,
  type LinkColumn,
  missingPeopleColumn,
  PEOPLE_COLUMNS,
  type PeopleColumn,
} from '../columns.ts';
import { readTable } from './sqlite-read.ts';
import { rowKeyOf, toCells } from './sqlite-row.ts';
import { findTable, type Table, type TableWanted } from './sqlite-table.ts';
import { asRosterError, rosterTrouble, type SqliteDoing } from './sqlite-trouble.ts';
import { commitEdits, type PeopleTable } from './sqlite-write.ts';

export interface SqlitePeopleTable extends TableWanted<PeopleColumn> {
  /** Of everybody in the table; without it, the table has a column `type`. */
  readonly type?: PersonType;
}

export interface SqliteRosterOptions {
  /** Absolute. */
  readonly path: string;
  /** As in the configuration, for people to read. */
  readonly name: string;
  readonly people: readonly SqlitePeopleTable[];
  readonly links?: TableWanted<LinkColumn>;
  /** How long to wait for another program that holds the database locked. */
  readonly patienceMilliseconds?: number;
}

/**
 * Opens somebody else's SQLite database as a roster. Every pass and every write has a connection and a
 * transaction of its own: between them nothing is held. Throws `roster-unreadable` where the database, a table
 * or a column is missing, or where another program holds it for longer than some seconds.
 */
export async function openSqliteRoster(options: SqliteRosterOptions): Promise<Roster> {
  const { path, name } = options;
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

  const { people, links } = using('reading', (db) => {
    db.defaultSafeIntegers(false);
    return inspect(db, options);
  });

  const sources: RosterSource[] = people.map(({ table }) => ({
    name: `${name}#${table.name}`,
    fields: new Set(ROSTER_FIELDS.filter((field) => table.columns.has(field))),
    canHold: (text) => !/[\0\p{Surrogate}]/u.test(text),
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
    for (const [source, { type, table }] of people.entries()) {
      const file = `${name}#${table.name}`;
      for (const rows of readTable(db, table, PEOPLE_COLUMNS)) {
        const entries: RosterEntry[] = [];
        for (const { row, line, texts } of rows) {
          if (texts === undefined) {
            onProblem({ file, line, reason: 'not-text' });
            continue;
          }
          const key = rowKeyOf(type, texts[0], texts[1]);
          if (typeof key === 'string') onProblem({ file, line, reason: key });
          else entries.push({ key, place: { source, row, line }, cells: toCells(texts) });
        }
        if (entries.length > 0) yield entries;
      }
    }
  }

  function* readPairs(
    db: Database.Database,
    table: Table<LinkColumn>,
    onProblem: (problem: RosterProblem) => void,
  ): Generator<readonly GuardianLink[]> {
    const file = `${name}#${table.name}`;
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
      }
      if (pairs.length > 0) yield pairs;
    }
  }

  return {
    sources,
    linksName: links && `${name}#${links.name}`,
    read: (onProblem) => pass((db) => readPeople(db, onProblem)),
    readLinks: (onProblem) =>
      links === undefined ? pass(() => []) : pass((db) => readPairs(db, links, onProblem)),

    async proveWritable() {
      using('writing', (db) => {
        for (const { table } of people) demandWritable(db, path, table);
        db.exec('BEGIN IMMEDIATE');
        // Writes a page in memory, so that SQLite makes its journal in the folder; then takes it back.
        db.pragma(`user_version = ${db.pragma('user_version', { simple: true })}`);
        db.exec('ROLLBACK');
      });
    },

    async prepareWrite(edits) {
      return {
        kind: 'prepared',
        files: [],
        async stage() {},
        async commit() {
          if (edits.length === 0) return { kind: 'committed', refused: [] };
          return using('writing', (db) => ({ kind: 'committed', refused: commitEdits(db, people, edits) }));
        },
        async discard() {},
      };
    },

    digests: async () => new Map(),
    async removeLeftovers() {},
    async close() {},
  };
}

function inspect(db: Database.Database, { path, people, links }: SqliteRosterOptions) {
  return {
    people: people.map((wanted): PeopleTable => {
      const { type } = wanted;
      const table = findTable(db, path, wanted, PEOPLE_COLUMNS, (found) => missingPeopleColumn(found, type));
      return { type, table };
    }),
    links:
      links &&
      findTable(db, path, links, LINK_COLUMNS, (found) =>
        found.has('student_id') && found.has('guardian_id')
          ? undefined
          : {
              en: 'no column is "student_id", or none is "guardian_id"',
              sv: 'ingen kolumn är "student_id", eller ingen är "guardian_id"',
            },
      ),
  };
}

/** A view can be written to only where its owner has said how. */
function demandWritable(db: Database.Database, path: string, table: Table<PeopleColumn>): void {
  if (!table.isView) return;
  const triggers = db
    .prepare<[string], string>(
      "SELECT sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = ? COLLATE NOCASE",
    )
    .pluck()
    .all(table.name);
  if (triggers.some((sql) => /\bINSTEAD\s+OF\s+UPDATE\b/i.test(sql))) return;
  throw rosterTrouble(
    `${path}#${table.name}`,
    'writing',
    { en: 'it is a view.', sv: 'det är en vy.' },
    {
      en: 'Name the table behind it in the configuration, or give the view an INSTEAD OF UPDATE trigger.',
      sv: 'Ange tabellen bakom den i konfigurationen, eller ge vyn en INSTEAD OF UPDATE-trigger.',
    },
  );
}
