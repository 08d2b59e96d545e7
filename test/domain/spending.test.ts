import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PERSON_TYPES } from '../../src/domain/roster.ts';
import {
  type Bought,
  monthOf,
  monthsOf,
  mostOf,
  type Spending,
  type SpendingRun,
  type Spent,
  spendingIn,
} from '../../src/domain/spending.ts';
import { date } from '../support/arbitraries.ts';

function runOf(run: number, asOf: string, command = 'update'): SpendingRun {
  return { run, at: `${asOf}T02:00:00.000Z`, command, dryRun: false, asOf: date(asOf) };
}

function spentBy(run: SpendingRun, parts: Partial<Spent> = {}): Spent {
  return { run, type: 'student', billing: 'certain', attempts: 1, price: 40, ...parts };
}

/** Every run with the day, the command and so on that it has in all its attempts. */
const anySpent: fc.Arbitrary<Spent[]> = fc
  .array(
    fc.record({
      command: fc.constantFrom('update', 'guardians', 'nightly'),
      asOf: fc.constantFrom('2026-09-30', '2026-10-01', '2026-10-31', '2027-01-01').map(date),
      spent: fc.array(
        fc.record({
          type: fc.constantFrom(...PERSON_TYPES, undefined),
          billing: fc.constantFrom('certain' as const, 'maybe' as const, 'none' as const),
          attempts: fc.integer({ min: 1, max: 100_000 }),
          price: fc.integer({ min: 0, max: 9_999 }),
        }),
        { minLength: 1, maxLength: 4 },
      ),
    }),
    { maxLength: 12 },
  )
  .map((runs) =>
    runs.flatMap(({ command, asOf, spent }, at) =>
      spent.map((one): Spent => ({ ...one, run: runOf(at + 1, asOf, command) })),
    ),
  );

describe('what a month cost', () => {
  it('is the same by command, by type and by run as the plain sum over all attempts', () => {
    fc.assert(
      fc.property(anySpent, (spent) => {
        for (const month of monthsOf(spent, '2026-10')) {
          const ofMonth = spent.filter(({ run }) => monthOf(run.asOf) === month);
          const plain = {
            lookups: plainSum(ofMonth.filter(({ billing }) => billing === 'certain')),
            maybeBilled: plainSum(ofMonth.filter(({ billing }) => billing === 'maybe')),
            notBilled: plainSum(ofMonth.filter(({ billing }) => billing === 'none')).count,
          };
          const { lookups, maybeBilled, notBilled, byCommand, byType, byRun } = spendingIn(month, spent);
          expect({ lookups, maybeBilled, notBilled }).toEqual(plain);
          for (const list of [byCommand, byType, byRun]) expect(together(list)).toEqual(plain);
        }
      }),
    );
  });

  it('loses no attempt between the months', () => {
    fc.assert(
      fc.property(anySpent, (spent) => {
        const months = monthsOf(spent, '2026-10').map((month) => spendingIn(month, spent));
        const all = together(months);
        expect(all.lookups.count + all.maybeBilled.count + all.notBilled).toBe(plainSum(spent).count);
      }),
    );
  });

  it('tells the commands on which most was spent first, types in their order, runs in theirs', () => {
    const spent = [
      spentBy(runOf(3, '2026-11-20', 'guardians'), { type: 'guardian', attempts: 3 }),
      spentBy(runOf(2, '2026-11-10'), { type: undefined, billing: 'maybe' }),
      spentBy(runOf(2, '2026-11-10'), { type: 'staff' }),
      spentBy(runOf(1, '2026-10-31')),
    ];
    const { byCommand, byType, byRun } = spendingIn('2026-11', spent);
    expect(byCommand.map(({ command }) => command)).toEqual(['guardians', 'update']);
    expect(byType.map(({ type }) => type)).toEqual(['staff', 'guardian', undefined]);
    expect(byRun.map(({ run }) => run.run)).toEqual([2, 3]);
    expect(byRun[0]).toMatchObject({ lookups: { count: 1, ore: 40 }, maybeBilled: { count: 1, ore: 40 } });
    expect(byRun.map(mostOf)).toEqual([80, 120]);
  });

  it('is nothing where nobody was asked about', () => {
    const nothing = { count: 0, ore: 0 };
    expect(spendingIn('2026-11', [])).toEqual({
      month: '2026-11',
      lookups: nothing,
      maybeBilled: nothing,
      notBilled: 0,
      byCommand: [],
      byType: [],
      byRun: [],
    });
  });
});

describe('the months that are accounted for', () => {
  const by = (...days: readonly string[]) => days.map((day, at) => spentBy(runOf(at + 1, day)));

  it.each([
    [[], '2026-11', []],
    [['2026-11-30'], '2026-11', ['2026-11']],
    [['2027-01-01', '2026-11-30'], '2027-02', ['2026-11', '2026-12', '2027-01', '2027-02']],
    // A run of a day to come.
    [['2026-11-01', '2027-01-31'], '2026-11', ['2026-11', '2026-12', '2027-01']],
    [['2027-01-31'], '2026-12', ['2027-01']],
  ] as const)('of runs on %j, seen in %s', (days, thisMonth, months) => {
    expect(monthsOf(by(...days), thisMonth)).toEqual(months);
  });
});

function plainSum(spent: readonly Spent[]): Bought {
  return {
    count: spent.reduce((sum, { attempts }) => sum + attempts, 0),
    ore: spent.reduce((sum, { attempts, price }) => sum + attempts * price, 0),
  };
}

function together(parts: readonly Spending[]): Spending {
  const sum = (of: (one: Spending) => Bought): Bought => ({
    count: parts.reduce((all, one) => all + of(one).count, 0),
    ore: parts.reduce((all, one) => all + of(one).ore, 0),
  });
  return {
    lookups: sum(({ lookups }) => lookups),
    maybeBilled: sum(({ maybeBilled }) => maybeBilled),
    notBilled: parts.reduce((all, one) => all + one.notBilled, 0),
  };
}
