import type { GuardianReport, ReportedGuardianReview } from '../../../app/guardians/guardian-report.ts';
import type { DuplicatePair } from '../../../domain/duplicate-pair.ts';
import { GRADES } from '../../../domain/matching/match-words.ts';
import { duplicateTextsOf } from '../duplicates/duplicate-texts.ts';
import { duplicateSections } from '../duplicates/render-duplicates.ts';
import { createValueGuard } from '../protected-values.ts';
import {
  changesSection,
  groupBy,
  joinSections,
  lookupLines,
  notAskedSection,
  openScreen,
  problemsSection,
  reviewSection,
  type Screen,
  type ScreenOptions,
  shownId,
} from '../report-sections.ts';
import { type GuardianTexts, guardianTextsOf } from './guardian-texts.ts';

export interface GuardianTextOptions extends ScreenOptions {
  /**
   * `--quiet`: what this run did, who could not be asked about because something failed, and these, which are
   * new since the last applied run. Nothing at all where there is none of it, but that SPAR names no guardian
   * of anybody is always said: it is a mistake in the set-up, and nobody would learn of it otherwise.
   */
  readonly quiet?: {
    readonly newReviews: readonly ReportedGuardianReview[];
    readonly newPairs: readonly DuplicatePair[];
  };
}

/** A screen holds so many; `--json` and `--report` hold all. */
const IDS_SHOWN = 20;
const PAIRS_SHOWN = 20;

/** What `guardians` did, as a school secretary reads it; each line ended, empty when there is nothing to say. */
export function renderGuardians(report: GuardianReport, options: GuardianTextOptions): string {
  const screen = openScreen(options);
  const { texts, paint } = screen;
  const { headings } = texts;
  const words = guardianTextsOf(options.language);
  const duplicateWords = duplicateTextsOf(options.language);
  const { language, quiet } = options;
  const failures = report.notAsked.filter(({ reason }) => reason === 'failed' || reason === 'budget');
  if (quiet && isSilent(report, quiet, failures.length)) return '';
  return joinSections([
    report.dryRun ? [paint.yellow(texts.dryRun)] : [],
    report.noRelationsAtAll ? words.noRelationsAtAll.map((line) => paint.red(line)) : [],
    assignedSection(report, words, screen, options),
    idSection(report.guardians.created, words.created, screen),
    linksSection(report, words, screen),
    changesSection(
      report.changes,
      createValueGuard(report),
      quiet ? headings.newChanges : headings.changes,
      screen,
    ),
    reviewSection(
      quiet ? quiet.newReviews : report.review,
      quiet ? headings.newReview : headings.review,
      screen,
      (item) => besides(item, screen),
    ),
    notAskedSection(quiet ? failures : report.notAsked, screen),
    quiet ? [] : problemsSection(report.problems, screen),
    ...duplicateSections(
      quiet ? quiet.newPairs : report.duplicates,
      {
        language,
        heading: quiet ? duplicateWords.newHeading : duplicateWords.heading,
        limit: PAIRS_SHOWN,
        isDryRun: report.dryRun,
      },
      screen,
    ),
    summarySection(report, words, screen),
  ]);
}

function isSilent(
  report: GuardianReport,
  { newReviews, newPairs }: NonNullable<GuardianTextOptions['quiet']>,
  failures: number,
): boolean {
  const { guardians, links, changes, noRelationsAtAll } = report;
  const done = guardians.assigned.length + guardians.created.length + links.added.length + changes.length;
  return !noRelationsAtAll && done + newReviews.length + newPairs.length + failures === 0;
}

function assignedSection(
  { guardians: { assigned } }: GuardianReport,
  words: GuardianTexts,
  { texts, paint }: Screen,
  { language }: ScreenOptions,
): string[] {
  if (assigned.length === 0) return [];
  const { grades } = duplicateTextsOf(language);
  const lines = [paint.bold(words.assigned(assigned.length))];
  for (const grade of GRADES) {
    const ofGrade = assigned.filter((row) => row.grade === grade);
    if (ofGrade.length === 0) continue;
    lines.push(`  ${paint.yellow(grades[grade].title)} (${ofGrade.length})`, `    ${grades[grade].sentence}`);
    lines.push(...idLines(ofGrade, '    ', { texts, paint }));
  }
  return lines;
}

function idSection(
  rows: readonly { readonly id: string }[],
  heading: (rows: number) => string,
  screen: Screen,
): string[] {
  if (rows.length === 0) return [];
  return [screen.paint.bold(heading(rows.length)), ...idLines(rows, '  ', screen)];
}

function idLines(
  rows: readonly { readonly id: string }[],
  indent: string,
  { texts, paint }: Screen,
): string[] {
  const ids = rows.slice(0, IDS_SHOWN).map(shownId).join(', ');
  const more = rows.length - IDS_SHOWN;
  return [
    `${indent}${texts.types.guardian} ${ids}`,
    ...(more > 0 ? [paint.dim(`${indent}${texts.moreRows(more)}; ${texts.allElsewhere}`)] : []),
  ];
}

function linksSection(
  { links: { added } }: GuardianReport,
  words: GuardianTexts,
  { texts, paint }: Screen,
): string[] {
  if (added.length === 0) return [];
  const students = [...groupBy(added, ({ student }) => student)];
  const lines = students.slice(0, IDS_SHOWN).map(([student, ofStudent]) => {
    const guardians = ofStudent.map(({ guardian }) => shownId({ id: guardian })).join(', ');
    return `  ${texts.types.student} ${shownId({ id: student })}: ${texts.types.guardian} ${guardians}`;
  });
  const more = students.length - lines.length;
  return [
    paint.bold(words.links(added.length)),
    ...lines,
    ...(more > 0 ? [paint.dim(`  ${words.moreLinks(more)}; ${texts.allElsewhere}`)] : []),
  ];
}

/** The other rows that a review is about: ` (guardian 4, 9; student 17)`. */
function besides({ rows = [], children = [] }: ReportedGuardianReview, { texts }: Screen): string {
  const list = (ids: readonly string[]) => ids.map((id) => shownId({ id })).join(', ');
  const parts = [
    ...(rows.length > 0 ? [`${texts.types.guardian} ${list(rows)}`] : []),
    ...(children.length > 0 ? [`${texts.types.student} ${list(children)}`] : []),
  ];
  return parts.length === 0 ? '' : ` (${parts.join('; ')})`;
}

function summarySection(report: GuardianReport, words: GuardianTexts, screen: Screen): string[] {
  const { texts, paint } = screen;
  const { students, guardians, links, duplicates } = report;
  const { summary } = words;
  const counts = [guardians.assigned.length, guardians.created.length, links.added.length] as const;
  const done = report.dryRun ? summary.wouldBeDone : summary.done;
  const didNothing = counts.every((count) => count === 0) && report.changes.length === 0;
  return [
    paint.bold(texts.headings.summary),
    `  ${
      report.noRelationsAtAll
        ? summary.studentsOnly(students.selected)
        : summary.students(students.selected, students.withGuardians)
    }`,
    ...(didNothing ? [`  ${texts.nothingToChange}`] : []),
    ...(counts.some((count) => count > 0) ? [`  ${done(...counts)}`] : []),
    ...(links.present > 0 ? [`  ${summary.present(links.present)}`] : []),
    ...(duplicates.length > 0 ? [`  ${summary.pairs(duplicates.length)}`] : []),
    ...lookupLines(report, screen),
  ];
}
