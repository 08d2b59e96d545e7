import { describe, expect, it } from 'vitest';
import type { FieldChange, PlanItem } from '../../src/domain/plan.ts';
import { findBrake, replacesSomething } from '../../src/domain/plan-safety.ts';
import { personId } from '../support/arbitraries.ts';

const limits = { maxChangedShare: 0.5, maxMissingShare: 0.3, minPeople: 20 };

describe('findBrake', () => {
  it.each([
    [{ replaced: 50, answered: 100, notFound: 30 }, undefined],
    [
      { replaced: 51, answered: 100, notFound: 0 },
      { kind: 'changed', count: 51, of: 100, share: 0.51, limit: 0.5 },
    ],
    [
      { replaced: 0, answered: 100, notFound: 31 },
      { kind: 'missing', count: 31, of: 100, share: 0.31, limit: 0.3 },
    ],
    [
      { replaced: 51, answered: 100, notFound: 31 },
      { kind: 'changed', count: 51, of: 100, share: 0.51, limit: 0.5 },
    ],
    [{ replaced: 19, answered: 19, notFound: 0 }, undefined],
    [
      { replaced: 20, answered: 20, notFound: 0 },
      { kind: 'changed', count: 20, of: 20, share: 1, limit: 0.5 },
    ],
    [{ replaced: 0, answered: 0, notFound: 0 }, undefined],
  ])('%j', (counts, brake) => {
    expect(findBrake(counts, limits)).toEqual(brake);
  });

  it('lets exactly the limit pass, whatever the fraction', () => {
    for (let percent = 1; percent < 100; percent++) {
      const counts = { replaced: percent, answered: 100, notFound: percent };
      const share = Number(`0.${percent < 10 ? '0' : ''}${percent}`);
      expect(
        findBrake(counts, { maxChangedShare: share, maxMissingShare: share, minPeople: 0 }),
      ).toBeUndefined();
    }
  });

  it('divides nobody by nobody', () => {
    expect(findBrake({ replaced: 0, answered: 0, notFound: 0 }, { ...limits, minPeople: 0 })).toBeUndefined();
  });
});

describe('replacesSomething', () => {
  const item = (...[change]: [FieldChange]): PlanItem => ({
    kind: 'update',
    key: { type: 'student', id: '17' },
    place: { source: 0, row: 0, line: 2 },
    person: personId('201001012390'),
    changes: [change],
    reviews: [],
  });

  it.each([
    [{ field: 'street', from: 'Lillgatan 2', to: 'Storgatan 1' }, true],
    [{ field: 'care_of', from: 'c/o Ek', to: '' }, true],
    [{ field: 'personnummer', from: '201001012390', to: '201010052387' }, true],
    [{ field: 'street', from: '', to: 'Storgatan 1' }, false],
    [{ field: 'first_name', from: ' ', to: 'Anna' }, false],
    [{ field: 'status', from: 'emigrated', to: '' }, false],
    [{ field: 'protected', from: 'nej', to: 'sekretessmarkering' }, false],
  ] as const)('%j: %s', (change, replaces) => {
    expect(replacesSomething(item(change))).toBe(replaces);
  });
});
