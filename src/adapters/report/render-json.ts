import type { LookupCounts } from '../../app/lookup-counts.ts';
import type { ReportedChange, UpdateReport } from '../../app/update/update-report.ts';
import { maskNumberCell } from './printable.ts';
import { createValueGuard } from './protected-values.ts';

export interface JsonOptions {
  /** A screen and a log get numbers masked; whole ones belong in a file that only its owner can read. */
  readonly numbers: 'masked' | 'whole';
  /** Why asking stopped before the end: a last key of its own. */
  readonly error?: { readonly code: string; readonly message: string; readonly hint: string };
}

/** The report as one JSON object with a final newline. */
export function renderJson(report: UpdateReport, options: JsonOptions): string {
  return `${JSON.stringify(updateAsJson(report, options), null, 2)}\n`;
}

/** The report with the keys of CONTRACT section 5, in their order. */
export function updateAsJson(report: UpdateReport, options: JsonOptions): object {
  const { command, run, dryRun, people } = report;
  return {
    command,
    run,
    dryRun,
    people: { total: people.total, selected: people.selected, changed: people.changed },
    lookups: lookupsAsJson(report.lookups),
    changes: changesAsJson(report.changes, createValueGuard(report), options),
    review: report.review.map(({ id, type, reason, since }) => ({ id, type, reason, since })),
    notAsked: report.notAsked.map(({ id, type, reason }) => ({ id, type, reason })),
    problems: report.problems.map(({ file, line, reason }) => ({ file, line, reason })),
    ...(report.brake && { brake: report.brake }),
    ...(report.nextRun && { nextRun: report.nextRun }),
    ...errorAsJson(options),
  };
}

export function lookupsAsJson({
  asked,
  reused,
  notFound,
  failed,
  cost,
  currency,
}: LookupCounts): LookupCounts {
  return { asked, reused, notFound, failed, cost, currency };
}

/** @param mayShow whether a change's values may be shown; they are empty otherwise */
export function changesAsJson(
  changes: readonly ReportedChange[],
  mayShow: (change: ReportedChange) => boolean,
  options: JsonOptions,
): ReportedChange[] {
  return changes.map((change) => {
    const { id, type, field } = change;
    const show = (value: string): string => {
      if (!mayShow(change)) return '';
      return field === 'personnummer' && options.numbers === 'masked' ? maskNumberCell(value) : value;
    };
    return { id, type, field, from: show(change.from), to: show(change.to) };
  });
}

export function errorAsJson({ error }: JsonOptions): Pick<JsonOptions, 'error'> {
  return error ? { error: { code: error.code, message: error.message, hint: error.hint } } : {};
}
