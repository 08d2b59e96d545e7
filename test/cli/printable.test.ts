import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  maskNumberCell,
  maskNumbers,
  printable,
  printableJson,
  printableShort,
} from '../../src/adapters/report/printable.ts';

/** Text in which what steers a terminal is common. */
const hostileText = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        '\u001B',
        '\u001B[',
        '\u009B',
        '\u001B]8;;',
        '\u0007',
        '\u001B\\',
        '\r\n',
        '31m',
        '2J',
        '\u202E',
        '\uD800',
      ),
    ),
  )
  .map((parts) => parts.join(''));

describe('printable', () => {
  it.each([
    ['Åsa Öberg-Ek', 'Åsa Öberg-Ek'],
    ['\u001B[31mred\u001B[0m', 'red'],
    ['\u001B]0;title\u0007text', 'text'],
    ['\u001B]8;;http://example.com\u0007link\u001B]8;;\u0007', 'link'],
    ['a\r\nb\nc\td\u2028e', 'a b c d e'],
    ['a\u0000b\u0008c\u007Fd', 'a\uFFFDb\uFFFDc\uFFFDd'],
    ['1\u202E2', '1\uFFFD2'],
    ['half \uD83D', 'half \uFFFD'],
    ['family 👩‍👧', 'family 👩‍👧'],
  ])('shows %j as %j', (text, shown) => {
    expect(printable(text)).toBe(shown);
  });

  it('leaves one line without any control character', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        expect(printable(text)).not.toMatch(
          /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u200E\u200F\u202A-\u202E\u2066-\u2069]/u,
        );
      }),
    );
  });

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        expect(printable(printable(text))).toBe(printable(text));
      }),
    );
  });

  it('leaves ordinary text alone', () => {
    const ordinary = fc.string({ unit: fc.constantFrom(...'abcåäöÅÄÖéü 0123456789-,.:/()\'"') });
    fc.assert(
      fc.property(ordinary, (text) => {
        expect(printable(text)).toBe(text);
      }),
    );
  });

  it('cuts by whole characters', () => {
    fc.assert(
      fc.property(hostileText, fc.integer({ min: 1, max: 50 }), (text, length) => {
        const short = printableShort(text, length);
        expect([...short].length).toBeLessThanOrEqual(length);
        expect(short).not.toMatch(/\p{Cs}/u);
      }),
    );
  });
});

describe('printableJson', () => {
  it('says the same, without any control character', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const json = printableJson(JSON.stringify([text]));
        expect(JSON.parse(json)).toEqual([text]);
        expect(json).not.toMatch(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u200E\u200F\u202A-\u202E\u2066-\u2069]/u);
      }),
    );
    expect(printableJson('"\u{E0041}\u009b"')).toBe('"\\udb40\\udc41\\u009b"');
  });
});

describe('a personnummer', () => {
  it.each([
    ['199002262393', '19900226-****'],
    ['19900226-2393', '19900226-****'],
    ['900226+2393', '900226+****'],
    ['199002862398', '19900286-****'],
    ['row 9002262393, again', 'row 900226-****, again'],
    ['student:20150112-2384', 'student:20150112-****'],
    ['20100101-TF01', '20100101-****'],
    ['900226–2393', '900226-****'],
    ['900226 - 2393', '900226-****'],
    ['900226_2393', '900226-****'],
    ['900226/2393', '900226-****'],
    ['900226.2393', '900226-****'],
    ['19 900226 2393', '19 900226-****'],
    ['1990 02 26 2393', '19900226-****'],
    ['1990-02-26-2393', '19900226-****'],
    ['p199002262393', 'p19900226-****'],
    ['nr199002262393:', 'nr19900226-****:'],
    ['１９９００２２６２３９３', '19900226-****'],
    ['roster/201501122384.csv', 'roster/20150112-****.csv'],
    ['roster/201501122384/people.csv', 'roster/20150112-****/people.csv'],
  ])('is masked in a text: %j', (text, masked) => {
    expect(maskNumbers(text)).toBe(masked);
  });

  it.each([
    '17',
    '2026-11-23',
    '2026-11-23T05:57:05.123Z',
    'from 2026-11-29 – 2026-11-29, or 2026-11-29-2026-11-29',
    'A-12345',
    '1234567890123',
    '98765432109',
    'customer 500243, order 637',
    'organisation number 165560360793 or 556036-0793',
    'day 41: 199001412380',
    'phone 070-174 06 15 or 0701 74 06 15',
    // An UUID of SPAR's, a digest, the backup of a night, and what mktemp makes.
    '20101231-1234-4123-8123-199001142380',
    '5f2010123123831990011423809c',
    '/backup/20261123-0231/people.csv',
    'backup-20261123-0231.csv',
    'C:\\backup\\202611230231\\people.csv',
    '/tmp/spar-sync-AbC123/config.json:14:7',
    'https://127.0.0.1:8443/2021.1/',
  ])('is not seen in %j', (text) => {
    expect(maskNumbers(text)).toBe(text);
  });

  it.each([
    ['', ''],
    ['199002262393', '19900226-****'],
    ['20100101-TF01', '20100101-****'],
    ['T123', '-****'],
    ['1990 0226 2393', '19900226-****'],
  ])('is masked in its own column whatever stands there: %j', (cell, masked) => {
    expect(maskNumberCell(cell)).toBe(masked);
  });
});
