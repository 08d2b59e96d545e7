import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { type CsvRosterOptions, openCsvRoster } from '../../../src/adapters/roster/csv/csv-roster.ts';
import type { Roster } from '../../../src/app/roster-port.ts';
import { SparSyncError } from '../../../src/errors.ts';
import { readAll } from '../../contract/roster-trial.ts';

/** A folder of its own for each test, removed after it. */
export interface CsvFolder {
  readonly path: string;
  file(name: string): string;
  write(name: string, content: string | Uint8Array): Promise<string>;
  /** One byte a character, so that two files are the same when their texts are. */
  bytes(name: string): Promise<string>;
  names(): Promise<readonly string[]>;
  remove(name: string): Promise<void>;
}

const folders: string[] = [];

afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

export async function makeFolder(): Promise<CsvFolder> {
  const path = await mkdtemp(join(tmpdir(), 'spar-sync-csv-'));
  folders.push(path);
  return {
    path,
    file: (name) => join(path, name),
    async write(name, content) {
      await writeFile(join(path, name), content);
      return join(path, name);
    },
    bytes: (name) => readFile(join(path, name), 'latin1'),
    names: async () => (await readdir(path)).sort(),
    remove: (name) => rm(join(path, name)),
  };
}

export type FileOptions = Omit<CsvRosterOptions['files'][number], 'path' | 'name'>;

/** A roster of one file, `people.csv`. */
export async function openOne(
  content: string | Uint8Array,
  options: FileOptions = {},
): Promise<{ readonly roster: Roster; readonly folder: CsvFolder }> {
  const folder = await makeFolder();
  const path = await folder.write('people.csv', content);
  return { roster: await openCsvRoster({ files: [{ path, name: 'people.csv', ...options }] }), folder };
}

/** What stops the opening or the reading of this file. */
export async function refusalOf(
  content: string | Uint8Array,
  options: FileOptions = {},
): Promise<SparSyncError> {
  return refusal(async () => {
    const { roster } = await openOne(content, options);
    await readAll(roster);
  });
}

export async function refusal(work: () => Promise<unknown>): Promise<SparSyncError> {
  const outcome = await work().then(
    () => undefined,
    (error: unknown) => error,
  );
  if (outcome instanceof SparSyncError) return outcome;
  throw outcome ?? new Error('nothing was refused');
}
