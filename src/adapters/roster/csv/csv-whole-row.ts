import { isUtf8 } from 'node:buffer';
import type { RowInFile, WholeCell, WholeRow, WholeValue } from '../../../domain/whole-row.ts';
import { cellText } from './csv-cells.ts';
import { type CsvEncoding, decodeBytes, encodeText } from './csv-encoding.ts';
import type { CsvShape } from './csv-file.ts';
import type { CsvRecord, CsvRecords } from './csv-records.ts';

/** A table of people or of links: its columns, and which of them are ours. */
export interface CsvColumns {
  readonly csv: CsvShape;
  readonly indexes: ReadonlyMap<string, number>;
}

/** A record with all its columns. `at`: the place of its row. */
export function wholeRowOf(
  record: CsvRecord,
  { csv, indexes }: CsvColumns,
  place: { readonly source: string; readonly at: number; readonly inFile?: RowInFile },
): WholeRow {
  const fields = new Map([...indexes].map(([field, index]) => [index, field]));
  const cells = columnNamesOf(csv.headers).map((column, index): WholeCell => {
    const field = fields.get(index);
    const cell = record.cells[index] ?? { start: 0, end: 0, quoted: false };
    const value = wholeValueOf(cellText(record.bytes, cell), csv.encoding);
    return { column, ...(field === undefined ? {} : { field }), value, quoted: cell.quoted };
  });
  return { ...place, cells };
}

/** How a row stands in its file now. */
export async function howItStands(
  records: CsvRecords,
  row: number,
  { encoding }: CsvShape,
): Promise<RowInFile> {
  const before = (await records.gapAfter(row - 1)).text;
  return { encoding, before, after: (await records.at(row))?.lineEnd ?? '' };
}

/**
 * The columns of a file that is to get these rows back. Where only ASCII is left, the file goes on in the
 * encoding that the rows were taken from: in another, they would be other bytes.
 */
export function asBefore<Columns extends CsvColumns>(
  columns: Columns,
  restored: readonly WholeRow[],
): Columns {
  const wasOther = restored.some((whole) => whole.inFile?.encoding === 'windows-1252');
  if (!columns.csv.encodingOpen || !wasOther) return columns;
  return { ...columns, csv: { ...columns.csv, encoding: 'windows-1252' } };
}

/** The whole row's cell for each column of the file, by the column's name, or else by ours. */
export function cellsFor({ csv, indexes }: CsvColumns, whole: WholeRow): readonly (WholeCell | undefined)[] {
  const fields = new Map([...indexes].map(([field, index]) => [index, field]));
  const byColumn = new Map(whole.cells.map((cell) => [cell.column, cell]));
  const byField = new Map(whole.cells.map((cell) => [cell.field, cell]));
  return columnNamesOf(csv.headers).map((column, index) => {
    const field = fields.get(index);
    return byColumn.get(column) ?? (field === undefined ? undefined : byField.get(field));
  });
}

/** What a value is as text or bytes in a file; `undefined` for bytes that are no text in the file's encoding. */
export function fileValueOf(value: WholeValue, encoding: CsvEncoding): string | Buffer | undefined {
  if (value === null) return '';
  if (typeof value === 'string') return value;
  if (value.kind === 'integer') return value.text;
  if (value.kind === 'real') return String(value.value);
  const bytes = Buffer.from(value.base64, 'base64');
  return encoding === 'utf-8' && !isUtf8(bytes) ? undefined : bytes;
}

/** Windows-1252 has bytes that are no character: as text they could not be written again. */
function wholeValueOf(bytes: Uint8Array, encoding: CsvEncoding): WholeValue {
  const text = decodeBytes(bytes, encoding);
  return encodeText(text, encoding).equals(bytes)
    ? text
    : { kind: 'bytes', base64: Buffer.from(bytes).toString('base64') };
}

/** Headers, told apart: two columns of one name, or without one, are two columns all the same. */
function columnNamesOf(headers: readonly string[]): readonly string[] {
  const seen = new Map<string, number>();
  return headers.map((header) => {
    const times = (seen.get(header) ?? 0) + 1;
    seen.set(header, times);
    return times === 1 ? header : `${header} (${times})`;
  });
}
