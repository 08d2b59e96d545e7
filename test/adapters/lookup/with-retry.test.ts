import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withRetry } from '../../../src/adapters/lookup/with-retry.ts';
import type { LookupOutcome } from '../../../src/app/ports.ts';
import { SparSyncError } from '../../../src/errors.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { ANSWERED, createScriptedLookup, GARBLED, REQUEST, UNAVAILABLE } from './scripted-lookup.ts';

const DEAD: LookupOutcome = { kind: 'unavailable', detail: { en: 'closed', sv: 'stängd' }, deadSocket: true };
const SIGNAL = new AbortController().signal;
const later = (retryAfterSeconds: number): LookupOutcome => ({
  kind: 'unavailable',
  detail: { en: 'busy', sv: 'upptaget' },
  retryAfterSeconds,
});

async function run(script: readonly (LookupOutcome | Error)[], retries = 4, random = () => 1) {
  const clock = createFakeClock({ automatic: true });
  const inner = createScriptedLookup(script);
  const lookup = withRetry(inner, { retries, clock, random });
  const outcome = await lookup.lookUp(REQUEST, SIGNAL).catch((error: unknown) => error);
  return { outcome, attempts: inner.attempts(), slept: clock.slept };
}

describe('asking again', () => {
  it.each<readonly [string, readonly (LookupOutcome | Error)[], LookupOutcome, number, readonly number[]]>([
    ['is not needed after an answer', [ANSWERED], ANSWERED, 1, []],
    ['helps when SPAR was away', [UNAVAILABLE, UNAVAILABLE, ANSWERED], ANSWERED, 3, [500, 1000]],
    ['ends after so many retries', [UNAVAILABLE], UNAVAILABLE, 5, [500, 1000, 2000, 4000]],
    ['waits as long as SPAR says', [later(7), later(3), ANSWERED], ANSWERED, 3, [7000, 3000]],
    ['waits no longer than a minute', [later(3600), ANSWERED], ANSWERED, 2, [60_000]],
    ['does not hurry because SPAR says 0', [later(0), ANSWERED], ANSWERED, 2, [500]],
    ['after a dead connection is at once', [DEAD, ANSWERED], ANSWERED, 2, []],
    ['at once happens one time only', [DEAD, DEAD, ANSWERED], ANSWERED, 3, [500]],
    ['at once does not count', [DEAD, UNAVAILABLE], UNAVAILABLE, 6, [500, 1000, 2000, 4000]],
    ['after a garbled answer is at once', [GARBLED, ANSWERED], ANSWERED, 2, []],
    [
      'after a garbled answer does not count',
      [GARBLED, UNAVAILABLE],
      UNAVAILABLE,
      6,
      [500, 1000, 2000, 4000],
    ],
  ])('%s', async (_, script, outcome, attempts, slept) => {
    expect(await run(script)).toEqual({ outcome, attempts, slept });
  });

  it.each<LookupOutcome>([
    { kind: 'refused', detail: { en: 'no', sv: 'nej' } },
    { kind: 'not-understood', detail: { en: 'odd', sv: 'konstig' } },
  ])('never follows $kind', async (outcome) => {
    expect(await run([outcome, ANSWERED])).toEqual({ outcome, attempts: 1, slept: [] });
  });

  it('never follows an error', async () => {
    const error = new SparSyncError('spar-rejected', { en: 'no', sv: 'nej' });
    expect(await run([error, ANSWERED])).toEqual({ outcome: error, attempts: 1, slept: [] });
  });

  it.each([
    ['in a row', [GARBLED, GARBLED, ANSWERED], 2],
    ['with something between', [GARBLED, UNAVAILABLE, GARBLED, ANSWERED], 3],
  ] as const)('stops the run after two garbled answers %s', async (_, script, attempts) => {
    const result = await run(script);
    expect(result.outcome).toMatchObject({
      code: 'spar-not-understood',
      message: expect.stringContaining('a web page'),
    });
    expect(result.attempts).toBe(attempts);
  });

  it('can be switched off', async () => {
    expect(await run([UNAVAILABLE], 0)).toEqual({ outcome: UNAVAILABLE, attempts: 1, slept: [] });
    expect(await run([DEAD, ANSWERED], 0)).toMatchObject({ attempts: 2 });
  });

  it('spreads its pauses at random, below 20 s', async () => {
    const draws = fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { minLength: 12, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(draws, async (drawn) => {
        let next = 0;
        const { slept } = await run([UNAVAILABLE], 12, () => drawn[next++] ?? 0);
        const limits = drawn.map((_, n) => Math.min(20_000, 500 * 2 ** n));
        expect(slept).toEqual(drawn.map((random, n) => random * (limits[n] ?? 0)));
      }),
    );
  });
});

describe('an interrupt', () => {
  it('ends a pause at once', async () => {
    const clock = createFakeClock();
    const inner = createScriptedLookup([later(30), ANSWERED]);
    const interrupt = new AbortController();
    const asked = withRetry(inner, { retries: 4, clock, random: () => 1 }).lookUp(REQUEST, interrupt.signal);
    const ended = expect(asked).rejects.toMatchObject({ code: 'interrupted' });
    await clock.advance(10_000);
    expect(clock.pending()).toBe(1);
    interrupt.abort();
    await ended;
    expect([clock.pending(), inner.attempts()]).toEqual([0, 1]);
  });

  it('before the first attempt sends nothing', async () => {
    const inner = createScriptedLookup([ANSWERED]);
    const lookup = withRetry(inner, { retries: 4, clock: createFakeClock(), random: () => 1 });
    await expect(lookup.lookUp(REQUEST, AbortSignal.abort())).rejects.toMatchObject({ code: 'interrupted' });
    expect(inner.attempts()).toBe(0);
  });

  it('loses no answer that came all the same', async () => {
    const interrupt = new AbortController();
    const inner = createScriptedLookup([ANSWERED]);
    const late = {
      ...inner,
      lookUp: (...call: Parameters<typeof inner.lookUp>) => {
        interrupt.abort();
        return inner.lookUp(...call);
      },
    };
    const lookup = withRetry(late, { retries: 4, clock: createFakeClock(), random: () => 1 });
    expect(await lookup.lookUp(REQUEST, interrupt.signal)).toEqual(ANSWERED);
  });
});

it('closing goes through', async () => {
  const inner = createScriptedLookup([ANSWERED]);
  await withRetry(inner, { retries: 1, clock: createFakeClock(), random: () => 1 }).close();
  expect(inner.closed()).toBe(true);
});
