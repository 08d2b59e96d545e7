import type { ReportedReview, UpdateReport } from '../../app/update/update-report.ts';
import { createValueGuard } from './protected-values.ts';
import {
  changesSection,
  joinSections,
  lookupLines,
  notAskedSection,
  openScreen,
  problemsSection,
  reviewSection,
  type Screen,
  type ScreenOptions,
} from './report-sections.ts';

export interface TextOptions extends ScreenOptions {
  /**
   * `--quiet`: only what changed in this run, who could not be asked about because something failed, and
   * these review items, which are new since the last applied run. Nothing at all where there is none of it.
   */
  readonly quiet?: { readonly newReviews: readonly ReportedReview[] };
}

/** The report as a school secretary reads it on the screen, each line ended; empty when there is nothing to say. */
export function renderText(report: UpdateReport, options: TextOptions): string {
  const screen = openScreen(options);
  const { texts, paint } = screen;
  if (options.quiet) return joinSections(quietSections(report, options.quiet.newReviews, screen));
  return joinSections([
    report.dryRun ? [paint.yellow(texts.dryRun)] : [],
    changesSection(report.changes, createValueGuard(report), texts.headings.changes, screen),
    reviewSection(report.review, texts.headings.review, screen),
    notAskedSection(report.notAsked, screen),
    problemsSection(report.problems, screen),
    summarySection(report, screen),
  ]);
}

function quietSections(
  report: UpdateReport,
  newReviews: readonly ReportedReview[],
  screen: Screen,
): string[][] {
  const { texts, paint } = screen;
  const failures = report.notAsked.filter((row) => row.reason === 'failed' || row.reason === 'budget');
  if (report.changes.length === 0 && newReviews.length === 0 && failures.length === 0) return [];
  return [
    report.dryRun ? [paint.yellow(texts.dryRun)] : [],
    changesSection(report.changes, createValueGuard(report), texts.headings.newChanges, screen),
    reviewSection(newReviews, texts.headings.newReview, screen),
    notAskedSection(failures, screen),
    summarySection(report, screen),
  ];
}

function summarySection(report: UpdateReport, screen: Screen): string[] {
  const { texts, paint } = screen;
  const { people } = report;
  const { summary } = texts;
  const changed = report.dryRun ? summary.wouldChange : summary.changed;
  return [
    paint.bold(texts.headings.summary),
    `  ${summary.people(people.total, people.selected)}`,
    `  ${people.changed === 0 ? texts.nothingToChange : changed(people.changed)}`,
    ...lookupLines(report, screen),
  ];
}
