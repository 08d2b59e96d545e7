import type { CommitResult, FileDigest, PreparedWrite, RefusedRow, RowEdit } from '../../../app/ports.ts';
import { type CsvFile, openCsvFile } from './csv-file.ts';
import type { PeopleShape } from './csv-people.ts';
import { removeTemporary, replaceWithStaged, stageReplacement } from './csv-replace.ts';
import { type Patch, splice, type WorkedOut, workOutPatches } from './csv-splice.ts';
import { type CsvReading, digestOf, digestOfOpen } from './csv-table.ts';
import { whileReading } from './csv-trouble.ts';

/** A file of people as the last complete reading saw it. */
export interface PeopleReading {
  readonly file: CsvFile;
  readonly people: PeopleShape;
  readonly reading: CsvReading;
}

interface ChangedFile extends FileDigest {
  readonly file: CsvFile;
  readonly patches: readonly Patch[];
}

/**
 * Works out new contents for the files that the edits change: a pass over each that writes nothing gives the
 * digests for the journal.
 */
export async function prepareCsvWrite(
  readings: readonly PeopleReading[],
  edits: readonly RowEdit[],
  run: number,
): Promise<PreparedWrite | { readonly kind: 'target-changed' }> {
  const changed: ChangedFile[] = [];
  const refused: RefusedRow[] = [];
  for (const [source, seen] of readings.entries()) {
    const own = edits.filter((edit) => edit.place.source === source);
    if (own.length === 0) continue;
    const outcome = await whileReading(seen.file.name, () => workOutFile(seen, own));
    if (outcome === 'target-changed') return { kind: 'target-changed' };
    refused.push(...outcome.refused);
    if (outcome.patches.length > 0) changed.push(outcome);
  }
  return createWrite(changed, refused, run);
}

async function workOutFile(
  { file, people, reading }: PeopleReading,
  edits: readonly RowEdit[],
): Promise<(ChangedFile & WorkedOut) | 'target-changed'> {
  const handle = await openCsvFile(file);
  try {
    if ((await digestOfOpen(handle)) !== reading.digest) return 'target-changed';
    const workedOut = await workOutPatches(handle, people, reading, edits);
    const digests = await splice(handle, workedOut.patches, discardBytes);
    if (digests.before !== reading.digest) return 'target-changed';
    return { ...workedOut, ...digests, file, path: file.path };
  } finally {
    await handle.close();
  }
}

function discardBytes(): Promise<void> {
  return Promise.resolve();
}

function createWrite(
  changed: readonly ChangedFile[],
  refused: readonly RefusedRow[],
  run: number,
): PreparedWrite {
  /** What is staged does not rest on what was read: somebody wrote in between. */
  let outdated = false;

  async function discard(): Promise<void> {
    for (const { file } of changed) await removeTemporary(file, run);
  }

  async function giveUp(): Promise<CommitResult> {
    await discard();
    return { kind: 'target-changed' };
  }

  return {
    kind: 'prepared',
    files: changed.map(({ path, before, after }) => ({ path, before, after })),

    async stage() {
      try {
        for (const { file, patches, before, after } of changed) {
          const staged = await stageReplacement(file, patches, run);
          if (staged.before !== before || staged.after !== after) outdated = true;
        }
      } catch (error) {
        await discard();
        throw error;
      }
    },

    async commit() {
      if (outdated) return giveUp();
      // All of them before the first rename, so that one changed file as a rule leaves all as they were.
      for (const target of changed.length > 1 ? changed : []) {
        if (!(await isAsRead(target))) return giveUp();
      }
      // Each again just before its own. Should a later one have changed in these milliseconds, the earlier
      // ones stand: they hold what the plan says, and the caller plans again from what is there now.
      for (const target of changed) {
        if (!(await isAsRead(target))) return giveUp();
        await replaceWithStaged(target.file, run);
      }
      return { kind: 'committed', refused };
    },

    discard,
  };
}

function isAsRead({ file, before }: ChangedFile): Promise<boolean> {
  return whileReading(file.name, async () => (await digestOf(file.path)) === before);
}
