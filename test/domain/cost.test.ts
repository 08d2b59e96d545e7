import { describe, expect, it } from 'vitest';
import { costOf, fromOre, lookupsLeft, toOre } from '../../src/domain/cost.ts';

const pricing = { monthlyFee: 300, perLookup: 0.4, currency: 'SEK' };

describe('öre', () => {
  it.each([
    [0.4, 40],
    [0.29, 29],
    [1.15, 115],
    [300, 30_000],
    [0, 0],
  ])('%f kronor are %i', (amount, ore) => {
    expect(toOre(amount)).toBe(ore);
  });

  it('add up exactly', () => {
    expect(costOf(12, pricing)).toBe(480);
    expect(fromOre(costOf(12, pricing))).toBe(4.8);
    expect(fromOre(costOf(100_003, pricing))).toBe(40_001.2);
  });
});

describe('lookupsLeft', () => {
  it.each([
    [{}, 0, 0, Infinity],
    [{ maxLookupsPerRun: 10 }, 4, 1000, 6],
    [{ maxLookupsPerRun: 0 }, 0, 0, 0],
    [{ maxLookupsPerRun: 10 }, 12, 12, 0],
    [{ maxCostPerMonth: 4 }, 0, 0, 10],
    [{ maxCostPerMonth: 4 }, 0, 280, 3],
    [{ maxCostPerMonth: 4 }, 0, 281, 2],
    [{ maxCostPerMonth: 3.9 }, 0, 0, 9],
    [{ maxCostPerMonth: 4 }, 0, 440, 0],
    [{ maxLookupsPerRun: 2, maxCostPerMonth: 4 }, 0, 280, 2],
  ])('%j after %i in the run and %i öre in the month: %d', (limits, inRun, oreInMonth, left) => {
    expect(lookupsLeft(limits, pricing, { inRun, oreInMonth })).toBe(left);
  });

  it('is not limited by money where lookups are free', () => {
    expect(
      lookupsLeft({ maxCostPerMonth: 1 }, { ...pricing, perLookup: 0 }, { inRun: 0, oreInMonth: 9 }),
    ).toBe(Infinity);
  });
});
