import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { createGrowingArray, type GrowingArray } from '../../../domain/rows/growing-array.ts';
import type { SparSyncError } from '../../../errors.ts';
import { readChunks } from './csv-bytes.ts';
import { type CsvFile, type CsvShape, openCsvFile, surveyCsv } from './csv-file.ts';
import { CsvSyntaxError, createCsvLexer } from './csv-lexer.ts';
import { explainQuotes } from './csv-syntax.ts';
import { asUnreadable, unreadable } from './csv-trouble.ts';

/** What one complete reading of a file leaves behind: eight bytes a row, and no row. */
export interface CsvReading {
  readonly shape: CsvShape;
  /** SHA-256 (hex) of the bytes that were read. */
  readonly digest: string;
  /** Offset at which record n ends, line end included; record 0 is the header. */
  readonly ends: GrowingArray;
}

/** One row below the headers. `row`: its ordinal from 0, ragged rows counted, blank lines not. */
export type TakeRow = (cells: readonly string[], row: number, line: number, ragged: boolean) => void;

const BATCH_ROWS = 500;

/**
 * Reads a file once: surveys it, then lexes it and hands its rows to the `TakeRow` that `begin` makes of its
 * shape. What that adds is yielded in batches.
 *
 * @throws SparSyncError `roster-unreadable`
 */
export async function* readTable<Item>(
  file: CsvFile,
  begin: (shape: CsvShape, add: (item: Item) => void) => TakeRow,
): AsyncGenerator<readonly Item[], CsvReading, undefined> {
  try {
    const handle = await openCsvFile(file);
    try {
      const before = await handle.stat();
      const shape = await surveyCsv(handle, file);
      const ends = createGrowingArray((capacity) => new Float64Array(capacity));
      const digest = createHash('sha256');
      let batch: Item[] = [];
      let full: Item[][] = [];
      const takeRow = begin(shape, (item) => {
        if (batch.push(item) < BATCH_ROWS) return;
        full.push(batch);
        batch = [];
      });
      const lexer = createCsvLexer(shape.dialect, shape.encoding, shape.start, (cells, line, end, ragged) => {
        const row = ends.length - 1;
        ends.push(end);
        if (row >= 0) takeRow(cells, row, line, ragged);
      });
      let skip = shape.start;
      for await (const chunk of readChunks(handle)) {
        digest.update(chunk);
        await quotesExplained(lexer.write(chunk.subarray(skip)), handle, file, shape);
        skip = 0;
        yield* full;
        full = [];
      }
      await quotesExplained(lexer.end(), handle, file, shape);
      yield* full;
      if (batch.length > 0) yield batch;
      const after = await handle.stat();
      if (after.size !== before.size || after.mtimeMs !== before.mtimeMs) throw writtenMeanwhile(file);
      return { shape, digest: digest.digest('hex'), ends };
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw asUnreadable(file.name, error);
  }
}

async function quotesExplained(
  lexing: Promise<void>,
  handle: FileHandle,
  file: CsvFile,
  shape: CsvShape,
): Promise<void> {
  try {
    await lexing;
  } catch (error) {
    if (!(error instanceof CsvSyntaxError)) throw error;
    throw await explainQuotes(handle, file.name, error.after, shape.dialect);
  }
}

export function writtenMeanwhile(file: CsvFile): SparSyncError {
  return unreadable(
    file.name,
    undefined,
    { en: 'somebody wrote to the file while it was being read', sv: 'någon skrev i filen medan den lästes' },
    { en: 'Run again when the export is finished.', sv: 'Kör igen när exporten är klar.' },
  );
}

/** SHA-256 (hex) of a file as it is now. */
export async function digestOf(path: string): Promise<string> {
  const handle = await openCsvFile({ path, name: path });
  try {
    return await digestOfOpen(handle);
  } finally {
    await handle.close();
  }
}

/** The same of a file that is open already. */
export async function digestOfOpen(handle: FileHandle): Promise<string> {
  const digest = createHash('sha256');
  for await (const chunk of readChunks(handle)) digest.update(chunk);
  return digest.digest('hex');
}
