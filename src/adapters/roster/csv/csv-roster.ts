import type { Roster, RosterSource, TableForm } from '../../../app/roster-port.ts';
import type { GuardianLink, RosterEntry, RosterField } from '../../../domain/roster.ts';
import { canEncode } from './csv-encoding.ts';
import { type CsvFile, type CsvShape, openCsvFile, surveyCsv } from './csv-file.ts';
import { type CsvLinksFile, linkIndexesOf, linkTaker } from './csv-links.ts';
import { type CsvNewGuardians, constantsOf, newGuardianPlace } from './csv-new-guardians.ts';
import { type CsvPeopleFile, type PeopleShape, peopleShapeOf, peopleTaker } from './csv-people.ts';
import { readWholeRows } from './csv-read-whole.ts';
import { proveReplaceable, removeTemporary } from './csv-replace.ts';
import { digestOf, readTable } from './csv-table.ts';
import type { ReadFile } from './csv-table-write.ts';
import { whileReading } from './csv-trouble.ts';
import { type CsvReadings, prepareCsvWrite, type ReadPeople } from './csv-write.ts';

export interface CsvRosterOptions {
  readonly files: readonly CsvPeopleFile[];
  readonly links?: CsvLinksFile;
  readonly newGuardian?: CsvNewGuardians;
}

/**
 * A roster in CSV files. Each file's encoding, dialect and columns are found out here, and again at each
 * reading. A write changes the cells that changed and no other byte.
 *
 * @throws SparSyncError `roster-unreadable`
 */
export async function openCsvRoster(options: CsvRosterOptions): Promise<Roster> {
  const { files, links } = options;
  const all: readonly CsvFile[] = links === undefined ? files : [...files, links];
  const newGuardian = options.newGuardian ?? { values: {} };
  const newGuardians = newGuardianPlace(files, newGuardian);
  const shapes: PeopleShape[] = [];
  for (const [index, file] of files.entries()) {
    shapes.push(await surveyOnce(file, (shape) => shapeOf(file, index, shape)));
  }
  if (links !== undefined) await surveyOnce(links, (shape) => linkIndexesOf(links, shape));
  newRowsIn(shapes);
  let lastReading: readonly ReadPeople[] | undefined;
  let lastLinks: ReadFile | undefined;

  /** New rows as these shapes of the files have room for them. */
  function newRowsIn(found: readonly PeopleShape[]): CsvReadings['newRows'] {
    const source = newGuardians?.source ?? -1;
    const [file, shape] = [files[source], found[source]];
    if (file === undefined || shape === undefined) return undefined;
    return { source, constants: constantsOf(file, shape, newGuardian.values) };
  }

  return {
    sources: files.map((file, index) => sourceOf(file, () => shapes[index])),
    linksName: links?.name,

    newGuardians,

    get tableForm() {
      return tableFormOf(shapes[0]?.csv);
    },

    async *read(onProblem) {
      const readings: ReadPeople[] = [];
      for (const [source, file] of files.entries()) {
        const reading = yield* readTable<RosterEntry>(file, (csv, add) => {
          const shape = shapeOf(file, source, csv);
          shapes[source] = shape;
          return peopleTaker(file, source, shape, add, onProblem);
        });
        const columns = shapes[source];
        if (columns !== undefined) readings.push({ file, columns, reading });
      }
      lastReading = readings;
    },

    async *readLinks(onProblem) {
      if (links === undefined) return;
      const reading = yield* readTable<GuardianLink>(links, (shape, add) =>
        linkTaker(links, files.length, shape, add, onProblem),
      );
      const indexes = linkIndexesOf(links, reading.shape);
      lastLinks = { file: links, columns: { csv: reading.shape, indexes }, reading };
    },

    readWhole(keys) {
      const looked = files.map((file, index) => ({
        file,
        shapeOf: (csv: CsvShape) => shapeOf(file, index, csv),
      }));
      return readWholeRows(looked, keys);
    },

    referrers: () => Promise.resolve(new Map()),

    async proveWritable(what) {
      for (const file of what.links ? all : files) await proveReplaceable(file);
    },

    async prepareWrite(write, run) {
      if (lastReading === undefined) throw new Error('a write rests on a complete reading');
      const shapesRead = lastReading.map(({ columns }) => columns);
      const addsNew = write.addedRows.some(({ kind }) => kind === 'new');
      const newRows = addsNew ? newRowsIn(shapesRead) : undefined;
      return prepareCsvWrite({ people: lastReading, links: lastLinks, newRows }, write, run);
    },

    async digests() {
      const found = new Map<string, string>();
      for (const file of all) found.set(file.path, await whileReading(file.name, () => digestOf(file.path)));
      return found;
    },

    async removeLeftovers(run) {
      for (const file of all) await removeTemporary(file, run);
    },

    close: () => Promise.resolve(),
  };
}

function shapeOf(file: CsvPeopleFile, index: number, csv: CsvShape): PeopleShape {
  return peopleShapeOf(file, `roster.files[${index}]`, csv);
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

/** Follows what the latest reading found, as `sourceOf` does. */
function tableFormOf(csv: CsvShape | undefined): TableForm {
  if (csv === undefined) throw new Error('a roster without a file');
  const { encoding, lineEnd, dialect } = csv;
  const bom = csv.start > 0;
  return { delimiter: dialect.delimiter, encoding, lineEnd, bom };
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
