import { describe, expect, it } from 'vitest';
import { applyDecisions } from '../../src/app/duplicates/apply-decisions.ts';
import { type GuardianCommandOptions, guardians } from '../../src/app/guardians/guardians.ts';
import {
  applyGuardians,
  type SavedGuardianPlan,
  saveGuardianPlan,
} from '../../src/app/guardians/saved-guardian-plan.ts';
import { undo } from '../../src/app/history/undo.ts';
import { update } from '../../src/app/update/update.ts';
import { addDays } from '../../src/domain/calendar-date.ts';
import {
  ANNA,
  adult,
  BO,
  child,
  decide,
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
  type TestGuardianWorld,
} from '../support/guardian-world.ts';
import { createMemoryRoster, type MemoryOptions } from '../support/memory-roster.ts';
import { refusal } from '../support/refusal.ts';
import { createFakeSpar, OPTIONS, TODAY } from '../support/update-world.ts';

const SECTIONS = 'as they are';

/** Bo is linked to 1 and gets his number; Anna is known by number and gets a link; 2 gets a new row for Eva. */
function school(more: MemoryOptions = {}) {
  return createMemoryRoster(
    [
      student('1', KIM),
      student('2', MIO),
      guardian('8', { first_name: 'Bo', last_name: 'Ek', street: 'Gatan 1', postal_code: '11146' }),
      guardian('9', { personnummer: ANNA, first_name: 'Anna', last_name: 'Ek' }),
    ],
    { links: [{ student: '1', guardian: '8' }], idStyle: 'uuid', ...more },
  );
}

const register = () =>
  createFakeSpar({
    [KIM]: child(KIM, [ANNA, BO]),
    [MIO]: child(MIO, [EVA]),
    [ANNA]: adult(ANNA, 'Anna Ek'),
    [BO]: adult(BO, 'Bo Ek'),
    [EVA]: adult(EVA, 'Eva Ask'),
  });

/** As `guardians --dry-run --plan FILE` saves it, through the file and back. */
async function save(
  world: TestGuardianWorld,
  options: Partial<GuardianCommandOptions> = {},
  how: Partial<SavedGuardianPlan> = {},
) {
  const shown = await guardians(world, { ...GUARDIAN_RUN, dryRun: true, ...options });
  const saved: SavedGuardianPlan = JSON.parse(
    JSON.stringify(
      await saveGuardianPlan(
        shown.planned,
        { snapshots: world.state.snapshots, digest: world.digest },
        {
          madeAt: '2026-11-23T08:00:00.000Z',
          sections: SECTIONS,
          today: world.today,
          overwriteHolds: false,
          ...(shown.brake && { brake: shown.brake }),
          ...how,
        },
      ),
    ),
  );
  return { shown, saved };
}

async function openSchool(more: MemoryOptions = {}) {
  const roster = school(more);
  const spar = register();
  return { roster, spar, world: await openGuardianWorld(roster, spar) };
}

describe('a saved plan of guardians', () => {
  it('is carried out exactly as it was shown, without asking, once', async () => {
    for (const database of [false, true]) {
      const { roster, spar, world } = await openSchool({ database });
      const { shown, saved } = await save(world);
      const asked = spar.asked.length;
      const { report, gaps } = await applyGuardians(saved, SECTIONS, world);
      expect(gaps).toBe(false);
      expect(spar.asked).toHaveLength(asked);
      expect(report.command).toBe('apply');
      expect(report.dryRun).toBe(false);
      expect(report.lookups).toMatchObject({ asked: 0, cost: 0 });
      expect(report.guardians.assigned).toEqual(shown.report.guardians.assigned);
      expect(report.changes).toEqual(shown.report.changes);
      expect(report.links.present).toBe(shown.report.links.present);
      const given = JSON.stringify(shown.report.links.added).replaceAll('new-1', '10');
      expect(JSON.stringify(report.links.added)).toBe(given);
      expect(report.students).toEqual(shown.report.students);
      expect(roster.writes).toBe(1);
      expect(roster.rows[2]?.personnummer).toBe(BO);

      const again = await guardians(world, GUARDIAN_RUN);
      expect(again.report.links).toEqual({ added: [], present: 3 });
      expect(spar.asked).toHaveLength(asked);
      const error = await refusal(applyGuardians(saved, SECTIONS, world));
      expect(error.code).toBe('plan-outdated');
      expect(roster.writes).toBe(1);
    }
  });

  it('is carried out on a later day as it was made, though the answers have gone stale since', async () => {
    const { roster, world, spar } = await openSchool();
    const { saved } = await save(world);
    const later = await openGuardianWorld(roster, spar, { state: world.state, today: addDays(TODAY, 60) });
    const { report } = await applyGuardians(saved, SECTIONS, later);
    expect(report.links.added).toHaveLength(2);
  });

  it('keeps to the students that were named', async () => {
    const { roster, world } = await openSchool();
    const { saved } = await save(world, onlyStudents('2'), { students: ['2'] });
    const { report } = await applyGuardians(saved, SECTIONS, world);
    expect(report.students.selected).toBe(1);
    expect(roster.links.map(({ student: id }) => id)).toEqual(['1', '2']);
  });

  it('minds no rows, links and answers of others', async () => {
    const { roster, world, spar } = await openSchool();
    const { saved } = await save(world);
    roster.rows.unshift(student('77', LO));
    roster.rows.push(guardian('78', { first_name: 'Nils', last_name: 'Alm' }));
    roster.links.push({ student: '77', guardian: '78' });
    spar.answers.set(LO, child(LO, []));
    await update(world, { ...OPTIONS, selected: ({ id }) => id === '77' });
    const { report } = await applyGuardians(saved, SECTIONS, world);
    expect(report.links.added).toHaveLength(2);
    expect(roster.rows.find(({ id }) => id === '8')?.personnummer).toBe(BO);
  });

  it('reports only what it wrote, though more could be planned by now', async () => {
    const { roster, world, spar } = await openSchool();
    const { shown, saved } = await save(world);
    roster.rows.push(student('77', LO), guardian('78', { first_name: 'Ole', last_name: 'Alm' }));
    roster.links.push({ student: '77', guardian: '78' });
    spar.answers.set(LO, child(LO, [OLE]));
    spar.answers.set(OLE, adult(OLE, 'Ole Alm'));
    await guardians(world, { ...GUARDIAN_RUN, dryRun: true });
    const { report } = await applyGuardians(saved, SECTIONS, world);
    expect(report.guardians).toEqual(shown.report.guardians);
    expect(report.links.added).toEqual(shown.report.links.added);
    const there = new Set(roster.rows.map(({ id }) => id));
    expect(report.duplicates.flatMap(({ a, b }) => [a.id, b.id]).filter((id) => !there.has(id))).toEqual([]);
  });

  const changes: readonly {
    readonly what: string;
    readonly change: (at: Awaited<ReturnType<typeof openSchool>>) => Promise<void> | void;
    readonly names: string;
  }[] = [
    {
      what: 'a row that was to be assigned has another name',
      change: ({ roster }) => void Object.assign(roster.rows[2] ?? {}, { first_name: 'Börje' }),
      names: 'guardian:8',
    },
    {
      what: 'a row that was to be assigned has a number by now',
      change: ({ roster }) => void Object.assign(roster.rows[2] ?? {}, { personnummer: BO }),
      names: 'guardian:8',
    },
    {
      what: 'a row that was to be assigned is gone',
      change: ({ roster }) => void roster.rows.splice(2, 1),
      names: 'guardian:8',
    },
    {
      what: 'a row that was to be linked is out of use',
      change: ({ roster }) => {
        for (const row of roster.rows) row.active = row.id === '9' ? 'nej' : '';
      },
      names: 'student:1',
    },
    {
      what: 'the link is there by now',
      change: ({ roster }) => void roster.links.push({ student: '1', guardian: '9' }),
      names: 'student:1',
    },
    {
      what: 'a student is protected by now',
      change: ({ roster }) => void Object.assign(roster.rows[1] ?? {}, { protected: 'ja' }),
      names: 'student:2',
    },
    {
      what: 'the new guardian has a row by now',
      change: ({ roster }) => void roster.rows.push(guardian('50', { personnummer: EVA })),
      names: 'student:2',
    },
    {
      what: "a guardian's answer has changed",
      async change({ spar, world, roster }) {
        spar.answers.set(EVA, adult(EVA, 'Eva Asp'));
        // Another command asks about her under a row that is then gone again.
        const row = guardian('60', { personnummer: EVA });
        roster.rows.push(row);
        await update(world, { ...OPTIONS, refresh: true, selected: ({ id }) => id === '60' });
        roster.rows.splice(
          roster.rows.findIndex(({ id }) => id === '60'),
          1,
        );
      },
      names: 'student:2',
    },
    {
      what: "a child's answer has changed",
      async change({ spar, world }) {
        spar.answers.set(KIM, child(KIM, [BO]));
        await update(world, { ...OPTIONS, refresh: true, selected: ({ id }) => id === '1' });
      },
      names: 'student:1',
    },
  ];

  it.each(changes)('is refused with nothing written when $what', async ({ change, names }) => {
    const at = await openSchool({ fields: ['active'] });
    const { saved } = await save(at.world);
    await change(at);
    const before = JSON.stringify([at.roster.rows, at.roster.links]);
    const error = await refusal(applyGuardians(saved, SECTIONS, at.world));
    expect(error.code).toBe('plan-outdated');
    expect(error.message).toContain(names);
    expect(JSON.stringify([at.roster.rows, at.roster.links])).toBe(before);
    expect((await at.world.state.journal.runs())[0]?.exit).toBe('plan-outdated');
  });

  it('is refused when a row that it touches has changed in a cell that it is not about', async () => {
    const { roster, world } = await openSchool();
    const { saved } = await save(world);
    Object.assign(roster.rows[2] ?? {}, { email: 'bo@example.org' });
    expect((await refusal(applyGuardians(saved, SECTIONS, world))).code).toBe('plan-outdated');
  });

  it('is refused when an answer that it rests on names one guardian more', async () => {
    const { spar, world } = await openSchool();
    const { saved } = await save(world);
    spar.answers.set(KIM, child(KIM, [ANNA, BO, EVA]));
    await update(world, { ...OPTIONS, refresh: true, selected: ({ id }) => id === '1' });
    expect((await refusal(applyGuardians(saved, SECTIONS, world))).code).toBe('plan-outdated');
  });

  it('is refused when a decision has been made since', async () => {
    const { roster, world } = await openSchool();
    roster.rows.push(guardian('30', { personnummer: BO, first_name: 'Bo', last_name: 'Ek', active: 'nej' }));
    await applyDecisions(await decide(world, ['different', '8', '30']), world, { dryRun: false });
    roster.rows.pop();
    const { shown } = await save(world);
    expect(shown.report.guardians.assigned).toEqual([]);

    const other = await openSchool();
    const { saved } = await save(other.world);
    other.roster.rows.push(guardian('30', { personnummer: BO, first_name: 'Bo', last_name: 'Ek' }));
    await applyDecisions(await decide(other.world, ['different', '8', '30']), other.world, { dryRun: false });
    other.roster.rows.pop();
    const error = await refusal(applyGuardians(saved, SECTIONS, other.world));
    expect(error.code).toBe('plan-outdated');
    expect(error.message).toContain('guardian:8');
  });

  it('is refused when an undo has taken its link away since, unless it was made to overwrite that', async () => {
    const { roster, world } = await openSchool();
    const first = await guardians(world, GUARDIAN_RUN);
    await undo(first.report.run, world, { dryRun: false });
    const { shown, saved } = await save(world);
    expect(shown.report.links.added).toEqual([]);
    expect((await applyGuardians(saved, SECTIONS, world)).report.links.added).toEqual([]);
    const forced = await save(
      world,
      { ...onlyStudents('1', '2'), force: true },
      { students: ['1', '2'], overwriteHolds: true },
    );
    const { report } = await applyGuardians(forced.saved, SECTIONS, world);
    expect(report.links.added).toHaveLength(2);
    expect(roster.rows.find(({ id }) => id === '8')?.personnummer).toBe(BO);
  });

  it('is refused when roster, update or guardians in the configuration have changed', async () => {
    const { roster, world } = await openSchool();
    const { saved } = await save(world);
    const error = await refusal(applyGuardians(saved, 'as they are not', world));
    expect(error.code).toBe('plan-outdated');
    expect(roster.writes).toBe(0);
  });

  it('is refused when it set off a brake', async () => {
    const roster = school();
    const limits = { maxChangedShare: 0.5, maxMissingShare: 1, minPeople: 1 };
    const world = await openGuardianWorld(roster, register(), { settings: { limits } });
    const { shown, saved } = await save(world);
    expect(shown.brake).toMatchObject({ kind: 'assigned', count: 1, of: 1 });
    expect((await refusal(applyGuardians(saved, SECTIONS, world))).code).toBe('brake');
    const { brake: _brake, ...forced } = saved;
    expect((await applyGuardians(forced, SECTIONS, world)).report.guardians.assigned).toHaveLength(1);
  });

  it('is planned again when the roster changes at the last moment, and what differs is left alone', async () => {
    const { roster, world } = await openSchool();
    const { saved } = await save(world);
    roster.beforeCommit = () => {
      roster.beforeCommit = undefined;
      Object.assign(roster.rows[2] ?? {}, { first_name: 'Börje' });
    };
    const { report, gaps } = await applyGuardians(saved, SECTIONS, world);
    expect(gaps).toBe(true);
    expect(report.guardians.assigned).toEqual([]);
    expect(report.links.added).toHaveLength(2);
    expect(roster.rows[2]?.personnummer).toBe('');
  });
});
