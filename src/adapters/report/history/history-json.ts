import type { HistoryReport, RunReport, UndoReport } from '../../../app/history/history-report.ts';
import type { JournalledAct, RunRecord } from '../../../app/journal-port.ts';
import type { RowKey } from '../../../domain/roster.ts';
import type { LinkKey } from '../../../domain/roster-write.ts';
import { maskNumbers } from '../printable.ts';
import { changesAsJson, errorAsJson, type JsonOptions } from '../render-json.ts';
import { asReported } from './render-history.ts';

export interface RunJsonOptions extends JsonOptions {
  /** Of which rows no value may be shown: the person is protected now. */
  readonly hidden: (key: RowKey) => boolean;
}

/** The runs as one JSON object with a final newline. */
export function renderHistoryJson({ command, runs }: HistoryReport): string {
  return asText({ command, runs: runs.map(runAsJson) });
}

/** One run with all that it wrote, as one JSON object with a final newline. */
export function renderRunJson({ command, run, written }: RunReport, options: RunJsonOptions): string {
  return asText({
    command,
    run: runAsJson(run),
    changes: changesAsJson(
      written.changes.map(asReported),
      (change) => change.field === 'protected' || !options.hidden(change),
      options,
    ),
    acts: written.acts.map(actAsJson),
    erased: written.erasedChanges.map(({ key, field }) => ({ id: key.id, type: key.type, field })),
  });
}

/** What `undo` did, as one JSON object with a final newline. */
export function renderUndoJson(report: UndoReport, options: RunJsonOptions): string {
  const { command, run, undoes, links } = report;
  return asText({
    command,
    run,
    undoes,
    dryRun: report.dryRun ?? false,
    restored: changesAsJson(
      report.restored,
      (change) => change.field === 'protected' || !options.hidden(change),
      options,
    ),
    removedRows: report.removedRows.map(rowAsJson),
    restoredRows: report.restoredRows.map(rowAsJson),
    links: {
      removed: links.removed.map(linkAsJson),
      added: links.added.map(linkAsJson),
      moved: links.moved.map((link) => ({ ...linkAsJson(link), from: link.from })),
    },
    decisions: report.decisions ?? 0,
    left: report.left.map(({ id, type, field, student, reason }) => ({
      id,
      type,
      ...(field !== undefined && { field }),
      ...(student !== undefined && { student }),
      reason,
    })),
    ...errorAsJson(options),
  });
}

function runAsJson(record: RunRecord) {
  const { run, at, command, asOf, endUser, dryRun, phase, exit, undoes, changes, changedRows, acts } = record;
  return {
    run,
    at,
    command,
    by: maskNumbers(endUser),
    asOf,
    dryRun,
    phase,
    ...(exit !== undefined && { exit }),
    changes,
    changedRows,
    rowsAdded: acts['row-added'],
    rowsRemoved: acts['row-removed'],
    linksAdded: acts['link-added'],
    linksRemoved: acts['link-removed'],
    linksMoved: acts['link-moved'],
    decisions: record.decisions,
    ...(undoes !== undefined && { undoes }),
    undoneBy: record.undoneBy,
  };
}

/** Without the whole row that the journal keeps: it holds a person's name and address. */
function actAsJson(act: JournalledAct) {
  if (act.kind === 'row-added' || act.kind === 'row-removed') return { act: act.kind, ...rowAsJson(act.key) };
  const from = act.kind === 'link-moved' ? { from: act.from } : {};
  return { act: act.kind, ...linkAsJson(act.link), ...from };
}

function rowAsJson({ id, type }: RowKey): { id: string; type: RowKey['type'] } {
  return { id, type };
}

function linkAsJson({ student, guardian }: LinkKey): LinkKey {
  return { student, guardian };
}

function asText(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
