import type { LeftAsItIs, UndoReport } from '../../../app/history/history-report.ts';
import {
  changesSection,
  groupBy,
  joinSections,
  openScreenWithoutReport,
  reasonLines,
  type Screen,
  shownId,
  shownRow,
} from '../report-sections.ts';
import { historyTextsOf } from './history-texts.ts';
import { type RunTextOptions, shownLink } from './render-history.ts';

/** A screen holds so many; `--json` holds all. */
const SHOWN = 20;

/** What `undo` put back, and what it left alone and why; each line ended. */
export function renderUndo(report: UndoReport, options: RunTextOptions): string {
  const screen = openScreenWithoutReport(options);
  const { texts, paint } = screen;
  const words = historyTextsOf(options.language);
  const { restored, removedRows, restoredRows, links, left, undoes, dryRun = false, decisions = 0 } = report;
  const row = (key: (typeof removedRows)[number]) => shownRow(key, texts);
  const link = (key: (typeof links.added)[number]) => shownLink(key, texts);
  const done = [restored, removedRows, restoredRows, links.removed, links.added, links.moved];
  const didNothing = decisions === 0 && done.every((part) => part.length === 0);
  return joinSections([
    dryRun ? [paint.yellow(texts.dryRun)] : [],
    changesSection(
      restored,
      (change) => change.field === 'protected' || !options.hidden(change),
      words.undo.restored,
      screen,
    ),
    listSection(removedRows.map(row), words.undo.removedRows, screen),
    listSection(restoredRows.map(row), words.undo.restoredRows, screen),
    listSection(links.removed.map(link), words.undo.removedLinks, screen),
    listSection(links.added.map(link), words.undo.addedLinks, screen),
    listSection(
      links.moved.map((moved) => `${link(moved)} (${words.movedFrom(shownId({ id: moved.from }))})`),
      words.undo.movedLinks,
      screen,
    ),
    decisions === 0 ? [] : [words.undo.decisions(decisions)],
    leftSection(left, words.undo.left, screen, words.undo.leftReasons),
    [
      didNothing
        ? words.undo.nothing
        : dryRun
          ? words.undo.wouldBeDone(undoes)
          : (left.length > 0 ? words.undo.doneInPart : words.undo.done)(undoes, report.run),
    ],
  ]);
}

function listSection(
  items: readonly string[],
  heading: (items: number) => string,
  { texts, paint }: Screen,
): string[] {
  if (items.length === 0) return [];
  const more = items.length - SHOWN;
  return [
    paint.bold(heading(items.length)),
    ...items.slice(0, SHOWN).map((item) => `  ${item}`),
    ...(more > 0 ? [paint.dim(`  ${texts.moreRows(more)}; ${texts.allElsewhere}`)] : []),
  ];
}

function leftSection(
  left: readonly LeftAsItIs[],
  heading: (items: number) => string,
  screen: Screen,
  reasons: ReturnType<typeof historyTextsOf>['undo']['leftReasons'],
): string[] {
  if (left.length === 0) return [];
  const { texts, paint } = screen;
  const aboutOf = ({ field, student }: LeftAsItIs): string[] => [
    ...(field === undefined ? [] : [texts.fields[field]]),
    ...(student === undefined ? [] : [`${texts.types.student} ${shownId({ id: student })}`]),
  ];
  /** A row once, with all of it that was left. */
  const byRow = (items: readonly LeftAsItIs[]) =>
    [...groupBy(items, ({ type, id }) => `${type}:${id}`).values()].flatMap(([first, ...others]) =>
      first === undefined ? [] : [{ ...first, about: [first, ...others].flatMap(aboutOf) }],
    );
  const describe = ({ about }: { readonly about: readonly string[] }): string =>
    about.length === 0 ? '' : ` (${about.join(', ')})`;
  return [
    paint.bold(heading(left.length)),
    ...[...groupBy(left, ({ reason }) => reason)].flatMap(([reason, group]) =>
      reasonLines(reasons[reason], byRow(group), screen, describe),
    ),
  ];
}
