import { describe, expect, it } from 'vitest';
import type { PersonId } from '../../src/domain/person-id.ts';
import { rowKeyText } from '../../src/domain/roster.ts';
import {
  ANNA,
  adultOf,
  answersOf,
  BO,
  childOf,
  KIM,
  OLD,
  ONE_CHILD,
  planSchool,
  type School,
  told,
} from '../support/family-school.ts';

const shared = { first_name: 'Anna', last_name: 'Ek', email: 'anna@example.org', street: 'Gatan 1' };
/** Two rows of one e-mail: one known by number and linked, the other without number. No row is marked. */
const school: School = {
  ...ONE_CHILD,
  guardians: { 8: shared, 9: { ...shared, personnummer: ANNA } },
  links: ['1 9'],
};
const answers = answersOf(childOf(KIM, [ANNA]));
const hidden = (...people: PersonId[]) => ({ protectedPeople: new Set(people) });

describe('people whom the cache says are protected', () => {
  it('are shown in no pair, though their answer was not learnt and no row is marked', () => {
    expect(planSchool(school, answers).pairs).toMatchObject([{ shown: { a: { street: 'Gatan 1' } } }]);
    const [pair, ...more] = planSchool(school, answers, hidden(ANNA)).pairs;
    expect(more).toEqual([]);
    expect(Object.keys(pair ?? {}).sort()).toEqual(
      ['a', 'b', 'keep', 'grade', 'group', 'evidence', 'contradictions', 'children'].sort(),
    );
    expect(pair).toMatchObject({ evidence: [], contradictions: [], children: [] });
  });

  it('are so under all their numbers, whichever the row holds', () => {
    const renumbered = [{ former: OLD, successors: [ANNA] }];
    expect(planSchool(school, answers, { ...hidden(OLD), renumbered }).pairs).toMatchObject([
      { evidence: [] },
    ]);
    const former = { ...school, guardians: { 8: shared, 9: { ...shared, personnummer: OLD } } };
    const plan = planSchool(former, answers, { ...hidden(ANNA), renumbered });
    expect(plan.pairs.every(({ shown }) => shown === undefined)).toBe(true);
    expect(plan.protectedRows).toEqual([{ type: 'guardian', id: '9' }]);
  });

  it('are so no longer once the mark is taken off that had an answer about a former number withheld', () => {
    const renumbered = [{ former: OLD, successors: [ANNA] }];
    const rows = { ...school, guardians: { ...school.guardians, 7: { personnummer: OLD } } };
    const former = answersOf(childOf(KIM, [ANNA]), adultOf(ANNA, 'Anna Ek'), { kind: 'withheld', id: OLD });
    const pairs = planSchool(rows, former, { renumbered }).pairs;
    expect(pairs.filter(({ a, b }) => [a.id, b.id].sort().join() === '8,9')).toMatchObject([
      { shown: { a: { street: 'Gatan 1' } } },
    ]);
    // Under the number that counts, they are until they have been asked about anew.
    const withheld = answersOf(childOf(KIM, [ANNA]), { kind: 'withheld', id: ANNA });
    const [pair] = planSchool(school, withheld, { renumbered }).pairs;
    expect(pair?.shown).toBeUndefined();
  });

  it('have their rows of every type kept out of the journal, and so have marked rows without a number', () => {
    const rows: School = {
      students: { 1: { personnummer: KIM } },
      staff: { 5: { personnummer: ANNA }, 6: { protected: 'ja' } },
      guardians: { 7: { personnummer: 'T123', protected: 'ja' }, 8: {}, 9: { personnummer: ANNA } },
    };
    const { protectedRows } = planSchool(rows, answersOf(), hidden(ANNA, KIM));
    expect(protectedRows.map(rowKeyText).sort()).toEqual([
      'guardian:7',
      'guardian:9',
      'staff:5',
      'staff:6',
      'student:1',
    ]);
  });

  it('get no row with a name by another number that an answer calls ordinary', () => {
    const renumbered = [{ former: OLD, successors: [ANNA] }];
    const unprotected = answersOf(childOf(KIM, [ANNA]), adultOf(ANNA, 'Anna Ek'));
    const options = { ...hidden(OLD), renumbered };
    expect(told(planSchool(ONE_CHILD, unprotected, options))).toEqual({
      reviews: ['student:1 guardian-protected'],
    });
    const made = planSchool(ONE_CHILD, unprotected, { ...options, protectedGuardians: 'create' });
    expect(made.created.map(({ cells }) => Object.keys(cells).sort())).toEqual([
      ['personnummer', 'protected'],
    ]);
    // Somebody else of the child's is as before.
    const both = answersOf(childOf(KIM, [ANNA, BO]), adultOf(ANNA, 'Anna Ek'), adultOf(BO, 'Bo Ek'));
    expect(planSchool(ONE_CHILD, both, options).created.map(({ person }) => person)).toEqual([BO]);
  });
});
