import { describe, expect, it } from 'vitest';
import { type ExportedTable, exportPairs, exportRoster } from '../../src/app/export.ts';
import { update } from '../../src/app/update/update.ts';
import type { Answer } from '../../src/domain/person.ts';
import { begin, carryOut, planned, remember } from '../contract/state-on-trial.ts';
import { date, personId } from '../support/arbitraries.ts';
import {
  ANNA,
  adult,
  BO,
  child,
  EVA,
  guardian,
  KIM,
  LO,
  MIO,
  OLE,
  openGuardianWorld,
  rowKey,
  student,
} from '../support/guardian-world.ts';
import { createMemoryRoster, type MemoryLink, type MemoryRow } from '../support/memory-roster.ts';
import { createFakeSpar, OPTIONS, protectedPerson, renumberedTo } from '../support/update-world.ts';

const all = () => true;

async function tableOf(exported: ExportedTable): Promise<Record<string, string>[]> {
  const rows: (readonly string[])[] = [];
  for await (const batch of exported) rows.push(...batch);
  const [names = [], ...rest] = rows;
  expect(rest.every((row) => row.length === names.length)).toBe(true);
  return rest.map((row) => Object.fromEntries(names.map((name, i) => [name, row[i] ?? ''])));
}

const filled = (row: Record<string, string> | undefined) =>
  Object.fromEntries(Object.entries(row ?? {}).filter(([, value]) => value !== ''));

async function open(
  rows: readonly MemoryRow[],
  links: readonly MemoryLink[] = [],
  answers: Parameters<typeof createFakeSpar>[0] = {},
) {
  const roster = createMemoryRoster(rows, { links });
  const world = await openGuardianWorld(roster, createFakeSpar(answers));
  return { roster, world };
}

describe('export', () => {
  it('has the roster in our columns, with the dates of the answers', async () => {
    const { world } = await open(
      [
        student('1', KIM, { first_name: 'Kim' }),
        guardian('1', { personnummer: ANNA, first_name: 'Anna', last_name: 'Ek' }),
        guardian('2', { last_name: 'Alm', email: 'alm@example.org' }),
      ],
      [],
      { [ANNA]: adult(ANNA, 'Anna Ek') },
    );
    await update(world, { ...OPTIONS, selected: ({ type }) => type === 'guardian' });
    const rows = await tableOf(exportRoster(world, all));
    expect(rows.map(({ id, type }) => `${type}:${id}`)).toEqual(['student:1', 'guardian:1', 'guardian:2']);
    expect(filled(rows[1])).toEqual({
      id: '1',
      type: 'guardian',
      personnummer: ANNA,
      first_name: 'Anna',
      last_name: 'Ek',
      street: 'Gatan 1',
      postal_code: '11146',
      city: 'STOCKHOLM',
      spar_checked: '2026-11-23',
    });
    expect(rows[0]?.['spar_checked']).toBe('');
    expect(rows[2]?.['email']).toBe('alm@example.org');
    const chosen = await tableOf(exportRoster(world, ({ type }) => type === 'student'));
    expect(chosen.map(({ id }) => id)).toEqual(['1']);
  });

  it('keeps what the roster says of the date where there is no answer', async () => {
    const { world } = await open([guardian('1', { personnummer: ANNA, spar_checked: '2026-01-02' })]);
    expect((await tableOf(exportRoster(world, all)))[0]?.['spar_checked']).toBe('2026-01-02');
  });

  it('has nobody else than id, type and mark of protected people: by cell, by answer, by a mark taken off', async () => {
    const { roster, world } = await open(
      [
        guardian('1', { first_name: 'Anna', email: 'a@example.org', protected: 'kvarskriven' }),
        guardian('2', { personnummer: BO, first_name: 'Bo', phone: '070' }),
        guardian('3', { personnummer: EVA, first_name: 'Eva', protected: 'nej' }),
        guardian('4', { personnummer: OLE, first_name: 'Ole', protected: 'ja' }),
      ],
      [],
      { [BO]: protectedPerson(BO), [EVA]: adult(EVA, 'Eva Ask'), [OLE]: adult(OLE, 'Ole Alm') },
    );
    await update(world, { ...OPTIONS, dryRun: true });
    Object.assign(roster.rows[3] ?? {}, { protected: '' });
    const rows = await tableOf(exportRoster(world, all));
    expect(rows.map(filled)).toEqual([
      { id: '1', type: 'guardian', protected: 'kvarskriven' },
      { id: '2', type: 'guardian', protected: 'sekretessmarkering' },
      expect.objectContaining({ id: '3', first_name: 'Eva', protected: 'nej' }),
      { id: '4', type: 'guardian', protected: 'sekretessmarkering' },
    ]);
  });

  it('counts a mark on any row of a person for all their rows', async () => {
    const { world } = await open([
      guardian('1', { personnummer: ANNA, first_name: 'Anna', email: 'a@example.org' }),
      { ...student('5', ANNA), type: 'staff', protected: 'ja' },
    ]);
    const rows = await tableOf(exportRoster(world, all));
    expect(filled(rows[0])).toEqual({ id: '1', type: 'guardian', protected: 'sekretessmarkering' });
    expect(filled(rows[1])).toEqual({ id: '5', type: 'staff', protected: 'ja' });
  });
});

describe('export of people protected under another number or on another row', () => {
  const link = (student_: string, guardian_: string): MemoryLink => ({
    student: student_,
    guardian: guardian_,
  });
  const people = (more: Record<string, Partial<MemoryRow>> = {}) => [
    student('1', KIM),
    guardian('8', { personnummer: ANNA, first_name: 'Anna', ...more['8'] }),
    guardian('9', { personnummer: BO, first_name: 'Anna', ...more['9'] }),
    guardian('10', { first_name: 'Eva', email: 'eva@example.org', ...more['10'] }),
    guardian('11', { personnummer: OLE, first_name: 'Ole' }),
  ];
  const links = ['8', '9', '10', '11'].map((id) => link('1', id));
  type World = Awaited<ReturnType<typeof open>>['world'];

  async function expectHidden(world: World, ...ids: readonly string[]) {
    const rows = await tableOf(exportRoster(world, ({ type }) => type === 'guardian'));
    const hidden = rows.filter((row) => row['first_name'] === '');
    expect(hidden.map(({ id }) => id)).toEqual(ids);
    for (const row of hidden) expect(Object.keys(filled(row)).sort()).toEqual(['id', 'protected', 'type']);
    const pairs = await exportPairs(world);
    expect(pairs).toMatchObject({ pairs: 4 - ids.length, leftOut: ids.length });
  }

  it('has none of their rows, whichever number the answer is about', async () => {
    for (const answers of [
      { [ANNA]: renumberedTo(ANNA, BO), [BO]: protectedPerson(BO) },
      { [ANNA]: renumberedTo(ANNA, EVA, BO), [BO]: protectedPerson(BO) },
      {
        [ANNA]: protectedPerson(ANNA),
        [BO]: { ...adult(BO, 'Anna Ek'), predecessors: [personId(ANNA)] } as Answer,
      },
    ]) {
      const { world } = await open(people(), links, { ...answers, [OLE]: adult(OLE, 'Ole Alm') });
      await expectHidden(world);
      await update(world, { ...OPTIONS, dryRun: true });
      await expectHidden(world, '8', '9');
    }
  });

  it('has none of their rows when a row of another number of theirs is marked', async () => {
    const answers = { [ANNA]: renumberedTo(ANNA, BO), [BO]: adult(BO, 'Anna Ek') };
    const { world, roster } = await open(people(), links, answers);
    await update(world, { ...OPTIONS, dryRun: true });
    await expectHidden(world);
    Object.assign(roster.rows[1] ?? {}, { protected: 'ja', first_name: '' });
    await expectHidden(world, '8', '9');
  });

  it('has none of the rows that somebody has declared to be theirs, while that is in force', async () => {
    const { world, roster } = await open(people(), links, { [BO]: adult(BO, 'Anna Ek') });
    await world.state.journal.planned(await begin(world.state), {
      ...planned({}),
      decisions: [
        // Two roles of one person, one of whose rows is no guardian's.
        { a: rowKey('staff:5'), b: rowKey('10'), verdict: 'same' },
        { a: rowKey('10'), b: rowKey('8'), verdict: 'same', bPerson: personId(ANNA) },
        { a: rowKey('9'), b: rowKey('10'), verdict: 'different' },
      ],
    });
    await world.state.journal.applied(1, { rows: [], links: [] }, []);
    await expectHidden(world);
    roster.rows.push({ ...student('5', OLE), type: 'staff', protected: 'ja' });
    await expectHidden(world, '8', '10', '11');
    await carryOut(world.state, {}, { undoes: 1 });
    await expectHidden(world, '11');
  });
});

describe('export of people declared to be one person', () => {
  async function hiddenIn(world: Awaited<ReturnType<typeof open>>['world']) {
    const rows = await tableOf(exportRoster(world, all));
    return rows.filter((row) => row['first_name'] === '').map(({ id, type }) => `${type}:${id}`);
  }

  it('has none of the other rows and numbers that are theirs by then', async () => {
    const { world, roster } = await open([
      guardian('8', { personnummer: ANNA, first_name: 'Anna' }),
      guardian('9', { personnummer: BO, first_name: 'Anna' }),
      { ...student('5', BO), type: 'staff' },
      guardian('10', { first_name: 'Anna' }),
      guardian('11', { personnummer: OLE, first_name: 'Ole' }),
    ]);
    await carryOut(world.state, {
      changes: [{ key: rowKey('10'), field: 'street', from: '', to: 'x', person: personId(OLE) }],
      decisions: [
        { a: rowKey('8'), b: rowKey('9'), verdict: 'same' },
        { a: rowKey('10'), b: rowKey('404'), verdict: 'same', bPerson: personId(EVA) },
      ],
    });
    expect(await hiddenIn(world)).toEqual([]);
    const [anna] = roster.rows;
    Object.assign(anna ?? {}, { protected: 'ja' });
    expect(await hiddenIn(world)).toEqual(['guardian:8', 'guardian:9', 'staff:5']);
    Object.assign(anna ?? {}, { protected: '' });
    // Whose row has been merged into another.
    roster.rows.push({ ...student('6', EVA), type: 'staff', protected: 'ja' });
    expect(await hiddenIn(world)).toEqual(['guardian:10', 'staff:6']);
    // A marked row without a number still leads to whom it was written for.
    roster.rows.pop();
    Object.assign(roster.rows[3] ?? {}, { protected: 'ja' });
    expect(await hiddenIn(world)).toEqual(['guardian:10', 'guardian:11']);
    Object.assign(roster.rows[3] ?? {}, { protected: '' });
    // By an answer about the one, what holds only the other's number.
    roster.rows.push({ ...student('7', ANNA), type: 'staff' });
    await remember(world.state, protectedPerson(BO));
    expect(await hiddenIn(world)).toEqual(['guardian:8', 'guardian:9', 'staff:5', 'staff:7']);
  });
});

describe('export of pairs', () => {
  const link = (student_: string, guardian_: string): MemoryLink => ({
    student: student_,
    guardian: guardian_,
    relation: '',
    source: '',
  });

  it('has one row a pair of active child and active guardian, in the order of the roster', async () => {
    const { world } = await open(
      [
        student('1', KIM),
        student('2', LO),
        student('3', MIO, { active: 'nej' }),
        student('4', ANNA),
        guardian('8', { personnummer: BO, first_name: 'Bo', last_name: 'Ek', email: 'bo@example.org' }),
        guardian('9', { first_name: 'Eva', last_name: 'Ask', phone: '070-123 45 67' }),
        guardian('10', { first_name: 'Ole', last_name: 'Alm', active: '0' }),
      ],
      [link('2', '9'), link('1', '9'), link('1', '8'), link('3', '8'), link('4', '8'), link('2', '10')],
    );
    const { rows, pairs, leftOut } = await exportPairs(world);
    expect(rows).toEqual([
      ['student_personnummer', 'guardian_personnummer', 'first_name', 'last_name', 'email', 'mobile'],
      [KIM, '', 'Eva', 'Ask', '', '0701234567'],
      [KIM, BO, 'Bo', 'Ek', 'bo@example.org', ''],
      [LO, '', 'Eva', 'Ask', '', '0701234567'],
    ]);
    expect([pairs, leftOut]).toEqual([3, 0]);
  });

  it('writes numbers in twelve digits, and phone numbers as an import takes them', async () => {
    const phones = [
      '070-123 45 67',
      '+46 70 123 45 67',
      '(0)70/123.45.67',
      '070\u00a0123\u201145\u221267',
      '',
    ];
    const { world } = await open(
      [
        student('1', '110228-2389'),
        ...phones.map((phone, i) =>
          guardian(`${i + 8}`, { personnummer: i === 0 ? '800913-9265' : '', phone }),
        ),
      ],
      phones.map((_, i) => link('1', `${i + 8}`)),
    );
    const { rows } = await exportPairs(world);
    expect(rows.slice(1).map(([kid, parent]) => [kid, parent])).toEqual([
      [KIM, ANNA],
      ...phones.slice(1).map(() => [KIM, '']),
    ]);
    expect(rows.slice(1).map((row) => row[5])).toEqual([
      '0701234567',
      '+46701234567',
      '0701234567',
      '0701234567',
      '',
    ]);
  });

  it('leaves pairs out, and counts them, where either is protected: by cell, by answer, by another row', async () => {
    const { world } = await open(
      [
        student('1', KIM),
        student('2', LO, { protected: 'ja' }),
        student('3', MIO),
        guardian('8', { personnummer: BO, first_name: 'Bo' }),
        guardian('9', { personnummer: ANNA, first_name: 'Anna' }),
        guardian('10', { personnummer: EVA, first_name: 'Eva' }),
        guardian('11', { first_name: 'Nils', protected: 'ja' }),
        { ...student('5', EVA), type: 'staff', protected: 'ja' },
      ],
      [link('1', '8'), link('1', '9'), link('1', '10'), link('1', '11'), link('2', '9'), link('3', '9')],
      {
        [BO]: protectedPerson(BO),
        [MIO]: protectedPerson(MIO),
        [KIM]: child(KIM, []),
        [ANNA]: adult(ANNA, 'Anna Ek'),
      },
    );
    await update(world, { ...OPTIONS, dryRun: true });
    const { rows, pairs, leftOut } = await exportPairs(world);
    expect(rows.slice(1)).toEqual([[KIM, ANNA, 'Anna', '', '', '']]);
    expect([pairs, leftOut]).toEqual([1, 5]);
  });

  it('has a pair once though it is linked twice, and none with rows that share an id', async () => {
    const { world } = await open(
      [
        student('1', KIM),
        guardian('8', { first_name: 'Bo' }),
        guardian('9', { first_name: 'Eva' }),
        guardian('9', { first_name: 'Anna' }),
      ],
      [link('1', '8'), link('1', '8'), link('1', '9'), link('1', '404')],
    );
    expect(await exportPairs(world)).toMatchObject({ pairs: 1, leftOut: 0 });
  });

  it('takes a student who is 18 today for grown up, and one who is it tomorrow for a child', async () => {
    const roster = createMemoryRoster([student('1', KIM), guardian('8', { first_name: 'Bo' })], {
      links: [link('1', '8')],
    });
    for (const [today, pairs] of [
      ['2029-02-27', 1],
      ['2029-02-28', 0],
    ] as const) {
      const world = await openGuardianWorld(roster, createFakeSpar(), { today: date(today) });
      expect(await exportPairs(world)).toMatchObject({ pairs, leftOut: 0 });
    }
  });
});
