import { agreeAddresses } from './matching/address-agreement.ts';
import { agreeBirths } from './matching/birth-date-agreement.ts';
import { kinshipOf } from './matching/kinship.ts';
import {
  CONTRADICTION_BIT as C,
  type Contradiction,
  contradictionsOf,
  EVIDENCE_BIT as E,
  type Evidence,
  evidenceOf,
  type Grade,
  NONE,
} from './matching/match-words.ts';
import {
  agreeNames,
  areClearlyUnlike,
  areSameNames,
  type FirstNameAgreement,
  type Likeness,
  type SurnameAgreement,
} from './matching/name-agreement.ts';
import type { NameForm } from './matching/name-letters.ts';
import type { Profile } from './matching/profile.ts';

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

const UNLIKE: Match = { grade: 'unlike', evidence: [], contradictions: [] };

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

function answer(grade: Grade, evidence: number, against: number): Match {
  return { grade, evidence: evidenceOf(evidence), contradictions: contradictionsOf(against) };
}
