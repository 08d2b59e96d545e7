import {
  type Families,
  type FamilyLink,
  familiesOf,
  type GuardianRow,
  type StudentRow,
} from '../families.ts';
import type { GuardianPlan } from '../guardian-plan.ts';
import type { PersonId } from '../person-id.ts';
import type { FieldChange } from '../plan.ts';
import { isMarked } from '../protection-mark.ts';
import { type Cells, ROSTER_FIELDS, type RosterField } from '../roster.ts';

type Planned = Pick<GuardianPlan, 'items' | 'created' | 'links'>;
type Building<Row extends StudentRow | GuardianRow> = Row & { readonly links: FamilyLink[] };

/** Where a new row or link stands is settled when it is written. */
const NOWHERE = { row: -1, line: 0 };

/** The families as they will be once a plan is carried out. */
export function plannedFamilies(families: Families, plan: Planned, sourceOfNew: number): Families {
  const { items, created, links } = plan;
  if (items.length === 0 && created.length === 0 && links.length === 0) return families;
  const changed = new Map(items.map((item) => [item.key.id, item]));

  const guardians = new Map<string, Building<GuardianRow>>();
  for (const row of families.guardians) {
    const item = changed.get(row.key.id);
    const after = item?.kind === 'update' ? withChanges(row, item.person, item.changes) : row;
    guardians.set(row.key.id, { ...after, links: [] });
  }
  for (const { key, person, cells } of created) {
    guardians.set(key.id, {
      key,
      place: { source: sourceOfNew, ...NOWHERE },
      id: { kind: 'valid', id: person },
      isActive: true,
      isMarked: isMarked(cells.protected),
      cells: cellsOf(cells),
      links: [],
    });
  }
  const students = new Map<string, Building<StudentRow>>();
  for (const row of families.students) students.set(row.key.id, { ...row, links: [] });

  function link(student: string, guardian: string, rest: Omit<FamilyLink, 'student' | 'guardian'>): void {
    const child = students.get(student);
    const parent = guardians.get(guardian);
    if (child === undefined || parent === undefined) return;
    const made: FamilyLink = { student: child, guardian: parent, ...rest };
    child.links.push(made);
    parent.links.push(made);
  }

  for (const { links: linked } of families.students) {
    for (const { student, guardian, relation, source, place } of linked) {
      link(student.key.id, guardian.key.id, { relation, source, place });
    }
  }
  for (const {
    link: { student, guardian },
  } of links) {
    link(student, guardian, { relation: '', source: 'spar', place: { source: -1, ...NOWHERE } });
  }
  return familiesOf({
    ...families,
    students: [...students.values()],
    guardians: [...guardians.values()],
  });
}

function withChanges(row: GuardianRow, person: PersonId, changes: readonly FieldChange[]): GuardianRow {
  const cells: { [F in RosterField]: string | undefined } = { ...row.cells };
  for (const { field, to } of changes) cells[field] = to;
  return { ...row, id: { kind: 'valid', id: person }, cells };
}

function cellsOf(cells: Readonly<Partial<Record<RosterField, string>>>): Cells {
  return Object.fromEntries(ROSTER_FIELDS.map((field) => [field, cells[field]])) as Cells;
}
