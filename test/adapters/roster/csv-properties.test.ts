import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import iconv from 'iconv-lite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cellText, findCells, formatCell } from '../../../src/adapters/roster/csv/csv-cells.ts';
import type { CsvDelimiter, CsvDialect } from '../../../src/adapters/roster/csv/csv-dialect.ts';
import { canEncode } from '../../../src/adapters/roster/csv/csv-encoding.ts';
import { openCsvRoster } from '../../../src/adapters/roster/csv/csv-roster.ts';
import type { RosterField } from '../../../src/domain/roster.ts';
import { edit, prepare, readAll } from '../../contract/roster-trial.ts';

const FIELDS = ['first_name', 'street', 'city'] as const satisfies readonly RosterField[];
// One letter that is not ASCII: without it a file is UTF-8, whatever it was written as.
const HEADERS = ['anmärkning', 'id', 'first_name', 'type', 'street', 'city'];

const text = fc.string({
  unit: fc.constantFrom('a', 'Å', 'é', '€', '1', '=', ' ', '"', ',', ';', '\t', '\n', '\r'),
  maxLength: 6,
});

interface Cell {
  readonly text: string;
  readonly quoted: boolean;
}

const cell: fc.Arbitrary<Cell> = fc.record({ text, quoted: fc.boolean() });

const layout = fc.record({
  encoding: fc.constantFrom('utf8', 'utf8 with mark', 'windows-1252'),
  delimiter: fc.constantFrom<CsvDelimiter>(',', ';', '\t'),
  finalNewline: fc.boolean(),
});

type Layout = typeof layout extends fc.Arbitrary<infer L> ? L : never;

const row = fc.record({
  cells: fc.tuple(cell, cell, cell, cell),
  lineEnd: fc.constantFrom('\n', '\r\n'),
  blankLinesAfter: fc.constantFrom(0, 0, 0, 1, 2),
  quotedId: fc.boolean(),
});

type MadeRow = typeof row extends fc.Arbitrary<infer R> ? R : never;

const change = fc.record({ row: fc.nat(), field: fc.constantFrom(...FIELDS), to: text });

/** A file as one would write it by hand, from cells whose quoting is given. */
function compose(rows: readonly MadeRow[], { encoding, delimiter, finalNewline }: Layout): Buffer {
  function shown({ text: content, quoted }: Cell): string {
    const needed = content.includes(delimiter) || /["\r\n]|^\s|\s$/.test(content);
    return quoted || needed ? `"${content.split('"').join('""')}"` : content;
  }
  const lines = rows.map(({ cells: [note, first, street, city], ...made }, index) => {
    const last = index === rows.length - 1 && !finalNewline;
    const id = shown({ text: String(index), quoted: made.quotedId });
    const ends = last ? '' : made.lineEnd.repeat(1 + made.blankLinesAfter);
    return [shown(note), id, shown(first), 'elev', shown(street), shown(city)].join(delimiter) + ends;
  });
  const content = `${HEADERS.join(delimiter)}\n${lines.join('')}`;
  return encoding === 'utf8 with mark' ? Buffer.from(`\ufeff${content}`) : iconv.encode(content, encoding);
}

/** The table as csv-parse reads it when it is left to itself. */
function readIndependently(bytes: Buffer, { encoding, delimiter }: Layout): string[][] {
  const content = iconv.decode(bytes, encoding === 'windows-1252' ? encoding : 'utf8');
  return parse(content, { delimiter, record_delimiter: ['\r\n', '\n'], skip_empty_lines: true });
}

describe('any table in any dialect', () => {
  let folder: string;
  let path: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'spar-sync-csv-'));
    path = join(folder, 'people.csv');
  });

  afterAll(() => rm(folder, { recursive: true }));

  it('keeps every byte but those of the cells that are edited, and reads back as edited', async () => {
    await fc.assert(
      fc.asyncProperty(
        layout,
        fc.array(row, { minLength: 1, maxLength: 8 }),
        fc.array(change, { maxLength: 6 }),
        async (given, rows, changes) => {
          await writeFile(path, compose(rows, given));
          const roster = await openCsvRoster({ files: [{ path, name: 'people.csv' }] });
          const { entries, problems } = await readAll(roster);
          expect(problems).toEqual([]);
          expect(entries.map(({ cells }) => FIELDS.map((field) => cells[field]))).toEqual(
            rows.map(({ cells }) => cells.slice(1).map((made) => made.text)),
          );

          const wanted = new Map(
            changes.map(({ row: at, field, to }) => [`${at % rows.length} ${field}`, to]),
          );
          const edits = entries.map((entry, index) => {
            const to = FIELDS.flatMap((field) => {
              const value = wanted.get(`${index} ${field}`);
              return value === undefined ? [] : [[field, value] as const];
            });
            return edit(entry, Object.fromEntries(to));
          });
          const edited = rows.map(({ cells: [note, ...cells], ...made }, index) => {
            const [first, street, city] = cells.map((old, column) => ({
              text: wanted.get(`${index} ${FIELDS[column]}`) ?? old.text,
              // A cell that was quoted because it had to be is a quoted cell from then on.
              quoted: old.quoted || shownQuoted(old, given),
            }));
            return {
              ...made,
              cells: [note, first ?? note, street ?? note, city ?? note] as MadeRow['cells'],
            };
          });

          const prepared = await prepare(roster, edits);
          const isSame = edited.every((made, index) =>
            made.cells.every((after, column) => after.text === rows[index]?.cells[column]?.text),
          );
          expect(prepared.files.length).toBe(isSame ? 0 : 1);
          await prepared.stage();
          expect(await prepared.commit()).toEqual({ kind: 'committed' });

          const after = await readFile(path);
          expect(after.toString('latin1')).toBe(compose(edited, given).toString('latin1'));
          expect(readIndependently(after, given).slice(1)).toEqual(
            edited.map(({ cells: [note, first, street, city] }, index) => [
              note.text,
              String(index),
              first.text,
              'elev',
              street.text,
              city.text,
            ]),
          );
          expect(await readdir(folder)).toEqual(['people.csv']);
        },
      ),
      { numRuns: 250 },
    );
  });
});

function shownQuoted({ text: content }: Cell, { delimiter }: Layout): boolean {
  return content.includes(delimiter) || /["\r\n]|^\s|\s$/.test(content);
}

describe('the cells of one record', () => {
  const dialect = fc.record({
    delimiter: fc.constantFrom<CsvDelimiter>(',', ';', '\t'),
    lineEnds: fc.constantFrom(['\r\n', '\n'], ['\r\n', '\n', '\r']),
  });
  /** Close to CSV and often broken: csv-parse says which of them count. */
  const record = fc.string({
    unit: fc.constantFrom('a', '"', ',', ';', '\t', '\n', '\r', ' '),
    maxLength: 12,
  });

  it('are those that csv-parse reads, for every record that it takes', () => {
    fc.assert(
      fc.property(dialect, record, (given, content) => {
        const read = readFirst(content, given);
        fc.pre(read !== undefined);
        const bytes = Buffer.from(content.slice(0, read?.length));
        const cells = findCells(bytes, given).map((found) => Buffer.from(cellText(bytes, found)).toString());
        expect(cells).toEqual(read?.record);
      }),
      { numRuns: 2000 },
    );
  });

  it('read as what they were made of', () => {
    fc.assert(
      fc.property(dialect, fc.array(cell, { minLength: 2, maxLength: 5 }), (given, cells) => {
        const made = cells.map((one) => formatCell(one.text, one.quoted, given)).join(given.delimiter);
        expect(readFirst(`${made}\n`, given)?.record).toEqual(cells.map((one) => one.text));
        const bytes = Buffer.from(made);
        expect(findCells(bytes, given).map((span) => Buffer.from(cellText(bytes, span)).toString())).toEqual(
          cells.map((one) => one.text),
        );
      }),
    );
  });

  function readFirst(content: string, given: CsvDialect): { record: string[]; length: number } | undefined {
    try {
      let length = 0;
      const found: string[][] = parse(content, {
        delimiter: given.delimiter,
        record_delimiter: [...given.lineEnds],
        skip_empty_lines: true,
        to: 1,
        on_record: (record: string[], info) => {
          length = info.bytes;
          return record;
        },
      });
      return found[0] === undefined ? undefined : { record: found[0], length };
    } catch {
      return undefined;
    }
  }
});

describe('what an encoding can hold', () => {
  it('comes back the same', () => {
    const encoding = fc.constantFrom<'utf-8' | 'windows-1252' | 'iso-8859-1'>(
      'utf-8',
      'windows-1252',
      'iso-8859-1',
    );
    const anything = fc.string({
      unit: fc.oneof(fc.string({ unit: 'binary', maxLength: 1 }), fc.constantFrom('\ud800', '\0', '€')),
    });
    fc.assert(
      fc.property(encoding, anything, (name, content) => {
        fc.pre(canEncode(content, name));
        const bytes = name === 'utf-8' ? Buffer.from(content) : iconv.encode(content, name);
        expect(iconv.decode(bytes, name, { stripBOM: false })).toBe(content);
      }),
    );
  });
});
