import type { CalendarDate } from '../domain/calendar-date.ts';
import type { Decision } from '../domain/decision.ts';
import type { ProtectionMark } from '../domain/person.ts';
import { type PersonId, parsePersonId } from '../domain/person-id.ts';
import { protectedUnderAll } from '../domain/protected-numbers.ts';
import { isMarked } from '../domain/protection-mark.ts';
import {
  type RosterEntry,
  type RosterProblem,
  type RowKey,
  rowKeyText,
  type UntakenRow,
} from '../domain/roster.ts';
import { createUntakenRows } from '../domain/rows/untaken-rows.ts';
import type { SnapshotStore, State } from './ports.ts';
import type { Roster } from './roster-port.ts';

/** Whom SPAR's answers at hand say to be protected, each by the number that was asked about. */
export async function marksOf(
  snapshots: Pick<SnapshotStore, 'getMany' | 'protectedPeople'>,
): Promise<ReadonlyMap<PersonId, ProtectionMark>> {
  const people = await snapshots.protectedPeople();
  const answers = await snapshots.getMany(people);
  return new Map(
    answers.flatMap((snapshot): [PersonId, ProtectionMark][] =>
      snapshot?.answer.kind === 'protected' ? [[snapshot.answer.id, snapshot.answer.mark]] : [],
    ),
  );
}

/**
 * Of which people and rows nothing may be shown or written. Fails closed: whoever is protected by an answer or by
 * a mark on any row is so under all numbers, on all rows, and on rows that somebody has declared to be theirs.
 */
export interface Protection {
  isProtected(person: PersonId): boolean;
  /** Of rows that carry a mark, that decisions in force name, or that were watched. */
  isProtectedRow(key: RowKey): boolean;
}

/** Gathers in one pass over the roster what `Protection` rests on. */
export interface ProtectionReader {
  /** Before the pass: a row that is asked about later, and whose it once was. Its mark and number count too. */
  watch(key: RowKey, formerly?: PersonId): void;
  /** Every row of the roster. */
  see(entry: RosterEntry): void;
  /** Every row that the roster could not take: one that may carry a mark counts as if it did. */
  seeUntaken(row: UntakenRow): void;
  finish(): Promise<Protection>;
}

/** Rows that are one person's by decisions in force; mostly one row. */
interface Group {
  isMarked: boolean;
  /** Whose they are now, or were when it was decided. */
  readonly people: Set<PersonId>;
  /** Whose they were at some time: protected, they hide the rows and nobody else. */
  readonly formerly: Set<PersonId>;
}

export async function createProtectionReader(
  { snapshots, journal }: Pick<State, 'snapshots' | 'journal'>,
  today: CalendarDate,
): Promise<ProtectionReader> {
  const groups = groupSame(await journal.decisions());
  const untaken = createUntakenRows(today);
  const unnumbered: RowKey[] = [];

  function groupOf(key: RowKey): Group {
    const name = rowKeyText(key);
    const group = groups.get(name) ?? createGroup();
    groups.set(name, group);
    return group;
  }

  return {
    watch(key, formerly) {
      const group = groupOf(key);
      if (formerly !== undefined) group.formerly.add(formerly);
    },
    see(entry) {
      const { key, cells } = entry;
      const isMarkedRow = isMarked(cells.protected);
      if (!isMarkedRow && !groups.has(rowKeyText(key))) return;
      const group = groupOf(key);
      const person = personOf(entry, today);
      if (person !== undefined) group.people.add(person);
      if (!isMarkedRow) return;
      group.isMarked = true;
      if (person === undefined) unnumbered.push(key);
    },
    seeUntaken: untaken.add,
    async finish() {
      const renumbered = await snapshots.renumbered();
      for (const key of untaken.hiddenKeys) groupOf(key).isMarked = true;
      const started = [
        ...(await snapshots.protectedPeople()),
        ...(await snapshots.peopleOfRows([...unnumbered, ...untaken.hiddenKeys])),
        ...untaken.marked,
        ...untaken.perhapsMarked,
      ];
      let hidden = protectedUnderAll(started, renumbered);
      // A row hides its person, who has other rows and numbers, which are declared to be somebody's again.
      for (let before = -1; before !== hidden.size; ) {
        before = hidden.size;
        const found = [...groups.values()].filter((group) => group.isMarked || isAny(group.people, hidden));
        hidden = protectedUnderAll([...hidden, ...found.flatMap(({ people }) => [...people])], renumbered);
      }
      return {
        isProtected: (person) => hidden.has(person),
        isProtectedRow(key) {
          const group = groups.get(rowKeyText(key));
          if (group === undefined) return false;
          return group.isMarked || isAny(group.people, hidden) || isAny(group.formerly, hidden);
        },
      };
    },
  };
}

/** Reads the roster once for it, and watches these rows. */
export async function readProtection(
  {
    roster,
    state,
    today,
  }: {
    readonly roster: Roster;
    readonly state: Pick<State, 'snapshots' | 'journal'>;
    readonly today: CalendarDate;
  },
  watched: Iterable<RowKey> = [],
): Promise<Protection> {
  const reader = await createProtectionReader(state, today);
  for (const key of watched) reader.watch(key);
  const onProblem = ({ untaken }: RosterProblem) => untaken && reader.seeUntaken(untaken);
  for await (const batch of roster.read(onProblem)) batch.forEach(reader.see);
  return reader.finish();
}

/** The valid number of a row, read with what the row says besides. */
export function personOf(
  { key, cells }: Pick<RosterEntry, 'key' | 'cells'>,
  today: CalendarDate,
): PersonId | undefined {
  const reading = { type: key.type, asOf: today, birthDate: cells.birth_date };
  const id = parsePersonId(cells.personnummer ?? '', reading);
  return id.kind === 'valid' ? id.id : undefined;
}

function createGroup(): Group {
  return { isMarked: false, people: new Set(), formerly: new Set() };
}

/** By `type:id`, rows that decisions in force declare to be the same person, directly or through others. */
function groupSame(decisions: readonly Decision[]): Map<string, Group> {
  const groups = new Map<string, Group>();
  for (const { a, b, verdict, aPerson, bPerson } of decisions) {
    if (verdict !== 'same') continue;
    const one = groups.get(rowKeyText(a)) ?? createGroup();
    const other = groups.get(rowKeyText(b));
    for (const person of [aPerson, bPerson, ...(other?.people ?? [])])
      if (person !== undefined) one.people.add(person);
    for (const [name, group] of groups) if (group === other) groups.set(name, one);
    groups.set(rowKeyText(a), one);
    groups.set(rowKeyText(b), one);
  }
  return groups;
}

function isAny(people: ReadonlySet<PersonId>, among: ReadonlySet<PersonId>): boolean {
  for (const person of people) if (among.has(person)) return true;
  return false;
}
