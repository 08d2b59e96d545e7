import type { AuditedLookup } from '../../../app/audit/audit-report.ts';
import type { Answer } from '../../../domain/person.ts';
import type { Language } from '../../../domain/text.ts';
import { AUDIT_TEXTS_EN } from './audit-texts.en.ts';
import { AUDIT_TEXTS_SV } from './audit-texts.sv.ts';

/** The words of `audit`. Rows, dates and names arrive as they are to be shown. */
export interface AuditTexts {
  readonly heading: (lookups: number) => string;
  /** @param people how many were asked for; missing where everybody was */
  readonly none: (people: number | undefined, since: string | undefined) => string;
  readonly earlier: (lookups: number) => string;
  /** Somebody who was asked about for the sake of these students' rows. */
  readonly guardianOf: (rows: string) => string;
  readonly moreRows: (rows: number) => string;
  readonly noRow: string;
  readonly protected: string;
  readonly keptBack: string;
  readonly run: (run: number) => string;
  readonly withRelations: string;
  readonly reference: (uuid: string) => string;
  readonly outcomes: Readonly<Record<AuditedLookup['outcome'], string>>;
  /** Instead of `outcomes.answered` where it is known what the answer was. */
  readonly answers: Readonly<Record<Answer['kind'], string>>;
  readonly rosterNotRead: string;
  readonly rosterReadInPart: (lookups: number) => string;
  readonly shared: (rows: string) => string;
}

const TEXTS: Readonly<Record<Language, AuditTexts>> = { en: AUDIT_TEXTS_EN, sv: AUDIT_TEXTS_SV };

export function auditTextsOf(language: Language): AuditTexts {
  return TEXTS[language];
}

/** What came of a lookup, in words. */
export function outcomeInWords({ outcome, answer }: AuditedLookup, words: AuditTexts): string {
  return answer === undefined ? words.outcomes[outcome] : words.answers[answer];
}
