import type { CalendarDate } from '../calendar-date.ts';
import type { Families, GuardianRow, StudentRow } from '../families.ts';
import type { GuardianOptions } from '../guardian-plan.ts';
import type { PersonId } from '../person-id.ts';
import type { PlanItem } from '../plan.ts';
import { reconcile } from '../reconcile.ts';
import type { Snapshot } from '../snapshot.ts';
import { followSuccessor } from '../successor.ts';
import { readGuardianAnswer } from './guardian-answers.ts';
import type { Guardian } from './guardian-ties.ts';

export interface KnownLink {
  /** Whether any row of theirs is linked to the child: then no other is. */
  readonly isLinked: boolean;
  /** That one, or the one to link. Inactive only where they have no other. */
  readonly row: GuardianRow;
}

/**
 * Where a child stands with a guardian whom the roster has by number.
 *
 * @param rows the guardian's, best first
 */
export function linkOfKnown(rows: readonly GuardianRow[], { links }: StudentRow): KnownLink | undefined {
  const linked = rows.filter((row) => links.some(({ guardian }) => guardian === row));
  const row = firstActive(linked) ?? firstActive(rows) ?? linked[0] ?? rows[0];
  return row && { isLinked: linked.length > 0, row };
}

function firstActive(rows: readonly GuardianRow[]): GuardianRow | undefined {
  return rows.find((row) => row.isActive);
}

/** What is to be done with a row that holds an earlier number of its guardian. */
export type NumberToFollow =
  | { readonly kind: 'write'; readonly item: PlanItem }
  /** Everything speaks for it but an answer about the earlier number, which is final once it is there. */
  | { readonly kind: 'ask'; readonly lastAnswer: CalendarDate | undefined }
  /** A person has to look. */
  | { readonly kind: 'review' };

const REVIEW: NumberToFollow = { kind: 'review' };

/** Whether the row gets the current number. The conditions are those of `update`. */
export function followNumber(
  row: GuardianRow,
  former: PersonId,
  guardian: Guardian,
  answerOf: (person: PersonId) => Snapshot | undefined,
  families: Families,
  options: GuardianOptions,
): NumberToFollow {
  if (options.rules.renumbered !== 'follow' || row.isMarked) return REVIEW;
  if (guardian.isMarked || guardian.isSaidProtected) return REVIEW;
  if (options.isNumberHeld(row.key, guardian.id) && !options.overwriteHolds) return REVIEW;
  // Two rows of one person would both get the number: which of them stays is for a person to decide.
  const isElsewhere =
    guardian.rows.length > 1 || guardian.isOnLeftOutRow || families.rowsOf(guardian.id).length > 0;
  const answer = readGuardianAnswer(guardian.id, answerOf(guardian.id), options);
  if (isElsewhere || answer.kind !== 'answered') return REVIEW;
  const successor = answer.snapshot;
  const old = answerOf(former);
  if (old?.answer.kind !== 'deregistered') {
    const asked = readGuardianAnswer(former, old, options);
    const mayFollow = successor.answer.kind === 'registered' && asked.kind === 'ask';
    return mayFollow ? { kind: 'ask', lastAnswer: asked.lastAnswer } : REVIEW;
  }
  const step = followSuccessor(old.answer, successor, isElsewhere);
  if (step.kind !== 'write') return REVIEW;
  const item = reconcile(row, old, options.rules, {
    canHold: (text) => options.canHold(row.place.source, text),
    successor,
  });
  return item.kind === 'update' ? { kind: 'write', item } : REVIEW;
}
