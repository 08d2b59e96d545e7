import type { Language } from '../../../domain/text.ts';
import { COST_TEXTS_EN } from './cost-texts.en.ts';
import { COST_TEXTS_SV } from './cost-texts.sv.ts';

/** The words of `cost`. Amounts arrive as they are to be shown. */
export interface CostTexts {
  readonly nothingBought: string;
  readonly unknownMonth: (month: string) => string;
  /** Above the columns of numbers. */
  readonly lookups: string;
  readonly cost: string;
  readonly maybe: string;
  readonly monthlyFee: string;
  readonly bought: string;
  readonly total: string;
  readonly byCommand: string;
  readonly byType: string;
  readonly byRun: string;
  readonly unknownType: string;
  readonly maybeBilled: (attempts: number, cost: string, most: string) => string;
  readonly notBilled: (attempts: number) => string;
  /** Months in a row without a lookup: `to` is missing where it is one. */
  readonly idle: (months: number, from: string, to: string | undefined, fee: string, fees: string) => string;
  readonly allMonths: (months: number, lookups: number, cost: string, fees: string, total: string) => string;
  readonly atTodaysPrice: (attempts: number, price: string) => string;
  readonly limit: (month: string, allowed: string, used: string, percent: string) => string;
}

const TEXTS: Readonly<Record<Language, CostTexts>> = { en: COST_TEXTS_EN, sv: COST_TEXTS_SV };

export function costTextsOf(language: Language): CostTexts {
  return TEXTS[language];
}
