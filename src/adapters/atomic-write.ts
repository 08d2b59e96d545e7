import { randomBytes } from 'node:crypto';
import type { Stats } from 'node:fs';
import { type FileHandle, open, readFile, readlink, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';

/** All of it, or one piece after the other. Text is written as UTF-8. */
export type Content = string | Uint8Array | AsyncIterable<string | Uint8Array>;

/**
 * Puts `data` in the place of the file at `path`, or makes it: whoever looks sees the old content or the new,
 * never a part, also after a power cut or on a full disk. A symbolic link is followed, also to a file that is not
 * there yet; the owner stays.
 *
 * @param options.mode what the file gets; missing: the old file's mode, 0600 for a new one
 * @throws the system's own error (`ENOSPC`, `EACCES`, …), and `EINVAL` for a pipe or a device, which a file would
 *   take the place of; what is there is untouched then
 */
export async function writeFileAtomically(
  path: string,
  data: Content,
  options: { readonly mode?: number } = {},
): Promise<void> {
  const target = await realPathOf(path);
  const old = await statOf(path);
  refuseSpecialFile(old);
  const temporary = temporaryBeside(target);
  await stageFile(temporary, old, options.mode ?? modeOf(old), (handle) => writeContent(handle, data));
  try {
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(dirname(target));
}

/**
 * Proves that `writeFileAtomically` could put a file at `path` now, by making an empty one beside it and taking
 * it away again.
 *
 * @throws the system's own error
 */
export async function proveAtomicWrite(path: string): Promise<void> {
  const target = await realPathOf(path);
  const old = await statOf(path);
  // The system's own word for a folder in that place: EISDIR.
  if (old?.isDirectory()) await readFile(target);
  refuseSpecialFile(old);
  const probe = temporaryBeside(target);
  const handle = await open(probe, 'wx', 0o600);
  await handle.close();
  await rm(probe);
}

/**
 * Makes a file beside its target, written, synced and with the target's owner and mode, ready to be renamed.
 * Open to nobody else until it is finished. Whatever fails, the temporary file is gone afterwards.
 */
export async function stageFile(
  temporary: string,
  target: Stats | undefined,
  mode: number,
  write: (handle: FileHandle) => Promise<void>,
): Promise<void> {
  const handle = await open(temporary, 'wx', 0o600);
  try {
    try {
      await write(handle);
      await handle.chmod(target === undefined ? mode : await keepOwner(handle, target, mode));
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** What `writeAll` needs of a `FileHandle`. */
export interface ByteSink {
  write(
    bytes: Uint8Array,
    offset: number,
    length: number,
    position: null,
  ): Promise<{ readonly bytesWritten: number }>;
}

/**
 * Writes every byte. A full disk shows as a short write before it shows as an error: packages that do not
 * loop here rename a truncated file over the original.
 */
export async function writeAll(handle: ByteSink, bytes: Uint8Array): Promise<void> {
  let done = 0;
  while (done < bytes.length) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, null);
    done += bytesWritten;
  }
}

/** Writes all pieces, each before the next is asked for. */
export async function writeContent(handle: ByteSink, content: Content): Promise<void> {
  for await (const piece of piecesOf(content)) {
    await writeAll(handle, typeof piece === 'string' ? Buffer.from(piece, 'utf8') : piece);
  }
}

/** The pieces of a content, of which text and bytes are one. */
export async function* piecesOf(content: Content): AsyncGenerator<string | Uint8Array> {
  if (typeof content === 'string' || content instanceof Uint8Array) yield content;
  else yield* content;
}

/** Makes renames in this folder durable, on file systems that know how to. */
export async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    // Network and Windows file systems refuse to sync a folder; the rename itself has been done.
    if (!isErrno(error, 'EINVAL', 'ENOTSUP', 'EPERM', 'EACCES', 'EISDIR', 'EBADF')) throw error;
  }
}

/** Whether this is the system's error with one of these codes. */
export function isErrno(error: unknown, ...codes: readonly string[]): boolean {
  const code = errnoOf(error);
  return code !== undefined && codes.includes(code);
}

/** The code of a system error (`ENOSPC`), `undefined` for any other. */
export function errnoOf(error: unknown): string | undefined {
  const isSystem = error instanceof Error && 'code' in error && 'syscall' in error;
  return isSystem && typeof error.code === 'string' ? error.code : undefined;
}

export function modeOf(file: Stats | undefined): number {
  return file === undefined ? 0o600 : file.mode & 0o7777;
}

/** The mode to set once the owner is the target's, as far as this account may give files away. */
async function keepOwner(handle: FileHandle, target: Stats, mode: number): Promise<number> {
  const own = await handle.stat();
  if (own.uid === target.uid && own.gid === target.gid) return mode;
  if (await tried(handle.chown(target.uid, target.gid))) return mode;
  if (own.gid === target.gid || (await tried(handle.chown(own.uid, target.gid)))) return mode;
  // Another group than the one that was let in: it gets no more than everybody has.
  return (mode & ~0o070) | ((mode & 0o007) << 3);
}

async function tried(change: Promise<void>): Promise<boolean> {
  try {
    await change;
    return true;
  } catch (error) {
    if (isErrno(error, 'EPERM', 'EINVAL', 'ENOTSUP')) return false;
    throw error;
  }
}

function temporaryBeside(target: string): string {
  return join(dirname(target), `.${basename(target)}.${randomBytes(6).toString('hex')}.tmp`);
}

/** Where a file is, or would be made, behind all symbolic links: the absolute path. */
export async function realPathOf(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (!isErrno(error, 'ENOENT')) throw error;
  }
  const folder = dirname(resolve(path));
  // Where the folder is missing too, making the file will tell.
  const place = folder === resolve(path) ? folder : join(await realPathOf(folder), basename(path));
  const next = await linkAt(place);
  return next === undefined ? place : realPathOf(resolve(dirname(place), next));
}

/** What a symbolic link says, `undefined` for anything else and for nothing. */
async function linkAt(path: string): Promise<string | undefined> {
  try {
    return await readlink(path);
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'EINVAL', 'ENOTDIR')) return undefined;
    throw error;
  }
}

/** Whether what is there takes bytes as they come: a pipe, a terminal, `/dev/null`. */
export async function isStreamFile(path: string): Promise<boolean> {
  const there = await statOf(path);
  return there !== undefined && (there.isFIFO() || there.isCharacterDevice());
}

function refuseSpecialFile(there: Stats | undefined): void {
  if (there === undefined || there.isFile() || there.isDirectory()) return;
  throw Object.assign(new Error('this is no regular file'), { code: 'EINVAL', syscall: 'rename' });
}

async function statOf(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined;
    throw error;
  }
}
