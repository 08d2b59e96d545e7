import type { GuardianRow } from '../families.ts';
import { birthsOfRow, type KnownBirth } from '../matching/birth-date-agreement.ts';
import type { Profile } from '../matching/profile.ts';

/**
 * A whole date of birth without its century, which a temporary number may leave open: `85-04-12`. `undefined`
 * for a date that is not whole.
 */
function birthMark(birth: KnownBirth): string | undefined {
  const mark = birth.slice(2);
  return mark.includes('-00') ? undefined : mark;
}

/** Rows with a temporary number, and whether a row was born on the day of any of them. Cheap where there are none. */
export function createTemporaryBirths(rows: readonly GuardianRow[]): (row: GuardianRow) => boolean {
  const marks = new Set<string | undefined>();
  for (const { id, cells } of rows) {
    if (id.kind === 'temporary') for (const birth of birthsOfRow(cells, id)) marks.add(birthMark(birth));
  }
  marks.delete(undefined);
  if (marks.size === 0) return () => false;
  return ({ id, cells }) => birthsOfRow(cells, id).some((birth) => marks.has(birthMark(birth)));
}

/** By what people of one date of birth and one name in the surname are found: every such pair of words. */
export function birthAndSurnameMarks({ births, name }: Profile): readonly string[] {
  const marks = new Set<string>();
  for (const birth of births) {
    const mark = birthMark(birth);
    if (mark !== undefined) for (const { folded } of name.surnames) marks.add(`${mark} ${folded}`);
  }
  return [...marks];
}
