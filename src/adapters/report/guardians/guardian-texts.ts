import type { Language } from '../../../domain/text.ts';
import { GUARDIAN_TEXTS_EN } from './guardian-texts.en.ts';
import { GUARDIAN_TEXTS_SV } from './guardian-texts.sv.ts';

/** The words of `guardians` besides those of every report. */
export interface GuardianTexts {
  readonly assigned: (rows: number) => string;
  readonly created: (rows: number) => string;
  readonly links: (links: number) => string;
  readonly moreLinks: (students: number) => string;
  readonly noRelationsAtAll: readonly string[];
  readonly summary: {
    readonly students: (selected: number, withGuardians: number) => string;
    /** Where nothing is known about who has guardians. */
    readonly studentsOnly: (selected: number) => string;
    readonly done: (assigned: number, created: number, links: number) => string;
    readonly wouldBeDone: (assigned: number, created: number, links: number) => string;
    readonly present: (links: number) => string;
    readonly pairs: (pairs: number) => string;
  };
}

const TEXTS: Readonly<Record<Language, GuardianTexts>> = { en: GUARDIAN_TEXTS_EN, sv: GUARDIAN_TEXTS_SV };

export function guardianTextsOf(language: Language): GuardianTexts {
  return TEXTS[language];
}
