import type { CalendarDate } from '../calendar-date.ts';
import type { Permission } from '../person.ts';
import { hasUnknownBirthDate, isUnder18, type PersonId, parseBirthDate } from '../person-id.ts';
import type { GuardianLink, RosterEntry, RowKey } from '../roster.ts';
import type { Snapshot } from '../snapshot.ts';
import type { Need } from '../update-plan.ts';

/** A row as far as the plan keeps it. */
export type PlannedRow = Pick<RosterEntry, 'key' | 'place'>;

/** Somebody who has to be asked about, with every row that leads there. */
export interface OpenNeed {
  readonly id: PersonId;
  readonly permissions: Set<Permission>;
  readonly rows: Map<number, PlannedRow>;
  /** The answer that will not do, where there is one. */
  readonly last: Snapshot | undefined;
}

/**
 * Who has to be asked about, each once with the union of the permissions needed, whatever the number of rows
 * that lead to them.
 */
export interface OpenNeeds {
  add(
    id: PersonId,
    row: number,
    at: PlannedRow,
    permissions: readonly Permission[],
    last: Snapshot | undefined,
  ): void;
  /** A row was left out after all. */
  drop(row: number): void;
  /** Tells of a link; `isLive`: to an active student under 18. Call once all rows are known. */
  addLink(link: GuardianLink, isLive: boolean): void;
  /** Needs that still have rows. */
  all(): readonly OpenNeed[];
  /** Whether every row is a guardian whose children are all inactive, gone or grown up. */
  isNobodysBusiness(need: OpenNeed): boolean;
}

export function createOpenNeeds(): OpenNeeds {
  const needs = new Map<PersonId, OpenNeed>();
  const needOfRow = new Map<number, OpenNeed>();
  const guardians = new Map<string, { links: number; isLive: boolean }>();

  function hasNobodyToGuard(key: RowKey): boolean {
    if (key.type !== 'guardian') return false;
    const linked = guardians.get(key.id);
    // Without links nothing is known of the children: a school may not have filled them in yet.
    return linked !== undefined && linked.links > 0 && !linked.isLive;
  }

  return {
    add(id, row, at, permissions, last) {
      let need = needs.get(id);
      if (need === undefined) {
        need = { id, permissions: new Set(), rows: new Map(), last };
        needs.set(id, need);
      }
      for (const permission of permissions) need.permissions.add(permission);
      need.rows.set(row, { key: at.key, place: at.place });
      needOfRow.set(row, need);
      if (at.key.type === 'guardian') guardians.set(at.key.id, { links: 0, isLive: false });
    },
    drop(row) {
      needOfRow.get(row)?.rows.delete(row);
    },
    addLink(link, isLive) {
      const linked = guardians.get(link.guardian);
      if (linked === undefined) return;
      linked.links++;
      if (isLive) linked.isLive = true;
    },
    all: () => [...needs.values()].filter((need) => need.rows.size > 0),
    isNobodysBusiness: (need) => [...need.rows.values()].every((row) => hasNobodyToGuard(row.key)),
  };
}

export function toNeed(open: OpenNeed): Need {
  const lastAnswer: CalendarDate | undefined = open.last?.fetchedOn;
  return {
    id: open.id,
    permissions: [...open.permissions],
    rows: [...open.rows.values()].map((row) => row.key),
    ...(lastAnswer && { lastAnswer }),
  };
}

/**
 * Whether a row is that of an active student who is not certainly of age: whose guardians are the school's
 * business. A student without a usable number has just arrived as a rule, and is a child until shown not to be.
 */
export function isLiveStudent(
  entry: RosterEntry,
  isActive: boolean,
  id: PersonId | undefined,
  today: CalendarDate,
): boolean {
  if (entry.key.type !== 'student' || !isActive) return false;
  if (id !== undefined) return isUnder18(id, today) || hasUnknownBirthDate(id);
  const birth = parseBirthDate(entry.cells.birth_date ?? '');
  return birth === undefined || isUnder18(birth, today);
}
