import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import type { RefusedRow, RowEdit } from '../../../app/ports.ts';
import { createForwardReader, readChunks } from './csv-bytes.ts';
import { cellText, findCells, formatCell } from './csv-cells.ts';
import { canEncode, decodeBytes, encodeText } from './csv-encoding.ts';
import type { PeopleShape } from './csv-people.ts';
import type { CsvReading } from './csv-table.ts';

/** New bytes for a stretch of the file. */
export interface Patch {
  readonly start: number;
  readonly end: number;
  readonly bytes: Uint8Array;
}

export interface WorkedOut {
  /** In the order of the file; no two overlap. */
  readonly patches: readonly Patch[];
  readonly refused: readonly RefusedRow[];
}

/**
 * What these edits of one file come to, byte by byte. Only the rows that they name are looked at. A row is
 * refused as a whole when its id or any of the cells does not hold what the plan saw.
 */
export async function workOutPatches(
  handle: FileHandle,
  people: PeopleShape,
  reading: CsvReading,
  edits: readonly RowEdit[],
): Promise<WorkedOut> {
  const read = createForwardReader(handle);
  const patches: Patch[] = [];
  const refused: RefusedRow[] = [];
  for (const edit of [...edits].sort((a, b) => a.place.row - b.place.row)) {
    const { row } = edit.place;
    const start = reading.ends.at(row);
    const inside = row >= 0 && row + 1 < reading.ends.length;
    const record = inside ? await read(start, reading.ends.at(row + 1)) : new Uint8Array(0);
    const outcome = patchRecord(record, people, edit);
    if (outcome.kind === 'refused') refused.push({ key: edit.key, reason: outcome.reason });
    else for (const patch of outcome.patches) patches.push(moved(patch, start));
  }
  patches.sort((a, b) => a.start - b.start);
  for (const [index, patch] of patches.entries()) {
    if (patch.start < (patches[index - 1]?.end ?? 0)) throw new Error('two edits of one cell');
  }
  return { patches, refused };
}

type PatchedRecord =
  | { readonly kind: 'patched'; readonly patches: readonly Patch[] }
  | { readonly kind: 'refused'; readonly reason: RefusedRow['reason'] };

/** The edit of one record, as patches of its own bytes. */
export function patchRecord(record: Uint8Array, people: PeopleShape, edit: RowEdit): PatchedRecord {
  const { csv, indexes } = people;
  const cells = findCells(record, csv.dialect);
  function textAt(index: number): string | undefined {
    const cell = cells[index];
    return cell === undefined ? undefined : decodeBytes(cellText(record, cell), csv.encoding);
  }
  if (cells.length !== csv.headers.length || textAt(indexes.get('id') ?? 0)?.trim() !== edit.key.id) {
    return { kind: 'refused', reason: 'roster-changed' };
  }
  const patches: Patch[] = [];
  for (const { field, from, to } of edit.cells) {
    const index = indexes.get(field) ?? -1;
    const cell = cells[index];
    if (cell === undefined || !canEncode(to, csv.encoding)) return { kind: 'refused', reason: 'row-refused' };
    if (textAt(index) !== from) return { kind: 'refused', reason: 'roster-changed' };
    if (from === to) continue;
    const bytes = encodeText(formatCell(to, cell.quoted, csv.dialect), csv.encoding);
    patches.push({ start: cell.start, end: cell.end, bytes });
  }
  return { kind: 'patched', patches: patches.sort((a, b) => a.start - b.start) };
}

/** SHA-256 (hex) of a file before and after its patches. */
export interface Spliced {
  readonly before: string;
  readonly after: string;
}

/** Streams the file with its patches into `write`, and says what it read and what it wrote. */
export async function splice(
  handle: FileHandle,
  patches: readonly Patch[],
  write: (bytes: Uint8Array) => Promise<void>,
): Promise<Spliced> {
  const before = createHash('sha256');
  const after = createHash('sha256');
  let next = 0;
  let position = 0;
  /** Up to where the file's own bytes have been copied or replaced. */
  let done = 0;

  async function pass(bytes: Uint8Array): Promise<void> {
    after.update(bytes);
    await write(bytes);
  }

  for await (const chunk of readChunks(handle)) {
    before.update(chunk);
    const chunkEnd = position + chunk.length;
    const pieces: Uint8Array[] = [];
    for (let patch = patches[next]; patch !== undefined && patch.start < chunkEnd; patch = patches[++next]) {
      pieces.push(chunk.subarray(done - position, patch.start - position), patch.bytes);
      done = patch.end;
    }
    if (done < chunkEnd) {
      pieces.push(chunk.subarray(done - position));
      done = chunkEnd;
    }
    await pass(pieces.length === 1 ? (pieces[0] ?? chunk) : Buffer.concat(pieces));
    position = chunkEnd;
  }
  // An empty last cell of a file without a final newline stands after the last byte.
  for (const patch of patches.slice(next)) await pass(patch.bytes);
  return { before: before.digest('hex'), after: after.digest('hex') };
}

function moved(patch: Patch, by: number): Patch {
  return { start: patch.start + by, end: patch.end + by, bytes: patch.bytes };
}
