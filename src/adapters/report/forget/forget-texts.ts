import type { Language } from '../../../domain/text.ts';
import { plural as pluralEn } from '../texts.en.ts';
import { count as countSv, plural as pluralSv } from '../texts.sv.ts';
import type { ReasonText } from '../texts.ts';

/** The words of `forget`. Ids and numbers arrive as they are to be shown. */
export interface ForgetTexts {
  readonly erased: (people: number) => string;
  readonly wouldErase: (people: number) => string;
  readonly amount: (answers: number, journalValues: number) => string;
  readonly nothing: string;
  readonly nobodyHasLeft: string;
  /** A number, masked, of somebody who is on no row. */
  readonly noRow: (numbers: readonly string[]) => string;
  readonly keptProtected: ReasonText;
  readonly stillInRoster: ReasonText;
  readonly unknown: (names: readonly string[]) => string;
  readonly logStays: string;
}

const EN: ForgetTexts = {
  erased: (people) => `Erased: what was kept of ${pluralEn(people, 'person', 'people')}`,
  wouldErase: (people) => `Would be erased: what is kept of ${pluralEn(people, 'person', 'people')}`,
  amount: (answers, values) =>
    `${pluralEn(answers, 'answer', 'answers')} from SPAR; ${pluralEn(values, 'value', 'values')} in the journal`,
  nothing: 'Nothing was kept of them that could be erased.',
  nobodyHasLeft: 'Everybody of whom something is kept is in the roster, or a guardian of somebody who is.',
  noRow: (numbers) => `by number ${numbers.join(', ')}`,
  keptProtected: {
    title: 'Protected personal data',
    sentence:
      'They are in the roster, so it stays known that they are protected, and nothing else; otherwise they would be shown like anybody.',
  },
  stillInRoster: {
    title: 'Still in the roster',
    sentence: 'The next run asks SPAR again, and that is paid for, unless the row is marked as not active.',
  },
  unknown: (names) => `Nothing is kept about: ${names.join(', ')}`,
  logStays: 'The log of lookups, the decisions about duplicates and the list of runs stay.',
};

const SV: ForgetTexts = {
  erased: (people) => `Raderat: det som var sparat om ${pluralSv(people, 'person', 'personer')}`,
  wouldErase: (people) => `Skulle raderas: det som är sparat om ${pluralSv(people, 'person', 'personer')}`,
  amount: (answers, values) =>
    `${countSv(answers)} svar från SPAR; ${pluralSv(values, 'värde', 'värden')} i journalen`,
  nothing: 'Det fanns inget sparat om dem som kunde raderas.',
  nobodyHasLeft:
    'Alla som det finns något sparat om finns i registret, eller är vårdnadshavare för någon där.',
  noRow: (numbers) => `med nummer ${numbers.join(', ')}`,
  keptProtected: {
    title: 'Skyddade personuppgifter',
    sentence:
      'De finns i registret, så det förblir känt att de är skyddade, men inget annat; annars skulle de visas som vem som helst.',
  },
  stillInRoster: {
    title: 'Finns kvar i registret',
    sentence: 'Nästa körning frågar SPAR igen, och det kostar, om inte raden markeras som inte aktiv.',
  },
  unknown: (names) => `Det finns inget sparat om: ${names.join(', ')}`,
  logStays: 'Loggen över uppslag, besluten om dubbletter och listan över körningar står kvar.',
};

const TEXTS: Readonly<Record<Language, ForgetTexts>> = { en: EN, sv: SV };

export function forgetTextsOf(language: Language): ForgetTexts {
  return TEXTS[language];
}
