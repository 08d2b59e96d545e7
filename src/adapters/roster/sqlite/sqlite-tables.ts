import type { Database } from 'better-sqlite3';
import type { NewGuardianPlace } from '../../../app/roster-port.ts';
import type { PersonType } from '../../../domain/roster.ts';
import {
  LINK_COLUMNS,
  type LinkColumn,
  missingPeopleColumn,
  PEOPLE_COLUMNS,
  type PeopleColumn,
} from '../columns.ts';
import { findTable, sameName, type Table, type TableWanted } from './sqlite-table.ts';
import { rosterTrouble } from './sqlite-trouble.ts';

export interface SqlitePeopleTable extends TableWanted<PeopleColumn> {
  /** Of everybody in the table; without it, the table has a column `type`. */
  readonly type?: PersonType;
}

/** Which tables of a database are the roster, as configured. */
export interface TablesWanted {
  /** Absolute. */
  readonly path: string;
  /** As in the configuration, for people to read. */
  readonly name: string;
  readonly people: readonly SqlitePeopleTable[];
  readonly links?: TableWanted<LinkColumn>;
  readonly newGuardian?: {
    /** Index into `people`. */
    readonly target?: number;
    readonly idStyle?: 'uuid' | 'number';
    /** By the table's own columns. */
    readonly values: Readonly<Record<string, string>>;
  };
}

/** A table of people, as found. */
export interface PeopleTable {
  /** `RosterSource.name`. */
  readonly name: string;
  /** Of everybody in it; without it, the table has a column for the type. */
  readonly type: PersonType | undefined;
  readonly table: Table<PeopleColumn>;
}

export interface LinksTable {
  readonly name: string;
  readonly table: Table<LinkColumn>;
}

export interface NewGuardianTable extends NewGuardianPlace {
  /** What new rows hold in columns of the table's own, by its spelling. */
  readonly constants: ReadonlyMap<string, string>;
}

/** The tables of the roster, as found. */
export interface RosterTables {
  readonly people: readonly PeopleTable[];
  readonly links: LinksTable | undefined;
  readonly newGuardians: NewGuardianTable | undefined;
}

/** Looks up all that is configured. Throws `roster-unreadable` where a table or a column is missing. */
export function findRosterTables(db: Database, wanted: TablesWanted): RosterTables {
  const { path, name, links } = wanted;
  const people = wanted.people.map((one): PeopleTable => {
    const { type } = one;
    const table = findTable(db, path, one, PEOPLE_COLUMNS, (found) => missingPeopleColumn(found, type));
    return { name: `${name}#${table.name}`, type, table };
  });
  const linkTable =
    links &&
    findTable(db, path, links, LINK_COLUMNS, (found) =>
      found.has('student_id') && found.has('guardian_id')
        ? undefined
        : {
            en: 'no column is "student_id", or none is "guardian_id"',
            sv: 'ingen kolumn är "student_id", eller ingen är "guardian_id"',
          },
    );
  return {
    people,
    links: linkTable && { name: `${name}#${linkTable.name}`, table: linkTable },
    newGuardians: placeNewGuardians(db, wanted, people),
  };
}

function placeNewGuardians(
  db: Database,
  { path, newGuardian }: TablesWanted,
  people: readonly PeopleTable[],
): NewGuardianTable | undefined {
  const possible = [...people.keys()].filter((source) => {
    const { type, table } = people[source] ?? {};
    const canAdd = table !== undefined && (!table.isView || hasInsteadOf(db, table, 'INSERT'));
    return canAdd && (type === undefined || type === 'guardian');
  });
  const source = newGuardian?.target ?? (possible.length === 1 ? possible[0] : undefined);
  const table = source === undefined ? undefined : people[source]?.table;
  if (source === undefined || table === undefined) return undefined;

  const constants = new Map<string, string>();
  for (const [name, text] of Object.entries(newGuardian?.values ?? {})) {
    const column =
      table.stored.find((stored) => stored.name === name) ??
      table.stored.find((stored) => sameName(stored.name, name));
    if (column === undefined) throw unknownConstant(`${path}#${table.name}`, name, table);
    constants.set(column.name, text);
  }
  const isNumbered = table.numbered !== undefined && table.numbered === table.columns.get('id')?.name;
  return { source, idStyle: isNumbered ? 'database' : newGuardian?.idStyle, constants };
}

function unknownConstant(place: string, name: string, table: Table<PeopleColumn>) {
  const names = table.stored.map((column) => column.name).join(', ');
  return rosterTrouble(
    place,
    'reading',
    {
      en: `it has no column "${name}" that a new row could be given (\`roster.newGuardian.values.${name}\`).`,
      sv: `den har ingen kolumn "${name}" som en ny rad kan få (\`roster.newGuardian.values.${name}\`).`,
    },
    { en: `Its columns are: ${names}.`, sv: `Dess kolumner är: ${names}.` },
  );
}

/**
 * A view can be written to only where its owner has said how: of people, that rows can be edited; of links, that
 * they can be added.
 */
export function demandWritable(db: Database, path: string, { people, links }: RosterTables): void {
  for (const { table } of people) demandInsteadOf(db, path, table, 'UPDATE');
  if (links !== undefined) demandInsteadOf(db, path, links.table, 'INSERT');
}

function demandInsteadOf(db: Database, path: string, table: Table<string>, what: 'INSERT' | 'UPDATE'): void {
  if (!table.isView || hasInsteadOf(db, table, what)) return;
  throw rosterTrouble(
    `${path}#${table.name}`,
    'writing',
    { en: 'it is a view.', sv: 'det är en vy.' },
    {
      en: `Name the table behind it in the configuration, or give the view an INSTEAD OF ${what} trigger.`,
      sv: `Ange tabellen bakom den i inställningarna, eller ge vyn en INSTEAD OF ${what}-trigger.`,
    },
  );
}

function hasInsteadOf(db: Database, view: Table<string>, what: 'INSERT' | 'UPDATE'): boolean {
  const triggers = db
    .prepare<[string], string>(
      "SELECT sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = ? COLLATE NOCASE",
    )
    .pluck()
    .all(view.name);
  return triggers.some((sql) => new RegExp(`\\bINSTEAD\\s+OF\\s+${what}\\b`, 'i').test(sql));
}
