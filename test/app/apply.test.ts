import { describe, expect, it } from 'vitest';
import { apply } from '../../src/app/update/apply.ts';
import { type SavedPlan, savePlan } from '../../src/app/update/saved-plan.ts';
import { update } from '../../src/app/update/update.ts';
import type { Answer } from '../../src/domain/person.ts';
import { date, personId } from '../support/arbitraries.ts';
import { createMemoryRoster, type MemoryRoster } from '../support/memory-roster.ts';
import { refusal } from '../support/refusal.ts';
import {
  createFakeSpar,
  OPTIONS,
  openTestWorld,
  registered,
  type TestWorld,
} from '../support/update-world.ts';

const ANNA = '199001142380';
const BO = '199002092386';
const NEW = '199001112391';
const SECTIONS = 'f'.repeat(64);

function schoolOfTwo(): MemoryRoster {
  const old = {
    type: 'staff',
    first_name: 'Anna',
    last_name: 'Björk',
    street: 'Gamla vägen 9',
    postal_code: '222 22',
    city: 'Lund',
  } as const;
  return createMemoryRoster([
    { ...old, id: '1', personnummer: ANNA },
    { ...old, id: '2', personnummer: BO },
  ]);
}

async function plan(world: TestWorld): Promise<SavedPlan> {
  const { report, planned } = await update(world, { ...OPTIONS, dryRun: true });
  const { roster, state, digest, clock, today } = world;
  return savePlan(
    { report, plan: planned.plan },
    { roster, snapshots: state.snapshots, digest },
    { sections: SECTIONS, today, overwriteEdits: false, madeAt: clock.now() },
  );
}

describe('apply', () => {
  it('carries out exactly the saved plan, without asking', async () => {
    const roster = schoolOfTwo();
    const spar = createFakeSpar({ [ANNA]: registered(ANNA), [BO]: registered(BO) });
    const world = await openTestWorld(roster, spar);
    const saved = await plan(world);
    const { report } = await apply(saved, SECTIONS, world);
    expect(report.changes).toEqual(saved.report.changes);
    expect(roster.rows.map((row) => row.street)).toEqual(['Björkvägen 1', 'Björkvägen 1']);
    expect(spar.asked).toHaveLength(2);
  });

  it('keeps what a person edits after it, as after `update`', async () => {
    const roster = schoolOfTwo();
    const world = await openTestWorld(
      roster,
      createFakeSpar({ [ANNA]: registered(ANNA), [BO]: registered(BO) }),
    );
    await apply(await plan(world), SECTIONS, world);
    Object.assign(roster.rows[0] ?? {}, { street: 'Egen gata 1' });
    const { report } = await update(world, OPTIONS);
    expect(report.review.map(({ id, reason }) => [id, reason])).toEqual([['1', 'edited-since']]);
    expect(roster.rows[0]?.street).toBe('Egen gata 1');
  });

  it('refuses and names the rows that changed since, and writes nothing', async () => {
    const roster = schoolOfTwo();
    const world = await openTestWorld(
      roster,
      createFakeSpar({ [ANNA]: registered(ANNA), [BO]: registered(BO) }),
    );
    const saved = await plan(world);
    Object.assign(roster.rows[1] ?? {}, { city: 'Umeå' });
    const error = await refusal(apply(saved, SECTIONS, world));
    expect(error.code).toBe('plan-outdated');
    expect(error.message).toContain('staff:2');
    expect(error.message).not.toContain('staff:1');
    expect(roster.writes).toBe(0);
  });

  it('refuses when an answer that it rests on is another', async () => {
    const roster = schoolOfTwo();
    const spar = createFakeSpar({ [ANNA]: registered(ANNA), [BO]: registered(BO) });
    const world = await openTestWorld(roster, spar);
    const saved = await plan(world);
    spar.answers.set(BO, registered(BO, { name: { given: 'Bo', surname: 'Ny' } }));
    await update(world, { ...OPTIONS, dryRun: true, refresh: true });
    expect((await refusal(apply(saved, SECTIONS, world))).message).toContain('staff:2');
  });

  it('refuses when the configuration has changed', async () => {
    const world = await openTestWorld(
      schoolOfTwo(),
      createFakeSpar({ [ANNA]: registered(ANNA), [BO]: registered(BO) }),
    );
    const saved = await plan(world);
    expect((await refusal(apply(saved, 'e'.repeat(64), world))).code).toBe('plan-outdated');
  });

  it('refuses a second time, when the rows hold what the plan wrote', async () => {
    const world = await openTestWorld(
      schoolOfTwo(),
      createFakeSpar({ [ANNA]: registered(ANNA), [BO]: registered(BO) }),
    );
    const saved = await plan(world);
    await apply(saved, SECTIONS, world);
    expect((await refusal(apply(saved, SECTIONS, world))).code).toBe('plan-outdated');
  });

  it('carries out a followed number, which rests on the answer about the new one', async () => {
    const { roster, world, saved } = await planToFollow();
    await apply(saved, SECTIONS, world);
    expect(roster.rows[1]).toMatchObject({ personnummer: NEW, street: 'Björkvägen 1' });
  });

  const FOLLOW = {
    rules: {
      address: 'mailing',
      firstName: 'call',
      fields: { first_name: 'review', last_name: 'spar', address: 'spar' },
      renumbered: 'follow',
    },
  } as const;

  async function planToFollow() {
    const birthDate = date('1990-02-09');
    const spar = createFakeSpar({
      [ANNA]: registered(ANNA),
      [BO]: {
        kind: 'deregistered',
        id: personId(BO),
        reason: 'renumbered',
        birthDate,
        successors: [personId(NEW)],
      },
      [NEW]: { ...registered(NEW), birthDate } as Answer,
    });
    const roster = schoolOfTwo();
    const world = await openTestWorld(roster, spar, { settings: FOLLOW });
    return { roster, world, saved: await plan(world) };
  }

  it('refuses where another row of the same number has been marked since, and erases what is kept', async () => {
    const roster = schoolOfTwo();
    roster.rows.push({ id: '3', type: 'guardian', personnummer: BO, protected: '' });
    const spar = createFakeSpar({ [ANNA]: registered(ANNA), [BO]: registered(BO) });
    const world = await openTestWorld(createMemoryRoster(roster.rows), spar);
    const saved = await plan(world);
    const marked = createMemoryRoster(
      roster.rows.map((row) => (row.id === '3' ? { ...row, protected: 'ja' } : row)),
    );
    const now = { ...world, roster: marked };
    const error = await refusal(apply(saved, SECTIONS, now));
    expect(error.code).toBe('plan-outdated');
    expect(error.message).toContain('staff:2');
    expect(error.message).not.toContain('staff:1');
    expect(marked.writes).toBe(0);
    const [answer] = await world.state.snapshots.getMany([personId(BO)]);
    expect(answer?.answer.kind).toBe('withheld');
  });

  it('refuses to follow a number that another row has got since', async () => {
    const { roster, world, saved } = await planToFollow();
    roster.rows.push({ id: '3', type: 'staff', personnummer: NEW });
    const error = await refusal(apply(saved, SECTIONS, world));
    expect(error.message).toContain('staff:2');
    expect(roster.writes).toBe(0);
  });

  it('refuses to follow a number that SPAR or the school says is protected by now', async () => {
    const { roster, world, saved } = await planToFollow();
    Object.assign(roster.rows[0] ?? {}, { personnummer: NEW, protected: 'ja' });
    expect((await refusal(apply(saved, SECTIONS, world))).message).toContain('staff:2');
    expect(roster.writes).toBe(0);
  });

  it('carries out on another day what was planned, whatever has grown old since', async () => {
    const roster = schoolOfTwo();
    const spar = createFakeSpar({ [ANNA]: registered(ANNA), [BO]: registered(BO) });
    const world = await openTestWorld(roster, spar);
    const saved = await plan(world);
    await apply(saved, SECTIONS, { ...world, today: date('2027-01-31') });
    expect(roster.rows.map((row) => row.street)).toEqual(['Björkvägen 1', 'Björkvägen 1']);
    expect(spar.asked).toHaveLength(2);
  });

  it('writes over edits where the plan was told to', async () => {
    const roster = schoolOfTwo();
    const spar = createFakeSpar({ [ANNA]: registered(ANNA), [BO]: registered(BO) });
    const world = await openTestWorld(roster, spar);
    await update(world, OPTIONS);
    Object.assign(roster.rows[0] ?? {}, { street: 'Egen gata 1' });
    const forced = {
      ...OPTIONS,
      namedRows: true,
      force: true,
      selected: ({ id }: { id: string }) => id === '1',
    };
    const { report, planned } = await update(world, { ...forced, dryRun: true });
    const { state, digest, clock, today } = world;
    const saved = await savePlan(
      { report, plan: planned.plan },
      { roster, snapshots: state.snapshots, digest },
      { sections: SECTIONS, today, overwriteEdits: true, madeAt: clock.now() },
    );
    await apply(saved, SECTIONS, world);
    expect(roster.rows[0]?.street).toBe('Björkvägen 1');
  });

  it('does not keep of an offline plan what another run would buy', async () => {
    const world = await openTestWorld(schoolOfTwo(), createFakeSpar());
    const { report, planned } = await update(world, { ...OPTIONS, dryRun: true, offline: true });
    expect(report.nextRun).toBeDefined();
    const { roster, state, digest, clock, today } = world;
    const saved = await savePlan(
      { report, plan: planned.plan },
      { roster, snapshots: state.snapshots, digest },
      { sections: SECTIONS, today, overwriteEdits: false, madeAt: clock.now() },
    );
    expect(saved.report).not.toHaveProperty('nextRun');
    await apply(saved, SECTIONS, world);
  });

  it('refuses a plan that set off a brake', async () => {
    const world = await openTestWorld(
      schoolOfTwo(),
      createFakeSpar({ [ANNA]: registered(ANNA), [BO]: registered(BO) }),
    );
    const saved: SavedPlan = {
      ...(await plan(world)),
      brake: { kind: 'changed', count: 2, of: 2, share: 1, limit: 0.5 },
    };
    expect((await refusal(apply(saved, SECTIONS, world))).code).toBe('brake');
  });
});
