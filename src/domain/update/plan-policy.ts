import { decideLookup, type LookupPolicy } from '../lookup-policy.ts';
import type { PersonId } from '../person-id.ts';
import type { Snapshot } from '../snapshot.ts';
import type { PlanOptions } from '../update-plan.ts';

type PolicyOptions = Pick<PlanOptions, 'freshness' | 'today' | 'refresh' | 'insist' | 'answeredNow'>;

/** When this person is to be asked about; nobody twice in a run. */
export function policyFor(
  person: PersonId | undefined,
  { freshness, today, refresh, insist, answeredNow }: PolicyOptions,
): LookupPolicy {
  const askedAlready = person !== undefined && answeredNow.has(person);
  return { freshness, today, forced: refresh && !askedAlready, insist: insist && !askedAlready };
}

/** Whether this answer would be used for an active row of the person. */
export function isUsable(snapshot: Snapshot, isMarked: boolean, options: PolicyOptions): boolean {
  const { id } = snapshot.answer;
  const subject = { id: { kind: 'valid', id }, isActive: true, isMarked } as const;
  return decideLookup(subject, snapshot, policyFor(id, options)).kind === 'use-cached';
}
