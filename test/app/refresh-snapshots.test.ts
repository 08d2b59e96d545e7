import { describe, expect, it } from 'vitest';
import { withRetry } from '../../src/adapters/lookup/with-retry.ts';
import { createAllowance, withBudget } from '../../src/app/lookup-budget.ts';
import type {
  BudgetedLookup,
  LookupOutcome,
  LookupRequest,
  PersonLookup,
  ProgressEvent,
} from '../../src/app/ports.ts';
import { refreshSnapshots } from '../../src/app/refresh-snapshots.ts';
import { beginOutage, cameBack, patienceOf } from '../../src/app/spar-away.ts';
import { SparSyncError } from '../../src/errors.ts';
import { personId, withCheckDigit } from '../support/arbitraries.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { refusal } from '../support/refusal.ts';

const AWAY: LookupOutcome = { kind: 'unavailable', detail: { en: 'no route', sv: 'ingen väg' } };
const ANSWER = (id: string): LookupOutcome => ({
  kind: 'answered',
  answer: { kind: 'not-found', id: personId(id) },
});

const REQUESTS: readonly LookupRequest[] = Array.from({ length: 40 }, (_, i) => ({
  id: withCheckDigit(`199001${String((i % 28) + 1).padStart(2, '0')}23${i < 28 ? 8 : 9}`),
  permissions: [],
  rows: [],
}));

function lookupOf(answer: (n: number, request: LookupRequest) => LookupOutcome | Error) {
  let asked = 0;
  const lookup: PersonLookup = {
    async lookUp(request) {
      const outcome = answer(++asked, request);
      if (outcome instanceof Error) throw outcome;
      return outcome;
    },
    async close() {},
  };
  return { lookup, asked: () => asked };
}

function refresh(
  lookup: BudgetedLookup,
  requests = REQUESTS,
  signal = new AbortController().signal,
  {
    clock = createFakeClock(),
    waitMinutes = 0,
    allowance = createAllowance(Infinity),
    areNotAll = false,
  } = {},
) {
  const events: ProgressEvent[] = [];
  const refreshed = refreshSnapshots(requests, lookup, {
    concurrency: 4,
    signal,
    clock,
    patience: patienceOf(waitMinutes),
    allowance,
    areNotAll,
    progress: (event) => events.push(event),
  });
  return { refreshed, events };
}

describe('asking about everybody', () => {
  it('asks each person once and counts what came of it', async () => {
    const { lookup, asked } = lookupOf((_, { id }) => ANSWER(id));
    const { answered, failed, notFound } = await refresh(lookup).refreshed;
    expect([answered.size, failed.size, notFound.size, asked()]).toEqual([40, 0, 40, 40]);
  });

  it('lets nobody retry once SPAR has rejected us', async () => {
    const rejected = new SparSyncError('spar-rejected', { en: 'no', sv: 'nej' });
    const { lookup, asked } = lookupOf((n) => (n === 4 ? rejected : AWAY));
    const clock = createFakeClock();
    const retrying = withRetry(lookup, { retries: 4, clock, random: () => 0.5 });
    const { stopped } = await refresh(retrying).refreshed;
    expect(stopped?.code).toBe('spar-rejected');
    expect(asked()).toBe(4);
    expect(clock.pending()).toBe(0);
  });

  it('stops after ten failures without an answer between them, and says why', async () => {
    const { lookup, asked } = lookupOf((n, { id }) => (n <= 3 ? ANSWER(id) : AWAY));
    const { stopped, failed } = await refresh(lookup).refreshed;
    expect(stopped?.message).toBe('SPAR cannot be reached: no route');
    expect(asked()).toBeLessThan(3 + 10 + 4);
    expect(failed.size).toBe(37);
  });

  it('says why when the few there were all failed', async () => {
    const { lookup } = lookupOf(() => AWAY);
    const { stopped } = await refresh(lookup, REQUESTS.slice(0, 2)).refreshed;
    expect(stopped?.text.sv).toBe('SPAR går inte att nå: ingen väg');
  });

  it('tells once what SPAR said about people it would not answer about', async () => {
    const refused: LookupOutcome = { kind: 'refused', detail: { en: 'exception X', sv: 'undantaget X' } };
    const { lookup } = lookupOf((n, { id }) => (n > 2 ? ANSWER(id) : refused));
    const { refreshed, events } = refresh(lookup);
    expect((await refreshed).failed.size).toBe(2);
    expect(events.filter((event) => event.kind === 'remark')).toEqual([
      { kind: 'remark', text: { en: 'About 2 people: exception X', sv: 'Om 2 personer: undantaget X' } },
    ]);
  });

  it('does not go on without the state', async () => {
    const locked = new SparSyncError('state-locked', { en: 'locked', sv: 'låst' });
    const { lookup, asked } = lookupOf((n, { id }) => (n === 2 ? locked : ANSWER(id)));
    expect((await refusal(refresh(lookup).refreshed)).code).toBe('state-locked');
    expect(asked()).toBeLessThan(8);
  });

  it('asks no more when interrupted, and waits for those on the wire', async () => {
    const controller = new AbortController();
    const { lookup, asked } = lookupOf((n, { id }) => {
      if (n === 3) controller.abort();
      return ANSWER(id);
    });
    expect((await refusal(refresh(lookup, REQUESTS, controller.signal).refreshed)).code).toBe('interrupted');
    expect(asked()).toBeLessThan(8);
  });
});

describe('a SPAR that is away', () => {
  /** Away from the n-th question on, for so many; then it answers. */
  const awayFor = (from: number, questions: number) =>
    lookupOf((n, { id }) => (n >= from && n < from + questions ? AWAY : ANSWER(id)));

  it.each([
    ['in the middle', REQUESTS, 4, 14],
    ['from the start', REQUESTS, 1, 15],
    ['about the few that there were', REQUESTS.slice(0, 2), 1, 3],
    ['twice', REQUESTS, 8, 14],
  ])('%s is waited for, and everybody is asked about in the end', async (_, requests, from, questions) => {
    const clock = createFakeClock({ automatic: true });
    const { lookup, asked } = awayFor(from, questions);
    const { refreshed, events } = refresh(lookup, requests, undefined, { clock, waitMinutes: 10 });
    const { answered, failed, stopped } = await refreshed;
    expect([answered.size, failed.size, stopped]).toEqual([requests.length, 0, undefined]);
    expect(asked()).toBe(requests.length + questions);
    const told = events.flatMap((event) => (event.kind === 'remark' ? [event.text.en] : []));
    expect(told).toEqual([
      expect.stringMatching(/^SPAR did not answer for .*; the run waited and went on\.$/),
    ]);
  });

  it('is asked about one person after each pause, and no more', async () => {
    const clock = createFakeClock();
    let isAway = true;
    const { lookup, asked } = lookupOf((_, { id }) => (isAway ? AWAY : ANSWER(id)));
    const { refreshed, events } = refresh(lookup, REQUESTS, undefined, { clock, waitMinutes: 10 });
    await clock.advance(0);
    const first = asked();
    expect(first).toBeLessThan(10 + 4);
    const inAll: number[] = [];
    for (const seconds of [30, 60, 120]) {
      await clock.advance(seconds * 1000);
      inAll.push(asked());
    }
    expect(inAll).toEqual([first + 1, first + 2, first + 3]);
    isAway = false;
    await clock.advance(120_000);
    expect((await refreshed).answered.size).toBe(40);
    expect(events.flatMap((event) => (event.kind === 'waiting' ? [event.seconds] : []))).toEqual([
      30, 60, 120, 120,
    ]);
  });

  it('is waited for no longer than was allowed, all its outages together', async () => {
    const clock = createFakeClock({ automatic: true });
    const { lookup } = lookupOf((n, { id }) => (n < 12 || n > 20 ? AWAY : ANSWER(id)));
    const { refreshed } = refresh(lookup, REQUESTS, undefined, { clock, waitMinutes: 3 });
    const { stopped, answered, failed } = await refreshed;
    expect(stopped?.text.en).toBe('SPAR cannot be reached: no route; it was waited for 3 minutes');
    expect(clock.elapsed()).toBe(3 * 60_000);
    expect(answered.size + failed.size).toBe(40);
  });

  it('ends the retries of those who are between two attempts, and asks about them again', async () => {
    const clock = createFakeClock({ automatic: true });
    const { lookup, asked } = awayFor(1, 60);
    const retrying = withRetry(lookup, { retries: 4, clock, random: () => 0.5 });
    const { answered, failed } = await refresh(retrying, REQUESTS, undefined, { clock, waitMinutes: 10 })
      .refreshed;
    expect([answered.size, failed.size]).toEqual([40, 0]);
    expect(asked()).toBe(100);
  });

  it('is waited for no more once somebody says stop', async () => {
    const clock = createFakeClock();
    const controller = new AbortController();
    const { lookup } = lookupOf(() => AWAY);
    const { refreshed } = refresh(lookup, REQUESTS, controller.signal, { clock, waitMinutes: 10 });
    const refused = refusal(refreshed);
    await clock.advance(0);
    controller.abort();
    expect((await refused).code).toBe('interrupted');
    expect(clock.pending()).toBe(0);
  });

  it('is seen to be back though it never answers about one of those who were asked about first', async () => {
    const clock = createFakeClock({ automatic: true });
    const unlucky = REQUESTS[0]?.id;
    const { lookup, asked } = lookupOf((n, { id }) => (n <= 11 || id === unlucky ? AWAY : ANSWER(id)));
    const { answered, failed, stopped } = await refresh(lookup, REQUESTS, undefined, {
      clock,
      waitMinutes: 10,
    }).refreshed;
    expect([answered.size, [...failed.keys()], stopped]).toEqual([39, [unlucky], undefined]);
    expect(asked()).toBeLessThan(40 + 11 + 4);
  });

  it.each([
    [45, 'a minute'],
    [66, 'a minute'],
    [90, '2 minutes'],
    [149, '2 minutes'],
  ])('is told in whole minutes: %d s', (seconds, words) => {
    let now = 0;
    const clock = { ...createFakeClock({ automatic: true }), elapsed: () => now };
    const outage = beginOutage(patienceOf(10), {
      clock,
      signal: new AbortController().signal,
      progress: () => {},
    });
    return outage.pause().then(() => {
      now = seconds * 1000;
      expect(cameBack(outage.end()).en).toContain(`for ${words};`);
    });
  });

  it('leaves alone whoever alone is not answered about', async () => {
    const clock = createFakeClock();
    const unlucky = REQUESTS[5]?.id;
    const { lookup } = lookupOf((_, { id }) => (id === unlucky ? AWAY : ANSWER(id)));
    const { answered, failed } = await refresh(lookup, REQUESTS, undefined, { clock, waitMinutes: 10 })
      .refreshed;
    expect([answered.size, [...failed.keys()]]).toEqual([39, [unlucky]]);
  });
});

describe('a budget', () => {
  const LOST: LookupOutcome = { ...AWAY, sent: true } as LookupOutcome;

  async function spend(
    left: number,
    answer: (n: number, request: LookupRequest) => LookupOutcome | Error,
    { retries = 0, waitMinutes = 0, requests = REQUESTS } = {},
  ) {
    const allowance = createAllowance(left);
    const clock = createFakeClock({ automatic: true });
    const { lookup, asked } = lookupOf(answer);
    const wrapped = withRetry(withBudget(lookup, allowance, requests.length), {
      retries,
      clock,
      random: () => 0.5,
    });
    const refreshed = await refresh(wrapped, requests, undefined, { clock, waitMinutes, allowance })
      .refreshed;
    return { ...refreshed, asked: asked(), used: allowance.used() };
  }

  it('bounds the questions that may be billed, retries among them', async () => {
    const cutOff = await spend(3, () => LOST, {
      retries: 4,
      waitMinutes: 10,
      requests: REQUESTS.slice(0, 3),
    });
    expect(cutOff.asked).toBe(3);
    expect(cutOff.stopped?.code).toBe('spar-unreachable');
    const one = await spend(1, () => LOST, { retries: 4, waitMinutes: 10, requests: REQUESTS.slice(0, 1) });
    expect([one.asked, one.failed.size, one.overBudget.size]).toEqual([1, 1, 0]);
  });

  it('asks about nobody a second time at the expense of those who were not asked about', async () => {
    const some = { retries: 4, requests: REQUESTS.slice(0, 10) };
    const tight = await spend(10, (n, { id }) => (n <= 2 ? LOST : ANSWER(id)), some);
    expect([tight.answered.size, tight.overBudget.size, tight.failed.size, tight.asked]).toEqual([
      8, 0, 2, 10,
    ]);
    const ample = await spend(12, (n, { id }) => (n <= 2 ? LOST : ANSWER(id)), some);
    expect([ample.answered.size, ample.failed.size, ample.asked]).toEqual([10, 0, 12]);
  });

  it('does not count what SPAR never got', async () => {
    const { answered, asked, used } = await spend(10, (n, { id }) => (n <= 5 ? AWAY : ANSWER(id)), {
      retries: 4,
      requests: REQUESTS.slice(0, 10),
    });
    expect([answered.size, asked, used]).toEqual([10, 15, 10]);
  });

  it('is not waited for where nothing could be bought any more', async () => {
    const { asked, stopped, answered } = await spend(12, () => LOST, { waitMinutes: 10 });
    expect([asked, answered.size]).toEqual([12, 0]);
    expect(stopped?.code).toBe('spar-unreachable');
  });

  it.each([1, 5, 17, 39, 40])('of %d is never exceeded, whatever comes', async (left) => {
    for (let seed = 0; seed < 20; seed++) {
      const kinds = [LOST, AWAY, { ...LOST, deadSocket: true } as LookupOutcome];
      const { used, answered, asked } = await spend(
        left,
        (n, { id }) => ((n * 7 + seed) % 5 < 2 ? (kinds[(n + seed) % 3] ?? LOST) : ANSWER(id)),
        { retries: 2, waitMinutes: 5 },
      );
      expect(used).toBeLessThanOrEqual(left);
      expect(answered.size).toBeLessThanOrEqual(used);
      expect(asked).toBeGreaterThanOrEqual(used);
    }
  });
});

describe('the wire', () => {
  it('holds no more questions than were allowed, and lets the next begin before an answer is committed', async () => {
    let onTheWire = 0;
    let most = 0;
    let open = 0;
    let mostOpen = 0;
    const lookup: PersonLookup = {
      async lookUp(request, _signal, onAnswer) {
        most = Math.max(most, ++onTheWire);
        mostOpen = Math.max(mostOpen, ++open);
        await new Promise(setImmediate);
        onTheWire--;
        onAnswer?.();
        await new Promise(setImmediate);
        open--;
        return ANSWER(request.id);
      },
      async close() {},
    };
    await refresh(lookup).refreshed;
    expect(most).toBe(4);
    expect(mostOpen).toBeGreaterThan(4);
  });
});
