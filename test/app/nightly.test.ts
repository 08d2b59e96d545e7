import { describe, expect, it } from 'vitest';
import { undo } from '../../src/app/history/undo.ts';
import { type NightlyOptions, nightly } from '../../src/app/nightly/nightly.ts';
import { settleUnfinishedRuns } from '../../src/app/settle.ts';
import { status } from '../../src/app/status.ts';
import { addDays } from '../../src/domain/calendar-date.ts';
import { PERSON_TYPES } from '../../src/domain/roster.ts';
import { SparSyncError } from '../../src/errors.ts';
import {
  ANNA,
  adult,
  BO,
  child,
  EVA,
  guardian,
  KIM,
  LO,
  OLE,
  openGuardianWorld,
  student,
} from '../support/guardian-world.ts';
import { createMemoryRoster } from '../support/memory-roster.ts';
import { refusal } from '../support/refusal.ts';
import { createFakeSpar, swedish, TODAY } from '../support/update-world.ts';

const NIGHT: NightlyOptions = {
  types: PERSON_TYPES,
  guardians: true,
  signal: new AbortController().signal,
};

const OLD = { street: 'Gamla vägen 1', postal_code: '111 46', city: 'Stockholm' };

/** Two students; Anna is linked to one and has moved, Bo is new to the roster. */
function school() {
  return createMemoryRoster(
    [
      student('1', KIM),
      student('2', LO),
      guardian('9', { personnummer: ANNA, first_name: 'Anna', last_name: 'Ek', ...OLD }),
    ],
    { links: [{ student: '1', guardian: '9' }] },
  );
}

const spar = () =>
  createFakeSpar({
    [KIM]: child(KIM, [ANNA, BO]),
    [LO]: child(LO, [BO]),
    [ANNA]: adult(ANNA, 'Anna Ek', swedish('Nya vägen 2', '11146', 'STOCKHOLM')),
    [BO]: adult(BO, 'Bo Ek'),
  });

const askedIds = (of: ReturnType<typeof spar>) => of.asked.map(({ id }) => id);

const AWAY = { kind: 'unavailable', detail: { en: 'no route', sv: 'ingen väg' } } as const;

describe('a night', () => {
  it('is update and guardians in one run, and asks about nobody twice', async () => {
    const [roster, register] = [school(), spar()];
    const world = await openGuardianWorld(roster, register);
    const { run, update, guardians, gaps, stopped } = await nightly(world, NIGHT);

    expect(askedIds(register).sort()).toEqual([ANNA, BO, KIM, LO].sort());
    expect(update?.report).toMatchObject({ run, people: { changed: 1 }, lookups: { asked: 3, failed: 0 } });
    expect(guardians?.report).toMatchObject({
      run,
      guardians: { assigned: [], created: [{ id: '10' }] },
      lookups: { asked: 1, notFound: 0, failed: 0, cost: 0.4 },
    });
    expect([gaps, stopped]).toEqual([false, undefined]);
    expect(roster.rows).toContainEqual(expect.objectContaining({ id: '9', street: 'Nya vägen 2' }));
    expect(roster.rows).toContainEqual(expect.objectContaining({ id: '10', personnummer: BO }));
    expect(await world.state.journal.runs()).toMatchObject([
      {
        run,
        command: 'nightly',
        phase: 'applied',
        exit: 'done',
        changedRows: 1,
        acts: { 'row-added': 1, 'link-added': 2 },
      },
    ]);
  });

  it('says and does nothing the night after', async () => {
    const [roster, register] = [school(), spar()];
    const world = await openGuardianWorld(roster, register);
    await nightly(world, NIGHT);
    const [asked, writes] = [register.asked.length, roster.writes];
    const { update, guardians } = await nightly(world, NIGHT);
    expect([register.asked.length, roster.writes]).toEqual([asked, writes]);
    expect([...(update?.newReviews ?? [1]), ...(guardians?.newReviews ?? [1])]).toEqual([]);
    expect([update?.report.changes, guardians?.report.links.added]).toEqual([[], []]);
  });

  it('is taken back as one', async () => {
    const roster = school();
    const before = { rows: structuredClone(roster.rows), links: structuredClone(roster.links) };
    const world = await openGuardianWorld(roster, spar());
    const { run } = await nightly(world, NIGHT);
    const { report } = await undo(run, world, { dryRun: false });
    expect(report.left).toEqual([]);
    expect({ rows: roster.rows, links: roster.links }).toEqual(before);
  });

  it.each([
    ['without guardians', { guardians: false }, [ANNA, KIM, LO], ['update']],
    ['with guardians alone', { types: [] }, [BO, KIM, LO], ['guardians']],
    ['of students alone', { types: ['student'], guardians: false }, [KIM, LO], ['update']],
  ] as const)('%s does just that', async (_, options, asked, parts) => {
    const register = spar();
    const outcome = await nightly(await openGuardianWorld(school(), register), { ...NIGHT, ...options });
    expect(askedIds(register).sort()).toEqual([...asked].sort());
    expect(Object.keys(outcome).filter((key) => key === 'update' || key === 'guardians')).toEqual(parts);
  });

  it('has one budget, and the next night goes on with the rest', async () => {
    const register = spar();
    const world = await openGuardianWorld(school(), register, {
      settings: { limits: { maxLookupsPerRun: 3, maxChangedShare: 1, maxMissingShare: 1, minPeople: 20 } },
    });
    const first = await nightly(world, NIGHT);
    expect(register.asked).toHaveLength(3);
    expect(first.gaps).toBe(true);
    expect(first.guardians?.report.notAsked).toMatchObject([{ reason: 'budget' }, { reason: 'budget' }]);
    const second = await nightly(world, NIGHT);
    expect(askedIds(register).slice(3)).toEqual([BO]);
    expect([second.gaps, second.guardians?.report.guardians.created]).toEqual([false, [{ id: '10' }]]);
  });

  it('spends no more than the month allows, whichever part asks', async () => {
    const register = spar();
    const limits = { maxCostPerMonth: 1.2, maxChangedShare: 1, maxMissingShare: 1, minPeople: 20 };
    const world = await openGuardianWorld(school(), register, { settings: { limits } });
    await nightly(world, NIGHT);
    await nightly(world, NIGHT);
    expect(register.asked).toHaveLength(3);
  });
});

describe('a night with a budget', () => {
  const limited = (limits: object) => ({
    settings: { limits: { maxChangedShare: 1, maxMissingShare: 1, minPeople: 20, ...limits } },
  });

  /** A night every 31 days; who was asked about, by night. */
  async function year(limits: object, nights: number) {
    const register = spar();
    register.answers.set(EVA, adult(EVA, 'Eva Ek'));
    register.answers.set(OLE, adult(OLE, 'Ole Ek'));
    register.answers.set(LO, child(LO, [BO, EVA, OLE]));
    const world = await openGuardianWorld(school(), register, limited(limits));
    const asked: string[][] = [];
    for (let i = 0; i < nights; i++) {
      const before = register.asked.length;
      await nightly({ ...world, today: addDays(TODAY, 31 * i) }, NIGHT);
      asked.push(askedIds(register).slice(before));
    }
    return asked;
  }

  it('does not let answers that are to be renewed keep those waiting who were never asked', async () => {
    // Three answers grow old between one night and the next, and three lookups are all there is.
    const asked = await year({ maxLookupsPerRun: 3 }, 6);
    expect(asked.map((ids) => ids.length)).toEqual([3, 3, 3, 3, 3, 3]);
    expect(new Set(asked.flat())).toEqual(new Set([KIM, LO, ANNA, BO, EVA, OLE]));
  });

  it('renews the oldest answers first, of either part, with what is left', async () => {
    const asked = await year({ maxLookupsPerRun: 4 }, 8);
    const last = new Map<string, number>();
    asked.forEach((ids, night) => {
      for (const id of ids) last.set(id, night);
    });
    expect(Math.min(...last.values())).toBeGreaterThanOrEqual(6);
  });

  it('does not let people about whom SPAR never answers keep others waiting', async () => {
    const register = spar();
    const refused = { kind: 'refused', detail: { en: 'no', sv: 'nej' } } as const;
    for (const id of [KIM, LO]) register.answers.set(id, refused);
    const world = await openGuardianWorld(school(), register, limited({ maxLookupsPerRun: 2 }));
    const asked: string[][] = [];
    for (let i = 0; i < 4; i++) {
      const before = register.asked.length;
      await nightly({ ...world, today: addDays(TODAY, i) }, NIGHT);
      asked.push(askedIds(register).slice(before));
    }
    expect(asked[0]).toEqual([KIM, LO]);
    expect(asked[1]).toContain(ANNA);
  });

  it('counts what may have been billed, and not only what was answered', async () => {
    const register = spar();
    const lost = { kind: 'unavailable', detail: { en: 'cut', sv: 'bruten' }, sent: true } as const;
    for (const id of [KIM, LO, ANNA, BO]) register.answers.set(id, lost);
    const world = await openGuardianWorld(school(), register, limited({ maxLookupsPerRun: 2 }));
    const { gaps } = await nightly(world, NIGHT);
    expect([register.asked.length, gaps]).toEqual([2, true]);
    const byMonth = await openGuardianWorld(school(), register, limited({ maxCostPerMonth: 0.4 }));
    register.asked.splice(0);
    await nightly(byMonth, NIGHT);
    await nightly(byMonth, NIGHT);
    expect(register.asked).toHaveLength(1);
  });

  it('buys what status foretells', async () => {
    for (const maxLookupsPerRun of [0, 1, 2, 3, 4, 5, 6]) {
      const register = spar();
      const world = await openGuardianWorld(school(), register, limited({ maxLookupsPerRun: 6 }));
      await nightly(world, NIGHT);
      const later = {
        ...world,
        today: addDays(TODAY, 31),
        settings: { ...world.settings, ...limited({ maxLookupsPerRun }).settings },
      };
      const told = await status(later, { selected: () => true, oneBudget: true });
      const { update, guardians } = await nightly(later, NIGHT);
      expect([told.nextRun.lookups, told.nextGuardians?.lookups]).toEqual([
        update?.report.lookups.asked,
        guardians?.report.lookups.asked,
      ]);
    }
  });

  it.each([{}, { maxLookupsPerRun: 9 }])(
    'asks once about a child who is on a row of another type, with the relations: %j',
    async (limits) => {
      for (const type of ['staff', 'guardian'] as const) {
        const register = spar();
        const roster = createMemoryRoster([
          student('1', KIM),
          { ...guardian('7', { personnummer: KIM, first_name: 'Barnet', last_name: 'Ek' }), type },
        ]);
        const world = await openGuardianWorld(roster, register, limited(limits));
        const options = { ...NIGHT, types: [type] };
        const told = await status(world, { selected: (key) => key.type === type, oneBudget: true });
        await nightly(world, options);
        expect(askedIds(register).filter((id) => id === KIM)).toEqual([KIM]);
        expect(register.asked[0]?.permissions).toEqual(['relations']);
        expect(told.nextRun.lookups + (told.nextGuardians?.lookups ?? 0)).toBe(1);
      }
    },
  );
});

describe('a night on which something is wrong', () => {
  it('asks no more once SPAR has stopped it, and writes what was answered', async () => {
    const [roster, register] = [school(), spar()];
    register.answers.set(LO, new SparSyncError('spar-rejected', { en: 'no', sv: 'nej' }));
    const world = await openGuardianWorld(roster, register, { settings: { concurrency: 1 } });
    const { stopped, update, guardians } = await nightly(world, NIGHT);
    expect(stopped?.code).toBe('spar-rejected');
    expect(askedIds(register)).toEqual([KIM, LO]);
    expect(update?.report.notAsked).toContainEqual({ id: '9', type: 'guardian', reason: 'failed' });
    expect(guardians?.report.lookups).toMatchObject({ asked: 0, failed: 1 });
    expect((await world.state.journal.runs())[0]).toMatchObject({ exit: 'spar-rejected' });
  });

  it('does not ask in guardians whom update could not reach', async () => {
    const register = spar();
    register.answers.set(LO, AWAY);
    const world = await openGuardianWorld(school(), register);
    const { gaps, stopped, guardians } = await nightly(world, NIGHT);
    expect([gaps, stopped]).toEqual([true, undefined]);
    expect(askedIds(register).filter((id) => id === LO)).toHaveLength(1);
    expect(guardians?.report.notAsked).toContainEqual({ id: '2', type: 'student', reason: 'failed' });
  });

  it('writes nothing at all when the brake of update says so, and names the way on by hand', async () => {
    const roster = school();
    const limits = { maxChangedShare: 0.1, maxMissingShare: 1, minPeople: 1 };
    const world = await openGuardianWorld(roster, spar(), { settings: { limits } });
    const refused = await refusal(nightly(world, NIGHT));
    expect([refused.code, refused.hint?.en]).toEqual([
      'brake',
      expect.stringContaining('`spar-sync update --force`'),
    ]);
    expect(roster.writes).toBe(0);
    expect((await world.state.journal.runs())[0]).toMatchObject({ command: 'nightly', exit: 'brake' });
  });

  it('tells what update wrote when the brake of guardians stops the rest', async () => {
    const roster = createMemoryRoster(
      [
        student('1', KIM),
        guardian('8', { first_name: 'Bo', last_name: 'Ek', street: 'Gatan 1', postal_code: '111 46' }),
        guardian('9', { personnummer: ANNA, first_name: 'Anna', last_name: 'Ek', ...OLD }),
      ],
      {
        links: [
          { student: '1', guardian: '8' },
          { student: '1', guardian: '9' },
        ],
      },
    );
    const limits = { maxChangedShare: 0.5, maxMissingShare: 1, minPeople: 1 };
    const world = await openGuardianWorld(roster, spar(), { settings: { limits } });
    const { run, update, guardians, stopped } = await nightly(world, NIGHT);
    expect(update?.report.changes).not.toEqual([]);
    expect(guardians).toBeUndefined();
    expect(stopped?.code).toBe('brake');
    expect(stopped?.text.en).toMatch(
      /^In `guardians`, after `update` had written what is shown: Stopped: 1 of 1.* It wrote nothing\.$/,
    );
    expect(roster.rows[1]).toMatchObject({ personnummer: '' });
    expect(await world.state.journal.run(run)).toMatchObject({
      phase: 'applied',
      exit: 'brake',
      changedRows: 1,
    });
    // What update wrote can be taken back all the same.
    await undo(run, world, { dryRun: false });
    expect(roster.rows[2]).toMatchObject(OLD);
  });

  it('ends between the two parts when somebody says stop, and what update wrote stands', async () => {
    const controller = new AbortController();
    const [roster, register] = [school(), spar()];
    const world = await openGuardianWorld(roster, register);
    const stopping = {
      ...world,
      progress: (event: Parameters<typeof world.progress>[0]) => {
        if (event.kind === 'writing') controller.abort();
      },
    };
    const { update, guardians, stopped } = await nightly(stopping, { ...NIGHT, signal: controller.signal });
    expect([update?.report.people.changed, guardians, stopped?.code]).toEqual([1, undefined, 'interrupted']);
    expect(stopped?.text.en).not.toContain('as it was');
    expect(askedIds(register)).not.toContain(BO);
    const again = await nightly(world, NIGHT);
    expect(again.guardians?.report.guardians.created).toEqual([{ id: '10' }]);
  });

  it('that died while guardians wrote keeps what update had written', async () => {
    const [roster, register] = [school(), spar()];
    const world = await openGuardianWorld(roster, register);
    const { journal } = world.state;
    const dying = {
      ...world,
      state: {
        ...world.state,
        journal: {
          ...journal,
          staged: () => Promise.reject(new Error('the power went')),
          notApplied: () => Promise.reject(new Error('the power went')),
        },
      },
    };
    await expect(nightly(dying, NIGHT)).rejects.toThrow('the power went');
    expect((await journal.run(1))?.phase).toBe('planned');
    await settleUnfinishedRuns(journal, roster, () => {});
    const written = await journal.writtenBy(1);
    expect((await journal.run(1))?.phase).toBe('applied');
    expect(written.changes.map(({ key, field }) => `${key.id} ${field}`)).toContain('9 street');
    await undo(1, world, { dryRun: false });
    expect(roster.rows[2]).toMatchObject(OLD);
  });

  it('is refused where guardians lack what they need, before anything is asked', async () => {
    const register = spar();
    const world = await openGuardianWorld(school(), register, { settings: { granted: [] } });
    expect((await refusal(nightly(world, NIGHT))).code).toBe('config');
    expect(register.asked).toEqual([]);
  });

  it('waits for a SPAR that is away, once for both parts', async () => {
    const register = spar();
    let questions = 0;
    const lookUp = register.lookUp;
    const away = {
      ...register,
      lookUp: (...call: Parameters<typeof lookUp>) =>
        ++questions < 6 ? Promise.resolve(AWAY) : lookUp(...call),
    };
    const world = await openGuardianWorld(school(), away, { settings: { waitMinutes: 10 } });
    const { gaps, stopped } = await nightly(world, NIGHT);
    expect([gaps, stopped]).toEqual([false, undefined]);
    expect(world.events.filter(({ kind }) => kind === 'waiting').length).toBeGreaterThan(0);
    expect(world.events).toContainEqual({
      kind: 'remark',
      text: expect.objectContaining({ en: expect.stringContaining('the run waited and went on') }),
    });
  });
});

describe('somebody who becomes protected in the night', () => {
  it('is so for guardians too, and nothing of them is kept', async () => {
    const register = spar();
    register.answers.set(BO, { kind: 'protected', id: BO as never, mark: 'sekretessmarkering' });
    register.answers.set(EVA, adult(EVA, 'Eva Ek'));
    register.answers.set(KIM, child(KIM, [BO, EVA, OLE]));
    register.answers.set(OLE, adult(OLE, 'Ole Ek'));
    const roster = school();
    const { guardians } = await nightly(await openGuardianWorld(roster, register), NIGHT);
    expect(guardians?.report.review).toContainEqual(
      expect.objectContaining({ id: '1', reason: 'guardian-protected' }),
    );
    expect(roster.rows.some((row) => row.personnummer === BO)).toBe(false);
  });
});
