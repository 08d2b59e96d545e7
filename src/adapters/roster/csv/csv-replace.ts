import { constants, type Stats } from 'node:fs';
import { access, open, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { modeOf, stageFile, syncFolder, writeAll } from '../../atomic-write.ts';
import { type CsvFile, openCsvFile } from './csv-file.ts';
import { type Patch, type Spliced, splice } from './csv-splice.ts';
import { RIGHTS_HINT, unwritable, whileConfirming, whileWriting } from './csv-trouble.ts';

/** Where a file really is, behind symbolic links, and where its successor is made. */
interface Target {
  readonly path: string;
  readonly temporary: string;
  readonly stats: Stats;
}

/**
 * Proves that the file could be replaced now, by making and removing an empty file beside it.
 *
 * @throws SparSyncError `roster-unwritable`
 */
export async function proveReplaceable(file: CsvFile): Promise<void> {
  await whileWriting(file.name, async () => {
    const target = await targetOf(file, 'probe');
    if (!target.stats.isFile()) throw unwritable(file.name, NO_FILE, RIGHTS_HINT);
    await access(target.path, constants.W_OK);
    await rm(target.temporary, { force: true });
    const probe = await open(target.temporary, 'wx', 0o600);
    await probe.close();
    await rm(target.temporary);
  });
}

/** Writes the file's successor beside it, synced, with the owner and mode of the file. */
export async function stageReplacement(
  file: CsvFile,
  patches: readonly Patch[],
  run: number,
): Promise<Spliced> {
  return whileWriting(file.name, async () => {
    const { path, temporary, stats } = await targetOf(file, run);
    await rm(temporary, { force: true });
    const source = await openCsvFile({ ...file, path });
    try {
      let spliced: Spliced = { before: '', after: '' };
      await stageFile(temporary, stats, modeOf(stats), async (handle) => {
        spliced = await splice(source, patches, (bytes) => writeAll(handle, bytes));
      });
      return spliced;
    } finally {
      await source.close();
    }
  });
}

/** Puts the successor in the file's place, durably. */
export async function replaceWithStaged(file: CsvFile, run: number): Promise<void> {
  await whileWriting(file.name, async () => {
    const { path, temporary } = await targetOf(file, run);
    await rename(temporary, path);
  });
  await whileConfirming(file.name, async () => syncFolder(dirname(await realpath(file.path))));
}

/** Removes what `stageReplacement` made, if anything is left of it. */
export async function removeTemporary(file: CsvFile, run: number): Promise<void> {
  await whileWriting(file.name, async () => {
    await rm(await temporaryOf(file, run), { force: true });
  });
}

async function targetOf(file: CsvFile, run: number | 'probe'): Promise<Target> {
  const path = await realpath(file.path);
  return { path, temporary: besideOf(path, run), stats: await stat(path) };
}

/** Also where the file itself has gone: its leftovers are personal data all the same. */
async function temporaryOf(file: CsvFile, run: number): Promise<string> {
  return besideOf(await realpath(file.path).catch(() => file.path), run);
}

function besideOf(path: string, run: number | 'probe'): string {
  return join(dirname(path), `.${basename(path)}.spar-sync-${run}.tmp`);
}

const NO_FILE = { en: 'this is not a file', sv: 'detta är ingen fil' };
