import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { applyDecisions } from '../../src/app/duplicates/apply-decisions.ts';
import { reportDuplicates } from '../../src/app/duplicates/duplicates.ts';
import { exportRoster } from '../../src/app/export.ts';
import { guardians } from '../../src/app/guardians/guardians.ts';
import { historyOf } from '../../src/app/history/history.ts';
import { undo } from '../../src/app/history/undo.ts';
import { nightly } from '../../src/app/nightly/nightly.ts';
import { update } from '../../src/app/update/update.ts';
import { addDays } from '../../src/domain/calendar-date.ts';
import { PERSON_TYPES } from '../../src/domain/roster.ts';
import { personId } from '../support/arbitraries.ts';
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
  OLE,
  openGuardianWorld,
  rowKey,
  student,
  type TestGuardianWorld,
} from '../support/guardian-world.ts';
import { createMemoryRoster, type MemoryOptions, type MemoryRow } from '../support/memory-roster.ts';
import { createFakeSpar, type FakeSpar, OPTIONS, protectedPerson, TODAY } from '../support/update-world.ts';

const SECRET = 'Hemligia';
const FORCED = { ...OPTIONS, force: true };

const staff = (id: string, more: Partial<MemoryRow>): MemoryRow => ({ ...guardian(id, more), type: 'staff' });

const secretive = (id: string) => adult(id, `Anna ${SECRET}`);

/** Rows, links and answers; every command that may write or show somebody. */
async function school(
  rows: readonly MemoryRow[],
  answers: Parameters<typeof createFakeSpar>[0],
  links: Parameters<typeof createMemoryRoster>[1] = {},
) {
  const roster = createMemoryRoster(rows, { database: true, ...links });
  const spar = createFakeSpar(answers);
  const world = await openGuardianWorld(roster, spar);
  return { roster, spar, world };
}

/** As if both rows had been guardians and one of them had come back since. */
async function declareSame({ state, clock }: TestGuardianWorld, a: string, b: string): Promise<void> {
  const { journal } = state;
  const start = {
    command: 'duplicates apply',
    asOf: TODAY,
    at: clock.now(),
    endUser: 'x',
    dryRun: false,
  } as const;
  const run = await journal.start(start);
  const decisions = [{ a: rowKey(a), b: rowKey(b), verdict: 'same' } as const];
  await journal.planned(run, { changes: [], acts: [], files: [], compared: [], decisions });
  await journal.applied(run, { rows: [], links: [] }, []);
}

async function exported(world: TestGuardianWorld): Promise<string> {
  const shown: unknown[] = [];
  for await (const batch of exportRoster(world, () => true)) shown.push(batch);
  return JSON.stringify(shown);
}

async function tellsNothing(
  world: TestGuardianWorld,
  spar: FakeSpar,
  roster: { rows: readonly MemoryRow[] },
) {
  const asked = spar.asked.length;
  const shown: unknown[] = [];
  for (const days of [0, 1, 2]) {
    const then = { ...world, today: addDays(TODAY, days) };
    shown.push((await update(then, FORCED)).report);
    shown.push((await guardians(then, { ...GUARDIAN_RUN, force: true })).report);
    shown.push(
      (await nightly(then, { types: PERSON_TYPES, guardians: true, signal: OPTIONS.signal })).update?.report,
    );
    shown.push(await reportDuplicates(then));
    shown.push(await exported(then));
  }
  expect(JSON.stringify(shown)).not.toContain(SECRET);
  expect(JSON.stringify(roster.rows)).not.toContain(SECRET);
  expect(spar.asked.length - asked).toBeLessThanOrEqual(3);
}

describe('somebody whose marked row has lost its number', () => {
  it('is known by the row that they were asked about for, run after run, and is not bought again', async () => {
    const { roster, spar, world } = await school(
      [guardian('9', { personnummer: ANNA, last_name: SECRET, first_name: 'Anna' })],
      {
        [ANNA]: secretive(ANNA),
      },
    );
    await update(world, OPTIONS);
    roster.rows.splice(
      0,
      1,
      guardian('9', { protected: 'ja' }),
      staff('5', { personnummer: ANNA, street: 'Gammal 1' }),
    );
    await tellsNothing(world, spar, roster);
    expect(roster.rows[1]?.street).toBe('Gammal 1');
    expect(readFileSync(world.statePath).includes(SECRET)).toBe(false);
  });

  it.each<[string, Partial<MemoryRow>]>([
    ['of a member of staff', {}],
    ['that is not active', { active: 'nej' }],
  ])('is known by its mark, where another row was asked for: a row %s', async (_, more) => {
    const { roster, spar, world } = await school(
      [
        guardian('9', { personnummer: ANNA, street: 'Gammal 1' }),
        staff('5', { personnummer: ANNA, protected: 'ja', ...more }),
      ],
      { [ANNA]: secretive(ANNA) },
    );
    await update(world, OPTIONS);
    Object.assign(roster.rows[1] ?? {}, { personnummer: '' });
    await tellsNothing(world, spar, roster);
    expect(roster.rows[0]?.street).toBe('Gammal 1');
  });

  it('is known by its mark, where the answer was there before it', async () => {
    const { roster, spar, world } = await school(
      [guardian('9', { personnummer: ANNA, street: 'Gammal 1' }), staff('5', {})],
      { [ANNA]: secretive(ANNA) },
    );
    await update(world, { ...OPTIONS, dryRun: true });
    Object.assign(roster.rows[1] ?? {}, { personnummer: ANNA, protected: 'ja' });
    await update(world, OPTIONS);
    Object.assign(roster.rows[1] ?? {}, { personnummer: '' });
    await tellsNothing(world, spar, roster);
    expect(roster.rows[0]?.street).toBe('Gammal 1');
  });

  it('is known by its mark, where guardians are all that is ever run', async () => {
    const { roster, spar, world } = await school(
      [student('1', KIM), guardian('9', { personnummer: ANNA, protected: 'ja' })],
      { [KIM]: child(KIM, [ANNA]), [ANNA]: secretive(ANNA) },
      { links: [{ student: '1', guardian: '9' }] },
    );
    await guardians(world, GUARDIAN_RUN);
    Object.assign(roster.rows[1] ?? {}, { personnummer: '' });
    await tellsNothing(world, spar, roster);
    expect(roster.rows).toHaveLength(2);
  });

  it.each<[string, readonly MemoryRow[], MemoryOptions]>([
    ['with a slip', [guardian('9', { personnummer: 'SE 800913-9265', protected: 'ja' })], {}],
    [
      'on a row that could not be taken',
      [],
      { untaken: [{ id: '9', types: ['guardian'], numbers: [ANNA], mark: 'yes' }] },
    ],
  ])('is known by the number that it told %s', async (_, rows, options) => {
    const there = staff('5', { personnummer: ANNA, street: 'Gammal 1' });
    const { spar, world } = await school([...rows, there], { [ANNA]: secretive(ANNA) }, options);
    await update(world, FORCED);
    const roster = createMemoryRoster([guardian('9', { protected: 'ja' }), there], { database: true });
    await tellsNothing({ ...world, roster }, spar, roster);
    expect(roster.rows[1]?.street).toBe('Gammal 1');
  });

  it.each([
    ['before', (row: MemoryRow) => ({ ...row }), 0],
    ['after', (row: MemoryRow) => ({ ...row, personnummer: '' }), 1],
  ])(
    'is known when its mark has moved to another row and a merge is undone: merged %s',
    async (_, lose, nights) => {
      const { roster, spar, world } = await school(
        [
          guardian('9', { personnummer: ANNA, protected: 'ja', first_name: 'Anna', last_name: 'Ek' }),
          guardian('8', { first_name: 'Anna', last_name: 'Ek', phone: '070' }),
          staff('5', { personnummer: ANNA, street: 'Gammal 1' }),
        ],
        { [ANNA]: secretive(ANNA) },
        { links: [] },
      );
      await update(world, FORCED);
      Object.assign(roster.rows[0] ?? {}, lose(roster.rows[0] as MemoryRow));
      const merged = await applyDecisions(await decide(world, ['same', '8', '9']), world, { dryRun: false });
      for (let night = 0; night < nights; night++) await update(world, FORCED);
      await undo(merged.report.run, world, { dryRun: false });
      await tellsNothing(world, spar, roster);
      expect(roster.rows.find(({ id }) => id === '5')?.street).toBe('Gammal 1');
    },
  );

  it('stays known where the mark is off while nobody is asked, and is on again then', async () => {
    const { roster, spar, world } = await school(
      [
        guardian('9', { personnummer: ANNA, protected: 'ja', active: 'nej' }),
        staff('5', { personnummer: ANNA, street: 'Gammal 1' }),
      ],
      { [ANNA]: secretive(ANNA) },
    );
    await update(world, FORCED);
    Object.assign(roster.rows[0] ?? {}, { personnummer: '' });
    await update(world, FORCED);
    for (const quiet of [{ offline: true }, { offline: true, dryRun: true }]) {
      Object.assign(roster.rows[0] ?? {}, { protected: '' });
      await update(world, { ...FORCED, ...quiet });
      Object.assign(roster.rows[0] ?? {}, { protected: 'ja' });
    }
    await tellsNothing(world, spar, roster);
    expect(roster.rows[1]?.street).toBe('Gammal 1');
  });

  it('is forgotten with its mark', async () => {
    const { roster, world } = await school(
      [guardian('9', { personnummer: ANNA, street: 'Gammal 1' }), staff('5', { personnummer: ANNA })],
      { [ANNA]: adult(ANNA, 'Anna Ek') },
    );
    Object.assign(roster.rows[1] ?? {}, { protected: 'ja' });
    await update(world, OPTIONS);
    expect(roster.rows[0]?.street).toBe('Gammal 1');
    Object.assign(roster.rows[1] ?? {}, { protected: '' });
    await update(world, OPTIONS);
    expect(await world.state.snapshots.markedRows()).toEqual([]);
    expect(roster.rows[0]?.last_name).toBe('Ek');
  });

  it('gets no new row as guardian of a child', async () => {
    const { roster, spar, world } = await school(
      [student('1', KIM), staff('5', { personnummer: ANNA, last_name: SECRET, first_name: 'Anna' })],
      { [KIM]: child(KIM, [ANNA]), [ANNA]: secretive(ANNA) },
      { links: [] },
    );
    await update(world, { ...OPTIONS, selected: ({ type }) => type === 'staff' });
    Object.assign(roster.rows[1] ?? {}, { personnummer: '', last_name: '', first_name: '', protected: 'ja' });
    await tellsNothing(world, spar, roster);
    expect(roster.rows).toHaveLength(2);
  });

  it('shows nothing in the pairs of rows that may be one person', async () => {
    const { roster, world } = await school(
      [
        guardian('9', { personnummer: ANNA, first_name: 'Anna', last_name: 'Ek' }),
        guardian('7', { first_name: 'Anna', last_name: SECRET, email: 'a@example.org' }),
      ],
      { [ANNA]: secretive(ANNA) },
      { links: [] },
    );
    await update(world, OPTIONS);
    Object.assign(roster.rows[0] ?? {}, { personnummer: '', first_name: '', last_name: '', protected: 'ja' });
    roster.rows.push(
      guardian('8', { personnummer: ANNA, first_name: 'Anna', last_name: SECRET, email: 'a@example.org' }),
    );
    const { pairs } = await reportDuplicates(world);
    expect(pairs.map(({ a, b }) => [a.id, b.id].sort().join(' '))).toEqual(['7 8']);
    expect(JSON.stringify(pairs)).not.toContain(SECRET);
  });
});

describe('somebody whose marked row holds a number that cannot be used', () => {
  it.each([
    ['a birth date that contradicts it', { personnummer: '800913-9265', birth_date: '1980-09-14' }],
    ['a plus', { personnummer: '800913+9265' }],
    ['a text sign before it', { personnummer: "'19800913-9265" }],
    ['letters before it', { personnummer: 'SE 800913-9265' }],
  ])('is hidden on the other rows: %s', async (_, cells) => {
    const { roster, spar, world } = await school(
      [guardian('9', { ...cells, protected: 'ja' }), staff('5', { personnummer: ANNA, street: 'Gammal 1' })],
      { [ANNA]: secretive(ANNA) },
    );
    await tellsNothing(world, spar, roster);
    expect(roster.rows[1]?.street).toBe('Gammal 1');
  });
});

describe('a row without a mark', () => {
  it('is hidden too, where its number has a slip and is that of somebody in hiding', async () => {
    const { roster, spar, world } = await school(
      [
        staff('5', { personnummer: ANNA, protected: 'ja' }),
        guardian('9', { personnummer: 'SE 800913-9265', street: `${SECRET} 1` }),
      ],
      { [ANNA]: secretive(ANNA) },
    );
    expect(await exported(world)).not.toContain(SECRET);
    expect(spar.asked).toEqual([]);
    expect(roster.rows[1]?.street).toBe(`${SECRET} 1`);
  });

  it('is hidden too, where it tells no number any more and was that of somebody in hiding', async () => {
    const { roster, world } = await school(
      [guardian('9', { personnummer: ANNA }), guardian('8', { street: 'Synlig 1' })],
      { [ANNA]: secretive(ANNA) },
    );
    await update(world, OPTIONS);
    Object.assign(roster.rows[0] ?? {}, { personnummer: '' });
    expect(await exported(world)).toContain(SECRET);
    roster.rows.push(staff('5', { personnummer: ANNA, protected: 'ja' }));
    expect(await exported(world)).not.toContain(SECRET);
    expect(await exported(world)).toContain('Synlig 1');
  });

  it('is hidden in pairs, merges, and what a merge before the mark has written', async () => {
    const home = { street: 'Gatan 1', postal_code: '11146', city: 'STOCKHOLM' };
    const asInSpar = { first_name: 'Anna', last_name: SECRET, ...home };
    const { roster, world } = await school(
      [
        // As SPAR has it: nothing is written to it, and no change in the journal leads to it.
        guardian('7', { personnummer: ANNA, ...asInSpar, email: 'a@example.org' }),
        guardian('8', { first_name: 'Anna', last_name: SECRET, phone: '0709' }),
        guardian('6', { first_name: 'Anna', last_name: SECRET, email: 'A@example.org', phone: '' }),
      ],
      { [ANNA]: secretive(ANNA) },
      { links: [] },
    );
    await update(world, OPTIONS);
    Object.assign(roster.rows[0] ?? {}, { personnummer: '' });
    const before = await applyDecisions(await decide(world, ['same', '7', '8']), world, { dryRun: false });
    roster.rows.push(staff('5', { personnummer: ANNA, protected: 'ja' }));
    const told = await historyOf(before.report.run, world);
    expect(['7', '8'].map((id) => told.hidden({ type: 'guardian', id }))).toEqual([true, true]);
    const written = async () => JSON.stringify(await world.state.journal.writtenBy(before.report.run));
    expect(await written()).toContain('0709');
    await guardians(world, GUARDIAN_RUN);
    expect(await written()).not.toContain('0709');
    const { pairs } = await reportDuplicates(world);
    expect(pairs.map(({ a, b }) => [a.id, b.id].sort().join(' '))).toEqual(['6 7']);
    expect(JSON.stringify(pairs)).not.toContain(SECRET);
    const merged = await applyDecisions(await decide(world, ['same', '6', '7']), world, { dryRun: false });
    expect([...merged.hiddenRows].sort()).toEqual(['guardian:6', 'guardian:7']);
    expect(JSON.stringify(await world.state.journal.writtenBy(merged.report.run))).not.toContain('0709');
  });

  it('is hidden at once by the mark on a row with which a merge that is done again has joined it', async () => {
    const { roster, world } = await school(
      [
        guardian('7', { first_name: 'Anna', last_name: 'Ek' }),
        guardian('8', { first_name: 'Anna', last_name: 'Ek', phone: '0701234567', email: 'a@example.org' }),
      ],
      {},
      { links: [] },
    );
    const merged = await applyDecisions(await decide(world, ['same', '7', '8']), world, { dryRun: false });
    const undone = await undo(merged.report.run, world, { dryRun: false });
    Object.assign(roster.rows.find(({ id }) => id === '8') ?? {}, { protected: 'ja' });
    const again = await undo(undone.report.run, world, { dryRun: false });
    expect(['7', '8'].map((id) => again.hidden({ type: 'guardian', id }))).toEqual([true, true]);
    expect(roster.rows.find(({ id }) => id === '7')?.phone ?? '').toBe('');
  });

  it('stays hidden after a mark was taken off until the person has been asked about anew', async () => {
    const { roster, world } = await school(
      [
        staff('5', { personnummer: ANNA, protected: 'ja', first_name: 'Anna', last_name: 'Ek' }),
        guardian('9', { personnummer: 'SE 800913-9265', street: 'Synlig 1' }),
        guardian('8', { first_name: 'Anna', last_name: 'Ek', street: 'Synlig 2' }),
      ],
      { [ANNA]: adult(ANNA, 'Anna Ek') },
      { links: [] },
    );
    await update(world, { ...OPTIONS, selected: ({ id }) => id === '5' });
    Object.assign(roster.rows[0] ?? {}, { protected: '' });
    await update(world, OPTIONS);
    Object.assign(roster.rows[0] ?? {}, { protected: 'ja' });
    await declareSame(world, 'guardian:8', 'staff:5');
    await update(world, OPTIONS);
    Object.assign(roster.rows[0] ?? {}, { protected: '' });
    expect(await exported(world)).not.toContain('Synlig');
    await update(world, OPTIONS);
    expect(await exported(world)).toContain('Synlig 1');
    expect(await exported(world)).toContain('Synlig 2');
  });
});

describe('somebody who is declared to be the same person as another row', () => {
  it('is hidden by the mark on it, whatever number it has, in every command', async () => {
    const { roster, spar, world } = await school(
      [
        student('1', KIM),
        guardian('9', { personnummer: ANNA, first_name: 'Anna', last_name: 'Ek' }),
        staff('5', { personnummer: BO, first_name: 'Anna', last_name: 'Ek', street: 'Gammal 1' }),
      ],
      { [KIM]: child(KIM, [BO]), [BO]: secretive(BO), [ANNA]: secretive(ANNA), [EVA]: secretive(EVA) },
      { links: [] },
    );
    await declareSame(world, 'guardian:9', 'staff:5');
    // The school gives the guardian another number and marks the row.
    Object.assign(roster.rows[1] ?? {}, { personnummer: EVA, protected: 'ja' });
    await tellsNothing(world, spar, roster);
    expect(roster.rows.map(({ street }) => street)).toEqual(['', '', 'Gammal 1']);
  });
});

describe('somebody protected under a number that no row holds', () => {
  it('is not bought again in every run, and brings nobody into the roster', async () => {
    const spar = createFakeSpar({
      [KIM]: child(KIM, [OLE]),
      [LO]: child(LO, [BO]),
      [OLE]: protectedPerson(OLE),
      [BO]: { ...adult(BO, `Bo ${SECRET}`), predecessors: [personId(OLE)] } as never,
    });
    const roster = createMemoryRoster([student('1', KIM), student('2', LO)], { links: [] });
    const world = await openGuardianWorld(roster, spar);
    await guardians(world, GUARDIAN_RUN);
    const asked = spar.asked.length;
    for (const _ of [1, 2, 3]) {
      const { report } = await guardians(world, GUARDIAN_RUN);
      expect(report.guardians.created).toEqual([]);
    }
    expect(spar.asked).toHaveLength(asked);
    expect(JSON.stringify(roster.rows)).not.toContain(SECRET);
  });

  it('neither where it is the child', async () => {
    const spar = createFakeSpar({
      [LO]: protectedPerson(LO),
      [KIM]: { ...child(KIM, [ANNA, BO]), predecessors: [personId(LO)] } as never,
      [ANNA]: secretive(ANNA),
      [BO]: adult(BO, `Bo ${SECRET}`),
    });
    const roster = createMemoryRoster(
      [student('1', KIM), student('2', LO, { active: 'nej', protected: 'x' }), guardian('3')],
      { links: [] },
    );
    const world = await openGuardianWorld(roster, spar);
    for (const _ of [1, 2, 3, 4]) {
      await guardians(world, GUARDIAN_RUN);
      await nightly(world, { types: PERSON_TYPES, guardians: true, signal: OPTIONS.signal });
    }
    expect(roster.rows).toHaveLength(3);
    expect(roster.links).toEqual([]);
    expect(spar.asked.filter(({ id }) => id === KIM).length).toBeLessThanOrEqual(1);
  });
});

describe('a new number that is followed and stands on a marked row', () => {
  it('is bought once, and counts as asked about when its answer is old', async () => {
    const rules = {
      address: 'mailing',
      firstName: 'call',
      fields: { first_name: 'review', last_name: 'spar', address: 'spar' },
      renumbered: 'follow',
    } as const;
    const spar = createFakeSpar({
      [ANNA]: { kind: 'deregistered', id: personId(ANNA), reason: 'renumbered', successors: [personId(BO)] },
      [BO]: secretive(BO),
    });
    const roster = createMemoryRoster([
      staff('1', { personnummer: ANNA }),
      staff('2', { personnummer: BO, protected: 'x' }),
    ]);
    const world = await openGuardianWorld(roster, spar, { settings: { rules } });
    for (const _ of [1, 2, 3]) await update(world, OPTIONS);
    expect(spar.asked.map(({ id }) => id).sort()).toEqual([ANNA, BO].sort());
  });
});

describe('decisions', () => {
  it('withhold at once what is kept of whom they hide', async () => {
    const { world } = await school(
      [
        guardian('8', { first_name: 'Anna', last_name: 'Ek', protected: 'ja' }),
        guardian('9', { personnummer: ANNA, first_name: 'Anna', last_name: 'Ek' }),
      ],
      { [ANNA]: secretive(ANNA) },
      { links: [] },
    );
    await update(world, { ...OPTIONS, selected: ({ id }) => id === '9' });
    await applyDecisions(await decide(world, ['same', '9', '8']), world, { dryRun: false });
    const [answer] = await world.state.snapshots.getMany([personId(ANNA)]);
    expect(answer?.answer.kind).toBe('withheld');
  });
});
