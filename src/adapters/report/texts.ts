import type { NotAskedReason, ReviewReason } from '../../domain/plan.ts';
import type { PersonType, RosterField, RosterProblemReason } from '../../domain/roster.ts';
import type { Language } from '../../domain/text.ts';
import { TEXTS_EN } from './texts.en.ts';
import { TEXTS_SV } from './texts.sv.ts';

/** A reason as a heading, and one sentence of what it means and what to do. */
export interface ReasonText {
  readonly title: string;
  readonly sentence: string;
}

/** Every word of screens and reports. Numbers arrive as they are counted; `cost` as it is to be shown. */
export interface Texts {
  readonly decimalSign: string;
  readonly thousandsSign: string;
  /** A currency as people write it after an amount. */
  readonly currencies: Readonly<Record<string, string>>;
  readonly types: Readonly<Record<PersonType, string>>;
  readonly fields: Readonly<Record<RosterField, string>>;
  readonly reviewReasons: Readonly<Record<ReviewReason, ReasonText>>;
  readonly notAskedReasons: Readonly<Record<NotAskedReason, ReasonText>>;
  readonly problemReasons: Readonly<Record<RosterProblemReason, ReasonText>>;
  readonly headings: {
    readonly changes: (changes: number, people: number) => string;
    readonly newChanges: (changes: number, people: number) => string;
    readonly review: (items: number) => string;
    readonly newReview: (items: number) => string;
    readonly notAsked: (rows: number) => string;
    readonly problems: (rows: number) => string;
    readonly summary: string;
  };
  readonly empty: string;
  readonly hidden: string;
  readonly line: (file: string, line: string) => string;
  readonly since: (date: string) => string;
  readonly morePeople: (count: number) => string;
  readonly moreRows: (count: number) => string;
  /** At the end of a list that was cut; `--json` and `--report` hold all. */
  readonly allElsewhere: string;
  /** The same of a command without `--report`. */
  readonly allInJson: string;
  readonly dryRun: string;
  readonly nothingToChange: string;
  readonly summary: {
    readonly people: (total: number, selected: number) => string;
    readonly changed: (people: number) => string;
    readonly wouldChange: (people: number) => string;
    readonly asked: (lookups: number, notFound: number, cost: string) => string;
    readonly askedNobody: string;
    readonly reused: (answers: number) => string;
    readonly failed: (people: number) => string;
  };
  readonly nextRun: {
    readonly buys: (lookups: number, cost: string) => string;
    readonly buysNothing: string;
    readonly deferred: (people: number) => string;
    readonly guardiansBuy: (lookups: number, cost: string) => string;
    readonly guardiansBuyNothing: string;
    readonly guardiansOpen: (students: number) => string;
    /** Nothing else is known of what it would buy. */
    readonly guardiansUnknown: (students: number) => string;
    /** Of a run that asks nobody: what it would buy otherwise. */
    readonly wouldBuy: (lookups: number, cost: string) => string;
    readonly wouldBuyNothing: string;
  };
  readonly progress: {
    readonly reading: string;
    readonly asking: (total: number) => string;
    readonly asked: (done: number, total: number) => string;
    readonly askedAll: (done: number) => string;
    readonly failed: (count: number) => string;
    readonly perSecond: (rate: string) => string;
    readonly left: (time: string) => string;
    readonly waiting: (time: string) => string;
    readonly writing: string;
    readonly settled: Readonly<Record<'applied' | 'not-applied' | 'partly', (run: number) => string>>;
    readonly remark: (text: string) => string;
  };
  readonly consent: {
    readonly question: (lookups: number, cost: string) => string;
    /** Appended to a question; the capital letter is what Enter alone means. */
    readonly choices: string;
    /** Any of these, in any case, is a yes. */
    readonly yes: readonly string[];
  };
  /** Headings of the CSV reports' one column of prose; the other columns are the keys of the JSON. */
  readonly explanationColumn: string;
  readonly reportWritten: (folder: string) => string;
}

const TEXTS: Readonly<Record<Language, Texts>> = { en: TEXTS_EN, sv: TEXTS_SV };

/** The words of one language. */
export function textsOf(language: Language): Texts {
  return TEXTS[language];
}

/** A count with its thousands apart: `12 345`. */
export function formatCount(count: number, texts: Texts): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, texts.thousandsSign);
}

/** An amount of whole units with two decimals: `4.80 SEK`, `4,80 kr`. */
export function formatCost(cost: number, currency: string, texts: Texts): string {
  const [units = '0', decimals = '00'] = cost.toFixed(2).split('.');
  const amount = `${formatCount(Number(units), texts)}${texts.decimalSign}${decimals}`;
  return `${amount} ${texts.currencies[currency] ?? currency}`;
}
