import type { CalendarDate } from '../domain/calendar-date.ts';
import { type PersonId, parsePersonId } from '../domain/person-id.ts';
import type { PersonType, RosterProblem } from '../domain/roster.ts';

/** Whose the rows are that the roster could not take, as far as their texts tell. */
export interface UntakenPeople {
  add(problem: RosterProblem): void;
  people(): Iterable<PersonId>;
}

export function createUntakenPeople(today: CalendarDate): UntakenPeople {
  const found = new Set<PersonId>();
  return {
    add({ numbers = [] }) {
      for (const number of numbers) for (const person of readEitherWay(number, today)) found.add(person);
    },
    people: () => found,
  };
}

/** Ten digits are another number's for a child than for an adult: this is how either would be read. */
export function readEitherWay(text: string, asOf: CalendarDate): readonly PersonId[] {
  const people = new Set<PersonId>();
  for (const type of EITHER) {
    const id = parsePersonId(text, { type, asOf });
    if (id.kind === 'valid') people.add(id.id);
  }
  return [...people];
}

const EITHER: readonly PersonType[] = ['student', 'guardian'];
