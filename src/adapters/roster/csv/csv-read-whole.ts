import { type RowKey, rowKeyText } from '../../../domain/roster.ts';
import type { WholeRow } from '../../../domain/whole-row.ts';
import { type CsvShape, openCsvFile } from './csv-file.ts';
import { type CsvPeopleFile, type PeopleShape, peopleTaker } from './csv-people.ts';
import { openRecords } from './csv-records.ts';
import { type CsvReading, digestOfOpen, readTable, writtenMeanwhile } from './csv-table.ts';
import { whileReading } from './csv-trouble.ts';
import { howItStands, wholeRowOf } from './csv-whole-row.ts';

/** A file of people that is to be looked through, and what makes our columns of its own. */
export interface LookedThrough {
  readonly file: CsvPeopleFile;
  shapeOf(csv: CsvShape): PeopleShape;
}

/** Where a row of one of the wanted keys stands. */
interface Finding {
  readonly key: string;
  readonly row: number;
}

/**
 * The rows of these keys with all their columns; without those that no file holds, or that are held twice.
 *
 * @throws SparSyncError `roster-unreadable`
 */
export async function readWholeRows(
  files: readonly LookedThrough[],
  keys: readonly RowKey[],
): Promise<ReadonlyMap<string, WholeRow>> {
  const wanted = new Set(keys.map(rowKeyText));
  const found = new Map<string, WholeRow>();
  if (wanted.size === 0) return found;
  const twice = new Set<string>();
  for (const looked of files) {
    for (const [key, whole] of await wholeRowsIn(looked, wanted)) {
      if (found.has(key)) twice.add(key);
      found.set(key, whole);
    }
  }
  for (const key of twice) found.delete(key);
  return found;
}

async function wholeRowsIn(
  looked: LookedThrough,
  wanted: ReadonlySet<string>,
): Promise<readonly (readonly [string, WholeRow])[]> {
  const { file } = looked;
  const { reading, findings } = await findRows(looked, wanted);
  if (findings.length === 0) return [];
  const columns = looked.shapeOf(reading.shape);
  return whileReading(file.name, async () => {
    const handle = await openCsvFile(file);
    try {
      if ((await digestOfOpen(handle)) !== reading.digest) throw writtenMeanwhile(file);
      const records = await openRecords(handle, reading);
      const wholes: [string, WholeRow][] = [];
      for (const { key, row } of findings) {
        const record = await records.at(row);
        if (record === undefined) continue;
        const inFile = await howItStands(records, row, columns.csv);
        wholes.push([key, wholeRowOf(record, columns, { source: file.name, at: row, inFile })]);
      }
      return wholes;
    } finally {
      await handle.close();
    }
  });
}

async function findRows(
  { file, shapeOf }: LookedThrough,
  wanted: ReadonlySet<string>,
): Promise<{ readonly reading: CsvReading; readonly findings: readonly Finding[] }> {
  const findings: Finding[] = [];
  const pass = readTable<never>(file, (csv) =>
    peopleTaker(
      file,
      0,
      shapeOf(csv),
      ({ key, place }) => {
        const text = rowKeyText(key);
        if (wanted.has(text)) findings.push({ key: text, row: place.row });
      },
      () => undefined,
    ),
  );
  for (;;) {
    const step = await pass.next();
    if (step.done) return { reading: step.value, findings };
  }
}
