import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import iconv from 'iconv-lite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readDecisionFile } from '../../../src/adapters/report/decision-file.ts';
import { renderDuplicatesCsv } from '../../../src/adapters/report/duplicates/duplicates-csv.ts';
import { PERSON_TYPES, type RowKey } from '../../../src/domain/roster.ts';
import { refusal } from '../../support/refusal.ts';
import { HIDDEN, TWICE, TWO_ROLES } from './sample-pairs.ts';

let folder: string;
let path: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'decisions-'));
  path = join(folder, 'duplicates.csv');
});

afterAll(() => rm(folder, { recursive: true }));

async function read(content: string | Uint8Array) {
  await writeFile(path, content);
  return (await readDecisionFile(path, 'duplicates.csv')).decisions;
}

async function problemsOf(content: string | Uint8Array) {
  await writeFile(path, content);
  const error = await refusal(readDecisionFile(path, 'duplicates.csv'));
  expect(error.code).toBe('decisions-unusable');
  expect(error.hint?.sv).toMatch(/CSV/);
  return error.text.en.split('\n');
}

const guardian = (id: string): RowKey => ({ type: 'guardian', id });

const HEADER = 'decision,keep,a,b,check';
const DECIDED = {
  line: 2,
  verdict: 'same',
  a: guardian('12'),
  b: guardian('31'),
  keep: guardian('12'),
  check: 'ab',
};

/** The file as the program writes it, with these words in `decision`. */
function decided(
  words: readonly string[],
  form: 'excel' | Parameters<typeof renderDuplicatesCsv>[1]['form'],
) {
  const bytes = renderDuplicatesCsv([TWICE, TWO_ROLES, HIDDEN], {
    language: 'sv',
    form,
    checkOf: ({ a, b }) => `${a.id}e${b.id}`,
  });
  const [header = [], ...rows] = parse(bytes, {
    bom: true,
    delimiter: form === 'excel' ? ';' : form.delimiter,
  });
  return [header, ...rows.map((row, index) => [words[index] ?? '', ...row.slice(1)])];
}

describe('a file of decisions', () => {
  it('says what a person wrote into it', async () => {
    const rows = decided(['same', 'different', ''], 'excel');
    expect(await read(stringify(rows, { delimiter: ';', record_delimiter: '\r\n', bom: true }))).toEqual([
      { line: 2, verdict: 'same', a: TWICE.a, b: TWICE.b, keep: TWICE.a, check: '12e31' },
      { line: 3, verdict: 'different', a: TWO_ROLES.a, b: TWO_ROLES.b, keep: TWO_ROLES.a, check: '7e7' },
    ]);
  });

  it.each(['same', 'SAME', ' Samma ', 'samma', '\u00A0same'])('%j means same', async (word) => {
    expect(await read(`${HEADER}\n${word},12,12,31,#ab\n`)).toEqual([DECIDED]);
  });

  it.each(['different', 'Olika', 'OLIKA '])('%j means different', async (word) => {
    expect(await read(`${HEADER}\n${word},,12,31,#ab\n`)).toEqual([
      { ...DECIDED, verdict: 'different', keep: undefined },
    ]);
  });

  it.each([
    ['semicolons and CRLF', 'decision;keep;a;b;check\r\nsame;12;12;31;#ab\r\n'],
    ['tabs', 'decision\tkeep\ta\tb\tcheck\nsame\t12\t12\t31\t#ab'],
    ['everything in quotes', '"decision","keep","a","b","check"\n"same","12","12","31","#ab"\n'],
    ['a byte order mark', `\uFEFF${HEADER}\nsame,12,12,31,#ab\n`],
    ['headers in capitals with blanks', ' Decision ,KEEP,A,B,Check\nsame,12,12,31,#ab\n'],
    ['blanks around the cells', `${HEADER}\nsame, 12 ,12,  31,#ab \n`],
    ['other columns in another order', 'note,b,a,check,decision,keep\nhej,31,12,#ab,same,12\n'],
    ['ids with their type', `${HEADER}\nsame,guardian:12,guardian:12,GUARDIAN: 31,#ab\n`],
    ['blank cells left out at the end', 'decision,keep,a,b,check,a_city,b_city\nsame,12,12,31,#ab\n'],
    ['blank cells added at the end', `${HEADER}\nsame,12,12,31,#ab,,,\n`],
    ['blank lines after it', `${HEADER}\nsame,12,12,31,#ab\n,,,,\n\n,,\n`],
    ['a digest without its sign', `${HEADER}\nsame,12,12,31,ab\n`],
    ['the same decision twice', `${HEADER}\nsame,12,12,31,#ab\nsame,12,31,12,#ab\n`],
  ])('is understood with %s', async (_, content) => {
    expect(await read(content)).toEqual([DECIDED]);
  });

  it('is understood in Windows-1252', async () => {
    const bytes = iconv.encode('decision;keep;a;b;check;a_city\nolika;;Åsa–€;b;#ab;Malmö\n', 'windows-1252');
    expect(await read(bytes)).toEqual([
      { line: 2, verdict: 'different', a: guardian('Åsa–€'), b: guardian('b'), keep: undefined, check: 'ab' },
    ]);
  });

  it('takes the kept row by its id alone where only one of the two has it', async () => {
    expect(await read(`${HEADER}\nsame,12,staff:12,31,#ab\n`)).toMatchObject([
      { keep: { type: 'staff', id: '12' } },
    ]);
  });

  it('tells the line in the file, whatever stands before', async () => {
    expect(await read(`\n${HEADER},note\n,1,1,2,#x,"two\nlines"\nsame,12,12,31,#ab,\n`)).toMatchObject([
      { line: 5 },
    ]);
  });

  it('may hold no decision', async () => {
    expect(await read(`${HEADER}\n,12,12,31,#ab\n`)).toEqual([]);
    expect(await read(`${HEADER}\n`)).toEqual([]);
  });

  it('names each pair as it was, after any way through a spreadsheet', async () => {
    const id = fc
      .oneof(
        fc.string({ unit: 'binary', minLength: 1, maxLength: 8 }),
        fc.stringMatching(/^[=+@'-][ -~]{1,6}$/),
        fc.stringMatching(/^(staff|guardian): ?\d{1,3}$/),
        fc.constantFrom(
          '007',
          '1-2',
          '1e5',
          'MAR1',
          'sann',
          'true',
          '201302282395',
          '1.5',
          '-5',
          '+46701234567',
        ),
      )
      .filter((text) => text.trim() === text && text !== '' && !/[\0\uD800-\uDFFF\uFEFF\uFFFD]/.test(text));
    const key = fc.record({ type: fc.constantFrom(...PERSON_TYPES), id });
    const pair = fc.uniqueArray(key, {
      minLength: 2,
      maxLength: 2,
      selector: ({ type, id }) => `${type}:${id}`,
    });
    await fc.assert(
      fc.asyncProperty(
        pair,
        fc.constantFrom(',', ';', '\t'),
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        fc.boolean(),
        fc.stringMatching(/^[0-9a-f]{1,12}$/),
        async ([a, b], delimiter, lineEnd, quoted, reversed, check) => {
          if (a === undefined || b === undefined) return;
          const written = renderDuplicatesCsv([{ ...HIDDEN, a, b, keep: b }], {
            language: 'sv',
            form: { delimiter, encoding: 'utf-8', lineEnd, bom: true },
            checkOf: () => check,
          });
          const table: string[][] = parse(written, { bom: true, delimiter, record_delimiter: lineEnd });
          const rows = table.map((row, index) => (index === 0 ? row : ['samma', ...row.slice(1)]));
          const edited = reversed ? rows.map((row) => row.toReversed()) : rows;
          const content = stringify(edited, {
            delimiter: ';',
            record_delimiter: '\r\n',
            quoted,
            quoted_match: /[\r\n]/,
          });
          expect(await read(content)).toEqual([{ line: 2, verdict: 'same', a, b, keep: b, check }]);
        },
      ),
      { numRuns: 150 },
    );
  });

  it.each(['007', '1-2', '1e5', 'MAR1', 'sann', '201302282395', '1.5', 'true', '12', 'g-12', 'uuid-1'])(
    'the id %s is nothing that a spreadsheet changes',
    (id) => {
      const bytes = renderDuplicatesCsv([{ ...HIDDEN, a: guardian(id) }], {
        language: 'en',
        form: 'excel',
        checkOf: () => '12e4',
      });
      const cells = bytes.toString('utf8').split('\r\n')[1]?.split(';') ?? [];
      expect(cells[2]).toBe(['12', 'g-12', 'uuid-1', 'sann'].includes(id) ? id : `guardian:${id}`);
      expect(cells.at(-1)).toBe('#12e4');
    },
  );
});

describe('a file of decisions that cannot be used', () => {
  it('is told everything that is wrong with it at once', async () => {
    expect(
      await problemsOf(
        [
          HEADER,
          'maybe,12,12,31,#ab',
          'same,,12,31,#ab',
          'same,99,12,31,#ab',
          'same,12,,31,#ab',
          'same,12,12,12,#ab',
          'same,12,12,31,',
          'same,12,12,31,#ab,stray',
          'same,12,12',
          'different,,12,31,#ab',
          'same,31,12,31,#ab',
          ',,,,',
        ].join('\n'),
      ),
    ).toMatchInlineSnapshot(`
      [
        "duplicates.csv, line 2: in \`decision\` stands something else than same or different",
        "duplicates.csv, line 3: in \`keep\` must stand the id of the row to keep, either that of \`a\` or that of \`b\`",
        "duplicates.csv, line 4: in \`keep\` must stand the id of the row to keep, either that of \`a\` or that of \`b\`",
        "duplicates.csv, line 5: the cell \`a\` or \`b\` is empty",
        "duplicates.csv, line 6: \`a\` and \`b\` are one and the same row",
        "duplicates.csv, line 7: the cell \`check\` is empty",
        "duplicates.csv, line 8: there are too many or too few cells, so it is not clear which is which",
        "duplicates.csv, line 9: there are too many or too few cells, so it is not clear which is which",
        "duplicates.csv, line 11: the pair is decided otherwise on line 10",
      ]
    `);
  });

  it('is told which columns are missing, and which are there twice', async () => {
    expect(await problemsOf('a,keep,a,grade\n12,12,31,x\n')).toEqual([
      'duplicates.csv, line 1: the column `decision` is missing',
      'duplicates.csv, line 1: there are several columns `a`',
      'duplicates.csv, line 1: the column `b` is missing',
      'duplicates.csv, line 1: the column `check` is missing',
    ]);
  });

  it('is told of a quote that is never closed, with what was wrong before it', async () => {
    expect(await problemsOf(`${HEADER}\nmaybe,12,12,31,#ab\n"same,12,12,31,#ab\n`)).toEqual([
      'duplicates.csv, line 2: in `decision` stands something else than same or different',
      'duplicates.csv, line 3: a quote that opens here is never closed',
    ]);
  });

  it('never repeats what stands in a cell', async () => {
    const told = await problemsOf(`${HEADER}\nLasse Öberg 198305039292,12,12,31,#ab\n`);
    expect(told.join()).not.toMatch(/Öberg|9292/);
  });

  it('has its first problems told, and how many more there are', async () => {
    const told = await problemsOf([HEADER, ...Array(50).fill('maybe,12,12,31,#ab')].join('\n'));
    expect(told).toHaveLength(21);
    expect(told.at(-1)).toBe('… and 30 more');
  });

  it.each([
    ['a workbook', Buffer.from('PK\x03\x04rest'), /Excel or zip file, not CSV/],
    ['UTF-16', Buffer.from('\uFEFFdecision', 'utf16le'), /UTF-16/],
    ['nothing', '', /empty/],
  ])('says so of %s', async (_, content, told) => {
    expect((await problemsOf(content)).join()).toMatch(told);
  });

  it('is not there', async () => {
    const error = await refusal(readDecisionFile(join(folder, 'missing.csv'), 'missing.csv'));
    expect([error.code, error.text.sv]).toEqual([
      'decisions-unusable',
      'missing.csv finns inte, eller får inte läsas.',
    ]);
    expect(error.hint?.en).toContain('duplicates --format csv');
  });

  it('is a folder', async () => {
    expect((await refusal(readDecisionFile(folder, 'decisions'))).code).toBe('decisions-unusable');
  });

  it('is larger than any such file', async () => {
    const huge = join(folder, 'huge.csv');
    const handle = await open(huge, 'w');
    await handle.truncate(51 * 1024 * 1024);
    await handle.close();
    expect((await refusal(readDecisionFile(huge, 'huge.csv'))).text.en).toMatch(/^huge\.csv: .*50 MB/);
  });
});
