import type { RosterProblem } from '../domain/roster.ts';
import type { RowProblem } from '../domain/rows/row-register.ts';
import type { Roster } from './roster-port.ts';

/** Rows that a plan found wrong, as the report names them: by file and line. */
export function placed(
  roster: Roster,
  reason: RosterProblem['reason'],
  rows: readonly RowProblem[],
): RosterProblem[] {
  return rows.map(({ source, line }) => ({
    // A link's place has the number after the last source.
    file: roster.sources[source]?.name ?? roster.linksName ?? '',
    line,
    reason,
  }));
}

/** What people may see of a problem: where it is, and nobody's number. */
export function asShown({ file, line, reason }: RosterProblem): RosterProblem {
  return { file, line, reason };
}

/** By file, then by line. */
export function byPlace(a: RosterProblem, b: RosterProblem): number {
  return a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1;
}
