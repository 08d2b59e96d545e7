import type { DuplicateBasis } from '../duplicates.ts';
import type { GuardianRow, StudentRow } from '../families.ts';
import { BEST_SETTING, haveSameName, haveSimilarNames, match } from '../match.ts';
import { emailKey, phoneKey } from '../matching/contact-agreement.ts';
import type { PersonId } from '../person-id.ts';
import type { PairProfiles } from './pair-profiles.ts';
import { holdOneNumber } from './row-finder.ts';
import { compareIds } from './row-order.ts';
import { birthAndSurnameMarks, createTemporaryBirths } from './same-birth.ts';

/** Why two guardian rows are compared at all. */
export type CandidateReason =
  | 'same-number'
  | 'renumbered'
  /** The same e-mail or phone, and similar names. */
  | 'same-contact'
  /** A guardian whom SPAR names for a child, and a row of that child without a valid number. */
  | 'named-by-spar'
  /** Two rows of one child without a valid number, of the same name. */
  | 'both-without-number'
  /** A row with a temporary number, and one with a valid number, of similar names: of one child, or born one day. */
  | 'temporary';

export interface Candidate {
  /** The one with the lower id. */
  readonly a: GuardianRow;
  readonly b: GuardianRow;
  readonly reasons: ReadonlySet<CandidateReason>;
}

/**
 * What many rows share is not what makes two of them one person: an e-mail or phone (`info@` the school) on more
 * rows than this is compared between rows of one child only, and a child with more rows than this is no family.
 */
const MOST_ROWS_COMPARED = 20;

/**
 * Pairs of guardian rows that are worth comparing. Rows under one number are paired with the row that stands
 * for all of them, and with nothing else: three rows are two pairs.
 */
export function findCandidates(basis: DuplicateBasis, profiles: PairProfiles): readonly Candidate[] {
  const { families } = basis;
  const found = new Map<string, Candidate & { readonly reasons: Set<CandidateReason> }>();

  function add(one: GuardianRow, other: GuardianRow, reason: CandidateReason): void {
    if (one.key.id === other.key.id || !(one.isActive || other.isActive)) return;
    const [a, b] = compareIds(one.key.id, other.key.id) < 0 ? [one, other] : [other, one];
    const key = JSON.stringify([a.key.id, b.key.id]);
    const known = found.get(key);
    if (known === undefined) found.set(key, { a, b, reasons: new Set([reason]) });
    else known.reasons.add(reason);
  }

  function addByNumber(): void {
    for (const row of families.guardians) {
      if (row.id.kind !== 'valid') continue;
      const standing = profiles.rowFor(row.id.id);
      if (standing === undefined) continue;
      add(standing, row, 'same-number');
      const [current] = profiles.numbersOf(row.id.id).flatMap((number) => profiles.rowFor(number) ?? []);
      if (current !== undefined && standing === row) add(current, row, 'renumbered');
    }
    for (const { former, successors } of profiles.renumberings) {
      const row = profiles.rowFor(former);
      for (const successor of successors) {
        const other = profiles.rowFor(successor);
        if (row !== undefined && other !== undefined) add(row, other, 'renumbered');
      }
    }
  }

  function addByContact(rows: readonly GuardianRow[]): void {
    if (rows.length <= MOST_ROWS_COMPARED) {
      for (const [one, other] of pairsOf(rows)) {
        if (!holdOneNumber(one, other) && areAlike(one, other)) add(one, other, 'same-contact');
      }
      return;
    }
    const ofChild = new Map<string, GuardianRow[]>();
    for (const row of rows) {
      for (const student of new Set(row.links.map((link) => link.student.key.id))) {
        push(ofChild, student, row);
      }
    }
    for (const few of ofChild.values()) if (few.length <= MOST_ROWS_COMPARED) addByContact(few);
  }

  function areAlike(one: GuardianRow, other: GuardianRow): boolean {
    return (
      haveSimilarNames(profiles.ofRow(one), profiles.ofRow(other)) ||
      haveSimilarNames(profiles.known(one), profiles.known(other))
    );
  }

  function addOfChild(student: StudentRow): void {
    const rows = [...new Map(student.links.map(({ guardian }) => [guardian.key.id, guardian])).values()];
    const without = rows.filter(({ id }) => id.kind !== 'valid');
    if (without.length === 0) return;
    for (const { id } of basis.guardianshipOf(student.key.id)?.current ?? []) {
      const named = id === undefined ? undefined : rowNamed(id);
      if (named === undefined) continue;
      for (const row of without) if (mayBe(named, row)) add(named, row, 'named-by-spar');
    }
    if (rows.length > MOST_ROWS_COMPARED) return;
    for (const [one, other] of pairsOf(without)) {
      if (haveSameName(profiles.ofRow(one), profiles.ofRow(other))) add(one, other, 'both-without-number');
    }
    for (const row of without) {
      if (row.id.kind !== 'temporary') continue;
      for (const other of rows) {
        if (other.id.kind === 'valid' && areAlike(row, other)) add(row, other, 'temporary');
      }
    }
  }

  /** Wherever their children are: by date of birth and a name in the surname, as the row or as SPAR has them. */
  function addByTemporaryNumber(): void {
    const temporaries = families.guardians.filter(({ id }) => id.kind === 'temporary');
    if (temporaries.length === 0) return;
    const isBornLikeOne = createTemporaryBirths(families.guardians);
    const numbered = new Map<string, GuardianRow[]>();
    for (const row of families.guardians) {
      if (row.id.kind !== 'valid' || !isBornLikeOne(row)) continue;
      const marks = [profiles.ofRow(row), profiles.known(row)].flatMap(birthAndSurnameMarks);
      for (const mark of new Set(marks)) push(numbered, mark, row);
    }
    for (const row of temporaries) {
      for (const mark of birthAndSurnameMarks(profiles.ofRow(row))) {
        const others = numbered.get(mark) ?? [];
        if (others.length > MOST_ROWS_COMPARED) continue;
        for (const other of others) if (areAlike(row, other)) add(row, other, 'temporary');
      }
    }
  }

  function mayBe(named: GuardianRow, row: GuardianRow): boolean {
    const { grade } = match(profiles.known(named), profiles.ofRow(row), BEST_SETTING);
    if (grade !== 'unlike') return grade !== 'certainly-not';
    return match(profiles.ofRow(named), profiles.ofRow(row), BEST_SETTING).grade !== 'unlike';
  }

  /** The row of a guardian by number, or by another number of theirs. */
  function rowNamed(person: PersonId): GuardianRow | undefined {
    const [row] = [person, ...profiles.numbersOf(person)].flatMap((number) => profiles.rowFor(number) ?? []);
    return row;
  }

  addByNumber();
  for (const rows of rowsByContact(families.guardians)) addByContact(rows);
  for (const student of families.students) addOfChild(student);
  addByTemporaryNumber();
  return [...found.values()];
}

/** Guardian rows that share an e-mail, and those that share a phone. */
export function rowsByContact(rows: readonly GuardianRow[]): readonly (readonly GuardianRow[])[] {
  const byEmail = new Map<string, GuardianRow[]>();
  const byPhone = new Map<string, GuardianRow[]>();
  for (const row of rows) {
    const [email, phone] = [emailKey(row.cells.email), phoneKey(row.cells.phone)];
    if (email !== undefined) push(byEmail, email, row);
    if (phone !== undefined) push(byPhone, phone, row);
  }
  return [...byEmail.values(), ...byPhone.values()].filter(({ length }) => length > 1);
}

function* pairsOf<T>(items: readonly T[]): Generator<readonly [T, T]> {
  for (const [i, one] of items.entries()) {
    for (const other of items.slice(i + 1)) yield [one, other];
  }
}

function push<V>(map: Map<string, V[]>, key: string, value: V): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [value]);
  else known.push(value);
}
