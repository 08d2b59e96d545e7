import { describe, expect, it } from 'vitest';
import { guardians } from '../../src/app/guardians/guardians.ts';
import { undo } from '../../src/app/history/undo.ts';
import { update } from '../../src/app/update/update.ts';
import { addDays } from '../../src/domain/calendar-date.ts';
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
  type TestGuardianWorld,
} from '../support/guardian-world.ts';
import { createMemoryRoster, type MemoryRoster } from '../support/memory-roster.ts';
import { createFakeSpar, type FakeSpar, OPTIONS, protectedPerson, TODAY } from '../support/update-world.ts';

const REAL = { dryRun: false };

/** Nobody but two children is on the roster; Anna and Bo are created, and that is undone. */
async function undoneCreation() {
  const roster = createMemoryRoster(
    [student('1', KIM), student('2', LO), guardian('7', { personnummer: OLE })],
    {
      links: [],
      idStyle: 'uuid',
    },
  );
  const spar = createFakeSpar({
    [KIM]: child(KIM, [ANNA, BO]),
    [LO]: child(LO, [ANNA]),
    [MIO]: child(MIO, [ANNA]),
    [ANNA]: adult(ANNA, 'Anna Ek'),
    [BO]: adult(BO, 'Bo Ek'),
    [EVA]: adult(EVA, 'Eva Ask'),
  });
  const world = await openGuardianWorld(roster, spar);
  const { report } = await guardians(world, GUARDIAN_RUN);
  expect(roster.links).toHaveLength(3);
  await undo(report.run, world, REAL);
  expect(roster.links).toEqual([]);
  return { roster, spar, world, ids: report.guardians.created.map(({ id }) => id) };
}

const linksOf = (roster: MemoryRoster) => {
  const numbers = new Map(
    roster.rows.filter(({ type }) => type === 'guardian').map((row) => [row.id, row.personnummer]),
  );
  return roster.links.map((link) => `${link.student} ${numbers.get(link.guardian)}`).sort();
};

function later(world: TestGuardianWorld, roster: MemoryRoster, spar: FakeSpar, days: number) {
  return openGuardianWorld(roster, spar, { state: world.state, today: addDays(TODAY, days) });
}

describe('guardians whom undo has taken away', () => {
  it('stay away from the children that they were taken from, whatever runs come and answers with them', async () => {
    const { roster, spar, world } = await undoneCreation();
    for (const days of [0, 1, 40, 400]) {
      const then = await later(world, roster, spar, days);
      const { report } = await guardians(then, { ...GUARDIAN_RUN, force: days === 1 });
      expect(report.guardians.created).toEqual([]);
      expect(report.links.added).toEqual([]);
    }
    expect(roster.writes).toBe(2);
  });

  it('are told under the children, as a link that stays away is', async () => {
    const { world } = await undoneCreation();
    const { report } = await guardians(world, GUARDIAN_RUN);
    expect(report.review.map(({ id, reason }) => [id, reason])).toEqual([
      ['1', 'edited-since'],
      ['2', 'edited-since'],
    ]);
  });

  it('come for another child, to that one only, and under an id that no row had before', async () => {
    const { roster, world, ids } = await undoneCreation();
    roster.rows.push(student('3', MIO));
    const { report } = await guardians(world, GUARDIAN_RUN);
    expect(linksOf(roster)).toEqual([`3 ${ANNA}`]);
    expect(report.guardians.created).toHaveLength(1);
    expect(ids).not.toContain(report.guardians.created[0]?.id);
    // Now they have a row, and still are not linked to the others.
    await guardians(world, GUARDIAN_RUN);
    expect(linksOf(roster)).toEqual([`3 ${ANNA}`]);
  });

  it('do not keep other guardians of the child away', async () => {
    const { roster, spar, world } = await undoneCreation();
    spar.answers.set(KIM, child(KIM, [ANNA, BO, EVA]));
    const then = await later(world, roster, spar, 40);
    await guardians(then, GUARDIAN_RUN);
    expect(linksOf(roster)).toEqual([`1 ${EVA}`]);
  });

  it('are not linked either when the school itself gives them a row', async () => {
    const { roster, world } = await undoneCreation();
    roster.rows.push(guardian('50', { personnummer: ANNA, first_name: 'Anna', last_name: 'Ek' }));
    const { report } = await guardians(world, GUARDIAN_RUN);
    expect(report.links.added).toEqual([]);
  });

  it('come back with --id --force, for the named child, and are then held no more', async () => {
    const { roster, world } = await undoneCreation();
    await guardians(world, { ...GUARDIAN_RUN, ...onlyStudents('2') });
    expect(linksOf(roster)).toEqual([]);
    await guardians(world, { ...GUARDIAN_RUN, ...onlyStudents('2'), force: true });
    expect(linksOf(roster)).toEqual([`2 ${ANNA}`]);
    roster.links.length = 0;
    await guardians(world, GUARDIAN_RUN);
    expect(linksOf(roster)).toEqual([`2 ${ANNA}`]);
  });

  it('are held again when the forced run is undone as well', async () => {
    const { roster, world } = await undoneCreation();
    const forced = await guardians(world, { ...GUARDIAN_RUN, ...onlyStudents('1', '2'), force: true });
    expect(linksOf(roster)).toHaveLength(3);
    await undo(forced.report.run, world, REAL);
    await guardians(world, GUARDIAN_RUN);
    expect(linksOf(roster)).toEqual([]);
  });

  it('are held after an undo, not after its undo, and again after that one', async () => {
    const { roster, world } = await undoneCreation();
    const back = await undo(2, world, REAL);
    expect(linksOf(roster)).toHaveLength(3);
    roster.links.splice(0, 1);
    await guardians(world, GUARDIAN_RUN);
    expect(linksOf(roster)).toHaveLength(3);
    await undo(4, world, REAL);
    await undo(back.report.run, world, REAL);
    roster.links.length = 0;
    await guardians(world, GUARDIAN_RUN);
    expect(linksOf(roster)).toEqual([]);
  });

  it('are not held by a dry undo', async () => {
    const roster = createMemoryRoster([student('1', KIM), guardian('9', { personnummer: ANNA })], {
      links: [],
    });
    const world = await openGuardianWorld(roster, createFakeSpar({ [KIM]: child(KIM, [ANNA]) }));
    const { report } = await guardians(world, GUARDIAN_RUN);
    await undo(report.run, world, { dryRun: true });
    roster.links.length = 0;
    await guardians(world, GUARDIAN_RUN);
    expect(roster.links).toHaveLength(1);
  });
});

describe('a number that undo has taken from a row', () => {
  async function undoneNumber() {
    const roster = createMemoryRoster(
      [
        student('1', KIM),
        guardian('8', { first_name: 'Bo', last_name: 'Ek', street: 'Gatan 1', postal_code: '11146' }),
      ],
      { links: [{ student: '1', guardian: '8', relation: '', source: '' }] },
    );
    const spar = createFakeSpar({ [KIM]: child(KIM, [BO]), [BO]: adult(BO, 'Bo Ek') });
    const world = await openGuardianWorld(roster, spar);
    const { report } = await guardians(world, GUARDIAN_RUN);
    expect(roster.rows[1]?.personnummer).toBe(BO);
    await undo(report.run, world, REAL);
    expect(roster.rows[1]?.personnummer).toBe('');
    return { roster, spar, world };
  }

  it('is neither written again nor given a row of its own, and a person is told', async () => {
    const { roster, spar, world } = await undoneNumber();
    for (const days of [0, 40]) {
      const { report } = await guardians(await later(world, roster, spar, days), GUARDIAN_RUN);
      expect(report.guardians).toEqual({ assigned: [], created: [] });
      expect(report.review.map(({ id, reason }) => [id, reason])).toEqual([['8', 'edited-since']]);
    }
  });

  it('does not keep another number away', async () => {
    const { roster, spar, world } = await undoneNumber();
    spar.answers.set(KIM, child(KIM, [EVA]));
    spar.answers.set(EVA, adult(EVA, 'Bo Ek'));
    const { report } = await guardians(await later(world, roster, spar, 40), GUARDIAN_RUN);
    expect(report.guardians.assigned).toEqual([{ id: '8', grade: 'certain' }]);
    expect(roster.rows[1]?.personnummer).toBe(EVA);
  });

  it('is the row’s again when a person writes it there', async () => {
    const { roster, world } = await undoneNumber();
    Object.assign(roster.rows[1] ?? {}, { personnummer: BO });
    const { report } = await guardians(world, GUARDIAN_RUN);
    expect(report.review).toEqual([]);
    expect(report.links.present).toBe(1);
  });
});

describe('values that undo has put back', () => {
  const spar = () => createFakeSpar({ [ANNA]: adult(ANNA, 'Anna Ek'), [BO]: adult(BO, 'Bo Ek') });

  it('are held in the rows of that run only, and in the cells that it wrote', async () => {
    const roster = createMemoryRoster([
      guardian('8', { personnummer: ANNA, first_name: 'Anna', last_name: 'Ask' }),
      guardian('9', { personnummer: BO, first_name: 'Bo', last_name: 'Ask' }),
    ]);
    const world = await openGuardianWorld(roster, spar());
    const first = await update(world, { ...OPTIONS, selected: ({ id }) => id === '8' });
    await undo(first.report.run, world, REAL);
    const { report } = await update(world, OPTIONS);
    expect(roster.rows.map(({ last_name }) => last_name)).toEqual(['Ask', 'Ek']);
    expect(report.review.map(({ id, reason }) => [id, reason])).toEqual([['8', 'edited-since']]);
  });

  it('are held though the plan is carried out under other rules, and a mark of protection never is', async () => {
    const roster = createMemoryRoster([
      guardian('8', { personnummer: ANNA, first_name: 'Anna', last_name: 'Ask' }),
    ]);
    const fake = spar();
    const world = await openGuardianWorld(roster, fake);
    const first = await update(world, OPTIONS);
    await undo(first.report.run, world, REAL);
    const rules = {
      address: 'home',
      firstName: 'all',
      fields: { first_name: 'spar', last_name: 'spar', address: 'spar' },
      renumbered: 'review',
    } as const;
    const other = await openGuardianWorld(roster, fake, { state: world.state, settings: { rules } });
    await update(other, OPTIONS);
    expect(roster.rows[0]?.last_name).toBe('Ask');
    fake.answers.set(ANNA, protectedPerson(ANNA));
    await update(other, { ...OPTIONS, refresh: true });
    expect(roster.rows[0]?.protected).toBe('sekretessmarkering');
  });

  it('are held also where a person has written another value, until SPAR says something else', async () => {
    const roster = createMemoryRoster([
      guardian('8', { personnummer: ANNA, first_name: 'Anna', last_name: 'Ask' }),
    ]);
    const fake = spar();
    const world = await openGuardianWorld(roster, fake);
    const first = await update(world, OPTIONS);
    await undo(first.report.run, world, REAL);
    Object.assign(roster.rows[0] ?? {}, { last_name: 'Alm' });
    // What SPAR says is still what was undone: until it changes, or --id --force, nothing is written.
    await update(await later(world, roster, fake, 40), OPTIONS);
    expect(roster.rows[0]?.last_name).toBe('Alm');
    fake.answers.set(ANNA, adult(ANNA, 'Anna Öberg'));
    await update(await later(world, roster, fake, 80), OPTIONS);
    expect(roster.rows[0]?.last_name).toBe('Öberg');
  });
});

describe('what a person has edited since, in a row that guardians writes to', () => {
  it('stays, though the number comes back that an export had lost', async () => {
    const roster = createMemoryRoster(
      [
        student('1', KIM),
        guardian('9', {
          first_name: 'Anna',
          last_name: 'Ek',
          care_of: '',
          street: 'Gatan 1',
          postal_code: '11146',
          city: 'STOCKHOLM',
        }),
      ],
      { links: [{ student: '1', guardian: '9' }] },
    );
    const spar = createFakeSpar({ [KIM]: child(KIM, [ANNA]), [ANNA]: adult(ANNA, 'Anna Ek') });
    const world = await openGuardianWorld(roster, spar);
    const { report } = await guardians(world, GUARDIAN_RUN);
    expect(report.guardians.assigned).toMatchObject([{ id: '9', grade: 'certain' }]);
    Object.assign(roster.rows[1] ?? {}, { personnummer: '', care_of: 'Karlsson' });
    const again = await guardians(world, GUARDIAN_RUN);
    expect(again.report.changes.map(({ field }) => field)).toEqual(['personnummer']);
    expect(again.report.review).toMatchObject([{ id: '9', reason: 'edited-since' }]);
    expect(roster.rows[1]).toMatchObject({ personnummer: ANNA, care_of: 'Karlsson', street: 'Gatan 1' });
  });
});
