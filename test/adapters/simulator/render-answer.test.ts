import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseStringPromise } from 'xml2js';
import { loadPopulation, POPULATION_FILE } from '../../../src/adapters/spar/simulator/population.ts';
import type { Post } from '../../../src/adapters/spar/simulator/post.ts';
import { createRenderer } from '../../../src/adapters/spar/simulator/render-answer.ts';
import { HAS_OFFICIAL_SCHEMA, type OfficialSchema, openOfficialSchema } from './official-schema.ts';

const ids = (JSON.parse(readFileSync(POPULATION_FILE, 'utf8')) as readonly { IdNummer: string }[]).map(
  ({ IdNummer }) => IdNummer,
);
const population = await loadPopulation();
const r2021 = createRenderer('2021.1');
const r2023 = createRenderer('2023.1');

function postOf(id: string): Post {
  const post = population.find(id);
  if (post === undefined) throw new Error('not in the population');
  return post;
}

/** Local names in document order, without prefixes: what the shape of an answer is. */
function names(xml: string): string[] {
  return [...xml.matchAll(/<(?:\w+:)?(\w+)[ >]/g)].map(([, name = '']) => name);
}

describe.skipIf(!HAS_OFFICIAL_SCHEMA)(
  'answers against the official 2021.1 schema (skipped: no schema beside the project)',
  () => {
    let schema: OfficialSchema;
    beforeAll(async () => {
      schema = await openOfficialSchema('PersonsokningSvar.xsd');
    });

    it.each(ids)('%s', (id) => {
      const post = postOf(id);
      for (const permissions of [[], ['Relationer'], ['Relationer', 'Medborgarskap']] as const) {
        expect(schema.complaints(r2021.answer(id, [r2021.post(post, permissions)]))).toBe('');
      }
    });

    it('not found, and an exception', () => {
      expect(schema.complaints(r2021.answer('201501122384', []))).toBe('');
      expect(schema.complaints(r2021.exception('201501122384', 'GENERELLT_FEL', 'a < b & c'))).toBe('');
    });

    it('complains of an answer that lacks a mark', () => {
      const post = { ...postOf('201501122384'), SkyddadFolkbokforing: null };
      expect(schema.complaints(r2021.answer('201501122384', [r2021.post(post, [])]))).toContain('Sekretess');
    });
  },
);

describe('an answer', () => {
  it('has the shape that SPAR gives an ordinary post', () => {
    const xml = r2021.answer('199002092386', [r2021.post(postOf('199002092386'), [])]);
    expect(names(xml)).toEqual(
      (
        'Envelope Body SPARPersonsokningSvar PersonsokningFraga IdNummer PersonsokningSvarspost PersonId IdNummer Typ ' +
        'Sekretessmarkering SkyddadFolkbokforing SenasteAndringSPAR Namn DatumFrom DatumTill Fornamn Tilltalsnamn ' +
        'Mellannamn Efternamn Persondetaljer DatumFrom DatumTill Sekretessmarkering SkyddadFolkbokforing Fodelsedatum ' +
        'Kon Folkbokforing DatumFrom DatumTill FolkbokfordLanKod FolkbokfordKommunKod Hemvist Folkbokforingsdatum ' +
        'Folkbokforingsadress SvenskAdress DatumFrom DatumTill Utdelningsadress2 PostNr Postort UUID'
      ).split(' '),
    );
  });

  it.each([
    ['2021.1', r2021, 'ns25', 25],
    ['2023.1', r2023, 'ns26', 26],
  ] as const)(
    'declares every namespace of %s on the root, the answer under %s',
    (version, renderer, prefix, count) => {
      const xml = renderer.answer('199002092386', []);
      expect(xml).toContain(`<${prefix}:SPARPersonsokningSvar xmlns="`);
      expect(xml).toContain(
        `xmlns:${prefix}="http://statenspersonadressregister.se/schema/personsok/${version}/personsokningsvar"`,
      );
      expect([...xml.matchAll(/ xmlns(?::ns\d+)?="/g)]).toHaveLength(count);
    },
  );

  it('carries relations only with the permission', () => {
    const post = postOf('201501122384');
    expect(names(r2021.post(post, []))).not.toContain('Relation');
    expect(names(r2021.post(post, ['Relationer'])).filter((name) => name === 'Relation')).toHaveLength(2);
  });

  it('of somebody protected is the marks alone, with the attribute where SPAR set the mark', () => {
    expect(r2021.post(postOf('201508032396'), ['Relationer'])).toBe(
      '<ns25:PersonsokningSvarspost><ns4:PersonId><ns4:IdNummer>201508032396</ns4:IdNummer><ns4:Typ>PERSONNUMMER</ns4:Typ>' +
        '</ns4:PersonId><ns5:Sekretessmarkering sattAvSPAR="JA">JA</ns5:Sekretessmarkering>' +
        '<ns5:SkyddadFolkbokforing>JA</ns5:SkyddadFolkbokforing>' +
        '<ns5:SkyddadFolkbokforingDatum>2025-09-22</ns5:SkyddadFolkbokforingDatum></ns25:PersonsokningSvarspost>',
    );
    expect(names(r2021.post(postOf('199010172386'), [])).slice(3)).toEqual([
      'Typ',
      'Sekretessmarkering',
      'SekretessDatum',
      'SkyddadFolkbokforing',
    ]);
  });

  it('has the elements of 2023.1 in 2023.1 only, in their place', () => {
    const newcomer = postOf('201410862393');
    expect(names(r2021.post(newcomer, []))).not.toContain('SnIdentitetsniva');
    const shape = names(r2023.post(newcomer, []));
    expect(shape.slice(shape.indexOf('Kon'), shape.indexOf('Kon') + 4)).toEqual([
      'Kon',
      'SnIdentitetsniva',
      'SnIdentitetsnivaDatum',
      'SnTilldelningsdatum',
    ]);
    const emigrated = postOf('199101092394');
    expect(names(r2021.post(emigrated, []))).not.toContain('Utvandrad');
    expect(names(r2023.post(emigrated, []))).toContain('Aterinlasningsdatum');
  });

  it('keeps rows without dates, and a newline inside a name', () => {
    expect(names(r2021.post(postOf('199011292399'), []))).not.toContain('DatumFrom');
    expect(r2021.post(postOf('199207122384'), [])).toContain('Fornamn>Mirjam\n</');
  });

  it('gives back any text, whatever characters it holds', async () => {
    const text = fc.string({
      unit: fc.constantFrom('a', 'ö', '&', '<', '>', '"', "'", ']', '\n', '\r', '𝕏', ' x'),
    });
    await fc.assert(
      fc.asyncProperty(text, async (surname) => {
        const post: Post = { IdNummer: '199002092386', Namn: [{ Efternamn: `x${surname}x` }] };
        const root: unknown = await parseStringPromise(
          `<r xmlns:ns4="a" xmlns:ns5="b" xmlns:ns2="c" xmlns:ns7="d" xmlns:ns8="e" xmlns:ns10="f" xmlns:ns25="g">${r2021.post(post, [])}</r>`,
        );
        expect(JSON.stringify(root)).toContain(
          JSON.stringify({ 'ns7:Efternamn': [`x${surname}x`] }).slice(1, -1),
        );
      }),
      { numRuns: 50 },
    );
  });
});
