import type { CalendarDate } from './calendar-date.ts';
import type { Decision } from './decision.ts';
import { isActive } from './lookup-policy.ts';
import { type ParsedPersonId, type PersonId, parsePersonId } from './person-id.ts';
import { protectedUnderAll } from './protected-numbers.ts';
import { isMarked } from './protection-mark.ts';
import type { Cells, GuardianLink, RosterEntry, RowKey, RowPlace, UntakenRow } from './roster.ts';
import type { ColumnStyle } from './rows/column-style.ts';
import {
  createRosterMarks,
  type Hiding,
  type KnownOfPeople,
  type MarksSeen,
  NOBODY_REMEMBERED,
  type RosterMarks,
  seenRow,
} from './rows/roster-marks.ts';
import { createRowRegister, type RowProblem } from './rows/row-register.ts';
import { createSourceStyles } from './rows/source-styles.ts';
import { isLiveStudent } from './update/open-needs.ts';

/** What is kept of any row. */
export interface FamilyRow {
  readonly key: RowKey;
  readonly place: RowPlace;
  readonly id: ParsedPersonId;
  readonly isActive: boolean;
  /** The row's `protected` cell marks it. */
  readonly isMarked: boolean;
  readonly cells: Cells;
}

export interface StudentRow extends FamilyRow {
  /** An active student who is not certainly of age. */
  readonly isLive: boolean;
  readonly isSelected: boolean;
  readonly links: readonly FamilyLink[];
}

export interface GuardianRow extends FamilyRow {
  readonly links: readonly FamilyLink[];
}

export type StaffRow = FamilyRow;

/** A link between two rows that are there. Empty words where the roster has no such column. */
export interface FamilyLink {
  readonly student: StudentRow;
  readonly guardian: GuardianRow;
  readonly relation: string;
  readonly source: string;
  readonly place: RowPlace;
}

/** A roster as families: its students and guardians with the links between them, and staff by number. */
export interface Families {
  readonly students: readonly StudentRow[];
  readonly guardians: readonly GuardianRow[];
  readonly staff: readonly StaffRow[];
  student(id: string): StudentRow | undefined;
  guardian(id: string): GuardianRow | undefined;
  /** Rows of any type that hold this number, in the order of the roster. */
  rowsOf(person: PersonId): readonly (StudentRow | GuardianRow | StaffRow)[];
  /**
   * People whom any row hides, under all their numbers; see `Hiding.byRows`. And other numbers of those whom an
   * answer says to be protected: nobody need be asked about under them.
   */
  readonly marked: ReadonlySet<PersonId>;
  /** Those among them of whom it is certain: of the others nothing is erased. */
  readonly markedForCertain: ReadonlySet<PersonId>;
  /** Rows that are hidden whosever they are: by a mark, or as somebody has declared them to be a hidden person's. */
  readonly hiddenRows: Pick<Hiding, 'people' | 'isHiddenRow' | 'isHiddenForCertain' | 'rowsForCertain'>;
  readonly marks: MarksSeen;
  /** How the columns of a source write their values. */
  styleOf(source: number): ColumnStyle;
  readonly total: number;
  /** Rows that share an id within their type: in none of the lists above. */
  readonly duplicates: readonly RowProblem[];
  /**
   * The same rows by id and number, and those that the roster could not take: nobody else may get their ids, and
   * their people have a row already.
   */
  readonly leftOut: readonly LeftOutRow[];
  /** Whose rows the roster could not take. */
  readonly untaken: ReadonlySet<PersonId>;
  readonly linksToNobody: readonly RowProblem[];
  /** Guardian ids that links name and no row has: whoever got one would be guardian of that child. */
  readonly danglingIds: ReadonlySet<string>;
}

export interface LeftOutRow {
  /** The id is empty where the row tells none. */
  readonly key: RowKey;
  readonly person: PersonId | undefined;
}

type Building<Row extends StudentRow | GuardianRow> = Row & { readonly links: FamilyLink[] };

/** Takes in a roster row by row, then its links. */
export interface FamilyReader {
  add(entry: RosterEntry): void;
  /** Call once all rows are in. */
  addLink(link: GuardianLink): void;
  /** A row that the roster could not take. */
  addUntaken(row: UntakenRow): void;
  unnumbered: RosterMarks['unnumbered'];
  /** After `finish` too. */
  watch: RosterMarks['watch'];
  finish(known?: KnownOfRoster): Families;
}

type KnownOfRoster = Omit<KnownOfPeople, 'followed'>;

export function createFamilyReader(options: {
  readonly today: CalendarDate;
  readonly selected: (key: RowKey) => boolean;
  /** In force. */
  readonly decisions?: readonly Decision[];
}): FamilyReader {
  const { today, decisions = [] } = options;
  const students = new Map<string, Building<StudentRow>>();
  const guardians = new Map<string, Building<GuardianRow>>();
  const staff = new Map<string, StaffRow>();
  const rowsOfType = { student: students, guardian: guardians, staff };
  const marks = createRosterMarks(today, decisions);
  const styles = createSourceStyles();
  const linksToNobody: RowProblem[] = [];
  const danglingIds = new Set<string>();
  const leftOut: LeftOutRow[] = [];
  const keys: RowKey[] = [];
  const register = createRowRegister((row) => {
    const key = keys[row];
    if (key === undefined) return;
    const id = rowsOfType[key.type].get(key.id)?.id;
    leftOut.push({ key, person: id?.kind === 'valid' ? id.id : undefined });
    rowsOfType[key.type].delete(key.id);
  });

  function add(entry: RosterEntry): void {
    const { key, place, cells } = entry;
    const id = parsePersonId(cells.personnummer ?? '', {
      type: key.type,
      asOf: today,
      birthDate: cells.birth_date,
    });
    const person = id.kind === 'valid' ? id.id : undefined;
    const row = {
      key,
      place,
      id,
      isActive: isActive(cells.active),
      isMarked: isMarked(cells.protected),
      cells,
    };
    marks.see(seenRow(entry, person));
    styles.count(place.source, cells);
    keys.push(key);
    if (register.add(entry, person) === undefined) {
      leftOut.push({ key, person });
      return;
    }
    switch (key.type) {
      case 'student':
        students.set(key.id, {
          ...row,
          isLive: isLiveStudent(entry, row.isActive, person, today),
          isSelected: options.selected(key),
          links: [],
        });
        break;
      case 'guardian':
        guardians.set(key.id, { ...row, links: [] });
        break;
      case 'staff':
        staff.set(key.id, row);
        break;
    }
  }

  function addLink(link: GuardianLink): void {
    const student = students.get(link.student);
    const guardian = guardians.get(link.guardian);
    const isThere = register.has('student', link.student) && register.has('guardian', link.guardian);
    if (!isThere) linksToNobody.push({ source: link.place.source, line: link.place.line });
    if (!register.has('guardian', link.guardian)) danglingIds.add(link.guardian);
    // A link to rows that share an id is left out with them.
    if (student === undefined || guardian === undefined) return;
    const { relation = '', source = '', place } = link;
    const made: FamilyLink = { student, guardian, relation, source, place };
    student.links.push(made);
    guardian.links.push(made);
  }

  function addUntaken(row: UntakenRow): void {
    const { id, types, numbers } = row;
    marks.seeUntaken(row);
    if (!types.includes('guardian')) return;
    const key: RowKey = { type: 'guardian', id };
    if (id !== '') leftOut.push({ key, person: undefined });
    for (const number of numbers) {
      const read = parsePersonId(number, { type: 'guardian', asOf: today });
      if (read.kind === 'valid') leftOut.push({ key, person: read.id });
    }
  }

  return {
    add,
    addLink,
    addUntaken,
    unnumbered: marks.unnumbered,
    watch: marks.watch,
    finish: (known = NOTHING_KNOWN) =>
      familiesOf({
        ...hiddenBy(marks, known),
        marks: marks.marksSeen(known.markedBefore ?? [], ({ type, id }) => register.has(type, id)),
        students: [...students.values()],
        guardians: [...guardians.values()],
        staff: [...staff.values()],
        untaken: marks.untaken.people,
        styleOf: styles.learnt(),
        total: register.count(0),
        duplicates: register.duplicates(),
        leftOut,
        linksToNobody,
        danglingIds,
      }),
  };
}

const NOTHING_KNOWN = { remembered: NOBODY_REMEMBERED, protectedPeople: [], renumbered: [] };

function hiddenBy(
  marks: RosterMarks,
  known: KnownOfRoster,
): Pick<Families, 'marked' | 'markedForCertain' | 'hiddenRows'> {
  const hiding = marks.settle(known);
  const toldThemselves = new Set(known.protectedPeople);
  const byOthers = [...protectedUnderAll(toldThemselves, known.renumbered)].filter(
    (person) => !toldThemselves.has(person),
  );
  return {
    marked: new Set([...hiding.byRows, ...byOthers]),
    markedForCertain: new Set([...hiding.byRowsForCertain, ...byOthers]),
    hiddenRows: hiding,
  };
}

/** The same rows with ways to find them. */
export function familiesOf(rows: Omit<Families, 'student' | 'guardian' | 'rowsOf'>): Families {
  const students = new Map(rows.students.map((row) => [row.key.id, row]));
  const guardians = new Map(rows.guardians.map((row) => [row.key.id, row]));
  const byPerson = new Map<PersonId, (StudentRow | GuardianRow | StaffRow)[]>();
  for (const row of [...rows.students, ...rows.staff, ...rows.guardians]) {
    if (row.id.kind !== 'valid') continue;
    const known = byPerson.get(row.id.id);
    if (known === undefined) byPerson.set(row.id.id, [row]);
    else known.push(row);
  }
  return {
    ...rows,
    student: (id) => students.get(id),
    guardian: (id) => guardians.get(id),
    rowsOf: (person) => byPerson.get(person) ?? [],
  };
}
