import type { CalendarDate } from '../domain/calendar-date.ts';
import { numberOf } from '../domain/duplicates/row-finder.ts';
import { createFamilyReader, type Families, type FamilyReader } from '../domain/families.ts';
import { type PersonId, type PersonNumbers, personNumbers } from '../domain/person-id.ts';
import type { RosterProblem, RowKey } from '../domain/roster.ts';
import type { State } from './ports.ts';
import { rememberedPeople, watchFormerRows } from './protected-people.ts';
import type { Roster } from './roster-port.ts';
import { asShown, byPlace, placed } from './roster-problems.ts';

/** The roster as families, with what it has wrong, by file and line. */
export interface ReadFamilies {
  readonly families: Families;
  /** Whose rows the roster has: of every type, active or not, left out or not taken at all. Maybe several times. */
  readonly people: PersonNumbers;
  readonly problems: readonly RosterProblem[];
}

/**
 * Reads the whole roster once, its links too.
 *
 * @param state tells who is hidden besides those whom the roster's own marks hide
 */
export async function readFamilies(
  roster: Roster,
  options: { readonly today: CalendarDate; readonly selected: (key: RowKey) => boolean },
  state?: Pick<State, 'snapshots' | 'journal' | 'retention'>,
): Promise<ReadFamilies> {
  const problems: RosterProblem[] = [];
  const decisions = (await state?.journal.decisions()) ?? [];
  const reader = createFamilyReader({ ...options, decisions });
  const onProblem = (problem: RosterProblem) => {
    if (problem.untaken !== undefined) reader.addUntaken(problem.untaken);
    problems.push(asShown(problem));
  };
  for await (const batch of roster.read(onProblem)) batch.forEach(reader.add);
  for await (const batch of roster.readLinks(onProblem)) batch.forEach(reader.addLink);
  const families = reader.finish(state && (await knownOf(reader, state)));
  if (state !== undefined) {
    const unnumbered = families.guardians.flatMap((row) => (numberOf(row) === undefined ? [row.key] : []));
    await watchFormerRows(unnumbered, families.hiddenRows.people, reader, state);
  }
  problems.push(...placed(roster, 'duplicate-id', families.duplicates));
  problems.push(...placed(roster, 'link-to-nobody', families.linksToNobody));
  return { families, people: personNumbers(peopleOf(families)), problems: problems.sort(byPlace) };
}

async function knownOf(reader: FamilyReader, { snapshots }: Pick<State, 'snapshots'>) {
  return {
    remembered: await rememberedPeople(reader, snapshots),
    protectedPeople: await snapshots.protectedPeople(),
    renumbered: await snapshots.renumbered(),
    markedBefore: (await snapshots.markedRows()).map(({ key }) => key),
  };
}

function* peopleOf(families: Families): Generator<PersonId> {
  for (const rows of [families.students, families.staff, families.guardians]) {
    for (const { id } of rows) if (id.kind === 'valid') yield id.id;
  }
  for (const { person } of families.leftOut) if (person !== undefined) yield person;
  yield* families.untaken;
}
