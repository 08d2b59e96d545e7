import type { UpdateReport } from '../../app/update/update-report.ts';
import type { Language } from '../../domain/text.ts';
import { renderCsvRows } from './csv-output.ts';
import { neutraliseFormula } from './formula-cells.ts';
import { createValueGuard } from './protected-values.ts';
import { type ReasonText, textsOf } from './texts.ts';

/** The reports of one run, by file name. */
export type CsvReports = Readonly<
  Record<'changes.csv' | 'review.csv' | 'not-asked.csv' | 'problems.csv', string>
>;

/**
 * The report as CSV files that open in Excel: UTF-8 with BOM, commas, CRLF, formula cells neutralised. Column
 * names are the keys of the JSON; only the last column of `review`, `not-asked` and `problems` is prose in
 * the language asked for. Numbers stand there whole: write these to files of mode 0600 only.
 */
export function renderCsv(
  report: Pick<UpdateReport, 'changes' | 'review' | 'notAsked' | 'problems'>,
  language: Language,
): CsvReports {
  const texts = textsOf(language);
  const mayShow = createValueGuard(report);
  return {
    'changes.csv': renderTable(
      ['id', 'type', 'field', 'from', 'to'],
      report.changes.map((change) => {
        const values = mayShow(change) ? [change.from, change.to] : ['', ''];
        return [change.id, change.type, change.field, ...values];
      }),
    ),
    'review.csv': renderTable(
      ['id', 'type', 'reason', 'since', texts.explanationColumn],
      report.review.map((item) => [
        item.id,
        item.type,
        item.reason,
        item.since,
        explain(texts.reviewReasons[item.reason]),
      ]),
    ),
    'not-asked.csv': renderTable(
      ['id', 'type', 'reason', texts.explanationColumn],
      report.notAsked.map((row) => [
        row.id,
        row.type,
        row.reason,
        explain(texts.notAskedReasons[row.reason]),
      ]),
    ),
    'problems.csv': renderTable(
      ['file', 'line', 'reason', texts.explanationColumn],
      report.problems.map((row) => [
        row.file,
        String(row.line),
        row.reason,
        explain(texts.problemReasons[row.reason]),
      ]),
    ),
  };
}

/** A reason as prose. */
export function explain(reason: ReasonText): string {
  return `${reason.title.charAt(0).toUpperCase()}${reason.title.slice(1)}. ${reason.sentence}`;
}

/** A table of a report: UTF-8 with BOM, commas, CRLF, formula cells neutralised. */
export function renderTable(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const neutral = rows.map((row) => row.map(neutraliseFormula));
  return `\uFEFF${renderCsvRows([headings, ...neutral], { delimiter: ',', lineEnd: '\r\n' })}`;
}
