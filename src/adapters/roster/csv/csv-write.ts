import type { PreparedWrite } from '../../../app/roster-port.ts';
import type { RowKey } from '../../../domain/roster.ts';
import type { AddedLink, AddedRow, LinkKey, RosterWrite } from '../../../domain/roster-write.ts';
import type { WholeRow } from '../../../domain/whole-row.ts';
import { openCsvFile } from './csv-file.ts';
import { type LinksWrite, linksJob, peopleJob } from './csv-jobs.ts';
import { dealOut, withoutLinksOf } from './csv-parts.ts';
import type { CsvPeopleFile, PeopleShape } from './csv-people.ts';
import { splice } from './csv-splice.ts';
import { type ChangedFile, createWrite } from './csv-staged-write.ts';
import { digestOfOpen } from './csv-table.ts';
import { type FileJob, type FileWork, type ReadFile, workOutFile } from './csv-table-write.ts';
import { whileReading } from './csv-trouble.ts';
import { asBefore } from './csv-whole-row.ts';

/** A file of people as the last complete reading saw it. */
export interface ReadPeople extends ReadFile {
  readonly file: CsvPeopleFile;
  readonly columns: PeopleShape;
}

/** What a write rests on. */
export interface CsvReadings {
  readonly people: readonly ReadPeople[];
  /** `undefined` where there are no links, or they have not been read. */
  readonly links: ReadFile | undefined;
  /** The file that gets new rows, and what they hold besides, by the index of the column. */
  readonly newRows: { readonly source: number; readonly constants: ReadonlyMap<number, string> } | undefined;
}

/**
 * Works out new contents for the files that the write changes: a pass over each that writes nothing gives the
 * digests for the journal.
 */
export async function prepareCsvWrite(
  { people, links, newRows }: CsvReadings,
  write: RosterWrite,
  run: number,
): Promise<PreparedWrite | { readonly kind: 'target-changed' }> {
  const names = people.map(({ file }) => file.name);
  const { parts, homeless } = dealOut(write, names, newRows?.source);
  const works: ChangedWork<RowKey>[] = [];
  for (const [source, part] of parts) {
    const seen = people[source];
    if (seen === undefined) continue;
    const constants = newRows?.source === source ? newRows.constants : NO_CONSTANTS;
    const columns = asBefore(seen.columns, restoredOf(part.addedRows));
    const work = await workOut({ ...seen, columns }, peopleJob(seen.file, columns, part, constants));
    if (work === 'target-changed') return { kind: 'target-changed' };
    works.push(work);
  }
  const refused = [...homeless, ...works.flatMap((work) => work.refused)];

  const linking = withoutLinksOf(refused, write);
  const linksWork = await workOutLinks(links, linking.links);
  if (linksWork === 'target-changed') return { kind: 'target-changed' };
  const refusedLinks = linksWork.refused.map(({ key, reason }) => ({ link: key, reason }));

  return createWrite(inDurableOrder(works, linksWork), run, {
    removedRows: works.flatMap((work) => work.removed),
    removedLinks: linksWork.removed.map(({ key, whole }) => ({ link: key, whole })),
    staged: {
      refused,
      refusedLinks: [...linking.refused, ...refusedLinks],
      ids: new Map(),
      added: works.flatMap((work) => work.added),
    },
  });
}

const NO_CONSTANTS: ReadonlyMap<number, string> = new Map();

interface ChangedWork<Key> extends FileWork<Key> {
  /** `undefined` where the file stays as it is. */
  readonly changed: ChangedFile | undefined;
}

/**
 * A row that has gone must not be linked to, nor a row that has not come. Between files of people, a value
 * that is to be unique leaves the one before it gets to the other.
 */
function inDurableOrder(
  works: readonly ChangedWork<RowKey>[],
  links: ChangedWork<LinkKey>,
): readonly ChangedFile[] {
  const losing = works.filter((work) => work.removed.length > 0);
  const others = works.filter((work) => work.removed.length === 0);
  const inOrder = losing.length > 0 ? [links, ...losing, ...others] : [...others, links];
  return inOrder.flatMap(({ changed }) => changed ?? []);
}

async function workOutLinks(
  seen: ReadFile | undefined,
  write: LinksWrite,
): Promise<ChangedWork<LinkKey> | 'target-changed'> {
  if (Object.values(write).every((part) => part.length === 0)) return NO_WORK;
  if (seen === undefined) throw new Error('a write of links rests on a complete reading of them');
  const columns = asBefore(seen.columns, restoredOf(write.addedLinks));
  return workOut({ ...seen, columns }, linksJob(columns, write));
}

function restoredOf(added: readonly (AddedRow | AddedLink)[]): readonly WholeRow[] {
  return added.flatMap((one) => (one.kind === 'restored' ? one.whole : []));
}

const NO_WORK = { patches: [], refused: [], removed: [], added: [], changed: undefined };

async function workOut<Key>(seen: ReadFile, job: FileJob<Key>): Promise<ChangedWork<Key> | 'target-changed'> {
  const { file, reading } = seen;
  return whileReading(file.name, async () => {
    const handle = await openCsvFile(file);
    try {
      if ((await digestOfOpen(handle)) !== reading.digest) return 'target-changed';
      const work = await workOutFile(handle, seen, job);
      if (work.patches.length === 0) return { ...work, changed: undefined };
      const digests = await splice(handle, work.patches, discardBytes);
      if (digests.before !== reading.digest) return 'target-changed';
      const { patches } = work;
      return { ...work, changed: { ...digests, file, path: file.path, patches } };
    } finally {
      await handle.close();
    }
  });
}

function discardBytes(): Promise<void> {
  return Promise.resolve();
}
