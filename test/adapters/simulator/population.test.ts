import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  createPopulation,
  loadPopulation,
  POPULATION_FILE,
} from '../../../src/adapters/spar/simulator/population.ts';
import { completePost, type Post } from '../../../src/adapters/spar/simulator/post.ts';

const posts = JSON.parse(readFileSync(POPULATION_FILE, 'utf8')) as readonly Post[];
const LIST = new URL('../../../../shared/spar/test-personnummer.txt', import.meta.url);

async function loadText(text: string): Promise<unknown> {
  const folder = await mkdtemp(join(tmpdir(), 'population-'));
  const file = join(folder, 'population.json');
  await writeFile(file, text);
  try {
    return await loadPopulation(file);
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe('loading a population', () => {
  it.each([
    ['[{"IdNummer":"199002092386","Namn":[{"Förnamn":"x"}]}]', /\[0\]\.Namn\[0\]\.Förnamn is unknown/],
    ['[{"IdNummer":"9002092386"}]', /\[0\]\.IdNummer is not twelve digits/],
    ['[{"IdNummer":"199002092386","Namn":{"Fornamn":"x"}}]', /\[0\]\.Namn is not an array/],
    ['[{"IdNummer":"199002092386","Typ":7}]', /\[0\]\.Typ is not text/],
    ['[{"IdNummer":"199002092386","Sekretessmarkering":{"sattAv":"JA"}}]', /Sekretessmarkering is not text/],
    ['[7]', /\[0\] is not an object/],
    ['{}', /not an array/],
    ['[', /not JSON/],
  ])('%s', async (text, problem) => {
    await expect(loadText(text)).rejects.toMatchObject({
      code: 'config',
      message: expect.stringMatching(problem),
    });
  });

  it('from nowhere', async () => {
    await expect(loadPopulation('/nowhere/x.json')).rejects.toMatchObject({ code: 'config' });
  });

  it('refuses a number twice', () => {
    expect(() => createPopulation([{ IdNummer: '199002092386' }, { IdNummer: '199002092386' }])).toThrow(
      /same IdNummer/,
    );
  });
});

describe('the population that comes with the program', () => {
  it('loads', async () => {
    expect((await loadPopulation()).size).toBe(posts.length);
  });

  it('has numbers with right check digits', () => {
    const wrong = posts.filter(({ IdNummer }) => luhnSum(IdNummer.slice(2)) % 10 !== 0);
    expect(wrong.map(({ IdNummer }) => IdNummer)).toEqual([]);
  });

  it.skipIf(!existsSync(LIST))(
    "has only Skatteverket's test numbers (skipped: no list beside the project)",
    () => {
      const listed = new Set(readFileSync(LIST, 'utf8').match(/^\d{12}$/gm));
      // The others are SPAR's recorded test people, whose numbers are in the full list.
      const recorded = new Set(['200802172387', '198308299299']);
      const confirmed = new Set(['201201282397']);
      const strange = posts
        .map(({ IdNummer }) => IdNummer)
        .filter((id) => !listed.has(id) && !recorded.has(id) && !confirmed.has(id));
      expect(strange).toEqual([]);
    },
  );

  it('tells nothing of the protected but their marks', () => {
    const isProtected = posts.filter((post) => (post.Sekretessmarkering ?? 'NEJ') !== 'NEJ');
    expect(isProtected.length).toBeGreaterThanOrEqual(4);
    for (const post of isProtected) {
      expect(post).not.toHaveProperty('Namn');
      expect(post).not.toHaveProperty('Folkbokforingsadress');
      expect(post).not.toHaveProperty('Relation');
    }
  });

  it('knows every guardian that a relation names by number', () => {
    const known = new Set(posts.map(({ IdNummer }) => IdNummer));
    const named = posts.flatMap(({ Relation = [] }) => Relation.flatMap(({ IdNummer }) => IdNummer ?? []));
    expect(named.filter((id) => !known.has(id))).toEqual([]);
  });

  it.each<readonly [string, (post: Post) => boolean]>([
    ['Tilltalsnamn 20', hasCallName('20')],
    ['Tilltalsnamn 30', hasCallName('30')],
    ['Tilltalsnamn 40', hasCallName('40')],
    ['Tilltalsnamn 70', hasCallName('70')],
    ['Tilltalsnamn of two positions', hasCallName('23')],
    ['Mellannamn', ({ Namn = [] }) => Namn.some(({ Mellannamn }) => Mellannamn !== undefined)],
    ['no Fornamn', ({ Namn = [] }) => Namn.some(({ Fornamn }) => Fornamn === undefined)],
    ['a newline in Fornamn', ({ Namn = [] }) => Namn.some(({ Fornamn }) => Fornamn?.includes('\n'))],
    ['a former name', ({ Namn = [] }) => Namn.length > 1],
    ['sekretessmarkering', ({ Sekretessmarkering: mark }) => mark === 'JA'],
    [
      'skyddad folkbokföring',
      (post) => post.SkyddadFolkbokforing === 'JA' && typeof post.Sekretessmarkering === 'object',
    ],
    [
      'deceased with a current address',
      (post) => hasCode(post, 'AV') && (post.Folkbokforingsadress ?? []).length > 0,
    ],
    ['emigrated', (post) => hasCode(post, 'UV') && (post.Utlandsadress ?? []).length > 0],
    ['renumbered', (post) => hasCode(post, 'GN') && hasReference(post, 'Till')],
    ['a live successor', (post) => hasReference(post, 'Fran')],
    ['GS', (post) => hasCode(post, 'GS')],
    ['FI', (post) => hasCode(post, 'FI')],
    ['a reference of no kind', (post) => hasReference(post, undefined)],
    [
      'dead without a code',
      ({ Persondetaljer = [] }) => Persondetaljer.some((row) => row.SnAvlidendatum !== undefined),
    ],
    [
      'dormant',
      ({ Persondetaljer = [] }) => Persondetaljer.some((row) => row.SnVilandeorsak === 'TIDSFRIST'),
    ],
    ['broken characters', (post) => JSON.stringify(post).includes('Ã¿')],
    ['immunitetsnummer', ({ Typ }) => Typ === 'IMMUNITETSNUMMER'],
    ['Kontaktadress', ({ Kontaktadress = [] }) => Kontaktadress.length > 0],
    [
      'SarskildPostadress with c/o',
      ({ SarskildPostadress = [] }) => SarskildPostadress.some((row) => row.SvenskAdress?.CareOf),
    ],
    [
      'SarskildPostadress abroad',
      ({ SarskildPostadress = [] }) => SarskildPostadress.some((row) => row.InternationellAdress),
    ],
    [
      'På kommunen skriven',
      ({ Folkbokforing = [] }) => Folkbokforing.some((row) => row.Hemvist === 'På kommunen skriven'),
    ],
    [
      'Utdelningsadress1',
      (post) => JSON.stringify(post.Folkbokforingsadress ?? []).includes('Utdelningsadress1'),
    ],
    [
      'a guardian without id-nummer',
      ({ Relation = [] }) => Relation.some((row) => row.Fodelsetid !== undefined),
    ],
    ['an ended relation', ({ Relation = [] }) => Relation.some((row) => row.DatumTill !== undefined)],
    ['a dead guardian', ({ Relation = [] }) => Relation.some((row) => row.AvregistreringsorsakKod === 'AV')],
  ])('has %s', (_, fits) => {
    expect(posts.filter(fits).length).toBeGreaterThan(0);
  });
});

describe('what a post leaves out', () => {
  it('is what nearly everybody has', () => {
    const { Persondetaljer, Folkbokforing, ...rest } = completePost({
      IdNummer: '201410862393',
      Namn: [{ Efternamn: 'Abdi' }],
    });
    expect(rest).toMatchObject({
      Typ: 'SAMORDNINGSNUMMER',
      Sekretessmarkering: 'NEJ',
      SenasteAndringSPAR: '2019-12-02',
    });
    expect(Persondetaljer).toMatchObject([
      { Fodelsedatum: '2014-10-26', Kon: 'MAN', DatumTill: '9999-12-31' },
    ]);
    expect(Folkbokforing).toEqual([]);
  });

  it('stays out of a birth date that nobody knows', () => {
    const [details] = completePost({ IdNummer: '191500722390' }).Persondetaljer ?? [];
    expect(details).not.toHaveProperty('Fodelsedatum');
  });
});

function luhnSum(tenDigits: string): number {
  const products = [...tenDigits].map((digit, index) => Number(digit) * (index % 2 === 0 ? 2 : 1));
  return products.reduce((sum, product) => sum + (product > 9 ? product - 9 : product), 0);
}

function hasCallName(code: string): (post: Post) => boolean {
  return ({ Namn = [] }) => Namn.some(({ Tilltalsnamn }) => Tilltalsnamn === code);
}

function hasCode({ Persondetaljer = [] }: Post, code: string): boolean {
  return Persondetaljer.some(({ AvregistreringsorsakKod }) => AvregistreringsorsakKod === code);
}

function hasReference({ Persondetaljer = [] }: Post, kind: string | undefined): boolean {
  return Persondetaljer.some(({ Hanvisning = [] }) => Hanvisning.some(({ Typ }) => Typ === kind));
}
