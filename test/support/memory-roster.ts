import type { CommitResult, PreparedWrite, Roster, RosterSource } from '../../src/app/roster-port.ts';
import {
  type Cells,
  type GuardianLink,
  type PersonType,
  ROSTER_FIELDS,
  type RosterEntry,
  type RosterField,
  rowKeyText,
  type UntakenRow,
} from '../../src/domain/roster.ts';
import type { RosterWrite } from '../../src/domain/roster-write.ts';
import type { WholeRow } from '../../src/domain/whole-row.ts';
import { applyToTables, type MemoryTables, type WrittenTables, wholeOf } from './memory-write.ts';

export type MemoryRow = { id: string; type: PersonType } & { [F in RosterField]?: string };

export type MemoryLink = { student: string; guardian: string; relation?: string; source?: string };

export interface MemoryOptions {
  readonly links?: readonly MemoryLink[];
  readonly latin?: boolean;
  /** Columns that the roster has though no row holds anything in them. */
  readonly fields?: readonly RosterField[];
  /** Gives new rows their ids itself: the largest number plus one. No files then. */
  readonly database?: boolean;
  readonly idStyle?: 'uuid' | 'number';
  /** Rows that the roster would not take, as they would stand in it. */
  readonly refuses?: (row: MemoryRow) => boolean;
  /** Rows that the roster cannot take. */
  readonly untaken?: readonly UntakenRow[];
  /** `guardian:7` to the tables that refer to the row. */
  readonly referrers?: Readonly<Record<string, readonly string[]>>;
}

/** A roster in memory that can be changed behind the program's back. */
export interface MemoryRoster extends Roster {
  readonly rows: MemoryRow[];
  readonly links: MemoryLink[];
  /** How often it has been read and written. */
  readonly reads: number;
  readonly writes: number;
  /** Called right before a commit looks whether anything has changed. */
  beforeCommit: (() => void) | undefined;
}

export function createMemoryRoster(initial: readonly MemoryRow[], options: MemoryOptions = {}): MemoryRoster {
  const tables: MemoryTables = {
    rows: initial.map((row) => ({ ...row })),
    links: (options.links ?? []).map((link) => ({ ...link })),
  };
  const { rows, links } = tables;
  const used = (field: RosterField) => rows.some((row) => row[field] !== undefined);
  const fields = new Set(ROSTER_FIELDS.filter((field) => options.fields?.includes(field) || used(field)));
  const columns = [...new Set(['id', 'type', ...rows.flatMap((row) => Object.keys(row)), ...fields])];
  const source: RosterSource = {
    name: 'memory',
    fields,
    canHold: (text) =>
      !/[\0\p{Surrogate}]/u.test(text) && (!options.latin || [...text].every((letter) => letter <= 'ÿ')),
  };
  let seen = '';
  let seenLinks: string | undefined;
  let reads = 0;
  let writes = 0;

  const cellsOf = (row: MemoryRow): Cells =>
    Object.fromEntries(
      ROSTER_FIELDS.map((field) => [field, fields.has(field) ? (row[field] ?? '') : undefined]),
    ) as Cells;

  function isAsRead(write: RosterWrite): boolean {
    const linksCount = write.addedLinks.length + write.removedLinks.length + write.movedLinks.length;
    if (linksCount > 0 && seenLinks === undefined) throw new Error('a write of links rests on their reading');
    return JSON.stringify(rows) === seen && (linksCount === 0 || JSON.stringify(links) === seenLinks);
  }

  function work(write: RosterWrite): WrittenTables {
    return applyToTables(tables, write, {
      columns,
      canHold: source.canHold,
      refuses: options.refuses ?? (() => false),
    });
  }

  const roster: MemoryRoster = {
    rows,
    links,
    get reads() {
      return reads;
    },
    get writes() {
      return writes;
    },
    beforeCommit: undefined,
    sources: [source],
    linksName: 'links',
    tableForm: { delimiter: ';', encoding: 'utf-8', lineEnd: '\r\n', bom: true },
    newGuardians: { source: 0, idStyle: options.database ? 'database' : options.idStyle },
    async *read(onProblem) {
      reads++;
      for (const untaken of options.untaken ?? []) {
        onProblem({ file: 'memory', line: 99, reason: 'ragged-row', untaken });
      }
      seen = JSON.stringify(rows);
      const entries = rows.map(
        (row, i): RosterEntry => ({
          key: { type: row.type, id: row.id },
          place: { source: 0, row: i, line: i + 2 },
          cells: cellsOf(row),
        }),
      );
      for (let i = 0; i < entries.length; i += 3) yield entries.slice(i, i + 3);
    },
    async *readLinks() {
      seenLinks = JSON.stringify(links);
      const read = links.map(
        (link, i): GuardianLink => ({
          student: link.student,
          guardian: link.guardian,
          relation: link.relation,
          source: link.source,
          place: { source: 1, row: i, line: i + 2 },
        }),
      );
      if (read.length > 0) yield read;
    },
    async readWhole(keys) {
      const found = new Map<string, WholeRow>();
      for (const key of keys) {
        const own = rows.filter(({ type, id }) => type === key.type && id === key.id);
        const [row] = own;
        if (row !== undefined && own.length === 1) {
          found.set(rowKeyText(key), wholeOf(row, columns, 'memory', rows.indexOf(row)));
        }
      }
      return found;
    },
    async referrers(keys) {
      const all = Object.entries(options.referrers ?? {});
      return new Map(all.filter(([key]) => keys.some((one) => rowKeyText(one) === key)));
    },
    async proveWritable(_what) {},
    async prepareWrite(write) {
      return isAsRead(write) ? prepared(write) : { kind: 'target-changed' };
    },
    async digests() {
      return new Map(options.database ? [] : [['memory', JSON.stringify(tables)]]);
    },
    async removeLeftovers() {},
    async close() {},
  };

  function prepared(write: RosterWrite): PreparedWrite {
    const { removedRows, removedLinks, ...planned } = work(write);
    const [before, after] = [JSON.stringify(tables), JSON.stringify(planned.tables)];
    return {
      kind: 'prepared',
      files: options.database || before === after ? [] : [{ path: 'memory', before, after }],
      removedRows,
      removedLinks,
      async stage() {
        const { refused, refusedLinks, ids, added } = planned;
        return { refused, refusedLinks, ids, added };
      },
      async commit(): Promise<CommitResult> {
        roster.beforeCommit?.();
        if (!isAsRead(write)) return { kind: 'target-changed' };
        rows.splice(0, rows.length, ...planned.tables.rows);
        links.splice(0, links.length, ...planned.tables.links);
        writes++;
        return { kind: 'committed' };
      },
      async discard() {},
    };
  }

  return roster;
}
