import { describe, expect, it } from 'vitest';
import { applyDecisions } from '../../src/app/duplicates/apply-decisions.ts';
import { guardians } from '../../src/app/guardians/guardians.ts';
import { undo } from '../../src/app/history/undo.ts';
import type { PreparedWrite } from '../../src/app/roster-port.ts';
import { settleUnfinishedRuns } from '../../src/app/settle.ts';
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
  openGuardianWorld,
  student,
  type TestGuardianWorld,
} from '../support/guardian-world.ts';
import { createMemoryRoster, type MemoryOptions, type MemoryRoster } from '../support/memory-roster.ts';
import { createFakeSpar } from '../support/update-world.ts';

/** Where a process dies: with the journal at `planned`, with all staged, or after the end of the write. */
const DEATHS = ['planned', 'staged', 'committed'] as const;
type Death = (typeof DEATHS)[number];

class Died extends Error {}

/** A world in which the process dies there: nothing that comes later is written down. */
function dyingAt(death: Death, world: TestGuardianWorld): TestGuardianWorld {
  let isDead = false;
  const die = (): never => {
    isDead = true;
    throw new Died();
  };
  const { journal } = world.state;
  const ignored = async () => {
    if (isDead) throw new Died();
  };
  const dying = (prepared: PreparedWrite): PreparedWrite => ({
    ...prepared,
    stage: async () => (death === 'planned' ? die() : prepared.stage()),
    async commit() {
      if (death === 'staged') return die();
      await prepared.commit();
      return die();
    },
  });
  return {
    ...world,
    roster: {
      ...world.roster,
      async prepareWrite(write, run) {
        const prepared = await world.roster.prepareWrite(write, run);
        return prepared.kind === 'prepared' ? dying(prepared) : prepared;
      },
    },
    state: {
      ...world.state,
      journal: {
        ...journal,
        applied: async (...args) => (isDead ? ignored() : journal.applied(...args)),
        notApplied: async (run) => (isDead ? ignored() : journal.notApplied(run)),
        finished: async (run, exit) => (isDead ? ignored() : journal.finished(run, exit)),
      },
    },
  };
}

async function settle(world: TestGuardianWorld): Promise<string[]> {
  world.events.length = 0;
  await settleUnfinishedRuns(world.state.journal, world.roster, world.progress);
  expect(await world.state.journal.unfinished()).toEqual([]);
  return world.events.flatMap((event) => (event.kind === 'settled' ? [event.outcome] : []));
}

function family(more: MemoryOptions = {}): MemoryRoster {
  return createMemoryRoster(
    [
      student('1', KIM),
      student('2', LO),
      guardian('8', { first_name: 'Bo', last_name: 'Ek', street: 'Gatan 1', postal_code: '111 46' }),
      guardian('9', { personnummer: ANNA, first_name: 'Anna', last_name: 'Ek' }),
    ],
    { links: [{ student: '1', guardian: '8', relation: 'far', source: '' }], ...more },
  );
}

const spar = () =>
  createFakeSpar({
    [KIM]: child(KIM, [ANNA, BO]),
    [LO]: child(LO, [EVA]),
    [BO]: adult(BO, 'Bo Ek'),
    [EVA]: adult(EVA, 'Eva Ask'),
  });

const asText = ({ rows, links }: MemoryRoster) =>
  JSON.stringify(
    [rows, links].map((all) => all.map((one) => Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))),
  );

/** The kinds of act of a run, and how many cells it changed. */
async function journalled(world: TestGuardianWorld, run: number): Promise<string[]> {
  const { acts, changes } = await world.state.journal.writtenBy(run);
  return [...acts.map(({ kind }) => kind), ...(changes.length > 0 ? [`${changes.length} cells`] : [])].sort();
}

const WHOLE = ['2 cells', 'link-added', 'link-added', 'row-added'];

describe.each([{ database: false }, { database: true }])('a run of guardians that died, %o', (more) => {
  it.each(DEATHS)('at %s: is settled by what the roster shows', async (death) => {
    const roster = family(more);
    const world = await openGuardianWorld(roster, spar());
    const before = asText(roster);
    await expect(guardians(dyingAt(death, world), GUARDIAN_RUN)).rejects.toThrow(Died);
    const isWritten = death === 'committed';
    expect(asText(roster) === before).toBe(!isWritten);
    expect(await settle(world)).toEqual([isWritten ? 'applied' : 'not-applied']);
    expect(await journalled(world, 1)).toEqual(isWritten ? WHOLE : []);
    expect((await world.state.journal.run(1))?.phase).toBe(isWritten ? 'applied' : 'not-applied');

    // The next run does what is missing, and together it can be taken back.
    const { report } = await guardians(world, GUARDIAN_RUN);
    expect(roster.links).toHaveLength(3);
    expect(report.guardians.created).toHaveLength(isWritten ? 0 : 1);
    const undone = await undo(isWritten ? 1 : report.run, world, { dryRun: false });
    expect(undone.report.left).toEqual([]);
    expect(asText(roster)).toBe(before);
  });

  it('at committed, with something edited since: what is there is applied', async () => {
    const roster = family(more);
    const world = await openGuardianWorld(roster, spar());
    await expect(guardians(dyingAt('committed', world), GUARDIAN_RUN)).rejects.toThrow(Died);
    Object.assign(roster.rows[0] ?? {}, { phone: '08-1' });
    expect(await settle(world)).toEqual(['applied']);
    expect(await journalled(world, 1)).toEqual(WHOLE);
  });

  it('at planned, with something edited since: nothing of it is applied', async () => {
    const roster = family(more);
    const world = await openGuardianWorld(roster, spar());
    await expect(guardians(dyingAt('planned', world), GUARDIAN_RUN)).rejects.toThrow(Died);
    Object.assign(roster.rows[0] ?? {}, { phone: '08-1' });
    expect(await settle(world)).toEqual(['not-applied']);
    expect(await journalled(world, 1)).toEqual([]);
  });
});

describe('a run that died between two files', () => {
  it('when rows were added: people are there and links are not', async () => {
    const roster = family();
    const world = await openGuardianWorld(roster, spar());
    await expect(guardians(dyingAt('committed', world), GUARDIAN_RUN)).rejects.toThrow(Died);
    roster.links.splice(1);
    expect(await settle(world)).toEqual(['partly']);
    expect(await journalled(world, 1)).toEqual(['2 cells', 'row-added']);
    const { report } = await guardians(world, GUARDIAN_RUN);
    expect(report.guardians).toEqual({ assigned: [], created: [] });
    expect(report.links.added).toHaveLength(2);
  });

  it('and one row was not written: it is struck out with its cells, and not counted as compared', async () => {
    const roster = family();
    const world = await openGuardianWorld(roster, spar());
    await expect(guardians(dyingAt('committed', world), GUARDIAN_RUN)).rejects.toThrow(Died);
    Object.assign(roster.rows[2] ?? {}, { personnummer: '', city: '' });
    expect(await settle(world)).toEqual(['partly']);
    expect(await journalled(world, 1)).toEqual(['link-added', 'link-added', 'row-added']);
    const { report } = await guardians(world, GUARDIAN_RUN);
    expect(report.guardians.assigned).toEqual([{ id: '8', grade: 'certain' }]);
  });
});

describe('a merge that died', () => {
  function doubled(more: MemoryOptions = {}): MemoryRoster {
    return createMemoryRoster(
      [
        student('1', KIM),
        student('2', LO),
        guardian('8', { first_name: 'Anna', last_name: 'Ek', email: 'anna@example.org' }),
        guardian('9', { personnummer: ANNA, first_name: 'Anna', last_name: 'Ek' }),
        guardian('10', { first_name: 'Nils', last_name: 'Alm' }),
      ],
      {
        links: [
          { student: '1', guardian: '8', relation: 'mor', source: '' },
          { student: '2', guardian: '8', relation: 'mor', source: '' },
          { student: '2', guardian: '9', relation: '', source: '' },
        ],
        ...more,
      },
    );
  }
  const ALL = ['1 cells', 'link-moved', 'link-moved', 'link-removed', 'row-removed'];

  describe.each([{ database: false }, { database: true }])('%o', (more) => {
    it.each(DEATHS)('at %s: is settled with its decisions', async (death) => {
      const roster = doubled(more);
      const world = await openGuardianWorld(roster, createFakeSpar());
      const before = asText(roster);
      const decisions = await decide(world, ['same', '9', '8'], ['different', '9', '10']);
      await expect(applyDecisions(decisions, dyingAt(death, world), { dryRun: false })).rejects.toThrow(Died);
      const isWritten = death === 'committed';
      // Not in force while nobody knows.
      expect(await world.state.journal.decisions()).toEqual([]);
      expect(await settle(world)).toEqual([isWritten ? 'applied' : 'not-applied']);
      expect(await journalled(world, 1)).toEqual(isWritten ? ALL : []);
      expect(await world.state.journal.decisions()).toHaveLength(isWritten ? 2 : 0);
      if (isWritten) await undo(1, world, { dryRun: false });
      expect(asText(roster)).toBe(before);
    });
  });

  it('between two files: links are moved, and the row is still there', async () => {
    const roster = doubled();
    const world = await openGuardianWorld(roster, createFakeSpar());
    const before = structuredClone(roster.rows);
    const decisions = await decide(world, ['same', '9', '8']);
    await expect(applyDecisions(decisions, dyingAt('committed', world), { dryRun: false })).rejects.toThrow(
      Died,
    );
    roster.rows.splice(0, roster.rows.length, ...before);
    expect(await settle(world)).toEqual(['partly']);
    expect(await journalled(world, 1)).toEqual(['link-moved', 'link-moved', 'link-removed']);
    const { report } = await undo(1, world, { dryRun: false });
    expect(report.left).toEqual([]);
    expect(roster.links.map((link) => `${link.student}-${link.guardian}`)).toEqual(['1-8', '2-8', '2-9']);
  });

  it('that only remembered decisions: they are in force', async () => {
    const roster = doubled();
    const world = await openGuardianWorld(roster, createFakeSpar());
    const decisions = await decide(world, ['different', '9', '8']);
    const { journal } = world.state;
    const dead = {
      ...world,
      state: {
        ...world.state,
        journal: {
          ...journal,
          applied: async () => {
            throw new Died();
          },
          finished: async () => {},
        },
      },
    };
    await expect(applyDecisions(decisions, dead, { dryRun: false })).rejects.toThrow(Died);
    expect(await journal.decisions()).toEqual([]);
    expect(await settle(world)).toEqual(['applied']);
    expect(await journal.decisions()).toHaveLength(1);
  });

  it('and its undo that died: settled either way, and taken back again', async () => {
    for (const death of DEATHS) {
      const roster = doubled();
      const world = await openGuardianWorld(roster, createFakeSpar());
      const before = asText(roster);
      await applyDecisions(await decide(world, ['same', '9', '8']), world, { dryRun: false });
      const after = asText(roster);
      await expect(undo(1, dyingAt(death, world), { dryRun: false })).rejects.toThrow(Died);
      const isWritten = death === 'committed';
      expect(await settle(world)).toEqual([isWritten ? 'applied' : 'not-applied']);
      expect(asText(roster)).toBe(isWritten ? before : after);
      expect(await world.state.journal.decisions()).toHaveLength(isWritten ? 0 : 1);
      await undo(isWritten ? 2 : 1, world, { dryRun: false });
      expect(asText(roster)).toBe(isWritten ? after : before);
    }
  });
});

describe('a database that gave away the id of a row that was rolled back', () => {
  it('does not take the stranger for the row of the run', async () => {
    const roster = family({ database: true });
    const world = await openGuardianWorld(roster, spar());
    await expect(guardians(dyingAt('staged', world), GUARDIAN_RUN)).rejects.toThrow(Died);
    roster.rows.push(guardian('10', { first_name: 'Nils', last_name: 'Alm' }));
    expect(await settle(world)).toEqual(['not-applied']);
  });
});
