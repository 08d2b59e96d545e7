import type { Families, FamilyRow } from '../../domain/families.ts';
import type { Merged } from '../../domain/merge.ts';
import type { PersonId } from '../../domain/person-id.ts';
import type { RowKey } from '../../domain/roster.ts';
import type { MarkedRow } from '../../domain/rows/roster-marks.ts';
import type { State } from '../ports.ts';
import type { WrittenDecision } from './duplicate-report.ts';

/** Whose rows are declared to be one person's with a row that is marked. */
export function markedTogether(
  decisions: readonly WrittenDecision[],
  families: Families,
): readonly PersonId[] {
  return decisions.flatMap(({ verdict, a, b }) => {
    const rows = [a, b].flatMap((key) => findRow(families, key) ?? []);
    if (verdict !== 'same' || !rows.some(({ isMarked }) => isMarked)) return [];
    return rows.flatMap(({ id }) => (id.kind === 'valid' ? [id.id] : []));
  });
}

/** A merge puts the mark of a row that goes on the one that stays, and an undo may have to leave it there. */
export async function marksThatMoved(
  merged: readonly Merged[],
  families: Families,
  { snapshots }: Pick<State, 'snapshots'>,
): Promise<readonly MarkedRow[]> {
  const marked: MarkedRow[] = [];
  for (const { kept, removed } of merged) {
    const rows = [kept, removed].flatMap((key) => findRow(families, key) ?? []);
    if (!rows.some(({ isMarked }) => isMarked)) continue;
    const numbers = rows.flatMap(({ id }) => (id.kind === 'valid' ? [id.id] : []));
    const people = new Set([...numbers, ...(await snapshots.peopleOfRows([kept, removed]))]);
    for (const person of people) marked.push({ key: kept, person, isCertain: true });
  }
  return marked;
}

export function findRow(families: Families, { type, id }: RowKey): FamilyRow | undefined {
  if (type === 'guardian') return families.guardian(id);
  return type === 'student' ? families.student(id) : families.staff.find((row) => row.key.id === id);
}
