import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createUnreadableRoster } from '../../src/adapters/roster/unreadable-roster.ts';
import { openState } from '../../src/adapters/store/open-state.ts';
import { applyDecisions } from '../../src/app/duplicates/apply-decisions.ts';
import { exportRoster } from '../../src/app/export.ts';
import type { Named } from '../../src/app/forget/find-named.ts';
import { type ForgetOptions, forget } from '../../src/app/forget/forget.ts';
import { guardians } from '../../src/app/guardians/guardians.ts';
import { historyOf } from '../../src/app/history/history.ts';
import { update } from '../../src/app/update/update.ts';
import type { Answer } from '../../src/domain/person.ts';
import { SparSyncError } from '../../src/errors.ts';
import { date, personId } from '../support/arbitraries.ts';
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
  student,
  type TestGuardianWorld,
} from '../support/guardian-world.ts';
import { createMemoryRoster, type MemoryOptions, type MemoryRow } from '../support/memory-roster.ts';
import { refusal } from '../support/refusal.ts';
import {
  createFakeSpar,
  OPTIONS,
  protectedPerson,
  registered,
  renumberedTo,
  swedish,
} from '../support/update-world.ts';

const EVERYBODY = [KIM, LO, ANNA, BO, EVA, OLE];

function named(...texts: readonly string[]): readonly Named[] {
  return texts.map((text) => {
    const [, type, id = text] = /^(student|staff|guardian):(.*)$/.exec(text) ?? [];
    return { text, id, ...(type !== undefined && { type: type as MemoryRow['type'] }) };
  });
}

const ROWS = { whom: [], numbers: false, dryRun: false, force: false } as const;

const byRow = (...texts: readonly string[]): ForgetOptions => ({ ...ROWS, whom: named(...texts) });
const fromList = (...texts: readonly string[]): ForgetOptions => ({ ...byRow(...texts), numbers: true });
const DEPARTED: ForgetOptions = { ...ROWS, whom: 'departed' };

const SECRET = 'Hemlighult';

function tellingOf(id: string): Answer {
  return registered(id, {
    name: { given: 'Anna', surname: SECRET },
    home: swedish(`${SECRET}svägen 1`, '11146', 'X'),
  });
}

/** After a run that has bought and written everything. */
async function openSchool(
  rows: readonly MemoryRow[],
  answers: Record<string, Answer>,
  options: MemoryOptions = {},
) {
  // As a database: what stands for the digests of files there is the text of the roster.
  const roster = createMemoryRoster(rows, { fields: ['active', 'protected'], database: true, ...options });
  const spar = createFakeSpar(answers);
  const world = await openGuardianWorld(roster, spar);
  const { report } = await update(world, OPTIONS);
  const kept = async () => {
    const found = await world.state.snapshots.getMany(EVERYBODY.map(personId));
    return new Map(
      found.flatMap((one) => (one === undefined ? [] : [[one.answer.id as string, one.answer.kind]])),
    );
  };
  return { roster, spar, world, kept, run: report.run };
}

/** Read by another process: closing a file here would let go the locks that SQLite holds on it. */
function bytesOf({ statePath }: TestGuardianWorld): string {
  const folder = dirname(statePath);
  return execFileSync(
    'cat',
    readdirSync(folder).map((file) => join(folder, file)),
    { encoding: 'latin1' },
  );
}

const staff = (id: string, personnummer: string, more: Partial<MemoryRow> = {}) => ({
  ...guardian(id, { personnummer, ...more }),
  type: 'staff' as const,
});

describe('forget', () => {
  it('erases by row what was answered and what the journal holds, and nothing of anybody else', async () => {
    const rows = [staff('1', ANNA), staff('2', BO)];
    const { world, kept, run, spar } = await openSchool(rows, {
      [ANNA]: tellingOf(ANNA),
      [BO]: registered(BO),
    });
    expect(await forget(world, byRow('1'))).toEqual({
      command: 'forget',
      dryRun: false,
      people: 1,
      answers: 1,
      journalValues: 5,
      erased: [{ type: 'staff', id: '1' }],
      keptProtected: [],
      stillInRoster: [{ type: 'staff', id: '1' }],
      unknown: [],
    });
    expect(await kept()).toEqual(new Map([[BO, 'registered']]));
    const { changes } = await world.state.journal.writtenBy(run);
    expect(new Set(changes.map(({ key }) => key.id))).toEqual(new Set(['2']));
    // Erasing twice is the same; the ledger goes on counting.
    expect(await forget(world, byRow('1'))).toMatchObject({ people: 1, answers: 0, journalValues: 0 });
    expect(await world.state.ledger.spentIn('2026-11', 0)).toBe(80);
    spar.asked.splice(0);
    await update(world, OPTIONS);
    expect(spar.asked.map(({ id }) => id)).toEqual([ANNA]);
  });

  it('erases what stood in a row under a number that it no longer has', async () => {
    const { world, roster, kept } = await openSchool([staff('1', ANNA)], {
      [ANNA]: tellingOf(ANNA),
      [BO]: registered(BO),
    });
    Object.assign(roster.rows[0] ?? {}, { personnummer: BO, first_name: '', last_name: '', street: '' });
    await update(world, OPTIONS);
    expect(bytesOf(world)).toContain(SECRET);
    expect(await forget(world, byRow('staff:1'))).toMatchObject({ people: 2, answers: 2 });
    expect(bytesOf(world)).not.toContain(SECRET);
    expect(await kept()).toEqual(new Map());
  });

  it('erases of a row that held another’s number by a slip what is the row’s, and nothing that is theirs', async () => {
    const { world, roster, kept, run } = await openSchool([staff('1', ANNA), staff('2', ANNA)], {
      [ANNA]: tellingOf(ANNA),
      [BO]: registered(BO),
    });
    Object.assign(roster.rows[0] ?? {}, { personnummer: BO });
    await update(world, OPTIONS);
    expect(await forget(world, byRow('1'))).toMatchObject({ people: 1, answers: 1 });
    expect(await kept()).toEqual(new Map([[ANNA, 'registered']]));
    const { changes } = await world.state.journal.writtenBy(run);
    expect(new Set(changes.map(({ key }) => key.id))).toEqual(new Set(['2']));
  });

  it('erases a row that was merged into this one before it had a number', async () => {
    const rows = [
      student('1', KIM),
      guardian('8', { first_name: 'Anna', last_name: SECRET }),
      guardian('9', { first_name: 'Anna', last_name: SECRET, email: 'anna@example.org' }),
    ];
    const { world, roster } = await openSchool(rows, {});
    await applyDecisions(await decide(world, ['same', '8', '9']), world, { dryRun: false });
    Object.assign(roster.rows[1] ?? {}, { personnummer: ANNA });
    expect(bytesOf(world)).toContain(SECRET);
    await forget(world, byRow('guardian:8'));
    expect(bytesOf(world)).not.toContain(SECRET);
  });

  it('erases a guardian without a number from what was answered about their child', async () => {
    const unnumbered = {
      name: { given: 'Anna', surname: SECRET },
      birthDate: date('1980-09-13'),
      deceased: false,
    };
    const { world, kept } = await openSchool(
      [student('1', KIM), student('2', LO), guardian('9', { first_name: 'Anna', last_name: 'Ek' })],
      { [KIM]: child(KIM, [unnumbered, BO]), [LO]: child(LO, []) },
      { links: [{ student: '1', guardian: '9' }] },
    );
    expect(bytesOf(world)).toContain(SECRET);
    expect(await forget(world, { ...byRow('guardian:9'), dryRun: true })).toMatchObject({
      people: 1,
      answers: 1,
    });
    expect(bytesOf(world)).toContain(SECRET);
    expect(await forget(world, byRow('guardian:9'))).toMatchObject({
      people: 1,
      answers: 1,
      erased: [{ type: 'guardian', id: '9' }],
    });
    expect(bytesOf(world)).not.toContain(SECRET);
    const [answer] = await world.state.snapshots.getMany([personId(KIM)]);
    expect(answer?.answer).toMatchObject({ guardianship: { current: [{ deceased: false }, { id: BO }] } });
    expect(await kept()).toEqual(
      new Map([
        [KIM, 'registered'],
        [LO, 'registered'],
      ]),
    );
  });

  it('leaves no byte of it in any file, while the state stays open', async () => {
    const { world } = await openSchool([staff('1', ANNA)], { [ANNA]: tellingOf(ANNA) });
    expect(bytesOf(world)).toContain(SECRET);
    await forget(world, byRow('1'));
    expect(bytesOf(world)).not.toContain(SECRET);
  });

  it('leaves none after the next start where somebody was reading', async () => {
    const { world } = await openSchool([staff('1', ANNA)], { [ANNA]: tellingOf(ANNA) });
    const reader = new Database(world.statePath);
    reader.exec('BEGIN; SELECT * FROM snapshot');
    await forget(world, byRow('1'));
    expect(bytesOf(world)).toContain(SECRET);
    reader.exec('ROLLBACK');
    await (await openState({ path: world.statePath })).close();
    expect(bytesOf(world)).not.toContain(SECRET);
    reader.close();
  });

  it('shows the same in a dry run and erases nothing', async () => {
    const { world, kept, run } = await openSchool([staff('1', ANNA)], { [ANNA]: tellingOf(ANNA) });
    const before = [await kept(), await world.state.journal.writtenBy(run)];
    const shown = await forget(world, { ...byRow('staff:1'), dryRun: true });
    expect([await kept(), await world.state.journal.writtenBy(run)]).toEqual(before);
    expect(await forget(world, byRow('staff:1'))).toEqual({ ...shown, dryRun: false });
  });

  it('reaches all numbers that SPAR says are one person’s, whichever of them is named', async () => {
    for (const name of ['1', EVA, BO]) {
      const rows = [staff('1', BO), staff('2', ANNA)];
      const answers = { [BO]: renumberedTo(BO, EVA), [EVA]: tellingOf(EVA), [ANNA]: registered(ANNA) };
      const { world, kept } = await openSchool(rows, answers);
      const follow = { ...world.settings, rules: { ...world.settings.rules, renumbered: 'follow' } } as const;
      await update({ ...world, settings: follow }, { ...OPTIONS, refresh: true, namedRows: true });
      expect(bytesOf(world)).toContain(SECRET);
      expect(await forget(world, fromList(name))).toMatchObject({ people: 1, answers: 2 });
      expect(await kept()).toEqual(new Map([[ANNA, 'registered']]));
      expect(bytesOf(world)).not.toContain(SECRET);
    }
  });

  it('knows a row that is gone by the journal, the comparison and the ledger', async () => {
    for (const inactiveRun of [false, true]) {
      const { world, roster, kept } = await openSchool([staff('1', ANNA), staff('2', BO)], {
        [ANNA]: inactiveRun ? { kind: 'not-found', id: personId(ANNA) } : tellingOf(ANNA),
        [BO]: registered(BO),
      });
      roster.rows.shift();
      expect(await refusal(forget(world, byRow('guardian:1')))).toMatchObject({ code: 'usage' });
      expect(await forget(world, byRow('staff:1', 'staff:9'))).toMatchObject({
        people: 1,
        answers: 1,
        erased: [{ type: 'staff', id: '1' }],
        stillInRoster: [],
        unknown: ['staff:9'],
      });
      expect(await kept()).toEqual(new Map([[BO, 'registered']]));
    }
  });

  it('takes nobody for a child because they were asked about as the child’s guardian', async () => {
    const rows = [student('1', KIM), staff('2', BO)];
    const { world, roster, kept } = await openSchool(rows, {
      [KIM]: child(KIM, [OLE]),
      [BO]: registered(BO),
    });
    const spar = createFakeSpar({ [OLE]: adult(OLE, 'Ole Ek') });
    await guardians({ ...world, openLookup: async () => spar }, { ...GUARDIAN_RUN, dryRun: true });
    expect((await kept()).has(OLE)).toBe(true);
    roster.rows.shift();
    await forget(world, byRow('student:1'));
    expect([...(await kept()).keys()]).toEqual([BO, OLE]);
  });

  it('erases of a row without a number what the journal has of it', async () => {
    const rows = [guardian('7', { first_name: 'Anna', last_name: SECRET }), staff('2', BO)];
    const { world } = await openSchool(rows, { [BO]: registered(BO) });
    const run = await world.state.journal.start({
      command: 'x',
      asOf: world.today,
      at: 'x',
      endUser: 'x',
      dryRun: false,
    });
    const key = { type: 'guardian', id: '7' } as const;
    const changes = [{ key, field: 'email', from: `${SECRET}@example.com`, to: '' } as const];
    await world.state.journal.planned(run, { changes, acts: [], files: [], compared: [], decisions: [] });
    await world.state.journal.applied(run, { rows: [], links: [] }, []);
    expect(await forget(world, byRow('guardian:7'))).toMatchObject({
      people: 1,
      journalValues: 1,
      erased: [key],
    });
    expect(bytesOf(world)).not.toContain(SECRET);
  });

  it('takes ids and numbers in any usual spelling from a list', async () => {
    for (const spelling of [KIM, '20110228-2389', '110228-2389', '1102282389', '20110228 2389']) {
      const rows = [student('1', KIM), staff('2', BO)];
      const { world, kept } = await openSchool(rows, { [KIM]: child(KIM, []), [BO]: registered(BO) });
      expect(await forget(world, fromList(spelling, '9'))).toMatchObject({
        people: 1,
        answers: 1,
        unknown: ['9'],
      });
      expect([...(await kept()).keys()]).toEqual([BO]);
    }
  });

  it('refuses a number as an argument, unless a row has it as its id', async () => {
    const { world, kept, roster } = await openSchool([staff('1', ANNA), staff('2', BO)], {
      [ANNA]: registered(ANNA),
      [BO]: registered(BO),
    });
    for (const text of [ANNA, '800913-9265', '198009139264']) {
      const error = await refusal(forget(world, byRow('2', text)));
      expect([error.code, error.hint?.en]).toEqual([
        'usage',
        expect.stringContaining('`spar-sync forget -`'),
      ]);
      expect(JSON.stringify(error.text)).not.toContain(text);
    }
    expect((await kept()).size).toBe(2);
    roster.rows[0] = staff(ANNA, ANNA);
    expect(await forget(world, byRow(ANNA))).toMatchObject({ people: 1, answers: 1 });
  });

  it('refuses when nobody is known, and changes nothing', async () => {
    const { world, kept } = await openSchool([staff('1', ANNA)], { [ANNA]: registered(ANNA) });
    expect(await refusal(forget(world, byRow('9', 'student:1')))).toMatchObject({ code: 'usage' });
    expect(await refusal(forget(world, fromList(BO)))).toMatchObject({ code: 'usage' });
    expect((await kept()).size).toBe(1);
  });

  describe('of somebody protected', () => {
    const answers = { [ANNA]: protectedPerson(ANNA), [BO]: registered(BO) };

    it('who is still there leaves it known, whoever says so, so that nothing shows them as anybody', async () => {
      const rows = [staff('1', ANNA), staff('2', BO, { protected: 'ja' }), staff('3', OLE)];
      const { world, kept, roster, spar } = await openSchool(rows, { ...answers, [OLE]: registered(OLE) });
      const report = await forget(world, byRow('1', '2', '3'));
      const keys = ['1', '2'].map((id) => ({ type: 'staff', id }));
      expect(report).toMatchObject({
        keptProtected: keys,
        erased: [{ id: '3' }],
        stillInRoster: [{ id: '3' }],
      });
      expect(await kept()).toEqual(
        new Map([
          [ANNA, 'protected'],
          [BO, 'withheld'],
        ]),
      );
      for (const row of roster.rows) row.protected = '';
      const exported: string[] = [];
      for await (const batch of exportRoster(world, () => true)) exported.push(...batch.map(String));
      expect(exported.filter((line) => /^[12],/.test(line) && /Gatan|1980|1984/.test(line))).toEqual([]);
      // What SPAR has said is not mistaken for its silence, nor paid for again.
      roster.rows.splice(0, 3, staff('1', ANNA, { protected: 'sekretessmarkering' }));
      spar.asked.splice(0);
      const { report: next } = await update(world, OPTIONS);
      expect(next.review.map(({ reason }) => reason)).toEqual(['protected']);
      expect(spar.asked).toEqual([]);
    });

    it('under another number leaves all numbers hidden', async () => {
      const hidden = { [BO]: renumberedTo(BO, EVA), [EVA]: protectedPerson(EVA), [ANNA]: registered(ANNA) };
      const { world, kept } = await openSchool([staff('1', BO), staff('2', ANNA)], hidden);
      const follow = { ...world.settings, rules: { ...world.settings.rules, renumbered: 'follow' } } as const;
      await update({ ...world, settings: follow }, OPTIONS);
      await forget(world, byRow('1'));
      expect(await kept()).toEqual(
        new Map([
          [ANNA, 'registered'],
          [BO, 'withheld'],
          [EVA, 'protected'],
        ]),
      );
      expect(await world.state.snapshots.renumbered()).toEqual([{ former: BO, successors: [EVA] }]);
    });

    it('who has left leaves nothing, and shows a row at most', async () => {
      const { world, kept, roster } = await openSchool([staff('1', ANNA), staff('2', BO)], answers);
      roster.rows.shift();
      expect(await forget(world, fromList(ANNA))).toMatchObject({
        answers: 1,
        erased: [{ type: 'staff', id: '1' }],
        keptProtected: [],
      });
      expect([...(await kept()).keys()]).toEqual([BO]);
    });
  });

  describe('without a roster', () => {
    const broken = new SparSyncError('roster-unreadable', {
      en: 'people.csv: gone',
      sv: 'people.csv: borta',
    });

    it('goes by what the state remembers, and keeps hidden whoever is', async () => {
      const rows = [staff('1', ANNA), staff('2', BO), staff('3', OLE)];
      const answers = { [ANNA]: protectedPerson(ANNA), [BO]: registered(BO), [OLE]: registered(OLE) };
      const { world, kept } = await openSchool(rows, answers);
      const blind = { ...world, roster: createUnreadableRoster(broken) };
      expect(await forget(blind, byRow('1', 'staff:2', '9'))).toMatchObject({
        people: 2,
        answers: 1,
        keptProtected: [{ type: 'staff', id: '1' }],
        stillInRoster: [],
        unknown: ['9'],
      });
      expect(await kept()).toEqual(
        new Map([
          [ANNA, 'protected'],
          [OLE, 'registered'],
        ]),
      );
      const remarks = world.events.flatMap((event) => (event.kind === 'remark' ? [event.text.en] : []));
      expect(remarks[0]).toContain('people.csv: gone. ');
    });

    it('cannot tell who has left', async () => {
      const { world, kept } = await openSchool([staff('1', ANNA)], { [ANNA]: registered(ANNA) });
      const blind = { ...world, roster: createUnreadableRoster(broken) };
      expect(await refusal(forget(blind, DEPARTED))).toBe(broken);
      expect((await kept()).size).toBe(1);
    });
  });

  describe('--departed', () => {
    const rows = [student('1', KIM), staff('2', ANNA), staff('3', BO), staff('4', EVA)];
    const answers = {
      [KIM]: child(KIM, []),
      [ANNA]: tellingOf(ANNA),
      [BO]: registered(BO),
      [EVA]: registered(EVA),
    };

    it('erases everybody who has left, at once', async () => {
      const { world, kept, roster } = await openSchool(rows, answers);
      expect(await forget(world, DEPARTED)).toMatchObject({ people: 0, answers: 0, erased: [] });
      roster.rows.splice(1, 1);
      const shown = await forget(world, { ...DEPARTED, dryRun: true });
      expect(shown).toMatchObject({ people: 1, answers: 1, erased: [{ type: 'staff', id: '2' }] });
      expect((await kept()).size).toBe(4);
      expect(await forget(world, DEPARTED)).toEqual({ ...shown, dryRun: false });
      expect([...(await kept()).keys()]).toEqual([KIM, BO, EVA]);
      expect(bytesOf(world)).not.toContain(SECRET);
    });

    it('stops where too many have, unless it is forced', async () => {
      const { world, kept, roster } = await openSchool(rows, answers);
      roster.rows.splice(1, 2);
      const error = await refusal(forget(world, DEPARTED));
      expect([error.code, error.text.en]).toEqual(['brake', expect.stringContaining('2 of 4 people')]);
      expect(await forget(world, { ...DEPARTED, dryRun: true })).toMatchObject({
        people: 2,
        brake: { kind: 'departed', count: 2, of: 4, share: 0.5, limit: 0.3 },
      });
      expect((await kept()).size).toBe(4);
      expect(await forget(world, { ...DEPARTED, force: true })).toMatchObject({ people: 2, answers: 2 });
      expect((await kept()).size).toBe(2);
    });

    it('shows whoever was on no row by a masked number', async () => {
      const { world, kept } = await openSchool(
        [student('1', KIM), student('2', LO), staff('3', BO), staff('4', EVA)],
        { ...answers, [KIM]: child(KIM, [OLE]), [LO]: child(LO, []) },
      );
      const spar = createFakeSpar({ [OLE]: adult(OLE, 'Ole Ek'), [KIM]: child(KIM, []) });
      await guardians({ ...world, openLookup: async () => spar }, { ...GUARDIAN_RUN, dryRun: true });
      expect((await kept()).has(OLE)).toBe(true);
      expect(await forget(world, DEPARTED)).toMatchObject({ people: 0 });
      await update(
        { ...world, openLookup: async () => spar },
        { ...OPTIONS, refresh: true, selected: ({ id }) => id === '1' },
      );
      expect(await forget(world, DEPARTED)).toMatchObject({
        people: 1,
        erased: [{ number: '19810603-****' }],
      });
    });
  });

  it('whoever is named: nobody else is touched, twice is the same, and the trial tells the truth', async () => {
    const answers = Object.fromEntries(
      EVERYBODY.map((id, i) => [id, i % 4 === 3 ? protectedPerson(id) : registered(id)]),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.subarray(EVERYBODY, { minLength: 1 }),
        fc.subarray(EVERYBODY, { minLength: 1 }),
        async (there, whom) => {
          const all = EVERYBODY.map((id, i) => staff(String(i), id));
          const { world, kept, roster, run } = await openSchool(all, answers);
          roster.rows.splice(0, 6, ...all.filter(({ personnummer }) => there.includes(personnummer ?? '')));
          const before = await kept();
          const trial = await forget(world, { ...fromList(...whom), dryRun: true });
          expect(await kept()).toEqual(before);
          const done = await forget(world, fromList(...whom));
          expect({ ...done, dryRun: true }).toEqual(trial);
          const after = await kept();
          for (const [id, kind] of before) {
            const stays = !whom.includes(id) || (kind === 'protected' && there.includes(id));
            expect(after.get(id)).toBe(stays ? kind : undefined);
          }
          const { report } = await historyOf(run, world);
          const people = new Set(report.written.changes.map(({ person }) => person as string));
          for (const id of whom) expect(answers[id]?.kind === 'registered' && people.has(id)).toBe(false);
          expect(await forget(world, fromList(...whom))).toMatchObject({ answers: 0, journalValues: 0 });
          await world.state.close();
        },
      ),
      { numRuns: 20 },
    );
  }, 60_000);
});
