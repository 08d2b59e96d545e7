import type { Families, FamilyRow } from '../families.ts';
import type { PersonId } from '../person-id.ts';
import type { RowKey } from '../roster.ts';

/** A row of any type by its key; `undefined` where there is none. */
export type RowFinder = (key: RowKey) => FamilyRow | undefined;

export function createRowFinder(families: Families): RowFinder {
  const staff = new Map(families.staff.map((row) => [row.key.id, row]));
  return ({ type, id }) => {
    switch (type) {
      case 'student':
        return families.student(id);
      case 'guardian':
        return families.guardian(id);
      case 'staff':
        return staff.get(id);
    }
  };
}

/** The valid number that a row holds. */
export function numberOf(row: FamilyRow | undefined): PersonId | undefined {
  return row?.id.kind === 'valid' ? row.id.id : undefined;
}

/** Whether two rows hold one and the same valid number. */
export function holdOneNumber(a: FamilyRow, b: FamilyRow): boolean {
  const number = numberOf(a);
  return number !== undefined && number === numberOf(b);
}
