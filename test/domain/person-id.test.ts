import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import personnummer from 'personnummer';
import { describe, expect, it } from 'vitest';
import { addDays } from '../../src/domain/calendar-date.ts';
import {
  birthDateOf,
  formatLike,
  isUnder18,
  maskGiven,
  maskPersonId,
  type PersonIdReading,
  parsePersonId,
  toPersonId,
} from '../../src/domain/person-id.ts';
import { PERSON_TYPES } from '../../src/domain/roster.ts';
import { anyPersonId, date, personId, withCheckDigit } from '../support/arbitraries.ts';

// Its types tell of a `default` that Node's way of loading CommonJS puts one level higher.
const oracle: Pick<typeof personnummer.default, 'valid'> = Object(personnummer);

const asOf = date('2026-11-23');
const student: PersonIdReading = { type: 'student', asOf };
const guardian: PersonIdReading = { type: 'guardian', asOf };

const shared = new URL('../../../shared/spar/', import.meta.url);
const sharedIsHere = existsSync(shared);

describe('parsePersonId', () => {
  it.each([
    ['201001012390', '201001012390'],
    ['20100101-2390', '201001012390'],
    [' 20100101 2390 ', '201001012390'],
    ['20100101+2390', '201001012390'],
    ['100101-2390', '201001012390'],
    ['1001012390', '201001012390'],
    ['100101\u00a02390', '201001012390'],
    ['100101–2390', '201001012390'],
    ['100101+2390', '191001012390'],
    ['850286-2397', '198502862397'],
    ['191500722390', '191500722390'],
    ['191711602399', '191711602399'],
    ['150072+2390', '191500722390'],
    ['171160+2399', '191711602399'],
  ])('%j of a student is %s', (cell, id) => {
    expect(parsePersonId(cell, student)).toEqual({ kind: 'valid', id });
  });

  it.each(['', ' ', '\t', '-', ' – '])('%j is missing', (cell) => {
    expect(parsePersonId(cell, student)).toEqual({ kind: 'missing' });
  });

  it.each([
    '20100101-TF01',
    '20100101TF01',
    '100101-TF01',
    '20100101-T123',
    '20100101-tf01',
    '20100101 - R12K',
    '20100101-001Å',
    'T123',
    'TF01',
    't 123',
  ])('%j is temporary', (cell) => {
    expect(parsePersonId(cell, student)).toEqual({ kind: 'temporary' });
  });

  it.each([
    ['201001012391', 'check-digit'],
    ['100101-2391', 'check-digit'],
    ['20100101239', 'form'],
    ['2010010123900', 'form'],
    ['2010-01-01-2390', 'form'],
    ['20100101--2390', 'form'],
    ['saknas', 'form'],
    ['20100101-', 'form'],
    ['２０１００１０１２３９０', 'form'],
    ['001001012390', 'date'],
    ['101001012390', 'date'],
    ['201002302380', 'date'],
    ['201013012380', 'date'],
    ['201000012380', 'date'],
    ['201001322380', 'date'],
    [withCheckDigit('20100292238'), 'date'],
    [withCheckDigit('20261124238'), 'future'],
    [withCheckDigit('20261184238'), 'future'],
    [withCheckDigit('18100101238'), 'age'],
  ])('%j is invalid: %s', (cell, why) => {
    expect(parsePersonId(cell, student)).toEqual({ kind: 'invalid', why });
  });

  it('takes ten digits for the latest century that is not in the future', () => {
    expect(parsePersonId(withCheckDigit('20261123238').slice(2), student)).toMatchObject({
      id: withCheckDigit('20261123238'),
    });
    expect(parsePersonId(withCheckDigit('19261124238').slice(2), student)).toMatchObject({
      id: withCheckDigit('19261124238'),
    });
  });

  it('takes staff and guardians for at least 15', () => {
    const born = (day: string) => withCheckDigit(`${day}238`).slice(2);
    for (const type of ['staff', 'guardian'] as const) {
      expect(parsePersonId(born('20111123'), { type, asOf })).toMatchObject({
        id: withCheckDigit('20111123238'),
      });
      expect(parsePersonId(born('19111124'), { type, asOf })).toEqual({ kind: 'invalid', why: 'age' });
      expect(parsePersonId(born('19270101'), { type, asOf })).toMatchObject({
        id: withCheckDigit('19270101238'),
      });
      expect(parsePersonId(born('19261123'), { type, asOf })).toEqual({ kind: 'invalid', why: 'age' });
    }
  });

  it('takes a plus for the calendar year in which somebody turns 100, or before it', () => {
    const plus = (eleven: string) =>
      withCheckDigit(eleven)
        .slice(2)
        .replace(/(....)$/, '+$1');
    expect(parsePersonId(plus('19261231238'), student)).toMatchObject({ id: withCheckDigit('19261231238') });
    expect(parsePersonId(plus('18270101238'), student)).toEqual({ kind: 'invalid', why: 'age' });
    expect(parsePersonId(plus('20000229238'), student).kind).toBe('invalid');
  });

  it('passes over a century in which the day does not exist', () => {
    const leapDay = withCheckDigit('20000229238').slice(2);
    expect(parsePersonId(leapDay, student)).toMatchObject({ id: withCheckDigit('20000229238') });
    expect(parsePersonId(leapDay, { type: 'student', asOf: date('1999-12-31') })).toMatchObject({
      kind: 'invalid',
    });
  });

  it.each([
    ['1910-01-01', 'invalid'],
    ['2010-01-02', 'invalid'],
    ['2010-01-01', 'valid'],
    ['20100101', 'valid'],
    [' 20100101 ', 'valid'],
    ['', 'valid'],
    ['1 januari 2010', 'valid'],
    ['2010-02-30', 'valid'],
  ])('asks the birth date %j about ten digits: %s', (birthDate, kind) => {
    expect(parsePersonId('100101-2390', { ...student, birthDate }).kind).toBe(kind);
    expect(parsePersonId('201001012390', { ...student, birthDate }).kind).toBe('valid');
  });

  it('compares only what a samordningsnummer knows with the birth date', () => {
    expect(parsePersonId('150072+2390', { ...student, birthDate: '1915-08-12' }).kind).toBe('valid');
    expect(parsePersonId('150072+2390', { ...student, birthDate: '1915-08-13' }).kind).toBe('invalid');
    expect(parsePersonId('171160+2399', { ...student, birthDate: '1917-11-30' }).kind).toBe('valid');
    expect(parsePersonId('850286-2397', { ...student, birthDate: '1985-02-26' }).kind).toBe('valid');
  });

  it('is total, and gives no number without a right check digit', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[-+ \dTF]{0,14}$/)), (cell) => {
        const parsed = parsePersonId(cell, student);
        if (parsed.kind === 'valid') expect(toPersonId(parsed.id)).toBe(parsed.id);
      }),
    );
  });

  it('agrees with the package personnummer about people under 100', () => {
    fc.assert(
      fc.property(anyPersonId, fc.integer({ min: 0, max: 9 }), (id, digit) => {
        const text = `${id.slice(0, 8)}-${id.slice(8, 11)}${digit}`;
        const expected = oracle.valid(text) && birthDateOf(id) <= asOf;
        expect(parsePersonId(text, student).kind === 'valid').toBe(expected);
      }),
    );
  });
});

describe.skipIf(!sharedIsHere)('the test numbers that Skatteverket publishes (needs ../shared)', () => {
  it('are all taken, with and without the century', () => {
    const list = readFileSync(new URL('test-personnummer.txt', shared), 'utf8');
    const ids = list.split('\n').filter((line) => /^\d/.test(line));
    expect(ids.length).toBeGreaterThan(200);
    for (const id of ids) {
      expect(parsePersonId(id, student), id).toEqual({ kind: 'valid', id });
      const sign = id < '1927' ? '+' : '-';
      expect(parsePersonId(`${id.slice(2, 8)}${sign}${id.slice(8)}`, student), id).toEqual({
        kind: 'valid',
        id,
      });
    }
  });

  it('are taken where SPAR has answered about them', () => {
    const files = readdirSync(fileURLToPath(new URL('answers/recorded/', shared)));
    for (const file of files) {
      const id = file.replace('.xml', '');
      expect(toPersonId(id), id).toBe(id);
      expect(parsePersonId(id, student), id).toEqual({ kind: 'valid', id });
    }
  });
});

describe('toPersonId', () => {
  it.each(['200901072389', '198308299299', '198502862397'])('takes %s', (text) => {
    expect(toPersonId(text)).toBe(text);
  });

  it.each(['000000000000', '200901072388', '0901072389', '20090107-2389', ' 200901072389', ''])(
    'refuses %j',
    (text) => {
      expect(toPersonId(text)).toBeUndefined();
    },
  );
});

describe('what a number tells', () => {
  it('is masked after the date', () => {
    expect(maskPersonId(personId('201001012390'))).toBe('20100101-****');
  });

  it.each([
    ['201001012390', '2010-01-01'],
    ['198502862397', '1985-02-26'],
    ['191500722390', '1915-01-12'],
    ['191711602399', '1917-11-01'],
  ])('%s: born %s at the earliest', (id, birth) => {
    expect(birthDateOf(personId(id))).toBe(birth);
  });

  it('is under 18 only when that is certain', () => {
    expect(isUnder18(withCheckDigit('20081123238'), asOf)).toBe(false);
    expect(isUnder18(withCheckDigit('20081124238'), asOf)).toBe(true);
    expect(isUnder18(withCheckDigit('20081160238'), asOf)).toBe(false);
    expect(isUnder18(withCheckDigit('20081260238'), asOf)).toBe(true);
    expect(isUnder18(withCheckDigit('20080084238'), asOf)).toBe(false);
    expect(isUnder18(date('2008-11-24'), asOf)).toBe(true);
    expect(isUnder18(date('2008-11-23'), asOf)).toBe(false);
  });
});

describe('formatLike', () => {
  const id = personId('201001012390');
  it.each([
    [{ digits: 12, separated: false }, '201001012390'],
    [{ digits: 12, separated: true }, '20100101-2390'],
    [{ digits: 10, separated: true }, '100101-2390'],
    [{ digits: 10, separated: false }, '1001012390'],
  ] as const)('%j: %s', (style, text) => {
    expect(formatLike(id, style, student)).toBe(text);
  });

  it('writes twelve digits where ten would be read as another person', () => {
    const child = withCheckDigit('20200101238');
    expect(formatLike(child, { digits: 10, separated: true }, guardian)).toBe(`20200101-${child.slice(8)}`);
    expect(formatLike(child, { digits: 10, separated: false }, guardian)).toBe(child);
    expect(formatLike(personId('191500722390'), { digits: 10, separated: true }, guardian)).toBe(
      '150072+2390',
    );
  });

  it('is read back as the same number, in every style', () => {
    fc.assert(
      fc.property(
        anyPersonId,
        fc.constantFrom(10 as const, 12 as const),
        fc.boolean(),
        fc.constantFrom(...PERSON_TYPES),
        fc.integer({ min: 0, max: 20_000 }),
        (id, digits, separated, type, later) => {
          const reading = { type, asOf: addDays(birthDateOf(id), later) };
          expect(parsePersonId(formatLike(id, { digits, separated }, reading), reading)).toEqual({
            kind: 'valid',
            id,
          });
        },
      ),
    );
  });
});

describe('a name that somebody gave', () => {
  it.each([
    ['17', '17'],
    ['A-12345678', 'A-12345678'],
    ['b3f1c2d4-1234-4123-8123-199001142380', 'b3f1c2d4-1234-4123-8123-199001142380'],
    ['199001142380', '1990****'],
    ['1501122384x', '1501****'],
    ['150112_2384', '1501****'],
    ['2015-01-12-2384', '2015****'],
    ['15O112-2384', '15O1****'],
  ])('%s is repeated as %s', (given, told) => {
    expect(maskGiven(given)).toBe(told);
  });
});
