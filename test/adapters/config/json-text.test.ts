import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readJson } from '../../../src/adapters/config/json-text.ts';

describe('readJson', () => {
  it.each<[string, string, number, number, RegExp]>([
    ['nothing', '', 1, 1, /ends too early/],
    ['an open bracket', '{\n  "a": 1', 2, 9, /ends too early/],
    ['an open text', '{"a": "x', 1, 9, /ends too early/],
    ['a comment', '{\n  // here\n  "a": 1\n}', 2, 3, /no comments/],
    ['a comment after a value', '{"a": 1 /* x */}', 1, 9, /no comments/],
    ['a comma at the end of an object', '{\r\n"a": 1,\r\n}', 3, 1, /comma stands before/],
    ['a comma at the end of a list', '[1, ]', 1, 5, /comma stands before/],
    ['single quotes', "{'a': 1}", 1, 2, /double quotation marks/],
    ['a bare word', '{"a": simulator}', 1, 7, /double quotation marks/],
    ['no comma', '{"a": 1\n"b": 2}', 2, 1, /comma is missing/],
    ['no colon', '{"å" 1}', 1, 6, /colon is missing/],
    ['a Windows path', '{"a": "C:\\skola"}', 1, 10, /backslash/],
    ['a text over two lines', '{"a": "x\n"}', 1, 7, /closing quotation mark/],
    ['a decimal comma', '{"a": 0,4}', 1, 9, /double quotation marks/],
    ['a leading zero', '{"a": 007}', 1, 7, /how a number is written/],
    ['no value', '{"a": }', 1, 7, /value is missing/],
    ['two objects', '{} {}', 1, 4, /after the last bracket/],
    ['depth', '['.repeat(100_000), 1, 102, /too deeply/],
  ])('%s', (_, text, line, column, why) => {
    expect(readJson(text)).toMatchObject({
      kind: 'broken',
      line,
      column,
      text: { en: expect.stringMatching(why) },
    });
  });

  it('finds a key that stands twice', () => {
    expect(readJson('{"a": {"b": 1},\n "c": [{"d": 1,\n "d": 2}], "a": 2}')).toEqual({
      kind: 'value',
      value: { a: 2, c: [{ d: 2 }] },
      repeated: [
        { path: ['c', 0, 'd'], line: 3 },
        { path: ['a'], line: 3 },
      ],
    });
  });

  it('tells the lines of a hundred thousand keys that stand twice', () => {
    // Where each line was counted from the beginning, this took a quarter of an hour.
    const read = readJson(`{${'"a": 1,\r\n'.repeat(100_000)}"a": 1}`);
    expect(read.kind === 'value' && read.repeated.at(-1)).toEqual({ path: ['a'], line: 100_001 });
  });

  it.each(['[', '{"a":', '[{"a":['])('refuses a hundred thousand levels of %s', (level) => {
    expect(readJson(level.repeat(100_000))).toMatchObject({
      kind: 'broken',
      text: { en: 'brackets are nested too deeply' },
    });
  });

  it('says yes and no exactly where JSON.parse does', () => {
    const pieces = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '"\\n"',
      '"\\x"',
      '1',
      '-',
      '0.5',
      '1e3',
      'true',
      'nul',
      ' ',
      '\n',
      '\u00a0',
      '"',
    );
    const nearJson = fc.oneof(
      fc.json(),
      fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join('')),
      fc.tuple(fc.json(), fc.nat(), fc.string({ maxLength: 1 })).map(([text, at, put]) => {
        const place = at % (text.length + 1);
        return text.slice(0, place) + put + text.slice(place + 1);
      }),
    );
    fc.assert(
      fc.property(nearJson, (text) => {
        expect(readJson(text).kind).toBe(isJson(text) ? 'value' : 'broken');
      }),
      { numRuns: 5000 },
    );
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
