import type { FileHandle } from 'node:fs/promises';
import { isSameWholeRow, type WholeRow } from '../../../domain/whole-row.ts';
import { type CellEdit, editCells } from './csv-cell-edits.ts';
import { findCells } from './csv-cells.ts';
import type { CsvFile } from './csv-file.ts';
import { type ArrivingRecord, layOut } from './csv-layout.ts';
import { type CsvRecord, type CsvRecords, openRecords } from './csv-records.ts';
import { inFileOrder, type Patch, type PlacedPatch } from './csv-splice.ts';
import type { CsvReading } from './csv-table.ts';
import { type CsvColumns, howItStands, wholeRowOf } from './csv-whole-row.ts';

/** A file of people or links as the last complete reading saw it. */
export interface ReadFile {
  readonly file: CsvFile;
  readonly columns: CsvColumns;
  readonly reading: CsvReading;
}

/** What is to become of one file. `row`: the place where the reading saw it. */
export interface FileJob<Key> {
  readonly edits: readonly { readonly key: Key; readonly row: number; readonly cells: readonly CellEdit[] }[];
  readonly removed: readonly { readonly key: Key; readonly row: number; readonly whole?: WholeRow }[];
  readonly adds: boolean;
  /** Whether the record is the one that the key says. */
  isKeyOf(key: Key, record: CsvRecord): boolean;
  /** Asked where `adds`. `gone`: the rows that will be taken away. */
  arrive(records: CsvRecords, gone: ReadonlySet<number>): Promise<Arrivals<Key>>;
}

export interface Arrivals<Key> {
  readonly lineEnd: string;
  /** `undefined`: refused. */
  readonly rows: readonly { readonly key: Key; readonly record: ArrivingRecord | undefined }[];
}

export interface RefusedKey<Key> {
  readonly key: Key;
  readonly reason: 'roster-changed' | 'row-refused';
}

/** What a job comes to, byte by byte. */
export interface FileWork<Key> {
  /** In the order of the file; no two overlap. */
  readonly patches: readonly Patch[];
  readonly refused: readonly RefusedKey<Key>[];
  readonly removed: readonly { readonly key: Key; readonly whole: WholeRow }[];
  readonly added: readonly { readonly key: Key; readonly whole: WholeRow }[];
}

/**
 * Works a job out. Looks only at the rows that it names, unless rows are added: those are to look like all the
 * others. A row is refused as a whole when it is not the one that the plan saw.
 */
export async function workOutFile<Key>(
  handle: FileHandle,
  { file, columns, reading }: ReadFile,
  job: FileJob<Key>,
): Promise<FileWork<Key>> {
  const records = await openRecords(handle, reading);
  const patches: PlacedPatch[] = [];
  const refused: RefusedKey<Key>[] = [];

  async function find({ key, row }: { key: Key; row: number }): Promise<CsvRecord | undefined> {
    const record = row < 0 ? undefined : await records.at(row);
    const isWhole = record?.cells.length === columns.csv.headers.length;
    if (record !== undefined && isWhole && job.isKeyOf(key, record)) return record;
    refused.push({ key, reason: 'roster-changed' });
    return undefined;
  }

  for (const edit of inRowOrder(job.edits)) {
    const record = await find(edit);
    if (record === undefined) continue;
    const outcome = editCells(record, edit.row, columns.csv, edit.cells);
    if (outcome.kind === 'edited') patches.push(...outcome.patches);
    else refused.push({ key: edit.key, reason: outcome.reason });
  }

  const removed: { key: Key; row: number; whole: WholeRow }[] = [];
  for (const { key, row, whole: expected } of inRowOrder(job.removed)) {
    const record = await find({ key, row });
    if (record === undefined) continue;
    const inFile = await howItStands(records, row, columns.csv);
    const whole = wholeRowOf(record, columns, { source: file.name, at: row, inFile });
    if (expected === undefined || isSameWholeRow(expected, whole)) removed.push({ key, row, whole });
    else refused.push({ key, reason: 'roster-changed' });
  }

  const gone = new Set(removed.map(({ row }) => row));
  const { lineEnd, rows } = job.adds ? await job.arrive(records, gone) : { lineEnd: '', rows: [] };
  const arriving: { key: Key; record: ArrivingRecord }[] = [];
  for (const { key, record } of rows) {
    if (record === undefined) refused.push({ key, reason: 'row-refused' });
    else arriving.push({ key, record });
  }

  const layout = await layOut(
    records,
    [...gone],
    arriving.map(({ record }) => record),
    lineEnd,
  );
  return {
    patches: inFileOrder([...patches, ...layout.patches]),
    refused,
    removed: removed.map(({ key, whole }) => ({ key, whole })),
    added: arriving.map(({ key, record: { bytes } }, index) => ({
      key,
      whole: wholeRowOf(
        { bytes, cells: findCells(bytes, columns.csv.dialect), start: 0, end: bytes.length, lineEnd },
        columns,
        { source: file.name, at: layout.places[index] ?? 0 },
      ),
    })),
  };
}

function inRowOrder<Item extends { readonly row: number }>(items: readonly Item[]): readonly Item[] {
  return items.toSorted((a, b) => a.row - b.row);
}
