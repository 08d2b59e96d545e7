import type { CommitResult, PreparedWrite, Roster, RosterSource, RowEdit } from '../../src/app/ports.ts';
import {
  type Cells,
  type GuardianLink,
  type PersonType,
  ROSTER_FIELDS,
  type RosterEntry,
  type RosterField,
} from '../../src/domain/roster.ts';

export type MemoryRow = { id: string; type: PersonType } & { [F in RosterField]?: string };

/** A roster in memory that can be changed behind the program's back. */
export interface MemoryRoster extends Roster {
  readonly rows: MemoryRow[];
  /** How often it has been read and written. */
  readonly reads: number;
  readonly writes: number;
  /** Called right before a commit looks whether anything has changed. */
  beforeCommit: (() => void) | undefined;
}

export function createMemoryRoster(
  initial: readonly MemoryRow[],
  options: {
    readonly links?: readonly { student: string; guardian: string }[];
    readonly latin?: boolean;
  } = {},
): MemoryRoster {
  const rows = initial.map((row) => ({ ...row }));
  const fields = new Set(ROSTER_FIELDS.filter((field) => rows.some((row) => row[field] !== undefined)));
  const canHold = (text: string): boolean => !options.latin || [...text].every((letter) => letter <= 'ÿ');
  const source: RosterSource = { name: 'memory', fields, canHold };
  let seen = '';
  let reads = 0;
  let writes = 0;

  const cellsOf = (row: MemoryRow): Cells =>
    Object.fromEntries(
      ROSTER_FIELDS.map((field) => [field, fields.has(field) ? (row[field] ?? '') : undefined]),
    ) as Cells;

  const roster: MemoryRoster = {
    rows,
    get reads() {
      return reads;
    },
    get writes() {
      return writes;
    },
    beforeCommit: undefined,
    sources: [source],
    linksName: 'links',
    async *read() {
      reads++;
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
      const links = (options.links ?? []).map(
        (link, i): GuardianLink => ({
          ...link,
          relation: undefined,
          source: undefined,
          place: { source: 1, row: i, line: i + 2 },
        }),
      );
      if (links.length > 0) yield links;
    },
    async proveWritable() {},
    async prepareWrite(edits) {
      if (JSON.stringify(rows) !== seen) return { kind: 'target-changed' };
      return prepared(edits);
    },
    async digests() {
      return new Map([['memory', JSON.stringify(rows)]]);
    },
    async removeLeftovers() {},
    async close() {},
  };

  function prepared(edits: readonly RowEdit[]): PreparedWrite {
    return {
      kind: 'prepared',
      files: [{ path: 'memory', before: seen, after: 'later' }],
      async stage() {},
      async commit(): Promise<CommitResult> {
        roster.beforeCommit?.();
        if (JSON.stringify(rows) !== seen) return { kind: 'target-changed' };
        for (const edit of edits) {
          const row = rows[edit.place.row];
          if (row === undefined) throw new Error('a row that is not there');
          for (const cell of edit.cells) row[cell.field] = cell.to;
        }
        writes++;
        return { kind: 'committed', refused: [] };
      },
      async discard() {},
    };
  }

  return roster;
}
