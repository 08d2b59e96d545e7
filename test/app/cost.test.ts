import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderCostJson } from '../../src/adapters/report/cost/cost-json.ts';
import { openState } from '../../src/adapters/store/open-state.ts';
import { cost } from '../../src/app/cost/cost.ts';
import type { AttemptOutcome } from '../../src/app/ports.ts';
import type { RowKey } from '../../src/domain/roster.ts';
import { ANNA, AT, BO, begin, remember, snapshot } from '../contract/state-on-trial.ts';
import { date } from '../support/arbitraries.ts';

const PRICING = { monthlyFee: 300, perLookup: 0.4, currency: 'SEK' };
const WITHOUT_LIMITS = {};
const TODAY = date('2026-11-23');

async function openHere() {
  const path = join(await mkdtemp(join(tmpdir(), 'spar-sync-cost-')), 'state.db');
  const state = await openState({ path });
  return { path, state, world: { state, today: TODAY, pricing: PRICING, limits: WITHOUT_LIMITS } };
}

type Opened = Awaited<ReturnType<typeof openHere>>;

const OUTCOMES: readonly (AttemptOutcome | undefined)[] = [
  'answered',
  'not-understood',
  'refused',
  'unavailable',
  'garbled',
  'stopped',
  'lost',
  undefined,
];

/** An attempt by the run at hand; without a price it is one from before prices were written down. */
const anyAttempt = fc.record({
  outcome: fc.constantFrom(...OUTCOMES),
  type: fc.constantFrom('student' as const, 'staff' as const, 'guardian' as const),
  price: fc.option(fc.integer({ min: 0, max: 5_000 }), { nil: undefined }),
});

const anyLedger = fc.array(
  fc.record({
    command: fc.constantFrom('update', 'guardians', 'nightly'),
    asOf: fc.constantFrom('2026-08-31', '2026-10-01', '2026-11-01', '2026-11-30').map(date),
    attempts: fc.array(anyAttempt, { maxLength: 8 }),
  }),
  { maxLength: 6 },
);

async function fill(
  { state, path }: Opened,
  runs: typeof anyLedger extends fc.Arbitrary<infer R> ? R : never,
) {
  for (const { command, asOf, attempts } of runs) {
    const run = await begin(state, { command, asOf });
    for (const { outcome, type, price } of attempts) {
      const rows: RowKey[] = [{ type, id: '1' }];
      const attempt = {
        run,
        id: ANNA,
        permissions: ['relations'] as const,
        rows,
        endUser: 'x',
        price: price ?? 1,
        at: AT,
      };
      const id = await state.ledger.begin(attempt);
      const kept = outcome === 'answered' ? snapshot({ kind: 'not-found', id: ANNA }) : undefined;
      if (outcome !== undefined) await state.ledger.complete(id, outcome, undefined, AT, kept);
    }
  }
  if (!runs.some(({ attempts }) => attempts.some(({ price }) => price === undefined))) return;
  const db = new Database(path);
  db.exec('DROP TRIGGER ledger_is_completed_once');
  const prices = runs.flatMap(({ attempts }) => attempts.map(({ price }) => price ?? null));
  const setPrice = db.prepare('UPDATE ledger SET price = ? WHERE attempt = ?');
  for (const [at, price] of prices.entries()) setPrice.run(price, at + 1);
  db.close();
}

/** The plain sum of some of the ledger's rows of a month, in öre. */
function plainSum(path: string, month: string, which: string): { count: number; ore: number } {
  const db = new Database(path, { readonly: true });
  const sum = db
    .prepare<[string], { count: number; ore: number }>(
      `SELECT count(*) AS count, coalesce(sum(coalesce(price, 40)), 0) AS ore FROM ledger JOIN run USING (run)
       WHERE substr(as_of, 1, 7) = ? AND ${which}`,
    )
    .get(month);
  db.close();
  return sum ?? { count: 0, ore: 0 };
}

describe('cost', () => {
  it('is the ledger to the öre, whatever is in it, and what the limit counts', async () => {
    await fc.assert(
      fc.asyncProperty(anyLedger, async (runs) => {
        const opened = await openHere();
        await fill(opened, runs);
        const limits = { maxCostPerMonth: 500 };
        const report = await cost({ ...opened.world, limits }, {});
        expect(report.isEmpty).toBe(runs.every(({ attempts }) => attempts.length === 0));
        for (const { month, lookups, maybeBilled, notBilled, byCommand, byType, byRun } of report.months) {
          const answered = plainSum(opened.path, month, "outcome = 'answered'");
          const maybe = plainSum(
            opened.path,
            month,
            "coalesce(outcome, '?') NOT IN ('answered', 'unavailable')",
          );
          expect([lookups, maybeBilled]).toEqual([answered, maybe]);
          expect(notBilled).toBe(plainSum(opened.path, month, "outcome = 'unavailable'").count);
          for (const list of [byCommand, byType, byRun]) {
            expect(list.reduce((sum, one) => sum + one.lookups.ore, 0)).toBe(answered.ore);
            expect(list.reduce((sum, one) => sum + one.maybeBilled.ore, 0)).toBe(maybe.ore);
          }
        }
        const spent = await opened.state.ledger.spentIn('2026-11', 40);
        expect(report.limit).toEqual({ allowed: 50_000, used: spent });
        const all = report.months.reduce(
          (sum, one) => sum + one.lookups.count + one.maybeBilled.count + one.notBilled,
          0,
        );
        expect(all).toBe(runs.flatMap(({ attempts }) => attempts).length);
        await opened.state.close();
      }),
      { numRuns: 25 },
    );
  });

  it('counts a lookup that found nobody as bought, and one by one what only the invoice can tell', async () => {
    const { state, world } = await openHere();
    await remember(state, { kind: 'not-found', id: BO });
    const run = await begin(state);
    const billed: Record<string, string> = {};
    for (const outcome of OUTCOMES) {
      const [before] = (await cost(world, {})).months;
      const attempt = { run, id: ANNA, permissions: [], rows: [], endUser: 'x', price: 40, at: AT };
      const id = await state.ledger.begin(attempt);
      const kept = outcome === 'answered' ? snapshot({ kind: 'not-found', id: ANNA }) : undefined;
      if (outcome !== undefined) await state.ledger.complete(id, outcome, undefined, AT, kept);
      const [after] = (await cost(world, {})).months;
      const rose = (['lookups', 'maybeBilled'] as const).filter(
        (key) => after?.[key].count !== before?.[key].count,
      );
      billed[outcome ?? 'unknown'] = rose.join() || 'nothing';
    }
    expect(billed).toEqual({
      answered: 'lookups',
      'not-understood': 'maybeBilled',
      refused: 'maybeBilled',
      unavailable: 'nothing',
      garbled: 'maybeBilled',
      stopped: 'maybeBilled',
      lost: 'maybeBilled',
      unknown: 'maybeBilled',
    });
    await state.close();
  });

  it('has every month from the first lookup on, or the one that is asked for', async () => {
    const { state, world } = await openHere();
    const months = async (month?: string) => (await cost(world, { month })).months.map((one) => one.month);
    expect(await months()).toEqual([]);
    expect(await months('2026-11')).toEqual([]);
    await remember(state, { kind: 'not-found', id: BO }, { asOf: date('2026-09-01') });
    expect(await months()).toEqual(['2026-09', '2026-10', '2026-11']);
    expect(await months('2026-09')).toEqual(['2026-09']);
    for (const month of ['2026-08', '2026-12']) {
      expect(await months(month)).toEqual([]);
      expect((await cost(world, { month })).unknownMonth).toBe(month);
    }
    await state.close();
  });

  it('says which prices it had to take from today, of the months that it tells of', async () => {
    const opened = await openHere();
    const attempts = [
      { outcome: 'answered' as const, type: 'student' as const, price: undefined },
      { outcome: 'unavailable' as const, type: 'student' as const, price: undefined },
      { outcome: undefined, type: 'student' as const, price: 45 },
    ];
    await fill(opened, [{ command: 'update', asOf: date('2026-10-01'), attempts }]);
    expect((await cost(opened.world, {})).atTodaysPrice).toEqual({ count: 1, price: 40 });
    expect((await cost(opened.world, { month: '2026-11' })).atTodaysPrice.count).toBe(0);
    await opened.state.close();
  });

  it('keeps whole öre through to the JSON', async () => {
    const opened = await openHere();
    const attempts = Array.from({ length: 3 }, () => ({
      outcome: 'answered' as const,
      type: 'staff' as const,
      price: 10,
    }));
    await fill(opened, [{ command: 'update', asOf: date('2026-11-01'), attempts }]);
    const printed = JSON.parse(renderCostJson(await cost(opened.world, {})));
    // 0.1 + 0.1 + 0.1 is 0.30000000000000004 where it is not.
    expect(printed.months[0]).toMatchObject({
      month: '2026-11',
      monthlyFee: 300,
      lookups: { count: 3, cost: 0.3 },
      maybeBilled: { count: 0, cost: 0 },
      notBilled: 0,
      total: 300.3,
      totalAtMost: 300.3,
      byCommand: [
        { command: 'update', count: 3, cost: 0.3, maybeBilled: { count: 0, cost: 0 }, notBilled: 0 },
      ],
      byType: [{ type: 'staff', count: 3, cost: 0.3 }],
      byRun: [{ run: 1, at: AT, command: 'update', dryRun: false, asOf: '2026-11-01', count: 3, cost: 0.3 }],
    });
    await opened.state.close();
  });
});
