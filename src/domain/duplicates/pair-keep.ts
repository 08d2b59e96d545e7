import type { GuardianRow } from '../families.ts';
import type { PersonId } from '../person-id.ts';
import { compareIds } from './row-order.ts';

/**
 * Sorts the row to keep first: the one with a valid number, then with most links, then the lowest id. A number
 * that has become another one (`isFormer`) counts less than a current one and more than none.
 */
export function compareForKeeping(
  a: GuardianRow,
  b: GuardianRow,
  isFormer: (person: PersonId) => boolean = () => false,
): number {
  return numberRank(b, isFormer) - numberRank(a, isFormer) || compareByLinks(a, b);
}

/** Most links first, then the lowest id. */
export function compareByLinks(a: GuardianRow, b: GuardianRow): number {
  return b.links.length - a.links.length || compareIds(a.key.id, b.key.id);
}

function numberRank({ id }: GuardianRow, isFormer: (person: PersonId) => boolean): number {
  return id.kind !== 'valid' ? 0 : isFormer(id.id) ? 1 : 2;
}
