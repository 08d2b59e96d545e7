import type { DuplicateBasis } from '../duplicates.ts';
import type { FamilyLink, GuardianRow, StudentRow } from '../families.ts';
import { isNamed } from '../guardians/known-names.ts';
import { haveSameName, mayBeMeant, type Setting } from '../match.ts';
import { kinshipOf } from '../matching/kinship.ts';
import { type Profile, profileOfRelation } from '../matching/profile.ts';
import type { Relation } from '../person.ts';
import type { PersonId } from '../person-id.ts';
import type { PairProfiles } from './pair-profiles.ts';

/** What stands around two guardian rows, over the children to whom both belong: by link, or by SPAR's word. */
export interface PairSettings {
  of(a: GuardianRow, b: GuardianRow): Setting;
}

export function createPairSettings(basis: DuplicateBasis, profiles: PairProfiles): PairSettings {
  const wards = wardsOf(basis);
  const childrenOfRow = new Map<string, ReadonlyMap<string, StudentRow>>();

  function childrenOf(row: GuardianRow): ReadonlyMap<string, StudentRow> {
    const made = childrenOfRow.get(row.key.id);
    if (made !== undefined) return made;
    const children = new Map(row.links.map(({ student }) => [student.key.id, student]));
    for (const person of idsOf(row)) {
      for (const student of wards.get(person) ?? []) children.set(student.key.id, student);
    }
    childrenOfRow.set(row.key.id, children);
    return children;
  }

  /** The row's number and those that are known to be the same person's. */
  function idsOf({ id }: GuardianRow): readonly PersonId[] {
    return id.kind === 'valid' ? profiles.numbersOf(id.id) : [];
  }

  function settingOf(a: GuardianRow, b: GuardianRow): Setting {
    const shared = inBoth(childrenOf(a), childrenOf(b));
    const [idsOfA, idsOfB] = [new Set(idsOf(a)), new Set(idsOf(b))];
    const isOneOfThem = (person: PersonId): boolean => idsOfA.has(person) || idsOfB.has(person);
    const [ofA, ofB] = [profiles.known(a), profiles.known(b)];
    // A person against a row: other rows may be the person, and other guardians may be the row.
    const isPersonAgainstRow = (ofA.id === undefined) !== (ofB.id === undefined);
    const [person, row] = ofA.id === undefined ? [ofB, ofA] : [ofA, ofB];
    const isNamesakeOf = (profile: Profile, one: Profile, other: Profile): boolean =>
      haveSameName(profile, one) || (!isPersonAgainstRow && haveSameName(profile, other));

    const isOtherRow = (other: GuardianRow): boolean =>
      other.key.id !== a.key.id &&
      other.key.id !== b.key.id &&
      !(other.id.kind === 'valid' && isOneOfThem(other.id.id)) &&
      isNamesakeOf(profiles.ofRow(other), person, row);

    /** Of a child's rows, one that may be meant for the person, and is no other guardian's by its name. */
    const isLikeRow = ({ guardian: other, relation }: FamilyLink, names: readonly Profile[]): boolean =>
      isPersonAgainstRow &&
      other.key.id !== a.key.id &&
      other.key.id !== b.key.id &&
      other.id.kind !== 'valid' &&
      kinshipOf(relation) !== 'other' &&
      mayBeMeant(person, profiles.ofRow(other), names);

    let hasLikeRow = false;
    const namesakes = new Set<string>();
    let isEitherGuardian = false;
    let hasNamelessGuardian = false;
    let areBothGuardians = false;
    const relations: string[] = [];
    for (const student of shared) {
      const current = basis.guardianshipOf(student.key.id)?.current ?? [];
      const isGuardian = (ids: ReadonlySet<PersonId>): boolean =>
        current.some(({ id }) => id !== undefined && ids.has(id));
      const [isA, isB] = [isGuardian(idsOfA), isGuardian(idsOfB)];
      if (isA || isB) isEitherGuardian = true;
      if (isA && isB && !haveOneNumber(a, b)) areBothGuardians = true;
      const otherNames: Profile[] = [];
      for (const relation of current) {
        if (relation.id !== undefined && isOneOfThem(relation.id)) continue;
        const profile = profileOf(relation);
        if (profile !== undefined) otherNames.push(profile);
        if (profile === undefined) hasNamelessGuardian = true;
        else if (isNamesakeOf(profile, row, person)) namesakes.add(markOf(relation));
      }
      hasLikeRow ||= student.links.some((link) => isLikeRow(link, otherNames));
      if (!isA) relations.push(...wordsOf(a, student));
      if (!isB) relations.push(...wordsOf(b, student));
    }

    return {
      hasLikeRow,
      isOnlyRow: !shared.some(({ links }) => links.some(({ guardian }) => isOtherRow(guardian))),
      // Two rows without number may both be the one guardian of that name; a second one is too many.
      isOnlyGuardian: namesakes.size <= (isEitherGuardian ? 0 : 1),
      hasNamelessGuardian,
      areBothGuardians,
      shareChild: shared.length > 0,
      relations,
    };
  }

  function haveOneNumber(a: GuardianRow, b: GuardianRow): boolean {
    return a.id.kind === 'valid' && b.id.kind === 'valid' && profiles.areJoined(a.id.id, b.id.id);
  }

  function profileOf(relation: Relation): Profile | undefined {
    if (relation.id !== undefined) return profiles.ofPerson(relation.id);
    const isTold = relation.name !== undefined && isNamed(relation.name);
    return isTold ? profileOfRelation(relation) : undefined;
  }

  return { of: settingOf };
}

/** The students of whom SPAR names somebody as a current guardian. */
function wardsOf(basis: DuplicateBasis): ReadonlyMap<PersonId, readonly StudentRow[]> {
  const wards = new Map<PersonId, StudentRow[]>();
  for (const student of basis.families.students) {
    for (const { id } of basis.guardianshipOf(student.key.id)?.current ?? []) {
      if (id === undefined) continue;
      const known = wards.get(id);
      if (known === undefined) wards.set(id, [student]);
      else known.push(student);
    }
  }
  return wards;
}

function inBoth<V>(one: ReadonlyMap<string, V>, other: ReadonlyMap<string, V>): readonly V[] {
  const [few, many] = one.size <= other.size ? [one, other] : [other, one];
  return [...few].filter(([id]) => many.has(id)).map(([, value]) => value);
}

function wordsOf(row: GuardianRow, student: StudentRow): readonly string[] {
  const few: readonly FamilyLink[] = student.links.length < row.links.length ? student.links : row.links;
  return few
    .filter((link) => link.student.key.id === student.key.id && link.guardian.key.id === row.key.id)
    .map(({ relation }) => relation)
    .filter((word) => word !== '');
}

/** Tells one guardian from another across children. */
function markOf({ id, name, birthDate }: Relation): string {
  return id ?? JSON.stringify([name?.given, name?.callName, name?.middle, name?.surname, birthDate]);
}
