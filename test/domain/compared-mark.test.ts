import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RowKey } from '../../src/domain/roster.ts';
import {
  comparedMark,
  comparedUnits,
  rowOfMark,
  saysNothingToDo,
} from '../../src/domain/update/compared-mark.ts';
import { fingerprintOf } from '../../src/domain/update/fingerprint.ts';
import { anyCells, cellsOf } from '../support/arbitraries.ts';

const STAMPS = { first_name: 'aaaa', last_name: 'bbbb', address: 'cccc' };
const key = (id: string): RowKey => ({ type: 'student', id });

describe('the mark of a comparison', () => {
  it('tells which units were compared by the rules of today', () => {
    const marks = [comparedMark(key('17'), { ...STAMPS, address: 'dddd' }, 35)];
    expect([...comparedUnits(marks, key('17'), STAMPS)]).toEqual(['first_name', 'last_name']);
  });

  it('says that nothing is to be done of exactly the row, rules and fingerprint it was made of', () => {
    const ids = ['a', 'a@', 'a#', 'aa', '', '@aaaa.bbbb.cccc#7'];
    const anyId = fc.oneof(fc.constantFrom(...ids), fc.string({ maxLength: 3 }));
    const anyStamps = fc.constantFrom(
      STAMPS,
      { ...STAMPS, address: 'dddd' },
      { ...STAMPS, first_name: 'dddd' },
    );
    const anyPrint = fc.constantFrom(7, 77, 2 ** 53 - 1);
    const anyType = fc.constantFrom('student' as const, 'staff' as const);
    const anyMark = fc.tuple(anyType, anyId, anyStamps, fc.option(anyPrint, { nil: undefined }));
    fc.assert(
      fc.property(anyMark, anyMark, ([type, id, stamps, print], [otherType, otherId, otherStamps, asked]) => {
        fc.pre(asked !== undefined);
        const mark = comparedMark({ type, id }, stamps, print);
        const other = { type: otherType, id: otherId };
        expect(saysNothingToDo([mark], other, otherStamps, asked ?? 0)).toBe(
          mark === comparedMark(other, otherStamps, asked),
        );
      }),
      { numRuns: 5000 },
    );
  });

  it('is about one row only, whatever an id holds', () => {
    for (const id of ['a', 'a@aaaa.bbbb.cccc', 'a#1', '@', 'a@']) {
      const mark = comparedMark(key(id), STAMPS, 7);
      expect(rowOfMark(mark)).toBe(`student:${id}@`);
      expect(comparedUnits([mark], key(id), STAMPS).size).toBe(3);
      expect(comparedUnits([mark], key('other'), STAMPS).size).toBe(0);
      expect(comparedUnits([mark], key(`${id}@`), STAMPS).size).toBe(0);
    }
  });
});

describe('the fingerprint of a row', () => {
  it('is a whole number that JSON and typed arrays hold, and the same for the same cells', () => {
    fc.assert(
      fc.property(anyCells, (cells) => {
        const print = fingerprintOf(cells);
        expect(Number.isSafeInteger(print) && print > 0).toBe(true);
        expect(fingerprintOf({ ...cells })).toBe(print);
      }),
    );
  });

  it('differs when any compared cell does', () => {
    const fields = [
      'first_name',
      'last_name',
      'care_of',
      'street',
      'postal_code',
      'city',
      'country',
      'protected',
      'status',
      'spar_checked',
    ] as const;
    fc.assert(
      fc.property(
        anyCells,
        fc.constantFrom(...fields),
        fc.option(fc.string(), { nil: undefined }),
        (cells, field, value) => {
          fc.pre(cells[field] !== value);
          expect(fingerprintOf({ ...cells, [field]: value })).not.toBe(fingerprintOf(cells));
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('does not mix up cells, nor an empty cell with a column that is not there', () => {
    const prints = [
      cellsOf({ first_name: 'ab', last_name: '' }),
      cellsOf({ first_name: 'a', last_name: 'b' }),
      cellsOf({ first_name: '', last_name: 'ab' }),
      cellsOf({ first_name: 'ab' }),
      cellsOf({ last_name: 'ab' }),
    ].map(fingerprintOf);
    expect(new Set(prints).size).toBe(prints.length);
  });
});
