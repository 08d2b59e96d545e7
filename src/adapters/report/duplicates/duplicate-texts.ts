import type { DuplicateGroup } from '../../../domain/duplicate-pair.ts';
import type { Contradiction, Evidence, Grade } from '../../../domain/matching/match-words.ts';
import type { Language } from '../../../domain/text.ts';
import type { ReasonText } from '../texts.ts';
import { DUPLICATE_TEXTS_EN } from './duplicate-texts.en.ts';
import { DUPLICATE_TEXTS_SV } from './duplicate-texts.sv.ts';

/** Every word about two rows that may be one person. Ids and counts arrive as they are to be shown. */
export interface DuplicateTexts {
  /** A grade as a word, and what it means. */
  readonly grades: Readonly<Record<Grade, ReasonText>>;
  /** A heap of the report, and what to do with what stands in it. */
  readonly groups: Readonly<Record<DuplicateGroup, ReasonText>>;
  readonly evidence: Readonly<Record<Evidence, string>>;
  readonly contradictions: Readonly<Record<Contradiction, string>>;
  readonly heading: (pairs: number) => string;
  readonly newHeading: (pairs: number) => string;
  readonly none: string;
  /** What stands above the explanation of the grades. */
  readonly gradesHeading: string;
  readonly evidenceLabel: string;
  readonly contradictionsLabel: string;
  readonly childrenLabel: string;
  readonly emailLabel: string;
  readonly keepLabel: string;
  /** Instead of the row to keep, where one person is a guardian and something else besides. */
  readonly twoRoles: string;
  readonly protectedPair: string;
  /** Before a line of which the two rows hold different things; explained below the report. */
  readonly differs: string;
  readonly morePairs: (pairs: number) => string;
  /** How a person decides; one line each. */
  readonly howToDecide: readonly string[];
  readonly merge: {
    readonly merged: (pairs: number) => string;
    readonly wouldMerge: (pairs: number) => string;
    readonly done: (pairs: number) => string;
    readonly wouldBeDone: (pairs: number) => string;
    readonly into: (kept: string, removed: string) => string;
    readonly links: (moved: number, removed: number) => string;
    readonly wouldLink: (moved: number, removed: number) => string;
    readonly different: (pairs: number) => string;
    readonly wouldBeDifferent: (pairs: number) => string;
    readonly twoRoles: (pairs: number) => string;
    readonly wouldBeTwoRoles: (pairs: number) => string;
    readonly lost: (values: number) => string;
    readonly lostValue: (removed: string, column: string, value: string) => string;
    readonly leftOut: (values: number) => string;
    /** What the kept row held, and what of the removed row was not taken. */
    readonly leftOutValue: Readonly<
      Record<
        'email' | 'phone',
        (kept: string, keptValue: string, removed: string, leftValue: string) => string
      >
    >;
    /** Another row holds the e-mail, so the kept row has none. */
    readonly emailTaken: (kept: string, removed: string, leftValue: string) => string;
    /** A merge with a protected row cannot be taken back: nothing of it is kept. */
    readonly forGood: string;
    readonly nothing: string;
  };
}

const TEXTS: Readonly<Record<Language, DuplicateTexts>> = { en: DUPLICATE_TEXTS_EN, sv: DUPLICATE_TEXTS_SV };

export function duplicateTextsOf(language: Language): DuplicateTexts {
  return TEXTS[language];
}
