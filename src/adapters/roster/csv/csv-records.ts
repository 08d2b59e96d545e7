import type { FileHandle } from 'node:fs/promises';
import { createForwardReader } from './csv-bytes.ts';
import { type CellSpan, cellText, findCells } from './csv-cells.ts';
import { type CsvEncoding, decodeBytes } from './csv-encoding.ts';
import type { CsvReading } from './csv-table.ts';

/** One record as it stands in its file. */
export interface CsvRecord {
  /** From its first cell to its last, without any line end. */
  readonly bytes: Uint8Array;
  readonly cells: readonly CellSpan[];
  /** Offset of its first byte in the file. */
  readonly start: number;
  /** Offset of the first byte after its last cell. */
  readonly end: number;
  /** What ends its line; empty where the file ends with it. */
  readonly lineEnd: string;
}

/** The line ends between one record and the next, or the end of the file. */
export interface CsvGap {
  readonly start: number;
  readonly text: string;
}

/** The records of a file that has been read, by the place of their row; row -1 is the headers. */
export interface CsvRecords {
  /** How many rows there are below the headers. */
  readonly count: number;
  /** Size of the file in bytes. */
  readonly size: number;
  /** Cheapest in rising order. `undefined` where the file has no such row. */
  at(row: number): Promise<CsvRecord | undefined>;
  gapAfter(row: number): Promise<CsvGap>;
}

/** @param handle the very file that was read: its digest has been compared */
export async function openRecords(
  handle: FileHandle,
  { shape, ends }: Pick<CsvReading, 'shape' | 'ends'>,
): Promise<CsvRecords> {
  const { size } = await handle.stat();
  const read = createForwardReader(handle);
  const count = ends.length - 1;

  async function at(row: number): Promise<CsvRecord | undefined> {
    if (row < -1 || row >= count) return undefined;
    const from = row < 0 ? shape.start : ends.at(row);
    const bytes = await read(from, ends.at(row + 1));
    const cells = findCells(bytes, shape.dialect);
    const first = cells[0]?.start ?? 0;
    const last = cells.at(-1)?.end ?? 0;
    return {
      bytes: bytes.subarray(first, last),
      cells: cells.map((cell) => ({ ...cell, start: cell.start - first, end: cell.end - first })),
      start: from + first,
      end: from + last,
      lineEnd: asciiOf(bytes.subarray(last)),
    };
  }

  return {
    count,
    size,
    at,
    async gapAfter(row) {
      const start = (await at(row))?.end ?? size;
      const end = (await at(row + 1))?.start ?? size;
      return { start, text: asciiOf(await read(start, end)) };
    },
  };
}

/** The text of one cell; `undefined` where the record has no such cell. */
export function textAt(record: CsvRecord, index: number, encoding: CsvEncoding): string | undefined {
  const cell = record.cells[index];
  return cell === undefined ? undefined : decodeBytes(cellText(record.bytes, cell), encoding);
}

function asciiOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}
