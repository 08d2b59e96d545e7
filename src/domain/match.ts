import {
  agreeAddresses,
  type ComparedAddress,
  comparedAddressesOf,
  comparedAddressesOfRow,
} from './matching/address-agreement.ts';
import {
  agreeBirths,
  birthsOfPerson,
  birthsOfRow,
  birthsOfText,
  type KnownBirth,
} from './matching/birth-date-agreement.ts';
import { type ComparedName, comparedNameOf, comparedNameOfCells } from './matching/compared-name.ts';
import { emailKey, phoneKey } from './matching/contact-agreement.ts';
import { kinshipOf } from './matching/kinship.ts';
import {
  agreeNames,
  areClearlyUnlike,
  areSameNames,
  type FirstNameAgreement,
  type Likeness,
  type SurnameAgreement,
} from './matching/name-agreement.ts';
import type { NameForm } from './matching/name-letters.ts';
import type { RegisteredPerson, Relation } from './person.ts';
import type { ParsedPersonId, PersonId } from './person-id.ts';
import type { Cells } from './roster.ts';

/** How sure it is that two are one and the same person (CONTRACT section 7). */
export const GRADES = ['certain', 'probable', 'possible', 'certainly-not'] as const;

export type Grade = (typeof GRADES)[number];

/** What speaks for it that two are the same. Shown in words. */
export const EVIDENCE = [
  'same-number',
  /** The one number has become the other (Hänvisning). */
  'renumbered',
  /** Rows of different types under one number: a guardian who is also staff or student. */
  'two-roles',
  'same-name',
  'name-one-letter',
  'name-folded',
  'name-part-of-surname',
  'name-swapped',
  'name-other-given',
  'name-short-form',
  /** The call name agrees and the surname does not: a marriage, where birth date or address agree too. */
  'same-call-name',
  'same-birth-date',
  'same-address',
  'same-email',
  'same-phone',
  'same-child',
  /** A number invented by a school tells the same date of birth. */
  'temporary-number',
] as const;

export type Evidence = (typeof EVIDENCE)[number];

/** What speaks against it, or keeps it from being sure. Shown in words. */
export const CONTRADICTIONS = [
  'other-number',
  'other-birth-date',
  'both-guardians',
  'other-address',
  'other-surname',
  /** First names that are not alike in any way. */
  'other-first-name',
  /** A link whose relation names another kinship or role. */
  'other-kinship',
  /** Another row of the child, or another guardian of the child, has that name too. */
  'not-the-only-one',
  /** The child has a guardian whose name nobody tells. */
  'nameless-guardian',
  'no-given-name',
] as const;

export type Contradiction = (typeof CONTRADICTIONS)[number];

/** What is known of somebody in the form in which people are compared. Made once for each person or row. */
export interface Profile {
  readonly id: PersonId | undefined;
  /** Other numbers that are known to be the same person's. */
  readonly otherIds: readonly PersonId[];
  readonly name: ComparedName;
  /** The likeliest first. */
  readonly births: readonly KnownBirth[];
  /** A number invented by a school is all that tells the date of birth. */
  readonly isBirthFromTemporary: boolean;
  readonly addresses: readonly ComparedAddress[];
  readonly email: string | undefined;
  readonly phone: string | undefined;
}

/** What stands around a pair. */
export interface Setting {
  /** No other row of any child that they share has that very name. */
  readonly isOnlyRow: boolean;
  /**
   * Another row of theirs may be meant for the person too, written otherwise (`mayBeMeant`): the father's, and
   * this one the grandfather's. Leaves only the birth date as the one more thing. Missing: there is none.
   */
  readonly hasLikeRow?: boolean;
  /** No other guardian whom SPAR names for any of those children has that very name. */
  readonly isOnlyGuardian: boolean;
  /** One of those children has a guardian whose name nobody tells (protected, deceased, not found …). */
  readonly hasNamelessGuardian: boolean;
  /** SPAR names both as guardians of one child. */
  readonly areBothGuardians: boolean;
  readonly shareChild: boolean;
  /** The words in the `relation` column of the row's links to those children. */
  readonly relations: readonly string[];
}

export interface Match {
  /** `unlike`: nothing about them is worth a person's time. */
  readonly grade: Grade | 'unlike';
  readonly evidence: readonly Evidence[];
  readonly contradictions: readonly Contradiction[];
}

export function profileOfPerson(person: RegisteredPerson): Profile {
  let profile = MADE_OF_PEOPLE.get(person);
  if (profile === undefined) {
    profile = makeOfPerson(person);
    MADE_OF_PEOPLE.set(person, profile);
  }
  return profile;
}

/**
 * Planner and duplicate report look at the same people and rows, and making a profile costs more than comparing
 * two. An answer and the cells of a row are values that nobody changes, so what was made of them stays true.
 */
const MADE_OF_PEOPLE = new WeakMap<RegisteredPerson, Profile>();
const MADE_OF_ROWS = new WeakMap<Cells, { readonly id: ParsedPersonId; readonly profile: Profile }>();

function makeOfPerson(person: RegisteredPerson): Profile {
  return {
    id: person.id,
    otherIds: person.predecessors,
    name: comparedNameOf(person.name),
    births: birthsOfPerson(person.id, person.birthDate),
    isBirthFromTemporary: false,
    addresses: comparedAddressesOf(person),
    email: undefined,
    phone: undefined,
  };
}

/** `id`: of the row's `personnummer` cell. */
export function profileOfRow(cells: Cells, id: ParsedPersonId): Profile {
  const made = MADE_OF_ROWS.get(cells);
  if (made?.id === id) return made.profile;
  const profile = makeOfRow(cells, id);
  MADE_OF_ROWS.set(cells, { id, profile });
  return profile;
}

function makeOfRow(cells: Cells, id: ParsedPersonId): Profile {
  const births = birthsOfRow(cells, id);
  const isInvented = id.kind === 'temporary' && births.length > 0;
  return {
    id: id.kind === 'valid' ? id.id : undefined,
    otherIds: NO_IDS,
    name: comparedNameOfCells(cells.first_name, cells.last_name),
    births,
    isBirthFromTemporary: isInvented && birthsOfRow(cells, NO_NUMBER).length === 0,
    addresses: comparedAddressesOfRow(cells),
    email: emailKey(cells.email),
    phone: phoneKey(cells.phone),
  };
}

/** A guardian without id-nummer: name and birth date only. */
export function profileOfRelation(relation: Relation): Profile {
  return {
    id: relation.id,
    otherIds: NO_IDS,
    name: comparedNameOf(relation.name ?? {}),
    births:
      relation.birthDate === undefined && relation.id !== undefined
        ? birthsOfPerson(relation.id, undefined)
        : birthsOfText(relation.birthDate),
    isBirthFromTemporary: false,
    addresses: [],
    email: undefined,
    phone: undefined,
  };
}

/** Whether the names agree as exactly as `certain` demands. */
export function haveSameName(one: Profile, other: Profile): boolean {
  return areSameNames(one.name, other.name);
}

/**
 * Whether two names are alike enough to be compared at all: the same, or alike in one of the known ways. No
 * grade but one by numbers, dates or guardianship is ever given without it; whether it is enough for one,
 * `match` tells.
 */
export function haveSimilarNames(one: Profile, other: Profile): boolean {
  return !areClearlyUnlike(one.name, other.name) && agreeNames(one.name, other.name).likeness !== 'unlike';
}

/**
 * Whether a row that shares a child with a person may be meant for them, by a name that need not be alike in
 * any known way: a short form that no table has, two slips of the fingers. Far too little for a pair, and
 * enough for not being sure of another row. `others`: the child's other guardians, who may be meant instead.
 */
export function mayBeMeant(person: Profile, row: Profile, others: readonly Profile[]): boolean {
  const { grade } = match(person, row, BEST_SETTING);
  if (grade === 'certainly-not') return false;
  if (grade !== 'unlike') return !others.some((other) => haveSameName(other, row));
  return mayHaveName(person, row) && !others.some((other) => haveSimilarNames(other, row));
}

function mayHaveName(person: Profile, row: Profile): boolean {
  const { first, surname } = agreeNames(person.name, row.name);
  if (first === 'unknown' || surname === 'unknown') return false;
  if (first !== 'different' && beginAlike([person.name.surname], [row.name.surname])) return true;
  if (surname === 'different') return false;
  return (
    beginAlike(person.name.firsts, row.name.firsts) ||
    agreeAddresses(person.addresses, row.addresses) === 'same'
  );
}

function beginAlike(
  some: readonly (NameForm | undefined)[],
  others: readonly (NameForm | undefined)[],
): boolean {
  return some.some((one) =>
    others.some((other) => one !== undefined && one.folded.charAt(0) === other?.folded.charAt(0)),
  );
}

/** Whoever is unlike in the best of cases is unlike in every case. */
export const BEST_SETTING: Setting = {
  isOnlyRow: true,
  isOnlyGuardian: true,
  hasNamelessGuardian: false,
  areBothGuardians: false,
  shareChild: true,
  relations: [],
};

/**
 * The grade of a pair, with what speaks for and against it. Symmetric in `one` and `other`. Without a child in
 * common nothing but a number is ever certain, and the name alone is nobody's.
 */
export function match(one: Profile, other: Profile, setting: Setting): Match {
  const numbers = compareNumbers(one, other);
  const births = agreeBirths(one.births, other.births);
  const isLinked = numbers === 'same-number' || numbers === 'renumbered';
  const isOther =
    !isLinked && (numbers === 'other-number' || births === 'different' || setting.areBothGuardians);
  const isByName = !isLinked && !isOther;
  if (isByName && areClearlyUnlike(one.name, other.name)) return UNLIKE;
  const names = agreeNames(one.name, other.name);
  if (isByName && names.likeness === 'unlike') return UNLIKE;

  const addresses = agreeAddresses(one.addresses, other.addresses);
  let evidence = FIRST_NAME_EVIDENCE[names.first] | SURNAME_EVIDENCE[names.surname];
  if (names.isSwapped) evidence |= E['name-swapped'];
  if (names.likeness === 'same') evidence |= E['same-name'];
  if (names.likeness === 'call-name') evidence |= E['same-call-name'];
  if (isLinked) evidence |= E[numbers];
  if (births === 'same') evidence |= E['same-birth-date'];
  if (
    (births === 'same' || births === 'same-but-century') &&
    (one.isBirthFromTemporary || other.isBirthFromTemporary)
  ) {
    evidence |= E['temporary-number'];
  }
  if (addresses === 'same' || addresses === 'same-post') evidence |= E['same-address'];
  if (one.email !== undefined && one.email === other.email) evidence |= E['same-email'];
  if (one.phone !== undefined && one.phone === other.phone) evidence |= E['same-phone'];
  if (setting.shareChild) evidence |= E['same-child'];

  let against = NONE;
  if (births === 'different' || births === 'differs-in-part') against |= C['other-birth-date'];
  if (addresses === 'other') against |= C['other-address'];
  if (names.surname === 'different') against |= C['other-surname'];
  if (names.first === 'different') against |= C['other-first-name'];
  if (setting.relations.some((relation) => kinshipOf(relation) === 'other')) against |= C['other-kinship'];
  if (isLinked) return answer('certain', evidence, against);

  if (numbers === 'other-number') against |= C['other-number'];
  if (setting.areBothGuardians) against |= C['both-guardians'];
  if (isOther) return answer('certainly-not', evidence, against);

  if (!setting.isOnlyRow || !setting.isOnlyGuardian) against |= C['not-the-only-one'];
  if (setting.hasLikeRow && births !== 'same') against |= C['not-the-only-one'];
  if (setting.hasNamelessGuardian && births !== 'same') against |= C['nameless-guardian'];
  if (names.first === 'unknown') against |= C['no-given-name'];
  const isStrong = births === 'same' || addresses === 'same';
  const grade = gradeByName(names.likeness, evidence, against, isStrong);
  return grade === 'unlike' ? UNLIKE : answer(grade, evidence, against);
}

/** By the name and what else is known, nothing being certain already. An added contradiction never raises it. */
function gradeByName(
  likeness: Likeness,
  evidence: number,
  against: number,
  isStrong: boolean,
): Grade | 'unlike' {
  const isSupported = (evidence & SUPPORT) !== NONE;
  const sharesChild = (evidence & E['same-child']) !== NONE;
  switch (likeness) {
    case 'same':
      if (!sharesChild && !isSupported) return 'unlike';
      if ((against & ~C['nameless-guardian']) !== NONE) return 'possible';
      if (!sharesChild) return isStrong ? 'probable' : 'possible';
      return isStrong && against === NONE ? 'certain' : 'probable';
    case 'one-way':
      if (isSupported) return 'possible';
      // A grandfather's name is often like the father's.
      return sharesChild && (against & UNSUPPORTED_BY) === NONE ? 'possible' : 'unlike';
    case 'two-ways':
    case 'call-name':
      return isSupported ? 'possible' : 'unlike';
    case 'surname':
      return isStrong ? 'possible' : 'unlike';
    case 'unlike':
      return 'unlike';
  }
}

type Numbers = 'same-number' | 'renumbered' | 'other-number' | 'unknown';

function compareNumbers(one: Profile, other: Profile): Numbers {
  if (one.id === undefined || other.id === undefined) return 'unknown';
  if (one.id === other.id) return 'same-number';
  return one.otherIds.includes(other.id) || other.otherIds.includes(one.id) ? 'renumbered' : 'other-number';
}

const NO_IDS: readonly PersonId[] = [];
const NO_NUMBER: ParsedPersonId = { kind: 'missing' };
const UNLIKE: Match = { grade: 'unlike', evidence: [], contradictions: [] };

/** Sets are bits while a pair is judged: millions of pairs are. */
const NONE = 0;
const E = bitsOf(EVIDENCE);
const C = bitsOf(CONTRADICTIONS);
const ONE_MORE_THING = E['same-birth-date'] | E['same-address'];
/** An e-mail address or a phone number lifts nothing above `possible`, and no two names that are not alike. */
const SUPPORT = ONE_MORE_THING | E['same-email'] | E['same-phone'] | E['temporary-number'];
const UNSUPPORTED_BY = C['other-kinship'] | C['other-birth-date'];

const FIRST_NAME_EVIDENCE: Readonly<Record<FirstNameAgreement, number>> = {
  same: NONE,
  folded: E['name-folded'],
  'other-given': E['name-other-given'],
  'short-form': E['name-short-form'],
  'one-letter': E['name-one-letter'],
  'other-given-folded': E['name-other-given'] | E['name-folded'],
  'other-given-short-form': E['name-other-given'] | E['name-short-form'],
  'other-given-one-letter': E['name-other-given'] | E['name-one-letter'],
  different: NONE,
  unknown: NONE,
};

const SURNAME_EVIDENCE: Readonly<Record<SurnameAgreement, number>> = {
  same: NONE,
  folded: E['name-folded'],
  part: E['name-part-of-surname'],
  'one-letter': E['name-one-letter'],
  'part-folded': E['name-part-of-surname'] | E['name-folded'],
  different: NONE,
  unknown: NONE,
};

function bitsOf<Word extends string>(words: readonly Word[]): Readonly<Record<Word, number>> {
  return Object.fromEntries(words.map((word, i) => [word, 1 << i])) as Record<Word, number>;
}

/** The same sets come again and again, in the order of their lists. */
const evidenceSets = new Map<number, readonly Evidence[]>();
const contradictionSets = new Map<number, readonly Contradiction[]>();

function answer(grade: Grade, evidence: number, against: number): Match {
  return {
    grade,
    evidence: wordsOf(evidence, EVIDENCE, evidenceSets),
    contradictions: wordsOf(against, CONTRADICTIONS, contradictionSets),
  };
}

function wordsOf<Word>(
  bits: number,
  words: readonly Word[],
  known: Map<number, readonly Word[]>,
): readonly Word[] {
  let set = known.get(bits);
  if (set === undefined) {
    set = words.filter((_, i) => (bits & (1 << i)) !== NONE);
    known.set(bits, set);
  }
  return set;
}
