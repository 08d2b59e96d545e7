import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { guardians } from '../../src/app/guardians/guardians.ts';
import { status } from '../../src/app/status.ts';
import { update } from '../../src/app/update/update.ts';
import { addDays, type CalendarDate } from '../../src/domain/calendar-date.ts';
import type { Answer } from '../../src/domain/person.ts';
import {
  ANNA,
  adult,
  BO,
  child,
  EVA,
  GUARDIAN_RUN,
  guardian,
  KIM,
  LO,
  MIO,
  OLE,
  openGuardianWorld,
  student,
} from '../support/guardian-world.ts';
import { createMemoryRoster, type MemoryRow } from '../support/memory-roster.ts';
import {
  createFakeSpar,
  OPTIONS,
  protectedPerson,
  renumberedTo,
  type TestWorld,
  TODAY,
} from '../support/update-world.ts';

const EVERYBODY = { selected: () => true, oneBudget: false };
const LIMITS = { maxChangedShare: 1, maxMissingShare: 1, minPeople: 20 };

/** Whoever they are, and what SPAR says about them. */
const PEOPLE: readonly (readonly [row: MemoryRow, answer: Answer | undefined])[] = [
  [student('1', KIM), child(KIM, [ANNA, BO])],
  [student('2', LO, { active: 'nej' }), child(LO, [BO])],
  [student('3', MIO), undefined],
  [guardian('4', { personnummer: ANNA }), adult(ANNA, 'Anna Ek')],
  [guardian('5', { personnummer: BO }), protectedPerson(BO)],
  [guardian('6', { personnummer: EVA, protected: 'sekretessmarkering' }), adult(EVA, 'Eva Ek')],
  [
    guardian('7', { personnummer: OLE }),
    { kind: 'deregistered', id: OLE as never, reason: 'deceased', successors: [] },
  ],
  [guardian('8'), undefined],
];

async function worldOf(rows: readonly MemoryRow[], answers: Record<string, Answer>, limits: object = {}) {
  const spar = createFakeSpar(answers);
  const roster = createMemoryRoster(rows, { links: [{ student: '1', guardian: '4' }] });
  const world = await openGuardianWorld(roster, spar, { settings: { limits: { ...LIMITS, ...limits } } });
  const on = (today: CalendarDate) => ({ ...world, today });
  return { spar, world, on };
}

const answersOf = (people: typeof PEOPLE) =>
  Object.fromEntries(people.flatMap(([, answer]) => (answer === undefined ? [] : [[answer.id, answer]])));

describe('what the next run would buy', () => {
  it('is what it then buys, whatever has been asked before, and whatever the limits', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.subarray([...PEOPLE], { minLength: 1 }),
        fc.subarray(PEOPLE.map(([{ id }]) => id)),
        fc.constantFrom(0, 20, 29, 30, 31, 40),
        fc.option(fc.integer({ min: 0, max: 6 })),
        fc.option(fc.constantFrom(0, 0.4, 1.2, 2)),
        async (people, before, days, perRun, perMonth) => {
          const { spar, on } = await worldOf(
            people.map(([row]) => row),
            answersOf(people),
            {
              ...(perRun !== null && { maxLookupsPerRun: perRun }),
              ...(perMonth !== null && { maxCostPerMonth: perMonth }),
            },
          );
          await update(on(TODAY), { ...OPTIONS, selected: ({ id }) => before.includes(id) });
          const later = on(addDays(TODAY, days));
          const asked = spar.asked.length;

          const told = await status(later, EVERYBODY);
          const offline = await update(later, { ...OPTIONS, offline: true, dryRun: true });
          expect(spar.asked).toHaveLength(asked);
          const { report } = await update(later, OPTIONS);

          expect(told.nextRun).toMatchObject({ lookups: report.lookups.asked, cost: report.lookups.cost });
          expect(offline.report.nextRun).toEqual(told.nextRun);
          const waiting = report.notAsked.filter(({ reason }) => reason === 'budget');
          expect(told.nextRun.deferred).toBe(new Set(waiting.map(({ id }) => id)).size);
          expect((await status(later, EVERYBODY)).nextRun.lookups).toBe(
            Math.min(told.nextRun.deferred, (await status(later, EVERYBODY)).nextRun.lookups),
          );
        },
      ),
      { numRuns: 60 },
    );
  });

  it('counts a new number that is to be followed, once it is known', async () => {
    const { world, on } = await worldOf(
      [student('1', KIM), guardian('4', { personnummer: ANNA }), guardian('9', { personnummer: OLE })],
      { [KIM]: child(KIM, [ANNA]), [ANNA]: renumberedTo(ANNA, BO), [OLE]: adult(OLE, 'Ole Ek') },
    );
    await update(world, OPTIONS);
    const follow = <T extends TestWorld>(of: T): T => ({
      ...of,
      settings: { ...of.settings, rules: { ...of.settings.rules, renumbered: 'follow' as const } },
    });
    const later = follow(on(TODAY));
    expect((await status(later, EVERYBODY)).nextRun.lookups).toBe(1);
    expect((await update(later, { ...OPTIONS, offline: true })).report.nextRun?.lookups).toBe(1);
    const gone = {
      ...later,
      roster: createMemoryRoster(
        [student('1', KIM, { active: 'nej' }), guardian('4', { personnummer: ANNA })],
        { links: [{ student: '1', guardian: '4' }] },
      ),
    };
    expect((await status(gone, EVERYBODY)).nextRun.lookups).toBe(0);
    expect((await update(gone, { ...OPTIONS, offline: true, dryRun: true })).report.nextRun?.lookups).toBe(0);
    expect((await update(later, OPTIONS)).report.lookups.asked).toBe(1);
  });

  it('says what guardians would buy, as far as the students’ answers tell', async () => {
    const rows = [student('1', KIM), student('2', LO), guardian('4', { personnummer: ANNA })];
    const { world } = await worldOf(rows, {
      [KIM]: child(KIM, [ANNA, BO]),
      [LO]: child(LO, [BO, EVA]),
      [BO]: adult(BO, 'Bo Ek'),
      [EVA]: adult(EVA, 'Eva Ek'),
    });
    const first = await status(world, EVERYBODY);
    expect([first.nextRun.lookups, first.nextGuardians]).toEqual([
      3,
      { lookups: 0, deferred: 0, cost: 0, currency: 'SEK', openStudents: 2 },
    ]);
    await update(world, OPTIONS);
    const second = await status(world, EVERYBODY);
    expect(second.nextGuardians).toMatchObject({ lookups: 2, cost: 0.8, openStudents: 0 });
    const offline = await guardians(world, { ...GUARDIAN_RUN, offline: true, dryRun: true });
    expect(offline.report.nextRun).toMatchObject({ lookups: 2, deferred: 0 });
    expect((await guardians(world, GUARDIAN_RUN)).report.lookups.asked).toBe(2);
    expect((await status(world, EVERYBODY)).nextGuardians).toMatchObject({ lookups: 0, openStudents: 0 });
  });

  it('leaves to guardians what update has left of a night’s one budget', async () => {
    const rows = [student('1', KIM), student('2', LO), guardian('9', { personnummer: OLE })];
    const answers = { [KIM]: child(KIM, [ANNA, BO]), [LO]: child(LO, []), [OLE]: adult(OLE, 'Ole Ek') };
    const { world, on } = await worldOf(rows, answers, { maxLookupsPerRun: 3 });
    await update(world, { ...OPTIONS, selected: ({ type }) => type === 'student' });
    const tonight = {
      ...on(TODAY),
      settings: { ...world.settings, limits: { ...LIMITS, maxLookupsPerRun: 2 } },
    };
    const told = await status(tonight, { ...EVERYBODY, oneBudget: true });
    expect([told.nextRun.lookups, told.nextGuardians?.lookups, told.nextGuardians?.deferred]).toEqual([
      1, 1, 1,
    ]);
    const apart = await status(tonight, EVERYBODY);
    expect([apart.nextGuardians?.lookups, apart.nextGuardians?.deferred]).toEqual([2, 0]);
  });

  it('counts for guardians whom the budget of update does not reach', async () => {
    const rows = [student('1', KIM), student('2', LO), student('3', MIO)];
    const { world } = await worldOf(
      rows,
      { [KIM]: child(KIM, []), [LO]: child(LO, []), [MIO]: child(MIO, []) },
      {
        maxLookupsPerRun: 2,
      },
    );
    const told = await status(world, EVERYBODY);
    expect([told.nextRun.lookups, told.nextGuardians?.lookups, told.nextGuardians?.deferred]).toEqual([
      2, 1, 0,
    ]);
    expect((await update(world, OPTIONS)).report.lookups.asked).toBe(2);
    expect((await guardians(world, GUARDIAN_RUN)).report.lookups.asked).toBe(1);
  });

  it('is silent about guardians where they cannot be asked for', async () => {
    const { world } = await worldOf([student('1', KIM)], {});
    const without = { ...world, settings: { ...world.settings, granted: [] } };
    expect(await status(without, EVERYBODY)).not.toHaveProperty('nextGuardians');
  });
});
