import { type CsvDialect, QUOTE } from './csv-dialect.ts';

const CR = 0x0d;
const LF = 0x0a;

/** Where a cell stands in the bytes of its record; quotes included. */
export interface CellSpan {
  readonly start: number;
  readonly end: number;
  readonly quoted: boolean;
}

/**
 * The cells of one record that csv-parse has accepted. `bytes` may begin with blank lines, which csv-parse
 * skips, and may end with the record's line end.
 */
export function findCells(bytes: Uint8Array, dialect: CsvDialect): CellSpan[] {
  const delimiter = dialect.delimiter.charCodeAt(0);
  const loneCr = dialect.lineEnds.includes('\r');
  const cells: CellSpan[] = [];
  let position = skipBlankLines(bytes, loneCr);
  for (;;) {
    const start = position;
    const quoted = bytes[start] === QUOTE;
    if (quoted) position = afterClosingQuote(bytes, start);
    while (position < bytes.length && bytes[position] !== delimiter && !endsRecord(bytes, position, loneCr)) {
      position++;
    }
    cells.push({ start, end: position, quoted });
    if (bytes[position] !== delimiter) return cells;
    position++;
  }
}

/** The bytes of a cell's text: without its quotes, doubled quotes made single. */
export function cellText(bytes: Uint8Array, cell: CellSpan): Uint8Array {
  if (!cell.quoted) return bytes.subarray(cell.start, cell.end);
  const inner = bytes.subarray(cell.start + 1, cell.end - 1);
  if (!inner.includes(QUOTE)) return inner;
  return inner.filter((byte, index) => byte !== QUOTE || !isSecondOfPair(inner, index));
}

/** A cell as it is to stand in the file: a quoted cell stays quoted, another is quoted when it has to be. */
export function formatCell(text: string, quoted: boolean, dialect: CsvDialect): string {
  return quoted || needsQuotes(text, dialect) ? `"${text.replaceAll('"', '""')}"` : text;
}

function needsQuotes(text: string, dialect: CsvDialect): boolean {
  return text.includes(dialect.delimiter) || /["\r\n]|^\s|\s$/.test(text);
}

function skipBlankLines(bytes: Uint8Array, loneCr: boolean): number {
  let position = 0;
  while (position < bytes.length && endsRecord(bytes, position, loneCr)) position++;
  return position;
}

/** Whether a line end begins here; the LF of a CRLF counts as one too, which is all the same here. */
function endsRecord(bytes: Uint8Array, position: number, loneCr: boolean): boolean {
  const byte = bytes[position];
  return byte === LF || (byte === CR && (loneCr || bytes[position + 1] === LF));
}

function afterClosingQuote(bytes: Uint8Array, opening: number): number {
  for (let position = opening + 1; ; position++) {
    const quote = bytes.indexOf(QUOTE, position);
    if (quote < 0) return bytes.length;
    if (bytes[quote + 1] !== QUOTE) return quote + 1;
    position = quote + 1;
  }
}

/** Quotes inside a cell stand in pairs, so a quote is a second one when an odd number runs up to it. */
function isSecondOfPair(inner: Uint8Array, index: number): boolean {
  let before = index;
  while (before > 0 && inner[before - 1] === QUOTE) before--;
  return (index - before) % 2 === 1;
}
