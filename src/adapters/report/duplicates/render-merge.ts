import type { MergeReport } from '../../../app/duplicates/duplicate-report.ts';
import type { ReportedChange } from '../../../app/update/update-report.ts';
import type { RowKey } from '../../../domain/roster.ts';
import { maskNumbers } from '../printable.ts';
import { changesAsJson, errorAsJson, type JsonOptions } from '../render-json.ts';
import {
  changesSection,
  joinSections,
  maskedShort,
  openScreenWithoutReport,
  reviewSection,
  type ScreenOptions,
  shownRow,
} from '../report-sections.ts';
import { shortRowId } from '../row-id.ts';
import { duplicateTextsOf } from './duplicate-texts.ts';
import { shownCell } from './shown-cell.ts';

/** Of which rows no value may be shown: the person is protected. */
export interface MergeGuard {
  readonly hidden: (key: RowKey) => boolean;
}

/** What `duplicates apply` did, on a screen, each line ended. */
export function renderMerge(report: MergeReport, options: ScreenOptions & MergeGuard): string {
  const screen = openScreenWithoutReport(options);
  const { texts, paint } = screen;
  const words = duplicateTextsOf(options.language).merge;
  const { merged, different, links, leftOut } = report;
  const mergedHeading = report.dryRun ? words.wouldMerge : words.merged;
  const done = report.dryRun ? words.wouldBeDone : words.done;
  const linked = report.dryRun ? words.wouldLink : words.links;
  const decidedDifferent = report.dryRun ? words.wouldBeDifferent : words.different;
  const inTwoRoles = report.dryRun ? words.wouldBeTwoRoles : words.twoRoles;
  const { twoRoles, lost } = report;
  const nothing = merged.length === 0 && different === 0 && twoRoles === 0;
  return joinSections([
    report.dryRun ? [paint.yellow(texts.dryRun)] : [],
    merged.length === 0
      ? []
      : [
          paint.bold(mergedHeading(merged.length)),
          ...merged.map(
            ({ kept, removed }) => `  ${words.into(shownRow(kept, texts), shownRow(removed, texts))}`,
          ),
          ...(merged.some(({ kept, removed }) => options.hidden(kept) || options.hidden(removed))
            ? [paint.red(`  ${words.forGood}`)]
            : []),
        ],
    changesSection(report.changes, showable(options), texts.headings.changes, screen),
    leftOut.length === 0
      ? []
      : [
          paint.bold(words.leftOut(leftOut.length)),
          ...leftOut.map(({ kept, removed, field, keptValue, leftValue }) => {
            const isHidden = options.hidden(kept) || options.hidden(removed);
            const show = (value: string) => (isHidden ? texts.hidden : shownCell(field, value));
            if (keptValue.trim() === '') {
              return `  ${words.emailTaken(shownRow(kept, texts), shownRow(removed, texts), show(leftValue))}`;
            }
            const sentence = words.leftOutValue[field];
            return `  ${sentence(shownRow(kept, texts), show(keptValue), shownRow(removed, texts), show(leftValue))}`;
          }),
        ],
    lost.length === 0
      ? []
      : [
          paint.bold(words.lost(lost.length)),
          ...lost.map(({ removed, column, value }) => {
            const shown = options.hidden(removed) ? texts.hidden : maskedShort(value);
            return `  ${words.lostValue(shownRow(removed, texts), maskedShort(column), shown)}`;
          }),
        ],
    reviewSection(report.review, texts.headings.review, screen),
    [
      paint.bold(texts.headings.summary),
      ...(nothing ? [`  ${words.nothing}`] : []),
      ...(merged.length === 0 ? [] : [`  ${done(merged.length)}`]),
      ...(links.moved + links.removed === 0 ? [] : [`  ${linked(links.moved, links.removed)}`]),
      ...(different === 0 ? [] : [`  ${decidedDifferent(different)}`]),
      ...(twoRoles === 0 ? [] : [`  ${inTwoRoles(twoRoles)}`]),
    ],
  ]);
}

/** The same as one JSON object with a final newline. */
export function renderMergeJson(report: MergeReport, options: JsonOptions & MergeGuard): string {
  const { command, run, dryRun, merged, different, links } = report;
  const ordered = {
    command,
    run,
    dryRun,
    merged: merged.map(({ kept, removed }) => ({ kept: shortRowId(kept), removed: shortRowId(removed) })),
    different,
    twoRoles: report.twoRoles,
    links: { moved: links.moved, removed: links.removed },
    changes: changesAsJson(report.changes, showable(options), options),
    review: report.review.map(({ id, type, reason, since }) => ({ id, type, reason, since })),
    leftOut: report.leftOut.map(({ kept, removed, field, keptValue, leftValue }) => {
      const isHidden = options.hidden(kept) || options.hidden(removed);
      return {
        kept: shortRowId(kept),
        removed: shortRowId(removed),
        field,
        keptValue: isHidden ? '' : keptValue,
        leftValue: isHidden ? '' : leftValue,
      };
    }),
    lost: report.lost.map(({ removed, column, value }) => ({
      removed: shortRowId(removed),
      column,
      value: options.hidden(removed) ? '' : options.numbers === 'masked' ? maskNumbers(value) : value,
    })),
    ...errorAsJson(options),
  };
  return `${JSON.stringify(ordered, null, 2)}\n`;
}

function showable({ hidden }: MergeGuard): (change: ReportedChange) => boolean {
  return (change) => change.field === 'protected' || !hidden(change);
}
