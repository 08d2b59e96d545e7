import { type CalendarDate, dayNumber, type Freshness, isStale } from './calendar-date.ts';
import { fold } from './fold.ts';
import type { Permission } from './person.ts';
import { isUnder18, type ParsedPersonId, type PersonId } from './person-id.ts';
import type { NotAskedReason } from './plan.ts';
import type { PersonType } from './roster.ts';
import type { Snapshot } from './snapshot.ts';

/** Why nobody can be asked about a row, known before anything is paid for. */
export type CannotAsk = Extract<NotAskedReason, 'id-missing' | 'id-invalid' | 'temporary-id' | 'inactive'>;

export type LookupDecision =
  | {
      readonly kind: 'look-up';
      readonly id: PersonId;
      readonly because: 'never-seen' | 'stale' | 'permission' | 'forced';
    }
  | { readonly kind: 'use-cached'; readonly id: PersonId; readonly ageInDays: number }
  | { readonly kind: 'cannot'; readonly problem: CannotAsk };

/** What is known of the row. */
export interface LookupSubject {
  readonly id: ParsedPersonId;
  readonly isActive: boolean;
  /** Whether the row's `protected` cell marks it. */
  readonly isMarked: boolean;
}

export interface LookupPolicy {
  readonly freshness: Freshness;
  readonly today: CalendarDate;
  /** Ask whatever the age of the answer (`--refresh`). */
  readonly forced: boolean;
  /** Ask even about the deceased and the renumbered: a person has named the row and insists. */
  readonly insist: boolean;
}

const RELATIONS: readonly Permission[] = ['relations'];
const NONE: readonly Permission[] = [];

const CANNOT = {
  missing: { kind: 'cannot', problem: 'id-missing' },
  invalid: { kind: 'cannot', problem: 'id-invalid' },
  temporary: { kind: 'cannot', problem: 'temporary-id' },
  inactive: { kind: 'cannot', problem: 'inactive' },
} as const satisfies Record<string, LookupDecision>;

/**
 * Whether a person is asked about. `needed`: permissions without which the answer is of no use to the caller
 * (guardians); an answer that was fetched without them is then no answer. Only an ordinary record could hold
 * more with a permission, so nothing is bought for the others.
 */
export function decideLookup(
  subject: LookupSubject,
  snapshot: Snapshot | undefined,
  policy: LookupPolicy,
  needed: readonly Permission[] = NONE,
): LookupDecision {
  if (!subject.isActive) return CANNOT.inactive;
  if (subject.id.kind !== 'valid') return CANNOT[subject.id.kind];
  const { id } = subject.id;
  if (snapshot === undefined) return { kind: 'look-up', id, because: 'never-seen' };
  const { answer, fetchedOn, permissions } = snapshot;
  const isFinal =
    answer.kind === 'deregistered' && (answer.reason === 'deceased' || answer.reason === 'renumbered');
  if (isFinal) {
    if (policy.insist) return { kind: 'look-up', id, because: 'forced' };
  } else {
    if (answer.kind === 'withheld' && !subject.isMarked)
      return { kind: 'look-up', id, because: 'never-seen' };
    if (policy.forced || policy.insist) return { kind: 'look-up', id, because: 'forced' };
    if (isStale(fetchedOn, policy.today, policy.freshness)) return { kind: 'look-up', id, because: 'stale' };
    if (answer.kind === 'registered' && !coversAll(permissions, needed)) {
      return { kind: 'look-up', id, because: 'permission' };
    }
  }
  const ageInDays = fetchedOn === policy.today ? 0 : dayNumber(policy.today) - dayNumber(fetchedOn);
  return { kind: 'use-cached', id, ageInDays };
}

/** Whether an `active` cell lets its row take part: all do, save where it says no. */
export function isActive(cell: string | undefined): boolean {
  // What nearly every row of a roster has, without folding it.
  if (cell === undefined || cell === '' || cell === 'ja' || cell === '1') return true;
  switch (fold(cell)) {
    case '0':
    case 'false':
    case 'no':
    case 'nej':
    case 'inaktiv':
      return false;
    default:
      return true;
  }
}

/** The permissions to ask with: relations for active students certainly under 18, where they are granted. */
export function permissionsFor(
  type: PersonType,
  active: boolean,
  id: PersonId,
  today: CalendarDate,
  granted: readonly Permission[],
): readonly Permission[] {
  return type === 'student' && active && granted.includes('relations') && isUnder18(id, today)
    ? RELATIONS
    : NONE;
}

function coversAll(held: readonly Permission[], needed: readonly Permission[]): boolean {
  for (const permission of needed) if (!held.includes(permission)) return false;
  return true;
}
