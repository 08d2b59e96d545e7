import { rowsByContact } from '../duplicates/duplicate-candidates.ts';
import { createTemporaryBirths } from '../duplicates/same-birth.ts';
import type { Families, GuardianRow } from '../families.ts';
import type { PersonId } from '../person-id.ts';
import type { Renumbering } from './one-person.ts';

/**
 * Guardian rows with a valid number that the duplicate report may put beside another row. What SPAR knows of
 * their people decides whether it does: without those answers a pair would be there one night and gone the next.
 */
export function rowsToCompare(
  families: Families,
  renumbered: readonly Renumbering[],
): ReadonlySet<GuardianRow> {
  const found = new Set<GuardianRow>();
  for (const rows of rowsByContact(families.guardians)) for (const row of rows) add(row);
  for (const { links } of families.students) {
    if (links.some(({ guardian }) => guardian.id.kind !== 'valid')) {
      for (const { guardian } of links) add(guardian);
    }
  }
  const isBornLikeATemporary = createTemporaryBirths(families.guardians);
  const numbers = new Set<PersonId>(renumbered.flatMap(({ former, successors }) => [former, ...successors]));
  for (const row of families.guardians) {
    if (row.id.kind === 'valid' && (numbers.has(row.id.id) || isBornLikeATemporary(row))) add(row);
  }

  function add(row: GuardianRow): void {
    if (row.id.kind === 'valid' && !row.isMarked && !families.marked.has(row.id.id)) found.add(row);
  }

  return found;
}
