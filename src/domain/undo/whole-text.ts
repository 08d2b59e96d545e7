import type { WholeRow } from '../whole-row.ts';

/** The text of one of our columns in a whole row; empty where there is none. */
export function textOf({ cells }: WholeRow, wanted: string): string {
  const value = cells.find(({ field }) => field === wanted)?.value;
  return typeof value === 'string' ? value : '';
}
