import { createFamilyReader, type Families } from '../../src/domain/families.ts';
import type { PersonType, RosterField, RowKey } from '../../src/domain/roster.ts';
import { cellsOf, date } from './arbitraries.ts';

type RowCells = Partial<Record<RosterField, string>>;

/** A roster of a few rows: cells by id, and links as student, guardian, relation and source. */
export interface SmallSchool {
  readonly guardians?: Readonly<Record<string, RowCells>>;
  readonly students?: Readonly<Record<string, RowCells>>;
  readonly staff?: Readonly<Record<string, RowCells>>;
  readonly links?: readonly (readonly [
    student: string,
    guardian: string,
    relation?: string,
    source?: string,
  ])[];
}

/** What guardians have a column for; a row that names other fields only has these empty. */
const NO_CELLS: RowCells = {
  personnummer: '',
  first_name: '',
  last_name: '',
  street: '',
  postal_code: '',
  city: '',
  email: '',
  phone: '',
  birth_date: '',
  active: '',
  protected: '',
};

/** @param order gives the rows and links another order */
export function familiesFrom(
  school: SmallSchool,
  order: <T>(items: readonly T[]) => readonly T[] = (items) => items,
): Families {
  const reader = createFamilyReader({ today: date('2026-11-23'), selected: () => true });
  const ofType = (type: PersonType, rows: Readonly<Record<string, RowCells>> = {}) =>
    Object.entries(rows).map(([id, cells]) => ({ key: { type, id }, cells }));
  const rows = [
    ...ofType('guardian', school.guardians),
    ...ofType('student', school.students),
    ...ofType('staff', school.staff),
  ];
  order(rows).forEach(({ key, cells }, row) => {
    reader.add({ key, place: { source: 0, row, line: row + 2 }, cells: cellsOf({ ...NO_CELLS, ...cells }) });
  });
  order(school.links ?? []).forEach(([student, guardian, relation = '', source = ''], row) => {
    reader.addLink({ student, guardian, relation, source, place: { source: 1, row, line: row + 2 } });
  });
  return reader.finish();
}

export function guardianKey(id: string): RowKey {
  return { type: 'guardian', id };
}
