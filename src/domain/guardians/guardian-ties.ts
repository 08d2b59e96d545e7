import { compareByLinks } from '../duplicates/pair-keep.ts';
import type { Families, GuardianRow, StudentRow } from '../families.ts';
import type { Guardianship, Relation } from '../person.ts';
import type { PersonId } from '../person-id.ts';
import type { OnePerson } from './one-person.ts';

/** A student whose guardians SPAR has told. */
export interface Child {
  readonly row: StudentRow;
  /** Each current guardian once, whatever number names them. */
  readonly ties: readonly Tie[];
  /** Current numbers of those who are no guardians any more. */
  readonly ended: readonly PersonId[];
}

/** A current guardian of a child; one without id-nummer is nobody in particular. */
export interface Tie {
  readonly relation: Relation;
  readonly guardian: Guardian | undefined;
}

/** Somebody whom SPAR names as a current guardian. */
export interface Guardian {
  /** The current number. */
  readonly id: PersonId;
  /** That and all earlier ones. */
  readonly numbers: readonly PersonId[];
  /** Guardian rows that hold one of the numbers: most links first, then the lowest id. */
  readonly rows: readonly GuardianRow[];
  /** A guardian row that shares its id with another holds one of the numbers. */
  readonly isOnLeftOutRow: boolean;
  /** A row of any type marks the person as protected. */
  readonly isMarked: boolean;
  /** What the cache holds about one of the numbers says protected, or is withheld. */
  readonly isSaidProtected: boolean;
  /** The children that name them, in the order of the roster. */
  readonly children: readonly Child[];
  /** Some child's answer says so. */
  readonly isSaidDead: boolean;
}

export interface GuardianTies {
  readonly children: readonly Child[];
  /** By the first child that names them, then in SPAR's order. */
  readonly guardians: readonly Guardian[];
}

type Building = Guardian & { readonly children: Child[]; isSaidDead: boolean };

/** Who is whose guardian, as SPAR has it, each with the rows that the roster has of them by number. */
export function findGuardianTies(
  answers: Iterable<{ readonly row: StudentRow; readonly guardianship: Guardianship }>,
  families: Families,
  onePerson: OnePerson,
  protectedPeople: ReadonlySet<PersonId>,
): GuardianTies {
  const guardians = new Map<PersonId, Building>();
  const leftOut = new Set<PersonId>();
  for (const { key, person } of families.leftOut) {
    if (key.type === 'guardian' && person !== undefined) leftOut.add(person);
  }

  function guardianOf(number: PersonId): Building {
    const id = onePerson.currentOf(number);
    const known = guardians.get(id);
    if (known !== undefined) return known;
    const numbers = onePerson.numbersOf(id);
    const made: Building = {
      id,
      numbers,
      rows: guardianRowsOf(numbers, families),
      isOnLeftOutRow: numbers.some((one) => leftOut.has(one)),
      isMarked: numbers.some((one) => families.marked.has(one)),
      isSaidProtected: numbers.some((one) => protectedPeople.has(one)),
      children: [],
      isSaidDead: false,
    };
    guardians.set(id, made);
    return made;
  }

  const children: Child[] = [];
  for (const { row, guardianship } of answers) {
    const ties: Tie[] = [];
    const child: Child = { row, ties, ended: guardianship.ended.map(onePerson.currentOf) };
    for (const relation of guardianship.current) {
      const guardian = relation.id === undefined ? undefined : guardianOf(relation.id);
      if (guardian !== undefined) {
        if (relation.deceased) guardian.isSaidDead = true;
        if (ties.some((tie) => tie.guardian === guardian)) continue;
        guardian.children.push(child);
      }
      ties.push({ relation, guardian });
    }
    children.push(child);
  }
  return { children, guardians: [...guardians.values()] };
}

/** Guardian rows under any of these numbers: most links first, then the lowest id. */
export function guardianRowsOf(numbers: readonly PersonId[], families: Families): readonly GuardianRow[] {
  const rows: GuardianRow[] = [];
  for (const number of numbers) {
    for (const row of families.rowsOf(number)) if (isGuardianRow(row)) rows.push(row);
  }
  return rows.length > 1 ? rows.sort(compareByLinks) : rows;
}

export function isGuardianRow(row: ReturnType<Families['rowsOf']>[number]): row is GuardianRow {
  return row.key.type === 'guardian';
}

/** The guardian rows that are linked to a child, each once. */
export function linkedRows(child: StudentRow): readonly GuardianRow[] {
  const rows = child.links.map((link) => link.guardian);
  return rows.length > 1 ? [...new Set(rows)] : rows;
}

/** A row that SPAR's guardians without a row may turn out to be: it tells no number. */
export function isWithoutNumber(row: GuardianRow): boolean {
  return row.id.kind !== 'valid';
}
