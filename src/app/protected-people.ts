import type { CalendarDate } from '../domain/calendar-date.ts';
import type { Decision } from '../domain/decision.ts';
import type { ProtectionMark } from '../domain/person.ts';
import { type PersonId, parsePersonId } from '../domain/person-id.ts';
import { type RosterEntry, type RosterProblem, type RowKey, rowKeyText } from '../domain/roster.ts';
import {
  createRosterMarks,
  type RememberedPeople,
  type RosterMarks,
  seenRow,
} from '../domain/rows/roster-marks.ts';
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

/** Of which people and rows nothing may be shown or written; see `RosterMarks`. */
export interface Protection {
  isProtected(person: PersonId): boolean;
  /** Of rows that carry a mark, tell no number, that decisions in force name, or that were watched. */
  isProtectedRow(key: RowKey): boolean;
  isProtectedForCertain(key: RowKey): boolean;
}

/** Gathers in one pass over the roster what `Protection` rests on. */
export interface ProtectionReader extends Pick<RosterMarks, 'watch'> {
  /** Every row of the roster. */
  see(entry: RosterEntry): void;
  /** What the roster has wrong: a row that could not be taken may carry a mark. */
  seeProblem(problem: RosterProblem): void;
  finish(): Promise<Protection>;
}

type ProtectionState = Pick<State, 'snapshots' | 'journal' | 'retention'>;

/** @param more declarations that count besides those in force */
export async function createProtectionReader(
  state: ProtectionState,
  today: CalendarDate,
  more: readonly Decision[] = [],
): Promise<ProtectionReader> {
  const { snapshots, journal } = state;
  const marks = createRosterMarks(today, [...(await journal.decisions()), ...more]);
  const unnumbered: RowKey[] = [];
  return {
    watch: marks.watch,
    see(entry) {
      const person = personOf(entry, today);
      marks.see(seenRow(entry, person));
      if (person === undefined) unnumbered.push(entry.key);
    },
    seeProblem({ untaken }) {
      if (untaken !== undefined) marks.seeUntaken(untaken);
    },
    async finish() {
      const { people, isHiddenRow, isHiddenForCertain } = marks.settle({
        remembered: await rememberedPeople(marks, snapshots),
        protectedPeople: await snapshots.protectedPeople(),
        withheldPeople: await snapshots.withheldPeople(),
        renumbered: await snapshots.renumbered(),
      });
      await watchFormerRows(unnumbered, people, marks, state);
      return {
        isProtected: (person) => people.has(person),
        isProtectedRow: isHiddenRow,
        isProtectedForCertain: isHiddenForCertain,
      };
    },
  };
}

/** Whose rows those are or were that carry a mark and tell no number, as far as the state knows. */
export async function rememberedPeople(
  marks: Pick<RosterMarks, 'unnumbered'>,
  snapshots: Pick<SnapshotStore, 'peopleOfRows' | 'markedRows'>,
): Promise<RememberedPeople> {
  const { marked, perhaps } = marks.unnumbered();
  const names = new Set([...marked, ...perhaps].map(rowKeyText));
  const read = (await snapshots.markedRows()).filter(
    ({ key, isCertain }) => !isCertain && names.has(rowKeyText(key)),
  );
  return {
    marked: await snapshots.peopleOfRows(marked),
    perhaps: [...(await snapshots.peopleOfRows(perhaps)), ...read.map(({ person }) => person)],
  };
}

/**
 * Rows that tell no number and were once somebody's who is hidden are hidden too.
 *
 * @param people who is hidden
 */
export async function watchFormerRows(
  unnumbered: readonly RowKey[],
  people: ReadonlySet<PersonId>,
  { watch }: Pick<RosterMarks, 'watch'>,
  { retention }: Pick<State, 'retention'>,
): Promise<void> {
  if (unnumbered.length === 0 || people.size === 0) return;
  const former = await retention.peopleAt(unnumbered, { inForce: true, among: [...people] });
  for (const key of unnumbered) {
    for (const person of former.get(rowKeyText(key)) ?? []) watch(key, person);
  }
}

/** Reads the roster once for it, and watches these rows. */
export async function readProtection(
  {
    roster,
    state,
    today,
  }: {
    readonly roster: Roster;
    readonly state: ProtectionState;
    readonly today: CalendarDate;
  },
  watched: Iterable<RowKey> = [],
): Promise<Protection> {
  const reader = await createProtectionReader(state, today);
  for (const key of watched) reader.watch(key);
  for await (const batch of roster.read(reader.seeProblem)) batch.forEach(reader.see);
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
