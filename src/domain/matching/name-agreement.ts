import { type ComparedName, type FirstNameForm, PARTICLES } from './compared-name.ts';
import { haveMarkInCommon } from './diminutives.ts';
import { isOneLetterApart, isSameFoldedForm, isSameForm, type NameForm } from './name-letters.ts';

/** Shorter beginnings are of too many names. */
const LEAST_BEGINNING = 3;

/** How two first names agree. The three `other-given-…` are two ways at once: worth little by themselves. */
export type FirstNameAgreement =
  | 'same'
  | 'folded'
  | 'other-given'
  | 'short-form'
  | 'one-letter'
  | 'other-given-folded'
  | 'other-given-short-form'
  | 'other-given-one-letter'
  | 'different'
  /** One of them has none. */
  | 'unknown';

export type SurnameAgreement =
  | 'same'
  | 'folded'
  | 'part'
  | 'one-letter'
  | 'part-folded'
  | 'different'
  | 'unknown';

/**
 * `same`: as exactly as `certain` demands. `one-way`, `two-ways`: alike but for so many known ways of differing.
 * `call-name`: the same first name, and another surname or none. `surname`: the same surname, and one of them
 * without a first name.
 */
export type Likeness = 'same' | 'one-way' | 'two-ways' | 'call-name' | 'surname' | 'unlike';

export interface NameAgreement {
  readonly likeness: Likeness;
  readonly first: FirstNameAgreement;
  readonly surname: SurnameAgreement;
  /** First and last name have changed places; `first` and `surname` then tell how they agree crosswise. */
  readonly isSwapped: boolean;
}

/** Whether the names agree as exactly as `certain` demands: only case, blanks and hyphens are forgiven. */
export function areSameNames(one: ComparedName, other: ComparedName): boolean {
  return haveSameFirst(one, other) && haveSameSurname(one, other);
}

/** Whether a first look already shows two names to be `unlike`. Cheap: this is so with most pairs. */
export function areClearlyUnlike(one: ComparedName, other: ComparedName): boolean {
  return (
    SURNAME_WAYS[agreeSurnames(one, other)] === NEVER &&
    !haveSameFirst(one, other) &&
    agreeCrosswise(one, other) === undefined
  );
}

/** How two names agree. Symmetric. */
export function agreeNames(one: ComparedName, other: ComparedName): NameAgreement {
  const surname = agreeSurnames(one, other);
  const first = agreeFirstNames(one, other);
  const ways = waysOf(first, surname);
  if (ways === 0) return SAME;
  if (ways === 1) return { likeness: 'one-way', first, surname, isSwapped: false };
  const crosswise = agreeCrosswise(one, other);
  if (crosswise !== undefined) return crosswise;
  if (ways === 2) return { likeness: 'two-ways', first, surname, isSwapped: false };
  if (first === 'same') return { likeness: 'call-name', first, surname, isSwapped: false };
  if (first === 'unknown' && surname === 'same')
    return { likeness: 'surname', first, surname, isSwapped: false };
  return { likeness: 'unlike', first, surname, isSwapped: false };
}

const SAME: NameAgreement = { likeness: 'same', first: 'same', surname: 'same', isSwapped: false };
const SWAPPED: NameAgreement = { likeness: 'one-way', first: 'same', surname: 'same', isSwapped: true };
const SWAPPED_FOLDED: NameAgreement = {
  ...SWAPPED,
  likeness: 'two-ways',
  first: 'folded',
  surname: 'folded',
};

const NEVER = 9;
const FIRST_WAYS: Readonly<Record<FirstNameAgreement, number>> = {
  same: 0,
  folded: 1,
  'other-given': 1,
  'short-form': 1,
  'one-letter': 1,
  'other-given-folded': 2,
  'other-given-short-form': 2,
  'other-given-one-letter': 2,
  different: NEVER,
  unknown: NEVER,
};
const SURNAME_WAYS: Readonly<Record<SurnameAgreement, number>> = {
  same: 0,
  folded: 1,
  part: 1,
  'one-letter': 1,
  'part-folded': 2,
  different: NEVER,
  unknown: NEVER,
};

/** In how many ways they differ. Letters lost all over the name are one way, not one for each part. */
function waysOf(first: FirstNameAgreement, surname: SurnameAgreement): number {
  const ways = FIRST_WAYS[first] + SURNAME_WAYS[surname];
  const isFolded =
    (first === 'folded' || first === 'other-given-folded') &&
    (surname === 'folded' || surname === 'part-folded');
  return isFolded ? ways - 1 : ways;
}

function agreeFirstNames(one: ComparedName, other: ComparedName): FirstNameAgreement {
  if (one.firsts.length === 0 || other.firsts.length === 0) return 'unknown';
  if (haveSameFirst(one, other)) return 'same';
  if (haveAny(one.firsts, other.firsts, isSameFoldedForm)) return 'folded';
  if (isMadeOf(one.givens, other.givens, isSameForm) || isMadeOf(other.givens, one.givens, isSameForm)) {
    return 'other-given';
  }
  if (haveAny(one.firsts, other.firsts, isShortForm)) return 'short-form';
  if (haveAny(one.firsts, other.firsts, isLetterPair)) return 'one-letter';
  if (
    isMadeOf(one.givens, other.givens, isSameFoldedForm) ||
    isMadeOf(other.givens, one.givens, isSameFoldedForm)
  ) {
    return 'other-given-folded';
  }
  if (haveAny(one.givens, other.givens, isShortFormByTable)) return 'other-given-short-form';
  if (haveAny(one.givens, other.givens, isLetterPair)) return 'other-given-one-letter';
  return 'different';
}

function agreeSurnames(one: ComparedName, other: ComparedName): SurnameAgreement {
  const { fullSurname: full, surname: bare } = one;
  const { fullSurname: otherFull, surname: otherBare } = other;
  if (full === undefined || otherFull === undefined) return 'unknown';
  if (haveSameSurname(one, other)) return 'same';
  if (eitherSurname(full, bare, otherFull, otherBare, isSameFoldedForm)) return 'folded';
  if (
    (bare !== undefined && bare.exact === otherBare?.exact) ||
    isMadeOf(one.surnames, other.surnames, isSameForm) ||
    isMadeOf(other.surnames, one.surnames, isSameForm) ||
    eitherSurname(full, bare, otherFull, otherBare, isParticleApart)
  ) {
    return 'part';
  }
  if (eitherSurname(full, bare, otherFull, otherBare, isLetterPair)) return 'one-letter';
  return isMadeOf(one.surnames, other.surnames, isSameFoldedForm) ||
    isMadeOf(other.surnames, one.surnames, isSameFoldedForm)
    ? 'part-folded'
    : 'different';
}

/** The first name of each is the surname of the other. */
function agreeCrosswise(one: ComparedName, other: ComparedName): NameAgreement | undefined {
  if (isCrosswise(one, other, isSameForm)) return SWAPPED;
  return isCrosswise(one, other, isSameFoldedForm) ? SWAPPED_FOLDED : undefined;
}

function isCrosswise(one: ComparedName, other: ComparedName, isPair: IsPair): boolean {
  return isAmongSurnames(one.firsts, other, isPair) && isAmongSurnames(other.firsts, one, isPair);
}

function isAmongSurnames(
  firsts: readonly NameForm[],
  { fullSurname, surname }: ComparedName,
  isPair: IsPair,
): boolean {
  for (const first of firsts) {
    if (fullSurname !== undefined && isPair(first, fullSurname)) return true;
    if (surname !== undefined && surname !== fullSurname && isPair(first, surname)) return true;
  }
  return false;
}

function haveSameFirst(one: ComparedName, other: ComparedName): boolean {
  for (const a of one.firsts) for (const b of other.firsts) if (isSameForm(a, b)) return true;
  return false;
}

/** The middle name may be missing on one side; two that differ are two surnames. */
function haveSameSurname(one: ComparedName, other: ComparedName): boolean {
  return eitherSurname(one.fullSurname, one.surname, other.fullSurname, other.surname, isSameForm);
}

/** Whether a pair of surnames is of that kind: each with its middle name, or one of them without it. */
function eitherSurname(
  full: NameForm | undefined,
  bare: NameForm | undefined,
  otherFull: NameForm | undefined,
  otherBare: NameForm | undefined,
  isPair: IsPair,
): boolean {
  if (full === undefined || otherFull === undefined) return false;
  if (isPair(full, otherFull)) return true;
  if (bare !== undefined && bare !== full && isPair(bare, otherFull)) return true;
  return otherBare !== undefined && otherBare !== otherFull && isPair(full, otherBare);
}

type IsPair = (a: NameForm, b: NameForm) => boolean;

function isLetterPair(a: NameForm, b: NameForm): boolean {
  return isOneLetterApart(a.exact, b.exact);
}

function isShortFormByTable(a: FirstNameForm, b: FirstNameForm): boolean {
  return haveMarkInCommon(a.marks, b.marks);
}

function isShortForm(a: FirstNameForm, b: FirstNameForm): boolean {
  return isShortFormByTable(a, b) || isBeginning(a.exact, b.exact) || isBeginning(b.exact, a.exact);
}

function isBeginning(short: string, long: string): boolean {
  return short.length >= LEAST_BEGINNING && short.length < long.length && long.startsWith(short);
}

/** `von Ek` and `Ek`, also where the particle has grown together with the name. */
function isParticleApart(a: NameForm, b: NameForm): boolean {
  const [long, short] = a.exact.length > b.exact.length ? [a.exact, b.exact] : [b.exact, a.exact];
  return short.length > 1 && long.endsWith(short) && PARTICLES.has(long.slice(0, long.length - short.length));
}

function haveAny<Form>(
  one: readonly Form[],
  other: readonly Form[],
  isPair: (a: Form, b: Form) => boolean,
): boolean {
  for (const a of one) for (const b of other) if (isPair(a, b)) return true;
  return false;
}

/** Whether all names of the one are among those of the other. */
function isMadeOf(one: readonly NameForm[], other: readonly NameForm[], isPair: IsPair): boolean {
  if (one.length === 0 || one.length > other.length) return false;
  for (const a of one) {
    let isThere = false;
    for (const b of other) isThere ||= isPair(a, b);
    if (!isThere) return false;
  }
  return true;
}
