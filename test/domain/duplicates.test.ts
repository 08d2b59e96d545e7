import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Decision } from '../../src/domain/decision.ts';
import type { DuplicatePair } from '../../src/domain/duplicate-pair.ts';
import { type DuplicateBasis, findDuplicates } from '../../src/domain/duplicates.ts';
import type { Families } from '../../src/domain/families.ts';
import type { Guardianship, RegisteredPerson } from '../../src/domain/person.ts';
import type { PersonId } from '../../src/domain/person-id.ts';
import type { RowKey } from '../../src/domain/roster.ts';
import { date, registered, withCheckDigit } from '../support/arbitraries.ts';
import { familiesFrom, guardianKey, type SmallSchool } from '../support/small-school.ts';

const ANNA = withCheckDigit('19800101238');
const ERIK = withCheckDigit('19790202239');
const EVA = withCheckDigit('19810303238');

const HOME = { street: 'Storgatan 1', postal_code: '11146', city: 'Stockholm' };
const EMAIL = 'anna.ek@example.org';

type Known = Partial<Omit<DuplicateBasis, 'families'>>;

function pairsOf(school: SmallSchool, known: Known = {}): readonly DuplicatePair[] {
  return pairsIn(familiesFrom(school), known);
}

function pairsIn(families: Families, known: Known = {}): readonly DuplicatePair[] {
  return findDuplicates({
    families,
    answerOf: () => undefined,
    guardianshipOf: () => undefined,
    isProtected: (person) => families.marked.has(person),
    renumbered: [],
    decisions: [],
    ...known,
  });
}

/** SPAR's answers about these people, each living at `HOME`, and who is whose guardian. */
function sparSays(
  people: readonly (Pick<RegisteredPerson, 'id' | 'name'> & Partial<RegisteredPerson>)[],
  guardians: Readonly<Record<string, readonly PersonId[]>>,
): Known {
  const answers = new Map(people.map((person) => [person.id, registered({ home: SPAR_HOME, ...person })]));
  return {
    answerOf: (id) => answers.get(id),
    guardianshipOf: (student): Guardianship | undefined => {
      const ids = guardians[student];
      return ids && { current: ids.map((id) => ({ id, deceased: false })), ended: [] };
    },
  };
}

const SPAR_HOME = {
  kind: 'swedish',
  lines: ['Storgatan 1'],
  postalCode: '11146',
  city: 'STOCKHOLM',
} as const;
const ANNA_EK = { id: ANNA, name: { given: 'Anna Maria', callName: 'Anna', surname: 'Ek' } };
const ERIK_EK = { id: ERIK, name: { given: 'Erik', surname: 'Ek' } };

function ids(pairs: readonly DuplicatePair[]): string[] {
  return pairs.map(({ a, b }) => `${a.id} ${b.id}`);
}

describe('a guardian whom SPAR names, and a row of the child without a number', () => {
  const school: SmallSchool = {
    guardians: {
      20: { personnummer: ANNA, first_name: 'Anna', last_name: 'Ek' },
      3: { first_name: 'anna', last_name: 'EK', ...HOME },
      4: { first_name: 'Bo', last_name: 'Lind', ...HOME },
    },
    students: { s1: {} },
    links: [
      ['s1', '3'],
      ['s1', '4'],
    ],
  };

  it('are one person where name and address agree', () => {
    const [pair, ...more] = pairsOf(school, sparSays([ANNA_EK], { s1: [ANNA] }));
    expect(more).toEqual([]);
    expect(pair).toMatchObject({
      a: guardianKey('3'),
      b: guardianKey('20'),
      keep: guardianKey('20'),
      grade: 'certain',
      group: 'same-person',
      evidence: ['same-name', 'same-address', 'same-child'],
      contradictions: [],
      children: ['s1'],
      shown: { a: { first_name: 'anna', street: 'Storgatan 1' }, b: { personnummer: ANNA } },
    });
  });

  it('are told by the row of the number where there is no answer', () => {
    const known = sparSays([], { s1: [ANNA] });
    expect(pairsOf(school, known)).toMatchObject([{ grade: 'probable', group: 'same-person' }]);
  });

  it('are nobody where SPAR has not told the guardians', () => {
    expect(pairsOf(school, sparSays([ANNA_EK], {}))).toEqual([]);
  });

  it('take the register at its word when it says that they are two', () => {
    const other = {
      ...school,
      guardians: {
        ...school.guardians,
        3: { first_name: 'Anna', last_name: 'Ek', birth_date: '1955-05-05' },
      },
    };
    expect(pairsOf(other, sparSays([ANNA_EK], { s1: [ANNA] }))).toEqual([]);
  });

  it('are less sure where another row, or another guardian, of the child has the name too', () => {
    const namesake = { ...ERIK_EK, name: ANNA_EK.name };
    const guardian = pairsOf(school, sparSays([ANNA_EK, namesake], { s1: [ANNA, ERIK] }));
    expect(guardian).toMatchObject([{ grade: 'possible', contradictions: ['not-the-only-one'] }]);
    const rows = {
      ...school,
      guardians: { ...school.guardians, 5: { first_name: 'Anna', last_name: 'Ek' } },
      links: [...(school.links ?? []), ['s1', '5'] as const],
    };
    const row = pairsOf(rows, sparSays([ANNA_EK], { s1: [ANNA] }));
    expect(ids(row)).toEqual(['3 20', '5 20']);
    expect(row).toMatchObject([{ grade: 'possible' }, { grade: 'possible', group: 'differing-data' }]);
  });

  it('are less sure where the link names another kinship, or a guardian is nameless', () => {
    const links = [['s1', '3', 'farmor']] as const;
    const kin = pairsOf({ ...school, links }, sparSays([ANNA_EK], { s1: [ANNA] }));
    expect(kin).toMatchObject([{ grade: 'possible', contradictions: ['other-kinship'] }]);
    const nameless = pairsOf(school, sparSays([ANNA_EK], { s1: [ANNA, ERIK] }));
    expect(nameless).toMatchObject([{ grade: 'probable', contradictions: ['nameless-guardian'] }]);
  });

  it('are compared by the name that the row of the number has too, a former one', () => {
    const married = { ...ANNA_EK, name: { given: 'Anna', surname: 'Berg' } };
    expect(pairsOf(school, sparSays([married], { s1: [ANNA] }))).toMatchObject([{ grade: 'probable' }]);
  });
});

describe('SPAR and the row of the number', () => {
  const rows = {
    20: { personnummer: ANNA, first_name: 'Anna', last_name: 'Ek' },
    3: { first_name: 'Anna', last_name: 'Ek' },
  };
  const school: SmallSchool = { guardians: rows, students: { s1: {} }, links: [['s1', '3']] };

  it('speak for a pair by a name that only the row has', () => {
    const moved = { id: ANNA, name: { given: 'Anna', surname: 'Berg' } };
    expect(pairsOf(school, sparSays([moved], { s1: [ANNA] }))).toMatchObject([{ grade: 'probable' }]);
  });

  it('do not both count: two are two by what SPAR knows', () => {
    const birth_date = '1985-06-07';
    const guardians = { 20: { ...rows[20], birth_date }, 3: { ...rows[3], birth_date } };
    const told = { ...ANNA_EK, birthDate: date('1980-01-01') };
    expect(pairsOf({ ...school, guardians })).toEqual([]);
    expect(pairsOf({ ...school, guardians }, sparSays([], { s1: [ANNA] }))).toHaveLength(1);
    expect(pairsOf({ ...school, guardians }, sparSays([told], { s1: [ANNA] }))).toEqual([]);
    const [one, other] = [guardians[20], guardians[3]].map((cells) => ({ ...cells, email: EMAIL }));
    const sharing = { ...school, guardians: { 20: one ?? {}, 3: other ?? {} } };
    expect(pairsOf(sharing, sparSays([told], { s1: [ANNA] }))).toMatchObject([{ group: 'shared' }]);
  });

  it('are one person, and so are their other rows: none of them stands in the way', () => {
    const another = {
      ...school,
      guardians: { ...rows, 21: rows[20] },
      links: [
        ['s1', '3'],
        ['s1', '20'],
        ['s1', '21'],
      ] as const,
    };
    const pairs = pairsOf(another, sparSays([{ ...ANNA_EK, home: SPAR_HOME }], { s1: [ANNA] }));
    expect(pairs).toMatchObject([
      { a: guardianKey('20'), b: guardianKey('21'), grade: 'certain' },
      { a: guardianKey('3'), b: guardianKey('20'), grade: 'probable', contradictions: [] },
    ]);
  });
});

describe('rows under one number', () => {
  it('are no more pairs for sharing an e-mail', () => {
    const row = { personnummer: ANNA, first_name: 'Anna', last_name: 'Ek', email: EMAIL };
    expect(ids(pairsOf({ guardians: { 1: row, 2: row, 3: row } }))).toEqual(['1 2', '1 3']);
  });

  it('are paired with the row that is kept, and told as they are written', () => {
    const school = {
      guardians: {
        1: { personnummer: ANNA, first_name: 'Anna', last_name: 'Ek' },
        2: { personnummer: ANNA.slice(2), first_name: 'Amna', last_name: 'Ek' },
        3: { personnummer: ANNA, first_name: 'Anna', last_name: 'Ek', active: 'nej' },
      },
      students: { s1: {}, s10: {}, s9: {} },
      links: [
        ['s1', '2'],
        ['s10', '2'],
        ['s9', '1'],
      ] as const,
    };
    const pairs = pairsOf(school, sparSays([ANNA_EK], {}));
    expect(ids(pairs)).toEqual(['1 2', '2 3']);
    expect(pairs).toMatchObject([
      {
        keep: guardianKey('2'),
        group: 'same-person',
        evidence: ['same-number', 'name-one-letter', 'same-birth-date'],
        children: ['s1', 's10', 's9'],
      },
      { keep: guardianKey('2') },
    ]);
  });

  it('are two roles where the other is staff or a student', () => {
    const school = {
      guardians: { 9: { personnummer: ANNA, email: EMAIL } },
      staff: { 1: { personnummer: ANNA } },
      students: { 1: { personnummer: ANNA } },
    };
    const pairs = pairsOf(school);
    expect(pairs).toMatchObject([
      { a: guardianKey('9'), b: { type: 'student', id: '1' }, keep: guardianKey('9') },
      {
        a: guardianKey('9'),
        b: { type: 'staff', id: '1' },
        keep: guardianKey('9'),
        grade: 'certain',
        group: 'same-person',
        evidence: ['same-number', 'two-roles'],
      },
    ]);
    expect(pairs.every((pair) => pair.emailHeldBy === undefined)).toBe(true);
  });

  it('stay out where both are inactive', () => {
    const gone = { personnummer: ANNA, active: '0' };
    expect(pairsOf({ guardians: { 1: gone, 2: gone }, staff: { 1: gone } })).toEqual([]);
  });
});

describe('rows that share an e-mail or a phone', () => {
  const anna = { first_name: 'Anna', last_name: 'Ek' };

  it.each([
    [{ email: 'Anna.Ek@Example.ORG ' }, { email: EMAIL }, ['same-email']],
    [{ phone: '070-174 06 05' }, { phone: '+46 (0)70 1740605' }, ['same-phone']],
  ])('are a pair, spelling aside: %j', (one, other, shared) => {
    const pairs = pairsOf({ guardians: { 1: { ...anna, ...one }, 2: { ...anna, ...other } } });
    expect(ids(pairs)).toEqual(['1 2']);
    expect(pairs[0]?.evidence).toEqual(expect.arrayContaining(shared));
    expect(pairs[0]).toMatchObject({ group: 'differing-data', keep: guardianKey('1') });
  });

  it('are no pair with names that are not alike', () => {
    const erik = { first_name: 'Erik', last_name: 'Ek', email: EMAIL, phone: '0701740605' };
    expect(pairsOf({ guardians: { 1: { ...anna, email: EMAIL, phone: '0701740605' }, 2: erik } })).toEqual(
      [],
    );
  });

  it('are different people who share something where their numbers differ', () => {
    const school = {
      guardians: {
        1: { ...anna, personnummer: ANNA, email: EMAIL },
        2: { ...anna, personnummer: EVA, email: EMAIL },
      },
    };
    expect(pairsOf(school)).toMatchObject([
      { grade: 'certainly-not', group: 'shared', emailHeldBy: guardianKey('1') },
    ]);
    const apart = { ...school.guardians[2], email: 'b@example.org' };
    expect(pairsOf({ guardians: { ...school.guardians, 2: apart } })).toEqual([]);
  });

  it('are never too unlike with one e-mail and a name alike', () => {
    const nameless = { first_name: '', last_name: 'Ek' };
    const byEmail = { 1: { ...anna, email: EMAIL }, 2: { ...nameless, email: EMAIL } };
    expect(pairsOf({ guardians: byEmail })).toMatchObject([{ grade: 'possible', group: 'differing-data' }]);
    const byPhone = { 1: { ...anna, phone: '0701740605' }, 2: { ...nameless, phone: '0701740605' } };
    expect(pairsOf({ guardians: byPhone })).toEqual([]);
  });

  it('tell who holds the e-mail', () => {
    const phone = '0701740605';
    const holder = (a: string, b: string) =>
      pairsOf({ guardians: { 1: { ...anna, phone, email: a }, 2: { ...anna, phone, email: b } } })[0]
        ?.emailHeldBy?.id;
    expect(holder(EMAIL, '')).toBe('1');
    expect(holder('', EMAIL)).toBe('2');
    expect(holder(EMAIL, EMAIL.toUpperCase())).toBe('1');
    expect(holder(EMAIL, 'b@example.org')).toBeUndefined();
    expect(holder('', '')).toBeUndefined();
  });

  it('are compared within one child only where very many share it', () => {
    const crowd = Object.fromEntries(
      Array.from({ length: 1000 }, (_, i) => [`${i}`, { ...anna, email: 'info@example.org' }]),
    );
    const pairs = pairsOf({
      guardians: crowd,
      students: { s1: {} },
      links: [
        ['s1', '7'],
        ['s1', '500'],
      ],
    });
    expect(ids(pairs)).toEqual(['7 500']);
  });
});

describe('rows of one child without a number', () => {
  const school = (one: object, other: object): SmallSchool => ({
    guardians: {
      1: { first_name: 'Anna', last_name: 'Ek', ...one },
      2: { first_name: 'Anna', last_name: 'Ek', ...other },
    },
    students: { s1: {} },
    links: [
      ['s1', '1'],
      ['s1', '2'],
    ],
  });

  it.each([
    ['the birth date', { birth_date: '1980-01-01' }, { birth_date: '19800101' }, ['1 2']],
    ['the address', HOME, { ...HOME, postal_code: '111 46' }, ['1 2']],
    ['nothing more', {}, {}, []],
    ['another birth date', { birth_date: '1980-01-01', ...HOME }, { birth_date: '1955-05-05', ...HOME }, []],
    [
      'the date in a temporary number',
      { personnummer: '19800101-TF01' },
      { birth_date: '1980-01-01' },
      ['1 2'],
    ],
  ])('are a pair by the name and %s', (_, one, other, found) => {
    expect(ids(pairsOf(school(one, other)))).toEqual(found);
  });

  it.each([
    ['19800101-TF01', {}, ['1 2']],
    ['19800101-TF01', { first_name: 'Anna Maria' }, ['1 2']],
    ['19800101-TF01', { first_name: 'Erik' }, []],
    ['19550505-TF01', {}, []],
    ['T123', {}, []],
  ])('%s is told to be the one with the real number: %j', (personnummer, other, found) => {
    const pairs = pairsOf(school({ personnummer }, { personnummer: ANNA, ...other }));
    expect(ids(pairs)).toEqual(found);
    expect(pairs.every(({ keep }) => keep.id === '2')).toBe(true);
  });
});

describe('numbers that have become others', () => {
  const school = {
    guardians: {
      1: { personnummer: ANNA, first_name: 'Anna', last_name: 'Ek' },
      2: { personnummer: EVA, first_name: 'Anna', last_name: 'Ek' },
    },
    students: { s1: {} },
    links: [['s1', '1']] as const,
  };

  it('join rows, and the current number is kept', () => {
    const pairs = pairsOf(school, { renumbered: [{ former: ANNA, successors: [EVA] }] });
    expect(pairs).toMatchObject([{ grade: 'certain', group: 'same-person', keep: guardianKey('2') }]);
    expect(pairs[0]?.evidence).toContain('renumbered');
  });

  it('join rows by what an answer tells of earlier numbers', () => {
    const answer = registered({ id: EVA, predecessors: [ANNA] });
    const pairs = pairsOf(school, { answerOf: (id) => (id === EVA ? answer : undefined) });
    expect(pairs[0]?.evidence).toContain('renumbered');
  });

  it('join rows over a number in between', () => {
    const renumbered = [
      { former: ANNA, successors: [ERIK] },
      { former: ERIK, successors: [EVA] },
    ];
    expect(ids(pairsOf(school, { renumbered }))).toEqual(['1 2']);
  });

  it('leave it to a person where several are said to have come after', () => {
    const pairs = pairsOf(school, { renumbered: [{ former: ANNA, successors: [EVA, ERIK] }] });
    expect(pairs).toMatchObject([{ grade: 'possible', group: 'differing-data' }]);
  });
});

describe('protected people', () => {
  const bare = ['a', 'b', 'keep', 'grade', 'group', 'evidence', 'contradictions', 'children'];
  const rows = {
    1: { personnummer: ANNA, first_name: 'Anna', last_name: 'Ek', email: EMAIL },
    2: { first_name: 'Anna', last_name: 'Ek', email: EMAIL },
  };

  it.each([
    ['a row that is marked', { ...rows, 2: { ...rows[2], protected: 'ja' } }, {}],
    ['a row whose person is protected', rows, { isProtected: (person: PersonId) => person === ANNA }],
  ])('%s: ids and grade only', (_, guardians, known) => {
    const school = {
      guardians,
      students: { s1: {} },
      links: [
        ['s1', '1'],
        ['s1', '2'],
      ] as const,
    };
    const [pair, ...more] = pairsOf(school, known);
    expect(more).toEqual([]);
    expect(Object.keys(pair ?? {})).toEqual(bare);
    expect(pair).toMatchObject({ evidence: [], contradictions: [], children: [] });
  });
});

describe('a row with a temporary number, and one with a real one, without a child in common', () => {
  const anna = { personnummer: ANNA, first_name: 'Anna', last_name: 'Ek' };
  const temporary = (cells: object = {}) =>
    pairsOf({
      guardians: {
        1: anna,
        2: { first_name: 'Anna', last_name: 'Ek', personnummer: '800101-T123', ...cells },
      },
      students: { s1: {}, s2: {} },
      links: [
        ['s1', '1'],
        ['s2', '2'],
      ],
    });

  it('are put side by side by date of birth and surname', () => {
    expect(temporary()).toMatchObject([{ evidence: ['same-name', 'temporary-number'], grade: 'possible' }]);
    const whole = { personnummer: '19800101-TF01' };
    expect(temporary(whole)).toMatchObject([{ grade: 'probable', group: 'same-person' }]);
    expect(temporary({ personnummer: 'T12', birth_date: '1980-01-01' })).toHaveLength(1);
    expect(temporary({ last_name: 'Ek Berg' })).toHaveLength(1);
  });

  it.each([
    [{ personnummer: '800102-T123' }],
    [{ personnummer: 'T12' }],
    [{ last_name: 'Berg' }],
    [{ first_name: 'Bo' }],
    [{ personnummer: '' }],
  ])('and are nobody where that differs: %j', (cells) => {
    expect(temporary(cells)).toEqual([]);
  });

  it('go by the surname that SPAR has too', () => {
    const guardians = { 1: { ...anna, last_name: 'Berg' }, 2: { ...anna, personnummer: '19800101-TF01' } };
    expect(pairsOf({ guardians })).toEqual([]);
    expect(ids(pairsOf({ guardians }, sparSays([ANNA_EK], {})))).toEqual(['1 2']);
  });
});

describe('decisions', () => {
  const anna = { first_name: 'Anna', last_name: 'Ek', email: EMAIL };
  const guardians = { 1: anna, 2: { ...anna, personnummer: ANNA } };
  const decided = (a: RowKey, b: RowKey, rest: Partial<Decision> = {}): Decision => ({
    a,
    b,
    verdict: 'different',
    ...rest,
  });
  const [one, two] = [guardianKey('1'), guardianKey('2')];

  it('that two are different are not asked for again, whichever stands first', () => {
    expect(ids(pairsOf({ guardians }))).toEqual(['1 2']);
    expect(pairsOf({ guardians }, { decisions: [decided(one, two)] })).toEqual([]);
    expect(pairsOf({ guardians }, { decisions: [decided(two, one)] })).toEqual([]);
  });

  it('hold for a person whose row has gone and come back', () => {
    const decisions = [decided(one, guardianKey('gone'), { bPerson: ANNA })];
    expect(pairsOf({ guardians }, { decisions })).toEqual([]);
    expect(
      pairsOf({ guardians }, { decisions: [decided(one, guardianKey('gone'), { bPerson: ERIK })] }),
    ).toHaveLength(1);
  });

  it('do not hold for somebody else who has got the row', () => {
    expect(pairsOf({ guardians }, { decisions: [decided(one, two, { bPerson: ERIK })] })).toHaveLength(1);
  });

  it('end when both rows have come to hold one number', () => {
    const both = { guardians: { 1: { ...anna, personnummer: ANNA }, 2: guardians[2] } };
    expect(ids(pairsOf(both, { decisions: [decided(one, two, { bPerson: ANNA })] }))).toEqual(['1 2']);
    const knowing = decided(one, two, { aPerson: ANNA, bPerson: ANNA });
    expect(pairsOf(both, { decisions: [knowing] })).toEqual([]);
  });

  it('do not speak of other rows under the number', () => {
    const three = { personnummer: ANNA };
    const decisions = [decided(one, guardianKey('gone'), { aPerson: ANNA, bPerson: ANNA })];
    expect(ids(pairsOf({ guardians: { 1: three, 2: three } }, { decisions }))).toEqual(['1 2']);
  });

  it('that two are the same silence nothing but two roles', () => {
    const same = { verdict: 'same' } as const;
    expect(pairsOf({ guardians }, { decisions: [decided(one, two, same)] })).toHaveLength(1);
    const school = { guardians: { 2: { personnummer: ANNA } }, staff: { 5: { personnummer: ANNA } } };
    const five = { type: 'staff', id: '5' } as const;
    expect(pairsOf(school)).toHaveLength(1);
    expect(pairsOf(school, { decisions: [decided(two, five, same)] })).toEqual([]);
    const known = { aPerson: ANNA, bPerson: ANNA };
    expect(pairsOf(school, { decisions: [decided(two, five, known)] })).toEqual([]);
  });

  it('are overruled by later ones', () => {
    const decisions = [decided(one, two), decided(two, one, { verdict: 'same' })];
    expect(pairsOf({ guardians }, { decisions })).toHaveLength(1);
  });
});

const PEOPLE = [ANNA, ERIK, EVA, withCheckDigit('19790202238')];
const anyRow = fc.record({
  personnummer: fc.constantFrom('', '', 'T12', '19800101-TF01', ...PEOPLE),
  first_name: fc.constantFrom('Anna', 'Anna Maria', 'Ana', 'Erik', ''),
  last_name: fc.constantFrom('Ek', 'Ek Berg', 'Berg'),
  birth_date: fc.constantFrom('', '', '1980-01-01', '1979-02-02'),
  street: fc.constantFrom('', 'Storgatan 1', 'Lillgatan 2'),
  postal_code: fc.constantFrom('', '11146'),
  email: fc.constantFrom('', '', EMAIL, EMAIL.toUpperCase(), 'x@example.org'),
  phone: fc.constantFrom('', '0701740605', '+46701740605'),
  active: fc.constantFrom('', '', 'nej'),
  protected: fc.constantFrom('', '', '', 'ja'),
});

const anySchool = fc
  .record({
    rows: fc.array(anyRow, { minLength: 2, maxLength: 12 }),
    staff: fc.array(fc.constantFrom(...PEOPLE), { maxLength: 2 }),
    links: fc.array(fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 11 })), {
      maxLength: 16,
    }),
    guardians: fc.array(fc.uniqueArray(fc.constantFrom(...PEOPLE), { maxLength: 3 }), { maxLength: 4 }),
    decided: fc.array(fc.tuple(fc.integer({ min: 0, max: 11 }), fc.integer({ min: 0, max: 11 })), {
      maxLength: 2,
    }),
    answered: fc.boolean(),
  })
  .map(({ rows, staff, links, guardians, decided, answered }) => {
    const school: SmallSchool = {
      guardians: Object.fromEntries(rows.map((cells, i) => [`${i}`, cells])),
      students: { s0: {}, s1: {}, s2: {}, s3: {} },
      staff: Object.fromEntries(staff.map((personnummer, i) => [`t${i}`, { personnummer }])),
      links: links.map(([student, guardian]) => [`s${student}`, `${guardian}`] as const),
    };
    const ofChild = Object.fromEntries(guardians.map((people, i) => [`s${i}`, people]));
    const known: Known = {
      ...sparSays(answered ? [ANNA_EK, ERIK_EK] : [], ofChild),
      renumbered: [{ former: ERIK, successors: [EVA] }],
      decisions: decided.map(([a, b]) => ({
        a: guardianKey(`${a}`),
        b: guardianKey(`${b}`),
        verdict: 'different',
      })),
    };
    return { school, known };
  });

describe('any school', () => {
  it('has the same report whatever the order of its rows', () => {
    fc.assert(
      fc.property(anySchool, fc.integer({ min: 0, max: 1000 }), ({ school, known }, turn) => {
        const shuffled = familiesFrom(school, (items) => shuffle(items, turn));
        expect(pairsIn(shuffled, known)).toEqual(pairsOf(school, known));
      }),
    );
  });

  it('is told of each pair once, in its order, and of nothing that does not belong there', () => {
    fc.assert(
      fc.property(anySchool, ({ school, known }) => {
        const families = familiesFrom(school);
        const pairs = pairsIn(families, known);
        expect(new Set(ids(pairs)).size).toBe(pairs.length);
        for (const { a, b, keep, grade, group, evidence, shown, children } of pairs) {
          const [one, other] = [families.guardian(a.id), families.guardian(b.id)];
          expect([a, b]).toContainEqual(keep);
          expect(one?.isActive || other?.isActive || b.type === 'staff').toBe(true);
          if (grade === 'certainly-not') expect(group).toBe('shared');
          if (one?.isMarked || other?.isMarked) expect(shown).toBeUndefined();
          if (shown === undefined) expect([evidence, children]).toEqual([[], []]);
          else expect(evidence).not.toEqual([]);
        }
      }),
    );
  });
});

/** Another order, the same for the same `turn`. */
function shuffle<T>(items: readonly T[], turn: number): readonly T[] {
  const order = items.map((item, i) => ({ item, at: Math.sin((i + 1) * (turn + 1)) }));
  return order.sort((a, b) => a.at - b.at).map(({ item }) => item);
}
