import type { DuplicatesReport } from '../../../app/duplicates/duplicate-report.ts';
import { DUPLICATE_GROUPS, type DuplicatePair, SHOWN_FIELDS } from '../../../domain/duplicate-pair.ts';
import { GRADES } from '../../../domain/matching/match-words.ts';
import type { Language } from '../../../domain/text.ts';
import {
  joinSections,
  openScreen,
  problemsSection,
  type Screen,
  type ScreenOptions,
  shownId,
  shownRow,
} from '../report-sections.ts';
import { type DuplicateTexts, duplicateTextsOf } from './duplicate-texts.ts';
import { differs, shownCell } from './shown-cell.ts';

/** The duplicate report on a screen, all of it, each line ended. */
export function renderDuplicates(report: DuplicatesReport, options: ScreenOptions): string {
  const screen = openScreen(options);
  const words = duplicateTextsOf(options.language);
  return joinSections([
    ...(report.pairs.length === 0
      ? [[words.none]]
      : duplicateSections(report.pairs, { language: options.language, heading: words.heading }, screen)),
    problemsSection(report.problems, screen),
  ]);
}

/**
 * The pairs as sections of a report, with how to decide about them.
 *
 * @param options.limit how many pairs are shown; missing: all
 */
export function duplicateSections(
  pairs: readonly DuplicatePair[],
  options: {
    readonly language: Language;
    readonly heading: (pairs: number) => string;
    readonly limit?: number;
    /** Some of the rows are not there yet: nobody can decide about them. */
    readonly isDryRun?: boolean;
  },
  screen: Screen,
): string[][] {
  if (pairs.length === 0) return [];
  const { paint } = screen;
  const words = duplicateTextsOf(options.language);
  const inOrder = DUPLICATE_GROUPS.flatMap((group) => pairs.filter((pair) => pair.group === group));
  const shown = inOrder.slice(0, options.limit);
  const sections = [[paint.bold(options.heading(pairs.length))]];
  for (const group of DUPLICATE_GROUPS) {
    const count = inOrder.filter((pair) => pair.group === group).length;
    const ofGroup = shown.filter((pair) => pair.group === group);
    if (ofGroup.length === 0) continue;
    const { title, sentence } = words.groups[group];
    sections.push([`  ${paint.yellow(title)} (${count})`, `    ${sentence}`]);
    for (const pair of ofGroup) sections.push(pairLines(pair, words, screen));
  }
  const hidden = pairs.length - shown.length;
  if (hidden > 0) sections.push([paint.dim(`  ${words.morePairs(hidden)}`)]);
  const grades = GRADES.filter((grade) => shown.some((pair) => pair.grade === grade));
  sections.push([
    `  ${words.gradesHeading}`,
    ...grades.map((grade) => `    ${words.grades[grade].title}: ${words.grades[grade].sentence}`),
    ...(shown.some(hasDifference) ? [`    ${words.differs}`] : []),
  ]);
  if (!options.isDryRun) sections.push(words.howToDecide.map((line) => `  ${line}`));
  return sections;
}

function pairLines(pair: DuplicatePair, words: DuplicateTexts, { texts, paint }: Screen): string[] {
  const { a, b, shown } = pair;
  const [nameOfA, nameOfB] = [shownRow(a, texts), shownRow(b, texts)];
  const title = `    ${paint.bold(`${nameOfA} – ${nameOfB}`)}: ${words.grades[pair.grade].title}`;
  if (!shown) return [title, `      ${words.protectedPair}`];

  const table = SHOWN_FIELDS.filter(
    (field) => shown.a[field].trim() !== '' || shown.b[field].trim() !== '',
  ).map((field) => ({
    label: texts.fields[field],
    one: shownCell(field, shown.a[field]) || '–',
    other: shownCell(field, shown.b[field]) || '–',
    differs: differs(field, shown.a[field], shown.b[field]),
  }));
  const labelWidth = widest(table.map(({ label }) => label));
  const oneWidth = widest([nameOfA, ...table.map(({ one }) => one)]);
  const lines = [
    title,
    ...(table.length === 0 ? [] : [`        ${pad('', labelWidth)}  ${pad(nameOfA, oneWidth)}  ${nameOfB}`]),
    ...table.map((row) => {
      const line = `${pad(row.label, labelWidth)}  ${pad(row.one, oneWidth)}  ${row.other}`;
      return row.differs ? `      ${paint.yellow(`≠ ${line}`)}` : `        ${line}`;
    }),
  ];
  const isMergeable = a.type === b.type && pair.grade !== 'certainly-not';
  const holders = [shown.a.email.trim() ? nameOfA : '', shown.b.email.trim() ? nameOfB : ''];
  const holderOfEmail = pair.emailHeldBy ? holders.filter((holder) => holder !== '').join(', ') : '';
  const facts: [string, string][] = [
    [words.evidenceLabel, pair.evidence.map((item) => words.evidence[item]).join(', ')],
    [words.contradictionsLabel, pair.contradictions.map((item) => words.contradictions[item]).join(', ')],
    [words.childrenLabel, pair.children.map((id) => shownId({ id })).join(', ')],
    [words.emailLabel, holderOfEmail],
    [words.keepLabel, isMergeable ? shownRow(pair.keep, texts) : ''],
  ];
  for (const [label, fact] of facts) if (fact !== '') lines.push(`      ${label}: ${fact}`);
  if (a.type !== b.type) lines.push(`      ${words.twoRoles}`);
  return lines;
}

function hasDifference({ shown }: DuplicatePair): boolean {
  return shown !== undefined && SHOWN_FIELDS.some((field) => differs(field, shown.a[field], shown.b[field]));
}

function widest(texts: readonly string[]): number {
  return Math.max(0, ...texts.map((text) => [...text].length));
}

function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - [...text].length));
}
