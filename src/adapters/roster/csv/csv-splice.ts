import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { readChunks } from './csv-bytes.ts';

/** New bytes for a stretch of the file. */
export interface Patch {
  readonly start: number;
  readonly end: number;
  readonly bytes: Uint8Array;
}

/** A patch, and what it belongs to: row n has n, the line ends behind it n + ½. */
export interface PlacedPatch extends Patch {
  readonly place: number;
}

/**
 * Patches in the order of the file. Several may begin at one byte: a last empty cell that is filled, a row
 * that comes after it, the row behind that which goes.
 */
export function inFileOrder(patches: readonly PlacedPatch[]): readonly Patch[] {
  const ordered = patches.toSorted((a, b) => a.start - b.start || a.place - b.place);
  for (const [index, patch] of ordered.entries()) {
    if (patch.start < (ordered[index - 1]?.end ?? 0)) throw new Error('two changes of one cell');
  }
  return ordered;
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
