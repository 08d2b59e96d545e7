import type { CostReport } from '../../../app/cost/cost-report.ts';
import { fromOre } from '../../../domain/cost.ts';
import { type MonthSpending, mostOf, type Spending, type SpendingRun } from '../../../domain/spending.ts';
import { type HistoryTexts, historyTextsOf } from '../history/history-texts.ts';
import { swedishTime } from '../history/local-time.ts';
import {
  joinSections,
  maskedShort,
  openScreenWithoutReport,
  type Screen,
  type ScreenOptions,
} from '../report-sections.ts';
import { formatCost, formatCount } from '../texts.ts';
import { type CostTexts, costTextsOf } from './cost-texts.ts';

/** A screen holds so many of a month; `--json` holds all. */
const RUNS_SHOWN = 20;

/** What was bought month by month, the latest last; months in a row without a lookup in one line. */
export function renderCost(report: CostReport, options: ScreenOptions): string {
  const screen = openScreenWithoutReport(options);
  const words = costTextsOf(options.language);
  const amount = (ore: number): string =>
    formatCost(fromOre(ore), maskedShort(report.currency), screen.texts);
  const { months, monthlyFee, limit, thisMonth, atTodaysPrice } = report;
  const isShown = months.some(({ month }) => month === thisMonth);
  return joinSections([
    report.isEmpty ? [words.nothingBought] : [],
    report.unknownMonth !== undefined && !report.isEmpty ? [words.unknownMonth(report.unknownMonth)] : [],
    ...inStretches(months).map((stretch) =>
      stretch.length === 1 && isBusy(stretch[0])
        ? monthLines(stretch[0], {
            monthlyFee,
            words,
            runWords: historyTextsOf(options.language),
            amount,
            screen,
          })
        : [idleLine(stretch)],
    ),
    [
      ...(months.length > 1 ? [allMonths()] : []),
      ...(atTodaysPrice.count > 0
        ? [words.atTodaysPrice(atTodaysPrice.count, amount(atTodaysPrice.price))]
        : []),
      ...(limit !== undefined && isShown
        ? [words.limit(thisMonth, amount(limit.allowed), amount(limit.used), percentOf(limit))]
        : []),
    ],
  ]);

  function idleLine(stretch: readonly [MonthSpending, ...MonthSpending[]]): string {
    const to = stretch.length === 1 ? undefined : stretch.at(-1)?.month;
    const fees = stretch.length * monthlyFee;
    return words.idle(stretch.length, stretch[0].month, to, amount(monthlyFee), amount(fees));
  }

  function allMonths(): string {
    const bought = months.reduce((sum, { lookups }) => sum + lookups.count, 0);
    const spent = months.reduce((sum, { lookups }) => sum + lookups.ore, 0);
    const fees = months.length * monthlyFee;
    return words.allMonths(months.length, bought, amount(spent), amount(fees), amount(fees + spent));
  }
}

interface Cells {
  readonly label: string;
  readonly count?: string;
  readonly cost?: string;
  readonly maybe?: string;
  /** A heading within the table. */
  readonly isHeading?: boolean;
}

function monthLines(
  month: MonthSpending,
  {
    monthlyFee,
    words,
    runWords,
    amount,
    screen: { texts, paint },
  }: {
    readonly monthlyFee: number;
    readonly words: CostTexts;
    readonly runWords: HistoryTexts;
    readonly amount: (ore: number) => string;
    readonly screen: Screen;
  },
): string[] {
  const { maybeBilled, notBilled } = month;
  const shown = month.byRun.slice(-RUNS_SHOWN);
  const earlier = month.byRun.length - shown.length;
  const number = Math.max(...shown.map(({ run }) => String(run.run).length));
  const table: Cells[] = [
    { label: words.monthlyFee, cost: amount(monthlyFee) },
    row(words.bought, month),
    { label: words.total, cost: amount(monthlyFee + month.lookups.ore) },
    { label: words.byCommand, isHeading: true },
    ...month.byCommand.map((one) => row(`  ${maskedShort(one.command)}`, one)),
    { label: words.byType, isHeading: true },
    ...month.byType.map((one) => row(`  ${one.type ? texts.types[one.type] : words.unknownType}`, one)),
    { label: words.byRun, isHeading: true },
    ...shown.map((one) => row(`  ${runInWords(one.run)}`, one)),
  ];
  return [
    ...aligned(table, { label: month.month, count: words.lookups, cost: words.cost, maybe: words.maybe }),
    ...(earlier > 0 ? [paint.dim(`    ${runWords.earlierRuns(earlier)}`)] : []),
    ...(maybeBilled.count > 0
      ? [
          `  ${words.maybeBilled(maybeBilled.count, amount(maybeBilled.ore), amount(monthlyFee + mostOf(month)))}`,
        ]
      : []),
    ...(notBilled > 0 ? [`  ${words.notBilled(notBilled)}`] : []),
  ];

  function row(label: string, spending: Spending): Cells {
    const { lookups, maybeBilled: maybe } = spending;
    return {
      label,
      count: formatCount(lookups.count, texts),
      cost: amount(lookups.ore),
      ...(maybe.count > 0 && { maybe: `${formatCount(maybe.count, texts)} (${amount(maybe.ore)})` }),
    };
  }

  function runInWords({ run, at, command, dryRun, asOf }: SpendingRun): string {
    const time = swedishTime(at);
    const what = [
      maskedShort(command),
      ...(dryRun ? [runWords.dryRun] : []),
      ...(time.startsWith(asOf) ? [] : [runWords.asOf(asOf)]),
    ].join(', ');
    return `${String(run).padStart(number)}  ${maskedShort(time)}  ${what}`;
  }

  /** The last column is there where anything stands in it. */
  function aligned(rows: readonly Cells[], head: Cells): string[] {
    const hasMaybe = rows.some(({ maybe }) => maybe !== undefined);
    const all = [{ ...head, ...(!hasMaybe && { maybe: '' }) }, ...rows];
    const widthOf = (column: 'label' | 'count' | 'cost' | 'maybe'): number =>
      Math.max(...all.map((cells) => (cells[column] ?? '').length));
    const widths = [widthOf('label') + 2, widthOf('count'), widthOf('cost'), widthOf('maybe')] as const;
    return all.map(({ label, count = '', cost = '', maybe = '', isHeading }, at) => {
      const text = `${at === 0 ? label : `  ${label}`}`.padEnd(widths[0]);
      const numbers = [count.padStart(widths[1]), cost.padStart(widths[2]), maybe.padStart(widths[3])];
      const line = [text, ...numbers].join('  ').trimEnd();
      return at === 0 || isHeading ? paint.bold(line) : line;
    });
  }
}

/** Each month by itself, save for months in a row in which nobody was asked about. */
function inStretches(months: readonly MonthSpending[]): [MonthSpending, ...MonthSpending[]][] {
  const stretches: [MonthSpending, ...MonthSpending[]][] = [];
  for (const month of months) {
    const last = stretches.at(-1);
    if (last === undefined || isBusy(month) || isBusy(last[0])) stretches.push([month]);
    else last.push(month);
  }
  return stretches;
}

function isBusy(month: MonthSpending): boolean {
  return month.byRun.length > 0;
}

/** Rounded down: 100 only where nothing is left. */
function percentOf({ allowed, used }: { readonly allowed: number; readonly used: number }): string {
  return String(allowed === 0 ? 100 : Math.floor((used * 100) / allowed));
}
