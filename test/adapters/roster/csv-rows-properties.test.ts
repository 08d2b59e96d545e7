import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import iconv from 'iconv-lite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CsvDelimiter } from '../../../src/adapters/roster/csv/csv-dialect.ts';
import { openCsvRoster } from '../../../src/adapters/roster/csv/csv-roster.ts';
import type { PreparedWrite, Roster } from '../../../src/app/roster-port.ts';
import type { RosterEntry } from '../../../src/domain/roster.ts';
import type { AddedLink, AddedRow } from '../../../src/domain/roster-write.ts';
import {
  type CarriedOut,
  carryOut,
  edit,
  prepare,
  readAll,
  readAllLinks,
} from '../../contract/roster-trial.ts';

interface Layout {
  readonly encoding: 'utf8' | 'utf8 with mark' | 'windows-1252';
  readonly delimiter: CsvDelimiter;
  /** The line ends that stand among the rows. */
  readonly lineEnds: readonly string[];
  readonly finalNewline: boolean;
  readonly quotedHeaders: boolean;
}

const layout: fc.Arbitrary<Layout> = fc.record({
  encoding: fc.constantFrom('utf8', 'utf8 with mark', 'windows-1252'),
  delimiter: fc.constantFrom<CsvDelimiter>(',', ';', '\t'),
  lineEnds: fc.constantFrom(['\n'], ['\r\n'], ['\n', '\r\n'], ['\r']),
  finalNewline: fc.boolean(),
  quotedHeaders: fc.boolean(),
});

interface Cell {
  readonly text: string;
  readonly quoted: boolean;
}

// The euro sign always behind a letter: two bytes of Windows-1252 must not make one character of UTF-8.
const text = fc.string({
  unit: fc.constantFrom('a', '1', '=', ' ', 'Å', 'é', 'x€', '"', ',', ';', '\t', '\n', '\r\n'),
  maxLength: 4,
});
const plainText = fc.string({ unit: fc.constantFrom('a', 'b', '1', '='), maxLength: 3 });
const cell: fc.Arbitrary<Cell> = fc.record({ text: fc.oneof(plainText, text), quoted: fc.boolean() });

const row = fc.record({
  cells: fc.tuple(cell, cell, cell, cell),
  type: fc.constantFrom('elev', 'Guardian', 'Vårdnadshavare', ' personal'),
  lineEnd: fc.nat(),
  blankLines: fc.constantFrom(0, 0, 0, 1, 2),
  /** A line that is no row of ours, before this one. */
  stranger: fc.constantFrom(undefined, undefined, undefined, 'ragged', 'blanks'),
});

type MadeRow = typeof row extends fc.Arbitrary<infer R> ? R : never;

const rows = fc.array(row, { maxLength: 7 });

/** A file as one would write it by hand. */
function compose(
  headers: readonly string[],
  lines: readonly MadeRow[],
  given: Layout,
  links = false,
): Buffer {
  const { delimiter, lineEnds, finalNewline } = given;
  function shown({ text: content, quoted }: Cell): string {
    const needed = content.includes(delimiter) || /["\r\n]/.test(content);
    return quoted || needed ? `"${content.replaceAll('"', '""')}"` : content;
  }
  function endOf(at: number): string {
    return lineEnds[at % lineEnds.length] ?? '\n';
  }
  const head = headers.map((header) => (given.quotedHeaders ? `"${header}"` : header)).join(delimiter);
  const pieces = lines.flatMap(({ cells: [one, two, three, four], type, ...made }, index) => {
    const id = String(index + 100);
    const record = links
      ? [shown(one), '1', shown(two), id, shown(three)]
      : [shown(one), id, shown(two), type, shown(three), shown(four)];
    const strange = { ragged: `x${delimiter}y`, blanks: delimiter.repeat(record.length - 1) };
    return [
      ...(made.stranger === undefined ? [] : [strange[made.stranger] + endOf(made.lineEnd)]),
      record.join(delimiter),
      endOf(made.lineEnd).repeat(1 + made.blankLines),
    ];
  });
  const content = [head, endOf(0), ...pieces].slice(0, finalNewline ? undefined : -1).join('');
  return given.encoding === 'utf8 with mark'
    ? Buffer.from(`\ufeff${content}`)
    : iconv.encode(content, given.encoding);
}

const picks = fc.array(fc.boolean(), { minLength: 7, maxLength: 7 });

const coming = fc.record({ first: text, street: fc.option(text, { nil: undefined }), relation: text });

describe('rows and links that come and go, in any table of any dialect', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'spar-sync-csv-'));
  });

  afterAll(() => rm(folder, { recursive: true }));

  const FILES = ['people.csv', 'links.csv'];

  async function bytes(): Promise<string[]> {
    return Promise.all(FILES.map((name) => readFile(join(folder, name), 'latin1')));
  }

  async function setUp(people: readonly MadeRow[], links: readonly MadeRow[], given: Layout): Promise<void> {
    const headers = ['anm', 'id', 'first_name', 'type', 'street', 'anm'];
    await writeFile(join(folder, 'people.csv'), compose(headers, people, given));
    const linkHeaders = ['anm', 'student_id', 'relation', 'guardian_id', 'source'];
    await writeFile(join(folder, 'links.csv'), compose(linkHeaders, links, given, true));
  }

  /** Opened anew, as another run would. */
  async function readAnew() {
    const roster = await openCsvRoster({
      files: [{ path: join(folder, 'people.csv'), name: 'people.csv' }],
      links: { path: join(folder, 'links.csv'), name: 'links.csv' },
    });
    return { roster, ...(await readAll(roster)), links: (await readAllLinks(roster)).links };
  }

  async function carriedOut(roster: Roster, wanted: Parameters<typeof prepare>[1]): Promise<Journalled> {
    const prepared = await prepare(roster, wanted);
    const written = await carryOut(prepared);
    expect(written).toMatchObject({ kind: 'committed', refused: [], refusedLinks: [] });
    expect((await readdir(folder)).sort()).toEqual(FILES.toSorted());
    return JSON.parse(JSON.stringify({ ...prepared, written }));
  }

  type Journalled = PreparedWrite & { readonly written: CarriedOut };

  function comeBack({ removedRows, removedLinks }: Journalled) {
    return {
      addedRows: removedRows.map((one): AddedRow => ({ kind: 'restored', ...one })),
      addedLinks: removedLinks.map((one): AddedLink => ({ kind: 'restored', ...one })),
    };
  }

  it('what goes and comes back leaves every byte as it was', async () => {
    await fc.assert(
      fc.asyncProperty(layout, rows, rows, picks, picks, async (given, people, linked, going, goingLinks) => {
        await setUp(people, linked, given);
        const before = await bytes();
        const { roster, entries, links } = await readAnew();
        expect(entries).toHaveLength(people.length);
        expect(links).toHaveLength(linked.length);
        const gone = await carriedOut(roster, {
          removedRows: entries.filter((_, index) => going[index]),
          removedLinks: links
            .filter((_, index) => goingLinks[index])
            .map(({ place, student, guardian }) => ({ place, link: { student, guardian } })),
        });
        const after = await readAnew();
        expect(after.entries.map(withoutPlace)).toEqual(
          entries.filter((_, index) => !going[index]).map(withoutPlace),
        );
        expect(after.links).toHaveLength(linked.filter((_, index) => !goingLinks[index]).length);

        await carriedOut(after.roster, comeBack(gone));
        expect(await bytes()).toEqual(before);
      }),
      { numRuns: 60 },
    );
  });

  it('what goes in two runs and comes back in two leaves every byte as it was', async () => {
    await fc.assert(
      fc.asyncProperty(layout, rows, picks, picks, async (given, people, first, second) => {
        await setUp(people, [], given);
        const before = await bytes();
        const one = await readAnew();
        const gone = await carriedOut(one.roster, {
          removedRows: one.entries.filter((_, index) => first[index]),
        });
        const two = await readAnew();
        const goneToo = await carriedOut(two.roster, {
          removedRows: two.entries.filter((_, index) => second[index]),
        });
        await carriedOut((await readAnew()).roster, comeBack(goneToo));
        await carriedOut((await readAnew()).roster, comeBack(gone));
        expect(await bytes()).toEqual(before);
      }),
      { numRuns: 40 },
    );
  });

  it('what comes, goes, moves and is edited in one write is undone by one write', async () => {
    const comings = fc.array(coming, { maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(
        layout,
        rows,
        rows,
        picks,
        picks,
        comings,
        async (given, people, linked, going, editing, added) => {
          await setUp(people, linked, given);
          const before = await bytes();
          const { roster, entries, links } = await readAnew();
          const removedRows = entries.filter((_, index) => going[index]);
          const edited = entries.filter((entry, index) => !going[index] && editing[index] && isPlain(entry));
          const moved = links.filter((_, index) => !going[index] && editing[index]);
          const fits = added.filter(({ first, street, relation }) =>
            [first, street ?? '', relation].every((one) => roster.sources[0]?.canHold(one)),
          );
          const done = await carriedOut(roster, {
            edits: edited.map((entry) => edit(entry, { street: 'plain' })),
            removedRows,
            removedLinks: links.filter((_, index) => going[index]).map(asLink),
            movedLinks: moved.map((link) => ({ ...asLink(link), toGuardian: `${link.guardian}0` })),
            addedRows: fits.map(({ first, street }, index) => ({
              kind: 'new',
              key: { type: 'guardian', id: String(500 + index) },
              givenByRoster: false,
              cells: { first_name: first, ...(street === undefined ? {} : { street }) },
            })),
            addedLinks: fits.map(({ relation }, index) => ({
              kind: 'new',
              link: { student: '1', guardian: String(500 + index) },
              source: 'spar',
              relation,
            })),
          });

          const after = await readAnew();
          const streetOf = new Set(edited.map(({ key }) => key.id));
          expect(after.entries.map(({ key, cells }) => [key.id, cells.first_name, cells.street])).toEqual([
            ...entries
              .filter((entry) => !removedRows.includes(entry))
              .map(({ key, cells }) => [
                key.id,
                cells.first_name,
                streetOf.has(key.id) ? 'plain' : cells.street,
              ]),
            ...fits.map(({ first, street }, index) => [String(500 + index), first, street ?? '']),
          ]);
          expect(after.links.slice(after.links.length - fits.length).map((link) => link.relation)).toEqual(
            fits.map(({ relation }) => relation),
          );

          const old = new Map(entries.map((entry) => [entry.key.id, entry]));
          const whole = new Map(
            done.written.kind === 'committed' ? done.written.added.map((one) => [one.key.id, one.whole]) : [],
          );
          await carriedOut(after.roster, {
            ...comeBack(done),
            edits: after.entries
              .filter(({ key }) => streetOf.has(key.id))
              .map((entry) => edit(entry, { street: old.get(entry.key.id)?.cells.street ?? '' })),
            removedRows: after.entries.flatMap((entry) => {
              const expected = whole.get(entry.key.id);
              return expected === undefined ? [] : [{ ...entry, whole: expected }];
            }),
            removedLinks: after.links.filter(({ guardian }) => whole.has(guardian)).map(asLink),
            movedLinks: after.links
              .filter(({ guardian }) => guardian.length === 4)
              .map((link) => ({ ...asLink(link), toGuardian: link.guardian.slice(0, 3) })),
          });
          expect(await bytes()).toEqual(before);
        },
      ),
      { numRuns: 60 },
    );
  });
});

function withoutPlace({ key, cells }: RosterEntry) {
  return { key, cells };
}

/** Its street can be edited and edited back without quotes that come and stay. */
function isPlain({ cells }: RosterEntry): boolean {
  return /^[ab1=]*$/.test(cells.street ?? '');
}

function asLink({ place, student, guardian }: Awaited<ReturnType<typeof readAllLinks>>['links'][number]) {
  return { place, link: { student, guardian } };
}
