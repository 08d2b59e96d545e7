import type { PersonId } from './person-id.ts';
import type { RowKey } from './roster.ts';

/** What a person has decided about two rows: one and the same person, or two people. */
export type Verdict = 'same' | 'different';

/** A decision that is remembered, so that the pair is not put before anybody again. */
export interface Decision {
  readonly a: RowKey;
  readonly b: RowKey;
  readonly verdict: Verdict;
  /** Whose rows they were when it was decided, where that was known: the decision outlives the row. */
  readonly aPerson?: PersonId;
  readonly bPerson?: PersonId;
}
