import { joinNumbers, type Renumbering } from './guardians/one-person.ts';
import type { ProtectionMark } from './person.ts';
import type { PersonId } from './person-id.ts';

/**
 * All numbers of people who are protected under one of theirs: whoever goes into hiding is given a new number
 * as a rule, and what is kept under the old one leads to them. Fails closed: where SPAR names several successors
 * the number counts as protected if any of them is. The others are then not held to be the same person: that
 * would hide strangers.
 */
export function protectedUnderAll(
  people: Iterable<PersonId>,
  renumbered: readonly Renumbering[],
): Set<PersonId> {
  const all = new Set(people);
  if (all.size === 0 || renumbered.length === 0) return all;
  const { currentOf, numbersOf } = joinNumbers(renumbered);
  const add = (person: PersonId): void => {
    for (const number of numbersOf(currentOf(person))) all.add(number);
  };
  for (const person of [...all]) add(person);
  for (let before = -1; before !== all.size; ) {
    before = all.size;
    for (const { former, successors } of renumbered) {
      if (!all.has(former) && successors.some((number) => all.has(number))) add(former);
    }
  }
  return all;
}

/** The same with the mark that each number's rows are to carry: the stronger one where two disagree. */
export function marksUnderAll(
  marks: ReadonlyMap<PersonId, ProtectionMark>,
  renumbered: readonly Renumbering[],
): ReadonlyMap<PersonId, ProtectionMark> {
  const strong = [...marks].flatMap(([person, mark]) => (mark === 'skyddad folkbokföring' ? [person] : []));
  const strongAll = protectedUnderAll(strong, renumbered);
  return new Map(
    [...protectedUnderAll(marks.keys(), renumbered)].map((person) => [
      person,
      strongAll.has(person) ? 'skyddad folkbokföring' : 'sekretessmarkering',
    ]),
  );
}
