import type { Decision, Verdict } from '../decision.ts';
import type { Families, FamilyRow } from '../families.ts';
import type { PersonId } from '../person-id.ts';
import type { RowKey } from '../roster.ts';
import { createRowFinder, holdOneNumber, numberOf } from './row-finder.ts';
import { pairText } from './row-order.ts';

/** What has been decided about two rows, whichever of them is named first. */
export type VerdictOf = (a: RowKey, b: RowKey) => Verdict | undefined;

/**
 * What the decisions, oldest first, say of the rows as they are now. A decision is about its rows; where a row
 * is gone, or is somebody else's by now, about the rows of the person whose row it was.
 *
 * `different` is in force no longer when both rows have come to hold one number since: SPAR's number weighs
 * more. Where they held one already when it was decided, the person knew.
 */
export function readDecisions(
  families: Families,
  decisions: readonly Decision[],
  areJoined: (one: PersonId, other: PersonId) => boolean,
): VerdictOf {
  const find = createRowFinder(families);
  const verdicts = new Map<string, Verdict>();

  for (const { a, b, verdict, aPerson, bPerson } of decisions) {
    const knewOneNumber = aPerson !== undefined && bPerson !== undefined && areJoined(aPerson, bPerson);
    // Their number does not tell two rows of one type apart: only the rows themselves do.
    const isByRowOnly = knewOneNumber && a.type === b.type;
    for (const one of rowsOf(a, aPerson, isByRowOnly)) {
      for (const other of rowsOf(b, bPerson, isByRowOnly)) {
        const isOverruled = verdict === 'different' && !knewOneNumber && holdOneNumber(one, other);
        if (isOverruled) verdicts.delete(pairText(one.key, other.key));
        else verdicts.set(pairText(one.key, other.key), verdict);
      }
    }
  }

  function rowsOf(key: RowKey, person: PersonId | undefined, isByRowOnly: boolean): readonly FamilyRow[] {
    const row = find(key);
    const holder = numberOf(row);
    const isTheirs = person === undefined || holder === undefined || areJoined(person, holder);
    if (row !== undefined && isTheirs) return [row];
    if (person === undefined || isByRowOnly) return [];
    return families.rowsOf(person).filter((held) => held.key.type === key.type);
  }

  return (a, b) => verdicts.get(pairText(a, b));
}
