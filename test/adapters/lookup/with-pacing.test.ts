import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withPacing } from '../../../src/adapters/lookup/with-pacing.ts';
import type { LookupRequest, PersonLookup } from '../../../src/app/ports.ts';
import { createFakeClock, type FakeClock } from '../../support/fake-clock.ts';
import { ANSWERED, createScriptedLookup, REQUEST } from './scripted-lookup.ts';

const SIGNAL = new AbortController().signal;

/** A lookup that writes down when each request started, by the name of its row. */
function createWitness(
  clock: FakeClock,
): PersonLookup & { readonly starts: readonly (readonly [string, number])[] } {
  const starts: [string, number][] = [];
  return {
    starts,
    async lookUp(request) {
      starts.push([request.rows[0]?.id ?? '', clock.elapsed()]);
      return ANSWERED;
    },
    close: async () => {},
  };
}

function named(id: number): LookupRequest {
  return { ...REQUEST, rows: [{ type: 'student', id: String(id) }] };
}

describe('pacing', () => {
  it('spreads the starts evenly, in the order asked for', async () => {
    const clock = createFakeClock();
    const witness = createWitness(clock);
    const lookup = withPacing(witness, { requestsPerSecond: 4, clock });
    const all = Promise.all([1, 2, 3, 4, 5].map((id) => lookup.lookUp(named(id), SIGNAL)));
    await clock.advance(10_000);
    await all;
    expect(witness.starts).toEqual([
      ['1', 0],
      ['2', 250],
      ['3', 500],
      ['4', 750],
      ['5', 1000],
    ]);
    expect(clock.pending()).toBe(0);
  });

  it('lets a few start together after a quiet spell', async () => {
    const clock = createFakeClock();
    const witness = createWitness(clock);
    const lookup = withPacing(witness, { requestsPerSecond: 10, burst: 3, clock });
    const first = Promise.all([1, 2, 3, 4, 5].map((id) => lookup.lookUp(named(id), SIGNAL)));
    await clock.advance(5000);
    await first;
    const second = Promise.all([6, 7, 8, 9].map((id) => lookup.lookUp(named(id), SIGNAL)));
    await clock.advance(5000);
    await second;
    expect(witness.starts.map(([, at]) => at)).toEqual([0, 0, 0, 100, 200, 5000, 5000, 5000, 5100]);
  });

  it('owes nothing for time that passed by itself', async () => {
    const clock = createFakeClock();
    const witness = createWitness(clock);
    const lookup = withPacing(witness, { requestsPerSecond: 2, clock });
    for (const id of [1, 2, 3]) {
      await lookup.lookUp(named(id), SIGNAL);
      await clock.advance(800);
    }
    expect(clock.slept).toEqual([]);
  });

  it('never starts more than so many in any second, and wastes none, whenever they come', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 30 }),
        fc.array(fc.integer({ min: 0, max: 700 }), { minLength: 1, maxLength: 40 }),
        async (requestsPerSecond, gaps) => {
          const clock = createFakeClock();
          const witness = createWitness(clock);
          const lookup = withPacing(witness, { requestsPerSecond, clock });
          const all: Promise<unknown>[] = [];
          const came: number[] = [];
          for (const [id, gap] of gaps.entries()) {
            await clock.advance(gap);
            came.push(clock.elapsed());
            all.push(lookup.lookUp(named(id), SIGNAL));
          }
          await clock.advance(60_000);
          await Promise.all(all);
          const interval = 1000 / requestsPerSecond;
          let due = 0;
          const expected = came.map((at) => {
            const start = Math.max(at, due);
            due = start + interval;
            return start;
          });
          expect(witness.starts.map(([id]) => id)).toEqual(gaps.map((_, id) => String(id)));
          for (const [n, [, at]] of witness.starts.entries()) expect(at).toBeCloseTo(expected[n] ?? -1, 6);
        },
      ),
      { numRuns: 40 },
    );
  });

  it.each([0, undefined, -1, Number.NaN])('without a limit (%s) is none', async (requestsPerSecond) => {
    const inner = createScriptedLookup([ANSWERED]);
    expect(withPacing(inner, { requestsPerSecond, clock: createFakeClock() })).toBe(inner);
  });

  it('is patient with a timer that fires early', async () => {
    const clock = createFakeClock();
    const early = {
      ...clock,
      sleep: (ms: number, signal: AbortSignal) => clock.sleep(Math.max(1, ms - 2), signal),
    };
    const witness = createWitness(clock);
    const lookup = withPacing(witness, { requestsPerSecond: 10, clock: early });
    const all = Promise.all([1, 2].map((id) => lookup.lookUp(named(id), SIGNAL)));
    await clock.advance(1000);
    await all;
    expect(witness.starts.map(([, at]) => at)).toEqual([0, 100]);
  });

  it('is ended by an interrupt, which leaves no timer behind', async () => {
    const clock = createFakeClock();
    const witness = createWitness(clock);
    const interrupt = new AbortController();
    const lookup = withPacing(witness, { requestsPerSecond: 1, clock });
    const all = [1, 2, 3].map((id) => lookup.lookUp(named(id), interrupt.signal));
    await clock.advance(0);
    const settled = Promise.allSettled(all);
    expect(clock.pending()).toBe(2);
    interrupt.abort();
    const [first, ...others] = await settled;
    expect(first?.status).toBe('fulfilled');
    expect(others).toMatchObject([{ reason: { code: 'interrupted' } }, { reason: { code: 'interrupted' } }]);
    expect([clock.pending(), witness.starts.length]).toEqual([0, 1]);
    await expect(lookup.lookUp(named(4), interrupt.signal)).rejects.toMatchObject({ code: 'interrupted' });
  });

  it('lets closing go through', async () => {
    const inner = createScriptedLookup([ANSWERED]);
    await withPacing(inner, { requestsPerSecond: 1, clock: createFakeClock() }).close();
    expect(inner.closed()).toBe(true);
  });
});
