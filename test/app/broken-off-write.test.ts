import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openCsvRoster } from '../../src/adapters/roster/csv/csv-roster.ts';
import { applyDecisions } from '../../src/app/duplicates/apply-decisions.ts';
import { guardians } from '../../src/app/guardians/guardians.ts';
import { undo } from '../../src/app/history/undo.ts';
import type { CommitResult, PreparedWrite, Roster } from '../../src/app/roster-port.ts';
import { type CsvFolder, makeFolder } from '../adapters/roster/csv-on-disk.ts';
import {
  ANNA,
  adult,
  BO,
  child,
  decide,
  EVA,
  GUARDIAN_RUN,
  KIM,
  LO,
  openGuardianWorld,
  type TestGuardianWorld,
} from '../support/guardian-world.ts';
import { refusal } from '../support/refusal.ts';
import { createFakeSpar } from '../support/update-world.ts';

const PEOPLE = [
  'id,type,personnummer,first_name,last_name,street,postal_code,email,phone',
  `1,elev,${KIM},Kim,Ek,,,,`,
  `2,elev,${LO},Lo,Ek,,,,`,
  '8,guardian,,Bo,Ek,Gatan 1,111 46,,',
  `9,guardian,${ANNA},Anna,Ek,,,,`,
  '10,guardian,,Anna,Ek,,,anna@example.org,',
  '',
].join('\n');
const LINKS = 'student_id,guardian_id,relation,source\n1,8,far,\n1,10,mor,\n';

const spar = () =>
  createFakeSpar({
    [KIM]: child(KIM, [ANNA, BO]),
    [LO]: child(LO, [EVA]),
    [BO]: adult(BO, 'Bo Ek'),
    [EVA]: adult(EVA, 'Eva Ask'),
  });

async function openSchool(): Promise<{ folder: CsvFolder; roster: Roster; world: TestGuardianWorld }> {
  const folder = await makeFolder();
  const files = [{ path: await folder.write('people.csv', PEOPLE), name: 'people.csv' }];
  const links = { path: await folder.write('links.csv', LINKS), name: 'links.csv' };
  const roster = await openCsvRoster({ files, links });
  return { folder, roster, world: await openGuardianWorld(roster, spar()) };
}

/** A world in which something happens to a write just before its end. */
function meddling(
  world: TestGuardianWorld,
  meddle: (prepared: PreparedWrite, run: number) => Promise<CommitResult>,
): TestGuardianWorld {
  return {
    ...world,
    roster: {
      ...world.roster,
      async prepareWrite(write, run) {
        const prepared = await world.roster.prepareWrite(write, run);
        if (prepared.kind === 'target-changed') return prepared;
        return { ...prepared, commit: () => meddle(prepared, run) };
      },
    },
  };
}

/** The new content of this file is gone when it is to be put in its place. */
const loseStaged =
  (folder: CsvFolder, name: string) =>
  async (prepared: PreparedWrite, run: number): Promise<CommitResult> => {
    await rm(join(folder.path, `.${name}.spar-sync-${run}.tmp`));
    return prepared.commit();
  };

const kindsOf = async (world: TestGuardianWorld, run: number) =>
  (await world.state.journal.writtenBy(run)).acts.map(({ kind }) => kind).sort();

describe('a write of which the second file cannot be replaced', () => {
  it('when rows are added: the journal holds what stands, the error says so, and undo takes it back', async () => {
    const { folder, world } = await openSchool();
    const error = await refusal(guardians(meddling(world, loseStaged(folder, 'links.csv')), GUARDIAN_RUN));
    expect(error.code).toBe('roster-unwritable');
    expect(error.text.en).toBe(
      'links.csv: the file cannot be replaced (ENOENT). Part of what run 1 was to write had been written by then and stands in the roster.',
    );
    expect(error.hint?.en).toContain('`spar-sync undo 1` takes it back');
    expect(await folder.bytes('people.csv')).not.toBe(PEOPLE);
    expect(await folder.bytes('links.csv')).toBe(LINKS);
    expect(await folder.names()).toEqual(['links.csv', 'people.csv']);
    expect((await world.state.journal.run(1))?.phase).toBe('applied');
    expect((await world.state.journal.writtenBy(1)).changes).not.toEqual([]);
    expect(await kindsOf(world, 1)).toEqual(['row-added']);

    const { report } = await undo(1, world, { dryRun: false });
    expect(report.left).toEqual([]);
    expect(await folder.bytes('people.csv')).toBe(PEOPLE);
  });

  it('the next run does the rest', async () => {
    const { folder, world } = await openSchool();
    await refusal(guardians(meddling(world, loseStaged(folder, 'links.csv')), GUARDIAN_RUN));
    const { report } = await guardians(world, GUARDIAN_RUN);
    expect(report.guardians).toEqual({ assigned: [], created: [] });
    expect(report.links.added).toHaveLength(2);
  });

  it('when rows are merged: the links have moved and the row is still there', async () => {
    const { folder, world } = await openSchool();
    const decisions = await decide(world, ['same', '9', '10']);
    const error = await refusal(
      applyDecisions(decisions, meddling(world, loseStaged(folder, 'people.csv')), { dryRun: false }),
    );
    expect(error.text.en).toContain('Part of what run 1 was to write');
    expect(await folder.bytes('people.csv')).toBe(PEOPLE);
    expect(await kindsOf(world, 1)).toEqual(['link-moved']);
    expect((await undo(1, world, { dryRun: false })).report.left).toEqual([]);
    expect(await folder.bytes('links.csv')).toBe(LINKS);
  });
});

describe('a write of which the first file cannot be replaced', () => {
  it('wrote nothing, and neither journal nor error says otherwise', async () => {
    const { folder, world } = await openSchool();
    const error = await refusal(guardians(meddling(world, loseStaged(folder, 'people.csv')), GUARDIAN_RUN));
    expect([error.code, error.text.en]).toEqual([
      'roster-unwritable',
      'people.csv: the file cannot be replaced (ENOENT)',
    ]);
    expect(await folder.bytes('people.csv')).toBe(PEOPLE);
    expect(await folder.names()).toEqual(['links.csv', 'people.csv']);
    expect((await world.state.journal.run(1))?.phase).toBe('not-applied');
  });
});

describe('a write in the middle of which somebody else writes', () => {
  const interrupted = async (prepared: PreparedWrite): Promise<CommitResult> => {
    await prepared.commit();
    return { kind: 'partly' };
  };

  it('is not planned again: what stands would be taken out of the journal', async () => {
    const { folder, world } = await openSchool();
    const meddled = meddling(world, async (prepared) => {
      await interrupted(prepared);
      await folder.write('links.csv', `${LINKS}2,9,mor,\n`);
      return { kind: 'partly' };
    });
    const error = await refusal(guardians(meddled, GUARDIAN_RUN));
    expect(error.text.en).toBe(
      'Another program wrote to a file of the roster while it was being written. Part of what run 1 was to write had been written by then and stands in the roster.',
    );
    expect(await kindsOf(world, 1)).toEqual(['row-added']);
    expect(await world.state.journal.unfinished()).toEqual([]);
  });

  it('is said to stand whole where it does', async () => {
    const { world } = await openSchool();
    const error = await refusal(guardians(meddling(world, interrupted), GUARDIAN_RUN));
    expect(error.text.en).toContain('All that run 1 was to write stands in the roster nonetheless.');
    expect((await world.state.journal.run(1))?.phase).toBe('applied');
  });

  it('is left to the next run where the roster cannot be read now', async () => {
    const { folder, world } = await openSchool();
    const meddled = meddling(world, async (prepared) => {
      await interrupted(prepared);
      await folder.remove('links.csv');
      return { kind: 'partly' };
    });
    const error = await refusal(guardians(meddled, GUARDIAN_RUN));
    expect(error.text.en).toContain('may stand in the roster; the next run finds out');
    expect(await world.state.journal.unfinished()).toHaveLength(1);
  });
});
