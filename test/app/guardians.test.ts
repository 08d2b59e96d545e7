import { describe, expect, it } from 'vitest';
import { guardians } from '../../src/app/guardians/guardians.ts';
import { update } from '../../src/app/update/update.ts';
import { addDays } from '../../src/domain/calendar-date.ts';
import type { Answer } from '../../src/domain/person.ts';
import { SparSyncError } from '../../src/errors.ts';
import { date, personId } from '../support/arbitraries.ts';
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
import { createMemoryRoster, type MemoryRoster } from '../support/memory-roster.ts';
import { refusal } from '../support/refusal.ts';
import { createFakeSpar, OPTIONS, protectedPerson, TODAY } from '../support/update-world.ts';

const AT_HOME = { street: 'Gatan 1', postal_code: '111 46', city: 'Stockholm' };

/** One child of two: Anna is on the roster by number and not linked; Bo is linked, and without a number. */
function oneFamily(more: { database?: boolean; idStyle?: 'uuid' | 'number' } = {}) {
  return createMemoryRoster(
    [
      student('1', KIM),
      guardian('8', { first_name: 'Bo', last_name: 'Ek', ...AT_HOME, email: 'bo@example.org' }),
      guardian('9', { personnummer: ANNA, first_name: 'Anna', last_name: 'Ek', ...AT_HOME }),
    ],
    { links: [{ student: '1', guardian: '8', relation: 'far', source: '' }], ...more },
  );
}

const oneFamilyInSpar = () =>
  createFakeSpar({
    [KIM]: child(KIM, [ANNA, BO]),
    [ANNA]: adult(ANNA, 'Anna Ek'),
    [BO]: adult(BO, 'Bo Ek'),
  });

/** Two siblings whose two guardians the roster lacks. */
function siblings(more: { database?: boolean; idStyle?: 'uuid' | 'number' } = {}) {
  return createMemoryRoster([student('1', KIM), student('2', LO), guardian('7', { personnummer: OLE })], {
    links: [],
    ...more,
  });
}

const siblingsInSpar = () =>
  createFakeSpar({
    [KIM]: child(KIM, [ANNA, BO]),
    [LO]: child(LO, [ANNA, BO]),
    [ANNA]: adult(ANNA, 'Anna Ek'),
    [BO]: adult(BO, 'Bo Ek'),
  });

const askedIds = (spar: { asked: readonly { id: string }[] }) => spar.asked.map(({ id }) => id);

const rowsOf = (roster: MemoryRoster, type = 'guardian') => roster.rows.filter((row) => row.type === type);

describe('guardians', () => {
  it('links a known number, assigns a certain row, and is silent the second time', async () => {
    const roster = oneFamily();
    const spar = oneFamilyInSpar();
    const world = await openGuardianWorld(roster, spar);
    const first = await guardians(world, GUARDIAN_RUN);
    expect(first.report.guardians).toEqual({ assigned: [{ id: '8', grade: 'certain' }], created: [] });
    expect(first.report.links).toEqual({ added: [{ student: '1', guardian: '9' }], present: 1 });
    expect(first.report.students).toEqual({ selected: 1, withGuardians: 1 });
    expect(first.report.changes).toEqual([
      { id: '8', type: 'guardian', field: 'personnummer', from: '', to: BO },
    ]);
    expect(roster.rows[1]).toMatchObject({ id: '8', personnummer: BO, email: 'bo@example.org' });
    expect(roster.links).toContainEqual({ student: '1', guardian: '9', source: 'spar', relation: '' });
    expect(first.gaps).toBe(false);

    const asked = spar.asked.length;
    const second = await guardians(world, GUARDIAN_RUN);
    expect(spar.asked).toHaveLength(asked);
    expect(roster.writes).toBe(1);
    expect(second.report).toMatchObject({
      guardians: { assigned: [], created: [] },
      links: { added: [], present: 2 },
      changes: [],
      review: [],
      notAsked: [],
      lookups: { asked: 0, cost: 0 },
    });
    expect([...second.newReviews, ...second.newPairs]).toEqual([]);
    const [last] = await world.state.journal.runs();
    expect(last).toMatchObject({ run: second.report.run, changes: 0, exit: 'done' });
    expect(await world.state.journal.writtenBy(second.report.run)).toEqual({
      changes: [],
      acts: [],
      erasedChanges: [],
      same: [],
    });
  });

  it('asks about each child and each guardian who is new, once, and about no known number', async () => {
    const roster = createMemoryRoster(
      [
        student('1', KIM),
        student('2', LO),
        student('3', MIO),
        guardian('9', { personnummer: ANNA, first_name: 'Anna', last_name: 'Ek' }),
      ],
      {
        links: [
          { student: '1', guardian: '9' },
          { student: '2', guardian: '9' },
        ],
      },
    );
    const spar = createFakeSpar({
      [KIM]: child(KIM, [ANNA, BO]),
      [LO]: child(LO, [BO, ANNA]),
      [MIO]: child(MIO, [BO, EVA]),
      [BO]: adult(BO, 'Bo Ek'),
      [EVA]: adult(EVA, 'Eva Ask'),
    });
    const { report } = await guardians(await openGuardianWorld(roster, spar), GUARDIAN_RUN);
    expect(askedIds(spar).sort()).toEqual([KIM, LO, MIO, BO, EVA].sort());
    expect(report.lookups).toMatchObject({ asked: 5, cost: 2 });
    const ofBo = spar.asked.find(({ id }) => id === BO);
    expect(ofBo?.permissions).toEqual([]);
    expect(ofBo?.rows).toEqual([
      { type: 'student', id: '1' },
      { type: 'student', id: '2' },
      { type: 'student', id: '3' },
    ]);
  });

  it('buys nothing that update has bought, and the other way round', async () => {
    const roster = oneFamily();
    const spar = oneFamilyInSpar();
    const world = await openGuardianWorld(roster, spar);
    await update(world, OPTIONS);
    expect(askedIds(spar).sort()).toEqual([ANNA, KIM].sort());
    await guardians(world, GUARDIAN_RUN);
    expect(askedIds(spar).sort()).toEqual([ANNA, BO, KIM].sort());
    const { report } = await update(world, OPTIONS);
    expect(spar.asked).toHaveLength(3);
    expect(report.lookups).toMatchObject({ asked: 0, reused: 3 });

    const other = oneFamilyInSpar();
    const otherWorld = await openGuardianWorld(oneFamily(), other);
    await guardians(otherWorld, GUARDIAN_RUN);
    const asked = askedIds(other);
    await update(otherWorld, OPTIONS);
    expect(askedIds(other).filter((id) => id !== ANNA)).toEqual(asked.filter((id) => id !== ANNA));
    expect(new Set(askedIds(other)).size).toBe(other.asked.length);
  });

  it('leaves nothing for update to write in the rows that it has written, nor to call edited', async () => {
    for (const roster of [oneFamily(), siblings({ database: true }), siblings({ idStyle: 'uuid' })]) {
      const spar = createFakeSpar({
        ...Object.fromEntries(siblingsInSpar().answers),
        [OLE]: adult(OLE, 'Ole Alm'),
      });
      const world = await openGuardianWorld(roster, spar);
      await guardians(world, GUARDIAN_RUN);
      const written = JSON.stringify(roster.rows.filter(({ personnummer }) => personnummer === BO));
      const { report } = await update(world, OPTIONS);
      expect(JSON.stringify(roster.rows.filter(({ personnummer }) => personnummer === BO))).toBe(written);
      expect(report.review.filter(({ type }) => type === 'guardian')).toEqual([]);
    }
  });

  it('asks again about a child whose answer was bought without the permission', async () => {
    const spar = oneFamilyInSpar();
    const roster = oneFamily();
    const bare = await openGuardianWorld(roster, spar, { settings: { granted: [] } });
    await update(bare, { ...OPTIONS, selected: ({ type }) => type === 'student' });
    expect(spar.asked).toEqual([expect.objectContaining({ id: KIM, permissions: [] })]);
    const world = await openGuardianWorld(roster, spar, { state: bare.state });
    await guardians(world, GUARDIAN_RUN);
    expect(spar.asked[1]).toMatchObject({ id: KIM, permissions: ['relations'] });
  });

  it('tells in a dry run what the real run would do, for the same money, and writes nothing', async () => {
    for (const database of [false, true]) {
      const roster = siblings({ database });
      const spar = siblingsInSpar();
      const world = await openGuardianWorld(roster, spar);
      const before = JSON.stringify([roster.rows, roster.links]);
      const dry = await guardians(world, { ...GUARDIAN_RUN, dryRun: true });
      expect(JSON.stringify([roster.rows, roster.links])).toBe(before);
      expect(roster.writes).toBe(0);
      expect(await world.state.journal.unfinished()).toEqual([]);
      expect(dry.report).toMatchObject({ dryRun: true, lookups: { asked: 4, cost: 1.6 } });
      const dryAgain = await guardians(world, { ...GUARDIAN_RUN, dryRun: true });
      const real = await guardians(world, GUARDIAN_RUN);
      expect(spar.asked).toHaveLength(4);

      const comparable = ({ report }: typeof real) => {
        const { run: _run, dryRun: _dryRun, ...rest } = report;
        return rest;
      };
      expect(comparable(dryAgain)).toEqual({ ...comparable(dry), lookups: dryAgain.report.lookups });
      const asText = JSON.stringify(comparable(real));
      // What the database will give reads new-1, new-2 until then.
      const expected = JSON.stringify(comparable(dryAgain)).replaceAll('new-1', '8').replaceAll('new-2', '9');
      expect(asText).toBe(database ? expected : JSON.stringify(comparable(dryAgain)));
      expect([...real.newReviews]).toEqual([...dry.newReviews]);
      expect(real.newPairs.size).toBe(dry.newPairs.size);
    }
  });

  it('uses the ids that the roster gives, in roster, report, journal and comparisons', async () => {
    const roster = siblings({ database: true });
    const world = await openGuardianWorld(roster, siblingsInSpar());
    const { report } = await guardians(world, GUARDIAN_RUN);
    expect(report.guardians.created).toEqual([{ id: '8' }, { id: '9' }]);
    expect(report.links.added).toEqual([
      { student: '1', guardian: '8' },
      { student: '1', guardian: '9' },
      { student: '2', guardian: '8' },
      { student: '2', guardian: '9' },
    ]);
    expect(rowsOf(roster).map(({ id, personnummer }) => [id, personnummer])).toEqual([
      ['7', OLE],
      ['8', ANNA],
      ['9', BO],
    ]);
    const { acts } = await world.state.journal.writtenBy(report.run);
    expect(JSON.stringify(acts)).not.toContain('new-');
    expect(acts.map((act) => ('key' in act ? act.key.id : act.link.guardian))).toEqual([
      '8',
      '9',
      '8',
      '9',
      '8',
      '9',
    ]);
    expect(acts.filter(({ kind }) => kind === 'row-added').every((act) => 'whole' in act && act.whole)).toBe(
      true,
    );
    const [snapshot] = await world.state.snapshots.getMany([personId(ANNA)]);
    expect(snapshot?.comparedRows).toEqual([expect.stringContaining('guardian:8')]);

    const row = roster.rows.find(({ id, type }) => id === '8' && type === 'guardian');
    Object.assign(row ?? {}, { street: 'Egna gatan 2' });
    const updated = await update(world, OPTIONS);
    expect(row?.street).toBe('Egna gatan 2');
    expect(updated.report.review).toContainEqual(
      expect.objectContaining({ id: '8', reason: 'edited-since' }),
    );
  });

  it('gives text ids that are the same in every plan and tell nothing', async () => {
    const roster = siblings({ idStyle: 'uuid' });
    const world = await openGuardianWorld(roster, siblingsInSpar());
    const dry = await guardians(world, { ...GUARDIAN_RUN, dryRun: true });
    const real = await guardians(world, GUARDIAN_RUN);
    expect(real.report.guardians.created).toEqual(dry.report.guardians.created);
    for (const { id } of real.report.guardians.created) {
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    }
    const elsewhere = await openGuardianWorld(siblings({ idStyle: 'uuid' }), siblingsInSpar());
    const other = await guardians(elsewhere, GUARDIAN_RUN);
    expect(other.report.guardians.created).not.toEqual(real.report.guardians.created);
  });

  it('stops before writing when too many rows would get a number, and goes on with --force', async () => {
    const families = [
      [KIM, ANNA],
      [LO, BO],
      [MIO, EVA],
    ] as const;
    const roster = createMemoryRoster(
      families.flatMap(([kid, parent], i) => [
        student(`${i}`, kid),
        guardian(`${i}`, {
          first_name: 'Anna',
          last_name: 'Ek',
          birth_date: `${parent.slice(0, 4)}-${parent.slice(4, 6)}-${parent.slice(6, 8)}`,
        }),
      ]),
      { links: families.map((_, i) => ({ student: `${i}`, guardian: `${i}` })) },
    );
    const spar = createFakeSpar(
      Object.fromEntries(
        families.flatMap(([kid, parent]) => [
          [kid, child(kid, [parent])],
          [parent, adult(parent, 'Anna Ek')],
        ]),
      ),
    );
    const limits = { maxChangedShare: 0.5, maxMissingShare: 0.3, minPeople: 3 };
    const world = await openGuardianWorld(roster, spar, { settings: { limits } });
    const dry = await guardians(world, { ...GUARDIAN_RUN, dryRun: true });
    expect(dry.brake).toMatchObject({ kind: 'assigned', count: 3, of: 3 });
    const error = await refusal(guardians(world, GUARDIAN_RUN));
    expect(error.code).toBe('brake');
    expect(error.message).toContain('3 of 3');
    expect(roster.writes).toBe(0);
    const { report } = await guardians(world, { ...GUARDIAN_RUN, force: true });
    expect(report.guardians.assigned).toHaveLength(3);
    expect(spar.asked).toHaveLength(6);
  });

  it('lets the guardians of a child wait while one of them cannot be asked about', async () => {
    const roster = createMemoryRoster([student('1', KIM), student('2', MIO)], { links: [] });
    const spar = createFakeSpar({
      [KIM]: child(KIM, [ANNA, BO]),
      [MIO]: child(MIO, [EVA]),
      [ANNA]: adult(ANNA, 'Anna Ek'),
      [BO]: { kind: 'refused', detail: { en: 'no', sv: 'nej' } },
      [EVA]: adult(EVA, 'Eva Ask'),
    });
    const world = await openGuardianWorld(roster, spar);
    const first = await guardians(world, GUARDIAN_RUN);
    expect(first.gaps).toBe(true);
    expect(roster.links.map(({ student: id }) => id)).toEqual(['2']);
    expect((await world.state.journal.runs())[0]?.exit).toBe('gaps');

    spar.answers.set(BO, adult(BO, 'Bo Ek'));
    const second = await guardians(world, GUARDIAN_RUN);
    expect(second.gaps).toBe(false);
    expect(second.report.guardians.created).toHaveLength(2);
    expect(second.report.links.added).toHaveLength(2);
    expect(askedIds(spar)).toEqual([KIM, MIO, ANNA, BO, EVA, BO]);
  });

  it('says under which student somebody could not be asked about', async () => {
    const roster = siblings();
    const spar = siblingsInSpar();
    spar.answers.set(BO, { kind: 'not-understood', detail: { en: 'what', sv: 'va' } });
    const { report } = await guardians(await openGuardianWorld(roster, spar), GUARDIAN_RUN);
    expect(report.lookups).toMatchObject({ asked: 3, failed: 1 });
    expect(report.notAsked).toEqual([
      { id: '1', type: 'student', reason: 'failed' },
      { id: '2', type: 'student', reason: 'failed' },
    ]);
    expect(report.review.map(({ id, type, reason }) => [id, type, reason])).toEqual([
      ['1', 'student', 'answer-not-understood'],
      ['2', 'student', 'answer-not-understood'],
    ]);
    expect(report.guardians.created).toEqual([]);
  });

  it('keeps within the budget over children and guardians together, and goes on from there', async () => {
    const roster = siblings();
    const spar = siblingsInSpar();
    const limits = { maxLookupsPerRun: 3, maxChangedShare: 1, maxMissingShare: 1, minPeople: 20 };
    const world = await openGuardianWorld(roster, spar, { settings: { limits } });
    const first = await guardians(world, GUARDIAN_RUN);
    expect(spar.asked).toHaveLength(3);
    expect(first.gaps).toBe(true);
    expect(first.report.notAsked.map(({ reason }) => reason)).toEqual(['budget', 'budget']);
    expect(first.report.guardians.created).toEqual([]);
    const second = await guardians(world, GUARDIAN_RUN);
    expect(spar.asked).toHaveLength(4);
    expect(second.report.guardians.created).toHaveLength(2);
    expect(second.gaps).toBe(false);

    const monthly = { maxCostPerMonth: 0.8, maxChangedShare: 1, maxMissingShare: 1, minPeople: 20 };
    const poor = siblingsInSpar();
    const poorWorld = await openGuardianWorld(siblings(), poor, { settings: { limits: monthly } });
    await guardians(poorWorld, GUARDIAN_RUN);
    await guardians(poorWorld, GUARDIAN_RUN);
    expect(poor.asked).toHaveLength(2);
  });

  it('asks nobody further and writes nothing when the cost is declined; what was bought stays', async () => {
    const roster = siblings();
    const spar = siblingsInSpar();
    const world = await openGuardianWorld(roster, spar);
    const asked: number[] = [];
    const consent = async (lookups: number) => asked.push(lookups) < 2;
    const error = await refusal(guardians(world, { ...GUARDIAN_RUN, consent }));
    expect(error.code).toBe('usage');
    expect(asked).toEqual([2, 2]);
    expect(askedIds(spar)).toEqual([KIM, LO]);
    expect(roster.writes).toBe(0);
    await guardians(world, GUARDIAN_RUN);
    expect(askedIds(spar)).toEqual([KIM, LO, ANNA, BO]);
  });

  it('applies what was answered before SPAR stopped the run', async () => {
    const roster = siblings();
    const spar = siblingsInSpar();
    const rejected = new SparSyncError('spar-rejected', { en: 'no', sv: 'nej' });
    spar.answers.set(KIM, rejected);
    const world = await openGuardianWorld(roster, spar, { settings: { concurrency: 1 } });
    const { stopped, gaps, report } = await guardians(world, GUARDIAN_RUN);
    expect(stopped?.code).toBe('spar-rejected');
    expect(gaps).toBe(true);
    expect(report.notAsked.map(({ id, reason }) => [id, reason])).toEqual([
      ['1', 'failed'],
      ['2', 'failed'],
    ]);
    expect((await world.state.journal.runs())[0]?.exit).toBe('spar-rejected');

    const known = createMemoryRoster(
      [student('1', KIM), student('2', MIO), guardian('9', { personnummer: ANNA })],
      { links: [] },
    );
    const late = createFakeSpar({ [KIM]: child(KIM, [ANNA]), [MIO]: child(MIO, [BO]), [BO]: rejected });
    const lateWorld = await openGuardianWorld(known, late);
    const outcome = await guardians(lateWorld, GUARDIAN_RUN);
    expect(outcome.stopped?.code).toBe('spar-rejected');
    expect(known.links).toEqual([{ student: '1', guardian: '9', relation: '', source: 'spar' }]);
  });

  it('plans from the answers at hand when offline', async () => {
    const roster = siblings();
    const spar = siblingsInSpar();
    const world = await openGuardianWorld(roster, spar);
    await update(world, OPTIONS);
    const asked = spar.asked.length;
    const { report, gaps } = await guardians(world, { ...GUARDIAN_RUN, offline: true });
    expect(spar.asked).toHaveLength(asked);
    expect(report.notAsked.map(({ reason }) => reason)).toEqual(['offline', 'offline']);
    expect(gaps).toBe(false);
  });

  describe('a roster that changes between reading and writing', () => {
    it('is planned again, and a row that is another then is left alone', async () => {
      const roster = oneFamily();
      const spar = oneFamilyInSpar();
      const world = await openGuardianWorld(roster, spar);
      roster.beforeCommit = () => {
        roster.beforeCommit = undefined;
        Object.assign(roster.rows[1] ?? {}, { first_name: 'Börje' });
      };
      const { report, gaps } = await guardians(world, GUARDIAN_RUN);
      expect(gaps).toBe(true);
      expect(report.guardians.assigned).toEqual([]);
      expect(report.links.added).toEqual([{ student: '1', guardian: '9' }]);
      expect(report.review.map(({ id, type, reason }) => [id, type, reason])).toContainEqual([
        '8',
        'guardian',
        'roster-changed',
      ]);
      expect(roster.rows[1]).toMatchObject({ first_name: 'Börje', personnummer: '' });
      // What the first plan did not show is not written: no new row for Bo either.
      expect(rowsOf(roster)).toHaveLength(2);
      const { changes } = await world.state.journal.writtenBy(report.run);
      expect(changes).toEqual([]);
      expect(askedIds(spar)).toEqual([KIM, BO]);
    });

    it('does not matter where nothing of the plan is touched', async () => {
      for (const more of [{ idStyle: 'uuid' }, { database: true }] as const) {
        const roster = siblings(more);
        const world = await openGuardianWorld(roster, siblingsInSpar());
        roster.beforeCommit = () => {
          roster.beforeCommit = undefined;
          roster.rows.push(student('99', MIO, { active: 'nej' }));
        };
        const { report, gaps } = await guardians(world, GUARDIAN_RUN);
        expect(gaps).toBe(false);
        expect(report.guardians.created).toHaveLength(2);
        expect(roster.links).toHaveLength(4);
      }
    });

    it('and then holds the number that a new row was to have: the row waits for the next run', async () => {
      const roster = siblings({ idStyle: 'number' });
      const world = await openGuardianWorld(roster, siblingsInSpar());
      roster.beforeCommit = () => {
        roster.beforeCommit = undefined;
        roster.rows.push(guardian('8', { first_name: 'Någon', last_name: 'Annan' }));
      };
      const { report, gaps } = await guardians(world, GUARDIAN_RUN);
      expect(gaps).toBe(true);
      expect(report.guardians.created).toEqual([]);
      expect(roster.links).toEqual([]);
      const next = await guardians(world, GUARDIAN_RUN);
      expect(next.report.guardians.created).toEqual([{ id: '9' }, { id: '10' }]);
    });

    it('three times in a row, is given up with nothing written', async () => {
      const roster = siblings();
      const world = await openGuardianWorld(roster, siblingsInSpar());
      let times = 0;
      roster.beforeCommit = () => {
        Object.assign(roster.rows[0] ?? {}, { phone: String(++times) });
      };
      const error = await refusal(guardians(world, GUARDIAN_RUN));
      expect(error.code).toBe('roster-unwritable');
      expect(times).toBe(3);
      expect(roster.writes).toBe(0);
      expect(await world.state.journal.unfinished()).toEqual([]);
      expect((await world.state.journal.runs())[0]).toMatchObject({
        phase: 'not-applied',
        exit: 'roster-unwritable',
      });
    });

    it('and then has a guardian by that number gives the link up, and makes no second row', async () => {
      const roster = siblings();
      const world = await openGuardianWorld(roster, siblingsInSpar());
      roster.beforeCommit = () => {
        roster.beforeCommit = undefined;
        roster.rows.push(guardian('50', { personnummer: ANNA, first_name: 'Anna', last_name: 'Ek' }));
      };
      const { report, gaps } = await guardians(world, GUARDIAN_RUN);
      expect(gaps).toBe(true);
      expect(rowsOf(roster).filter(({ personnummer }) => personnummer === ANNA)).toHaveLength(1);
      expect(report.review.map(({ id, type, reason }) => [id, type, reason])).toContainEqual([
        '1',
        'student',
        'roster-changed',
      ]);
      const ids = new Set(roster.rows.filter(({ type }) => type === 'guardian').map(({ id }) => id));
      expect(roster.links.every(({ guardian: id }) => ids.has(id))).toBe(true);
      const second = await guardians(world, GUARDIAN_RUN);
      expect(second.gaps).toBe(false);
      expect(roster.links).toHaveLength(4);
    });
  });

  it('takes a row that the roster refuses out with its links, and says so under the students', async () => {
    for (const database of [false, true]) {
      const roster = createMemoryRoster(
        [student('1', KIM), student('2', LO), guardian('7', { personnummer: OLE })],
        { links: [], database, refuses: (row) => row.personnummer === BO },
      );
      const world = await openGuardianWorld(roster, siblingsInSpar());
      const { report, gaps } = await guardians(world, GUARDIAN_RUN);
      expect(report.guardians.created).toHaveLength(1);
      expect(report.links.added).toHaveLength(2);
      expect(report.review.map(({ id, type, reason }) => [id, type, reason])).toEqual([
        ['1', 'student', 'row-refused'],
        ['2', 'student', 'row-refused'],
      ]);
      expect(gaps).toBe(false);
      expect(report.duplicates.flatMap(({ a, b }) => [a.id, b.id])).not.toContain('new-2');
      const { acts } = await world.state.journal.writtenBy(report.run);
      expect(acts).toHaveLength(3);
      expect(roster.links).toHaveLength(2);
    }
  });

  it('takes an existing row that the roster refuses out alone', async () => {
    const roster = createMemoryRoster(oneFamily().rows, {
      links: oneFamily().links,
      refuses: (row) => row.personnummer === BO,
    });
    const world = await openGuardianWorld(roster, oneFamilyInSpar());
    const { report } = await guardians(world, GUARDIAN_RUN);
    expect(report.guardians.assigned).toEqual([]);
    expect(report.changes).toEqual([]);
    expect(report.review).toEqual([
      expect.objectContaining({ id: '8', type: 'guardian', reason: 'row-refused' }),
    ]);
    expect(report.links.added).toHaveLength(1);
    const [bo] = await world.state.snapshots.getMany([personId(BO)]);
    expect(bo?.comparedRows).toEqual([]);
  });

  describe('protected people', () => {
    it('get no row and no link, and go from cache and journal at once', async () => {
      const roster = siblings();
      const spar = siblingsInSpar();
      const world = await openGuardianWorld(roster, spar);
      const { report } = await guardians(world, GUARDIAN_RUN);
      const anna = report.guardians.created[0]?.id;
      spar.answers.set(ANNA, protectedPerson(ANNA));
      const later = await openGuardianWorld(roster, spar, {
        state: world.state,
        today: addDays(TODAY, 40),
      });
      await update(later, OPTIONS);
      expect(JSON.stringify(await world.state.snapshots.getMany([personId(ANNA)]))).not.toContain('Gatan');
      const { acts } = await world.state.journal.writtenBy(report.run);
      const act = acts.find((one) => one.kind === 'row-added' && one.key.id === anna);
      expect(act).toBeDefined();
      expect(JSON.stringify(act)).not.toContain('Gatan');
      // Nor does a run of guardians write anything about them.
      const again = await guardians(later, GUARDIAN_RUN);
      expect(again.report.changes).toEqual([]);
    });

    it('by a mark that a person set since: cache and journal are erased by the next run of guardians', async () => {
      const roster = siblings();
      const world = await openGuardianWorld(roster, siblingsInSpar());
      const { report } = await guardians(world, GUARDIAN_RUN);
      const row = roster.rows.find(({ personnummer }) => personnummer === ANNA);
      Object.assign(row ?? {}, { protected: 'ja' });
      await guardians(world, { ...GUARDIAN_RUN, dryRun: true });
      expect(JSON.stringify(await world.state.snapshots.getMany([personId(ANNA)]))).not.toContain('Gatan');
      const { acts } = await world.state.journal.writtenBy(report.run);
      expect(JSON.stringify(acts.filter((act) => 'key' in act && act.key.id === row?.id))).not.toContain(
        'Gatan',
      );
    });

    it('are told under the child, and made a row of number and mark where the configuration says so', async () => {
      const make = () =>
        createMemoryRoster([student('1', KIM), guardian('8', { first_name: 'Bo' })], {
          links: [{ student: '1', guardian: '8' }],
        });
      const spar = createFakeSpar({ [KIM]: child(KIM, [ANNA]), [ANNA]: protectedPerson(ANNA) });
      const roster = make();
      const { report } = await guardians(await openGuardianWorld(roster, spar), GUARDIAN_RUN);
      expect(report.review).toEqual([
        { id: '1', type: 'student', reason: 'guardian-protected', since: TODAY, rows: ['8'] },
      ]);
      expect(roster.writes).toBe(0);

      const other = make();
      const world = await openGuardianWorld(other, spar, { guardians: { protected: 'create' } });
      const made = await guardians(world, GUARDIAN_RUN);
      const id = made.report.guardians.created[0]?.id ?? '';
      const row = other.rows.find((one) => one.id === id);
      expect(Object.values(row ?? {}).filter((value) => value !== '')).toEqual(
        expect.arrayContaining([id, 'guardian', ANNA, 'sekretessmarkering']),
      );
      expect(Object.values(row ?? {}).filter((value) => value !== '')).toHaveLength(4);
      const silent = await guardians(world, GUARDIAN_RUN);
      expect(silent.report.guardians.created).toEqual([]);
      expect(silent.report.links).toEqual({ added: [], present: 1 });
    });

    it('a protected child: nothing is told of its guardians', async () => {
      const roster = siblings();
      const spar = siblingsInSpar();
      spar.answers.set(KIM, protectedPerson(KIM));
      const { report } = await guardians(await openGuardianWorld(roster, spar), GUARDIAN_RUN);
      expect(report.review).toEqual([{ id: '1', type: 'student', reason: 'protected', since: TODAY }]);
      expect(report.links.added.map(({ student: id }) => id)).toEqual(['2', '2']);
      // The permission was asked for and the mark is update's to write.
      expect(roster.rows[0]?.protected).toBe('');
    });
  });

  describe('those who grow up', () => {
    const eighteen = date('2029-02-28');

    it('have their relations erased at the end of the run, and are told once', async () => {
      const roster = oneFamily();
      const spar = oneFamilyInSpar();
      const world = await openGuardianWorld(roster, spar);
      await guardians(world, GUARDIAN_RUN);
      expect(await world.state.snapshots.withRelations()).toEqual([KIM]);
      const asked = spar.asked.length;

      const later = await openGuardianWorld(roster, spar, { state: world.state, today: eighteen });
      const dry = await guardians(later, { ...GUARDIAN_RUN, dryRun: true });
      expect(dry.report.review.map(({ reason }) => reason)).toEqual(['turned-18']);
      expect(await world.state.snapshots.withRelations()).toEqual([KIM]);
      const first = await guardians(later, GUARDIAN_RUN);
      expect(first.report.review).toEqual([
        { id: '1', type: 'student', reason: 'turned-18', since: eighteen },
      ]);
      expect([...first.newReviews]).toEqual(['student:1 turned-18']);
      expect(await world.state.snapshots.withRelations()).toEqual([]);
      expect(spar.asked).toHaveLength(asked);
      expect(roster.links).toHaveLength(2);

      const next = await openGuardianWorld(roster, spar, {
        state: world.state,
        today: addDays(eighteen, 1),
      });
      const silent = await guardians(next, GUARDIAN_RUN);
      expect(silent.report.review).toEqual([]);
      expect([...silent.newReviews]).toEqual([]);
      const third = await guardians(next, GUARDIAN_RUN);
      expect(third.report.review).toEqual([]);
    });
  });

  describe('review items', () => {
    /** A child with a guardian who is inactive in the roster: told every time, new once. */
    function withInactive() {
      return createMemoryRoster(
        [
          student('1', KIM, { active: '' }),
          guardian('9', { personnummer: ANNA, first_name: 'Anna', last_name: 'Ek', active: 'nej' }),
        ],
        { links: [] },
      );
    }
    const spar = () => createFakeSpar({ [KIM]: child(KIM, [ANNA]), [ANNA]: adult(ANNA, 'Anna Ek') });

    it('carry the day they were first seen and are new once, also when update runs in between', async () => {
      const roster = withInactive();
      const world = await openGuardianWorld(roster, spar());
      const first = await guardians(world, GUARDIAN_RUN);
      expect([...first.newReviews]).toEqual(['guardian:9 guardian-inactive']);
      const tomorrow = addDays(TODAY, 1);
      const next = await openGuardianWorld(roster, spar(), { state: world.state, today: tomorrow });
      await update(next, OPTIONS);
      const second = await guardians(next, GUARDIAN_RUN);
      expect(second.report.review).toEqual([
        { id: '9', type: 'guardian', reason: 'guardian-inactive', since: TODAY, children: ['1'] },
      ]);
      expect([...second.newReviews]).toEqual([]);
    });

    it('of update and guardians do not disturb each other, not even under one reason', async () => {
      const roster = siblings();
      const fake = siblingsInSpar();
      fake.answers.set(KIM, protectedPerson(KIM));
      const world = await openGuardianWorld(roster, fake);
      const updated = await update(world, OPTIONS);
      expect([...updated.newReviews]).toContain('student:1 protected');
      const first = await guardians(world, GUARDIAN_RUN);
      expect([...first.newReviews]).toEqual(['student:1 protected']);
      const again = await update(world, OPTIONS);
      expect([...again.newReviews]).toEqual([]);
      const second = await guardians(world, GUARDIAN_RUN);
      expect([...second.newReviews]).toEqual([]);
    });

    it('that are gone are forgotten, save where the run could not see them', async () => {
      const roster = withInactive();
      const world = await openGuardianWorld(roster, spar());
      await guardians(world, GUARDIAN_RUN);
      // Another student is named: the item of the first is not gone.
      roster.rows.push(student('2', LO));
      await guardians(world, { ...GUARDIAN_RUN, ...onlyStudents('2') });
      expect([...(await guardians(world, GUARDIAN_RUN)).newReviews]).toEqual(
        ['student:2'].slice(1).concat([]),
      );
      Object.assign(roster.rows[1] ?? {}, { active: '' });
      await guardians(world, GUARDIAN_RUN);
      Object.assign(roster.rows[1] ?? {}, { active: 'nej' });
      roster.links.length = 0;
      expect([...(await guardians(world, GUARDIAN_RUN)).newReviews]).toEqual([
        'guardian:9 guardian-inactive',
      ]);
    });

    it('and pairs are new once; a dry run remembers nothing', async () => {
      const roster = createMemoryRoster(
        [student('1', KIM), guardian('8', { first_name: 'Anna', last_name: 'Ek', email: 'a@example.org' })],
        { links: [{ student: '1', guardian: '8' }] },
      );
      const world = await openGuardianWorld(roster, spar());
      const dry = await guardians(world, { ...GUARDIAN_RUN, dryRun: true });
      expect(dry.report.duplicates).toHaveLength(1);
      expect(dry.newPairs.size).toBe(1);
      const first = await guardians(world, GUARDIAN_RUN);
      expect(first.report.duplicates).toHaveLength(1);
      expect(first.newPairs.size).toBe(1);
      const created = first.report.guardians.created[0]?.id;
      expect(first.report.duplicates[0]).toMatchObject({ grade: 'probable', emailHeldBy: { id: '8' } });
      expect([first.report.duplicates[0]?.a.id, first.report.duplicates[0]?.b.id].sort()).toEqual(
        ['8', created].sort(),
      );
      const second = await guardians(world, GUARDIAN_RUN);
      expect(second.report.duplicates).toEqual(first.report.duplicates);
      expect(second.newPairs.size).toBe(0);
    });
  });

  it('says when no child has any relation, and reports nobody', async () => {
    const roster = siblings();
    const spar = createFakeSpar({ [KIM]: child(KIM, []), [LO]: child(LO, []) });
    const { report } = await guardians(await openGuardianWorld(roster, spar), GUARDIAN_RUN);
    expect(report.noRelationsAtAll).toBe(true);
    expect(report.review).toEqual([]);
  });

  it('looks at the named students only, and at their siblings for the matching', async () => {
    const roster = siblings();
    const spar = siblingsInSpar();
    const world = await openGuardianWorld(roster, spar);
    const { report } = await guardians(world, { ...GUARDIAN_RUN, ...onlyStudents('1') });
    expect(askedIds(spar).sort()).toEqual([ANNA, BO, KIM].sort());
    expect(report.students).toEqual({ selected: 1, withGuardians: 1 });
    expect(report.links.added.map(({ student: id }) => id)).toEqual(['1', '1']);
  });

  it('refuses without permission, links, place or columns, asks nobody and writes no run', async () => {
    const spar = siblingsInSpar();
    const noColumns = createMemoryRoster(
      [
        { id: '1', type: 'student', personnummer: KIM },
        { id: '9', type: 'guardian', last_name: 'Ek' },
      ],
      { links: [] },
    );
    const cases = [
      [await openGuardianWorld(siblings(), spar, { settings: { granted: [] } }), 'Relationer'],
      [await openGuardianWorld({ ...siblings(), linksName: undefined }, spar), 'roster.links'],
      [await openGuardianWorld({ ...siblings(), newGuardians: undefined }, spar), 'guardians are to be put'],
      [await openGuardianWorld(noColumns, spar), 'first_name'],
    ] as const;
    for (const [world, words] of cases) {
      const error = await refusal(guardians(world, GUARDIAN_RUN));
      expect(error.code).toBe('config');
      expect(`${error.text.en} ${error.hint?.en}`).toContain(words);
      expect(await world.state.journal.runs()).toEqual([]);
    }
    expect(spar.asked).toEqual([]);
  });

  it('writes whatever the order of the answers: every child ends with its guardians', async () => {
    const outcomes = new Set<string>();
    for (const order of [
      [1, 2],
      [2, 1],
    ]) {
      const rows = order.map((n) => (n === 1 ? student('1', KIM) : student('2', LO)));
      const roster = createMemoryRoster([...rows, guardian('7', { personnummer: OLE })], {
        links: [],
        database: true,
      });
      await guardians(await openGuardianWorld(roster, siblingsInSpar()), GUARDIAN_RUN);
      const numbers = new Map(rowsOf(roster).map(({ id, personnummer }) => [id, personnummer]));
      outcomes.add(
        JSON.stringify(roster.links.map(({ student: id, guardian: g }) => [id, numbers.get(g)]).sort()),
      );
    }
    expect(outcomes.size).toBe(1);
  });

  it('counts a child whom SPAR does not find, and goes on with the others', async () => {
    const roster = siblings();
    const spar = siblingsInSpar();
    const notFound: Answer = { kind: 'not-found', id: personId(KIM) };
    spar.answers.set(KIM, notFound);
    const { report, gaps } = await guardians(await openGuardianWorld(roster, spar), GUARDIAN_RUN);
    expect(report.lookups).toMatchObject({ asked: 4, notFound: 1 });
    expect(gaps).toBe(false);
    expect(report.links.added.every(({ student: id }) => id === '2')).toBe(true);
  });

  it('keeps no name of a guardian without a number where the school has marked such a row of the child', async () => {
    const unnumbered = {
      name: { given: 'Gömda', surname: 'Dold' },
      birthDate: '1980-09-13',
      deceased: false,
    };
    const rows = [
      student('1', KIM),
      student('2', LO),
      guardian('7', { first_name: 'Gömda', last_name: 'Dold' }),
    ];
    const links = [{ student: '1', guardian: '7' }];
    const roster = createMemoryRoster(rows, { links, fields: ['protected'] });
    const spar = createFakeSpar({ [KIM]: child(KIM, [unnumbered]), [LO]: child(LO, [unnumbered]) });
    const world = await openGuardianWorld(roster, spar);
    const kept = async () =>
      (await world.state.snapshots.getMany([KIM, LO].map(personId))).map((snapshot) =>
        JSON.stringify(snapshot).includes('Dold'),
      );
    await guardians(world, GUARDIAN_RUN);
    expect(await kept()).toEqual([true, true]);
    for (const row of roster.rows) if (row.id === '7') row.protected = 'ja';
    await guardians(world, { ...GUARDIAN_RUN, dryRun: true });
    expect(await kept()).toEqual([false, true]);
    const { report } = await guardians(world, GUARDIAN_RUN);
    expect(report.lookups.asked).toBe(0);
    expect(report.review.map(({ id, reason }) => [id, reason])).toContainEqual(['1', 'guardian-without-id']);
  });
});
