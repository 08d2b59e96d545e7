import { describe, expect, it } from 'vitest';
import { applyDecisions } from '../../src/app/duplicates/apply-decisions.ts';
import { guardians } from '../../src/app/guardians/guardians.ts';
import { history, historyOf } from '../../src/app/history/history.ts';
import { undo } from '../../src/app/history/undo.ts';
import { update } from '../../src/app/update/update.ts';
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
  openGuardianWorld,
  rowKey,
  student,
} from '../support/guardian-world.ts';
import { createMemoryRoster } from '../support/memory-roster.ts';
import { refusal } from '../support/refusal.ts';
import { createFakeSpar, OPTIONS, protectedPerson, renumberedTo } from '../support/update-world.ts';

const school = () =>
  createMemoryRoster(
    [
      student('1', KIM),
      guardian('8', { first_name: 'Anna', last_name: 'Ek', email: 'anna@example.org' }),
      guardian('9', { personnummer: ANNA, first_name: 'Anna', last_name: 'Ask', street: 'Gamla vägen 9' }),
    ],
    { links: [{ student: '1', guardian: '8', relation: 'mor', source: '' }] },
  );

const register = () =>
  createFakeSpar({
    [KIM]: child(KIM, [ANNA, BO]),
    [ANNA]: adult(ANNA, 'Anna Ek'),
    [BO]: adult(BO, 'Bo Ek'),
  });

describe('history', () => {
  it('tells the runs, newest first, with what each wrote and who took it back', async () => {
    const roster = school();
    const world = await openGuardianWorld(roster, register());
    await update(world, { ...OPTIONS, dryRun: true });
    await update(world, OPTIONS);
    await guardians(world, GUARDIAN_RUN);
    await applyDecisions(await decide(world, ['same', '9', '8']), world, { dryRun: false });
    await undo(4, world, { dryRun: false });
    const { runs } = await history(world);
    expect(runs.map(({ run, command, dryRun, phase }) => [run, command, dryRun, phase])).toEqual([
      [5, 'undo', false, 'applied'],
      [4, 'duplicates apply', false, 'applied'],
      [3, 'guardians', false, 'applied'],
      [2, 'update', false, 'applied'],
      [1, 'update', true, 'started'],
    ]);
    expect(runs[0]).toMatchObject({ undoes: 4, exit: 'done' });
    expect(runs[1]).toMatchObject({ undoneBy: [5], decisions: 1 });
    expect(runs[2]?.acts).toMatchObject({ 'row-added': 1, 'link-added': 2 });
    expect(runs[3]).toMatchObject({ changedRows: 1, endUser: 'test@school' });

    const { report, hidden } = await historyOf(3, world);
    expect(report.written.acts).toHaveLength(3);
    expect(hidden(rowKey('9'))).toBe(false);
    expect((await refusal(historyOf(99, world))).code).toBe('usage');
  });

  it('hides the rows of whoever is protected now: by mark, by answer, by another row, by what was merged', async () => {
    const marked = school();
    const world = await openGuardianWorld(marked, register());
    const { report } = await update(world, OPTIONS);
    expect((await historyOf(report.run, world)).hidden(rowKey('9'))).toBe(false);
    Object.assign(marked.rows[2] ?? {}, { protected: 'ja' });
    const byMark = await historyOf(report.run, world);
    expect(byMark.hidden(rowKey('9'))).toBe(true);
    expect(byMark.hidden(rowKey('8'))).toBe(false);
    Object.assign(marked.rows[2] ?? {}, { protected: '' });
    marked.rows.push({ ...student('5', ANNA), type: 'staff', protected: 'ja' });
    expect((await historyOf(report.run, world)).hidden(rowKey('9'))).toBe(true);

    const spar = register();
    const asked = await openGuardianWorld(school(), spar);
    const run = await update(asked, OPTIONS);
    spar.answers.set(ANNA, protectedPerson(ANNA));
    await update(asked, { ...OPTIONS, refresh: true, dryRun: true });
    const byAnswer = await historyOf(run.report.run, asked);
    expect(byAnswer.hidden(rowKey('9'))).toBe(true);
    // Nothing is left to be hidden, either.
    expect(JSON.stringify(byAnswer.report.written)).not.toContain('Gatan');
    expect(byAnswer.report.written.erasedChanges.length).toBeGreaterThan(0);

    const merged = school();
    const merging = await openGuardianWorld(merged, register());
    const apply = await applyDecisions(await decide(merging, ['same', '9', '8']), merging, { dryRun: false });
    Object.assign(merged.rows[1] ?? {}, { protected: 'ja' });
    const ofMerge = await historyOf(apply.report.run, merging);
    expect(ofMerge.hidden(rowKey('9'))).toBe(true);
    expect(ofMerge.hidden(rowKey('8'))).toBe(true);
  });

  it('hides what an earlier run wrote into a row that has been merged into a marked one since', async () => {
    const roster = school();
    const world = await openGuardianWorld(roster, register());
    const other = { ...roster.rows[1], personnummer: BO };
    Object.assign(roster.rows[1] ?? {}, other);
    const { report } = await update(world, { ...OPTIONS, selected: ({ id }) => id === '8' });
    Object.assign(roster.rows[1] ?? {}, { personnummer: '' });
    await applyDecisions(await decide(world, ['same', '9', '8']), world, { dryRun: false });
    Object.assign(roster.rows[1] ?? {}, { protected: 'ja' });
    expect((await historyOf(report.run, world)).hidden(rowKey('8'))).toBe(true);
  });

  it('hides the rows of whoever is protected under another number', async () => {
    const roster = school();
    roster.rows.push(guardian('10', { personnummer: BO, last_name: 'Alm' }));
    const spar = register();
    const world = await openGuardianWorld(roster, spar);
    const { report } = await update(world, OPTIONS);
    const hidden = async () => {
      const { hidden: isHidden } = await historyOf(report.run, world);
      return ['9', '10'].filter((id) => isHidden(rowKey(id)));
    };
    expect(await hidden()).toEqual([]);
    spar.answers.set(ANNA, renumberedTo(ANNA, EVA));
    const only9 = {
      ...OPTIONS,
      refresh: true,
      dryRun: true,
      selected: ({ id }: { id: string }) => id === '9',
    };
    await update(world, only9);
    expect(await hidden()).toEqual([]);
    // A row of the new number, marked.
    roster.rows.push({ ...student('5', EVA), type: 'staff', protected: 'ja' });
    expect(await hidden()).toEqual(['9']);
    // The answer about the new number.
    Object.assign(roster.rows.at(-1) ?? {}, { protected: '' });
    expect(await hidden()).toEqual([]);
    spar.answers.set(EVA, protectedPerson(EVA));
    await update(world, { ...OPTIONS, dryRun: true });
    expect(await hidden()).toEqual(['9']);
  });
});
