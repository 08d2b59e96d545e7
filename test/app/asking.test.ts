import { describe, expect, it } from 'vitest';
import { withRetry } from '../../src/adapters/lookup/with-retry.ts';
import { nightly } from '../../src/app/nightly/nightly.ts';
import type { LookupOutcome } from '../../src/app/ports.ts';
import { update } from '../../src/app/update/update.ts';
import { addDays } from '../../src/domain/calendar-date.ts';
import { PERSON_TYPES } from '../../src/domain/roster.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import {
  ANNA,
  adult,
  BO,
  child,
  guardian,
  KIM,
  LO,
  openGuardianWorld,
  student,
  type TestGuardianWorld,
} from '../support/guardian-world.ts';
import { createNumberSupply } from '../support/made-up-numbers.ts';
import { createMemoryRoster } from '../support/memory-roster.ts';
import { createSeededRandom } from '../support/seeded-random.ts';
import { createFakeSpar, OPTIONS, renumberedTo, TODAY } from '../support/update-world.ts';

const NIGHT = { types: PERSON_TYPES, guardians: true, signal: new AbortController().signal };
const detail = { en: 'x', sv: 'x' };
const LOST: LookupOutcome = { kind: 'unavailable', sent: true, detail };

const limited = (maxLookupsPerRun: number, more: object = {}) => ({
  settings: {
    ...more,
    limits: { maxChangedShare: 1, maxMissingShare: 1, minPeople: 20, maxLookupsPerRun },
  },
});

function retrying(world: TestGuardianWorld, retries = 2): TestGuardianWorld {
  const clock = createFakeClock({ automatic: true });
  return {
    ...world,
    clock,
    wrapLookup: (client) => withRetry(client, { retries, clock, random: () => 0.5 }),
  };
}

/** So many students, about each of whom SPAR says the same. */
function students(count: number, outcome: LookupOutcome) {
  const supply = createNumberSupply(createSeededRandom(1), false);
  const ids = Array.from({ length: count }, () => supply.child('female'));
  return {
    roster: createMemoryRoster(ids.map((id, i) => student(String(i), id))),
    spar: createFakeSpar(Object.fromEntries(ids.map((id) => [id, outcome]))),
  };
}

describe('asking with a budget', () => {
  it('goes on to the others when the share of a night that comes first fails', async () => {
    const roster = createMemoryRoster([student('1', KIM), student('2', LO)]);
    const spar = createFakeSpar({ [KIM]: child(KIM, []), [LO]: child(LO, []) });
    const world = retrying(await openGuardianWorld(roster, spar, limited(3)));
    await nightly(world, NIGHT);
    spar.answers.set(KIM, LOST);
    spar.asked.splice(0);
    const codes = new Set<string | undefined>();
    for (let i = 0; i < 5; i++) {
      codes.add((await nightly({ ...world, today: addDays(TODAY, 40 + i) }, NIGHT)).stopped?.code);
    }
    expect(spar.asked.map(({ id }) => id)).toContain(LO);
    expect([...codes]).toContain(undefined);
  });

  it('ends when what answers is not SPAR, though nobody can be asked about again', async () => {
    const { roster, spar } = students(40, { kind: 'garbled', detail });
    const { stopped } = await update(retrying(await openGuardianWorld(roster, spar, limited(40))), OPTIONS);
    expect(stopped?.code).toBe('spar-not-understood');
    expect(spar.asked.length).toBeLessThanOrEqual(8);
  });

  it('does not say that a SPAR which is away has come back, nor of whom was asked about that they were not', async () => {
    const { roster, spar } = students(40, LOST);
    const world = retrying(await openGuardianWorld(roster, spar, limited(40, { waitMinutes: 10 })));
    const { report, stopped } = await update(world, OPTIONS);
    expect(world.events.filter(({ kind }) => kind === 'remark')).toEqual([]);
    expect(stopped?.code).toBe('spar-unreachable');
    expect(spar.asked.length).toBeLessThan(30);
    expect(report.lookups.failed).toBe(40);
  });
});

describe('asking', () => {
  it('takes one who cannot be asked about, after others were answered about, for a gap', async () => {
    const roster = createMemoryRoster([student('1', KIM), guardian('9', { personnummer: ANNA })], {
      links: [],
    });
    const spar = createFakeSpar({
      [KIM]: child(KIM, [ANNA, BO]),
      [ANNA]: adult(ANNA, 'Anna Ek'),
      [BO]: LOST,
    });
    const world = await openGuardianWorld(roster, spar, { settings: { waitMinutes: 10 } });
    const { stopped, gaps } = await nightly(retrying(world, 4), NIGHT);
    expect([stopped, gaps]).toEqual([undefined, true]);
    expect(spar.asked.filter(({ id }) => id === BO)).toHaveLength(5);
  });

  it('tries once, and not with every repetition, whether a SPAR that was away is back', async () => {
    const { roster, spar } = students(2, LOST);
    const world = await openGuardianWorld(roster, spar, { settings: { waitMinutes: 3 } });
    await update(retrying(world, 4), OPTIONS);
    // Five attempts about each, then one after 30, 60 and 90 seconds.
    expect(spar.asked).toHaveLength(2 * 5 + 3);
  });

  it.each([
    ['not-understood', ['renumbered', 'answer-not-understood']],
    ['refused', ['renumbered']],
  ] as const)('tells of a new number that could not be asked about: %s', async (kind, reviews) => {
    const spar = createFakeSpar({ [KIM]: renumberedTo(KIM, LO), [LO]: { kind, detail } });
    const world = await openGuardianWorld(createMemoryRoster([student('1', KIM, { status: '' })]), spar);
    const rules = { ...world.settings.rules, renumbered: 'follow' as const };
    const { report, gaps } = await update({ ...world, settings: { ...world.settings, rules } }, OPTIONS);
    expect(gaps).toBe(true);
    expect(report.notAsked).toEqual([{ id: '1', type: 'student', reason: 'failed' }]);
    expect(report.review.map(({ reason }) => reason)).toEqual(reviews);
  });
});
