import { Chalk, type ChalkInstance } from 'chalk';
import type { LookupCounts } from '../../app/lookup-counts.ts';
import type { NextPurchase } from '../../app/next-purchase.ts';
import type { ReportedChange, ReportedNotAsked, ReportedReview } from '../../app/update/update-report.ts';
import { toPersonId } from '../../domain/person-id.ts';
import type { RosterField, RosterProblem, RowKey } from '../../domain/roster.ts';
import { rowKeyText } from '../../domain/roster.ts';
import type { Language } from '../../domain/text.ts';
import { maskNumberCell, maskNumbers, printable, printableShort } from './printable.ts';
import { formatCost, type ReasonText, type Texts, textsOf } from './texts.ts';

/** How a part of a report is put into words on a screen. */
export interface Screen {
  readonly texts: Texts;
  readonly paint: ChalkInstance;
}

/** How a report is shown. */
export interface ScreenOptions {
  readonly language: Language;
  readonly color: boolean;
}

export function openScreen({ language, color }: ScreenOptions): Screen {
  // Chalk's own detection does not know NO_COLOR; the caller has decided.
  return { texts: textsOf(language), paint: new Chalk({ level: color ? 1 : 0 }) };
}

/** The same for a command that has no `--report`. */
export function openScreenWithoutReport(options: ScreenOptions): Screen {
  const { texts, paint } = openScreen(options);
  return { texts: { ...texts, allElsewhere: texts.allInJson }, paint };
}

/** A screen holds so many; `--json` and `--report` hold all. */
const PEOPLE_SHOWN = 40;
const IDS_SHOWN = 20;
const PROBLEMS_SHOWN = 20;

/** The parts that have something to say, with a blank line between them; empty when none has. */
export function joinSections(sections: readonly (readonly string[])[]): string {
  const text = sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
  return text === '' ? '' : `${text}\n`;
}

export function changesSection(
  changes: readonly ReportedChange[],
  mayShow: (change: ReportedChange) => boolean,
  heading: (changes: number, people: number) => string,
  { texts, paint }: Screen,
): string[] {
  if (changes.length === 0) return [];
  const people = groupBy(changes, rowKeyText);
  const lines = [paint.bold(heading(changes.length, people.size))];
  for (const ofOne of [...people.values()].slice(0, PEOPLE_SHOWN)) {
    const [first] = ofOne;
    lines.push(`  ${shownRow(first, texts)}`);
    for (const change of ofOne) lines.push(`    ${texts.fields[change.field]}: ${values(change)}`);
  }
  if (people.size > PEOPLE_SHOWN) {
    lines.push(paint.dim(`  ${texts.morePeople(people.size - PEOPLE_SHOWN)}; ${texts.allElsewhere}`));
  }
  return lines;

  function values(change: ReportedChange): string {
    if (!mayShow(change)) return texts.hidden;
    const show = maskerOf(change.field);
    return `${show(change.from) || texts.empty} → ${paint.green(show(change.to) || texts.empty)}`;
  }
}

/** @param describe what follows a row's id; nothing where it is missing */
export function reviewSection<Item extends ReportedReview>(
  items: readonly Item[],
  heading: (items: number) => string,
  screen: Screen,
  describe?: (item: Item) => string,
): string[] {
  if (items.length === 0) return [];
  const lines = [screen.paint.bold(heading(items.length))];
  for (const [reason, group] of groupBy(items, (item) => item.reason)) {
    lines.push(...reasonLines(screen.texts.reviewReasons[reason], group, screen, describe));
  }
  return lines;
}

export function notAskedSection(rows: readonly ReportedNotAsked[], screen: Screen): string[] {
  if (rows.length === 0) return [];
  const lines = [screen.paint.bold(screen.texts.headings.notAsked(rows.length))];
  for (const [reason, group] of groupBy(rows, (row) => row.reason)) {
    lines.push(...reasonLines(screen.texts.notAskedReasons[reason], group, screen));
  }
  return lines;
}

/** A reason in words and the rows to which it applies, some of them. */
export function reasonLines<Row extends RowKey>(
  reason: ReasonText,
  rows: readonly Row[],
  { texts, paint }: Screen,
  describe: (row: Row) => string = () => '',
): string[] {
  const lines = [`  ${paint.yellow(reason.title)} (${rows.length})`, `    ${reason.sentence}`];
  for (const [type, group] of groupBy(rows.slice(0, IDS_SHOWN), (row) => row.type)) {
    const shown = group.map((row) => `${shownId(row)}${describe(row)}`);
    lines.push(`    ${texts.types[type]} ${shown.join(', ')}`);
  }
  if (rows.length > IDS_SHOWN) {
    lines.push(paint.dim(`    ${texts.moreRows(rows.length - IDS_SHOWN)}; ${texts.allElsewhere}`));
  }
  return lines;
}

export function problemsSection(problems: readonly RosterProblem[], { texts, paint }: Screen): string[] {
  if (problems.length === 0) return [];
  const lines = [paint.bold(texts.headings.problems(problems.length))];
  for (const [reason, group] of groupBy(problems, (problem) => problem.reason)) {
    const { title, sentence } = texts.problemReasons[reason];
    lines.push(`  ${paint.yellow(title)} (${group.length})`, `    ${sentence}`);
    for (const [file, rows] of groupBy(group.slice(0, PROBLEMS_SHOWN), (problem) => problem.file)) {
      lines.push(`    ${texts.line(printable(file), rows.map((problem) => problem.line).join(', '))}`);
    }
    if (group.length > PROBLEMS_SHOWN) {
      lines.push(paint.dim(`    ${texts.moreRows(group.length - PROBLEMS_SHOWN)}; ${texts.allElsewhere}`));
    }
  }
  return lines;
}

/** What was bought from SPAR, what was there already, who could not be asked about, and what asking would cost. */
export function lookupLines(
  { lookups, nextRun }: { readonly lookups: LookupCounts; readonly nextRun?: NextPurchase },
  { texts, paint }: Screen,
): string[] {
  const { summary } = texts;
  const priceOf = ({ cost, currency }: { readonly cost: number; readonly currency: string }) =>
    formatCost(cost, printable(currency), texts);
  const bought =
    lookups.asked > 0
      ? summary.asked(lookups.asked, lookups.notFound, priceOf(lookups))
      : summary.askedNobody;
  return [
    `  ${bought}; ${summary.reused(lookups.reused)}`,
    ...(lookups.failed > 0 ? [`  ${paint.red(summary.failed(lookups.failed))}`] : []),
    ...(nextRun === undefined ? [] : [`  ${wouldBuy(nextRun)}`]),
  ];

  function wouldBuy(next: NextPurchase): string {
    const words = texts.nextRun;
    if (next.lookups === 0 && next.deferred === 0) return words.wouldBuyNothing;
    const buys = words.wouldBuy(next.lookups, priceOf(next));
    return next.deferred === 0 ? buys : `${buys}; ${words.deferred(next.deferred)}`;
  }
}

function maskerOf(field: RosterField): (text: string) => string {
  if (field === 'personnummer') return maskNumberCell;
  return field === 'phone' ? maskedPhone : maskedShort;
}

/** Masked before it is cut: half a personnummer is not known for one. People type them into any cell. */
export function maskedShort(text: string, length?: number): string {
  return printableShort(maskNumbers(printable(text)), length);
}

/** As `maskedShort`, for a cell where numbers are expected. */
export function maskedPhone(text: string, length?: number): string {
  return isMobileNumber(text) ? text : maskedShort(text, length);
}

/** `0701234567` looks like somebody born in 2007; what has the check digit of a personnummer is masked as one. */
function isMobileNumber(text: string): boolean {
  return /^07\d{8}$/.test(text) && toPersonId(`20${text}`) === undefined;
}

/** Schools may use personnummer as row ids; on screen no personnummer is whole. */
export function shownId(row: { readonly id: string }): string {
  return maskedShort(row.id, 40);
}

/** `guardian 17`. */
export function shownRow(row: RowKey, texts: Texts): string {
  return `${texts.types[row.type]} ${shownId(row)}`;
}

export function groupBy<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, [T, ...T[]]> {
  const groups = new Map<K, [T, ...T[]]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
