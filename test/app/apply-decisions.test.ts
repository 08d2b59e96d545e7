import { describe, expect, it } from 'vitest';
import { applyDecisions } from '../../src/app/duplicates/apply-decisions.ts';
import { reportDuplicates } from '../../src/app/duplicates/duplicates.ts';
import { guardians } from '../../src/app/guardians/guardians.ts';
import { update } from '../../src/app/update/update.ts';
import type { RosterWrite } from '../../src/domain/roster-write.ts';
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
} from '../support/guardian-world.ts';
import { createMemoryRoster, type MemoryOptions, type MemoryRoster } from '../support/memory-roster.ts';
import { refusal } from '../support/refusal.ts';
import { createFakeSpar, OPTIONS, protectedPerson, renumberedTo } from '../support/update-world.ts';

const REAL = { dryRun: false };

function school(more: MemoryOptions = {}): MemoryRoster {
  return createMemoryRoster(
    [
      student('1', KIM),
      student('2', LO),
      guardian('8', { first_name: 'Anna', last_name: 'Ek', email: 'anna@example.org', phone: '070-1234567' }),
      guardian('9', { personnummer: ANNA, first_name: 'Anna', last_name: 'Ek' }),
      guardian('10', { first_name: 'Anna', last_name: 'Ekk', email: 'ekk@example.org' }),
      guardian('11', { personnummer: BO, first_name: 'Bo', last_name: 'Alm' }),
    ],
    {
      links: [
        { student: '1', guardian: '8', relation: 'mor', source: 'hand' },
        { student: '2', guardian: '8', relation: 'mor', source: '' },
        { student: '2', guardian: '9', relation: '', source: '' },
        { student: '1', guardian: '10', relation: '', source: '' },
      ],
      ...more,
    },
  );
}

async function open(roster: MemoryRoster, answers: Parameters<typeof createFakeSpar>[0] = {}) {
  return openGuardianWorld(roster, createFakeSpar(answers));
}

const ids = (roster: MemoryRoster) =>
  roster.rows.filter(({ type }) => type === 'guardian').map(({ id }) => id);
const linksOf = (roster: MemoryRoster) => roster.links.map((link) => `${link.student}-${link.guardian}`);

describe('duplicates apply', () => {
  it('merges the same, remembers the different, and tells what was done', async () => {
    const roster = school();
    const world = await open(roster);
    const decisions = await decide(world, ['same', '9', '8'], ['different', '9', '10']);
    const dry = await applyDecisions(decisions, world, { dryRun: true });
    expect(roster.writes).toBe(0);
    expect(await world.state.journal.decisions()).toEqual([]);

    const { report } = await applyDecisions(decisions, world, REAL);
    expect({ ...dry.report, run: 0, dryRun: false }).toEqual({ ...report, run: 0 });
    expect(report).toMatchObject({
      merged: [{ kept: { id: '9' }, removed: { id: '8' } }],
      different: 1,
      links: { moved: 2, removed: 1 },
      review: [],
      leftOut: [],
    });
    expect(report.changes.map(({ id, field, to }) => [id, field, to])).toEqual([
      ['9', 'email', 'anna@example.org'],
      ['9', 'phone', '070-1234567'],
    ]);
    expect(ids(roster)).toEqual(['9', '10', '11']);
    expect(linksOf(roster)).toEqual(['1-9', '2-9', '1-10']);
    expect(roster.links[0]).toMatchObject({ relation: 'mor', source: 'hand' });

    const { acts } = await world.state.journal.writtenBy(report.run);
    expect(acts.map(({ kind }) => kind).sort()).toEqual([
      'link-moved',
      'link-moved',
      'link-removed',
      'row-removed',
    ]);
    const removed = acts.find(({ kind }) => kind === 'row-removed');
    expect(JSON.stringify(removed)).toContain('anna@example.org');
    expect((await world.state.journal.decisions()).map(({ verdict }) => verdict).sort()).toEqual([
      'different',
      'same',
    ]);
  });

  it('is heeded by the report and by guardians from then on', async () => {
    const roster = school();
    const answers = { [KIM]: child(KIM, [ANNA]), [LO]: child(LO, [ANNA]), [ANNA]: adult(ANNA, 'Anna Ek') };
    const world = await open(roster, answers);
    await guardians(world, GUARDIAN_RUN);
    const pairs = async () => (await reportDuplicates(world)).pairs.map(({ a, b }) => `${a.id} ${b.id}`);
    expect(await pairs()).toContain('8 9');
    await applyDecisions(await decide(world, ['different', '8', '9']), world, REAL);
    expect(await pairs()).not.toContain('8 9');
    expect((await guardians(world, GUARDIAN_RUN)).newPairs.size).toBe(0);
  });

  it('sends the write in parts of which no order has one e-mail on two rows', async () => {
    const roster = school();
    const writes: RosterWrite[] = [];
    const watched = {
      ...roster,
      prepareWrite(write: RosterWrite, run: number) {
        writes.push(write);
        return roster.prepareWrite(write, run);
      },
    };
    const world = await openGuardianWorld(watched, createFakeSpar());
    await applyDecisions(await decide(world, ['same', '9', '8']), world, REAL);
    const [write] = writes;
    // The row that gives the e-mail up goes; rows go before cells are edited (`RosterWrite`).
    expect(write?.removedRows.map(({ key }) => key.id)).toEqual(['8']);
    expect(write?.edits.map(({ key }) => key.id)).toEqual(['9']);
    expect(write?.removedRows[0]?.whole).toBeDefined();
    expect(write?.addedRows).toEqual([]);
  });

  it('does all or nothing: one decision that cannot be carried out keeps all from being', async () => {
    const cases = [
      {
        why: 'two numbers',
        pairs: [
          ['same', '9', '8'],
          ['same', '9', '11'],
        ],
        says: 'line 3',
      },
      {
        why: 'contradiction',
        pairs: [
          ['same', '9', '8'],
          ['different', '8', '9'],
        ],
        says: 'line 3',
      },
      {
        why: 'no such row',
        pairs: [
          ['same', '9', '8'],
          ['different', '9', '404'],
        ],
        says: 'line 3: the row is not in the roster, or is there several times (has it been merged already?): column b',
      },
      {
        why: 'other type',
        pairs: [
          ['same', '9', '8'],
          ['same', '9', 'student:1'],
        ],
        says: 'line 3',
      },
    ] as const;
    for (const { pairs, says } of cases) {
      const roster = school();
      const world = await open(roster);
      const before = JSON.stringify([roster.rows, roster.links]);
      const error = await refusal(applyDecisions(await decide(world, ...pairs), world, REAL));
      expect(error.code).toBe('decisions-unusable');
      expect(error.message).toContain(says);
      expect(JSON.stringify([roster.rows, roster.links])).toBe(before);
      expect(await world.state.journal.decisions()).toEqual([]);
    }
  });

  it('does nothing when a row that would go is referred to elsewhere, or the roster refuses one', async () => {
    const referred = school({ referrers: { 'guardian:8': ['invoices'] } });
    const world = await open(referred);
    const error = await refusal(applyDecisions(await decide(world, ['same', '9', '8']), world, REAL));
    expect(error.message).toContain('invoices');
    expect(referred.writes).toBe(0);

    const refusing = school({ refuses: ({ id, email }) => id === '9' && email !== '' });
    const other = await open(refusing);
    const decisions = await decide(other, ['same', '9', '8'], ['different', '9', '10']);
    const refused = await refusal(applyDecisions(decisions, other, REAL));
    expect(refused.code).toBe('plan-outdated');
    expect(refused.message).toContain('guardian:9');
    expect(refusing.writes).toBe(0);
    expect(await other.state.journal.decisions()).toEqual([]);
    expect((await other.state.journal.runs())[0]).toMatchObject({ phase: 'not-applied', decisions: 0 });
  });

  it('names the links when it is those that the roster refuses', async () => {
    const roster = school();
    const watched = {
      ...roster,
      async prepareWrite(write: RosterWrite, run: number) {
        const prepared = await roster.prepareWrite(write, run);
        if (prepared.kind === 'target-changed') return prepared;
        return {
          ...prepared,
          async stage() {
            const staged = await prepared.stage();
            const link = { student: '1', guardian: '8' };
            return { ...staged, refusedLinks: [{ link, reason: 'row-refused' as const }] };
          },
        };
      },
    };
    const world = await openGuardianWorld(watched, createFakeSpar());
    const error = await refusal(applyDecisions(await decide(world, ['same', '9', '8']), world, REAL));
    expect(error.message).toContain('student:1');
    expect(roster.writes).toBe(0);
  });

  it.each([
    { first_name: 'Anni' },
    { email: 'ny@example.org' },
    { phone: '08-12 34 56' },
    { personnummer: BO },
    { protected: 'ja' },
    { street: 'Nya vägen 2' },
    { birth_date: '1980-09-13' },
  ])('refuses a decision about a row that has %o since, naming the rows and the line', async (change) => {
    const roster = school();
    const world = await open(roster);
    const decisions = await decide(world, ['different', '10', '11'], ['same', '9', '8']);
    Object.assign(roster.rows[2] ?? {}, change);
    const error = await refusal(applyDecisions(decisions, world, REAL));
    expect(error.code).toBe('plan-outdated');
    expect(error.message).toContain('3 (guardian:9, guardian:8)');
    expect(error.message).not.toContain('guardian:10');
    expect(error.message).not.toContain(Object.values(change).join());
    expect(roster.writes).toBe(0);
    expect(await world.state.journal.decisions()).toEqual([]);
  });

  it('is not disturbed by other rows, nor by status and spar_checked', async () => {
    const roster = school({ fields: ['status', 'spar_checked'] });
    const world = await open(roster);
    const decisions = await decide(world, ['same', '9', '8']);
    roster.rows.unshift(guardian('77', { first_name: 'Nils' }));
    Object.assign(roster.rows[4] ?? {}, { status: 'not-found', spar_checked: '2026-11-23' });
    await applyDecisions(decisions, world, REAL);
    expect(ids(roster)).toEqual(['77', '9', '10', '11']);
  });

  it('takes back no check made for another state file', async () => {
    const roster = school();
    const decisions = await decide(await open(roster), ['same', '9', '8']);
    const error = await refusal(applyDecisions(decisions, await open(roster), REAL));
    expect(error.code).toBe('plan-outdated');
  });

  it('plans again when the roster changes at the last moment, and refuses when it is about the rows', async () => {
    const roster = school();
    const world = await open(roster);
    const decisions = await decide(world, ['same', '9', '8']);
    roster.beforeCommit = () => {
      roster.beforeCommit = undefined;
      roster.links.push({ student: '2', guardian: '11', relation: '', source: '' });
      roster.rows.unshift(guardian('77', { first_name: 'Nils' }));
    };
    await applyDecisions(decisions, world, REAL);
    expect(ids(roster)).toEqual(['77', '9', '10', '11']);
    expect(linksOf(roster)).toEqual(['1-9', '2-9', '1-10', '2-11']);
    const { acts } = await world.state.journal.writtenBy(1);
    expect(acts).toHaveLength(4);

    const other = school();
    const otherWorld = await open(other);
    const same = await decide(otherWorld, ['same', '9', '8']);
    other.beforeCommit = () => {
      other.beforeCommit = undefined;
      Object.assign(other.rows[2] ?? {}, { email: 'ny@example.org' });
    };
    expect((await refusal(applyDecisions(same, otherWorld, REAL))).code).toBe('plan-outdated');
    expect(ids(other)).toContain('8');

    const restless = school();
    const restlessWorld = await open(restless);
    const again = await decide(restlessWorld, ['same', '9', '8']);
    let times = 0;
    restless.beforeCommit = () => void Object.assign(restless.rows[0] ?? {}, { phone: `${++times}` });
    expect((await refusal(applyDecisions(again, restlessWorld, REAL))).code).toBe('roster-unwritable');
    expect(times).toBe(3);
    expect(await restlessWorld.state.journal.decisions()).toEqual([]);
  });

  it('keeps the kept e-mail where both have one, shows the other, and journals it', async () => {
    const roster = school();
    const world = await open(roster);
    const { report } = await applyDecisions(await decide(world, ['same', '10', '8']), world, REAL);
    expect(report.leftOut).toEqual([
      {
        kept: { type: 'guardian', id: '10' },
        removed: { type: 'guardian', id: '8' },
        field: 'email',
        keptValue: 'ekk@example.org',
        leftValue: 'anna@example.org',
      },
    ]);
    expect(roster.rows.find(({ id }) => id === '10')).toMatchObject({
      email: 'ekk@example.org',
      phone: '070-1234567',
    });
  });

  it('says email-taken where a third row holds it', async () => {
    const roster = school();
    Object.assign(roster.rows[5] ?? {}, { email: 'ANNA@example.org' });
    const world = await open(roster);
    const { report } = await applyDecisions(await decide(world, ['same', '9', '8']), world, REAL);
    expect(report.review.map(({ id, reason }) => [id, reason])).toEqual([['9', 'email-taken']]);
    expect(roster.rows.find(({ id }) => id === '9')?.email).toBe('');
  });

  describe('of protected people', () => {
    it('shows nothing of rows of whoever is protected under another number', async () => {
      const roster = school();
      // Nobody holds the new number but staff.
      roster.rows.push({ ...student('5', EVA), type: 'staff' });
      const world = await open(roster, { [ANNA]: renumberedTo(ANNA, EVA), [EVA]: protectedPerson(EVA) });
      const before = await applyDecisions(await decide(world, ['same', '9', '8']), world, { dryRun: true });
      expect([...before.hiddenRows]).toEqual([]);
      await update(world, { ...OPTIONS, dryRun: true });
      const { hiddenRows, report } = await applyDecisions(
        await decide(world, ['same', '9', '8']),
        world,
        REAL,
      );
      expect([...hiddenRows].sort()).toEqual(['guardian:8', 'guardian:9']);
      expect(report.leftOut).toEqual([]);
      const { acts } = await world.state.journal.writtenBy(report.run);
      expect(JSON.stringify(acts)).not.toContain('anna@example.org');
    });

    const values = (outcome: object) => JSON.stringify(outcome);

    it('hides both rows when either is marked', async () => {
      for (const marked of [2, 3]) {
        const roster = school();
        Object.assign(roster.rows[marked] ?? {}, { protected: 'ja' });
        const world = await open(roster);
        const { report, hiddenRows } = await applyDecisions(
          await decide(world, ['same', '9', '8']),
          world,
          REAL,
        );
        expect([...hiddenRows].sort()).toEqual(['guardian:8', 'guardian:9']);
        expect(roster.rows.find(({ id }) => id === '9')?.protected).toBe('ja');
        expect(values(report.leftOut)).not.toContain('example.org');
      }
    });

    it('keeps nothing in the journal of what their rows held', async () => {
      const roster = school();
      Object.assign(roster.rows[2] ?? {}, { protected: 'ja', street: 'Hemliga vägen 1' });
      const world = await open(roster);
      const { report } = await applyDecisions(await decide(world, ['same', '9', '8']), world, REAL);
      const kept = values(await world.state.journal.writtenBy(report.run));
      expect(kept).not.toContain('example.org');
      expect(kept).not.toContain('Hemliga');
    });

    it('hides both rows when an answer, or a mark on another row of the person, says so', async () => {
      const roster = school();
      const world = await open(roster, { [ANNA]: protectedPerson(ANNA) });
      await update(world, { ...OPTIONS, dryRun: true });
      const byAnswer = await applyDecisions(await decide(world, ['same', '9', '8']), world, REAL);
      expect([...byAnswer.hiddenRows].sort()).toEqual(['guardian:8', 'guardian:9']);

      const other = school();
      other.rows.push({ ...student('5', ANNA), type: 'staff', protected: 'ja' });
      const otherWorld = await open(other);
      const byRow = await applyDecisions(await decide(otherWorld, ['same', '9', '8']), otherWorld, REAL);
      expect([...byRow.hiddenRows].sort()).toEqual(['guardian:8', 'guardian:9']);
    });

    it('and hides nobody else', async () => {
      const roster = school();
      Object.assign(roster.rows[5] ?? {}, { protected: 'ja' });
      const world = await open(roster);
      const decisions = await decide(world, ['same', '9', '8'], ['different', '10', '11']);
      const { hiddenRows } = await applyDecisions(decisions, world, REAL);
      expect([...hiddenRows]).toEqual(['guardian:11']);
    });
  });
});
