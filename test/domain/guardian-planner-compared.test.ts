import { describe, expect, it } from 'vitest';
import type { Answer } from '../../src/domain/person.ts';
import type { PersonId } from '../../src/domain/person-id.ts';
import {
  ANNA,
  adultOf,
  answersOf,
  BO,
  carryOut,
  childOf,
  EVA,
  entriesOf,
  familiesFrom,
  KIM,
  LO,
  linksOf,
  ONE_CHILD,
  planFamilies,
  planSchool,
  type School,
  told,
} from '../support/family-school.ts';

/** The pairs of the first night, and those of the second. */
function twoNights(school: School, ...people: Answer[]): readonly (readonly string[])[] {
  const answers = answersOf(...people);
  const [entries, links] = [entriesOf(school), linksOf(school)];
  const first = planFamilies(familiesFrom(entries, links), answers);
  const after = carryOut(entries, links, first);
  const second = planFamilies(familiesFrom(after.entries, after.links), answers);
  return [first, second].map(({ pairs }) => pairs.map(({ a, b, grade }) => `${a.id} ${b.id} ${grade}`));
}

const jonas = adultOf(ANNA, { given: 'Lars Jonas Erik', callName: 'Jonas', surname: 'Åkerström' });

describe('a pair of one night', () => {
  it('is there the next night: rows of one e-mail, alike only by the name that SPAR has', () => {
    const school: School = {
      ...ONE_CHILD,
      guardians: {
        11: {
          first_name: 'Jonas',
          last_name: 'Åkerström',
          birth_date: '1980-09-13',
          email: 'jonas@example.org',
        },
        12: { first_name: 'Lars', last_name: 'Åkerström', email: 'jonas@example.org' },
      },
      links: ['1 11'],
    };
    const [first, second] = twoNights(school, childOf(KIM, [ANNA]), jonas);
    expect(first).toEqual(['11 12 possible']);
    expect(second).toEqual(first);
  });

  it('is there though nobody on the roster is the child of either', () => {
    const guardians = {
      11: { first_name: 'Jonas', last_name: 'Ek', personnummer: ANNA, email: 'jonas@example.org' },
      12: { first_name: 'Lars', last_name: 'Åkerström', email: 'jonas@example.org' },
    };
    const plan = planSchool({ guardians }, answersOf(jonas), { selected: () => false });
    expect(plan.pairs).toMatchObject([{ grade: 'possible', evidence: ['same-email'] }]);
  });

  it('has its grade the next night: another guardian of the child has the name', () => {
    const school: School = {
      ...ONE_CHILD,
      guardians: {
        11: { first_name: 'Bo', last_name: 'Ek', birth_date: '1984-02-17', email: 'bo@example.org' },
        12: { first_name: 'Bo', last_name: 'Ek', email: 'bo@example.org' },
        13: { personnummer: EVA, first_name: 'E', last_name: 'E' },
      },
      links: ['1 11', '1 13', '1 12'],
    };
    const people = [childOf(KIM, [BO, EVA]), adultOf(BO, 'Bo Ek'), adultOf(EVA, 'Bo Ek')];
    const [first, second] = twoNights(school, ...people);
    expect(first).not.toEqual([]);
    expect(second).toEqual(first);
  });

  it('is there whoever has a number like the temporary one, wherever their children are', () => {
    const school: School = {
      students: { 1: { personnummer: KIM }, 2: { personnummer: LO } },
      guardians: {
        11: { first_name: 'Lars', last_name: 'Åkerström', personnummer: '19800913-TF01' },
        12: { first_name: 'Jonas', last_name: 'Åkerström', personnummer: ANNA },
      },
      links: ['2 11', '1 12'],
    };
    const [first, second] = twoNights(school, childOf(KIM, [ANNA]), childOf(LO, []), jonas);
    expect(first).toEqual(['11 12 possible']);
    expect(second).toEqual(first);
  });
});

describe('a known guardian', () => {
  const dead = (id: PersonId) => ({ kind: 'deregistered', id, reason: 'deceased', successors: [] }) as const;
  const known: School = { ...ONE_CHILD, guardians: { 9: { personnummer: ANNA } }, links: ['1 9'] };

  it('is told to be deceased by the cache, whoever else is on the child', () => {
    const plan = planSchool(known, answersOf(childOf(KIM, [ANNA]), dead(ANNA)));
    expect(told(plan)).toEqual({ present: 1, reviews: ['guardian:9 guardian-deceased child 1'] });
  });

  it('of students who are not selected is not even looked up in the cache', () => {
    const answers = answersOf(childOf(KIM, [ANNA]), dead(ANNA));
    expect(told(planSchool(known, answers, { selected: () => false }))).toEqual({});
  });
});
