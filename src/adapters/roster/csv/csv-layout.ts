import type { RowInFile } from '../../../domain/whole-row.ts';
import type { CsvRecords } from './csv-records.ts';
import type { PlacedPatch } from './csv-splice.ts';

/** A record that a file gets. */
export interface ArrivingRecord {
  /** Without a line end. */
  readonly bytes: Uint8Array;
  /** The place of its row among those that stay and those that arrive before it; missing: at the end. */
  readonly at?: number;
  /** How it once stood in this file. */
  readonly inFile?: RowInFile | undefined;
}

export interface Layout {
  readonly patches: readonly PlacedPatch[];
  /** The places of the arriving rows afterwards, in the order in which they were given. */
  readonly places: readonly number[];
}

/**
 * Takes records out of a file with their line ends, then puts others in. A file that ends without a line end
 * goes on doing so: with its last record goes the line end before it, and a record at its end brings one to
 * stand before it. So what came and went, or went and came, leaves the bytes as they were.
 *
 * @param lineEnd of a record that does not bring its own
 */
export async function layOut(
  records: CsvRecords,
  removed: readonly number[],
  arriving: readonly ArrivingRecord[],
  lineEnd: string,
): Promise<Layout> {
  const gone = new Set(removed);
  const cut = await cutOf(records, gone);
  const patches: PlacedPatch[] = [];
  for (const row of [...gone].sort((a, b) => a - b)) {
    const record = row < cut ? await records.at(row) : undefined;
    if (record === undefined) continue;
    const end = record.end + record.lineEnd.length;
    patches.push({ start: record.start, end, bytes: NO_BYTES, place: row });
  }
  if (cut < records.count) {
    const { start } = await records.gapAfter(cut - 1);
    patches.push({ start, end: records.size, bytes: NO_BYTES, place: cut });
  }
  const { groups, places } = inGaps(arriving, records.count - gone.size);
  for (const [kept, group] of groups) {
    const row = rowOfKept(kept - 1, gone);
    const gap = await gapBehind(records, row, gone, cut);
    patches.push(...insert(gap, group, lineEnd).map((patch) => ({ ...patch, place: row + 0.5 })));
  }
  return { patches, places };
}

const NO_BYTES = new Uint8Array(0);

/** From which row on all go, in a file that ends without a line end; else the number of rows. */
async function cutOf(records: CsvRecords, gone: ReadonlySet<number>): Promise<number> {
  let cut = records.count;
  if (!gone.has(cut - 1) || (await records.gapAfter(cut - 1)).text !== '') return cut;
  while (gone.has(cut - 1)) cut--;
  return cut;
}

/** Which records arrive behind how many of the rows that stay; in rising order. */
function inGaps(
  arriving: readonly ArrivingRecord[],
  staying: number,
): { readonly groups: ReadonlyMap<number, readonly ArrivingRecord[]>; readonly places: readonly number[] } {
  const groups = new Map<number, ArrivingRecord[]>();
  const places: number[] = arriving.map(() => 0);
  const inOrder = [...arriving.entries()].sort(([, a], [, b]) => (a.at ?? Infinity) - (b.at ?? Infinity));
  let before = 0;
  for (const [inserted, [index, record]] of inOrder.entries()) {
    before = Math.min(staying, Math.max(before, (record.at ?? Infinity) - inserted));
    const group = groups.get(before);
    if (group === undefined) groups.set(before, [record]);
    else group.push(record);
    places[index] = before + inserted;
  }
  return { groups, places };
}

/** The row that has this many staying rows before it. */
function rowOfKept(kept: number, gone: ReadonlySet<number>): number {
  let row = kept;
  for (const other of [...gone].sort((a, b) => a - b)) {
    if (other > row) break;
    row++;
  }
  return row;
}

/** What stays between a row and the next one that stays, by the stretches of the file that it is made of. */
interface Gap {
  readonly text: string;
  offsetAt(position: number): number;
}

async function gapBehind(
  records: CsvRecords,
  row: number,
  gone: ReadonlySet<number>,
  cut: number,
): Promise<Gap> {
  const stretches = [await records.gapAfter(row)];
  if (row === cut - 1) {
    const start = stretches[0]?.start ?? 0;
    if (cut < records.count) return { text: '', offsetAt: () => start };
  }
  for (let next = row + 1; gone.has(next); next++) {
    const { start, text } = await records.gapAfter(next);
    const own = (await records.at(next))?.lineEnd.length ?? 0;
    stretches.push({ start: start + own, text: text.slice(own) });
  }
  return {
    text: stretches.map(({ text }) => text).join(''),
    offsetAt(position) {
      let rest = position;
      for (const { start, text } of stretches) {
        if (rest <= text.length) return start + rest;
        rest -= text.length;
      }
      return records.size;
    },
  };
}

/** Puts records into one gap, each behind the line ends that stood before it where they are there still. */
function insert(
  gap: Gap,
  arriving: readonly ArrivingRecord[],
  lineEnd: string,
): { readonly start: number; readonly end: number; readonly bytes: Uint8Array }[] {
  /** Up to where the gap lies before the next record to come. */
  let position = 0;
  /** The line end of the record that came last. */
  let own = '';
  return arriving.map(({ bytes, inFile }) => {
    const before = own + gap.text.slice(position);
    if (before === '') {
      const offset = gap.offsetAt(position);
      return { start: offset, end: offset, bytes: joined(inFile?.before || lineEnd, bytes, '') };
    }
    const stood = inFile?.before ?? '';
    const behind = stood !== '' && before.startsWith(stood) ? stood.length : before.length;
    position += Math.max(0, behind - own.length);
    own = inFile?.after || lineEnd;
    const offset = gap.offsetAt(position);
    return { start: offset, end: offset, bytes: joined('', bytes, own) };
  });
}

function joined(before: string, bytes: Uint8Array, after: string): Uint8Array {
  return Buffer.concat([Buffer.from(before, 'latin1'), bytes, Buffer.from(after, 'latin1')]);
}
