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

/** No word. */
export const NONE = 0;

/** The bit of each word. */
export const EVIDENCE_BIT = bitsOf(EVIDENCE);
export const CONTRADICTION_BIT = bitsOf(CONTRADICTIONS);

function bitsOf<Word extends string>(words: readonly Word[]): Readonly<Record<Word, number>> {
  return Object.fromEntries(words.map((word, i) => [word, 1 << i])) as Record<Word, number>;
}

/** The same sets come again and again. */
const evidenceSets = new Map<number, readonly Evidence[]>();
const contradictionSets = new Map<number, readonly Contradiction[]>();

/** In the order of the list. */
export function evidenceOf(bits: number): readonly Evidence[] {
  return wordsOf(bits, EVIDENCE, evidenceSets);
}

/** In the order of the list. */
export function contradictionsOf(bits: number): readonly Contradiction[] {
  return wordsOf(bits, CONTRADICTIONS, contradictionSets);
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
