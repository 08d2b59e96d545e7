import type { Decision } from '../decision.ts';
import { createRowFinder, numberOf } from '../duplicates/row-finder.ts';
import type { Families, GuardianRow } from '../families.ts';
import type { PersonId } from '../person-id.ts';
import { type RowKey, rowKeyText } from '../roster.ts';
import type { Guardian } from './guardian-ties.ts';
import type { OnePerson } from './one-person.ts';

/**
 * Whether a person has decided that a guardian row is not this guardian: by the number that the other row had
 * when it was decided, or has now where it had none. A row that has become somebody else's since (another valid
 * number) is not what was decided about.
 */
export function createDecidedDifferent(
  decisions: readonly Decision[],
  families: Families,
  { currentOf }: OnePerson,
): (row: GuardianRow, guardian: Guardian) => boolean {
  const find = createRowFinder(families);
  const others = new Map<string, Set<PersonId>>();

  function isSomebodyElses(row: RowKey, person: PersonId | undefined): boolean {
    const now = numberOf(find(row));
    return person !== undefined && now !== undefined && currentOf(person) !== currentOf(now);
  }

  function add(row: RowKey, other: RowKey, otherPerson: PersonId | undefined): void {
    const person = otherPerson ?? numberOf(find(other));
    if (person === undefined) return;
    const people = others.get(rowKeyText(row)) ?? new Set();
    others.set(rowKeyText(row), people.add(currentOf(person)));
  }

  for (const { a, b, verdict, aPerson, bPerson } of decisions) {
    if (verdict !== 'different') continue;
    if (!isSomebodyElses(a, aPerson)) add(a, b, bPerson);
    if (!isSomebodyElses(b, bPerson)) add(b, a, aPerson);
  }
  return (row, guardian) => {
    const people = others.get(rowKeyText(row.key));
    return people !== undefined && guardian.numbers.some((number) => people.has(currentOf(number)));
  };
}
