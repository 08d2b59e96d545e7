import type { StatusReport } from '../../app/status.ts';
import type { NotAskedReason } from '../../domain/plan.ts';
import type { Language } from '../../domain/text.ts';
import { printable } from './printable.ts';
import { formatCost, formatCount, type Texts, textsOf } from './texts.ts';

interface Words {
  readonly people: (total: string, selected: string) => string;
  readonly fresh: string;
  readonly stale: string;
  readonly neverAsked: string;
  readonly answers: string;
  readonly notAsked: string;
  readonly next: (lookups: string, cost: string) => string;
  readonly nothing: string;
  readonly deferred: (people: string) => string;
  readonly cache: (answers: string, oldest: string, newest: string) => string;
  readonly emptyCache: string;
  readonly problems: (rows: string) => string;
}

const WORDS: Readonly<Record<Language, Words>> = {
  en: {
    people: (total, selected) => `${total} rows in the roster, ${selected} of them are looked after.`,
    answers: 'Answers from SPAR, one a person:',
    fresh: 'fresh',
    stale: 'too old',
    neverAsked: 'never asked about',
    notAsked: 'Rows that nobody is asked about:',
    next: (lookups, cost) => `The next run would buy ${lookups} lookups for ${cost}.`,
    nothing: 'The next run would buy nothing.',
    deferred: (people) => `${people} people have to wait: the limits in the configuration reach no further.`,
    cache: (answers, oldest, newest) => `${answers} answers are kept, from ${oldest} to ${newest}.`,
    emptyCache: 'No answers are kept yet.',
    problems: (rows) => `${rows} rows or links could not be taken; \`spar-sync check\` names them.`,
  },
  sv: {
    people: (total, selected) => `${total} rader i registret, varav ${selected} hålls aktuella.`,
    answers: 'Svar från SPAR, ett per person:',
    fresh: 'aktuella',
    stale: 'för gamla',
    neverAsked: 'aldrig frågade om',
    notAsked: 'Rader som ingen frågas om:',
    next: (lookups, cost) => `Nästa körning skulle köpa ${lookups} uppslag för ${cost}.`,
    nothing: 'Nästa körning skulle inte köpa något.',
    deferred: (people) => `${people} personer får vänta: gränserna i konfigurationen räcker inte längre.`,
    cache: (answers, oldest, newest) => `${answers} svar är sparade, från ${oldest} till ${newest}.`,
    emptyCache: 'Inga svar är sparade än.',
    problems: (rows) =>
      `${rows} rader eller kopplingar gick inte att ta med; \`spar-sync check\` visar vilka.`,
  },
};

/** What is fresh, too old and never asked about, and what the next run would buy. */
export function renderStatus(report: StatusReport, language: Language): string {
  const words = WORDS[language];
  const texts = textsOf(language);
  const count = (number: number) => formatCount(number, texts);
  const { people, answers, nextRun, cache, problems } = report;
  const lines = [words.people(count(people.total), count(people.selected)), '', words.answers];
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
  const { lookups, deferred, cost, currency } = nextRun;
  lines.push(
    '',
    lookups === 0 ? words.nothing : words.next(count(lookups), formatCost(cost, currency, texts)),
  );
  if (deferred > 0) lines.push(words.deferred(count(deferred)));
  const { oldest, newest } = cache;
  lines.push(
    oldest === undefined || newest === undefined
      ? words.emptyCache
      : words.cache(count(cache.answers), oldest, newest),
  );
  if (problems.length > 0) lines.push(words.problems(count(problems.length)));
  return `${lines.map(printable).join('\n')}\n`;
}

function titleOf(reason: string, texts: Texts): string {
  return texts.notAskedReasons[reason as NotAskedReason].title;
}

function table(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([number]) => number.length));
  return rows.map(([number, what]) => `  ${number.padStart(width)}  ${what}`);
}
