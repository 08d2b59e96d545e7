import { stringify } from 'csv-stringify/sync';
import type { CsvDelimiter } from '../roster/csv/csv-dialect.ts';
import { type CsvEncoding, canEncode, encodeText, UTF8_BOM } from '../roster/csv/csv-encoding.ts';

/** How a CSV file is written. */
export interface CsvOutput {
  readonly delimiter: CsvDelimiter;
  readonly encoding: CsvEncoding;
  readonly lineEnd: '\r\n' | '\n' | '\r';
  /** Of UTF-8; there is none in the other encodings. */
  readonly bom: boolean;
}

/** `excel`: what Excel opens with a double click where Swedish is spoken. */
export type CsvForm = CsvOutput | 'excel';

const EXCEL: CsvOutput = { delimiter: ';', encoding: 'utf-8', lineEnd: '\r\n', bom: true };

const ROWS_AT_ONCE = 1000;

export function formOf(form: CsvForm): CsvOutput {
  return form === 'excel' ? EXCEL : form;
}

/**
 * The rows as the bytes of a file. Where the encoding lacks one of the characters the whole file is UTF-8 with
 * BOM instead: nothing becomes `?`.
 */
export function encodeCsvTable(rows: Iterable<readonly string[]>, form: CsvForm): Buffer {
  const output = formOf(form);
  const texts = [...inChunks(rows)].map((chunk) => renderCsvRows(chunk, output));
  const fits = output.encoding === 'utf-8' || texts.every((text) => canEncode(text, output.encoding));
  const encoding = fits ? output.encoding : 'utf-8';
  const bom = encoding === 'utf-8' && (output.bom || !fits) ? [UTF8_BOM] : [];
  return Buffer.concat([...bom, ...texts.map((text) => encodeText(text, encoding))]);
}

/** The rows as text, each with its line end. */
export function renderCsvRows(
  rows: readonly (readonly string[])[],
  { delimiter, lineEnd }: Pick<CsvOutput, 'delimiter' | 'lineEnd'>,
): string {
  return stringify([...rows], {
    delimiter,
    record_delimiter: lineEnd,
    // A lone CR or LF inside a cell goes unquoted where the line end is another, and breaks the row.
    quoted_match: /[\r\n]/,
  });
}

function* inChunks(rows: Iterable<readonly string[]>): Generator<(readonly string[])[]> {
  let chunk: (readonly string[])[] = [];
  for (const row of rows) {
    if (chunk.push(row) < ROWS_AT_ONCE) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}
