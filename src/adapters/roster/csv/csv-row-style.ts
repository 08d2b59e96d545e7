import { type CellSpan, formatCell } from './csv-cells.ts';
import { QUOTE } from './csv-dialect.ts';
import { canEncode, encodeText } from './csv-encoding.ts';
import type { CsvShape } from './csv-file.ts';
import type { CsvRecord, CsvRecords } from './csv-records.ts';

/** How the rows of a file are written, so that a new one looks like them. */
export interface RowStyle {
  /** What ends most lines. */
  readonly lineEnd: string;
  /** Whether an empty cell, or one that needs no quotes, stands in quotes in this column. */
  isQuoted(index: number, empty: boolean): boolean;
}

/** A cell of a new row. `quoted`: as it was once; missing: as its column is. Bytes are written as they are. */
export interface NewCell {
  readonly value: string | Buffer;
  readonly quoted?: boolean | undefined;
}

/**
 * Goes through every row of a file to see how it is written. Cells that need quotes tell nothing of their
 * column; where no cell tells anything, the header does.
 *
 * @param look sees each row on its way
 */
export async function surveyStyle(
  records: CsvRecords,
  csv: CsvShape,
  look: (record: CsvRecord, row: number) => void = () => undefined,
): Promise<RowStyle> {
  const width = csv.headers.length;
  const delimiter = csv.dialect.delimiter.charCodeAt(0);
  /** Per column: filled cells, empty cells; above 0 when more of them are quoted. */
  const votes = Array.from({ length: width }, () => ({ filled: 0, empty: 0, any: false }));
  const lineEnds = new Map<string, number>();
  const headers = await records.at(-1);
  if (headers !== undefined) lineEnds.set(headers.lineEnd, 1);
  for (let row = 0; row < records.count; row++) {
    const record = await records.at(row);
    if (record === undefined) break;
    lineEnds.set(record.lineEnd, (lineEnds.get(record.lineEnd) ?? 0) + 1);
    if (record.cells.length === width) {
      for (const [index, cell] of record.cells.entries()) {
        const vote = votes[index];
        if (vote === undefined || needsItsQuotes(record.bytes, cell, delimiter)) continue;
        const isEmpty = cell.end - cell.start === (cell.quoted ? 2 : 0);
        vote[isEmpty ? 'empty' : 'filled'] += cell.quoted ? 1 : -1;
        vote.any = true;
      }
    }
    look(record, row);
  }
  lineEnds.delete('');
  const [lineEnd] = [...lineEnds].sort((a, b) => b[1] - a[1])[0] ?? [csv.lineEnd];

  return {
    lineEnd,
    isQuoted(index, empty) {
      const vote = votes[index];
      if (!vote?.any) return headers?.cells[index]?.quoted ?? false;
      return (empty ? vote.empty || vote.filled : vote.filled || vote.empty) > 0;
    },
  };
}

/** The bytes of a new record without its line end; `undefined` where the encoding cannot hold a cell. */
export function formatRecord(cells: readonly NewCell[], csv: CsvShape, style: RowStyle): Buffer | undefined {
  const pieces: Buffer[] = [];
  for (const [index, { value, quoted }] of cells.entries()) {
    if (typeof value === 'string' && !canEncode(value, csv.encoding)) return undefined;
    const text = typeof value === 'string' ? value : value.toString('latin1');
    const bare = quoted === false && canStandBare(text, csv, index === cells.length - 1);
    const wanted = quoted ?? style.isQuoted(index, text === '');
    const shown = bare ? text : formatCell(text, wanted, csv.dialect);
    if (index > 0) pieces.push(Buffer.from(csv.dialect.delimiter, 'latin1'));
    pieces.push(typeof value === 'string' ? encodeText(shown, csv.encoding) : Buffer.from(shown, 'latin1'));
  }
  return Buffer.concat(pieces);
}

/** Whether a cell that stood without quotes still reads the same so, though we should have quoted it. */
function canStandBare(text: string, { dialect }: CsvShape, isLast: boolean): boolean {
  if (text.includes(dialect.delimiter) || /["\n]/.test(text)) return false;
  return !(dialect.lineEnds.includes('\r') ? text.includes('\r') : isLast && text.endsWith('\r'));
}

function needsItsQuotes(bytes: Uint8Array, { start, end, quoted }: CellSpan, delimiter: number): boolean {
  if (!quoted) return false;
  if (isBlank(bytes[start + 1]) || isBlank(bytes[end - 2])) return true;
  for (let at = start + 1; at < end - 1; at++) {
    const byte = bytes[at];
    if (byte === delimiter || byte === QUOTE || byte === 0x0a || byte === 0x0d) return true;
  }
  return false;
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09;
}
