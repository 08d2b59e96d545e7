import type { PersonId } from '../person-id.ts';
import type { PlanItem } from '../plan.ts';

/** A row that is to get its person's new number. */
export interface FollowedNumber {
  readonly former: PersonId;
  readonly successor: PersonId;
  /** The row's own date of birth: ten digits must not contradict it. */
  readonly birthDate: string | undefined;
  /** What becomes of the row where the number must not be written after all. */
  readonly otherwise: PlanItem;
}

/**
 * Rows whose person's new number must stay unwritten: another row holds it, another person would get it too,
 * or the person is marked as protected on some row.
 */
export function numbersNotToFollow(
  followed: ReadonlyMap<number, FollowedNumber>,
  isHeld: (person: PersonId) => boolean,
  isMarked: (person: PersonId) => boolean,
): readonly (readonly [row: number, otherwise: PlanItem])[] {
  const takers = new Map<PersonId, Set<PersonId>>();
  for (const { successor, former } of followed.values()) {
    takers.set(successor, (takers.get(successor) ?? new Set()).add(former));
  }
  return [...followed].flatMap(([row, { former, successor, otherwise }]) => {
    const isTaken = isHeld(successor) || (takers.get(successor)?.size ?? 0) > 1;
    return isTaken || isMarked(former) || isMarked(successor) ? [[row, otherwise] as const] : [];
  });
}
