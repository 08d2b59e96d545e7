import { describe, expect, it } from 'vitest';
import { isHeaderWord } from '../../../src/adapters/config/header-words.ts';
import {
  LINK_COLUMNS,
  matchColumns,
  PEOPLE_COLUMNS,
  parsePersonType,
  showHeaders,
} from '../../../src/adapters/roster/columns.ts';

describe('matching columns', () => {
  it('forgives case, blanks and the way that an å is put together', () => {
    const matched = matchColumns([' ID', 'Fo\u0308rnamn', 'CITY '], PEOPLE_COLUMNS, {
      first_name: 'förnamn',
    });
    expect(matched).toEqual({
      kind: 'matched',
      indexes: new Map([
        ['id', 0],
        ['first_name', 1],
        ['city', 2],
      ]),
    });
  });

  it('lets two columns of ours change names', () => {
    const matched = matchColumns(['student_id', 'guardian_id'], LINK_COLUMNS, {
      student_id: 'guardian_id',
      guardian_id: 'student_id',
    });
    expect(matched).toMatchObject({
      indexes: new Map([
        ['student_id', 1],
        ['guardian_id', 0],
      ]),
    });
  });

  it.each([
    [['id', 'ID'], {}],
    [['id'], { city: 'ort' }],
    [['id', 'x'], { city: 'x', street: 'X ' }],
  ])('says what is wrong with %j and %j', (headers, names) => {
    expect(matchColumns(headers, PEOPLE_COLUMNS, names).kind).toBe('mismatched');
  });
});

it('knows the types in both languages and no others', () => {
  const words = [
    'Student',
    'ELEV',
    'staff ',
    'personal',
    'guardian',
    'Vårdnadshavare',
    'NÄRSTÅENDE',
    'lärare',
    '',
  ];
  expect(words.map(parsePersonType)).toEqual([
    'student',
    'student',
    'staff',
    'staff',
    'guardian',
    'guardian',
    'guardian',
    undefined,
    undefined,
  ]);
});

it('shows headers, and nothing of a row that stands in their place', () => {
  expect(showHeaders(['id', ' Förnamn '], isHeaderWord)).toBe('id, Förnamn');
  expect(showHeaders(['17', 'Anna'], isHeaderWord)).toBeUndefined();
  expect(showHeaders(['Anna', 'Berg', 'elev'], isHeaderWord)).toBeUndefined();
  expect(showHeaders(['x17', 'Anna', '20090111-2383'], isHeaderWord)).toBeUndefined();
  expect(showHeaders(['x', 'a@b.example'], isHeaderWord)).toBeUndefined();
});
