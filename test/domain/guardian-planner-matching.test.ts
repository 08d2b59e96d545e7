import { describe, expect, it } from 'vitest';
import type { PersonId } from '../../src/domain/person-id.ts';
import {
  ANNA,
  adultOf,
  answersOf,
  BO,
  childOf,
  EVA,
  KIM,
  LO,
  MIO,
  OLD,
  ONE_CHILD,
  planSchool,
  type School,
  told,
} from '../support/family-school.ts';

const anna = adultOf(ANNA, 'Anna Ek');
const bo = adultOf(BO, 'Bo Ek');

describe('who gets which row', () => {
  const row = (cells: object = {}) => ({ first_name: 'Anna', last_name: 'Ek', ...cells });
  const born = { birth_date: '1980-09-13' };
  const one = (cells: object): School => ({ ...ONE_CHILD, guardians: { 9: row(cells) }, links: ['1 9'] });
  const answers = answersOf(childOf(KIM, [ANNA, BO]), anna, bo);

  it('certain: the number first, then contact information, in the style of the columns', () => {
    const plan = planSchool(one({ ...born, postal_code: '11146', city: 'UMEÅ' }), answers);
    expect(told(plan)).toEqual({
      assigned: ['9 = 9265 certain'],
      created: ['10 = 9298'],
      links: ['1-10 9298'],
      present: 1,
    });
    expect(plan.items).toEqual([
      {
        kind: 'update',
        key: { type: 'guardian', id: '9' },
        place: { source: 1, row: 0, line: 2 },
        person: ANNA,
        checked: { field: 'spar_checked', from: '', to: '2026-11-20' },
        changes: [
          { field: 'personnummer', from: '', to: '198009139265' },
          { field: 'street', from: '', to: 'Gatan 1' },
          { field: 'city', from: 'UMEÅ', to: 'STOCKHOLM' },
        ],
        reviews: [],
      },
    ]);
  });

  it.each([
    ['certain', {}, undefined],
    ['probable', {}, ['9 = 9265 probable']],
    ['never', born, undefined],
    ['certain', { ...born, active: 'nej' }, undefined],
    ['certain', { ...born, personnummer: 'T123' }, ['9 = 9265 certain']],
  ] as const)('guardians.assign %s, row %j', (assign, cells, assigned) => {
    expect(told(planSchool(one(cells), answers, { assign })).assigned).toEqual(assigned);
  });

  it('of several: the surest, the one with most of the children, then with an e-mail, then the lowest id', () => {
    const students = { 1: { personnummer: KIM }, 2: { personnummer: LO }, 3: { personnummer: MIO } };
    const all = answersOf(childOf(KIM, [ANNA]), childOf(LO, [ANNA]), childOf(MIO, [ANNA]), anna);
    const best = (
      guardians: School['guardians'],
      links: string[],
      assign: 'certain' | 'probable' = 'certain',
    ) =>
      planSchool({ students, guardians: guardians ?? {}, links }, all, { assign }).assigned.map(
        ({ key }) => key.id,
      );
    const same = { 9: row(born), 10: row(born) };
    expect(best(same, ['1 10', '2 9'])).toEqual(['9']);
    expect(best({ ...same, 10: row({ ...born, email: 'a@example.com' }) }, ['1 10', '2 9'])).toEqual(['10']);
    expect(
      best({ 9: row({ ...born, email: 'a@example.com' }), 10: row(born) }, ['1 10', '2 10', '3 9']),
    ).toEqual(['10']);
    expect(best({ 9: row(), 10: row(born) }, ['1 9', '2 9', '3 10'], 'probable')).toEqual(['10']);
  });

  it('what a person has decided is different is never assigned', () => {
    const decision = {
      a: { type: 'guardian', id: '9' },
      b: { type: 'guardian', id: '77' },
      verdict: 'different',
    } as const;
    const plan = planSchool(one(born), answers, { decisions: [{ ...decision, bPerson: ANNA }] });
    expect(told(plan).created).toEqual(['10 = 9265', '11 = 9298']);
    expect(told(planSchool(one(born), answers, { decisions: [decision] })).assigned).toBeDefined();
    const joined = { former: OLD, successors: [ANNA] };
    const formerly = { decisions: [{ ...decision, bPerson: OLD }], renumbered: [joined] };
    expect(told(planSchool(one(born), answers, formerly)).assigned).toBeUndefined();
    const same = { ...decision, bPerson: ANNA, verdict: 'same' } as const;
    expect(told(planSchool(one(born), answers, { decisions: [same] })).assigned).toBeDefined();
  });

  it('what was decided about somebody whose row is another person by now is not about that person', () => {
    const school = { ...one(born), staff: { 5: { personnummer: ANNA } } };
    const decided = (bPerson?: PersonId) => {
      const [a, b] = [{ type: 'guardian', id: '9' } as const, { type: 'staff', id: '5' } as const];
      const decision = { a, b, verdict: 'different', ...(bPerson && { bPerson }) } as const;
      return told(planSchool(school, answers, { decisions: [decision] })).assigned;
    };
    expect(decided(EVA)).toEqual(['9 = 9265 certain']);
    expect(decided(ANNA)).toBeUndefined();
    expect(decided()).toBeUndefined();
  });

  it('what undo took from a row is not written again, nor created', () => {
    const isNumberHeld = () => true;
    expect(told(planSchool(one(born), answers, { isNumberHeld }))).toEqual({
      created: ['10 = 9298'],
      links: ['1-10 9298'],
      reviews: ['guardian:9 edited-since'],
    });
    expect(
      told(planSchool(one(born), answers, { isNumberHeld, overwriteHolds: true })).assigned,
    ).toBeDefined();
  });

  it('a guardian or a link that undo took away does not come back by itself', () => {
    const holds = {
      rows: new Set<string>(),
      isLinkHeld: (student: string, person: PersonId) => student === '1' && person === BO,
    };
    const only = answersOf(childOf(KIM, [BO]), childOf(LO, [BO]), bo);
    expect(told(planSchool(ONE_CHILD, only, { holds }))).toEqual({ reviews: ['student:1 edited-since'] });
    const hidden = answersOf(childOf(KIM, [BO]), { kind: 'protected', id: BO, mark: 'sekretessmarkering' });
    const create = { protectedGuardians: 'create', holds } as const;
    expect(told(planSchool(ONE_CHILD, hidden, create))).toEqual({ reviews: ['student:1 edited-since'] });
    expect(told(planSchool(ONE_CHILD, only, { holds, overwriteHolds: true })).created).toBeDefined();
    const two: School = { students: { 1: { personnummer: KIM }, 2: { personnummer: LO } } };
    expect(told(planSchool(two, only, { holds })).links).toEqual([expect.stringMatching(/^2-/)]);
  });

  it('another guardian without a known name leaves only the birth date', () => {
    const home = { street: 'Gatan 1', postal_code: '11146' };
    const hidden = answersOf(childOf(KIM, [ANNA, BO]), anna, {
      kind: 'protected',
      id: BO,
      mark: 'sekretessmarkering',
    });
    expect(told(planSchool(one(home), answers)).assigned).toEqual(['9 = 9265 certain']);
    expect(told(planSchool(one(home), hidden)).assigned).toBeUndefined();
    expect(told(planSchool(one({ ...home, ...born }), hidden)).assigned).toEqual(['9 = 9265 certain']);
  });

  it('a namesake among the guardians or among the rows keeps it from being certain', () => {
    const namesake = answersOf(childOf(KIM, [ANNA, EVA]), anna, adultOf(EVA, 'Anna Ek'));
    expect(told(planSchool(one(born), namesake)).assigned).toBeUndefined();
    const known: School = {
      ...one(born),
      guardians: { 9: row(born), 8: row({ personnummer: EVA }) },
      links: ['1 9', '1 8'],
    };
    expect(told(planSchool(known, answersOf(childOf(KIM, [ANNA]), anna))).assigned).toBeUndefined();
  });

  it("a known guardian goes by the register's name where the cache has it, whatever the row says", () => {
    const known: School = {
      ...one(born),
      guardians: { 9: row(born), 8: { personnummer: EVA, first_name: 'Eva' } },
      links: ['1 9', '1 8'],
    };
    const pair = childOf(KIM, [ANNA, EVA]);
    expect(told(planSchool(known, answersOf(pair, anna))).assigned).toBeDefined();
    expect(told(planSchool(known, answersOf(pair, anna, adultOf(EVA, 'Anna Ek')))).assigned).toBeUndefined();
  });

  it('and so does one who is not linked, on a child that is not selected', () => {
    const known: School = {
      students: { 1: { personnummer: KIM }, 2: { personnummer: LO } },
      guardians: { 9: row(born), 8: { personnummer: EVA, first_name: 'Eva' } },
      links: ['1 9', '2 9'],
    };
    const children = [childOf(KIM, [ANNA]), childOf(LO, [ANNA, EVA])];
    const selected = ({ id }: { id: string }) => id === '1';
    expect(told(planSchool(known, answersOf(...children, anna), { selected })).assigned).toBeDefined();
    const namesake = answersOf(...children, anna, adultOf(EVA, 'Anna Ek'));
    expect(told(planSchool(known, namesake, { selected })).assigned).toBeUndefined();
  });
});
