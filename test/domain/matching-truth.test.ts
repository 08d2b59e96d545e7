import { describe, expect, it } from 'vitest';
import { BEST_SETTING, match, mayBeMeant } from '../../src/domain/match.ts';
import { profileOfPerson, profileOfRow } from '../../src/domain/matching/profile.ts';
import { rowKeyText } from '../../src/domain/roster.ts';
import { cellsOf, registered } from '../support/arbitraries.ts';
import { type MadeUpFamilies, makeUpFamilies } from '../support/made-up-families.ts';
import { createScore, scorePlan, sharesOf } from '../support/matching-score.ts';
import { planMadeUp } from '../support/plan-made-up.ts';
import { createSeededRandom } from '../support/seeded-random.ts';

/** `npm run bench:matching` does the same with a hundred thousand guardians. */
const SEEDS = [11, 22, 33, 44];
const SCHOOLS = SEEDS.map((seed) => makeUpFamilies(seed, { students: 900 }));

describe('made-up schools', () => {
  it('are the same for the same seed', () => {
    const [one, two] = [5, 5].map((seed) => makeUpFamilies(seed, { students: 60 }));
    expect(two).toEqual(one);
    expect(makeUpFamilies(6, { students: 60 })).not.toEqual(one);
  });

  it('hold people of every kind', () => {
    const kinds = new Set(SCHOOLS.flatMap((school) => [...school.truth.values()].map((row) => row.kind)));
    expect(kinds.size).toBeGreaterThan(50);
    expect(SCHOOLS.reduce((sum, school) => sum + school.truth.size, 0)).toBeGreaterThan(4000);
  });
});

describe('the plan against the truth', () => {
  it('gives nobody a number that is not theirs, and finds whom it can', () => {
    const score = createScore();
    for (const school of SCHOOLS) scorePlan(score, school, planMadeUp(school));
    expect(score.wrong.filter((each) => !each.cannotBeTold)).toEqual([]);
    const { found, missed, noise } = sharesOf(score);
    expect(score.evident).toBeGreaterThan(1000);
    expect(found).toBeGreaterThanOrEqual(0.99);
    expect(missed).toBeLessThanOrEqual(0.02);
    expect(noise).toBeLessThanOrEqual(0.2);
  });

  it.each(SEEDS)('gives one number to one row and one row one number (seed %i)', (seed) => {
    const school = makeUpFamilies(seed, { students: 400 });
    for (const assign of ['certain', 'probable'] as const) {
      const { assigned, created } = planMadeUp(school, { assign });
      const people = [...assigned, ...created].map(({ person }) => person);
      expect(new Set(people).size).toBe(people.length);
      const rows = [...assigned, ...created].map(({ key }) => rowKeyText(key));
      expect(new Set(rows).size).toBe(rows.length);
    }
  });

  it('assigns nothing where nothing may be assigned', () => {
    const [school] = SCHOOLS;
    expect(school && planMadeUp(school, { assign: 'never' }).assigned).toEqual([]);
  });

  it.each(SEEDS)('is the same whatever the order of rows and links (seed %i)', (seed) => {
    const school = makeUpFamilies(seed, { students: 400 });
    const [one, two] = [school, reordered(school, seed)].map((each) => {
      const { assigned, created, links, pairs, reviews } = planMadeUp(each);
      return {
        assigned: sorted(assigned),
        created: sorted(created),
        links: sorted(links),
        reviews: sorted(reviews.map((review) => ({ ...review, rows: [...(review.rows ?? [])].sort() }))),
        pairs,
      };
    });
    expect(two).toEqual(one);
  });
});

describe('what speaks against being sure of a row', () => {
  const father = profileOfPerson(
    registered({
      name: { given: 'Lars Erik', callName: 'Lars', surname: 'Ek' },
      home: { kind: 'swedish', lines: ['Storgatan 1'], postalCode: '11146', city: 'STOCKHOLM' },
      mailing: { kind: 'swedish', lines: ['Skolgatan 9'], postalCode: '11147', city: 'STOCKHOLM' },
    }),
  );
  const mother = profileOfPerson(registered({ name: { given: 'Lena', surname: 'Ek' } }));
  const rowOf = (first_name: string, last_name: string, street = '', postal_code = '') =>
    profileOfRow(cellsOf({ first_name, last_name, street, postal_code }), { kind: 'missing' });

  it('is that another row of the child may be the father’s, written otherwise', () => {
    const grandfather = rowOf('Lars', 'Ek', 'Storgatan 1', '11146');
    expect(match(father, grandfather, BEST_SETTING).grade).toBe('certain');
    const { grade, contradictions } = match(father, grandfather, { ...BEST_SETTING, hasLikeRow: true });
    expect({ grade, contradictions }).toEqual({ grade: 'possible', contradictions: ['not-the-only-one'] });
  });

  it('is not where the birth date agrees', () => {
    const cells = cellsOf({ first_name: 'Lars', last_name: 'Ek', birth_date: '2010-01-01' });
    const row = profileOfRow(cells, { kind: 'missing' });
    expect(match(father, row, { ...BEST_SETTING, hasLikeRow: true }).grade).toBe('certain');
  });

  it('is that only post goes to that address', () => {
    expect(match(father, rowOf('Lars', 'Ek', 'Skolgatan 9', '11147'), BEST_SETTING).grade).toBe('probable');
  });

  it.each([
    ['a short form', rowOf('Lasse', 'Ek'), true],
    ['a slip', rowOf('Lras', 'Ek'), true],
    ['a short form that nobody knows', rowOf('Labban', 'Ek'), true],
    ['another name in the same house', rowOf('Sickan', 'Ek', 'Storgatan 1', '11146'), true],
    ['another name elsewhere', rowOf('Sickan', 'Ek', 'Storgatan 2', '11146'), false],
    ['another family', rowOf('Labban', 'Berg'), false],
    ['the mother, by name', rowOf('Lena', 'Ek', 'Storgatan 1', '11146'), false],
    ['the mother, by a name like hers', rowOf('Lenna', 'Ek', 'Storgatan 1', '11146'), false],
  ])('%s', (_what, row, expected) => {
    expect(mayBeMeant(father, row, [mother])).toBe(expected);
  });
});

function reordered(school: MadeUpFamilies, seed: number): MadeUpFamilies {
  const random = createSeededRandom(seed + 1);
  const at = <T extends { readonly place: MadeUpFamilies['links'][number]['place'] }>(
    each: T,
    row: number,
  ): T => ({
    ...each,
    place: { ...each.place, row, line: row + 2 },
  });
  return {
    ...school,
    entries: random.shuffle([...school.entries]).map(at),
    links: random.shuffle([...school.links]).map(at),
  };
}

function sorted(list: readonly unknown[]): string[] {
  return list.map((each) => JSON.stringify(each)).sort();
}
