import type { FileHandle } from 'node:fs/promises';

const CHUNK_BYTES = 1 << 16;

/** The file's bytes from its beginning, in buffers that are not used again; reads one ahead. */
export async function* readChunks(handle: FileHandle): AsyncGenerator<Buffer, void, undefined> {
  let next = readChunk(handle, 0);
  let position = 0;
  for (;;) {
    const chunk = await next;
    if (chunk.length === 0) return;
    position += chunk.length;
    next = readChunk(handle, position);
    // Whoever stops half-way leaves this read alone; closing the handle waits for it.
    next.catch(() => undefined);
    yield chunk;
  }
}

async function readChunk(handle: FileHandle, position: number): Promise<Buffer> {
  const chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  const { bytesRead } = await handle.read(chunk, 0, CHUNK_BYTES, position);
  return chunk.subarray(0, bytesRead);
}

/** The line, from 1, on which the byte at this offset stands. Reads the file from its beginning. */
export async function lineAt(handle: FileHandle, offset: number): Promise<number> {
  let line = 1;
  let position = 0;
  let afterCr = false;
  for await (const chunk of readChunks(handle)) {
    for (const byte of chunk) {
      if (position++ >= offset) return line;
      if (byte === 0x0d || (byte === 0x0a && !afterCr)) line++;
      afterCr = byte === 0x0d;
    }
  }
  return line;
}

/** Bytes of a file by their offsets, asked for in rising order; reads ahead. */
export function createForwardReader(handle: FileHandle): (start: number, end: number) => Promise<Uint8Array> {
  let held = Buffer.alloc(0);
  let heldFrom = 0;
  return async (start, end) => {
    if (start < heldFrom || end > heldFrom + held.length) {
      const wanted = Buffer.allocUnsafeSlow(Math.max(CHUNK_BYTES, end - start));
      let length = 0;
      while (length < end - start) {
        const { bytesRead } = await handle.read(wanted, length, wanted.length - length, start + length);
        if (bytesRead === 0) break;
        length += bytesRead;
      }
      held = wanted.subarray(0, length);
      heldFrom = start;
    }
    return held.subarray(start - heldFrom, end - heldFrom);
  };
}
