import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { guardians } from '../../src/app/guardians/guardians.ts';
import { eraseWhatIsNotKept } from '../../src/app/retention.ts';
import { apply } from '../../src/app/update/apply.ts';
import { savePlan } from '../../src/app/update/saved-plan.ts';
import { update } from '../../src/app/update/update.ts';
import { addDays, type CalendarDate, isStale } from '../../src/domain/calendar-date.ts';
import type { Answer } from '../../src/domain/person.ts';
import { type PersonId, personNumbers } from '../../src/domain/person-id.ts';
import { personId } from '../support/arbitraries.ts';
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
  onlyStudents,
  openGuardianWorld,
  student,
} from '../support/guardian-world.ts';
import { createMemoryRoster, type MemoryRow } from '../support/memory-roster.ts';
import {
  createFakeSpar,
  OPTIONS,
  protectedPerson,
  registered,
  renumberedTo,
  TODAY,
} from '../support/update-world.ts';

const EVERYBODY = [KIM, LO, MIO, ANNA, BO, EVA, OLE];

function row(number: string, more: Partial<MemoryRow> = {}): MemoryRow {
  const type = [KIM, LO, MIO].includes(number) ? 'student' : 'staff';
  return { ...guardian(number.slice(2, 8), { personnummer: number }), type, ...more };
}

/** A school whose state stays while its roster and the day change. */
async function openSchool(rows: readonly MemoryRow[], answers: Record<string, Answer>, cacheDays = 400) {
  const roster = createMemoryRoster(rows, { fields: ['active', 'personnummer'] });
  const spar = createFakeSpar(answers);
  const world = await openGuardianWorld(roster, spar, { settings: { retention: { cacheDays } } });
  return {
    roster,
    spar,
    world,
    at: (days: number) => ({ ...world, today: addDays(TODAY, days) }),
    keep(...numbers: readonly string[]) {
      roster.rows.splice(0, Number.POSITIVE_INFINITY, ...numbers.map((number) => row(number)));
    },
    async kept(): Promise<readonly string[]> {
      const found = await world.state.snapshots.getMany(EVERYBODY.map(personId));
      return found.flatMap((snapshot) => (snapshot === undefined ? [] : [snapshot.answer.id]));
    },
  };
}

const ALL = Object.fromEntries(EVERYBODY.map((number) => [number, registered(number)]));

describe('people who have left', () => {
  it('are erased once they have been missing for thirty days, with what the journal held of them', async () => {
    const { world, at, keep, kept } = await openSchool(
      EVERYBODY.map((number) => row(number)),
      ALL,
    );
    const { report } = await update(world, OPTIONS);
    keep(KIM, LO, MIO, ANNA, BO, EVA);
    await update(at(1), { ...OPTIONS, offline: true });
    await update(at(30), { ...OPTIONS, offline: true });
    expect(await kept()).toContain(OLE);
    const written = async () =>
      (await world.state.journal.writtenBy(report.run)).changes.map(({ person }) => person);
    expect(await written()).toContain(OLE);
    await update(at(31), { ...OPTIONS, offline: true });
    expect(await kept()).toEqual([KIM, LO, MIO, ANNA, BO, EVA]);
    expect(await written()).not.toContain(OLE);
    expect(new Set(await written())).toEqual(new Set([KIM, LO, MIO, ANNA, BO, EVA]));
  });

  it('begin anew when they have been back', async () => {
    const { world, at, keep, kept } = await openSchool(
      EVERYBODY.map((number) => row(number)),
      ALL,
    );
    await update(world, OPTIONS);
    keep(KIM, LO, MIO, ANNA, BO, EVA);
    await update(at(1), { ...OPTIONS, offline: true });
    keep(...EVERYBODY);
    await update(at(2), { ...OPTIONS, offline: true });
    keep(KIM, LO, MIO, ANNA, BO, EVA);
    await update(at(3), { ...OPTIONS, offline: true });
    await update(at(32), { ...OPTIONS, offline: true });
    expect(await kept()).toContain(OLE);
    await update(at(33), { ...OPTIONS, offline: true });
    expect(await kept()).not.toContain(OLE);
  });

  it('are not noticed by a dry run, nor by a run that was told to look at a few', async () => {
    const { world, at, keep, kept } = await openSchool(
      EVERYBODY.map((number) => row(number)),
      ALL,
    );
    await update(world, OPTIONS);
    keep(KIM, LO, MIO, ANNA, BO, EVA);
    const some = { namedRows: true, selected: () => true };
    for (const days of [1, 31]) {
      await update(at(days), { ...OPTIONS, offline: true, dryRun: true });
      await update(at(days), { ...OPTIONS, offline: true, ...some });
      await guardians(at(days), { ...GUARDIAN_RUN, offline: true, ...onlyStudents('110228') });
    }
    expect(await kept()).toContain(OLE);
    expect(await world.state.retention.absentSince(addDays(TODAY, 99))).toEqual([]);
  });

  it('are noticed by `guardians` and by a run for one type as well', async () => {
    const { world, at, keep, kept } = await openSchool(
      EVERYBODY.map((number) => row(number)),
      ALL,
    );
    await update(world, OPTIONS);
    keep(KIM, LO, MIO, ANNA, BO, EVA);
    await guardians(at(1), { ...GUARDIAN_RUN, offline: true });
    await update(at(31), { ...OPTIONS, offline: true, selected: ({ type }) => type === 'student' });
    expect(await kept()).toEqual([KIM, LO, MIO, ANNA, BO, EVA]);
  });

  it.each<[string, Partial<MemoryRow>[]]>([
    ['inactive', [{ active: 'nej' }]],
    ['of another type', [{ type: 'guardian' }]],
    [
      'twice under one id, and so left out',
      [
        { id: '7', type: 'guardian' },
        { id: '7', type: 'guardian' },
      ],
    ],
  ])('are not those whose row is %s', async (_, rows) => {
    const { world, at, roster, kept } = await openSchool(
      EVERYBODY.map((number) => row(number)),
      ALL,
    );
    await update(world, OPTIONS);
    roster.rows.splice(6, 1, ...rows.map((more) => row(OLE, more)));
    for (const days of [1, 40]) {
      await update(at(days), { ...OPTIONS, offline: true });
      await guardians(at(days), { ...GUARDIAN_RUN, offline: true });
    }
    expect(await kept()).toEqual(EVERYBODY);
  });

  it.each(['update', 'guardians'])(
    'are not those whose row %s finds that it cannot take',
    async (command) => {
      const { world, at, roster, kept } = await openSchool(
        EVERYBODY.map((number) => row(number)),
        ALL,
      );
      await update(world, OPTIONS);
      roster.rows.splice(6, 1);
      const { read } = roster;
      roster.read = (onProblem) => {
        onProblem({
          file: 'memory',
          line: 9,
          reason: 'ragged-row',
          untaken: { id: '', types: ['student'], numbers: ['810603-9228'], mark: 'no' },
        });
        return read(onProblem);
      };
      for (const days of [1, 40]) {
        if (command === 'update') await update(at(days), { ...OPTIONS, offline: true });
        else await guardians(at(days), { ...GUARDIAN_RUN, offline: true });
      }
      expect(await kept()).toEqual(EVERYBODY);
    },
  );

  it('are not the guardians whom SPAR names of a child who is there, though they have no row', async () => {
    const answers = { ...ALL, [KIM]: child(KIM, [OLE]), [OLE]: adult(OLE, 'Ole Ek') };
    const { world, at, keep, kept } = await openSchool([student('1', KIM), row(ANNA)], answers);
    await guardians(world, { ...GUARDIAN_RUN, dryRun: true });
    await update(world, OPTIONS);
    expect(await kept()).toEqual([KIM, ANNA, OLE]);
    for (const days of [1, 40]) await update(at(days), { ...OPTIONS, offline: true });
    expect(await kept()).toEqual([KIM, ANNA, OLE]);
    keep(ANNA);
    const settings = { ...world.settings, limits: { ...world.settings.limits, maxMissingShare: 1 } };
    for (const days of [41, 80]) await update({ ...at(days), settings }, { ...OPTIONS, offline: true });
    expect(await kept()).toEqual([ANNA]);
  });

  it('are not those whose new number SPAR has told', async () => {
    const answers = { ...ALL, [BO]: renumberedTo(BO, EVA) };
    const { world, at, keep, kept } = await openSchool([row(BO), row(ANNA), row(KIM), row(LO)], answers);
    const settings = { ...world.settings, rules: { ...world.settings.rules, renumbered: 'follow' } } as const;
    await update({ ...world, settings }, OPTIONS);
    expect(await kept()).toEqual([KIM, LO, ANNA, BO, EVA]);
    // By the new number alone the former one is hers too.
    keep(EVA, ANNA, KIM, LO);
    for (const days of [1, 40]) await update(at(days), { ...OPTIONS, offline: true });
    expect(await kept()).toEqual([KIM, LO, ANNA, BO, EVA]);
    keep(ANNA, KIM, LO);
    const brave = { ...world.settings, limits: { ...world.settings.limits, maxMissingShare: 0.5 } };
    for (const days of [41, 80])
      await update({ ...at(days), settings: brave }, { ...OPTIONS, offline: true });
    expect(await kept()).toEqual([KIM, LO, ANNA]);
  });

  it('are nobody where too many are missing: it is said, and nobody is noted', async () => {
    const { world, at, keep, kept } = await openSchool(
      EVERYBODY.map((number) => row(number)),
      ALL,
    );
    await update(world, OPTIONS);
    keep(KIM, LO, MIO, ANNA);
    for (const days of [1, 40]) await update(at(days), { ...OPTIONS, offline: true });
    expect(await kept()).toEqual(EVERYBODY);
    expect(await world.state.retention.absentSince(addDays(TODAY, 99))).toEqual([]);
    const remarks = world.events.flatMap((event) => (event.kind === 'remark' ? [event.text] : []));
    expect(remarks).toHaveLength(2);
    expect(remarks[0]?.en).toContain('3 of 7 people');
    expect(remarks[0]?.sv).toContain('`spar-sync forget --departed --force`');
  });

  it('stay noted through a night of too many', async () => {
    const { world, at, keep, kept } = await openSchool(
      EVERYBODY.map((number) => row(number)),
      ALL,
    );
    await update(world, OPTIONS);
    keep(KIM, LO, MIO, ANNA, BO, EVA);
    await update(at(1), { ...OPTIONS, offline: true });
    keep();
    await update(at(31), { ...OPTIONS, offline: true });
    expect(await kept()).toEqual(EVERYBODY);
    keep(KIM, LO, MIO, ANNA, BO, EVA);
    await update(at(32), { ...OPTIONS, offline: true });
    expect(await kept()).not.toContain(OLE);
  });

  it('cost a steady night no write', async () => {
    const { world, at } = await openSchool(
      EVERYBODY.map((number) => row(number)),
      ALL,
    );
    await update(world, OPTIONS);
    const run = at(1);
    const { erase, ...rest } = world.state.retention;
    const writes: string[] = [];
    const retention = {
      ...rest,
      async erase(...args: Parameters<typeof erase>) {
        writes.push('erase');
        return erase(...args);
      },
    };
    await update({ ...run, state: { ...world.state, retention } }, OPTIONS);
    expect(writes).toEqual([]);
  });
});

describe('answers that have grown old', () => {
  const inactive = (number: string) => row(number, { active: 'nej' });

  it('are erased at the end of a run, with --id too, and the journal stays', async () => {
    const { world, at, roster, kept } = await openSchool([row(ANNA), row(BO), row(EVA)], ALL, 60);
    const { report } = await update(world, OPTIONS);
    roster.rows.splice(0, 3, row(ANNA), inactive(BO), inactive(EVA));
    const some = { namedRows: true, selected: () => false };
    await update(at(60), { ...OPTIONS, ...some });
    expect(await kept()).toHaveLength(3);
    await update(at(61), { ...OPTIONS, ...some, dryRun: true });
    expect(await kept()).toHaveLength(3);
    await update(at(61), { ...OPTIONS, ...some });
    expect(await kept()).toEqual([]);
    expect((await world.state.journal.writtenBy(report.run)).changes).not.toEqual([]);
  });

  it('are erased by a saved plan that is carried out as well', async () => {
    const { world, at, kept } = await openSchool(
      [row(ANNA), inactive(BO)],
      { ...ALL, [BO]: registered(BO) },
      60,
    );
    await update(world, OPTIONS);
    await update({ ...world, today: TODAY }, { ...OPTIONS, selected: () => false });
    const later = at(61);
    const planned = await update(later, { ...OPTIONS, dryRun: true });
    const saved = await savePlan(
      { report: planned.report, plan: planned.planned.plan },
      { roster: world.roster, snapshots: world.state.snapshots, digest: world.digest },
      { sections: 's', madeAt: 'x', today: later.today, overwriteEdits: false },
    );
    await apply(saved, 's', later);
    expect(await kept()).toEqual([ANNA]);
  });

  it('stay where they end the asking, or are what hides somebody', async () => {
    const dead: Answer = { kind: 'deregistered', id: personId(OLE), reason: 'deceased', successors: [] };
    const answers = { ...ALL, [OLE]: dead, [EVA]: protectedPerson(EVA), [BO]: renumberedTo(BO, EVA) };
    const { world, at, roster, kept } = await openSchool(
      [row(OLE), row(EVA), row(BO), row(ANNA)],
      answers,
      60,
    );
    await update(world, OPTIONS);
    roster.rows.splice(0, 4, ...[OLE, EVA, BO, ANNA].map(inactive));
    await update(at(61), OPTIONS);
    expect(await kept()).toEqual([BO, EVA, OLE]);
    // Nobody leads to them any more: then they go like all others.
    roster.rows.splice(0, 3);
    const settings = { ...world.settings, limits: { ...world.settings.limits, maxMissingShare: 1 } };
    for (const days of [62, 92]) await update({ ...at(days), settings }, OPTIONS);
    expect(await kept()).toEqual([]);
  });

  it('stay empty where another number of the same person is protected', async () => {
    const { world, at, roster } = await openSchool([row(BO), row(EVA)], ALL, 60);
    await update(world, OPTIONS);
    roster.rows.splice(0, 2, inactive(BO), inactive(EVA));
    const run = await world.state.journal.start({
      command: 'x',
      asOf: TODAY,
      at: 'x',
      endUser: 'x',
      dryRun: false,
    });
    const tell = async (answer: Answer) => {
      const asked = { run, id: answer.id, permissions: [], rows: [], endUser: 'x', price: 40, at: 'x' };
      const snapshot = { answer, fetchedOn: TODAY, permissions: [], comparedRows: [] };
      await world.state.ledger.complete(
        await world.state.ledger.begin(asked),
        'answered',
        undefined,
        'x',
        snapshot,
      );
    };
    await tell(renumberedTo(BO, EVA));
    await tell({ kind: 'not-found', id: personId(BO) });
    await tell(protectedPerson(EVA));
    await update(at(61), OPTIONS);
    expect((await world.state.snapshots.getMany([personId(BO)]))[0]?.answer).toEqual({
      kind: 'withheld',
      id: BO,
    });
    expect(await world.state.snapshots.renumbered()).toEqual([{ former: BO, successors: [EVA] }]);
  });

  it('leave people who are missed all the same once they have left', async () => {
    const { world, at, roster } = await openSchool([row(ANNA), row(BO)], ALL, 60);
    const { report } = await update(world, OPTIONS);
    roster.rows.splice(0, 2, row(ANNA), inactive(BO));
    await update(at(61), OPTIONS);
    const ofBo = async () =>
      (await world.state.journal.writtenBy(report.run)).changes.filter(({ person }) => person === BO).length;
    expect(await ofBo()).toBeGreaterThan(0);
    roster.rows.splice(1, 1);
    const settings = { ...world.settings, limits: { ...world.settings.limits, maxMissingShare: 1 } };
    for (const days of [62, 92]) await update({ ...at(days), settings }, OPTIONS);
    expect(await ofBo()).toBe(0);
  });
});

describe('whatever the roster does', () => {
  type Night = {
    readonly days: number;
    readonly there: readonly boolean[];
    readonly active: readonly boolean[];
  };
  const flags = fc.array(fc.boolean(), { minLength: EVERYBODY.length, maxLength: EVERYBODY.length });
  const night: fc.Arbitrary<Night> = fc.record({
    days: fc.integer({ min: 1, max: 35 }),
    there: flags,
    active: flags,
  });

  it('nobody who is there is erased save by age, and the next run asks exactly those who are missing', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(night, { minLength: 1, maxLength: 5 }), async (nights) => {
        const { world, spar, roster, kept } = await openSchool(
          EVERYBODY.map((number) => row(number)),
          ALL,
          45,
        );
        const limits = { ...world.settings.limits, maxMissingShare: 1 };
        const settings = { ...world.settings, limits };
        const fetched = new Map<string, CalendarDate>();
        let today = TODAY;
        const note = () => {
          for (const { id } of spar.asked.splice(0)) fetched.set(id, today);
        };
        await update({ ...world, settings }, OPTIONS);
        note();
        for (const { days, there, active } of nights) {
          today = addDays(today, days);
          const now = EVERYBODY.filter((_, i) => there[i]);
          const live = EVERYBODY.filter((_, i) => there[i] && active[i]);
          roster.rows.splice(
            0,
            7,
            ...now.map((number) => row(number, live.includes(number) ? {} : { active: 'nej' })),
          );
          const had = await kept();
          const needed = live.filter((id) => {
            const day = fetched.get(id);
            return !had.includes(id) || day === undefined || isStale(day, today, settings.freshness);
          });
          await update({ ...world, settings, today }, OPTIONS);
          expect(spar.asked.map(({ id }) => id).sort()).toEqual([...needed].sort());
          note();
          const has = await kept();
          for (const id of now) {
            const isOld = (fetched.get(id) ?? today) < addDays(today, -45);
            if (had.includes(id)) expect(has.includes(id)).toBe(!isOld);
          }
          // Once more erases nothing and asks nobody.
          await update({ ...world, settings, today }, OPTIONS);
          expect(spar.asked).toEqual([]);
          expect(await kept()).toEqual(has);
        }
        await world.state.close();
      }),
      { numRuns: 15 },
    );
  }, 60_000);

  it('erasing again erases nothing', async () => {
    const { world, at, keep } = await openSchool(
      EVERYBODY.map((number) => row(number)),
      ALL,
    );
    await update(world, OPTIONS);
    keep(KIM, LO, MIO, ANNA, BO, EVA);
    const people = personNumbers([KIM, LO, MIO, ANNA, BO, EVA] as PersonId[]);
    for (const days of [1, 31, 31]) await eraseWhatIsNotKept(at(days), { people, isWhole: true });
    expect(await world.state.retention.absentees(people)).toEqual({ absent: [], of: 6 });
  });
});
