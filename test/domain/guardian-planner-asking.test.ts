import { describe, expect, it } from 'vitest';
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
  ONE_CHILD,
  planSchool,
  type School,
  snapshotOf,
  told,
} from '../support/family-school.ts';

const anna = adultOf(ANNA, 'Anna Ek');
const bo = adultOf(BO, 'Bo Ek');

describe('asking', () => {
  const answers = answersOf(childOf(KIM, [ANNA]));

  it('children with the permission, guardians who are new without, each once', () => {
    const school: School = { students: { 1: { personnummer: KIM }, 2: { personnummer: LO } } };
    expect(told(planSchool(school, answersOf()))).toEqual({
      needs: ['2389 student:1 relations', '2388 student:2 relations'],
    });
    const both = answersOf(childOf(KIM, [ANNA, BO]), childOf(LO, [ANNA]), bo);
    expect(told(planSchool(school, both))).toEqual({ needs: ['9265 student:1 student:2'] });
  });

  it('an answer without the permission does not answer', () => {
    const without = { ...snapshotOf(childOf(KIM, [])), permissions: [] };
    const plan = planSchool(ONE_CHILD, answersOf(without));
    expect(plan.needs).toEqual([
      { id: KIM, permissions: ['relations'], rows: [{ type: 'student', id: '1' }], lastAnswer: '2026-11-20' },
    ]);
  });

  it('a guardian who is also a child of the school is one need, with both permissions', () => {
    const school: School = { students: { 1: { personnummer: KIM }, 2: { personnummer: LO } } };
    expect(told(planSchool(school, answersOf(childOf(KIM, [LO]))))).toEqual({
      needs: ['2388 student:2 student:1 relations'],
    });
  });

  it('whoever cannot be asked about is told under the student, once for each reason', () => {
    const plan = (options: Parameters<typeof planSchool>[2]) => told(planSchool(ONE_CHILD, answers, options));
    expect(plan({ offline: true })).toEqual({ notAsked: ['student:1 offline'] });
    expect(plan({ unasked: new Map([[ANNA, { because: 'budget' }]]) })).toEqual({
      notAsked: ['student:1 budget'],
    });
    const failed = { because: 'failed', review: 'answer-not-understood' } as const;
    expect(plan({ unasked: new Map([[ANNA, failed]]) })).toEqual({
      notAsked: ['student:1 failed'],
      reviews: ['student:1 answer-not-understood'],
    });
    const numberless: School = { students: { 1: {}, 2: { personnummer: '1' }, 3: { personnummer: 'T123' } } };
    expect(told(planSchool(numberless, answersOf()))).toEqual({
      notAsked: ['student:1 id-missing', 'student:2 id-invalid', 'student:3 temporary-id'],
    });
  });

  it('a child with an unanswered guardian waits, and so does whoever shares it; known ones are linked', () => {
    const school: School = {
      students: { 1: { personnummer: KIM }, 2: { personnummer: LO } },
      guardians: { 9: { personnummer: EVA } },
    };
    const shared = answersOf(childOf(KIM, [ANNA, BO, EVA]), childOf(LO, [BO]), bo);
    expect(told(planSchool(school, shared, { offline: true }))).toEqual({
      links: ['1-9 9282'],
      notAsked: ['student:1 offline'],
    });
    expect(told(planSchool(school, answersOf(childOf(LO, [BO]), bo), { offline: true })).created).toEqual([
      '10 = 9298',
    ]);
  });

  it('a row of a waiting child waits with it: its guardian gets neither that row nor a new one', () => {
    const school: School = {
      students: { 1: { personnummer: KIM }, 2: { personnummer: LO } },
      guardians: { 9: { first_name: 'Anna', last_name: 'Ek', birth_date: '1980-09-13' } },
      links: ['1 9', '2 9'],
    };
    const half = answersOf(childOf(KIM, [ANNA]), childOf(LO, [BO]), anna);
    expect(told(planSchool(school, half, { offline: true }))).toEqual({ notAsked: ['student:2 offline'] });
    expect(told(planSchool(school, answersOf(...half.values(), bo))).assigned).toEqual(['9 = 9265 certain']);
  });

  it('a protected guardian is told at once, and created only when nobody waits', () => {
    const hidden = { kind: 'protected', id: ANNA, mark: 'sekretessmarkering' } as const;
    const half = answersOf(childOf(KIM, [ANNA, BO]), hidden);
    const notAsked = ['student:1 offline'];
    expect(told(planSchool(ONE_CHILD, half, { offline: true }))).toEqual({
      notAsked,
      reviews: ['student:1 guardian-protected'],
    });
    const create = { protectedGuardians: 'create', offline: true } as const;
    expect(told(planSchool(ONE_CHILD, half, create))).toEqual({ notAsked });
  });

  it('students who are not selected are context: nobody is asked about them and they get nothing', () => {
    const school: School = {
      students: { 1: { personnummer: KIM }, 2: { personnummer: LO }, 3: { personnummer: MIO } },
      guardians: {
        9: { first_name: 'Anna', last_name: 'Ek', birth_date: '1980-09-13', personnummer: '' },
      },
      links: ['2 9'],
    };
    const both = answersOf(childOf(KIM, [ANNA]), childOf(LO, [ANNA, BO]), anna);
    const plan = planSchool(school, both, { selected: (key) => key.id === '1' });
    // The other child has a guardian of unknown name: the birth date is more than enough.
    expect(told(plan)).toEqual({ assigned: ['9 = 9265 certain'], links: ['1-9 9265'] });
    expect(plan.counts.selected).toBe(1);
    const lost = answersOf(childOf(KIM, [BO]), childOf(LO, [BO]), { kind: 'not-found', id: BO });
    expect(told(planSchool(school, lost, { selected: (key) => key.id === '1' }))).toEqual({
      reviews: ['student:1 guardian-not-found'],
    });
  });

  it.each([
    [{ kind: 'not-found', id: KIM }, 'not-found'],
    [{ kind: 'deregistered', id: KIM, reason: 'deceased', successors: [] }, 'deceased'],
    [{ kind: 'deregistered', id: KIM, reason: 'renumbered', successors: [LO] }, 'renumbered'],
    [{ kind: 'deregistered', id: KIM, reason: 'other', successors: [] }, 'deregistered'],
    [{ kind: 'protected', id: KIM, mark: 'sekretessmarkering' }, 'protected'],
  ] as const)('a child of whom SPAR tells no guardians is told of, and why: %j', (answer, reason) => {
    expect(told(planSchool(ONE_CHILD, answersOf(answer)))).toEqual({ reviews: [`student:1 ${reason}`] });
  });
});
