import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Behaviour, type FaultSpar, openFaultSpar, PEOPLE } from '../support/fault-school.ts';
import type { Reply } from '../support/loopback-spar.ts';
import { recordRuns } from '../support/recorded-runs.ts';
import { ownMessage } from '../support/spar-messages.ts';

const UPDATE = ['update', '--json'];
const runs = recordRuns();
let spar: FaultSpar;
/** The roster after a run that nothing disturbs. */
let final: readonly string[];

/** Things that SPAR, or what stands between, says about people whom nobody should hear of. */
const PERSONAL = 'Melvin Strandh, Skolgatan 5, 20150803-2396 (201508032396)';
const [ELSA = '', HUGO = ''] = PEOPLE;

const body = (text: string, status = 200, headers = {}): Reply => ({
  kind: 'body',
  body: text,
  status,
  headers,
});
const web = (status: number) => body(`<html><body>${PERSONAL}</body></html>`, status);
const fault = ownMessage('soap-fault').replace(/<faultstring>.*?</s, `<faultstring>${PERSONAL}<`);

/** The first is answered; about the second this comes, however often it is asked. */
const about =
  (reply: Reply | ((n: number) => Reply | undefined)): Behaviour =>
  (n, { id }) => {
    if (id !== HUGO) return undefined;
    return typeof reply === 'function' ? reply(n) : reply;
  };
const always =
  (reply: Reply): Behaviour =>
  () =>
    reply;
/** The first question about everybody meets this, the second is answered. */
const atFirst = (reply: Reply): Behaviour => {
  const seen = new Set<string>();
  return (_, { id }) => {
    if (seen.has(id)) return undefined;
    seen.add(id);
    return reply;
  };
};
const slowly: Behaviour = () => new Promise((resolve) => setTimeout(() => resolve(undefined), 60));

beforeAll(async () => {
  spar = await openFaultSpar();
  const school = spar.createSchool('csv');
  const { exit, stdout } = await runs.here(UPDATE, school);
  expect(exit, stdout).toBe(0);
  final = school.roster();
  school.remove();
});
afterAll(() => spar.close());

interface Expected {
  readonly exit: number;
  readonly code?: string;
  /** How many have an answer. */
  readonly answered: number;
  /** Questions that came, where that is what it is about. */
  readonly asked?: number;
}

const PERSON_FAILS = { exit: 3, answered: 3 };
const STOPS = { exit: 12, code: 'spar-not-understood', answered: 1 };
const REJECTED = { exit: 11, code: 'spar-rejected', answered: 1, asked: 2 };
const AWAY = { exit: 10, code: 'spar-unreachable', answered: 0 };

describe('a SPAR that', () => {
  it.concurrent.each<[what: string, behaviour: Behaviour, expected: Expected, spar?: object]>([
    ['is slow', slowly, { exit: 0, answered: 4, asked: 4 }],
    ['drips', about({ kind: 'drip' }), PERSON_FAILS, { timeoutSeconds: 1 }],
    ['says nothing', about({ kind: 'hang' }), PERSON_FAILS, { timeoutSeconds: 1 }],
    ['closes', about({ kind: 'close' }), PERSON_FAILS],
    ['cuts its answer', about({ kind: 'cut', body: ownMessage('child') }), PERSON_FAILS],
    ['cannot answer now', about(web(503)), { ...PERSON_FAILS, asked: 4 }],
    ['is too busy', about(body(PERSONAL, 429, { 'Retry-After': '0' })), { ...PERSON_FAILS, asked: 4 }],
    [
      'fails in general',
      about(() => body(spar.exception(HUGO, 'GENERELLT_FEL', PERSONAL))),
      { ...PERSON_FAILS, asked: 4 },
    ],
    ['is away', always({ kind: 'close' }), AWAY],
    ['is down', always(web(500)), { ...AWAY, asked: 4 }],
    ['is away and back within the retries', atFirst(web(503)), { exit: 0, answered: 4 }, { retries: 1 }],
    ['shows a web page once', atFirst(web(200)), { exit: 0, answered: 4, asked: 8 }],
    ['shows a web page', about(web(200)), { ...STOPS, asked: 3 }],
    ['sends nothing', about(body('')), { ...STOPS, asked: 3 }],
    ['sends XML of something else', about(body(`<a>${PERSONAL}</a>`)), { ...STOPS, asked: 3 }],
    ['redirects', about(body(PERSONAL, 307, { Location: 'https://127.0.0.1:1/' })), { ...STOPS, asked: 2 }],
    ['does not know the address', about(web(404)), { ...STOPS, asked: 2 }],
    ['answers with a fault', about(body(fault, 500)), { ...STOPS, asked: 2 }],
    ['answers about somebody else', about(() => body(spar.answer(ELSA))), { ...STOPS, asked: 2 }],
    ['forbids midway', about(web(403)), REJECTED],
    ['asks who we are midway', about(web(401)), REJECTED],
  ])('%s', async (_, behaviour, expected, settings) => {
    // Half of them in Swedish: an error is not to leak in either.
    const language = expected.exit % 2 === 0 ? 'en' : 'sv';
    const school = spar.createSchool('csv', { spar: settings ?? {}, more: { language } });
    try {
      const before = school.roster();
      spar.behave(school, behaviour);
      const failed = await runs.here(UPDATE, school);
      const asked = spar.askedBy(school);
      const kept = school.state();

      expect([failed.exit, failed.json.error?.code], failed.stdout + failed.stderr).toEqual([
        expected.exit,
        expected.code,
      ]);
      if (expected.code !== undefined) {
        expect(failed.json.error?.message).not.toBe('');
        expect(failed.json.error?.hint).not.toBe('');
      }
      expect(asked.length).toBe(expected.asked ?? asked.length);
      expect(kept.answered).toHaveLength(expected.answered);
      expect(kept.cached).toEqual(kept.answered);
      expect(kept.attempted).toEqual(asked);
      // What was answered before is applied: the first in the file has moved.
      const isApplied = failed.json['people'] !== undefined && expected.answered > 0;
      expect(school.roster()[0] === before[0]).toBe(!isApplied);
      if (expected.answered === 0) expect(school.roster()).toEqual(before);

      spar.behave(school, () => undefined);
      const again = await runs.here(UPDATE, school);
      const askedAgain = spar.askedBy(school).slice(asked.length);
      expect(again.exit, again.stdout + again.stderr).toBe(0);
      expect(school.roster()).toEqual(final);
      expect(askedAgain.filter((id) => kept.answered.includes(id))).toEqual([]);
      expect(askedAgain).toHaveLength(PEOPLE.length - expected.answered);
      const { json } = await runs.here(['history', '--json'], school);
      expect((json['runs'] as { exit: string }[]).map(({ exit }) => exit)).toEqual([
        'done',
        expected.code ?? (expected.exit === 3 ? 'gaps' : 'done'),
      ]);
    } finally {
      school.remove();
    }
  });

  it('throws us out by an alert on a new connection: what was answered before is applied', async () => {
    const other = await openFaultSpar();
    const school = other.createSchool('csv');
    try {
      const before = school.roster();
      other.behave(school, (n, { id }) => {
        if (n === 2) other.turnAway();
        return n === 2 ? body(other.answer(id), 200, { Connection: 'close' }) : undefined;
      });
      const { exit, json, stdout } = await runs.here(UPDATE, school);
      expect([exit, json.error?.code], stdout).toEqual([11, 'spar-rejected']);
      expect(school.state().answered).toHaveLength(2);
      expect(other.askedBy(school)).toHaveLength(2);
      expect(school.roster()[0]).not.toBe(before[0]);
    } finally {
      school.remove();
      await other.close();
    }
  });
});

it('says nothing of people or secrets in any of these runs', () => {
  expect(runs.count()).toBeGreaterThan(50);
  expect(runs.leaks()).toEqual([]);
});
