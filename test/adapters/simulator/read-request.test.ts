import { beforeAll, describe, expect, it } from 'vitest';
import { readRequest } from '../../../src/adapters/spar/simulator/read-request.ts';
import { question } from './ask-simulator.ts';
import { HAS_OFFICIAL_SCHEMA, type OfficialSchema, openOfficialSchema } from './official-schema.ts';

const VALID = question();

/** Changes to a valid question, each of which the schema refuses too. */
const AGAINST_THE_SCHEMA: readonly (readonly [what: string, xml: string])[] = [
  ['kundnummer too small', question({ customer: '500000' })],
  ['kundnummer too large', question({ receiver: '600000' })],
  ['kundnummer of letters', question({ customer: 'ABC' })],
  ['kundnummer with decimals', question({ customer: '500243.0' })],
  ['uppdrag 0', question({ assignment: '0' })],
  ['uppdrag negative', question({ assignment: '-637' })],
  ['uppdrag beyond a long', question({ assignment: '9223372036854775808' })],
  ['no user', question({ user: '' })],
  ['user of 257 characters', question({ user: 'å'.repeat(257) })],
  ['a permission of no such name', question({ permissions: ['Allt'] })],
  ['a permission in small letters', question({ permissions: ['relationer'] })],
  ['five permissions', question({ permissions: Array.from({ length: 5 }, () => 'Relationer') })],
  ['ten digits', question({ id: '0501122384' })],
  ['a dash', question({ id: '20150112-2384' })],
  ['a zero in front', question({ id: '000000000000' })],
  ['a blank after the number', question({ id: '201501122384 ' })],
  ['an unknown attribute', VALID.replace('<i:UppdragId>', '<i:UppdragId x="1">')],
  ['text between elements', VALID.replace('</i:UppdragId>', '</i:UppdragId>x')],
  ['an element too many', VALID.replace('</s:PersonsokningFraga>', '<s:More/></s:PersonsokningFraga>')],
  ['an element missing', VALID.replace('<i:UppdragId>637</i:UppdragId>', '')],
  [
    'the wrong order',
    VALID.replace('<i:UppdragId>637</i:UppdragId>', '').replace(
      '<i:KundNrLev',
      '<i:UppdragId>637</i:UppdragId><i:KundNrLev',
    ),
  ],
  [
    'permission before the user',
    question({ user: 'x' }).replace(
      '<i:SlutAnvandarId>x</i:SlutAnvandarId>',
      '<i:SlutAnvandarUtokadBehorighet>Relationer</i:SlutAnvandarUtokadBehorighet><i:SlutAnvandarId>x</i:SlutAnvandarId>',
    ),
  ],
  ['an element of the wrong namespace', VALID.replaceAll('p:IdNummer', 's:IdNummer')],
  ['a component of another version', VALID.replace('person-1.2', 'person-1.3')],
  ['the question of another version', question({ schema: '2023.1' })],
  ['an element inside text', VALID.replace('>637<', '><b>637</b><')],
];

const ALLOWED: readonly (readonly [what: string, xml: string])[] = [
  ['an ordinary question', VALID],
  ['all permissions', question({ permissions: ['Relationer', 'Medborgarskap', 'Taxering', 'Sekretess'] })],
  ['blanks around numbers', question({ customer: ' 500243\n', assignment: ' +637 ' })],
  ['a user of 256 characters, some outside the first plane', question({ user: '𝕏'.repeat(256) })],
  [
    'an attribute of xsi',
    VALID.replace('<i:UppdragId>', '<i:UppdragId xsi:type="i:UppdragIdTYPE">').replace(
      'xsi:type="i:UppdragIdTYPE"',
      '',
    ),
  ],
  ['a comment', VALID.replace('<i:UppdragId>', '<!-- <x> --><i:UppdragId>')],
  ['CDATA', VALID.replace('>637<', '><![CDATA[637]]><')],
];

describe('a question', () => {
  it('is read', () => {
    const xml = question({
      permissions: ['Relationer'],
      user: 'A &amp; B &#229;',
      assignment: '9223372036854775807',
    });
    expect(readRequest(xml, '2021.1')).toEqual({
      kind: 'question',
      question: {
        kundNrLeveransMottagare: 500243,
        kundNrSlutkund: 500243,
        uppdragId: '9223372036854775807',
        slutAnvandarId: 'A & B å',
        permissions: ['Relationer'],
        id: '201501122384',
      },
    });
  });

  it('of 2023.1 is read as 2023.1', () => {
    expect(readRequest(question({ schema: '2023.1' }), '2023.1').kind).toBe('question');
  });

  it.each(ALLOWED)('is taken with %s', (_, xml) => {
    expect(readRequest(xml, '2021.1').kind).toBe('question');
  });

  it.each(AGAINST_THE_SCHEMA)('is refused with %s', (_, xml) => {
    expect(readRequest(xml, '2021.1').kind).toBe('invalid');
  });

  it('may carry an empty header', () => {
    expect(readRequest(VALID.replace('<soap:Body>', '<soap:Header/><soap:Body>'), '2021.1').kind).toBe(
      'question',
    );
  });

  it.each([
    ['a DOCTYPE', VALID.replace('?>', '?><!DOCTYPE x [<!ENTITY e "1">]>')],
    ['an entity of its own', VALID.replace('637', '&e;')],
    ['a processing instruction', VALID.replace('<soap:Body>', '<?php ?><soap:Body>')],
    ['a prefix that is not declared', VALID.replaceAll('i:UppdragId', 'u:UppdragId')],
    ['a tag that is not closed', VALID.replace('</soap:Body>', '')],
    ['crossed tags', VALID.replace('637</i:UppdragId>', '637</i:SlutAnvandarId>')],
    ['two roots', `${VALID}<x/>`],
    ['an attribute twice', VALID.replace('<f:SPAR', '<f:SPAR a="1" a="2" ')],
    [
      'SOAP 1.2',
      VALID.replace('http://schemas.xmlsoap.org/soap/envelope/', 'http://www.w3.org/2003/05/soap-envelope'),
    ],
    ['nothing', ''],
    ['text', 'hello'],
    ['JSON', '{"a":"<"}'],
  ])('is refused with %s', (_, xml) => {
    expect(readRequest(xml, '2021.1').kind).toBe('invalid');
  });

  it('that is refused is answered without what stood in it', () => {
    const answer = readRequest(question({ user: 'x'.repeat(300), id: '19900209238' }), '2021.1');
    expect(JSON.stringify(answer)).not.toMatch(/xxx|1990/);
  });
});

describe.skipIf(!HAS_OFFICIAL_SCHEMA)(
  'the official 2021.1 schema agrees (skipped: no schema beside the project)',
  () => {
    let schema: OfficialSchema;
    const body = (xml: string) =>
      xml
        .slice(xml.indexOf('<f:SPAR'), xml.indexOf('</soap:Body>'))
        .replace(
          'xmlns:f=',
          'xmlns:i="http://statenspersonadressregister.se/schema/komponent/metadata/identifieringsinformationWs-1.1" xmlns:f=',
        );
    beforeAll(async () => {
      schema = await openOfficialSchema('PersonsokningFraga.xsd');
    });

    it.each(ALLOWED)('takes %s', (_, xml) => {
      expect(schema.complaints(body(xml))).toBe('');
    });

    it.each(AGAINST_THE_SCHEMA)('refuses %s', (_, xml) => {
      expect(schema.complaints(body(xml))).not.toBe('');
    });
  },
);
