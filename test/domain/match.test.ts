import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { haveSameName, haveSimilarNames, type Match, match, type Setting } from '../../src/domain/match.ts';
import { CONTRADICTIONS, EVIDENCE } from '../../src/domain/matching/match-words.ts';
import {
  type Profile,
  profileOfPerson,
  profileOfRelation,
  profileOfRow,
} from '../../src/domain/matching/profile.ts';
import type { RegisteredPerson } from '../../src/domain/person.ts';
import { type ParsedPersonId, type PersonId, parsePersonId } from '../../src/domain/person-id.ts';
import type { Cells, RosterField } from '../../src/domain/roster.ts';
import {
  anyCells,
  anyRegistered,
  cellsOf,
  date,
  personId,
  registered,
  withCheckDigit,
} from '../support/arbitraries.ts';

const LASSE_ID = withCheckDigit('19800412238');
const OLDER_ID = withCheckDigit('19500101239');
const TODAY = date('2026-11-23');

const lars = registered({
  id: LASSE_ID,
  name: { given: 'Karl Lars', callName: 'Lars', middle: 'Ek', surname: 'Holmgren' },
  birthDate: date('1980-04-12'),
  home: { kind: 'swedish', lines: ['STORGATAN 1 LGH 1101'], postalCode: '11146', city: 'STOCKHOLM' },
  mailing: { kind: 'swedish', lines: ['BACKEN', 'BOX 12'], postalCode: '13240', city: 'SALTSJÖ-BOO' },
  abroad: { kind: 'international', lines: ['1 HIGH STREET', 'LONDON W1'], country: 'STORBRITANNIEN' },
});

const USUAL: Setting = {
  isOnlyRow: true,
  isOnlyGuardian: true,
  hasNamelessGuardian: false,
  areBothGuardians: false,
  shareChild: true,
  relations: ['pappa'],
};

function idOf(cells: Pick<Partial<Cells>, 'personnummer' | 'birth_date'>): ParsedPersonId {
  return parsePersonId(cells.personnummer ?? '', {
    type: 'guardian',
    asOf: TODAY,
    birthDate: cells.birth_date,
  });
}

function row(cells: SomeCells): Profile {
  return profileOfRow(cellsOf(cells), idOf(cells));
}

function shown({ grade, evidence, contradictions }: Match): string {
  const against = contradictions.length === 0 ? '' : ` but ${contradictions.join(', ')}`;
  return evidence.length === 0 ? `${grade}${against}` : `${grade}: ${evidence.join(', ')}${against}`;
}

const NAME = { first_name: 'Lars', last_name: 'Holmgren' };
const BORN = { birth_date: '1980-04-12' };
const HOME = { street: 'Storgatan 1 lgh 1101', postal_code: '111 46' };
const AWAY = { street: 'Lillgatan 7', postal_code: '111 46' };

type SomeCells = Partial<Record<RosterField, string>>;

type Case = readonly [what: string, cells: SomeCells, shown: string, setting?: Partial<Setting>];

const CASES: readonly Case[] = [
  // Certain: the names and one more thing.
  ['birth date', { ...NAME, ...BORN }, 'certain: same-name, same-birth-date, same-child'],
  [
    'birth date in digits',
    { ...NAME, birth_date: '19800412' },
    'certain: same-name, same-birth-date, same-child',
  ],
  ['registered address', { ...NAME, ...HOME }, 'certain: same-name, same-address, same-child'],
  ['both', { ...NAME, ...BORN, ...HOME }, 'certain: same-name, same-birth-date, same-address, same-child'],
  [
    // Where his post goes his father may live, who has his name.
    'mailing address of two lines',
    { ...NAME, street: 'Backen, Box 12', postal_code: '132 40' },
    'probable: same-name, same-address, same-child',
  ],
  [
    'address abroad',
    { ...NAME, street: '1 High Street, London W1', postal_code: '' },
    'certain: same-name, same-address, same-child',
  ],
  [
    'the flat after a comma',
    { ...NAME, street: 'STORGATAN  1, LGH 1101', postal_code: '11146' },
    'certain: same-name, same-address, same-child',
  ],
  [
    'an invented number with the date',
    { ...NAME, personnummer: '19800412-TF01' },
    'certain: same-name, same-birth-date, same-child, temporary-number',
  ],
  [
    'a date of its own beside an invented number',
    { ...NAME, ...BORN, personnummer: '20000101-TF01' },
    'certain: same-name, same-birth-date, same-child',
  ],
  [
    'birth date, a nameless guardian',
    { ...NAME, ...BORN },
    'certain: same-name, same-birth-date, same-child',
    { hasNamelessGuardian: true },
  ],
  [
    'e-mail says nothing more',
    { ...NAME, ...BORN, email: 'a@b.example' },
    'certain: same-name, same-birth-date, same-child',
  ],
  ['no relation', { ...NAME, ...BORN }, 'certain: same-name, same-birth-date, same-child', { relations: [] }],
  [
    'an unknown word as relation',
    { ...NAME, ...BORN },
    'certain: same-name, same-birth-date, same-child',
    { relations: ['', 'kontakt 1', 'vh2'] },
  ],
  // Probable: nothing more is known, or not enough.
  ['names alone', NAME, 'probable: same-name, same-child'],
  ['a date that is none', { ...NAME, birth_date: '1980-02-31' }, 'probable: same-name, same-child'],
  ['a street without a postal code', { ...NAME, street: HOME.street }, 'probable: same-name, same-child'],
  [
    'the street in another town',
    { ...NAME, ...HOME, postal_code: '98100' },
    'probable: same-name, same-child',
  ],
  [
    'the house without the flat',
    { ...NAME, street: 'Storgatan 1', postal_code: '11146' },
    'probable: same-name, same-child',
  ],
  [
    'another flat in the house',
    { ...NAME, street: 'Storgatan 1 lgh 1102', postal_code: '11146' },
    'probable: same-name, same-child',
  ],
  [
    'the last line of the address alone',
    { ...NAME, street: 'Box 12', postal_code: '13240' },
    'probable: same-name, same-child',
  ],
  [
    'the street shortened',
    { ...NAME, street: 'Storg. 1', postal_code: '11146' },
    'probable: same-name, same-child',
  ],
  [
    'an invented number without century',
    { ...NAME, personnummer: '800412-T123' },
    'probable: same-name, same-child, temporary-number',
  ],
  [
    'a number with a fault tells no date',
    { ...NAME, personnummer: `${LASSE_ID.slice(0, 11)}${(Number(LASSE_ID.slice(11)) + 1) % 10}` },
    'probable: same-name, same-child',
  ],
  [
    'address, a nameless guardian',
    { ...NAME, ...HOME },
    'probable: same-name, same-address, same-child but nameless-guardian',
    { hasNamelessGuardian: true },
  ],
  [
    'names alone, a nameless guardian',
    NAME,
    'probable: same-name, same-child but nameless-guardian',
    { hasNamelessGuardian: true },
  ],
  [
    'birth date without a child in common',
    { ...NAME, ...BORN },
    'probable: same-name, same-birth-date',
    { shareChild: false },
  ],
  // Possible: equal names with something against it.
  ['another address', { ...NAME, ...AWAY }, 'possible: same-name, same-child but other-address'],
  [
    'another address though born that day',
    { ...NAME, ...BORN, ...AWAY },
    'possible: same-name, same-birth-date, same-child but other-address',
  ],
  [
    'a grandfather',
    { ...NAME, ...HOME },
    'possible: same-name, same-address, same-child but other-kinship',
    { relations: ['pappa', 'Farfar (hämtar)'] },
  ],
  [
    'another row of that name',
    { ...NAME, ...BORN },
    'possible: same-name, same-birth-date, same-child but not-the-only-one',
    { isOnlyRow: false },
  ],
  [
    'another guardian of that name',
    { ...NAME, ...HOME },
    'possible: same-name, same-address, same-child but not-the-only-one',
    { isOnlyGuardian: false },
  ],
  [
    'another date in an invented number without century',
    { ...NAME, personnummer: '810412-T123' },
    'possible: same-name, same-child but other-birth-date',
  ],
  // Possible: names alike.
  [
    'one letter',
    { ...NAME, ...BORN, last_name: 'Holmgrem' },
    'possible: name-one-letter, same-birth-date, same-child',
  ],
  ['a short form', { ...NAME, first_name: 'Lasse' }, 'possible: name-short-form, same-child'],
  ['a beginning', { ...NAME, first_name: 'Lar' }, 'possible: name-short-form, same-child'],
  ['another given name', { ...NAME, first_name: 'Karl' }, 'possible: name-other-given, same-child'],
  ['a part of the surname', { ...NAME, last_name: 'Ek' }, 'possible: name-part-of-surname, same-child'],
  ['swapped', { first_name: 'Holmgren', last_name: 'Lars' }, 'possible: name-swapped, same-child'],
  ['folded', { ...NAME, last_name: 'Hölmgren' }, 'possible: name-folded, same-child'],
  [
    'a short form, and all else agrees',
    { ...NAME, ...BORN, ...HOME, first_name: 'Lasse' },
    'possible: name-short-form, same-birth-date, same-address, same-child',
  ],
  [
    'one letter and another address',
    { ...NAME, ...AWAY, last_name: 'Holmgrem' },
    'possible: name-one-letter, same-child but other-address',
  ],
  [
    'one letter, grandfather, the same address',
    { ...NAME, ...HOME, last_name: 'Holmgrem' },
    'possible: name-one-letter, same-address, same-child but other-kinship',
    { relations: ['morfar'] },
  ],
  [
    'a short form and one letter, born that day',
    { ...BORN, first_name: 'Lasse', last_name: 'Holmgrem' },
    'possible: name-one-letter, name-short-form, same-birth-date, same-child',
  ],
  [
    'another given name and one letter, same address',
    { ...HOME, first_name: 'Karl', last_name: 'Holmgrem' },
    'possible: name-one-letter, name-other-given, same-address, same-child',
  ],
  [
    'a marriage: born that day',
    { ...NAME, ...BORN, last_name: 'Lind' },
    'possible: same-call-name, same-birth-date, same-child but other-surname',
  ],
  [
    'a marriage: same address',
    { ...NAME, ...HOME, last_name: 'Lind' },
    'possible: same-call-name, same-address, same-child but other-surname',
  ],
  [
    'no last name, born that day',
    { ...BORN, first_name: 'Lars' },
    'possible: same-call-name, same-birth-date, same-child',
  ],
  [
    'no first name, born that day',
    { ...BORN, last_name: 'Holmgren' },
    'possible: same-birth-date, same-child but no-given-name',
  ],
  // Unlike.
  ['another first name', { ...NAME, first_name: 'Bertil' }, 'unlike'],
  ['another first name, born that day', { ...NAME, ...BORN, first_name: 'Bertil' }, 'unlike'],
  ['another first name, same address', { ...NAME, ...HOME, first_name: 'Berit' }, 'unlike'],
  ['another surname alone', { ...NAME, last_name: 'Lind' }, 'unlike'],
  ['another surname and address', { ...NAME, ...AWAY, last_name: 'Lind' }, 'unlike'],
  ['two ways alone', { first_name: 'Lasse', last_name: 'Holmgrem' }, 'unlike'],
  ['two ways and another address', { ...AWAY, first_name: 'Karl', last_name: 'Holmgrem' }, 'unlike'],
  ['the surname alone', { last_name: 'Holmgren' }, 'unlike'],
  ['no name', { ...BORN, ...HOME }, 'unlike'],
  ['one letter, and a grandfather', { ...NAME, last_name: 'Holmgrem' }, 'unlike', { relations: ['farfar'] }],
  ['names alone without a child in common', NAME, 'unlike', { shareChild: false }],
  [
    'a short form without a child in common',
    { ...NAME, first_name: 'Lasse' },
    'unlike',
    { shareChild: false },
  ],
  // Certainly not.
  [
    'another birth date',
    { ...NAME, ...HOME, birth_date: '1981-04-12' },
    'certainly-not: same-name, same-address, same-child but other-birth-date',
  ],
  [
    'another birth date in an invented number',
    { ...NAME, personnummer: '19810412-TF01' },
    'certainly-not: same-name, same-child but other-birth-date',
  ],
  [
    'another number',
    { ...NAME, ...HOME, personnummer: OLDER_ID },
    'certainly-not: same-name, same-address, same-child but other-number, other-birth-date',
  ],
  [
    'both guardians of one child',
    { ...NAME, ...HOME },
    'certainly-not: same-name, same-address, same-child but both-guardians',
    { areBothGuardians: true },
  ],
  [
    'another birth date and name',
    { first_name: 'Bertil', last_name: 'Lind', birth_date: '1981-04-12' },
    'certainly-not: same-child but other-birth-date, other-surname, other-first-name',
  ],
  // One number.
  [
    'the number',
    { ...NAME, personnummer: LASSE_ID },
    'certain: same-number, same-name, same-birth-date, same-child',
  ],
  [
    'the number alone',
    { personnummer: `${LASSE_ID.slice(2, 8)}-${LASSE_ID.slice(8)}` },
    'certain: same-number, same-birth-date, same-child',
  ],
  [
    'the number of somebody else, it seems',
    { first_name: 'Bertil', last_name: 'Lind', personnummer: LASSE_ID, ...AWAY },
    'certain: same-number, same-birth-date, same-child but other-address, other-surname, other-first-name',
  ],
  [
    'the number, other rows of that name, and both guardians',
    { ...NAME, personnummer: LASSE_ID },
    'certain: same-number, same-name, same-birth-date, same-child',
    { isOnlyRow: false, isOnlyGuardian: false, hasNamelessGuardian: true, areBothGuardians: true },
  ],
];

describe('match', () => {
  const cases = CASES.map(
    ([what, cells, expected, setting]) => [what, cells, expected, { ...USUAL, ...setting }] as const,
  );

  it.each(cases)('%s', (_what, cells, expected, around) => {
    expect(shown(match(profileOfPerson(lars), row(cells), around))).toBe(expected);
    expect(shown(match(row(cells), profileOfPerson(lars), around))).toBe(expected);
  });

  it('knows an earlier number of the same person', () => {
    const now = profileOfPerson({ ...lars, predecessors: [OLDER_ID] });
    const before = row({ ...NAME, personnummer: OLDER_ID, ...AWAY });
    expect(shown(match(now, before, USUAL))).toBe(
      'certain: renumbered, same-name, same-child but other-birth-date, other-address',
    );
  });

  it.each<[SomeCells, SomeCells, string]>([
    [{ email: ' Lars@Ek.example' }, { email: 'lars@ek.EXAMPLE ' }, 'same-email'],
    [{ phone: '070-174 06 05' }, { phone: '+46 (0)70 174 06 05' }, 'same-phone'],
    [{ phone: '0046701740605' }, { phone: '701740605' }, 'same-phone'],
    [{ phone: '0701740605' }, { phone: '+46701740605' }, 'same-phone'],
    [{ phone: '+4790123456' }, { phone: '004790123456' }, 'same-phone'],
  ])('%j and %j: %s', (one, other, evidence) => {
    const alone = { ...USUAL, shareChild: false, relations: [] };
    const lasse = row({ ...NAME, first_name: 'Lasse', ...one });
    expect(shown(match(lasse, row({ ...NAME, ...other }), alone))).toBe(
      `possible: name-short-form, ${evidence}`,
    );
    expect(shown(match(row({ ...NAME, ...one }), row({ ...NAME, ...other }), alone))).toBe(
      `possible: same-name, ${evidence}`,
    );
    expect(shown(match(lasse, row({ first_name: 'Berit', last_name: 'Holmgren', ...other }), alone))).toBe(
      'unlike',
    );
    expect(shown(match(row({ ...NAME, ...one }), row({ ...NAME, ...other }), USUAL))).toBe(
      `probable: same-name, ${evidence}, same-child`,
    );
  });

  it.each<[SomeCells, SomeCells]>([
    [{ email: 'ingen' }, { email: 'ingen' }],
    [{ email: '' }, { email: '' }],
    [{ phone: '112' }, { phone: '112' }],
    [{ phone: '+4670174060' }, { phone: '+4770174060' }],
  ])('%j and %j have nothing in common', (one, other) => {
    expect(
      match(row({ ...NAME, ...one }), row({ ...NAME, ...other }), { ...USUAL, shareChild: false }).grade,
    ).toBe('unlike');
  });

  describe('a guardian without id-nummer', () => {
    it.each([
      ['1980-04-12', '1980-04-12', 'certain: same-name, same-birth-date, same-child'],
      ['1980', '1980-04-12', 'probable: same-name, same-child'],
      ['1980-04-00', '1980-04-12', 'probable: same-name, same-child'],
      ['1980-04-00', '1980-05-12', 'possible: same-name, same-child but other-birth-date'],
      ['1981-00-00', '1980-05-12', 'possible: same-name, same-child but other-birth-date'],
      ['1981-05-12', '1980-05-12', 'certainly-not: same-name, same-child but other-birth-date'],
      ['0', '1980-05-12', 'probable: same-name, same-child'],
      ['1980-13-41', '1980-05-12', 'probable: same-name, same-child'],
    ])('born %s, in the row %s: %s', (birthDate, cell, expected) => {
      const relation = profileOfRelation({
        name: { given: 'Lars', surname: 'Holmgren' },
        birthDate,
        deceased: false,
      });
      expect(shown(match(relation, row({ ...NAME, birth_date: cell }), USUAL))).toBe(expected);
    });

    it('may have no name', () => {
      const nobody = profileOfRelation({ deceased: false });
      expect(shown(match(nobody, row(NAME), USUAL))).toBe('unlike');
      expect(haveSimilarNames(nobody, nobody)).toBe(false);
    });
  });

  it('lets a samordningsnummer leave the day of birth open', () => {
    const { name } = lars;
    const open = profileOfPerson(registered({ id: withCheckDigit('19800460238'), name }));
    expect(match(open, row({ ...NAME, birth_date: '1980-04-30' }), USUAL).grade).toBe('probable');
    expect(shown(match(open, row({ ...NAME, birth_date: '1980-05-30' }), USUAL))).toBe(
      'possible: same-name, same-child but other-birth-date',
    );
  });

  it('needs a postal code for an address, abroad excepted', () => {
    const here = row({ ...NAME, street: HOME.street });
    expect(shown(match(here, here, USUAL))).toBe('probable: same-name, same-child');
  });

  it('has no open day of birth where one is registered', () => {
    const known = profileOfPerson({ ...lars, id: withCheckDigit('19800460238') });
    expect(match(known, row({ ...NAME, ...BORN }), USUAL).grade).toBe('certain');
    expect(match(known, row({ ...NAME, birth_date: '1980-04-30' }), USUAL).grade).toBe('certainly-not');
  });

  it('takes the registered date of birth and that of the number, which need not agree', () => {
    const person = profileOfPerson({ ...lars, birthDate: date('1980-04-02') });
    expect(match(person, row({ ...NAME, birth_date: '1980-04-02' }), USUAL).grade).toBe('certain');
    expect(match(person, row({ ...NAME, birth_date: '1980-04-12' }), USUAL).grade).toBe('certain');
    expect(match(person, row({ ...NAME, birth_date: '1980-04-03' }), USUAL).grade).toBe('certainly-not');
  });
});

const anyId: fc.Arbitrary<PersonId> = fc.constantFrom(LASSE_ID, OLDER_ID, personId('201001012390'));

/** Few values, so that much of it agrees. */
const anyKnownCells = fc.record({
  personnummer: fc.oneof(fc.constantFrom('', '19800412-TF01', '800412-T123', 'x'), anyId),
  first_name: fc.constantFrom('Lars', 'Karl Lars', 'Lasse', 'Karl', 'Lers', 'L?rs', 'Berit', 'Holmgren', ''),
  last_name: fc.constantFrom('Holmgren', 'Ek Holmgren', 'Ek', 'Hölmgren', 'Holmgrem', 'Lind', 'Lars', ''),
  birth_date: fc.constantFrom('', '1980-04-12', '19800412', '1981-04-12', 'x'),
  street: fc.constantFrom('', 'Storgatan 1', 'Storgatan 1 lgh 1101', 'Lillgatan 7'),
  postal_code: fc.constantFrom('', '111 46', '11146', '98100'),
  email: fc.constantFrom('', 'a@b.example', 'A@b.example'),
  phone: fc.constantFrom('', '070-1740605', '+46701740605'),
});

/** A row of which most is right. */
const anyNearRow: fc.Arbitrary<Profile> = fc
  .tuple(anyKnownCells, fc.array(fc.nat(9), { minLength: 8, maxLength: 8 }))
  .map(([cells, dice]) => {
    const right = { ...NAME, ...BORN, ...HOME, personnummer: '', email: '', phone: '' };
    const kept = Object.entries(right).filter((_, i) => dice[i] !== 0);
    return row({ ...cells, ...Object.fromEntries(kept) });
  });

const anyRow: fc.Arbitrary<Profile> = fc.oneof(
  { weight: 4, arbitrary: anyKnownCells.map(row) },
  { weight: 1, arbitrary: anyCells.map((cells) => profileOfRow(cells, idOf(cells))) },
);

const anyPerson: fc.Arbitrary<RegisteredPerson> = fc.oneof(
  { weight: 3, arbitrary: fc.constant(lars) },
  { weight: 1, arbitrary: fc.constant({ ...lars, predecessors: [OLDER_ID] }) },
  { weight: 1, arbitrary: anyRegistered },
);

const anyRelation = fc
  .record({
    birthDate: fc.constantFrom('1980-04-12', '1980', '1980-04-00', '1981-00-00', '0', 'x'),
    name: fc.constantFrom({ given: 'Lars', surname: 'Holmgren' }, { surname: 'Holmgren' }, {}),
    deceased: fc.boolean(),
  })
  .map(profileOfRelation);

const anyProfile = fc.oneof(
  { weight: 3, arbitrary: anyRow },
  { weight: 2, arbitrary: anyPerson.map(profileOfPerson) },
  { weight: 1, arbitrary: anyRelation },
);

const anySetting: fc.Arbitrary<Setting> = fc.oneof(
  fc.constant(USUAL),
  fc.record({
    isOnlyRow: fc.boolean(),
    isOnlyGuardian: fc.boolean(),
    hasNamelessGuardian: fc.boolean(),
    areBothGuardians: fc.boolean(),
    shareChild: fc.boolean(),
    relations: fc.array(fc.oneof(fc.constantFrom('pappa', 'farfar', 'vh'), fc.string()), { maxLength: 2 }),
  }),
);

const RANK = { certain: 4, probable: 3, possible: 2, unlike: 1, 'certainly-not': 0 };
const MANY = { numRuns: 3_000 };

describe('any pair', () => {
  it('has one grade, whichever way it is looked at, and its reasons in one order', () => {
    fc.assert(
      fc.property(anyProfile, anyProfile, anySetting, (one, other, setting) => {
        const found = match(one, other, setting);
        expect(match(other, one, setting)).toEqual(found);
        expect(found.evidence).toEqual(EVIDENCE.filter((word) => found.evidence.includes(word)));
        expect(found.contradictions).toEqual(
          CONTRADICTIONS.filter((word) => found.contradictions.includes(word)),
        );
      }),
      MANY,
    );
  });

  it('is certain without a number only by name and one more thing, with nothing against it', () => {
    let certain = 0;
    fc.assert(
      fc.property(
        anyNearRow,
        fc.oneof(anyNearRow, fc.constant(profileOfPerson(lars))),
        anySetting,
        (one, other, setting) => {
          const { grade, evidence, contradictions } = match(one, other, setting);
          if (grade !== 'certain' || evidence.includes('same-number')) return;
          certain++;
          expect(contradictions).toEqual([]);
          expect(evidence).toContain('same-name');
          expect(evidence.includes('same-birth-date') || evidence.includes('same-address')).toBe(true);
          expect(setting.isOnlyRow && setting.isOnlyGuardian && setting.shareChild).toBe(true);
          expect(haveSameName(one, other)).toBe(true);
          if (setting.hasNamelessGuardian) expect(evidence).toContain('same-birth-date');
        },
      ),
      { numRuns: 5_000, seed: 7 },
    );
    expect(certain).toBeGreaterThan(100);
  });

  it('has a grade by name only where the names are alike', () => {
    fc.assert(
      fc.property(anyProfile, anyProfile, anySetting, (one, other, setting) => {
        const { grade, evidence } = match(one, other, setting);
        const isByNumber = evidence.includes('same-number') || evidence.includes('renumbered');
        if (!isByNumber && RANK[grade] > RANK.unlike) expect(haveSimilarNames(one, other)).toBe(true);
        if (haveSameName(one, other)) expect(haveSimilarNames(one, other)).toBe(true);
      }),
      MANY,
    );
  });

  it('never gets a better grade from something that speaks against it', () => {
    const worse: readonly ((setting: Setting) => Setting)[] = [
      (setting) => ({ ...setting, isOnlyRow: false }),
      (setting) => ({ ...setting, isOnlyGuardian: false }),
      (setting) => ({ ...setting, hasNamelessGuardian: true }),
      (setting) => ({ ...setting, areBothGuardians: true }),
      (setting) => ({ ...setting, relations: [...setting.relations, 'bonuspappa'] }),
    ];
    fc.assert(
      fc.property(
        anyProfile,
        anyProfile,
        anySetting,
        fc.constantFrom(...worse),
        (one, other, setting, worsen) => {
          const before = match(one, other, setting);
          const after = match(one, other, worsen(setting));
          expect(RANK[after.grade]).toBeLessThanOrEqual(RANK[before.grade]);
        },
      ),
      MANY,
    );
  });

  it('never gets a better grade from another address, birth date or number than from none', () => {
    const others: readonly SomeCells[] = [
      { street: 'Annangatan 99', postal_code: '98100' },
      { birth_date: '1933-03-03', personnummer: '' },
      { personnummer: withCheckDigit('19330303238'), birth_date: '' },
    ];
    fc.assert(
      fc.property(
        anyKnownCells,
        anyPerson,
        anySetting,
        fc.constantFrom(...others),
        (cells, person, setting, other) => {
          const without = Object.fromEntries(Object.keys(other).map((field) => [field, '']));
          const someone = profileOfPerson(person);
          const before = match(row({ ...cells, ...without }), someone, setting);
          const after = match(row({ ...cells, ...other }), someone, setting);
          expect(RANK[after.grade]).toBeLessThanOrEqual(RANK[before.grade]);
        },
      ),
      MANY,
    );
  });
});

describe('one letter changed in a name', () => {
  const letters = [...'abcdefghijklmnopqrstuvwxyzåäöéü'];
  const anyWord = fc.string({ unit: fc.constantFrom(...letters), minLength: 1, maxLength: 8 });
  const anyWords = fc.array(anyWord, { minLength: 1, maxLength: 3 }).map((words) => words.join(' '));

  it('is never certain', () => {
    fc.assert(
      fc.property(
        fc.record({ given: anyWords, surname: anyWords }),
        fc.option(anyWord, { nil: undefined }),
        fc.nat(),
        fc.constantFrom(...letters, '?', '\uFFFD'),
        (name, middle, at, letter) => {
          const person = profileOfPerson({
            ...lars,
            name: middle === undefined ? name : { ...name, middle },
          });
          const { given, surname } = name;
          const cells = { first_name: given, last_name: surname, ...BORN, ...HOME };
          expect(match(person, row(cells), USUAL).grade).toBe('certain');
          const field = at % 2 === 0 ? 'first_name' : 'last_name';
          const text = cells[field];
          const place = at % text.length;
          fc.pre(text[place] !== ' ' && text[place] !== letter);
          const changed = text.slice(0, place) + letter + text.slice(place + 1);
          expect(match(person, row({ ...cells, [field]: changed }), USUAL).grade).not.toBe('certain');
        },
      ),
      MANY,
    );
  });
});
