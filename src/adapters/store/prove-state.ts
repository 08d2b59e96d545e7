import { constants } from 'node:fs';
import { access, lstat, realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isErrno, proveAtomicWrite } from '../atomic-write.ts';
import { asStateError, leadsNowhere } from './state-trouble.ts';

/**
 * Proves that a run could use the state file: its folder is there, files can be made beside it, as SQLite does,
 * and the file itself, where there is one, may be written to. Leaves nothing behind.
 *
 * @throws SparSyncError `state-unusable`
 */
export async function proveStateWritable(path: string): Promise<void> {
  try {
    const target = await existing(path);
    await proveAtomicWrite(`${target ?? join(await realpath(dirname(path)), basename(path))}-probe`);
    if (target !== undefined) await access(target, constants.R_OK | constants.W_OK);
  } catch (error) {
    throw asStateError(path, error);
  }
}

async function existing(path: string): Promise<string | undefined> {
  try {
    return await realpath(path);
  } catch (error) {
    if (!isErrno(error, 'ENOENT')) throw error;
    if (await isLink(path)) throw leadsNowhere(path);
    return undefined;
  }
}

async function isLink(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isSymbolicLink();
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return false;
    throw error;
  }
}
