import type { CommitResult, FileDigest, PreparedWrite, Staged } from '../../../app/roster-port.ts';
import type { CsvFile } from './csv-file.ts';
import { removeTemporary, replaceWithStaged, stageReplacement } from './csv-replace.ts';
import type { Patch } from './csv-splice.ts';
import { digestOf } from './csv-table.ts';
import { whileReading } from './csv-trouble.ts';

/** A file that is to change, and how. */
export interface ChangedFile extends FileDigest {
  readonly file: CsvFile;
  readonly patches: readonly Patch[];
}

/** @param changed in the order in which they are to be replaced */
export function createWrite(
  changed: readonly ChangedFile[],
  run: number,
  outcome: Pick<PreparedWrite, 'removedRows' | 'removedLinks'> & { readonly staged: Staged },
): PreparedWrite {
  const { removedRows, removedLinks, staged } = outcome;
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
    removedRows,
    removedLinks,

    async stage() {
      try {
        for (const { file, patches, before, after } of changed) {
          const spliced = await stageReplacement(file, patches, run);
          if (spliced.before !== before || spliced.after !== after) outdated = true;
        }
      } catch (error) {
        await discard();
        throw error;
      }
      return staged;
    },

    async commit() {
      if (outdated) return giveUp();
      // All of them before the first rename, so that one changed file as a rule leaves all as they were.
      for (const target of changed.length > 1 ? changed : []) {
        if (!(await isAsRead(target))) return giveUp();
      }
      // Each again just before its own. Should a later one have changed in these milliseconds, or not be there to
      // be replaced, the earlier ones stand.
      let hasBegun = false;
      try {
        for (const target of changed) {
          if (!(await isAsRead(target))) return hasBegun ? { kind: 'partly' } : giveUp();
          hasBegun = true;
          await replaceWithStaged(target.file, run);
        }
      } catch (error) {
        if (hasBegun) return { kind: 'partly', error };
        throw error;
      }
      return { kind: 'committed' };
    },

    discard,
  };
}

function isAsRead({ file, before }: ChangedFile): Promise<boolean> {
  return whileReading(file.name, async () => (await digestOf(file.path)) === before);
}
