import { describe, expect, it } from 'vitest';
import { applyDecisions } from '../../src/app/duplicates/apply-decisions.ts';
import { guardians } from '../../src/app/guardians/guardians.ts';
import { undo } from '../../src/app/history/undo.ts';
import type { Roster } from '../../src/app/roster-port.ts';
import { update } from '../../src/app/update/update.ts';
import { addDays } from '../../src/domain/calendar-date.ts';
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
  onlyStudents,
  openGuardianWorld,
  rowKey,
  student,
} from '../support/guardian-world.ts';
import { createMemoryRoster, type MemoryOptions, type MemoryRoster } from '../support/memory-roster.ts';
import { refusal } from '../support/refusal.ts';
import {
  createFakeSpar,
  OPTIONS,
  protectedPerson,
  renumberedTo,
  swedish,
  TODAY,
} from '../support/update-world.ts';

const REAL = { dryRun: false };
const OLD_HOME = { street: 'Gamla vägen 9', postal_code: '222 22', city: 'Lund' };

/** Whatever the order of the columns. */
const asText = ({ rows, links }: MemoryRoster) =>
  JSON.stringify(
    [rows, links].map((all) => all.map((one) => Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))),
  );

function rowOf(roster: MemoryRoster, id: string, type = 'guardian') {
  const row = roster.rows.find((one) => one.id === id && one.type === type);
  if (row === undefined) throw new Error(`there is no row ${id}`);
  return row;
}

/** Anna is known by number, Bo gets his on row 8, Eva gets a row. */
function family(more: MemoryOptions = {}) {
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

const register = () =>
  createFakeSpar({
    [KIM]: child(KIM, [ANNA, BO]),
    [LO]: child(LO, [EVA]),
    [ANNA]: adult(ANNA, 'Anna Ek'),
    [BO]: adult(BO, 'Bo Ek'),
    [EVA]: adult(EVA, 'Eva Ask'),
  });

async function openFamily(more: MemoryOptions = {}) {
  const roster = family(more);
  const spar = register();
  return { roster, spar, world: await openGuardianWorld(roster, spar) };
}

describe('undo of guardians', () => {
  it.each([{ database: false }, { database: true }])(
    'takes away what it added and gives back what it wrote: %o',
    async (more) => {
      const { roster, world } = await openFamily(more);
      const before = asText(roster);
      const done = await guardians(world, GUARDIAN_RUN);
      const created = done.report.guardians.created[0]?.id ?? '';
      const after = asText(roster);

      const dry = await undo(done.report.run, world, { dryRun: true });
      expect(asText(roster)).toBe(after);
      const { report, gaps } = await undo(done.report.run, world, REAL);
      expect(asText(roster)).toBe(before);
      expect(gaps).toBe(false);
      expect({ ...dry.report, run: 0, dryRun: false }).toEqual({ ...report, run: 0 });
      expect(report.left).toEqual([]);
      expect(report.removedRows).toEqual([{ type: 'guardian', id: created }]);
      expect(report.links.removed).toHaveLength(2);
      expect(report.restored.map(({ id, field, from, to }) => [id, field, from, to])).toEqual([
        ['8', 'personnummer', BO, ''],
        ['8', 'city', 'STOCKHOLM', ''],
      ]);
      expect((await world.state.journal.run(done.report.run))?.undoneBy).toEqual([report.run]);

      const back = await undo(report.run, world, REAL);
      expect(asText(roster)).toBe(after);
      expect(back.report.restoredRows).toEqual([{ type: 'guardian', id: created }]);
      const again = await undo(back.report.run, world, REAL);
      expect(asText(roster)).toBe(before);
      expect(again.report.left).toEqual([]);
      const last = await undo(again.report.run, world, REAL);
      expect(asText(roster)).toBe(after);
      expect(last.report.left).toEqual([]);
    },
  );

  it('is not written again by itself, but with --id --force', async () => {
    const { roster, spar, world } = await openFamily();
    const before = asText(roster);
    const done = await guardians(world, GUARDIAN_RUN);
    const after = asText(roster);
    await undo(done.report.run, world, REAL);
    const asked = spar.asked.length;
    const held = await guardians(world, GUARDIAN_RUN);
    expect(asText(roster)).toBe(before);
    expect(held.report.guardians).toEqual({ assigned: [], created: [] });
    expect(held.report.links.added).toEqual([]);
    // A person is told of the number and of the link that stay away.
    expect(held.report.review.map(({ id, type, reason }) => [type, id, reason])).toEqual(
      expect.arrayContaining([
        ['guardian', '8', 'edited-since'],
        ['student', '1', 'edited-since'],
      ]),
    );
    // Neither a fresh answer nor --force for everybody is a decision about these.
    await guardians(world, { ...GUARDIAN_RUN, force: true });
    const later = await openGuardianWorld(roster, spar, { state: world.state, today: addDays(TODAY, 40) });
    await guardians(later, GUARDIAN_RUN);
    expect(spar.asked.length).toBeGreaterThan(asked);
    expect(asText(roster)).toBe(before);
    await guardians(later, { ...GUARDIAN_RUN, ...onlyStudents('1', '2') });
    expect(asText(roster)).toBe(before);

    const forced = { ...GUARDIAN_RUN, ...onlyStudents('1'), force: true };
    const { report } = await guardians(later, forced);
    expect(report.links.added).toEqual([{ student: '1', guardian: '9' }]);
    expect(report.guardians.assigned).toEqual([{ id: '8', grade: 'certain' }]);
    await guardians(later, { ...GUARDIAN_RUN, ...onlyStudents('2'), force: true });
    expect(roster.links).toHaveLength(3);
    expect(after).toContain('Eva');
    expect(asText(roster)).toContain('Eva');
    // And from then on nothing is held.
    const silent = await guardians(later, GUARDIAN_RUN);
    expect(silent.report.review).toEqual([]);
    expect(silent.report.links.present).toBe(3);
  });

  it('is not held after the undo was undone', async () => {
    const { roster, world } = await openFamily();
    const done = await guardians(world, GUARDIAN_RUN);
    const undone = await undo(done.report.run, world, REAL);
    await undo(undone.report.run, world, REAL);
    roster.links.splice(1, 1);
    const { report } = await guardians(world, GUARDIAN_RUN);
    expect(report.links.added).toHaveLength(1);
    expect(report.review).toEqual([]);
  });

  it('leaves a new guardian of whom somebody has changed a cell', async () => {
    const { roster, world } = await openFamily();
    const { report: done } = await guardians(world, GUARDIAN_RUN);
    const id = done.guardians.created[0]?.id ?? '';
    Object.assign(rowOf(roster, id), { email: 'eva@example.org' });
    const { report } = await undo(done.run, world, REAL);
    expect(report.left).toEqual([
      { id, type: 'guardian', reason: 'row-changed' },
      { id, type: 'guardian', student: '2', reason: 'row-changed' },
    ]);
    expect(rowOf(roster, id).first_name).toBe('Eva');
    // Somebody has made the guardian theirs: whose she is goes with her.
    expect(roster.links).toContainEqual({ student: '2', guardian: id, relation: '', source: 'spar' });
  });

  it('leaves a new guardian to whom another link, or another table, points', async () => {
    for (const isLink of [true, false]) {
      const referrers: Record<string, string[]> = {};
      const { roster, world } = await openFamily({ referrers, database: true });
      const { report: done } = await guardians(world, GUARDIAN_RUN);
      const id = done.guardians.created[0]?.id ?? '';
      if (isLink) roster.links.push({ student: '1', guardian: id, source: '', relation: 'bonusmamma' });
      else referrers[`guardian:${id}`] = ['payments'];
      const { report } = await undo(done.run, world, REAL);
      expect(report.left).toEqual([{ id, type: 'guardian', reason: 'row-referred-to' }]);
      expect(roster.links.map((link) => `${link.student}-${link.guardian}`)).toEqual(
        isLink ? ['1-8', `1-${id}`] : ['1-8'],
      );
    }
  });

  it('leaves a link that somebody has described since, and the row that it points to', async () => {
    const { roster, world } = await openFamily();
    const { report: done } = await guardians(world, GUARDIAN_RUN);
    const id = done.guardians.created[0]?.id ?? '';
    const link = roster.links.find((one) => one.guardian === id);
    Object.assign(link ?? {}, { relation: 'mor' });
    const { report } = await undo(done.run, world, REAL);
    expect(report.left).toEqual([
      { id, type: 'guardian', student: '2', reason: 'link-changed' },
      { id, type: 'guardian', reason: 'row-referred-to' },
    ]);
    expect(roster.links).toContainEqual({ student: '2', guardian: id, relation: 'mor', source: 'spar' });
  });

  it('says what is gone already', async () => {
    const { roster, world } = await openFamily();
    const { report: done } = await guardians(world, GUARDIAN_RUN);
    const id = done.guardians.created[0]?.id ?? '';
    roster.rows.splice(roster.rows.indexOf(rowOf(roster, id)), 1);
    roster.rows.splice(roster.rows.indexOf(rowOf(roster, '8')), 1);
    roster.links.length = 0;
    const { report } = await undo(done.run, world, REAL);
    expect(report.left.map(({ id: of, field, student: s, reason }) => [of, field ?? s, reason])).toEqual([
      ['8', 'personnummer', 'row-gone'],
      ['8', 'city', 'row-gone'],
      ['9', '1', 'link-changed'],
      [id, '2', 'link-changed'],
      [id, undefined, 'row-gone'],
    ]);
    expect(report.restored).toEqual([]);
  });

  it('holds a guardian whose row stayed for somebody else too', async () => {
    // Two children: for one of them somebody keeps the new guardian, the link to the other stays away.
    const { roster, spar, world } = await openFamily();
    spar.answers.set(KIM, child(KIM, [EVA]));
    const { report: done } = await guardians(world, GUARDIAN_RUN);
    const id = done.guardians.created[0]?.id ?? '';
    const kept = roster.links.find((link) => link.guardian === id && link.student === '2');
    Object.assign(kept ?? {}, { relation: 'mor' });
    await undo(done.run, world, REAL);
    const linksTo = () => roster.links.filter((link) => link.guardian === id).map((link) => link.student);
    expect(linksTo()).toEqual(['2']);
    const { report } = await guardians(world, GUARDIAN_RUN);
    expect(linksTo()).toEqual(['2']);
    expect(report.guardians.created).toEqual([]);
  });
});

describe('undo of update', () => {
  const one = (more = {}) =>
    createMemoryRoster([guardian('9', { personnummer: ANNA, ...OLD_HOME, ...more })]);
  const spar = () => createFakeSpar({ [ANNA]: adult(ANNA, 'Anna Ek') });

  it('gives back every value, and it is held until SPAR has another or --id --force names the row', async () => {
    const roster = one({ first_name: 'Anna', last_name: 'Ask' });
    const fake = spar();
    const world = await openGuardianWorld(roster, fake);
    const before = asText(roster);
    const done = await update(world, OPTIONS);
    const after = asText(roster);
    expect(done.report.changes.map(({ field }) => field)).toEqual([
      'last_name',
      'street',
      'postal_code',
      'city',
    ]);
    const { report } = await undo(done.report.run, world, REAL);
    expect(asText(roster)).toBe(before);
    expect(report.restored).toHaveLength(4);

    const held = await update(world, OPTIONS);
    expect(asText(roster)).toBe(before);
    expect(held.report.review.map(({ reason }) => reason)).toEqual(['edited-since']);
    // A fresh answer with the same value is held as well.
    const later = await openGuardianWorld(roster, fake, { state: world.state, today: addDays(TODAY, 40) });
    const fresh = await update(later, OPTIONS);
    expect(fresh.report.lookups.asked).toBe(1);
    expect(asText(roster)).toBe(before);
    expect(fresh.report.review.map(({ reason }) => reason)).toEqual(['edited-since']);
    await update(later, { ...OPTIONS, refresh: true });
    await update(later, { ...OPTIONS, force: true });
    expect(asText(roster)).toBe(before);

    // SPAR has another name: that is written, the address is still held.
    fake.answers.set(ANNA, adult(ANNA, 'Anna Alm'));
    await update(later, { ...OPTIONS, refresh: true });
    expect(rowOf(roster, '9')).toMatchObject({ last_name: 'Alm', ...OLD_HOME });

    await update(later, { ...OPTIONS, force: true, namedRows: true });
    expect(rowOf(roster, '9')).toMatchObject({ street: 'Gatan 1', postal_code: '111 46', city: 'Stockholm' });
    expect(after).toContain('Gatan 1');
    expect((await update(later, OPTIONS)).report.review).toEqual([]);
  });

  it('writes an address again when SPAR has moved the person, though the street has the same name', async () => {
    const roster = one();
    const fake = spar();
    const world = await openGuardianWorld(roster, fake);
    const done = await update(world, OPTIONS);
    await undo(done.report.run, world, REAL);
    fake.answers.set(ANNA, adult(ANNA, 'Anna Ek', swedish('Gatan 1', '98100', 'KIRUNA')));
    await update(world, { ...OPTIONS, refresh: true });
    expect(rowOf(roster, '9')).toMatchObject({ street: 'Gatan 1', postal_code: '981 00', city: 'Kiruna' });
  });

  it.each([
    ['a person types the postal code that SPAR has', { postal_code: '11146' }],
    ['a person types the town that SPAR has', { city: 'STOCKHOLM' }],
    ['a person writes a c/o', { care_of: 'c/o Al' }],
  ])('is held still when %s, with the old answer and with a new one that says the same', async (_, edit) => {
    const roster = one({ care_of: '' });
    const fake = spar();
    const world = await openGuardianWorld(roster, fake);
    const done = await update(world, OPTIONS);
    await undo(done.report.run, world, REAL);
    Object.assign(rowOf(roster, '9'), edit);
    const edited = asText(roster);
    await update(world, OPTIONS);
    expect(asText(roster)).toBe(edited);
    await update(world, { ...OPTIONS, refresh: true });
    expect(asText(roster)).toBe(edited);
    // Another name says nothing of the address.
    fake.answers.set(ANNA, adult(ANNA, 'Anna Alm'));
    await update(world, { ...OPTIONS, refresh: true });
    const { street, care_of } = rowOf(roster, '9');
    expect({ street, care_of }).toEqual({
      street: OLD_HOME.street,
      care_of: '',
      ...('care_of' in edit && edit),
    });

    fake.answers.set(ANNA, adult(ANNA, 'Anna Alm', swedish('Gatan 1', '98100', 'KIRUNA')));
    await update(world, { ...OPTIONS, refresh: true });
    expect(rowOf(roster, '9')).toMatchObject({
      street: 'Gatan 1',
      city: expect.stringMatching(/^kiruna$/i),
      care_of: '',
    });
  });

  it('keeps no copy of a row that it takes away from somebody protected', async () => {
    const roster = createMemoryRoster([student('1', KIM)], { links: [] });
    const world = await openGuardianWorld(
      roster,
      createFakeSpar({ [KIM]: child(KIM, [ANNA]), [ANNA]: adult(ANNA, 'Anna Ek') }),
    );
    const { report } = await guardians(world, GUARDIAN_RUN);
    roster.rows.push({ ...guardian('5', { personnummer: ANNA, protected: 'ja' }), type: 'staff' });
    const { report: undone } = await undo(report.run, world, REAL);
    for (const run of [report.run, undone.run]) {
      const { acts } = await world.state.journal.writtenBy(run);
      expect(acts.filter((act) => 'whole' in act && act.whole !== undefined)).toEqual([]);
    }
  });

  it('does not hold a move that was known before the undo and had not been written', async () => {
    const roster = one({ street: 'Gatan 1', postal_code: '111 46', city: 'Solna' });
    const fake = spar();
    const world = await openGuardianWorld(roster, fake);
    const done = await update(world, OPTIONS);
    fake.answers.set(ANNA, adult(ANNA, 'Anna Ek', swedish('Nygatan 7', '11146', 'STOCKHOLM')));
    await update(world, { ...OPTIONS, dryRun: true, refresh: true });
    await undo(done.report.run, world, REAL);
    await update(world, { ...OPTIONS, refresh: true });
    expect(rowOf(roster, '9')).toMatchObject({ street: 'Nygatan 7' });
  });

  it('still holds what SPAR says when the run before it is undone as well', async () => {
    const roster = one();
    const fake = spar();
    const world = await openGuardianWorld(roster, fake);
    const first = await update(world, OPTIONS);
    fake.answers.set(ANNA, adult(ANNA, 'Anna Ek', swedish('Nya gatan 5', '98100', 'KIRUNA')));
    const second = await update(world, { ...OPTIONS, refresh: true });
    await undo(second.report.run, world, REAL);
    await undo(first.report.run, world, REAL);
    expect(rowOf(roster, '9')).toMatchObject(OLD_HOME);
    await update(world, OPTIONS);
    expect(rowOf(roster, '9')).toMatchObject(OLD_HOME);
  });

  it('leaves an address of which somebody has changed a part, and gives back the rest', async () => {
    const roster = one({ first_name: 'Anna', last_name: 'Ask' });
    const world = await openGuardianWorld(roster, spar());
    const done = await update(world, OPTIONS);
    Object.assign(rowOf(roster, '9'), { city: 'Solna' });
    const { report } = await undo(done.report.run, world, REAL);
    expect(report.restored.map(({ field }) => field)).toEqual(['last_name']);
    expect(report.left.map(({ field, reason }) => [field, reason])).toEqual([
      ['street', 'changed-since'],
      ['postal_code', 'changed-since'],
      ['city', 'changed-since'],
    ]);
    expect(rowOf(roster, '9')).toMatchObject({ last_name: 'Ask', street: 'Gatan 1', city: 'Solna' });
  });

  it('leaves status and spar_checked, and never takes a mark of protection away', async () => {
    const roster = createMemoryRoster(
      [
        guardian('9', { personnummer: ANNA, status: '', spar_checked: '' }),
        guardian('8', { personnummer: BO }),
      ],
      { fields: ['status', 'spar_checked'] },
    );
    const fake = createFakeSpar({
      [ANNA]: protectedPerson(ANNA),
      [BO]: { kind: 'deregistered', id: personId(BO), reason: 'deceased', successors: [] },
    });
    const world = await openGuardianWorld(roster, fake);
    const done = await update(world, OPTIONS);
    const after = asText(roster);
    expect(after).toContain('sekretessmarkering');
    expect(after).toContain('deceased');
    const { report } = await undo(done.report.run, world, REAL);
    expect(asText(roster)).toBe(after);
    expect(report.left).toEqual([
      { id: '9', type: 'guardian', field: 'protected', reason: 'protection-mark' },
    ]);
  });

  it('writes no earlier name or address of somebody protected under another number now', async () => {
    const roster = createMemoryRoster([guardian('9', { personnummer: ANNA, last_name: 'Ask', ...OLD_HOME })]);
    const register_ = createFakeSpar({ [ANNA]: adult(ANNA, 'Anna Ek') });
    const world = await openGuardianWorld(roster, register_);
    const done = await update(world, OPTIONS);
    const after = asText(roster);
    register_.answers.set(ANNA, renumberedTo(ANNA, BO));
    await update(world, { ...OPTIONS, refresh: true, dryRun: true });
    expect((await undo(done.report.run, world, { dryRun: true })).report.restored).not.toEqual([]);
    roster.rows.push({ ...guardian('5', { personnummer: BO, protected: 'ja' }), type: 'staff' });
    const byMark = await undo(done.report.run, world, { dryRun: true });
    expect(byMark.report.restored).toEqual([]);
    expect(byMark.hidden(rowKey('9'))).toBe(true);
    roster.rows.pop();
    expect(asText(roster)).toBe(after);
    // Erased by then, in a dry run too.
    expect((await world.state.journal.writtenBy(done.report.run)).changes).toEqual([]);
  });

  it('writes no earlier name or address of somebody protected now: by answer, by mark, by a mark on another row', async () => {
    const withStaff = () =>
      createMemoryRoster([
        guardian('9', { personnummer: ANNA, last_name: 'Ask', ...OLD_HOME }),
        {
          ...guardian('5', { personnummer: ANNA, first_name: 'Anna', last_name: 'Ek' }),
          type: 'staff' as const,
        },
      ]);
    // A mark on the row.
    const marked = one({ last_name: 'Ask' });
    const world = await openGuardianWorld(marked, spar());
    const done = await update(world, OPTIONS);
    Object.assign(rowOf(marked, '9'), { protected: 'ja' });
    const byMark = await undo(done.report.run, world, REAL);
    expect(byMark.report.restored).toEqual([]);
    expect(byMark.hidden(rowKey('9'))).toBe(true);
    expect(byMark.report.left.every(({ reason }) => reason === 'protected-now')).toBe(true);
    expect(rowOf(marked, '9').street).toBe('Gatan 1');

    // An answer that came since: the values are gone from the journal.
    const roster = one({ last_name: 'Ask' });
    const fake = spar();
    const asked = await openGuardianWorld(roster, fake);
    const run = await update(asked, OPTIONS);
    fake.answers.set(ANNA, protectedPerson(ANNA));
    await update(asked, { ...OPTIONS, refresh: true, dryRun: true });
    const byAnswer = await undo(run.report.run, asked, REAL);
    expect(byAnswer.report.restored).toEqual([]);
    expect(new Set(byAnswer.report.left.map(({ reason }) => reason))).toEqual(new Set(['erased']));
    expect(rowOf(roster, '9').street).toBe('Gatan 1');

    // A mark on another row of the same person.
    const twice = withStaff();
    const other = await openGuardianWorld(twice, spar());
    const both = await update(other, OPTIONS);
    Object.assign(rowOf(twice, '5', 'staff'), { protected: 'ja' });
    const byOther = await undo(both.report.run, other, REAL);
    expect(byOther.hidden(rowKey('9'))).toBe(true);
    expect(rowOf(twice, '9').street).toBe('Gatan 1');
  });

  it('takes a followed number back, of a protected person too', async () => {
    const roster = one();
    const fake = spar();
    fake.answers.set(ANNA, {
      kind: 'deregistered',
      id: personId(ANNA),
      reason: 'renumbered',
      successors: [personId(EVA)],
      birthDate: TODAY,
    });
    const successor = adult(EVA, 'Anna Ek');
    fake.answers.set(EVA, { ...successor, ...(successor.kind === 'registered' && { birthDate: TODAY }) });
    const rules = {
      address: 'mailing',
      firstName: 'call',
      fields: { first_name: 'review', last_name: 'spar', address: 'spar' },
      renumbered: 'follow',
    } as const;
    const world = await openGuardianWorld(roster, fake, { settings: { rules } });
    const done = await update(world, OPTIONS);
    expect(rowOf(roster, '9').personnummer).toBe(EVA);
    Object.assign(rowOf(roster, '9'), { protected: 'ja' });
    const { report } = await undo(done.report.run, world, REAL);
    expect(report.restored.map(({ field }) => field)).toEqual(['personnummer']);
    expect(rowOf(roster, '9')).toMatchObject({ personnummer: ANNA, street: 'Gatan 1' });
    Object.assign(rowOf(roster, '9'), { protected: '' });
    await update(world, OPTIONS);
    expect(rowOf(roster, '9').personnummer).toBe(ANNA);
  });

  it('is planned again when the roster changes at the last moment', async () => {
    const roster = one({ last_name: 'Ask' });
    const world = await openGuardianWorld(roster, spar());
    const done = await update(world, OPTIONS);
    roster.beforeCommit = () => {
      roster.beforeCommit = undefined;
      Object.assign(rowOf(roster, '9'), { last_name: 'Alm' });
    };
    const { report } = await undo(done.report.run, world, REAL);
    expect(report.left.map(({ field, reason }) => [field, reason])).toEqual([['last_name', 'changed-since']]);
    expect(rowOf(roster, '9')).toMatchObject({ last_name: 'Alm', street: 'Gamla vägen 9' });
    const { changes } = await world.state.journal.writtenBy(report.run);
    expect(changes.map(({ field }) => field)).toEqual(['first_name', 'street', 'postal_code', 'city']);
  });

  it('leaves a row that the roster refuses, and gives back the others', async () => {
    const roster = createMemoryRoster(
      [guardian('9', { personnummer: ANNA, ...OLD_HOME }), guardian('8', { personnummer: BO, ...OLD_HOME })],
      { refuses: (row) => row.id === '8' && row.street === 'Gamla vägen 9' },
    );
    const world = await openGuardianWorld(
      roster,
      createFakeSpar({ [ANNA]: adult(ANNA, 'Anna Ek'), [BO]: adult(BO, 'Bo Ek') }),
    );
    const done = await update(world, OPTIONS);
    const { report } = await undo(done.report.run, world, REAL);
    expect(new Set(report.restored.map(({ id }) => id))).toEqual(new Set(['9']));
    expect(report.left).toEqual([{ id: '8', type: 'guardian', reason: 'row-changed' }]);
    expect(rowOf(roster, '8').street).toBe('Gatan 1');
  });

  it('refuses runs that are not there or wrote nothing, and the run itself', async () => {
    const roster = one();
    const world = await openGuardianWorld(roster, spar());
    const dry = await update(world, { ...OPTIONS, dryRun: true });
    for (const run of [99, 2, dry.report.run]) {
      expect((await refusal(undo(run, world, REAL))).code).toBe('usage');
    }
    expect(roster.writes).toBe(0);
    // A dry undo takes nothing back.
    const done = await update(world, OPTIONS);
    await undo(done.report.run, world, { dryRun: true });
    expect((await world.state.journal.run(done.report.run))?.undoneBy).toEqual([]);
  });

  it('is refused the second time, naming the run that did it, until that is undone', async () => {
    const roster = one();
    const world = await openGuardianWorld(roster, spar());
    const done = await update(world, OPTIONS);
    const first = await undo(done.report.run, world, REAL);
    const before = asText(roster);
    const error = await refusal(undo(done.report.run, world, REAL));
    expect(error.code).toBe('usage');
    expect(error.message).toContain(`by run ${first.report.run}`);
    expect(asText(roster)).toBe(before);
    await undo(first.report.run, world, REAL);
    await undo(done.report.run, world, REAL);
    expect(asText(roster)).toBe(before);
  });

  it('takes back the second time what it had to leave the first time', async () => {
    const roster = one({ last_name: 'Ask' });
    const world = await openGuardianWorld(roster, spar());
    const done = await update(world, OPTIONS);
    Object.assign(rowOf(roster, '9'), { last_name: 'Alm' });
    await undo(done.report.run, world, REAL);
    Object.assign(rowOf(roster, '9'), { last_name: 'Ek' });
    const { report } = await undo(done.report.run, world, REAL);
    expect(report.restored.map(({ field, to }) => [field, to])).toEqual([['last_name', 'Ask']]);
  });
});

describe('undo of duplicates apply', () => {
  /** Rows 8 and 9 are one person; 8 holds the e-mail, a column of the school's own, and both children. */
  function doubled(more: MemoryOptions = {}) {
    const own = { klass: 'egen kolumn' };
    return createMemoryRoster(
      [
        student('1', KIM),
        student('2', LO),
        Object.assign(
          guardian('8', { first_name: 'Anna', last_name: 'Ek', email: 'anna@example.org', phone: '070' }),
          own,
        ),
        guardian('9', { personnummer: ANNA, first_name: 'Anna', last_name: 'Ek', ...OLD_HOME }),
        guardian('10', { first_name: 'Nils', last_name: 'Alm' }),
      ],
      {
        links: [
          { student: '1', guardian: '8', relation: 'mor', source: 'hand' },
          { student: '2', guardian: '8', relation: 'mamma', source: '' },
          { student: '2', guardian: '9', relation: 'mor', source: '' },
          { student: '2', guardian: '10', relation: '', source: '' },
        ],
        ...more,
      },
    );
  }

  async function merged(more: MemoryOptions = {}) {
    const roster = doubled(more);
    const world = await openGuardianWorld(roster, register());
    const before = asText(roster);
    const { report } = await applyDecisions(
      await decide(world, ['same', '9', '8'], ['different', '9', '10']),
      world,
      REAL,
    );
    return { roster, world, before, run: report.run };
  }

  it('puts back a row that shared its e-mail with the one that was kept, and does it all again', async () => {
    const roster = doubled();
    Object.assign(rowOf(roster, '9'), { email: 'Anna@example.org' });
    const world = await openGuardianWorld(roster, register());
    const before = asText(roster);
    const { report } = await applyDecisions(await decide(world, ['same', '9', '8']), world, REAL);
    const after = asText(roster);
    for (const [run, text] of [
      [report.run, before],
      [report.run + 1, after],
      [report.run + 2, before],
    ] as const) {
      expect((await undo(run, world, REAL)).report.left).toEqual([]);
      expect(asText(roster)).toBe(text);
    }
  });

  it('puts the row back with its columns and place, its links, its e-mail, and withdraws the decisions', async () => {
    const { roster, world, before, run } = await merged();
    const after = asText(roster);
    expect(roster.rows.map(({ id }) => id)).toEqual(['1', '2', '9', '10']);
    expect(rowOf(roster, '9')).toMatchObject({ email: 'anna@example.org', phone: '070' });
    expect(await world.state.journal.decisions()).toHaveLength(2);

    const { report } = await undo(run, world, REAL);
    expect(asText(roster)).toBe(before);
    expect(report.left).toEqual([]);
    expect(report.restoredRows).toEqual([{ type: 'guardian', id: '8' }]);
    expect(report.links.moved).toEqual([{ student: '1', guardian: '8', from: '9' }]);
    expect(report.links.added).toEqual([{ student: '2', guardian: '8' }]);
    expect(report.decisions).toBe(2);
    expect(await world.state.journal.decisions()).toEqual([]);

    const back = await undo(report.run, world, REAL);
    expect(asText(roster)).toBe(after);
    expect(await world.state.journal.decisions()).toHaveLength(2);
    const again = await undo(back.report.run, world, REAL);
    expect(asText(roster)).toBe(before);
    expect(again.report.left).toEqual([]);
    expect(await world.state.journal.decisions()).toEqual([]);
  });

  it('withdraws decisions that wrote nothing, and an undo of that puts them in force again', async () => {
    const roster = doubled();
    const world = await openGuardianWorld(roster, register());
    const { report } = await applyDecisions(await decide(world, ['different', '9', '8']), world, REAL);
    expect(await world.state.journal.decisions()).toHaveLength(1);
    const first = await undo(report.run, world, REAL);
    expect(first.report.decisions).toBe(1);
    expect(await world.state.journal.decisions()).toEqual([]);
    const second = await undo(first.report.run, world, REAL);
    expect(await world.state.journal.decisions()).toHaveLength(1);
    const third = await undo(second.report.run, world, REAL);
    expect(await world.state.journal.decisions()).toEqual([]);
    await undo(third.report.run, world, REAL);
    expect(await world.state.journal.decisions()).toHaveLength(1);
    // By its own number too, now that it is in force again.
    await undo(report.run, world, REAL);
    expect(await world.state.journal.decisions()).toEqual([]);
    expect((await refusal(undo(report.run, world, REAL))).code).toBe('usage');
  });

  it('gives back both links where the kept row’s had made room for the other', async () => {
    for (const database of [false, true]) {
      const roster = doubled({ database });
      roster.links.splice(
        0,
        roster.links.length,
        { student: '1', guardian: '8', relation: 'pappa', source: 'school' },
        { student: '1', guardian: '9', relation: '', source: 'spar' },
      );
      const world = await openGuardianWorld(roster, register());
      const before = asText(roster);
      const merge = await applyDecisions(await decide(world, ['same', '9', '8']), world, REAL);
      expect(roster.links).toEqual([{ student: '1', guardian: '9', relation: 'pappa', source: 'school' }]);
      const after = asText(roster);
      let { run } = merge.report;
      for (const expected of [before, after, before, after]) {
        const { report } = await undo(run, world, REAL);
        expect(report.left).toEqual([]);
        expect(asText(roster)).toBe(expected);
        run = report.run;
      }
    }
  });

  it('does not put back a row whose id or e-mail somebody else has now, and leaves its links', async () => {
    for (const taken of ['id', 'email'] as const) {
      const { roster, world, run } = await merged();
      if (taken === 'id') roster.rows.push(guardian('8', { first_name: 'Nils' }));
      else {
        Object.assign(rowOf(roster, '9'), { email: 'ny@example.org' });
        Object.assign(rowOf(roster, '10'), { email: 'Anna@Example.org' });
      }
      const { report } = await undo(run, world, REAL);
      expect(report.left).toContainEqual({
        id: '8',
        type: 'guardian',
        reason: taken === 'id' ? 'id-taken' : 'email-taken',
      });
      const holders = roster.rows.filter(({ email }) => email?.toLowerCase() === 'anna@example.org');
      expect(holders.length).toBeLessThan(2);
      const ids = new Set(roster.rows.filter(({ type }) => type === 'guardian').map(({ id }) => id));
      expect(roster.links.every((link) => ids.has(link.guardian))).toBe(true);
    }
  });

  it('writes nothing when the roster refuses a row that was to come back, and says so in the journal', async () => {
    let refuses = '';
    const { roster, world, run } = await merged({ refuses: ({ id }) => id === refuses });
    refuses = '8';
    const before = asText(roster);
    expect((await refusal(undo(run, world, REAL))).code).toBe('plan-outdated');
    expect(asText(roster)).toBe(before);
    expect((await world.state.journal.runs())[0]).toMatchObject({ phase: 'not-applied', changes: 0 });
  });

  it('names the links that the roster refuses', async () => {
    const { roster, world, run } = await merged();
    const before = asText(roster);
    const stubborn = {
      ...world.roster,
      async prepareWrite(...args: Parameters<Roster['prepareWrite']>) {
        const prepared = await world.roster.prepareWrite(...args);
        if (prepared.kind === 'target-changed') return prepared;
        const refusedLinks = [{ link: { student: '2', guardian: '8' }, reason: 'row-refused' as const }];
        return { ...prepared, stage: async () => ({ ...(await prepared.stage()), refusedLinks }) };
      },
    };
    const error = await refusal(undo(run, { ...world, roster: stubborn }, REAL));
    expect(error.code).toBe('plan-outdated');
    expect(error.text.en).toContain('links back: student:2 – guardian:8. Nothing');
    expect(asText(roster)).toBe(before);
  });

  it('leaves the kept row its e-mail when the roster refuses the row that was to get it', async () => {
    let refuses = '';
    const { roster, world, run } = await merged({ refuses: ({ id }) => id === refuses });
    refuses = '8';
    expect((await refusal(undo(run, world, REAL))).code).toBe('plan-outdated');
    expect(rowOf(roster, '9').email).toBe('anna@example.org');
  });

  it('does not move links to a stranger who has the id of the row that was removed', async () => {
    const { roster, world, run } = await merged();
    roster.rows.push(guardian('8', { first_name: 'Nils' }));
    const { report } = await undo(run, world, REAL);
    expect(report.links).toEqual({ removed: [], added: [], moved: [] });
    expect(roster.links.filter((link) => link.guardian === '8')).toEqual([]);
  });

  it('takes nothing from the kept row that the other row does not get back', async () => {
    const { roster, world, run } = await merged();
    roster.rows.push(guardian('8', { first_name: 'Nils' }));
    await undo(run, world, REAL);
    expect(rowOf(roster, '9')).toMatchObject({ email: 'anna@example.org', phone: '070' });
  });

  it('of a person protected now puts no row back', async () => {
    const { roster, world, run } = await merged();
    Object.assign(rowOf(roster, '9'), { protected: 'ja' });
    await guardians(world, { ...GUARDIAN_RUN, dryRun: true });
    const after = asText(roster);
    const { report, hidden } = await undo(run, world, REAL);
    expect(asText(roster)).toBe(after);
    expect(report.left).toContainEqual({ id: '8', type: 'guardian', reason: 'erased' });
    expect(hidden(rowKey('9'))).toBe(true);
  });

  it('of a person protected now puts no row back, before any run has erased it either', async () => {
    const { roster, world, run } = await merged();
    Object.assign(rowOf(roster, '9'), { protected: 'ja' });
    const { report, hidden } = await undo(run, world, REAL);
    expect(roster.rows.map(({ id }) => id)).toEqual(['1', '2', '9', '10']);
    expect(report.left).toContainEqual({ id: '8', type: 'guardian', reason: 'protected-now' });
    expect(hidden(rowKey('8'))).toBe(true);
  });

  it('puts back no row that was marked when it was removed', async () => {
    const roster = doubled();
    Object.assign(rowOf(roster, '8'), { protected: 'ja' });
    const world = await openGuardianWorld(roster, register());
    const { report: done } = await applyDecisions(await decide(world, ['same', '9', '8']), world, REAL);
    expect(rowOf(roster, '9').protected).toBe('ja');
    const { report } = await undo(done.run, world, REAL);
    expect(rowOf(roster, '9').protected).toBe('ja');
    expect(roster.rows.map(({ id }) => id)).not.toContain('8');
    expect(report.left).toContainEqual({
      id: '9',
      type: 'guardian',
      field: 'protected',
      reason: 'protection-mark',
    });
  });
});

describe('undo of a protected guardian', () => {
  it('does not take the row away: its mark would go with it', async () => {
    const roster = createMemoryRoster([student('1', KIM), guardian('7', { personnummer: OLE })], {
      links: [],
    });
    const spar = createFakeSpar({ [KIM]: child(KIM, [ANNA]), [ANNA]: protectedPerson(ANNA) });
    const world = await openGuardianWorld(roster, spar, { guardians: { protected: 'create' } });
    const { report: done } = await guardians(world, GUARDIAN_RUN);
    const id = done.guardians.created[0]?.id ?? '';
    const { report, hidden } = await undo(done.run, world, REAL);
    expect(rowOf(roster, id).protected).toBe('sekretessmarkering');
    expect(report.left.map(({ id: of, reason }) => [of, reason])).toContainEqual([id, 'protection-mark']);
    expect(hidden(rowKey(id))).toBe(true);
  });
});
