import type { CalendarDate } from '../calendar-date.ts';
import type { GuardianOptions } from '../guardian-plan.ts';
import type { ProtectionMark, RegisteredPerson } from '../person.ts';
import type { Snapshot } from '../snapshot.ts';
import { type GuardianAnswer, readGuardianAnswer } from './guardian-answers.ts';
import type { Guardian } from './guardian-ties.ts';

/** What is to be made of a guardian whom SPAR names. */
export type Standing =
  /** The roster has a guardian row under one of the numbers. */
  | { readonly kind: 'known' }
  /** Only on rows that share their id with another: nothing can be said of those. */
  | { readonly kind: 'left-out' }
  | { readonly kind: 'deceased' }
  | { readonly kind: 'protected'; readonly mark: ProtectionMark }
  | { readonly kind: 'not-found' | 'deregistered' | 'renumbered' }
  /** Must be asked about. */
  | { readonly kind: 'open'; readonly lastAnswer: CalendarDate | undefined }
  /** Guardian of children only who are not selected, and there is no answer: nobody asks. */
  | { readonly kind: 'unseen' }
  /** New to the roster, with an answer: to be compared, and created where nobody fits. */
  | { readonly kind: 'new'; readonly person: RegisteredPerson; readonly answeredOn: CalendarDate };

type StandingOptions = Pick<GuardianOptions, 'freshness' | 'today' | 'granted' | 'answeredNow'>;

/** @param snapshot the cached answer about the current number */
export function standingOf(
  guardian: Guardian,
  snapshot: Snapshot | undefined,
  options: StandingOptions,
): Standing {
  if (guardian.rows.length > 0) return { kind: 'known' };
  if (guardian.isOnLeftOutRow) return { kind: 'left-out' };
  if (isDead(guardian, snapshot)) return { kind: 'deceased' };
  if (guardian.isMarked) return { kind: 'protected', mark: markIn(snapshot) };
  const answer = readGuardianAnswer(guardian.id, snapshot, options);
  if (answer.kind === 'answered') return standingBy(answer, guardian);
  return guardian.children.some((child) => child.row.isSelected)
    ? { kind: 'open', lastAnswer: answer.lastAnswer }
    : { kind: 'unseen' };
}

/** By what any child's answer or the person's own says; nobody is looked up for it. */
export function isDead(guardian: Guardian, snapshot: Snapshot | undefined): boolean {
  const answer = snapshot?.answer;
  return guardian.isSaidDead || (answer?.kind === 'deregistered' && answer.reason === 'deceased');
}

function standingBy(
  { snapshot }: Extract<GuardianAnswer, { kind: 'answered' }>,
  { isSaidProtected }: Guardian,
): Standing {
  const { answer, fetchedOn } = snapshot;
  switch (answer.kind) {
    case 'registered':
      // Whoever is protected under another number is so under this one too.
      return isSaidProtected
        ? { kind: 'protected', mark: markIn(snapshot) }
        : { kind: 'new', person: answer, answeredOn: fetchedOn };
    case 'protected':
    case 'withheld':
      return { kind: 'protected', mark: markIn(snapshot) };
    case 'not-found':
      return { kind: 'not-found' };
    case 'deregistered':
      // Whoever has exactly one new number goes by that one: here nobody knows which, or whether.
      return { kind: answer.reason === 'renumbered' ? 'renumbered' : 'deregistered' };
  }
}

function markIn(snapshot: Snapshot | undefined): ProtectionMark {
  return snapshot?.answer.kind === 'protected' ? snapshot.answer.mark : 'sekretessmarkering';
}
