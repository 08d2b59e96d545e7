import { describe, expect, it } from 'vitest';
import type { GuardianOptions } from '../../src/domain/guardian-plan.ts';
import { date } from '../support/arbitraries.ts';
import {
  ANNA,
  adultOf,
  answersOf,
  childOf,
  GUARDIAN_OPTIONS,
  KIM,
  LO,
  OLD,
  ONE_CHILD,
  planSchool,
  type School,
  told,
} from '../support/family-school.ts';

describe('renumbered guardians', () => {
  const successor = adultOf(ANNA, 'Anna Ek', { birthDate: date('1981-06-03'), predecessors: [OLD] });
  const former = {
    kind: 'deregistered',
    id: OLD,
    reason: 'renumbered',
    birthDate: date('1981-06-03'),
    successors: [ANNA],
  } as const;
  const school: School = {
    ...ONE_CHILD,
    guardians: { 9: { personnummer: OLD, first_name: 'Anna', last_name: 'Ek' } },
  };

  it.each([
    [
      'the cache knows the new number',
      answersOf(childOf(KIM, [ANNA])),
      [{ former: OLD, successors: [ANNA] }],
    ],
    ["the guardian's own answer names the old one", answersOf(childOf(KIM, [ANNA]), successor), []],
    ['the relation names the old number', answersOf(childOf(KIM, [OLD]), former), []],
  ])('known by the old number where %s', (_, answers, renumbered) => {
    const plan = planSchool(school, answers, { renumbered });
    expect(told(plan)).toEqual({ links: ['1-9 9265'], reviews: ['guardian:9 renumbered child 1'] });
  });

  it('follow writes the number where update would', () => {
    const rules = {
      address: 'mailing',
      firstName: 'call',
      fields: { first_name: 'review', last_name: 'spar', address: 'spar' },
      renumbered: 'follow',
    } as const;
    const answers = answersOf(childOf(KIM, [OLD]), former, successor);
    const plan = planSchool(school, answers, { rules });
    expect(told(plan)).toEqual({ links: ['1-9 9265'] });
    expect(plan.items).toMatchObject([
      { kind: 'update', person: ANNA, changes: [{ field: 'personnummer', from: OLD, to: ANNA }, {}, {}, {}] },
    ]);
    const elsewhere = { ...school, staff: { 5: { personnummer: ANNA } } };
    expect(told(planSchool(elsewhere, answers, { rules })).reviews).toEqual([
      'guardian:9 renumbered child 1',
    ]);
    const other = answersOf(childOf(KIM, [OLD]), former, adultOf(ANNA, 'Anna Ek'));
    expect(told(planSchool(school, other, { rules })).reviews).toEqual(['guardian:9 renumbered child 1']);
  });

  it('new to the roster: the successor is looked up and created, by whatever number the child names them', () => {
    expect(told(planSchool(ONE_CHILD, answersOf(childOf(KIM, [OLD]), former))).needs).toEqual([
      '9265 student:1',
    ]);
    const plan = planSchool(
      ONE_CHILD,
      answersOf(childOf(KIM, [OLD]), childOf(LO, [ANNA]), former, successor),
    );
    expect(plan.created.map(({ person }) => person)).toEqual([ANNA]);
  });

  it('a child that names both numbers has one guardian', () => {
    const answers = answersOf(childOf(KIM, [OLD, ANNA]), former, successor);
    expect(told(planSchool(ONE_CHILD, answers)).links).toHaveLength(1);
    expect(told(planSchool({ ...school, links: ['1 9'] }, answers)).present).toBe(1);
  });

  it('follow reads both answers of a row that is linked already, and leaves two rows to a person', () => {
    const answers = answersOf(childOf(KIM, [ANNA]), former, successor);
    const options = {
      rules: { ...GUARDIAN_OPTIONS.rules, renumbered: 'follow' },
      renumbered: [{ former: OLD, successors: [ANNA] }],
    } as const;
    const linked = { ...school, links: ['1 9'] };
    expect(planSchool(linked, answers, options).items.map(({ key }) => key.id)).toEqual(['9']);
    const two = { ...linked, guardians: { ...school.guardians, 10: { personnummer: OLD } } };
    expect(told(planSchool(two, answers, options)).reviews).toEqual(['guardian:9 renumbered child 1']);
  });

  describe('follow, where only the new answer tells of the old number', () => {
    const options = {
      rules: { ...GUARDIAN_OPTIONS.rules, renumbered: 'follow' },
      renumbered: [{ former: OLD, successors: [ANNA] }],
    } as const;
    const linked = { ...school, links: ['1 9'] };
    const half = answersOf(childOf(KIM, [ANNA]), successor);

    it('asks about the old number, once, and follows then', () => {
      expect(told(planSchool(linked, half, options)).needs).toEqual(['9228 guardian:9']);
      const whole = answersOf(...half.values(), former);
      const plan = planSchool(linked, whole, options);
      expect(told(plan).needs).toBeUndefined();
      expect(plan.items).toMatchObject([{ changes: [{ field: 'personnummer', to: ANNA }, {}, {}, {}] }]);
    });

    it('asks nobody where a person has to look all the same', () => {
      const review = { present: 1, reviews: ['guardian:9 renumbered child 1'] };
      expect(told(planSchool(linked, half, { ...options, offline: true }))).toEqual(review);
      expect(told(planSchool(linked, half, { ...options, isNumberHeld: () => true }))).toEqual(review);
      expect(told(planSchool(linked, answersOf(childOf(KIM, [ANNA])), options))).toEqual(review);
      expect(told(planSchool({ ...linked, staff: { 5: { personnummer: ANNA } } }, half, options))).toEqual(
        review,
      );
      const still = answersOf(...half.values(), adultOf(OLD, 'Anna Ek'));
      expect(told(planSchool(linked, still, options))).toEqual(review);
      const unasked = new Map([[OLD, { because: 'budget' }]]) as GuardianOptions['unasked'];
      expect(told(planSchool(linked, half, { ...options, unasked }))).toEqual({
        ...review,
        notAsked: ['guardian:9 budget'],
      });
    });
  });
});
