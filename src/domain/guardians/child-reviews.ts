import type { CalendarDate } from '../calendar-date.ts';
import type { Families } from '../families.ts';
import { profileOfRelation } from '../matching/profile.ts';
import { hasTurned18 } from './guardian-counts.ts';
import type { GuardianReviews } from './guardian-reviews.ts';
import { type Child, linkedRows } from './guardian-ties.ts';
import { isNamed, type KnownNames } from './known-names.ts';
import type { OnePerson } from './one-person.ts';
import { fitsOfNumberless } from './row-fits.ts';

/** Guardians without id-nummer are never linked by themselves: a person looks, at the rows that resemble them. */
export function reviewWithoutId(child: Child, names: KnownNames, reviews: GuardianReviews): void {
  for (const { relation, guardian } of child.ties) {
    if (guardian !== undefined || relation.deceased) continue;
    const isComparable = relation.name !== undefined && isNamed(relation.name);
    const fits = isComparable ? fitsOfNumberless(child, relation, profileOfRelation(relation), names) : [];
    const alike = fits.filter(({ grade }) => grade !== 'unlike' && grade !== 'certainly-not');
    reviews.add(child.row.key, 'guardian-without-id', { rows: alike.map(({ row }) => row.key.id) });
  }
}

/** Rows linked to a child whose person is its guardian no more. Nothing is removed. */
export function reviewEnded(child: Child, onePerson: OnePerson, reviews: GuardianReviews): void {
  if (child.ended.length === 0) return;
  const { key } = child.row;
  for (const row of linkedRows(child.row)) {
    if (row.id.kind !== 'valid' || !row.isActive) continue;
    const person = onePerson.currentOf(row.id.id);
    if (!child.ended.includes(person) || child.ties.some(({ guardian }) => guardian?.id === person)) continue;
    reviews.add(row.key, 'no-longer-guardian', { children: [key.id] });
  }
}

/** Selected students who turned 18 and have guardians linked. Of a marked one nothing is said, not even the age. */
export function reviewTurned18(families: Families, today: CalendarDate, reviews: GuardianReviews): void {
  for (const row of families.students) {
    const { id, key } = row;
    if (!row.isSelected || row.links.length === 0 || !hasTurned18(row, today)) continue;
    if (!row.isMarked && !(id.kind === 'valid' && families.marked.has(id.id))) reviews.add(key, 'turned-18');
  }
}
