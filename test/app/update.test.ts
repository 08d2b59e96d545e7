import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { guardians } from '../../src/app/guardians/guardians.ts';
import { undo } from '../../src/app/history/undo.ts';
import { update } from '../../src/app/update/update.ts';
import type { Answer } from '../../src/domain/person.ts';
import { SparSyncError } from '../../src/errors.ts';
import { date, personId } from '../support/arbitraries.ts';
import { GUARDIAN_RUN, openGuardianWorld } from '../support/guardian-world.ts';
import { createMemoryRoster, type MemoryRow } from '../support/memory-roster.ts';
import { refusal } from '../support/refusal.ts';
import {
  createFakeSpar,
  OPTIONS,
  openTestWorld,
  protectedPerson,
  registered,
  swedish,
  TODAY,
} from '../support/update-world.ts';

const ANNA = '199001142380';
const BO = '199002092386';
const CHILD = '201501122384';
const OTHER_CHILD = '201502022393';

function row(id: string, personnummer: string, more: Partial<MemoryRow> = {}): MemoryRow {
  return {
    id,
    type: 'staff',
    personnummer,
    first_name: 'Anna',
    last_name: 'Björk',
    street: 'Gamla vägen 9',
    postal_code: '222 22',
    city: 'Lund',
    protected: '',
    status: '',
    ...more,
  };
}

describe('update', () => {
  it('writes what SPAR has, in the style of the column, and asks nobody the second time', async () => {
    const roster = createMemoryRoster([
      row('1', ANNA),
      row('2', BO, { street: 'Björkvägen 1', postal_code: '111 46', city: 'Stockholm' }),
    ]);
    const spar = createFakeSpar({ [ANNA]: registered(ANNA), [BO]: registered(BO) });
    const world = await openTestWorld(roster, spar);

    const first = await update(world, OPTIONS);
    expect(first.report.changes).toEqual([
      { id: '1', type: 'staff', field: 'street', from: 'Gamla vägen 9', to: 'Björkvägen 1' },
      { id: '1', type: 'staff', field: 'postal_code', from: '222 22', to: '111 46' },
      { id: '1', type: 'staff', field: 'city', from: 'Lund', to: 'Stockholm' },
    ]);
    expect(first.report.people).toEqual({ total: 2, selected: 2, changed: 1 });
    expect(first.report.lookups).toEqual({
      asked: 2,
      reused: 0,
      notFound: 0,
      failed: 0,
      cost: 0.8,
      currency: 'SEK',
    });
    expect(roster.rows[0]).toMatchObject({
      street: 'Björkvägen 1',
      postal_code: '111 46',
      city: 'Stockholm',
    });

    const second = await update(world, OPTIONS);
    expect(second.report.changes).toEqual([]);
    expect(second.report.lookups).toMatchObject({ asked: 0, reused: 2, cost: 0 });
    expect(spar.asked).toHaveLength(2);
    expect(roster.writes).toBe(1);
  });

  it('asks once about a person whom several rows lead to, with the union of the permissions', async () => {
    const roster = createMemoryRoster([
      row('1', CHILD, { type: 'guardian' }),
      row('2', CHILD, { type: 'student' }),
    ]);
    const spar = createFakeSpar({ [CHILD]: registered(CHILD) });
    await update(await openTestWorld(roster, spar), OPTIONS);
    expect(spar.asked).toEqual([
      {
        id: CHILD,
        permissions: ['relations'],
        rows: [
          { type: 'guardian', id: '1' },
          { type: 'student', id: '2' },
        ],
      },
    ]);
  });

  it('asks for relations about active students under 18 only', async () => {
    const roster = createMemoryRoster([
      row('1', CHILD, { type: 'student' }),
      row('2', ANNA, { type: 'student' }),
      row('3', BO, { type: 'guardian' }),
      row('4', OTHER_CHILD, { type: 'student', active: 'nej' }),
    ]);
    const spar = createFakeSpar();
    const { report } = await update(await openTestWorld(roster, spar), OPTIONS);
    const permissions = Object.fromEntries(spar.asked.map((request) => [request.id, request.permissions]));
    expect(permissions).toEqual({ [CHILD]: ['relations'], [ANNA]: [], [BO]: [] });
    expect(report.notAsked).toEqual([{ id: '4', type: 'student', reason: 'inactive' }]);
  });

  it('does not ask about a guardian whose children are inactive, gone or grown up', async () => {
    const guardian = (id: string, personnummer: string) => row(id, personnummer, { type: 'guardian' });
    const roster = createMemoryRoster(
      [
        row('10', CHILD, { type: 'student', active: '0' }),
        row('11', OTHER_CHILD, { type: 'student' }),
        guardian('20', ANNA),
        guardian('21', BO),
        guardian('22', '199101212380'),
      ],
      {
        links: [
          { student: '10', guardian: '20' },
          { student: '404', guardian: '20' },
          { student: '10', guardian: '21' },
          { student: '11', guardian: '21' },
        ],
      },
    );
    const spar = createFakeSpar();
    const { report } = await update(await openTestWorld(roster, spar), OPTIONS);
    expect(spar.asked.map((request) => request.id).sort()).toEqual([BO, '199101212380', OTHER_CHILD].sort());
    expect(report.notAsked).toContainEqual({ id: '20', type: 'guardian', reason: 'no-active-student' });
    expect(report.problems).toEqual([{ file: 'links', line: 3, reason: 'link-to-nobody' }]);
  });

  it('leaves rows that share an id alone and pays for neither', async () => {
    const roster = createMemoryRoster([row('1', ANNA), row('2', BO), row('1', '199101212380')]);
    const spar = createFakeSpar({ [BO]: registered(BO) });
    const { report } = await update(await openTestWorld(roster, spar), OPTIONS);
    expect(spar.asked.map((request) => request.id)).toEqual([BO]);
    expect(report.problems).toEqual([
      { file: 'memory', line: 2, reason: 'duplicate-id' },
      { file: 'memory', line: 4, reason: 'duplicate-id' },
    ]);
    expect(report.people.total).toBe(1);
    expect(roster.rows[0]?.street).toBe('Gamla vägen 9');
  });

  it('writes nothing but the mark of somebody protected, and keeps their row', async () => {
    const roster = createMemoryRoster([row('1', ANNA)]);
    const world = await openTestWorld(roster, createFakeSpar({ [ANNA]: protectedPerson(ANNA) }));
    const { report } = await update(world, OPTIONS);
    expect(report.changes).toEqual([
      { id: '1', type: 'staff', field: 'protected', from: '', to: 'sekretessmarkering' },
    ]);
    expect(report.review).toEqual([{ id: '1', type: 'staff', reason: 'protected', since: TODAY }]);
    expect(roster.rows[0]).toMatchObject({ street: 'Gamla vägen 9', protected: 'sekretessmarkering' });
  });

  it('counts a mark on any row of a person for all their rows, and forgets name and address', async () => {
    const roster = createMemoryRoster([
      row('1', ANNA),
      row('2', ANNA, { type: 'guardian', protected: 'skyddad' }),
    ]);
    const spar = createFakeSpar({ [ANNA]: registered(ANNA) });
    const world = await openTestWorld(roster, spar);
    const { report } = await update(world, OPTIONS);
    expect(report.changes).toEqual([]);
    expect(report.review.map(({ id, reason }) => [id, reason])).toEqual([
      ['1', 'protected'],
      ['2', 'no-longer-protected'],
    ]);
    expect(JSON.stringify(await world.state.snapshots.getMany([personId(ANNA)]))).not.toContain('Björk');

    await update(world, OPTIONS);
    expect(spar.asked).toHaveLength(1);
  });

  it('keeps what a person has edited since, and writes again what an old export brought back', async () => {
    const roster = createMemoryRoster([row('1', ANNA), row('2', BO)]);
    const spar = createFakeSpar({ [ANNA]: registered(ANNA), [BO]: registered(BO) });
    const world = await openTestWorld(roster, spar);
    await update(world, OPTIONS);
    Object.assign(roster.rows[0] ?? {}, { street: 'Tredje gatan 3' });
    Object.assign(roster.rows[1] ?? {}, { street: 'Gamla vägen 9', postal_code: '222 22', city: 'Lund' });

    const { report } = await update(world, OPTIONS);
    expect(report.review).toEqual([{ id: '1', type: 'staff', reason: 'edited-since', since: TODAY }]);
    expect(report.changes.map(({ id, field }) => `${id} ${field}`)).toEqual([
      '2 street',
      '2 postal_code',
      '2 city',
    ]);
    expect(roster.rows[0]?.street).toBe('Tredje gatan 3');

    const named = {
      ...OPTIONS,
      force: true,
      namedRows: true,
      selected: ({ id }: { id: string }) => id === '1',
    };
    await update(world, named);
    expect(roster.rows[0]?.street).toBe('Björkvägen 1');
  });

  it('keeps an edit of a cell that was right when it was compared', async () => {
    const fits = { street: 'Björkvägen 1', postal_code: '11146', city: 'Stockholm' };
    const roster = createMemoryRoster([row('1', ANNA, fits)]);
    const world = await openTestWorld(roster, createFakeSpar({ [ANNA]: registered(ANNA) }));
    await update(world, OPTIONS);
    Object.assign(roster.rows[0] ?? {}, { street: 'Nya gatan 1' });
    const { report } = await update(world, OPTIONS);
    expect(report.review.map(({ reason }) => reason)).toEqual(['edited-since']);
    expect(roster.rows[0]?.street).toBe('Nya gatan 1');
  });

  it('writes after a dry run what the dry run showed, and pays for nothing twice', async () => {
    const roster = createMemoryRoster([row('1', ANNA)]);
    const spar = createFakeSpar({ [ANNA]: registered(ANNA) });
    const world = await openTestWorld(roster, spar);
    const dry = await update(world, { ...OPTIONS, dryRun: true });
    expect(roster.writes).toBe(0);
    expect(dry.report.dryRun).toBe(true);
    const real = await update(world, OPTIONS);
    expect(real.report.changes).toEqual(dry.report.changes);
    expect(spar.asked).toHaveLength(1);
    expect(roster.rows[0]?.street).toBe('Björkvägen 1');
  });

  it('stops before writing when too many would change, and goes on with --force', async () => {
    const ids = ['199001142380', '199002092386', '199101212380', '199102172393'];
    const roster = createMemoryRoster(ids.map((id, i) => row(`${i}`, id)));
    const spar = createFakeSpar(Object.fromEntries(ids.map((id) => [id, registered(id)])));
    const limits = { maxChangedShare: 0.5, maxMissingShare: 0.3, minPeople: 4 };
    const world = await openTestWorld(roster, spar, { settings: { limits } });
    const error = await refusal(update(world, OPTIONS));
    expect(error.code).toBe('brake');
    expect(error.message).toContain('4 of 4');
    expect(roster.writes).toBe(0);
    await update(world, { ...OPTIONS, force: true });
    expect(roster.writes).toBe(1);
    expect(spar.asked).toHaveLength(4);
  });

  it('keeps within the budget: those never asked first, then the oldest answers', async () => {
    const roster = createMemoryRoster([row('1', ANNA), row('2', BO)]);
    const spar = createFakeSpar();
    const world = await openTestWorld(roster, spar, { today: date('2026-01-10') });
    await update(world, { ...OPTIONS, selected: ({ id }) => id === '1' });
    const limits = { maxLookupsPerRun: 1, maxChangedShare: 1, maxMissingShare: 1, minPeople: 20 };
    const later = await openTestWorld(roster, spar, { state: world.state, settings: { limits } });
    const { report, gaps } = await update(later, OPTIONS);
    expect(spar.asked.map((request) => request.id)).toEqual([ANNA, BO]);
    expect(report.notAsked).toEqual([{ id: '1', type: 'staff', reason: 'budget' }]);
    expect(gaps).toBe(true);
  });

  it('applies what was answered when SPAR goes away, and says why it stopped', async () => {
    const away = { kind: 'unavailable', detail: { en: 'no answer', sv: 'inget svar' } } as const;
    const roster = createMemoryRoster([row('1', ANNA), row('2', BO)]);
    const spar = createFakeSpar({ [ANNA]: registered(ANNA), [BO]: away });
    const outcome = await update(await openTestWorld(roster, spar), OPTIONS);
    expect(outcome.stopped).toBeUndefined();
    expect(outcome.gaps).toBe(true);
    expect(roster.rows[0]?.street).toBe('Björkvägen 1');
    expect(outcome.report.notAsked).toEqual([{ id: '2', type: 'staff', reason: 'failed' }]);
    expect(outcome.report.lookups.failed).toBe(1);
  });

  it('stops with `spar-unreachable` when nobody could be asked', async () => {
    const away = { kind: 'unavailable', detail: { en: 'no answer', sv: 'inget svar' } } as const;
    const roster = createMemoryRoster([row('1', ANNA), row('2', BO)]);
    const outcome = await update(
      await openTestWorld(roster, createFakeSpar({ [ANNA]: away, [BO]: away })),
      OPTIONS,
    );
    expect(outcome.stopped?.code).toBe('spar-unreachable');
    expect(outcome.report.lookups).toMatchObject({ asked: 0, failed: 2 });
  });

  it('stops asking at once when SPAR rejects us, and keeps what was answered', async () => {
    const rejected = new SparSyncError('spar-rejected', { en: 'no', sv: 'nej' });
    const roster = createMemoryRoster([row('1', ANNA), row('2', BO), row('3', '199101212380')]);
    const spar = createFakeSpar({ [ANNA]: registered(ANNA), [BO]: rejected });
    const outcome = await update(
      await openTestWorld(roster, spar, { settings: { concurrency: 1 } }),
      OPTIONS,
    );
    expect(outcome.stopped?.code).toBe('spar-rejected');
    expect(spar.asked).toHaveLength(2);
    expect(roster.rows[0]?.street).toBe('Björkvägen 1');
  });

  it('leaves a cell alone that somebody changed between reading and writing', async () => {
    const roster = createMemoryRoster([row('1', ANNA), row('2', BO)]);
    const spar = createFakeSpar({ [ANNA]: registered(ANNA), [BO]: registered(BO) });
    const world = await openTestWorld(roster, spar);
    roster.beforeCommit = () => {
      roster.beforeCommit = undefined;
      Object.assign(roster.rows[0] ?? {}, { street: 'Mellan 1' });
    };
    const outcome = await update(world, OPTIONS);
    expect(roster.rows[0]?.street).toBe('Mellan 1');
    expect(roster.rows[1]?.street).toBe('Björkvägen 1');
    expect(outcome.gaps).toBe(true);
    expect(outcome.report.review).toContainEqual({
      id: '1',
      type: 'staff',
      reason: 'roster-changed',
      since: TODAY,
    });
  });

  it('gives up when the roster changes each time it is about to be written', async () => {
    const roster = createMemoryRoster([row('1', ANNA), row('2', BO)]);
    const spar = createFakeSpar({ [ANNA]: registered(ANNA), [BO]: registered(BO) });
    const world = await openTestWorld(roster, spar);
    let n = 0;
    roster.beforeCommit = () => {
      Object.assign(roster.rows[0] ?? {}, { phone: `07${n++}` });
    };
    const error = await refusal(update(world, OPTIONS));
    expect(error.code).toBe('roster-unwritable');
    expect(roster.writes).toBe(0);
    expect(await world.state.journal.unfinished()).toEqual([]);
  });

  it('asks nobody when consent is refused', async () => {
    const roster = createMemoryRoster([row('1', ANNA)]);
    const spar = createFakeSpar();
    const error = await refusal(
      update(await openTestWorld(roster, spar), { ...OPTIONS, consent: async () => false }),
    );
    expect(error.code).toBe('usage');
    expect(spar.asked).toEqual([]);
  });

  it('remembers since when something has been up for review', async () => {
    const roster = createMemoryRoster([row('1', ANNA)]);
    const spar = createFakeSpar({ [ANNA]: protectedPerson(ANNA) });
    const world = await openTestWorld(roster, spar, { today: date('2026-11-01') });
    const first = await update(world, OPTIONS);
    expect([...first.newReviews]).toEqual(['staff:1 protected']);
    const later = await openTestWorld(roster, spar, { state: world.state, today: date('2026-11-20') });
    const second = await update(later, OPTIONS);
    expect(second.report.review).toEqual([
      { id: '1', type: 'staff', reason: 'protected', since: '2026-11-01' },
    ]);
    expect([...second.newReviews]).toEqual([]);
  });

  it('follows a new number in the same run, where the configuration says so', async () => {
    const NEW = '199001112391';
    const rules = {
      address: 'mailing',
      firstName: 'call',
      fields: { first_name: 'review', last_name: 'spar', address: 'spar' },
      renumbered: 'follow',
    } as const;
    const birthDate = date('1990-02-09');
    const spar = createFakeSpar({
      [BO]: {
        kind: 'deregistered',
        id: personId(BO),
        reason: 'renumbered',
        birthDate,
        successors: [personId(NEW)],
      },
      [NEW]: { ...registered(NEW), birthDate } as Answer,
    });
    const roster = createMemoryRoster([row('1', BO)]);
    const world = await openTestWorld(roster, spar, { settings: { rules } });
    const { report } = await update(world, OPTIONS);
    expect(report.changes.map(({ field, to }) => [field, to])).toEqual([
      ['personnummer', NEW],
      ['street', 'Björkvägen 1'],
      ['postal_code', '111 46'],
      ['city', 'Stockholm'],
    ]);
    const again = await update(world, OPTIONS);
    expect(again.report.changes).toEqual([]);
    expect(spar.asked).toHaveLength(2);
  });

  describe('a number that was followed', () => {
    const NEW = '199001112391';
    const rules = {
      address: 'mailing',
      firstName: 'call',
      fields: { first_name: 'review', last_name: 'spar', address: 'spar' },
      renumbered: 'follow',
    } as const;
    const birthDate = date('1990-02-09');
    const spar = () =>
      createFakeSpar({
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

    it('is written with twelve digits where ten would contradict the row’s date of birth', async () => {
      const roster = createMemoryRoster([
        row('1', '900114-2380'),
        row('2', '900209-2386', { birth_date: '1990-02-09' }),
      ]);
      const world = await openTestWorld(roster, spar(), { settings: { rules } });
      await update(world, OPTIONS);
      expect(roster.rows[1]?.personnummer).toBe('19900111-2391');
      const { report } = await update(world, OPTIONS);
      expect(report.notAsked).toEqual([]);
    });

    it('brings nothing of the new number’s answer onto the row when undo has taken it out', async () => {
      const roster = createMemoryRoster([row('1', BO, { status: '' })]);
      const world = await openTestWorld(roster, spar(), { settings: { rules } });
      const before = structuredClone(roster.rows);
      const { report } = await update(world, OPTIONS);
      expect(roster.rows[0]?.personnummer).toBe(NEW);
      await undo(report.run, world, { dryRun: false });
      for (const refresh of [false, true]) {
        const again = await update(world, { ...OPTIONS, refresh });
        expect(again.report.review.map(({ reason }) => reason)).toEqual(['renumbered']);
        expect(roster.rows).toEqual([{ ...before[0], status: 'renumbered' }]);
      }
    });
  });

  it('takes the särskild postadress first, and leaves no old town beside a new street', async () => {
    const mailing = { kind: 'international', lines: ['Storgata 1', '0150 Oslo'], country: 'NORGE' } as const;
    const roster = createMemoryRoster([row('1', ANNA, { country: '' })]);
    const home = swedish('Björkvägen 1', '11146', 'STOCKHOLM');
    const world = await openTestWorld(
      roster,
      createFakeSpar({ [ANNA]: registered(ANNA, { home, mailing }) }),
    );
    await update(world, OPTIONS);
    expect(roster.rows[0]).toMatchObject({
      street: 'Storgata 1, 0150 Oslo',
      postal_code: '',
      city: '',
      country: 'NORGE',
    });
  });

  it('puts the right person back after a mistyped number has been corrected', async () => {
    const roster = createMemoryRoster([row('1', ANNA)]);
    const bo = registered(BO, {
      name: { given: 'Bo', surname: 'Ek' },
      home: swedish('Ekvägen 2', '22233', 'LUND'),
    });
    const world = await openTestWorld(roster, createFakeSpar({ [ANNA]: registered(ANNA), [BO]: bo }));
    await update(world, OPTIONS);
    Object.assign(roster.rows[0] ?? {}, { personnummer: BO });
    await update(world, OPTIONS);
    expect(roster.rows[0]).toMatchObject({ last_name: 'Ek', street: 'Ekvägen 2' });
    Object.assign(roster.rows[0] ?? {}, { personnummer: ANNA });
    await update(world, OPTIONS);
    expect(roster.rows[0]).toMatchObject({ last_name: 'Björk', street: 'Björkvägen 1' });
  });

  it('keeps an edited address although a rule for names has changed', async () => {
    const roster = createMemoryRoster([row('1', ANNA)]);
    const spar = createFakeSpar({ [ANNA]: registered(ANNA) });
    const world = await openTestWorld(roster, spar);
    await update(world, OPTIONS);
    Object.assign(roster.rows[0] ?? {}, { street: 'Egen gata 1' });
    const { rules } = world.settings;
    const settings = { rules: { ...rules, fields: { ...rules.fields, first_name: 'fill' } } } as const;
    const later = await openTestWorld(roster, spar, { state: world.state, settings });
    const { report } = await update(later, OPTIONS);
    expect(report.review.map(({ reason }) => reason)).toEqual(['edited-since']);
    expect(roster.rows[0]?.street).toBe('Egen gata 1');
  });

  it('does not follow the number of somebody whom another row marks', async () => {
    const NEW = '199001112391';
    const birthDate = date('1990-02-09');
    const spar = createFakeSpar({
      [BO]: {
        kind: 'deregistered',
        id: personId(BO),
        reason: 'renumbered',
        birthDate,
        successors: [personId(NEW)],
      },
      [NEW]: { ...registered(NEW), birthDate } as Answer,
    });
    const roster = createMemoryRoster([row('1', BO), row('2', BO, { type: 'guardian', protected: 'ja' })]);
    const { rules } = (await openTestWorld(roster, spar)).settings;
    const world = await openTestWorld(roster, spar, {
      settings: { rules: { ...rules, renumbered: 'follow' } },
    });
    const { report } = await update(world, OPTIONS);
    expect(report.changes).toEqual([]);
    expect(report.review).toContainEqual({ id: '1', type: 'staff', reason: 'protected', since: TODAY });
    expect(JSON.stringify(await world.state.snapshots.getMany([personId(NEW)]))).not.toContain('Björk');
  });

  it('erases from the journal what stood in the row of somebody protected, under whatever number', async () => {
    const roster = createMemoryRoster([row('1', ANNA)]);
    const world = await openTestWorld(
      roster,
      createFakeSpar({ [ANNA]: registered(ANNA), [BO]: protectedPerson(BO) }),
    );
    await update(world, OPTIONS);
    const key = { type: 'staff', id: '1' } as const;
    expect(JSON.stringify([...(await world.state.journal.lastChanges([key]))])).toContain('Gamla vägen');
    Object.assign(roster.rows[0] ?? {}, { personnummer: BO });
    await update(world, OPTIONS);
    expect(JSON.stringify([...(await world.state.journal.lastChanges([key]))])).not.toContain('vägen');
  });

  it('forgets the name of somebody newly marked even when a brake stops the run', async () => {
    const roster = createMemoryRoster([
      row('1', ANNA, { street: 'Björkvägen 1', postal_code: '11146', city: 'Stockholm' }),
      row('2', BO),
    ]);
    const spar = createFakeSpar({ [ANNA]: registered(ANNA), [BO]: registered(BO) });
    const limits = { maxChangedShare: 0, maxMissingShare: 1, minPeople: 1 };
    const world = await openTestWorld(roster, spar, { settings: { limits } });
    Object.assign(roster.rows[0] ?? {}, { protected: 'ja' });
    expect((await refusal(update(world, OPTIONS))).code).toBe('brake');
    expect(JSON.stringify(await world.state.snapshots.getMany([personId(ANNA)]))).not.toContain('Björk');
  });

  it('tells of SPAR before the brake where both stop it', async () => {
    const rejected = new SparSyncError('spar-rejected', { en: 'no entry', sv: 'stopp' });
    const roster = createMemoryRoster([row('1', ANNA), row('2', BO)]);
    const spar = createFakeSpar({ [ANNA]: registered(ANNA), [BO]: rejected });
    const limits = { maxChangedShare: 0, maxMissingShare: 1, minPeople: 1 };
    const world = await openTestWorld(roster, spar, { settings: { limits, concurrency: 1 } });
    const error = await refusal(update(world, OPTIONS));
    expect(error.code).toBe('spar-rejected');
    expect(error.message).toMatch(/no entry\n.*1 of 1 people/);
  });

  it('counts people, not rows, for the brakes and for what was reused', async () => {
    const roster = createMemoryRoster([row('1', ANNA), row('2', ANNA, { type: 'guardian' })]);
    const limits = { maxChangedShare: 0.5, maxMissingShare: 1, minPeople: 2 };
    const spar = createFakeSpar({ [ANNA]: registered(ANNA) });
    const world = await openTestWorld(roster, spar, { settings: { limits } });
    await update(world, OPTIONS);
    const { report } = await update(world, OPTIONS);
    expect(report.lookups).toMatchObject({ asked: 0, reused: 1 });
  });

  it('does not ask again about the guardian of a child who has died', async () => {
    const dead: Answer = { kind: 'deregistered', id: personId(CHILD), reason: 'deceased', successors: [] };
    const roster = createMemoryRoster(
      [row('1', CHILD, { type: 'student' }), row('8', BO, { type: 'guardian' })],
      { links: [{ student: '1', guardian: '8', relation: '', source: '' }] },
    );
    const spar = createFakeSpar({ [CHILD]: dead, [BO]: registered(BO) });
    const world = await openTestWorld(roster, spar);
    await update(world, OPTIONS);
    spar.asked.splice(0);
    const { report } = await update({ ...world, today: date('2027-01-23') }, OPTIONS);
    expect(spar.asked).toEqual([]);
    expect(report.notAsked).toEqual([{ id: '8', type: 'guardian', reason: 'no-active-student' }]);
  });

  it('asks about the guardian of a child who has no number yet', async () => {
    const roster = createMemoryRoster(
      [
        row('10', '20150101-TF01', { type: 'student' }),
        row('11', '', { type: 'student', birth_date: '2001-01-01' }),
        row('20', ANNA, { type: 'guardian', birth_date: '' }),
        row('21', BO, { type: 'guardian' }),
      ],
      {
        links: [
          { student: '10', guardian: '20' },
          { student: '11', guardian: '21' },
        ],
      },
    );
    const spar = createFakeSpar();
    await update(await openTestWorld(roster, spar), OPTIONS);
    expect(spar.asked.map((request) => request.id)).toEqual([ANNA]);
  });

  it('keeps the day on which an item was first seen through a run that could not ask', async () => {
    const roster = createMemoryRoster([row('1', ANNA, { first_name: 'Berit' })]);
    const spar = createFakeSpar({ [ANNA]: registered(ANNA) });
    const world = await openTestWorld(roster, spar, { today: date('2026-01-10') });
    await update(world, OPTIONS);
    const on = async (day: string, offline: boolean) =>
      update(await openTestWorld(roster, spar, { state: world.state, today: date(day) }), {
        ...OPTIONS,
        offline,
      });
    await on('2026-02-10', true);
    const { report } = await on('2026-02-11', false);
    expect(report.review).toEqual([{ id: '1', type: 'staff', reason: 'name-differs', since: '2026-01-10' }]);
  });

  it('asks anew about a new number whose answer is old', async () => {
    const NEW = '199001112391';
    const birthDate = date('1990-02-09');
    const spar = createFakeSpar({ [NEW]: { ...registered(NEW), birthDate } as Answer });
    const elsewhere = createMemoryRoster([row('9', NEW)]);
    const before = await openTestWorld(elsewhere, spar, { today: date('2025-01-01') });
    await update(before, OPTIONS);
    spar.answers.set(BO, {
      kind: 'deregistered',
      id: personId(BO),
      reason: 'renumbered',
      birthDate,
      successors: [personId(NEW)],
    });
    const settings = { rules: { ...before.settings.rules, renumbered: 'follow' } } as const;
    const world = await openTestWorld(createMemoryRoster([row('1', BO)]), spar, {
      state: before.state,
      settings,
    });
    await update(world, OPTIONS);
    expect(spar.asked.map((request) => request.id)).toEqual([NEW, BO, NEW]);
  });

  it('leaves the whole row alone when somebody changed one cell of it meanwhile', async () => {
    const roster = createMemoryRoster([row('1', ANNA)]);
    const world = await openTestWorld(roster, createFakeSpar({ [ANNA]: registered(ANNA) }));
    roster.beforeCommit = () => {
      roster.beforeCommit = undefined;
      Object.assign(roster.rows[0] ?? {}, { street: 'Rättad gata 2' });
    };
    await update(world, OPTIONS);
    expect(roster.rows[0]).toMatchObject({ street: 'Rättad gata 2', postal_code: '222 22', city: 'Lund' });
  });

  it('remembers after a crash what had been compared', async () => {
    const roster = createMemoryRoster([row('1', ANNA)]);
    const spar = createFakeSpar({ [ANNA]: registered(ANNA) });
    const world = await openTestWorld(roster, spar);
    const { journal } = world.state;
    const dying = {
      ...world,
      state: {
        ...world.state,
        journal: {
          ...journal,
          applied: async () => Promise.reject(new Error('killed')),
          notApplied: async () => {},
        },
      },
    };
    await expect(update(dying, OPTIONS)).rejects.toThrow('killed');
    expect(roster.rows[0]?.street).toBe('Björkvägen 1');
    Object.assign(roster.rows[0] ?? {}, { street: 'Egen gata 1' });
    const { report } = await update(world, OPTIONS);
    expect(world.events).toContainEqual({ kind: 'settled', run: 1, outcome: 'applied' });
    expect(report.review.map(({ reason }) => reason)).toEqual(['edited-since']);
    expect(roster.rows[0]?.street).toBe('Egen gata 1');
  });

  it('shows somebody whom another row marks as protected in every run, online or not', async () => {
    const fits = { street: 'Björkvägen 1', postal_code: '11146', city: 'Stockholm' };
    const roster = createMemoryRoster([
      row('1', ANNA, fits),
      row('2', ANNA, { type: 'guardian', protected: 'ja' }),
    ]);
    const world = await openTestWorld(roster, createFakeSpar({ [ANNA]: registered(ANNA) }));
    const expected = [
      ['1', 'protected'],
      ['2', 'no-longer-protected'],
    ];
    for (const offline of [false, false, true]) {
      const { report } = await update(world, { ...OPTIONS, offline });
      expect(report.review.map(({ id, reason }) => [id, reason])).toEqual(expected);
      expect(report.notAsked).toEqual([]);
    }
  });

  it('erases no relations in a dry run', async () => {
    const guardianship = { current: [], ended: [] };
    const roster = createMemoryRoster([row('1', CHILD, { type: 'student' })]);
    const spar = createFakeSpar({ [CHILD]: { ...registered(CHILD), guardianship } as Answer });
    const world = await openTestWorld(roster, spar);
    await update(world, OPTIONS);
    const grownUp = await openTestWorld(roster, spar, { state: world.state, today: date('2040-01-01') });
    await update(grownUp, { ...OPTIONS, dryRun: true, offline: true });
    expect(await world.state.snapshots.withRelations()).toEqual([CHILD]);
    await update(grownUp, { ...OPTIONS, offline: true });
    expect(await world.state.snapshots.withRelations()).toEqual([]);
  });
});

describe('somebody who is protected under another number', () => {
  const NEW = '199001112391';
  const THIRD = '199101212380';
  const birthDate = date('1990-01-14');
  const renumbered = (id: string, ...successors: string[]): Answer => ({
    kind: 'deregistered',
    id: personId(id),
    reason: 'renumbered',
    birthDate,
    successors: successors.map(personId),
  });
  const follow = {
    rules: {
      address: 'mailing',
      firstName: 'call',
      fields: { first_name: 'review', last_name: 'spar', address: 'spar' },
      renumbered: 'follow',
    },
  } as const;
  const later = date('2027-01-23');

  /** What of the person the state file still holds. The digests of a roster in memory are the roster itself. */
  function tracesIn({ statePath }: { statePath: string }): readonly string[] {
    const db = new Database(statePath, { readonly: true });
    const tables = ['snapshot', 'change', 'act', 'ledger', 'review'];
    const all = JSON.stringify(tables.map((table) => db.prepare(`SELECT * FROM ${table}`).all()));
    db.close();
    return ['Hemligia', 'Dolda stigen', 'Gömdsson'].filter((trace) => all.includes(trace));
  }

  const NAME = { given: 'Hemligia', surname: 'Gömdsson' };
  const HOME = swedish('Dolda stigen 1', '11146', 'STOCKHOLM');
  const secret = (id: string): Answer => registered(id, { name: NAME, home: HOME });

  it('is marked on the row of the old number, when the number is followed, and nothing of them stays', async () => {
    const roster = createMemoryRoster([row('1', ANNA), row('9', BO)]);
    const spar = createFakeSpar({ [ANNA]: secret(ANNA) });
    const world = await openTestWorld(roster, spar, { settings: follow });
    await update(world, OPTIONS);
    expect(roster.rows[0]).toMatchObject({ street: 'Dolda stigen 1' });
    expect(tracesIn(world)).toContain('Dolda stigen');

    spar.answers.set(ANNA, renumbered(ANNA, NEW));
    spar.answers.set(NEW, protectedPerson(NEW));
    const then = { ...world, today: later };
    const { report } = await update(then, OPTIONS);
    expect(report.changes).toEqual([
      { id: '1', type: 'staff', field: 'protected', from: '', to: 'sekretessmarkering' },
    ]);
    expect(report.review.filter(({ id }) => id === '1').map(({ reason }) => reason)).toEqual(['protected']);
    expect(roster.rows[0]).toMatchObject({ personnummer: ANNA, status: '', protected: 'sekretessmarkering' });
    expect(tracesIn(world)).toEqual([]);

    // The same again, without a question, the next day; and asked about anew in its time.
    const asked = spar.asked.length;
    const next = await update(then, OPTIONS);
    expect(next.report.changes).toEqual([]);
    expect(next.report.review).toEqual(report.review);
    expect(spar.asked).toHaveLength(asked);
    spar.answers.set(NEW, registered(NEW));
    await update({ ...world, today: date('2027-03-23') }, OPTIONS);
    expect(spar.asked.slice(asked).map(({ id }) => id)).toContain(NEW);
    expect(roster.rows[0]).toMatchObject({ protected: 'sekretessmarkering', street: 'Dolda stigen 1' });
  });

  it('is marked on every row of theirs, whichever number it holds', async () => {
    const roster = createMemoryRoster([
      row('1', ANNA),
      row('2', NEW),
      row('3', BO, { street: 'Björkvägen 1' }),
    ]);
    const spar = createFakeSpar({ [ANNA]: secret(ANNA), [NEW]: secret(NEW), [BO]: registered(BO) });
    const world = await openTestWorld(roster, spar);
    await update(world, OPTIONS);
    spar.answers.set(ANNA, renumbered(ANNA, NEW));
    spar.answers.set(NEW, protectedPerson(NEW));
    const { report } = await update({ ...world, today: later }, OPTIONS);
    expect(roster.rows.map((one) => one.protected)).toEqual(['sekretessmarkering', 'sekretessmarkering', '']);
    expect(report.review.map(({ id, reason }) => [id, reason])).toEqual([
      ['1', 'protected'],
      ['2', 'protected'],
    ]);
    expect(tracesIn(world)).toEqual([]);
    // Nor by a row that is as it was when it was last compared.
    roster.rows.push(row('4', ANNA, { type: 'guardian' }));
    expect((await update({ ...world, today: later }, OPTIONS)).report.changes).toEqual([
      { id: '4', type: 'guardian', field: 'protected', from: '', to: 'sekretessmarkering' },
    ]);
  });

  it('is found by what SPAR said of the new number before it was protected', async () => {
    const roster = createMemoryRoster([row('1', ANNA), row('2', NEW)]);
    const before = { ...secret(NEW), predecessors: [personId(ANNA)] } as Answer;
    const spar = createFakeSpar({ [ANNA]: secret(ANNA), [NEW]: before });
    const world = await openTestWorld(roster, spar);
    await update(world, OPTIONS);
    spar.answers.set(NEW, protectedPerson(NEW));
    const named = { ...OPTIONS, refresh: true, namedRows: true };
    const { report } = await update(world, { ...named, selected: ({ id }) => id === '2' });
    expect(report.changes.map(({ id, field }) => [id, field])).toEqual([['2', 'protected']]);
    expect(tracesIn(world)).toEqual([]);
    const asked = spar.asked.length;
    const all = await update(world, OPTIONS);
    expect(all.report.changes.map(({ id, field }) => [id, field])).toEqual([['1', 'protected']]);
    expect(spar.asked).toHaveLength(asked);
  });

  it('is withheld under the new number too where a row of the old one is marked', async () => {
    const roster = createMemoryRoster([row('1', ANNA), row('2', NEW)]);
    const before = { ...secret(NEW), predecessors: [personId(ANNA)] } as Answer;
    const spar = createFakeSpar({ [ANNA]: renumbered(ANNA, NEW), [NEW]: before });
    const world = await openTestWorld(roster, spar);
    await update(world, OPTIONS);
    Object.assign(roster.rows[0] ?? {}, { protected: 'ja' });
    const { report } = await update(world, OPTIONS);
    expect(report.changes).toEqual([]);
    expect(report.review.find(({ id }) => id === '2')?.reason).toBe('protected');
    expect(tracesIn(world)).toEqual([]);
    expect(spar.asked).toHaveLength(2);
    await update(world, OPTIONS);
    expect(spar.asked).toHaveLength(2);
  });

  it('leaves alone those who only might be the same person', async () => {
    const roster = createMemoryRoster([row('1', ANNA), row('2', NEW), row('3', THIRD)]);
    const spar = createFakeSpar({
      [ANNA]: renumbered(ANNA, NEW, THIRD),
      [NEW]: protectedPerson(NEW),
      [THIRD]: registered(THIRD),
    });
    await update(await openTestWorld(roster, spar), OPTIONS);
    expect(roster.rows.map((one) => one.protected)).toEqual(['sekretessmarkering', 'sekretessmarkering', '']);
    expect(roster.rows[2]?.street).toBe('Björkvägen 1');
  });

  it.each(['20100101-TF01', ''])(
    'is found by what was written to a marked row that now holds the number "%s"',
    async (number) => {
      const roster = createMemoryRoster([
        row('1', ANNA),
        row('2', BO, { first_name: 'Hemligia', last_name: 'Gömdsson', street: 'Dolda stigen 1' }),
        row('3', THIRD),
      ]);
      Object.assign(roster.rows[1] ?? {}, { postal_code: '111 46', city: 'Stockholm' });
      const spar = createFakeSpar({ [ANNA]: secret(ANNA), [BO]: secret(BO), [THIRD]: registered(THIRD) });
      const world = await openTestWorld(roster, spar);
      // Row 1 was written to; row 2 was only compared.
      expect((await update(world, OPTIONS)).report.people.changed).toBe(2);
      for (const at of [0, 1])
        Object.assign(roster.rows[at] ?? {}, { personnummer: number, protected: 'ja' });
      const { report } = await update(world, OPTIONS);
      expect(report.review.map(({ id, reason }) => [id, reason])).toEqual([
        ['1', 'protected'],
        ['2', 'protected'],
      ]);
      expect(report.notAsked.map(({ id }) => id)).toEqual(['1', '2']);
      expect(report.changes).toEqual([]);
      const answers = await world.state.snapshots.getMany([ANNA, BO, THIRD].map(personId));
      expect(answers.map((one) => one?.answer.kind)).toEqual(['withheld', 'withheld', 'registered']);
      const written = await world.state.journal.writtenBy(1);
      expect(written.changes.filter(({ key }) => key.id !== '3')).toEqual([]);
      expect(tracesIn(world)).toEqual([]);
    },
  );

  it('leaves no trace of a student whose number the school has replaced, after guardians either', async () => {
    const child = { ...secret(CHILD), guardianship: { current: [], ended: [] } } as Answer;
    const roster = createMemoryRoster(
      [row('1', CHILD, { type: 'student' }), row('8', BO, { type: 'guardian' })],
      {
        links: [{ student: '1', guardian: '8', relation: '', source: '' }],
      },
    );
    const spar = createFakeSpar({ [CHILD]: child, [BO]: registered(BO) });
    const world = await openGuardianWorld(roster, spar);
    await update(world, OPTIONS);
    await guardians(world, GUARDIAN_RUN);
    expect(tracesIn(world)).not.toEqual([]);
    Object.assign(roster.rows[0] ?? {}, { personnummer: '20150112-TF01', protected: 'ja' });
    const { report } = await update(world, OPTIONS);
    await guardians(world, GUARDIAN_RUN);
    expect(report.review).toContainEqual({ id: '1', type: 'student', reason: 'protected', since: TODAY });
    expect(tracesIn(world)).toEqual([]);
  });

  it.each([
    ['the school marks the row', { protected: 'ja' }, secret(THIRD)],
    ['SPAR says that the new number is protected', {}, protectedPerson(THIRD)],
  ] as const)('leaves no trace under a number that the school has replaced: %s', async (_, mark, answer) => {
    for (const isCommitted of [true, false]) {
      const roster = createMemoryRoster([row('1', ANNA), row('2', BO)]);
      const spar = createFakeSpar({ [ANNA]: secret(ANNA), [BO]: registered(BO), [THIRD]: answer });
      const world = await openTestWorld(roster, spar);
      await update(world, { ...OPTIONS, dryRun: !isCommitted });
      expect(tracesIn(world)).not.toEqual([]);
      Object.assign(roster.rows[0] ?? {}, { personnummer: THIRD, ...mark });
      await update(world, { ...OPTIONS, dryRun: true });
      expect(tracesIn(world)).toEqual([]);
      const [stranger] = await world.state.snapshots.getMany([personId(BO)]);
      expect(stranger?.answer.kind).toBe('registered');
    }
  });

  it('leaves alone the number that the row held by a slip where it is on a row of its own', async () => {
    const roster = createMemoryRoster([row('1', BO), row('2', BO)]);
    const world = await openTestWorld(
      roster,
      createFakeSpar({ [BO]: registered(BO), [THIRD]: secret(THIRD) }),
    );
    await update(world, OPTIONS);
    Object.assign(roster.rows[0] ?? {}, { personnummer: THIRD, protected: 'ja' });
    await update(world, OPTIONS);
    const [other] = await world.state.snapshots.getMany([personId(BO)]);
    expect(other?.answer.kind).toBe('registered');
  });

  it('leaves no trace of a marked guardian without a number in what was answered about the child', async () => {
    const guardianship = {
      current: [{ name: NAME, birthDate: date('1980-01-14'), deceased: false }],
      ended: [],
    };
    const child = { ...registered(CHILD), guardianship } as Answer;
    const roster = createMemoryRoster(
      [row('1', CHILD, { type: 'student' }), row('8', '', { type: 'guardian' })],
      { links: [{ student: '1', guardian: '8', relation: '', source: '' }] },
    );
    const world = await openTestWorld(roster, createFakeSpar({ [CHILD]: child }));
    await update(world, OPTIONS);
    expect(tracesIn(world)).not.toEqual([]);
    Object.assign(roster.rows[1] ?? {}, { protected: 'ja' });
    await update(world, { ...OPTIONS, dryRun: true });
    expect(tracesIn(world)).toEqual([]);
  });

  it('does not pay night after night for a row of theirs that nobody has marked', async () => {
    const roster = createMemoryRoster([row('1', ANNA), row('2', ANNA, { type: 'guardian' })]);
    const spar = createFakeSpar({ [ANNA]: secret(ANNA) });
    const world = await openTestWorld(roster, spar);
    await update(world, OPTIONS);
    Object.assign(roster.rows[0] ?? {}, { personnummer: '', protected: 'ja' });
    for (const _ of [1, 2]) {
      const { report } = await update(world, OPTIONS);
      expect(report.review.map(({ id, reason }) => [id, reason])).toEqual([
        ['1', 'protected'],
        ['2', 'protected'],
      ]);
    }
    expect(spar.asked).toHaveLength(1);
  });
});
