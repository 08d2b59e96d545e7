import type { CalendarDate } from '../domain/calendar-date.ts';
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
  /** Of rows that carry a mark, that decisions in force name, or that were watched. */
  isProtectedRow(key: RowKey): boolean;
  isProtectedForCertain(key: RowKey): boolean;
}

/** Gathers in one pass over the roster what `Protection` rests on. */
export interface ProtectionReader extends Pick<RosterMarks, 'watch' | 'seeUntaken'> {
  /** Every row of the roster. */
  see(entry: RosterEntry): void;
  finish(): Promise<Protection>;
}

export async function createProtectionReader(
  { snapshots, journal }: Pick<State, 'snapshots' | 'journal'>,
  today: CalendarDate,
): Promise<ProtectionReader> {
  const marks = createRosterMarks(today, await journal.decisions());
  return {
    watch: marks.watch,
    see: (entry) => marks.see(seenRow(entry, personOf(entry, today))),
    seeUntaken: marks.seeUntaken,
    async finish() {
      const { people, isHiddenRow, isHiddenForCertain } = marks.settle({
        remembered: await rememberedPeople(marks, snapshots),
        protectedPeople: await snapshots.protectedPeople(),
        withheldPeople: await snapshots.withheldPeople(),
        renumbered: await snapshots.renumbered(),
      });
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
  snapshots: Pick<SnapshotStore, 'peopleOfRows'>,
): Promise<RememberedPeople> {
  const { marked, perhaps } = marks.unnumbered();
  return { marked: await snapshots.peopleOfRows(marked), perhaps: await snapshots.peopleOfRows(perhaps) };
}

interface ProtectionWorld {
  readonly roster: Roster;
  readonly state: Pick<State, 'snapshots' | 'journal'>;
  readonly today: CalendarDate;
}

/** Reads the roster once for it, and watches these rows. */
export async function readProtection(
  { roster, state, today }: ProtectionWorld,
  watched: Iterable<RowKey> = [],
): Promise<Protection> {
  const reader = await createProtectionReader(state, today);
  for (const key of watched) reader.watch(key);
  await readWhole(roster, reader, () => {});
  return reader.finish();
}

/** Reads the roster once for it; rows that tell no number are watched for those whose they were. */
export async function readProtectionOfAll({
  roster,
  state,
  today,
}: ProtectionWorld & { readonly state: Pick<State, 'retention'> }): Promise<Protection> {
  const reader = await createProtectionReader(state, today);
  const unnumbered: RowKey[] = [];
  await readWhole(roster, reader, (entry) => {
    if (personOf(entry, today) === undefined) unnumbered.push(entry.key);
  });
  const people = await state.retention.peopleAt(unnumbered, { inForce: true });
  for (const key of unnumbered) {
    for (const person of people.get(rowKeyText(key)) ?? []) reader.watch(key, person);
  }
  return reader.finish();
}

async function readWhole(
  roster: Roster,
  reader: ProtectionReader,
  onRow: (entry: RosterEntry) => void,
): Promise<void> {
  const onProblem = ({ untaken }: RosterProblem) => untaken && reader.seeUntaken(untaken);
  for await (const batch of roster.read(onProblem)) {
    for (const entry of batch) {
      reader.see(entry);
      onRow(entry);
    }
  }
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
