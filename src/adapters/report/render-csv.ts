import { stringify } from 'csv-stringify/sync';
import type { UpdateReport } from '../../app/update-report.ts';
import type { Language } from '../../domain/text.ts';
import { createValueGuard } from './protected-values.ts';
import { type Texts, textsOf } from './texts.ts';

/** The reports of one run, by file name. */
export type CsvReports = Readonly<
  Record<'changes.csv' | 'review.csv' | 'not-asked.csv' | 'problems.csv', string>
>;

/**
 * The report as CSV files that open in Excel: UTF-8 with BOM, commas, CRLF, formula cells neutralised. Column
 * names are the keys of the JSON; only the last column of `review`, `not-asked` and `problems` is prose in
 * the language asked for. Numbers stand there whole: write these to files of mode 0600 only.
 */
export function renderCsv(report: UpdateReport, language: Language): CsvReports {
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

function explain(reason: Texts['reviewReasons'][keyof Texts['reviewReasons']]): string {
  return `${reason.title.charAt(0).toUpperCase()}${reason.title.slice(1)}. ${reason.sentence}`;
}

function renderTable(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  return stringify([headings, ...rows.map((row) => row.map(neutraliseFormula))], {
    bom: true,
    record_delimiter: '\r\n',
    // With CRLF as line end a lone CR or LF inside a cell goes unquoted otherwise, and breaks the row.
    cast: { string: (value) => ({ value, quoted: /[\r\n]/.test(value) }) },
  });
}

const FORMULA_START = /^[=+\-@\t\r\n]/;
const PHONE_NUMBER = /^\+\d[\d ()-]*$/;

/**
 * The cell with an apostrophe before it where a spreadsheet would take it for a formula. A phone number that
 * begins with its country code is none, and would no longer be one with an apostrophe.
 */
export function neutraliseFormula(cell: string): string {
  return FORMULA_START.test(cell) && !PHONE_NUMBER.test(cell) ? `'${cell}` : cell;
}
