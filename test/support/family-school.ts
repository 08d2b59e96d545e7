import { createFamilyReader, type Families } from '../../src/domain/families.ts';
import type { GuardianOptions, GuardianPlan } from '../../src/domain/guardian-plan.ts';
import { createGuardianPlanner } from '../../src/domain/guardian-planner.ts';
import type { Answer, Name, RegisteredPerson, Relation } from '../../src/domain/person.ts';
import { birthDateOf, type PersonId } from '../../src/domain/person-id.ts';
import type { FieldChange } from '../../src/domain/plan.ts';
import {
  type GuardianLink,
  type PersonType,
  ROSTER_FIELDS,
  type RosterEntry,
  type RosterField,
  type RowKey,
  rowKeyText,
} from '../../src/domain/roster.ts';
import type { Snapshot } from '../../src/domain/snapshot.ts';
import { cellsOf, date, personId, registered } from './arbitraries.ts';

type SomeCells = Partial<Record<RosterField, string>>;

/** A roster as a test writes it: rows of each type by id, and links as `student guardian relation`. */
export interface School {
  readonly students?: Readonly<Record<string, SomeCells>>;
  readonly guardians?: Readonly<Record<string, SomeCells>>;
  readonly staff?: Readonly<Record<string, SomeCells>>;
  readonly links?: readonly string[];
}

export type Answers = ReadonlyMap<PersonId, Snapshot>;

/** Test people of Skatteverket's. */
export const [KIM, LO, MIO] = ids('201102282389', '201108152388', '201112032386');
export const [ANNA, BO, EVA, OLD] = ids('198009139265', '198402179298', '198101199282', '198106039228');

function ids<Texts extends readonly string[]>(...texts: Texts): { readonly [I in keyof Texts]: PersonId } {
  return texts.map(personId) as { [I in keyof Texts]: PersonId };
}

export const ONE_CHILD: School = { students: { 1: { personnummer: KIM } } };

export const TODAY = date('2026-11-23');

/** Students, guardians and staff have a file each. */
export const SOURCES: Readonly<Record<PersonType, number>> = { student: 0, guardian: 1, staff: 2 };

export const GUARDIAN_OPTIONS: GuardianOptions = {
  rules: {
    address: 'mailing',
    firstName: 'call',
    fields: { first_name: 'review', last_name: 'spar', address: 'spar' },
    renumbered: 'review',
  },
  assign: 'certain',
  protectedGuardians: 'review',
  freshness: { kind: 'months', months: 1 },
  today: TODAY,
  granted: ['relations'],
  offline: false,
  overwriteHolds: false,
  answeredNow: new Set(),
  unasked: new Map(),
  canHold: () => true,
  newGuardians: { source: SOURCES.guardian, idStyle: undefined, fields: new Set(ROSTER_FIELDS) },
  uuidFor: (person, attempt) => `uuid-${[...person].reverse().join('')}-${attempt}`,
  renumbered: [],
  decisions: [],
  holds: { rows: new Set(), isLinkHeld: () => false },
  isNumberHeld: () => false,
  protectedPeople: new Set(),
  usedIds: [],
};

/** The columns that every guardian row of a test has. */
const GUARDIAN_CELLS: SomeCells = {
  personnummer: '',
  first_name: '',
  last_name: '',
  street: '',
  postal_code: '',
  city: '',
  email: '',
  birth_date: '',
  protected: '',
  status: '',
  spar_checked: '',
};

export function entriesOf({ students = {}, guardians = {}, staff = {} }: School): RosterEntry[] {
  const rowsOf = (type: PersonType, rows: Readonly<Record<string, SomeCells>>, common: SomeCells) =>
    Object.entries(rows).map(([id, cells], row) => ({
      key: { type, id },
      place: { source: SOURCES[type], row, line: row + 2 },
      cells: cellsOf({ ...common, ...cells }),
    }));
  return [
    ...rowsOf('student', students, { protected: '' }),
    ...rowsOf('staff', staff, { protected: '' }),
    ...rowsOf('guardian', guardians, GUARDIAN_CELLS),
  ];
}

export function linksOf({ links = [] }: School): GuardianLink[] {
  return links.map((text, row) => {
    const [student = '', guardian = '', relation = ''] = text.split(' ');
    return { student, guardian, relation, source: '', place: { source: 3, row, line: row + 2 } };
  });
}

export function familiesFrom(
  entries: readonly RosterEntry[],
  links: readonly GuardianLink[],
  selected: (key: RowKey) => boolean = () => true,
): Families {
  const reader = createFamilyReader({ today: TODAY, selected });
  for (const entry of entries) reader.add(entry);
  for (const link of links) reader.addLink(link);
  return reader.finish();
}

export function planFamilies(
  families: Families,
  answers: Answers,
  options: Partial<GuardianOptions> = {},
): GuardianPlan {
  const planner = createGuardianPlanner(families, { ...GUARDIAN_OPTIONS, ...options });
  for (let wanted = planner.wanted(); wanted.length > 0; wanted = planner.wanted()) {
    for (const id of wanted) planner.learn(id, answers.get(id));
  }
  return planner.finish();
}

export function planSchool(
  school: School,
  answers: Answers,
  options: Partial<GuardianOptions> & { readonly selected?: (key: RowKey) => boolean } = {},
): GuardianPlan {
  return planFamilies(familiesFrom(entriesOf(school), linksOf(school), options.selected), answers, options);
}

/** The cache: what SPAR has answered about each. */
export function answersOf(...answers: readonly (Answer | Snapshot)[]): Answers {
  const snapshots = answers.map((one) => ('answer' in one ? one : snapshotOf(one)));
  return new Map(snapshots.map((snapshot) => [snapshot.answer.id, snapshot]));
}

export function snapshotOf(answer: Answer, fetchedOn = '2026-11-20'): Snapshot {
  return { answer, fetchedOn: date(fetchedOn), permissions: ['relations'], comparedRows: [] };
}

/** A child's answer: its current guardians, by number or in full, and those that were. */
export function childOf(
  id: PersonId,
  current: readonly (PersonId | Relation)[],
  ended: readonly PersonId[] = [],
): RegisteredPerson {
  const relations = current.map(
    (one): Relation => (typeof one === 'string' ? { id: one, deceased: false } : one),
  );
  return registered({ id, name: { given: 'Barn' }, guardianship: { current: relations, ended } });
}

/** A guardian's answer: born as the number says, at home where the test says. */
export function adultOf(
  id: PersonId,
  name: string | Name,
  parts: Partial<RegisteredPerson> = {},
): RegisteredPerson {
  const [given = '', surname = ''] = typeof name === 'string' ? name.split(' ') : [];
  return registered({
    id,
    name: typeof name === 'string' ? { given, surname } : name,
    birthDate: birthDateOf(id),
    home: { kind: 'swedish', lines: ['Gatan 1'], postalCode: '11146', city: 'STOCKHOLM' },
    ...parts,
  });
}

/** The roster as it is once a plan is carried out. */
export function carryOut(
  entries: readonly RosterEntry[],
  links: readonly GuardianLink[],
  plan: GuardianPlan,
): { readonly entries: RosterEntry[]; readonly links: GuardianLink[] } {
  const items = new Map(plan.items.map((item) => [item.key.id, item]));
  const edited = entries.map((entry) => {
    const item = entry.key.type === 'guardian' ? items.get(entry.key.id) : undefined;
    if (item?.kind !== 'update') return entry;
    const changes: FieldChange[] = [...item.changes, ...(item.checked ? [item.checked] : [])];
    const cells: { [F in RosterField]: string | undefined } = { ...entry.cells };
    for (const { field, from, to } of changes) {
      if (cells[field] !== from) throw new Error(`${field} does not hold what the plan saw`);
      cells[field] = to;
    }
    return { ...entry, cells };
  });
  const created = plan.created.map(
    ({ key, cells }, i): RosterEntry => ({
      key,
      place: { source: SOURCES.guardian, row: 1000 + i, line: 1002 + i },
      cells: cellsOf({ ...GUARDIAN_CELLS, ...cells }),
    }),
  );
  const added = plan.links.map(
    ({ link }, i): GuardianLink => ({
      ...link,
      relation: '',
      source: 'spar',
      place: { source: 3, row: 1000 + i, line: 1002 + i },
    }),
  );
  return { entries: [...edited, ...created], links: [...links, ...added] };
}

/** What a plan comes to, in words: rows by id, people by the last four digits of their number. */
export interface Told {
  readonly assigned?: readonly string[] | undefined;
  readonly created?: readonly string[] | undefined;
  readonly links?: readonly string[] | undefined;
  readonly present?: number | undefined;
  readonly reviews?: readonly string[] | undefined;
  readonly notAsked?: readonly string[] | undefined;
  readonly needs?: readonly string[] | undefined;
}

export function told(plan: GuardianPlan): Told {
  const last = (id: PersonId): string => id.slice(8);
  const some = (words: readonly string[]) => (words.length > 0 ? words : undefined);
  return {
    assigned: some(plan.assigned.map(({ key, person, grade }) => `${key.id} = ${last(person)} ${grade}`)),
    created: some(plan.created.map(({ key, person }) => `${key.id} = ${last(person)}`)),
    links: some(plan.links.map(({ link, person }) => `${link.student}-${link.guardian} ${last(person)}`)),
    present: plan.linksPresent || undefined,
    reviews: some(
      plan.reviews.map(({ key, reason, rows = [], children = [] }) =>
        [
          `${rowKeyText(key)} ${reason}`,
          ...rows.map((id) => `row ${id}`),
          ...children.map((id) => `child ${id}`),
        ].join(' '),
      ),
    ),
    notAsked: some(plan.notAsked.map(({ key, reason }) => `${rowKeyText(key)} ${reason}`)),
    needs: some(
      plan.needs.map(({ id, rows, permissions }) =>
        [last(id), ...rows.map(rowKeyText), ...permissions].join(' '),
      ),
    ),
  };
}
