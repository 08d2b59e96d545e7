import { describe, expect, it } from 'vitest';
import type { Answer } from '../../src/domain/person.ts';
import type { PersonId } from '../../src/domain/person-id.ts';
import { rowKeyText } from '../../src/domain/roster.ts';
import {
  ANNA,
  adultOf,
  answersOf,
  BO,
  childOf,
  EVA,
  entriesOf,
  familiesFrom,
  KIM,
  LO,
  MIO,
  ONE_CHILD,
  planFamilies,
  planSchool,
  type School,
  type snapshotOf,
  told,
} from '../support/family-school.ts';

const anna = adultOf(ANNA, 'Anna Ek');
const bo = adultOf(BO, 'Bo Ek');
const deceased = (id: PersonId) =>
  ({ kind: 'deregistered', id, reason: 'deceased', successors: [] }) as const;

describe('every odd family', () => {
  it('no relation at all: nothing is said of the child, and that the permission may be missing', () => {
    const plan = planSchool(ONE_CHILD, answersOf(childOf(KIM, [])));
    expect(told(plan)).toEqual({});
    expect(plan.noRelationsAtAll).toBe(true);
    expect(planSchool(ONE_CHILD, answersOf(childOf(KIM, [], [ANNA]))).noRelationsAtAll).toBe(false);
  });

  it('one guardian, new to the roster: created with full contact information and linked', () => {
    const school = { ...ONE_CHILD, guardians: { 8: {}, 9: { postal_code: '111 46', city: 'Umeå' } } };
    const plan = planSchool(school, answersOf(childOf(KIM, [ANNA]), anna));
    expect(told(plan)).toEqual({ created: ['10 = 9265'], links: ['1-10 9265'] });
    expect(plan.created[0]?.cells).toEqual({
      personnummer: '198009139265',
      first_name: 'Anna',
      last_name: 'Ek',
      street: 'Gatan 1',
      postal_code: '111 46',
      city: 'Stockholm',
      birth_date: '1980-09-13',
      spar_checked: '2026-11-20',
    });
    expect(plan.counts).toEqual({
      selected: 1,
      withGuardians: 1,
      newlyWithGuardians: ['1'],
      answered: 2,
      notFound: 0,
      reused: 2,
      withoutNumber: 2,
    });
  });

  it('known by number: linked without a lookup, not even from the cache where it is linked already', () => {
    const school = { ...ONE_CHILD, guardians: { 9: { personnummer: ANNA } } };
    expect(told(planSchool(school, answersOf(childOf(KIM, [ANNA]))))).toEqual({ links: ['1-9 9265'] });
    const linked = { ...school, links: ['1 9'] };
    expect(told(planSchool(linked, answersOf(childOf(KIM, [ANNA]))))).toEqual({ present: 1 });
  });

  it('known by number, and asked about in vain in this very run: not linked until it is known that they live', () => {
    const school = { ...ONE_CHILD, guardians: { 9: { personnummer: ANNA } } };
    const answers = answersOf(childOf(KIM, [ANNA]));
    const notAsked = (because: 'failed' | 'budget') => ({
      unasked: new Map([[ANNA as PersonId, { because }]]),
    });
    const failed = notAsked('failed');
    expect(told(planSchool(school, answers, failed))).toEqual({});
    // An old answer tells it too, and the budget asks nobody in vain.
    expect(told(planSchool(school, answersOf(childOf(KIM, [ANNA]), anna), failed))).toEqual({
      links: ['1-9 9265'],
    });
    expect(told(planSchool(school, answers, notAsked('budget')))).toEqual({ links: ['1-9 9265'] });
    expect(told(planSchool({ ...school, links: ['1 9'] }, answers, failed))).toEqual({ present: 1 });
  });

  it('of several rows with the number, a linked one is enough; else most links, then the lowest id', () => {
    const guardians = { 10: { personnummer: ANNA }, 9: { personnummer: ANNA } };
    const answers = answersOf(childOf(KIM, [ANNA]), childOf(LO, [ANNA]));
    const two: School = { students: { 1: { personnummer: KIM }, 2: { personnummer: LO } }, guardians };
    expect(told(planSchool(two, answers))).toEqual({ links: ['1-9 9265', '2-9 9265'] });
    expect(told(planSchool({ ...two, links: ['2 10'] }, answers))).toEqual({
      links: ['1-10 9265'],
      present: 1,
    });
  });

  it('an ended relation with none current: told, nothing removed', () => {
    const school = { ...ONE_CHILD, guardians: { 9: { personnummer: ANNA } }, links: ['1 9'] };
    expect(told(planSchool(school, answersOf(childOf(KIM, [], [ANNA]))))).toEqual({
      reviews: ['guardian:9 no-longer-guardian child 1'],
    });
    // Once ended and then current again.
    expect(told(planSchool(school, answersOf(childOf(KIM, [ANNA], [ANNA]))))).toEqual({ present: 1 });
  });

  it('a deceased guardian: not added; an existing row is told, also when linked', () => {
    const dead = childOf(KIM, [{ id: ANNA, deceased: true }]);
    expect(told(planSchool(ONE_CHILD, answersOf(dead)))).toEqual({});
    expect(told(planSchool(ONE_CHILD, answersOf(childOf(KIM, [ANNA]), deceased(ANNA))))).toEqual({});
    const school = { ...ONE_CHILD, guardians: { 9: { personnummer: ANNA } } };
    const review = ['guardian:9 guardian-deceased child 1'];
    expect(told(planSchool(school, answersOf(dead)))).toEqual({ reviews: review });
    expect(told(planSchool({ ...school, links: ['1 9'] }, answersOf(dead)))).toEqual({
      reviews: review,
      present: 1,
    });
    expect(told(planSchool(school, answersOf(childOf(KIM, [ANNA]), deceased(ANNA))))).toEqual({
      reviews: review,
    });
  });

  it('a protected guardian: no row, no link, told under the student with the rows without number', () => {
    const answers = answersOf(childOf(KIM, [ANNA]), {
      kind: 'protected',
      id: ANNA,
      mark: 'sekretessmarkering',
    });
    const school = {
      ...ONE_CHILD,
      guardians: { 7: { first_name: 'Anna' }, 8: { personnummer: BO } },
      links: ['1 7', '1 8'],
    };
    const review = { reviews: ['student:1 guardian-protected row 7'] };
    expect(told(planSchool(school, answers))).toEqual(review);
    const plan = planSchool(school, answers, { protectedGuardians: 'create' });
    expect(told(plan)).toEqual({ created: ['9 = 9265'], links: ['1-9 9265'] });
    expect(plan.created[0]?.cells).toEqual({ personnummer: ANNA, protected: 'sekretessmarkering' });
    // Without a place for the mark, or where a marked row may be theirs, nothing is created either.
    const newGuardians = { source: 1, idStyle: undefined, fields: new Set(['personnummer'] as const) };
    expect(told(planSchool(school, answers, { protectedGuardians: 'create', newGuardians }))).toEqual(review);
    const marked = { ...school, guardians: { ...school.guardians, 7: { protected: 'ja' } } };
    expect(told(planSchool(marked, answers, { protectedGuardians: 'create' }))).toEqual(review);
  });

  it('a guardian whose staff or student row is marked: protected, and not asked about', () => {
    const school = { ...ONE_CHILD, staff: { 5: { personnummer: ANNA, protected: 'ja' } } };
    expect(told(planSchool(school, answersOf(childOf(KIM, [ANNA]))))).toEqual({
      reviews: ['student:1 guardian-protected'],
    });
    const plan = planSchool(school, answersOf(childOf(KIM, [ANNA]), anna));
    expect(plan.created).toEqual([]);
    expect(plan.toWithhold).toEqual([ANNA]);
    expect(plan.protectedRows).toEqual([{ type: 'staff', id: '5' }]);
  });

  it('a marked row without number that may be theirs: no other row, no link', () => {
    const school = (cells: object): School => ({
      ...ONE_CHILD,
      guardians: { 9: { first_name: 'Anna', last_name: 'Ek', protected: 'ja', ...cells } },
      links: ['1 9'],
    });
    const answers = answersOf(childOf(KIM, [ANNA]), anna);
    expect(told(planSchool(school({}), answers))).toEqual({
      reviews: ['student:1 guardian-protected row 9'],
    });
    expect(told(planSchool(school({ birth_date: '1980-09-13' }), answers)).assigned).toBeUndefined();
    expect(told(planSchool(school({ first_name: 'Nils', last_name: 'Berg' }), answers)).created).toEqual([
      '10 = 9265',
    ]);
    for (const names of [
      { first_name: '', last_name: '' },
      { first_name: 'Skyddad', last_name: 'Person' },
      { first_name: 'XX', last_name: '-' },
      { first_name: 'Anna', last_name: '(sekretess)' },
    ]) {
      expect(told(planSchool(school(names), answers)).created).toBeUndefined();
    }
    const grandfather = { ...school({ first_name: '', last_name: '' }), links: ['1 9 farfar'] };
    expect(told(planSchool(grandfather, answers)).created).toEqual(['10 = 9265']);
  });

  it('a protected guardian beside one whose row gets a number: the row is not told as perhaps theirs', () => {
    const school = {
      ...ONE_CHILD,
      guardians: { 9: { first_name: 'Anna', last_name: 'Ek', birth_date: '1980-09-13' } },
      links: ['1 9'],
    };
    const hidden: Answer = { kind: 'protected', id: BO, mark: 'sekretessmarkering' };
    for (const order of [
      [ANNA, BO],
      [BO, ANNA],
    ]) {
      const plan = told(planSchool(school, answersOf(childOf(KIM, order), anna, hidden)));
      expect(plan.assigned).toBeDefined();
      expect(plan.reviews).toEqual(['student:1 guardian-protected']);
    }
  });

  it('a protected child: nothing else about it', () => {
    const answers = answersOf({ kind: 'protected', id: KIM, mark: 'skyddad folkbokföring' }, anna);
    const plan = planSchool(ONE_CHILD, answers);
    expect(told(plan)).toEqual({ reviews: ['student:1 protected'] });
    expect(plan.protectedRows).toEqual([{ type: 'student', id: '1' }]);
    const marked = { students: { 1: { personnummer: KIM, protected: 'ja' } } };
    expect(told(planSchool(marked, answersOf(childOf(KIM, [ANNA]), anna)))).toEqual({
      reviews: ['student:1 protected'],
    });
  });

  it('without id-nummer: never linked by itself, told with the row that it resembles', () => {
    const school = {
      ...ONE_CHILD,
      guardians: {
        7: { first_name: 'Nils', last_name: 'Berg' },
        8: { first_name: 'Omar', last_name: 'Ali' },
      },
      links: ['1 7', '1 8'],
    };
    const omar = { name: { given: 'Omar', surname: 'Ali' }, birthDate: '1981', deceased: false };
    expect(told(planSchool(school, answersOf(childOf(KIM, [omar]))))).toEqual({
      reviews: ['student:1 guardian-without-id row 8'],
    });
    expect(told(planSchool(school, answersOf(childOf(KIM, [{ ...omar, deceased: true }]))))).toEqual({});
  });

  it.each(['staff', 'students'] as const)(
    'a guardian who is also among the %s gets a guardian row',
    (type) => {
      const person = type === 'staff' ? ANNA : MIO;
      const school: School =
        type === 'staff'
          ? { ...ONE_CHILD, staff: { 5: { personnummer: person } } }
          : { students: { 1: { personnummer: KIM }, 5: { personnummer: person, active: 'nej' } } };
      const plan = planSchool(school, answersOf(childOf(KIM, [person]), adultOf(person, 'Anna Ek')));
      expect(plan.created.map((row) => row.person)).toEqual([person]);
      expect(plan.pairs.map(({ b, evidence }) => [rowKeyText(b), evidence.includes('two-roles')])).toEqual([
        [type === 'staff' ? 'staff:5' : 'student:5', true],
      ]);
    },
  );

  it('two children with one row by mistake: it goes to neither of the two whom it fits', () => {
    const school: School = {
      students: { 1: { personnummer: KIM }, 2: { personnummer: LO } },
      guardians: { 9: { first_name: 'Anna', last_name: 'Ek', street: 'Gatan 1', postal_code: '11146' } },
      links: ['1 9', '2 9'],
    };
    const answers = answersOf(childOf(KIM, [ANNA]), childOf(LO, [EVA]), anna, adultOf(EVA, 'Anna Ek'));
    expect(told(planSchool(school, answers, { assign: 'probable' }))).toEqual({
      created: ['10 = 9265', '11 = 9282'],
      links: ['1-10 9265', '2-11 9282'],
    });
  });

  it('a guardian row linked to nobody is compared with nobody', () => {
    const school = {
      ...ONE_CHILD,
      guardians: { 9: { first_name: 'Anna', last_name: 'Ek', birth_date: '1980-09-13' } },
    };
    expect(told(planSchool(school, answersOf(childOf(KIM, [ANNA]), anna))).created).toEqual(['10 = 9265']);
  });

  it('a link to a student who left says nothing of the guardian, and is left alone', () => {
    const school: School = {
      students: { 1: { personnummer: KIM, active: 'nej' }, 2: { personnummer: LO } },
      guardians: { 9: { personnummer: ANNA } },
      links: ['1 9'],
    };
    expect(told(planSchool(school, answersOf(childOf(LO, [ANNA]))))).toEqual({ links: ['2-9 9265'] });
    expect(
      told(planSchool({ ...school, students: { 1: { personnummer: KIM, active: 'nej' } } }, answersOf())),
    ).toEqual({});
  });

  it('a row that is not active stays as it is', () => {
    const school = { ...ONE_CHILD, guardians: { 9: { personnummer: ANNA, active: 'nej' } } };
    expect(told(planSchool(school, answersOf(childOf(KIM, [ANNA]))))).toEqual({
      reviews: ['guardian:9 guardian-inactive child 1'],
    });
    const two = { ...school, guardians: { ...school.guardians, 10: { personnummer: ANNA } } };
    expect(told(planSchool(two, answersOf(childOf(KIM, [ANNA]))))).toEqual({ links: ['1-10 9265'] });
  });

  it('a guardian whom SPAR names and does not find, and one deregistered', () => {
    const answers = (answer: Parameters<typeof snapshotOf>[0]) => answersOf(childOf(KIM, [ANNA]), answer);
    const plan = planSchool(ONE_CHILD, answers({ kind: 'not-found', id: ANNA }));
    expect(told(plan)).toEqual({ reviews: ['student:1 guardian-not-found'] });
    expect(plan.counts.notFound).toBe(1);
    expect(
      told(
        planSchool(ONE_CHILD, answers({ kind: 'deregistered', id: ANNA, reason: 'other', successors: [] })),
      ),
    ).toEqual({ reviews: ['student:1 deregistered'] });
    expect(
      told(
        planSchool(
          ONE_CHILD,
          answers({ kind: 'deregistered', id: ANNA, reason: 'renumbered', successors: [BO, EVA] }),
        ),
      ),
    ).toEqual({ reviews: ['student:1 renumbered'] });
  });

  it('a student who turned 18 is told while guardians are linked; links stay', () => {
    const grown = (birth: string): School => ({
      students: { 1: { personnummer: '', birth_date: birth } },
      guardians: { 9: {} },
      links: ['1 9'],
    });
    expect(told(planSchool(grown('2008-11-23'), answersOf()))).toEqual({ reviews: ['student:1 turned-18'] });
    expect(told(planSchool(grown('2007-11-23'), answersOf()))).toEqual({});
    expect(told(planSchool({ ...grown('2008-11-23'), links: [] }, answersOf()))).toEqual({});
  });

  it('guardian rows that share an id: no other row for their people, and the id is given to nobody', () => {
    const entries = entriesOf({ ...ONE_CHILD, guardians: { 8: {}, 9: { personnummer: ANNA }, 10: {} } });
    const sharing = entries.map((entry) =>
      entry.key.id === '10' ? { ...entry, key: { ...entry.key, id: '9' } } : entry,
    );
    const families = familiesFrom(sharing, []);
    const answers = answersOf(childOf(KIM, [ANNA, BO]), anna, bo);
    const plan = planFamilies(families, answers);
    expect(told(plan)).toEqual({ created: ['10 = 9298'], links: ['1-10 9298'] });
    const uuidFor = (_: PersonId, attempt: number) => String(9 + attempt * 100);
    const named = planFamilies(families, answers, {
      uuidFor,
      newGuardians: { source: 1, idStyle: 'uuid', fields: new Set() },
    });
    expect(told(named).created).toEqual(['109 = 9298']);
  });
});
