import type { HistoryReport, RunReport } from '../../../app/history/history-report.ts';
import type { JournalledAct, JournalledChange, RunRecord } from '../../../app/journal-port.ts';
import type { ReportedChange } from '../../../app/update/update-report.ts';
import type { RowKey } from '../../../domain/roster.ts';
import type { LinkKey } from '../../../domain/roster-write.ts';
import {
  changesSection,
  groupBy,
  joinSections,
  maskedShort,
  openScreenWithoutReport,
  type Screen,
  type ScreenOptions,
  shownId,
  shownRow,
} from '../report-sections.ts';
import type { Texts } from '../texts.ts';
import { type HistoryTexts, historyTextsOf } from './history-texts.ts';
import { swedishTime } from './local-time.ts';
import { endInWords, writtenInWords } from './run-words.ts';

/** A screen holds so many; `--json` holds all. */
const RUNS_SHOWN = 20;
const ACTS_SHOWN = 20;

/** The runs, the newest first, two lines each. */
export function renderHistory({ runs }: HistoryReport, options: ScreenOptions): string {
  const screen = openScreenWithoutReport(options);
  const { paint } = screen;
  const words = historyTextsOf(options.language);
  if (runs.length === 0) return `${words.noRuns}\n`;
  const shown = runs.slice(0, RUNS_SHOWN);
  const width = Math.max(...shown.map(({ run }) => String(run).length));
  const lines = [paint.bold(words.runs(runs.length))];
  for (const run of shown) {
    lines.push(`  ${String(run.run).padStart(width)}  ${headOf(run, words)}`);
    lines.push(`  ${' '.repeat(width)}  ${writtenInWords(run, words)}; ${endInWords(run, words)}`);
  }
  if (runs.length > shown.length) lines.push(paint.dim(`  ${words.earlierRuns(runs.length - shown.length)}`));
  return joinSections([lines]);
}

export interface RunTextOptions extends ScreenOptions {
  /** Of which rows no value may be shown: the person is protected now. */
  readonly hidden: (key: RowKey) => boolean;
}

/** One run with all that it wrote. */
export function renderRun({ run, written }: RunReport, options: RunTextOptions): string {
  const screen = openScreenWithoutReport(options);
  const { texts, paint } = screen;
  const words = historyTextsOf(options.language);
  const wrote = written.changes.length + written.acts.length + run.decisions > 0;
  const isUndoable = wrote && run.phase === 'applied' && run.undoneBy.length === 0;
  return joinSections([
    [
      paint.bold(words.run(run.run)),
      `  ${headOf(run, words)}`,
      `  ${writtenInWords(run, words)}; ${endInWords(run, words)}`,
    ],
    changesSection(
      written.changes.map(asReported),
      (change) => change.field === 'protected' || !options.hidden(change),
      texts.headings.changes,
      screen,
    ),
    ...[...groupBy(written.acts, ({ kind }) => kind)].map(([kind, acts]) =>
      actLines(kind, acts, words, screen),
    ),
    written.erasedChanges.length === 0 ? [] : [words.erased(written.erasedChanges.length)],
    isUndoable ? [words.toUndo(run.run)] : [],
  ]);
}

export function asReported({ key, field, from, to }: JournalledChange): ReportedChange {
  return { id: key.id, type: key.type, field, from, to };
}

/** `student 17: guardian 4`. */
export function shownLink({ student, guardian }: LinkKey, texts: Texts): string {
  return `${shownRow({ type: 'student', id: student }, texts)}: ${shownRow({ type: 'guardian', id: guardian }, texts)}`;
}

/** When, what, by whom, and what sets it apart. */
function headOf(run: RunRecord, words: HistoryTexts): string {
  const at = swedishTime(run.at);
  return [
    `${maskedShort(at)}  ${maskedShort(run.command)}`,
    words.by(maskedShort(run.endUser)),
    ...(run.dryRun ? [words.dryRun] : []),
    ...(at.startsWith(run.asOf) ? [] : [words.asOf(run.asOf)]),
    ...(run.undoes === undefined ? [] : [words.undoes(run.undoes)]),
  ].join(', ');
}

function actLines(
  kind: JournalledAct['kind'],
  acts: readonly JournalledAct[],
  words: HistoryTexts,
  { texts, paint }: Screen,
): string[] {
  const lines = acts.slice(0, ACTS_SHOWN).map((act) => `  ${inWords(act)}`);
  const more = acts.length - lines.length;
  return [
    paint.bold(words.actHeadings[kind](acts.length)),
    ...lines,
    ...(more > 0 ? [paint.dim(`  ${texts.moreRows(more)}; ${texts.allElsewhere}`)] : []),
  ];

  function inWords(act: JournalledAct): string {
    if (act.kind === 'row-added' || act.kind === 'row-removed') return shownRow(act.key, texts);
    const link = shownLink(act.link, texts);
    return act.kind === 'link-moved' ? `${link} (${words.movedFrom(shownId({ id: act.from }))})` : link;
  }
}
