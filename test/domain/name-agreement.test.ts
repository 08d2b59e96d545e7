import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ComparedName,
  comparedNameOf,
  comparedNameOfCells,
} from '../../src/domain/matching/compared-name.ts';
import { shortFormMarks } from '../../src/domain/matching/diminutives.ts';
import { agreeNames, areSameNames } from '../../src/domain/matching/name-agreement.ts';
import { foldLetters } from '../../src/domain/matching/name-letters.ts';
import type { Name } from '../../src/domain/person.ts';
import { anyName } from '../support/arbitraries.ts';

const anna: Name = { given: 'Anna Maria', callName: 'Maria', middle: 'Ek', surname: 'Holmgren' };
const karin: Name = { given: 'Anna-Karin Eva', surname: 'Åkesson' };
const lars: Name = { given: 'Karl Lars', callName: 'Lars', surname: 'Andersson' };
const bjorn: Name = { given: 'Björn', surname: 'Sjöström' };
const noble: Name = { given: 'Carl', surname: 'von Döbeln' };
const hassan: Name = { given: 'Ali', surname: 'Al-Hassan' };
const double: Name = { given: 'Eva', surname: 'Ek Holmgren' };

/** What the register has, the first and last name of a row, and how they agree. */
const CASES: readonly (readonly [what: string, Name, first: string, last: string, agreement: string])[] = [
  ['the call name', anna, 'Maria', 'Holmgren', 'same: same, same'],
  ['all given names', anna, 'Anna Maria', 'Holmgren', 'same: same, same'],
  ['with the middle name', anna, 'Maria', 'Ek Holmgren', 'same: same, same'],
  ['with a hyphen in the surname', anna, 'Maria', 'Ek-Holmgren', 'same: same, same'],
  ['with an en dash', anna, 'Maria', 'Ek – Holmgren', 'same: same, same'],
  ['in capitals', anna, 'MARIA', 'HOLMGREN', 'same: same, same'],
  ['with blanks all over', anna, '  anna   maria ', ' holmgren', 'same: same, same'],
  ['given names grown together', anna, 'Annamaria', 'Ekholmgren', 'same: same, same'],
  ['another of the given names', anna, 'Anna', 'Holmgren', 'one-way: other-given, same'],
  ['given names in another order', anna, 'Maria Anna', 'Holmgren', 'one-way: other-given, same'],
  ['one given name too many', anna, 'Anna Maria Sofia', 'Holmgren', 'one-way: other-given, same'],
  ['the call name with an aside', anna, 'Maria (mamma)', 'Holmgren', 'one-way: other-given, same'],
  ['the middle name alone', anna, 'Maria', 'Ek', 'one-way: same, part'],
  ['a short form', anna, 'Mia', 'Holmgren', 'one-way: short-form, same'],
  ['a short form of another given name', anna, 'Anki', 'Holmgren', 'unlike: different, same'],
  ['another spelling of the call name', anna, 'Marie', 'Holmgren', 'one-way: short-form, same'],
  ['a beginning of three letters', anna, 'Mar', 'Holmgren', 'one-way: short-form, same'],
  ['a beginning of two letters', anna, 'Ma', 'Holmgren', 'unlike: different, same'],
  ['a letter replaced', anna, 'Maria', 'Halmgren', 'one-way: same, one-letter'],
  ['a letter left out', anna, 'Maria', 'Holmgen', 'one-way: same, one-letter'],
  ['a letter added', anna, 'Maria', 'Holmgreen', 'one-way: same, one-letter'],
  ['two letters changed places', anna, 'Maria', 'Holmgern', 'one-way: same, one-letter'],
  ['a letter in the middle name', anna, 'Maria', 'Ekk Holmgren', 'one-way: same, one-letter'],
  ['two letters', anna, 'Maria', 'Halmgran', 'call-name: same, different'],
  ['a letter in both', anna, 'Martia', 'Halmgren', 'two-ways: one-letter, one-letter'],
  ['a letter and another given name', anna, 'Anna', 'Halmgren', 'two-ways: other-given, one-letter'],
  ['a short form and a part', anna, 'Mia', 'Ek', 'two-ways: short-form, part'],
  ['another surname', anna, 'Maria', 'Lind', 'call-name: same, different'],
  ['no last name', anna, 'Maria', '', 'call-name: same, unknown'],
  ['no first name', anna, '', 'Holmgren', 'surname: unknown, same'],
  ['a first name of a hyphen', anna, '-', 'Holmgren', 'surname: unknown, same'],
  ['another name', anna, 'Bertil', 'Holmgren', 'unlike: different, same'],
  ['another name altogether', anna, 'Bertil', 'Lind', 'unlike: different, different'],
  ['first and last swapped', anna, 'Holmgren', 'Maria', 'one-way: same, same, swapped'],
  ['swapped with all given names', anna, 'Ek Holmgren', 'Anna Maria', 'one-way: same, same, swapped'],
  ['the first given name where none is registered', karin, 'Anna-Karin', 'Åkesson', 'same: same, same'],
  ['a blank for the hyphen', karin, 'Anna Karin', 'Åkesson', 'same: same, same'],
  ['neither', karin, 'Annakarin', 'Åkesson', 'same: same, same'],
  ['composed otherwise', karin, 'Anna-Karin', 'A\u030akesson', 'same: same, same'],
  ['half of a double name', karin, 'Anna', 'Åkesson', 'one-way: other-given, same'],
  ['the second name', karin, 'Eva', 'Åkesson', 'one-way: other-given, same'],
  ['the short form of a double name', karin, 'Anki', 'Åkesson', 'one-way: short-form, same'],
  ['å folded', karin, 'Anna-Karin', 'Akesson', 'one-way: same, folded'],
  ['å as aa', karin, 'Anna-Karin', 'Aakesson', 'one-way: same, folded'],
  ['å lost', karin, 'Anna-Karin', '?kesson', 'one-way: same, folded'],
  ['å left out', karin, 'Anna-Karin', 'kesson', 'one-way: same, one-letter'],
  ['the half of a double name, å folded', karin, 'Karin', 'Akesson', 'two-ways: other-given, folded'],
  ['å misread', karin, 'Anna-Karin', 'Ã…kesson', 'one-way: same, folded'],
  ['ö folded in both', bjorn, 'Bjorn', 'Sjostrom', 'one-way: folded, folded'],
  ['ö as oe', bjorn, 'Bjoern', 'Sjoestroem', 'one-way: folded, folded'],
  ['ö as ø', bjorn, 'Bjørn', 'Sjöström', 'one-way: folded, same'],
  ['ö lost', bjorn, 'Bj?rn', 'Sj\uFFFDstr\uFFFDm', 'one-way: folded, folded'],
  ['ö lost as two bytes', bjorn, 'Bj\uFFFD\uFFFDrn', 'Sj??str??m', 'one-way: folded, folded'],
  ['ö misread', bjorn, 'BjÃ¶rn', 'SjÃ¶strÃ¶m', 'one-way: folded, folded'],
  ['ö misread in capitals', bjorn, 'BJÃ–RN', 'SJÃ–STRÃ–M', 'one-way: folded, folded'],
  ['swapped and folded', bjorn, 'Sjostrom', 'Bjorn', 'two-ways: folded, folded, swapped'],
  ['folded, and another letter', bjorn, 'Bjorn', 'Sjöstrom', 'one-way: folded, folded'],
  ['Lasse', lars, 'Lasse', 'Andersson', 'one-way: short-form, same'],
  ['Kalle for the other given name', lars, 'Kalle', 'Andersson', 'two-ways: other-given-short-form, same'],
  ['Carl for the other given name', lars, 'Carl', 'Andersson', 'two-ways: other-given-short-form, same'],
  ['one s', lars, 'Lars', 'Anderson', 'one-way: same, one-letter'],
  [
    'a typing error in the other given name',
    lars,
    'Karls',
    'Andersson',
    'two-ways: other-given-one-letter, same',
  ],
  ['the particle left out', noble, 'Carl', 'Döbeln', 'one-way: same, part'],
  ['the particle grown together', noble, 'Carl', 'VonDöbeln', 'same: same, same'],
  ['the particle with a hyphen', noble, 'Carl', 'von-Döbeln', 'same: same, same'],
  ['the particle left out, ö folded', noble, 'Carl', 'Dobeln', 'two-ways: same, part-folded'],
  ['Karl and Carl', noble, 'Karl', 'von Döbeln', 'one-way: short-form, same'],
  ['al without its hyphen', hassan, 'Ali', 'Al Hassan', 'same: same, same'],
  ['al grown together', hassan, 'Ali', 'Alhassan', 'same: same, same'],
  ['al left out', hassan, 'Ali', 'Hassan', 'one-way: same, part'],
  ['el for al', hassan, 'Ali', 'El-Hassan', 'one-way: same, part'],
  ['an apostrophe more', { given: 'Eva', surname: "O'Brien" }, 'Eva', 'O’Brien', 'one-way: same, folded'],
  ['Pär and Per', { given: 'Per', surname: 'Ek' }, 'Pär', 'Ek', 'one-way: short-form, same'],
  ['Pelle', { given: 'Per', surname: 'Ek' }, 'Pelle', 'Ek', 'one-way: short-form, same'],
  ['three letters and one of them', { given: 'Eva', surname: 'Ek' }, 'Ida', 'Ek', 'unlike: different, same'],
  ['a surname of two letters', { given: 'Eva', surname: 'Ek' }, 'Eva', 'Ed', 'call-name: same, different'],
  ['half of a double surname', double, 'Eva', 'Ek', 'one-way: same, part'],
  ['the other half', double, 'Eva', 'Holmgren', 'one-way: same, part'],
  ['the halves in another order', double, 'Eva', 'Holmgren-Ek', 'one-way: same, part'],
  ['half of it and another', double, 'Eva', 'Ek Lind', 'call-name: same, different'],
  ['a double surname, hyphen and capitals', double, 'EVA', 'EK-HOLMGREN', 'same: same, same'],
  ['Eva and Ewa', double, 'Ewa', 'Ek Holmgren', 'one-way: short-form, same'],
  [
    'Mohammed and Mohamed',
    { given: 'Mohammed', surname: 'Ali' },
    'Mohamed',
    'Ali',
    'one-way: short-form, same',
  ],
  ['Sofia and Sophia', { given: 'Sofia', surname: 'Ek' }, 'Sophia', 'Ek', 'one-way: short-form, same'],
  ['Eric and Erik', { given: 'Erik', surname: 'Ek' }, 'Eric', 'Ek', 'one-way: short-form, same'],
  [
    'Christina and Kristina',
    { given: 'Kristina', surname: 'Ek' },
    'Christina',
    'Ek',
    'one-way: short-form, same',
  ],
  ['Alex for Alexander', { given: 'Alexander', surname: 'Ek' }, 'Alex', 'Ek', 'one-way: short-form, same'],
  [
    'Anki for Ann-Kristin',
    { given: 'Ann-Kristin', surname: 'Ek' },
    'Anki',
    'Ek',
    'one-way: short-form, same',
  ],
  ['no given name', { surname: 'Ek' }, 'Eva', 'Ek', 'surname: unknown, same'],
  [
    'a middle name without a surname',
    { given: 'Eva', middle: 'Ek' },
    'Eva',
    'Ek',
    'call-name: same, unknown',
  ],
  ['no name at all', {}, 'Eva', 'Ek', 'unlike: unknown, unknown'],
  ['two names that were lost', { given: '???', surname: '??' }, '???', '??', 'unlike: unknown, unknown'],
  ['a letter lost on both sides', { given: 'Bj?rn', surname: 'Ek' }, 'Bj?rn', 'Ek', 'one-way: folded, same'],
  ['a line break', { given: 'Eva\nMaria', surname: 'Ek\n' }, 'Eva', 'Ek', 'same: same, same'],
];

function read(one: ComparedName, other: ComparedName): string {
  const { likeness, first, surname, isSwapped } = agreeNames(one, other);
  return `${likeness}: ${first}, ${surname}${isSwapped ? ', swapped' : ''}`;
}

describe('agreeNames', () => {
  it.each(CASES)('%s', (_what, name, first, last, agreement) => {
    const person = comparedNameOf(name);
    const row = comparedNameOfCells(first, last);
    expect(read(person, row)).toBe(agreement);
    expect(read(row, person)).toBe(agreement);
    expect(areSameNames(person, row)).toBe(agreement === 'same: same, same');
  });

  it('takes two middle names with one surname for two surnames that have a part in common', () => {
    const one = comparedNameOf({ given: 'Eva', middle: 'Ek', surname: 'Lind' });
    const other = comparedNameOf({ given: 'Eva', middle: 'Berg', surname: 'Lind' });
    expect(read(one, other)).toBe('one-way: same, part');
  });

  it('is symmetric and total, and calls a name the same as itself or does not know it', () => {
    const anyText = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.constantFrom('Åsa', 'asa', 'Ek-Öst', '?'),
    );
    const anyCompared = fc.oneof(
      anyName.map(comparedNameOf),
      fc.tuple(anyText, anyText).map(([first, last]) => comparedNameOfCells(first, last)),
    );
    fc.assert(
      fc.property(anyCompared, anyCompared, (one, other) => {
        expect(agreeNames(one, other)).toEqual(agreeNames(other, one));
        expect(areSameNames(one, other)).toBe(agreeNames(one, other).likeness === 'same');
        expect(agreeNames(one, one).first).toMatch(/^(?:same|folded|unknown|different|other-given)$/);
      }),
    );
  });
});

describe('shortFormMarks', () => {
  it.each([
    ['Lasse', 'Lars'],
    ['Kalle', 'Karl'],
    ['Kalle', 'Carl'],
    ['Micke', 'Mikael'],
    ['Micke', 'Michael'],
    ['Mia', 'Maria'],
    ['Pelle', 'Per'],
    ['Nisse', 'Nils'],
    ['Bosse', 'Bo'],
    ['Anki', 'Ann-Kristin'],
    ['Uffe', 'Ulf'],
    ['Hasse', 'Hans'],
    ['Olle', 'Olof'],
    ['Janne', 'Jan'],
    ['Jocke', 'Joakim'],
    ['Tobbe', 'Torbjörn'],
    ['Håkke', 'Håkan'],
    ['Kattis', 'Catharina'],
    ['Lotta', 'Charlotte'],
    ['Maggan', 'Margareta'],
    ['Biggan', 'Birgitta'],
    ['Mahmud', 'Mahmoud'],
    ['Goran', 'Göran'],
    ['Staffan', 'Stefan'],
  ])('%s goes with %s', (short, long) => {
    const [one, other] = [short, long].map((name) => shortFormMarks(foldLetters(name)));
    expect(one?.some((mark) => other?.includes(mark))).toBe(true);
  });

  it.each([
    ['Anders', 'Andersson'],
    ['Mia', 'Per'],
    ['Lasse', 'Karl'],
    ['Ali', 'Mohammed'],
  ])('%s does not go with %s', (one, other) => {
    const marks = shortFormMarks(foldLetters(other));
    expect(shortFormMarks(foldLetters(one)).some((mark) => marks.includes(mark))).toBe(false);
  });
});
