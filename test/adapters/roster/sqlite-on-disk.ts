import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach } from 'vitest';
import {
  openSqliteRoster,
  type SqliteRosterOptions,
} from '../../../src/adapters/roster/sqlite/sqlite-roster.ts';
import type { Roster } from '../../../src/app/roster-port.ts';
import type { GuardianLink, RosterEntry, RosterField } from '../../../src/domain/roster.ts';
import type {
  AddedLink,
  AddedRow,
  MovedLink,
  RemovedLink,
  RemovedRow,
} from '../../../src/domain/roster-write.ts';
import {
  type CarriedOut,
  carryOut,
  prepare,
  readAll,
  readAllLinks,
  type Wanted,
} from '../../contract/roster-trial.ts';

type NewRow = Extract<AddedRow, { kind: 'new' }>;

/** A roster that has been read, with ways to say what is to be done with its rows. */
export interface ReadSchool {
  readonly roster: Roster;
  readonly guardian: (id: string) => RosterEntry;
  readonly removed: (id: string) => RemovedRow;
  readonly link: (student: string, guardian: string) => GuardianLink;
  readonly removedLink: (student: string, guardian: string) => RemovedLink;
  readonly moved: (student: string, guardian: string, toGuardian: string) => MovedLink;
  readonly write: (wanted: Wanted) => Promise<CarriedOut>;
}

/** A folder for each test with a database in it, and what a test does with it. */
export function useDatabase() {
  const open: Database.Database[] = [];
  const rosters: Roster[] = [];
  let folder = '';
  let path = '';

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'spar-sync-roster-'));
    path = join(folder, 'school.db');
  });

  afterEach(async () => {
    for (const roster of rosters.splice(0)) await roster.close();
    for (const db of open.splice(0)) db.close();
    rmSync(folder, { recursive: true });
  });

  /** Somebody else's connection; closed after the test. */
  function other(sql = ''): Database.Database {
    const db = new Database(path, { timeout: 0 });
    open.push(db);
    db.exec(sql);
    return db;
  }

  async function openRoster(more: Partial<SqliteRosterOptions> = {}): Promise<Roster> {
    const roster = await openSqliteRoster({
      path,
      name: 'school.db',
      people: [{ table: 'people' }],
      links: { table: 'links' },
      patienceMilliseconds: 0,
      ...more,
    });
    rosters.push(roster);
    return roster;
  }

  async function read(more: Partial<SqliteRosterOptions> = {}): Promise<ReadSchool> {
    const roster = await openRoster(more);
    const { entries } = await readAll(roster);
    const { links } = await readAllLinks(roster);
    const guardian = (id: string) =>
      there(entries.find(({ key }) => key.type === 'guardian' && key.id === id));
    const link = (student: string, to: string) =>
      there(links.find((one) => one.student === student && one.guardian === to));
    const removedLink = (student: string, to: string): RemovedLink => ({
      link: { student, guardian: to },
      place: link(student, to).place,
    });
    return {
      roster,
      guardian,
      link,
      removedLink,
      removed: (id) => ({ key: guardian(id).key, place: guardian(id).place }),
      moved: (student, from, toGuardian) => ({ ...removedLink(student, from), toGuardian }),
      write: async (wanted) => carryOut(await prepare(roster, wanted)),
    };
  }

  return { other, openRoster, read, path: () => path };
}

/** A guardian whose id the database gives where it begins with `new-`. */
export function newRow(id: string, cells: Partial<Record<RosterField, string>>): NewRow {
  return { kind: 'new', key: { type: 'guardian', id }, givenByRoster: id.startsWith('new-'), cells };
}

export function newLink(student: string, guardian: string): AddedLink {
  return { kind: 'new', link: { student, guardian }, source: 'spar', relation: '' };
}

export function there<Thing>(thing: Thing | undefined): Thing {
  if (thing === undefined) throw new Error('the roster has no such thing');
  return thing;
}
