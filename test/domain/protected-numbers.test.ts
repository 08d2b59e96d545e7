import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinNumbers } from '../../src/domain/guardians/one-person.ts';
import { marksUnderAll, protectedUnderAll } from '../../src/domain/protected-numbers.ts';
import { personId } from '../support/arbitraries.ts';

const A = personId('199001142380');
const B = personId('199001112391');
const C = personId('199101212380');
const D = personId('199002092386');

const sorted = (people: Iterable<string>) => [...people].sort();

describe('the numbers of protected people', () => {
  it.each([
    ['the new one, by the old one', [A], [[A, B]], [A, B]],
    ['the old one, by the new one', [B], [[A, B]], [A, B]],
    [
      'a chain, from its middle',
      [B],
      [
        [A, B],
        [B, C],
      ],
      [A, B, C],
    ],
    [
      'two that came before one',
      [A],
      [
        [A, C],
        [B, C],
      ],
      [A, B, C],
    ],
    [
      'a ring',
      [A],
      [
        [A, B],
        [B, A],
      ],
      [A, B],
    ],
    ['a number that may be theirs, but not who else may be it', [B], [[A, B, C]], [A, B]],
    [
      'what came before a number that may be theirs',
      [B],
      [
        [A, B, C],
        [D, A],
      ],
      [A, B, D],
    ],
    ['nobody whom their number may be', [A], [[A, B, C]], [A]],
    ['nobody at all', [], [[A, B]], []],
  ] as const)('are all of theirs: %s', (_, people, links, expected) => {
    const renumbered = links.map(([former, ...successors]) => ({ former, successors }));
    expect(sorted(protectedUnderAll(people, renumbered))).toEqual(sorted(expected));
  });

  it('hold at least all that are one person’s, and a second look finds no more', () => {
    const anyone = fc.constantFrom(A, B, C, D);
    const links = fc.array(fc.record({ former: anyone, successors: fc.array(anyone, { maxLength: 2 }) }));
    fc.assert(
      fc.property(fc.array(anyone), links, (people, renumbered) => {
        const all = protectedUnderAll(people, renumbered);
        const { currentOf, numbersOf } = joinNumbers(renumbered);
        for (const one of all) for (const number of numbersOf(currentOf(one))) expect(all).toContain(number);
        for (const one of people) expect(all).toContain(one);
        expect(sorted(protectedUnderAll(all, renumbered))).toEqual(sorted(all));
      }),
    );
  });

  it('carry the stronger mark where two disagree', () => {
    const renumbered = [{ former: A, successors: [B] }];
    const marks = new Map([
      [A, 'skyddad folkbokföring'],
      [B, 'sekretessmarkering'],
      [C, 'sekretessmarkering'],
    ] as const);
    expect([...marksUnderAll(marks, renumbered)].sort()).toEqual([
      [B, 'skyddad folkbokföring'],
      [A, 'skyddad folkbokföring'],
      [C, 'sekretessmarkering'],
    ]);
  });
});
