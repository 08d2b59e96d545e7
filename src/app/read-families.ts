import type { CalendarDate } from '../domain/calendar-date.ts';
import { createFamilyReader, type Families } from '../domain/families.ts';
import type { RosterProblem, RowKey } from '../domain/roster.ts';
import type { Roster } from './roster-port.ts';
import { asShown, byPlace, placed } from './roster-problems.ts';

/** The roster as families, with what it has wrong, by file and line. */
export interface ReadFamilies {
  readonly families: Families;
  readonly problems: readonly RosterProblem[];
}

/** Reads the whole roster once, its links too. */
export async function readFamilies(
  roster: Roster,
  options: { readonly today: CalendarDate; readonly selected: (key: RowKey) => boolean },
): Promise<ReadFamilies> {
  const problems: RosterProblem[] = [];
  const reader = createFamilyReader(options);
  const onProblem = (problem: RosterProblem) => {
    if (problem.about !== undefined) reader.addLeftOut(problem.about);
    problems.push(asShown(problem));
  };
  for await (const batch of roster.read(onProblem)) batch.forEach(reader.add);
  for await (const batch of roster.readLinks(onProblem)) batch.forEach(reader.addLink);
  const families = reader.finish();
  problems.push(...placed(roster, 'duplicate-id', families.duplicates));
  problems.push(...placed(roster, 'link-to-nobody', families.linksToNobody));
  return { families, problems: problems.sort(byPlace) };
}
