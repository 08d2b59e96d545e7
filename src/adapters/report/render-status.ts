import type { NextPurchase } from '../../app/next-purchase.ts';
import type { StatusReport } from '../../app/status.ts';
import type { NotAskedReason } from '../../domain/plan.ts';
import type { Language } from '../../domain/text.ts';
import { printable } from './printable.ts';
import { formatCost, formatCount, type Texts, textsOf } from './texts.ts';

/** Each sentence is given the counts that its words bend by; `shown` writes a count as it is to be read. */
interface Words {
  readonly people: (total: number, selected: number, shown: Shown) => string;
  readonly fresh: string;
  readonly stale: string;
  readonly neverAsked: string;
  readonly answers: string;
  readonly notAsked: string;
  readonly cache: (answers: number, oldest: string, newest: string, shown: Shown) => string;
  readonly emptyCache: string;
  readonly problems: (rows: number, shown: Shown) => string;
}

type Shown = (count: number) => string;

const WORDS: Readonly<Record<Language, Words>> = {
  en: {
    people: (total, selected, shown) =>
      `${shown(total)} ${total === 1 ? 'row' : 'rows'} in the roster, ${shown(selected)} of the types that \`update\` keeps up to date.`,
    answers: 'Answers from SPAR, one a person, who may have several rows:',
    fresh: 'fresh',
    stale: 'too old',
    neverAsked: 'never asked about',
    notAsked: 'Rows that nobody is asked about:',
    cache: (answers, oldest, newest, shown) =>
      `${shown(answers)} ${answers === 1 ? 'answer is' : 'answers are'} kept, from ${oldest} to ${newest}.`,
    emptyCache: 'No answers are kept yet.',
    problems: (rows, shown) =>
      `${shown(rows)} ${rows === 1 ? 'row or link' : 'rows or links'} could not be taken; \`spar-sync check\` names ${rows === 1 ? 'it' : 'them'}.`,
  },
  sv: {
    people: (total, selected, shown) =>
      `${shown(total)} ${total === 1 ? 'rad' : 'rader'} i registret, ${shown(selected)} av de typer som \`update\` håller aktuella.`,
    answers: 'Svar från SPAR, ett per person, som kan ha flera rader:',
    fresh: 'aktuella',
    stale: 'för gamla',
    neverAsked: 'aldrig frågade om',
    notAsked: 'Rader som ingen frågas om:',
    cache: (answers, oldest, newest, shown) =>
      `${shown(answers)} svar är ${answers === 1 ? 'sparat' : 'sparade'}, från ${oldest} till ${newest}.`,
    emptyCache: 'Inga svar är sparade än.',
    problems: (rows, shown) =>
      `${shown(rows)} ${rows === 1 ? 'rad eller koppling' : 'rader eller kopplingar'} gick inte att ta med; \`spar-sync check\` visar ${rows === 1 ? 'vilken' : 'vilka'}.`,
  },
};

/** What is fresh, too old and never asked about, and what the next run would buy. */
export function renderStatus(report: StatusReport, language: Language): string {
  const words = WORDS[language];
  const texts = textsOf(language);
  const count = (number: number) => formatCount(number, texts);
  const { people, answers, cache, problems } = report;
  const lines = [words.people(people.total, people.selected, count), '', words.answers];
  lines.push(
    ...table([
      [count(answers.fresh), words.fresh],
      [count(answers.stale), words.stale],
      [count(answers.neverAsked), words.neverAsked],
    ]),
  );
  const reasons = Object.entries(report.notAsked).map(
    ([reason, rows]) => [count(rows), titleOf(reason, texts)] as const,
  );
  if (reasons.length > 0) lines.push('', words.notAsked, ...table(reasons));
  lines.push('', ...purchaseLines(report, texts));
  const { oldest, newest } = cache;
  lines.push(
    oldest === undefined || newest === undefined
      ? words.emptyCache
      : words.cache(cache.answers, oldest, newest, count),
  );
  if (problems.length > 0) lines.push(words.problems(problems.length, count));
  return `${lines.map(printable).join('\n')}\n`;
}

function purchaseLines({ nextRun, nextGuardians }: StatusReport, texts: Texts): string[] {
  const words = texts.nextRun;
  const priceOf = ({ cost, currency }: NextPurchase) => formatCost(cost, currency, texts);
  const { lookups } = nextRun;
  const deferred = nextRun.deferred + (nextGuardians?.deferred ?? 0);
  const lines = [lookups === 0 ? words.buysNothing : words.buys(lookups, priceOf(nextRun))];
  if (nextGuardians !== undefined) {
    const { lookups: more, openStudents } = nextGuardians;
    if (more === 0) {
      lines.push(openStudents > 0 ? words.guardiansUnknown(openStudents) : words.guardiansBuyNothing);
    } else {
      lines.push(words.guardiansBuy(more, priceOf(nextGuardians)));
      if (openStudents > 0) lines.push(`  ${words.guardiansOpen(openStudents)}`);
    }
  }
  if (deferred > 0) lines.push(words.deferred(deferred));
  return lines;
}

function titleOf(reason: string, texts: Texts): string {
  return texts.notAskedReasons[reason as NotAskedReason].title;
}

function table(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([number]) => number.length));
  return rows.map(([number, what]) => `  ${number.padStart(width)}  ${what}`);
}
