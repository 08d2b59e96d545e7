import { describe, expect, it } from 'vitest';
import { withRetry } from '../../src/adapters/lookup/with-retry.ts';
import type { LookupOutcome, LookupRequest, PersonLookup, ProgressEvent } from '../../src/app/ports.ts';
import { refreshSnapshots } from '../../src/app/refresh-snapshots.ts';
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

function refresh(lookup: PersonLookup, requests = REQUESTS, signal = new AbortController().signal) {
  const events: ProgressEvent[] = [];
  const refreshed = refreshSnapshots(requests, lookup, {
    concurrency: 4,
    signal,
    progress: (event) => events.push(event),
  });
  return { refreshed, events };
}

describe('asking about everybody', () => {
  it('asks each person once and counts what came of it', async () => {
    const { lookup, asked } = lookupOf((_, { id }) => ANSWER(id));
    const { answered, failed, notFound } = await refresh(lookup).refreshed;
    expect([answered.size, failed.size, notFound, asked()]).toEqual([40, 0, 40, 40]);
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
