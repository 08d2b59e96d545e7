import type { Families, StudentRow } from '../families.ts';
import type { GuardianOptions } from '../guardian-plan.ts';
import { permissionsFor } from '../lookup-policy.ts';
import type { PersonId } from '../person-id.ts';
import type { GuardianAsking } from './guardian-asking.ts';
import type { GuardianReviews } from './guardian-reviews.ts';
import type { Standing } from './guardian-standing.ts';
import type { Guardian } from './guardian-ties.ts';
import { type LearntAnswers, takesPart } from './learnt-answers.ts';

/** Whose answers a plan rests on: those that it would have had to buy. */
export interface UsedAnswers {
  readonly used: Set<PersonId>;
  readonly notFound: Set<PersonId>;
}

const CANNOT = { missing: 'id-missing', invalid: 'id-invalid', temporary: 'temporary-id' } as const;

/** The selected children: asked about with the permission, or with an answer, or why not. */
export function askAboutChildren(
  families: Families,
  answers: Pick<LearntAnswers, 'ofChild'>,
  options: Pick<GuardianOptions, 'today' | 'granted'>,
  asking: GuardianAsking,
  reviews: GuardianReviews,
  { used, notFound }: UsedAnswers,
): void {
  for (const row of families.students) if (row.isSelected && row.isLive) askAboutChild(row);

  function askAboutChild(row: StudentRow): void {
    const { key, id } = row;
    if (row.isMarked || (id.kind === 'valid' && families.marked.has(id.id))) {
      reviews.add(key, 'protected');
      return;
    }
    if (id.kind !== 'valid') {
      asking.cannot(key, CANNOT[id.kind]);
      return;
    }
    // Somebody who may be of age, as far as the number tells: not asked about with the permission.
    if (!takesPart(row, families, options.today)) return;
    const answer = answers.ofChild(id.id);
    if (answer === undefined || answer.kind === 'ask') {
      const permissions = permissionsFor('student', true, id.id, options.today, options.granted);
      asking.ask(id.id, key, permissions, answer?.lastAnswer);
      return;
    }
    used.add(id.id);
    if (answer.kind === 'not-found') notFound.add(id.id);
    // Of whom SPAR tells no guardians, it is said why.
    if (answer.kind !== 'relations' && answer.kind !== 'silent') reviews.add(key, answer.kind);
  }
}

/** A guardian of selected children: asked about for their sake where that is needed. */
export function askAboutGuardian(
  guardian: Guardian,
  standing: Standing,
  hasAnswer: boolean,
  asking: GuardianAsking,
  { used, notFound }: UsedAnswers,
): void {
  const children = guardian.children.filter(({ row }) => row.isSelected);
  if (children.length === 0) return;
  switch (standing.kind) {
    case 'open':
      for (const { row } of children) asking.ask(guardian.id, row.key, [], standing.lastAnswer, 'guardian');
      break;
    case 'not-found':
      used.add(guardian.id);
      notFound.add(guardian.id);
      break;
    case 'new':
    case 'deregistered':
    case 'renumbered':
      used.add(guardian.id);
      break;
    case 'deceased':
    case 'protected':
      // By what a child's answer or a marked row says, nobody need have answered about them.
      if (hasAnswer) used.add(guardian.id);
      break;
    default:
      break;
  }
}
