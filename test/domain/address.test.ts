import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addressCells,
  addressChanges,
  addressDiffers,
  addressIsEmpty,
  chooseAddress,
} from '../../src/domain/address.ts';
import type { Address } from '../../src/domain/person.ts';
import { anyAddress, anyCells, cellsOf, registered } from '../support/arbitraries.ts';

const swedish = (line: string): Address => ({ kind: 'swedish', lines: [line] });
const abroad = (line: string): Address => ({ kind: 'international', lines: [line], country: 'NORGE' });
const withoutLine: Address = { kind: 'swedish', lines: [], postalCode: '11146', city: 'STOCKHOLM' };
const blankLine: Address = { kind: 'swedish', lines: [' '] };

describe('chooseAddress', () => {
  const all = {
    mailing: swedish('m'),
    home: swedish('h'),
    contact: swedish('c'),
    abroad: abroad('a'),
  };

  it.each([
    ['all', all, 'm', 'h'],
    ['no mailing', { home: all.home, contact: all.contact }, 'h', 'h'],
    ['mailing without a line', { ...all, mailing: withoutLine }, 'h', 'h'],
    ['home with a blank line', { home: blankLine, contact: all.contact, abroad: all.abroad }, 'c', undefined],
    ['abroad only', { abroad: all.abroad }, 'a', undefined],
    ['nothing', {}, undefined, undefined],
    ['emigrated', { ...all, emigrated: true }, 'm', 'h'],
    ['emigrated, still with a home', { home: all.home, abroad: all.abroad, emigrated: true }, 'a', 'h'],
  ])('%s', (_, parts, mailing, home) => {
    const person = registered(parts);
    expect(chooseAddress(person, 'mailing')?.lines[0]).toBe(mailing);
    expect(chooseAddress(person, 'home')?.lines[0]).toBe(home);
  });
});

describe('addressCells', () => {
  it('puts the extra line of a Swedish address before the street', () => {
    expect(
      addressCells({
        kind: 'swedish',
        careOf: 'CO-NAMN',
        lines: ['LUNDA GÅRD', 'STORGATAN 1 LGH 1104'],
        postalCode: '11146',
        city: 'STOCKHOLM',
      }),
    ).toEqual({
      care_of: 'CO-NAMN',
      street: 'LUNDA GÅRD, STORGATAN 1 LGH 1104',
      postal_code: '11146',
      city: 'STOCKHOLM',
      country: '',
    });
  });

  it('joins the lines of an international one, with its country and no town', () => {
    expect(
      addressCells({ kind: 'international', lines: ['A', 'B 1', '0150\nOSLO'], country: 'NORGE' }),
    ).toEqual({
      care_of: '',
      street: 'A, B 1, 0150 OSLO',
      postal_code: '',
      city: '',
      country: 'NORGE',
    });
  });
});

const storgatan: Address = {
  kind: 'swedish',
  careOf: 'Ek',
  lines: ['Storgatan 1'],
  postalCode: '11146',
  city: 'STOCKHOLM',
};
const same = {
  care_of: 'c/o Ek',
  street: 'STORGATAN  1',
  postal_code: '111 46',
  city: 'Stockholm',
  country: 'Sverige',
};

describe('comparing an address', () => {
  it.each([
    ['same', {}, false],
    ...[
      'Ek',
      'C/O EK',
      'c/o: Ek',
      'C/O:Ek',
      'c/oEk',
      'CO Ek',
      'co: ek',
      'c o/ Ek',
      'c / o Ek',
      'c.o. Ek',
      '℅ Ek',
      'c\\o Ek',
    ].map((care_of) => [`care_of ${care_of}`, { care_of }, care_of === 'c o/ Ek'] as const),
    ['CO-EK is a name', { care_of: 'CO-EK' }, true],
    ['COEk is a name', { care_of: 'COEk' }, true],
    ['care_of gone', { care_of: '' }, true],
    ...['', 'SE', 'se', 'SVERIGE', 'Sweden', ' sverige '].map(
      (country) => [`country ${country}`, { country }, false] as const,
    ),
    ['country Norge', { country: 'Norge' }, true],
    ['postal code with blanks', { postal_code: ' 1 1146' }, false],
    ['another postal code', { postal_code: '11147' }, true],
    ['another town', { city: 'Solna' }, true],
    ['another street', { street: 'Storgatan 11' }, true],
    ['street in parts', { street: 'Storgatan1' }, true],
    ['no column for c/o', { care_of: undefined }, false],
  ] as const)('%s', (_, cells, differs) => {
    const row = cellsOf({ ...same, ...(cells as Partial<typeof same>) });
    expect(addressDiffers(row, storgatan)).toBe(differs);
    expect(addressChanges(row, storgatan).length > 0).toBe(differs);
  });

  it('compares a country abroad as a word', () => {
    const cells = cellsOf({ street: 'Gata 1', country: 'Norge' });
    expect(addressDiffers(cells, { kind: 'international', lines: ['Gata 1'], country: 'NORGE' })).toBe(false);
    expect(addressDiffers(cells, { kind: 'international', lines: ['Gata 1'], country: 'DANMARK' })).toBe(
      true,
    );
  });
});

describe('replacing an address', () => {
  it('leaves what is equal, writes the rest, empties what SPAR lacks', () => {
    const cells = cellsOf({ ...same, street: 'Lillgatan 2', postal_code: '111 46', country: 'SE' });
    expect(
      addressChanges(cells, { kind: 'swedish', lines: ['Nygatan 3'], postalCode: '11146', city: 'SOLNA' }),
    ).toEqual([
      { field: 'care_of', from: 'c/o Ek', to: '' },
      { field: 'street', from: 'Lillgatan 2', to: 'Nygatan 3' },
      { field: 'city', from: 'Stockholm', to: 'SOLNA' },
    ]);
  });

  it('leaves no Swedish town beside an address abroad, and no country abroad beside a Swedish one', () => {
    expect(addressChanges(cellsOf(same), abroad('Gata 1'))).toEqual([
      { field: 'care_of', from: 'c/o Ek', to: '' },
      { field: 'street', from: 'STORGATAN  1', to: 'Gata 1' },
      { field: 'postal_code', from: '111 46', to: '' },
      { field: 'city', from: 'Stockholm', to: '' },
      { field: 'country', from: 'Sverige', to: 'NORGE' },
    ]);
    expect(addressChanges(cellsOf({ ...same, country: 'NORGE' }), storgatan)).toEqual([
      { field: 'country', from: 'NORGE', to: '' },
    ]);
  });

  it('leaves no old c/o beside a new town where the roster has no column for the street', () => {
    const cells = cellsOf({ care_of: 'c/o Berg', postal_code: '11146', city: 'Stockholm', country: '' });
    expect(
      addressChanges(cells, { kind: 'swedish', lines: ['Nygatan 3'], postalCode: '17150', city: 'SOLNA' }),
    ).toEqual([
      { field: 'care_of', from: 'c/o Berg', to: '' },
      { field: 'postal_code', from: '11146', to: '17150' },
      { field: 'city', from: 'Stockholm', to: 'SOLNA' },
    ]);
    expect(
      addressChanges(cells, { kind: 'swedish', lines: ['A 1'], postalCode: '11146', city: 'STOCKHOLM' }),
    ).toEqual([{ field: 'care_of', from: 'c/o Berg', to: '' }]);
  });

  it('leaves no Swedish town beside a country abroad either, nor such a country beside a town', () => {
    const cells = cellsOf({ postal_code: '11146', city: 'Solna', country: 'Sverige' });
    expect(addressChanges(cells, abroad('Gata 1'))).toEqual([
      { field: 'postal_code', from: '11146', to: '' },
      { field: 'city', from: 'Solna', to: '' },
      { field: 'country', from: 'Sverige', to: 'NORGE' },
    ]);
    const left = cellsOf({ postal_code: '', city: '', country: 'NORGE' });
    expect(addressChanges(left, storgatan)).toEqual([
      { field: 'postal_code', from: '', to: '11146' },
      { field: 'city', from: '', to: 'STOCKHOLM' },
      { field: 'country', from: 'NORGE', to: '' },
    ]);
  });

  it('empties no street, and is done after one time', () => {
    fc.assert(
      fc.property(anyCells, anyAddress, (cells, address) => {
        fc.pre(chooseAddress(registered({ home: address }), 'home') !== undefined);
        const changes = addressChanges(cells, address);
        expect(addressDiffers(cells, address)).toBe(changes.length > 0);
        const after = { ...cells };
        for (const { field, to } of changes) {
          if (field === 'street') expect(to.trim()).not.toBe('');
          after[field] = to;
        }
        expect(addressChanges(after, address)).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });
});

it('takes a row with nothing but a word for Sweden to have no address', () => {
  expect(addressIsEmpty(cellsOf({ street: ' ', country: 'Sverige' }))).toBe(true);
  expect(addressIsEmpty(cellsOf({ street: '', country: 'Norge' }))).toBe(false);
  expect(addressIsEmpty(cellsOf({ street: '', city: 'Solna' }))).toBe(false);
});
