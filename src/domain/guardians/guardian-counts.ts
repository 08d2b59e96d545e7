import type { CalendarDate } from '../calendar-date.ts';
import { ageOn } from '../calendar-date.ts';
import { compareIds } from '../duplicates/row-order.ts';
import type { Families, StudentRow } from '../families.ts';
import type { GuardianCounts, GuardianOptions, GuardianPlan } from '../guardian-plan.ts';
import type { PersonId } from '../person-id.ts';
import { birthDateOf, hasUnknownBirthDate, isUnder18, parseBirthDate } from '../person-id.ts';
import { isWithoutNumber } from './guardian-ties.ts';

/** The numbers of a plan. `used`: whose answers it rests on. */
export function countGuardians(
  families: Families,
  links: GuardianPlan['links'],
  { used, notFound }: { readonly used: ReadonlySet<PersonId>; readonly notFound: ReadonlySet<PersonId> },
  options: Pick<GuardianOptions, 'today' | 'answeredNow'>,
): GuardianCounts {
  const linkedNow = new Set(links.map(({ link }) => link.student));
  let selected = 0;
  let withGuardians = 0;
  const newlyWithGuardians: string[] = [];
  for (const row of families.students) {
    if (!row.isSelected || !isChild(row, options.today)) continue;
    selected++;
    const isLinkedNow = linkedNow.has(row.key.id);
    if (row.links.length > 0 || isLinkedNow) withGuardians++;
    if (row.links.length === 0 && isLinkedNow) newlyWithGuardians.push(row.key.id);
  }
  let reused = 0;
  for (const person of used) if (!options.answeredNow.has(person)) reused++;
  return {
    selected,
    withGuardians,
    newlyWithGuardians: newlyWithGuardians.sort(compareIds),
    answered: used.size,
    notFound: notFound.size,
    reused,
    withoutNumber: families.guardians.filter((row) => row.isActive && isWithoutNumber(row)).length,
  };
}

/** An active student under 18, or one without a usable number who is not known to be older. */
function isChild({ isLive, id }: StudentRow, today: CalendarDate): boolean {
  return isLive && (id.kind !== 'valid' || isUnder18(id.id, today));
}

/** An active student who turned 18 less than a year ago: guardians are no longer asked for, and links stay. */
export function hasTurned18({ isActive, id, cells }: StudentRow, today: CalendarDate): boolean {
  if (!isActive || (id.kind === 'valid' && hasUnknownBirthDate(id.id))) return false;
  const birth = id.kind === 'valid' ? birthDateOf(id.id) : parseBirthDate(cells.birth_date ?? '');
  return birth !== undefined && birth <= today && ageOn(birth, today) === 18;
}
