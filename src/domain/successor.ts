import type { DeregisteredPerson } from './person.ts';
import type { PersonId } from './person-id.ts';
import type { Snapshot } from './snapshot.ts';

/** What `update.renumbered: follow` comes to for one person. */
export type Following =
  | { readonly kind: 'write'; readonly id: PersonId }
  | { readonly kind: 'look-up'; readonly id: PersonId }
  | { readonly kind: 'review' };

const REVIEW: Following = { kind: 'review' };

/**
 * Whether a row's number is replaced by its successor: exactly one, a living registered person with the same
 * date of birth, on no other row (`isElsewhere`). Without an answer about the successor it is asked about.
 */
export function followSuccessor(
  person: DeregisteredPerson,
  successor: Snapshot | undefined,
  isElsewhere: boolean,
): Following {
  const id = soleSuccessor(person);
  if (id === undefined || isElsewhere) return REVIEW;
  if (successor === undefined || successor.answer.kind === 'withheld') return { kind: 'look-up', id };
  const { answer } = successor;
  const isSamePerson =
    answer.kind === 'registered' &&
    answer.id === id &&
    answer.birthDate !== undefined &&
    answer.birthDate === person.birthDate;
  return isSamePerson ? { kind: 'write', id } : REVIEW;
}

/** The one number that a renumbered person is said to have now; none where there are several. */
function soleSuccessor(person: DeregisteredPerson): PersonId | undefined {
  if (person.reason !== 'renumbered') return undefined;
  const [first, ...rest] = person.successors;
  return first !== undefined && first !== person.id && rest.every((id) => id === first) ? first : undefined;
}
