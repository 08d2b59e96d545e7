import type { CalendarDate } from '../calendar-date.ts';
import type { GuardianOptions } from '../guardian-plan.ts';
import { decideLookup } from '../lookup-policy.ts';
import type { Guardianship, Permission } from '../person.ts';
import type { PersonId } from '../person-id.ts';
import type { Snapshot } from '../snapshot.ts';

/** What the answer about a student comes to, and no more of it: there may be a hundred thousand. */
export type ChildAnswer =
  | {
      readonly kind: 'ask';
      readonly lastAnswer: CalendarDate | undefined;
      /** The answer that will not do says so. */
      readonly wasProtected: boolean;
    }
  | { readonly kind: 'protected' | 'not-found' | 'deceased' | 'renumbered' | 'deregistered' }
  /** An ordinary answer without a word of guardians. */
  | { readonly kind: 'silent' }
  | { readonly kind: 'relations'; readonly guardianship: Guardianship };

/** What the answer about a guardian comes to. */
export type GuardianAnswer =
  | { readonly kind: 'ask'; readonly lastAnswer: CalendarDate | undefined }
  | { readonly kind: 'answered'; readonly snapshot: Snapshot };

type PolicyOptions = Pick<GuardianOptions, 'freshness' | 'today' | 'granted' | 'answeredNow'>;

const RELATIONS: readonly Permission[] = ['relations'];

/** An answer about a student, if it will do: one fetched without the permission does not tell of guardians. */
export function readChildAnswer(
  id: PersonId,
  snapshot: Snapshot | undefined,
  options: PolicyOptions,
): ChildAnswer {
  const needed = options.granted.includes('relations') ? RELATIONS : undefined;
  const decision = decide(id, snapshot, options, needed);
  if (decision.kind === 'ask') return { ...decision, wasProtected: snapshot?.answer.kind === 'protected' };
  const { answer } = decision.snapshot;
  switch (answer.kind) {
    case 'registered':
      return answer.guardianship === undefined
        ? { kind: 'silent' }
        : { kind: 'relations', guardianship: answer.guardianship };
    case 'protected':
    case 'withheld':
      return { kind: 'protected' };
    case 'not-found':
      return { kind: 'not-found' };
    case 'deregistered':
      return { kind: answer.reason === 'other' ? 'deregistered' : answer.reason };
  }
}

/** An answer about a guardian, if it will do. */
export function readGuardianAnswer(
  id: PersonId,
  snapshot: Snapshot | undefined,
  options: PolicyOptions,
): GuardianAnswer {
  return decide(id, snapshot, options, undefined);
}

function decide(
  id: PersonId,
  snapshot: Snapshot | undefined,
  options: PolicyOptions,
  needed: readonly Permission[] | undefined,
): GuardianAnswer {
  // Withheld though asked about just now: a row marks the person, and asking again would change nothing.
  const isMarked = options.answeredNow.has(id);
  const subject = { id: { kind: 'valid', id }, isActive: true, isMarked } as const;
  const policy = { freshness: options.freshness, today: options.today, forced: false, insist: false };
  return snapshot === undefined || decideLookup(subject, snapshot, policy, needed).kind !== 'use-cached'
    ? { kind: 'ask', lastAnswer: snapshot?.fetchedOn }
    : { kind: 'answered', snapshot };
}
