import { numberOf, type RowFinder } from '../../domain/duplicates/row-finder.ts';
import type { Merged } from '../../domain/merge.ts';
import type { PersonId } from '../../domain/person-id.ts';
import type { MarkedRow } from '../../domain/rows/roster-marks.ts';
import type { State } from '../ports.ts';
import type { WrittenDecision } from './duplicate-report.ts';

/** Whose rows are declared to be one person's with a row that is marked. */
export function markedTogether(decisions: readonly WrittenDecision[], find: RowFinder): readonly PersonId[] {
  return decisions.flatMap(({ verdict, a, b }) => {
    const rows = [find(a), find(b)];
    if (verdict !== 'same' || !rows.some((row) => row?.isMarked)) return [];
    return rows.flatMap((row) => numberOf(row) ?? []);
  });
}

/** A merge puts the mark of a row that goes on the one that stays, and an undo may have to leave it there. */
export async function marksThatMoved(
  merged: readonly Merged[],
  find: RowFinder,
  { snapshots }: Pick<State, 'snapshots'>,
): Promise<readonly MarkedRow[]> {
  const marked: MarkedRow[] = [];
  for (const { kept, removed } of merged) {
    const rows = [find(kept), find(removed)];
    if (!rows.some((row) => row?.isMarked)) continue;
    const numbers = rows.flatMap((row) => numberOf(row) ?? []);
    const people = new Set([...numbers, ...(await snapshots.peopleOfRows([kept, removed]))]);
    for (const person of people) marked.push({ key: kept, person, isCertain: true });
  }
  return marked;
}
