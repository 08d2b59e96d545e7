import type { Roster, RosterSource } from '../../../app/ports.ts';
import type { GuardianLink, RosterEntry, RosterField } from '../../../domain/roster.ts';
import { canEncode } from './csv-encoding.ts';
import { type CsvFile, type CsvShape, openCsvFile, surveyCsv } from './csv-file.ts';
import { type CsvLinksFile, linkIndexesOf, linkTaker } from './csv-links.ts';
import { type CsvPeopleFile, type PeopleShape, peopleShapeOf, peopleTaker } from './csv-people.ts';
import { proveReplaceable, removeTemporary } from './csv-replace.ts';
import { digestOf, readTable } from './csv-table.ts';
import { whileReading } from './csv-trouble.ts';
import { type PeopleReading, prepareCsvWrite } from './csv-write.ts';

export interface CsvRosterOptions {
  readonly files: readonly CsvPeopleFile[];
  readonly links?: CsvLinksFile;
}

/**
 * A roster in CSV files. Each file's encoding, dialect and columns are found out here, and again at each
 * reading. A write changes the cells that changed and no other byte.
 *
 * @throws SparSyncError `roster-unreadable`
 */
export async function openCsvRoster(options: CsvRosterOptions): Promise<Roster> {
  const { files, links } = options;
  const shapes: PeopleShape[] = [];
  for (const [index, file] of files.entries()) {
    shapes.push(await surveyOnce(file, (shape) => peopleShapeOf(file, `roster.files[${index}]`, shape)));
  }
  if (links !== undefined) await surveyOnce(links, (shape) => linkIndexesOf(links, shape));
  let lastReading: readonly PeopleReading[] | undefined;

  return {
    sources: files.map((file, index) => sourceOf(file, () => shapes[index])),
    linksName: links?.name,

    async *read(onProblem) {
      const readings: PeopleReading[] = [];
      for (const [source, file] of files.entries()) {
        const reading = yield* readTable<RosterEntry>(file, (shape, add) => {
          const people = peopleShapeOf(file, `roster.files[${source}]`, shape);
          shapes[source] = people;
          return peopleTaker(file, source, people, add, onProblem);
        });
        const people = shapes[source];
        if (people !== undefined) readings.push({ file, people, reading });
      }
      lastReading = readings;
    },

    async *readLinks(onProblem) {
      if (links === undefined) return;
      yield* readTable<GuardianLink>(links, (shape, add) =>
        linkTaker(links, files.length, shape, add, onProblem),
      );
    },

    async proveWritable() {
      for (const file of files) await proveReplaceable(file);
    },

    prepareWrite(edits, run) {
      if (lastReading === undefined) throw new Error('a write rests on a complete reading');
      return prepareCsvWrite(lastReading, edits, run);
    },

    async digests() {
      const all = links === undefined ? files : [...files, links];
      const found = new Map<string, string>();
      for (const file of all) found.set(file.path, await whileReading(file.name, () => digestOf(file.path)));
      return found;
    },

    async removeLeftovers(run) {
      for (const file of files) await removeTemporary(file, run);
    },

    close: () => Promise.resolve(),
  };
}

async function surveyOnce<Result>(file: CsvFile, look: (shape: CsvShape) => Result): Promise<Result> {
  return whileReading(file.name, async () => {
    const handle = await openCsvFile(file);
    try {
      return look(await surveyCsv(handle, file));
    } finally {
      await handle.close();
    }
  });
}

const NO_FIELDS: ReadonlySet<RosterField> = new Set();

/** Follows what the latest reading found, should the file have been exported anew in another shape. */
function sourceOf(file: CsvFile, shape: () => PeopleShape | undefined): RosterSource {
  return {
    name: file.name,
    get fields() {
      return shape()?.fields ?? NO_FIELDS;
    },
    canHold: (text) => canEncode(text, shape()?.csv.encoding ?? 'utf-8'),
  };
}
