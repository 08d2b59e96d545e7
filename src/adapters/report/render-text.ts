import { Chalk, type ChalkInstance } from 'chalk';
import type { ReportedChange, ReportedReview, UpdateReport } from '../../app/update-report.ts';
import type { RowKey } from '../../domain/roster.ts';
import { rowKeyText } from '../../domain/roster.ts';
import type { Language } from '../../domain/text.ts';
import { maskNumberCell, maskNumbers, printable, printableShort } from './printable.ts';
import { createValueGuard } from './protected-values.ts';
import { formatCost, type ReasonText, type Texts, textsOf } from './texts.ts';

export interface TextOptions {
  readonly language: Language;
  readonly color: boolean;
  /**
   * `--quiet`: only what changed in this run, who could not be asked about because something failed, and
   * these review items, which are new since the last applied run. Nothing at all where there is none of it.
   */
  readonly quiet?: { readonly newReviews: readonly ReportedReview[] };
}

/** A screen holds so many; `--json` and `--report` hold all. */
const PEOPLE_SHOWN = 40;
const IDS_SHOWN = 20;
const PROBLEMS_SHOWN = 20;

/** The report as a school secretary reads it on the screen, each line ended; empty when there is nothing to say. */
export function renderText(report: UpdateReport, options: TextOptions): string {
  const texts = textsOf(options.language);
  // Chalk's own detection does not know NO_COLOR; the caller has decided.
  const paint = new Chalk({ level: options.color ? 1 : 0 });
  const sections = options.quiet
    ? quietSections(report, options.quiet.newReviews, texts, paint)
    : [
        ...(report.dryRun ? [[paint.yellow(texts.dryRun)]] : []),
        changesSection(report, texts.headings.changes, texts, paint),
        reviewSection(report.review, texts.headings.review, texts, paint),
        notAskedSection(report.notAsked, texts, paint),
        problemsSection(report, texts, paint),
        summarySection(report, texts, paint),
      ];
  const text = sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
  return text === '' ? '' : `${text}\n`;
}

function quietSections(
  report: UpdateReport,
  newReviews: readonly ReportedReview[],
  texts: Texts,
  paint: ChalkInstance,
): string[][] {
  const failures = report.notAsked.filter((row) => row.reason === 'failed' || row.reason === 'budget');
  if (report.changes.length === 0 && newReviews.length === 0 && failures.length === 0) return [];
  return [
    report.dryRun ? [paint.yellow(texts.dryRun)] : [],
    changesSection(report, texts.headings.newChanges, texts, paint),
    reviewSection(newReviews, texts.headings.newReview, texts, paint),
    notAskedSection(failures, texts, paint),
    summarySection(report, texts, paint),
  ];
}

function changesSection(
  report: UpdateReport,
  heading: Texts['headings']['changes'],
  texts: Texts,
  paint: ChalkInstance,
): string[] {
  if (report.changes.length === 0) return [];
  const mayShow = createValueGuard(report);
  const people = groupBy(report.changes, rowKeyText);
  const lines = [paint.bold(heading(report.changes.length, people.size))];
  for (const changes of [...people.values()].slice(0, PEOPLE_SHOWN)) {
    const [first] = changes;
    lines.push(`  ${texts.types[first.type]} ${shownId(first)}`);
    for (const change of changes) lines.push(`    ${texts.fields[change.field]}: ${values(change)}`);
  }
  if (people.size > PEOPLE_SHOWN) {
    lines.push(paint.dim(`  ${texts.morePeople(people.size - PEOPLE_SHOWN)}; ${texts.allElsewhere}`));
  }
  return lines;

  function values(change: ReportedChange): string {
    if (!mayShow(change)) return texts.hidden;
    const show = change.field === 'personnummer' ? maskNumberCell : maskedShort;
    return `${show(change.from) || texts.empty} → ${paint.green(show(change.to) || texts.empty)}`;
  }
}

function reviewSection(
  items: readonly ReportedReview[],
  heading: (items: number) => string,
  texts: Texts,
  paint: ChalkInstance,
): string[] {
  if (items.length === 0) return [];
  const lines = [paint.bold(heading(items.length))];
  for (const [reason, group] of groupBy(items, (item) => item.reason)) {
    lines.push(...reasonLines(texts.reviewReasons[reason], group, texts, paint));
  }
  return lines;
}

function notAskedSection(rows: UpdateReport['notAsked'], texts: Texts, paint: ChalkInstance): string[] {
  if (rows.length === 0) return [];
  const lines = [paint.bold(texts.headings.notAsked(rows.length))];
  for (const [reason, group] of groupBy(rows, (row) => row.reason)) {
    lines.push(...reasonLines(texts.notAskedReasons[reason], group, texts, paint));
  }
  return lines;
}

function reasonLines(
  reason: ReasonText,
  rows: readonly RowKey[],
  texts: Texts,
  paint: ChalkInstance,
): string[] {
  const lines = [`  ${paint.yellow(reason.title)} (${rows.length})`, `    ${reason.sentence}`];
  for (const [type, group] of groupBy(rows.slice(0, IDS_SHOWN), (row) => row.type)) {
    lines.push(`    ${texts.types[type]} ${group.map(shownId).join(', ')}`);
  }
  if (rows.length > IDS_SHOWN) {
    lines.push(paint.dim(`    ${texts.moreRows(rows.length - IDS_SHOWN)}; ${texts.allElsewhere}`));
  }
  return lines;
}

function problemsSection(report: UpdateReport, texts: Texts, paint: ChalkInstance): string[] {
  const { problems } = report;
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

function summarySection(report: UpdateReport, texts: Texts, paint: ChalkInstance): string[] {
  const { people, lookups } = report;
  const { summary } = texts;
  const changed = report.dryRun ? summary.wouldChange : summary.changed;
  const cost = formatCost(lookups.cost, printable(lookups.currency), texts);
  const bought =
    lookups.asked > 0 ? summary.asked(lookups.asked, lookups.notFound, cost) : summary.askedNobody;
  return [
    paint.bold(texts.headings.summary),
    `  ${summary.people(people.total, people.selected)}`,
    `  ${people.changed === 0 ? texts.nothingToChange : changed(people.changed)}`,
    `  ${bought}; ${summary.reused(lookups.reused)}`,
    ...(lookups.failed > 0 ? [`  ${paint.red(summary.failed(lookups.failed))}`] : []),
  ];
}

/** Masked before it is cut: half a personnummer is not known for one. People type them into any cell. */
function maskedShort(text: string, length?: number): string {
  return printableShort(maskNumbers(printable(text)), length);
}

/** Schools may use personnummer as row ids; on screen no personnummer is whole. */
function shownId(row: RowKey): string {
  return maskedShort(row.id, 40);
}

function groupBy<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, [T, ...T[]]> {
  const groups = new Map<K, [T, ...T[]]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
