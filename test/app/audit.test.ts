import { describe, expect, it } from 'vitest';
import { audit } from '../../src/app/audit/audit.ts';
import type { AuditedLookup, AuditQuestion, PersonWanted } from '../../src/app/audit/audit-report.ts';
import { guardians } from '../../src/app/guardians/guardians.ts';
import type { Roster } from '../../src/app/roster-port.ts';
import { update } from '../../src/app/update/update.ts';
import { SparSyncError } from '../../src/errors.ts';
import { begin } from '../contract/state-on-trial.ts';
import { date, personId } from '../support/arbitraries.ts';
import {
  ANNA,
  adult,
  BO,
  child,
  EVA,
  GUARDIAN_RUN,
  guardian,
  KIM,
  LO,
  openGuardianWorld,
  student,
  type TestGuardianWorld,
} from '../support/guardian-world.ts';
import { createMemoryRoster, type MemoryRoster } from '../support/memory-roster.ts';
import { refusal } from '../support/refusal.ts';
import { createFakeSpar, OPTIONS, protectedPerson, renumberedTo } from '../support/update-world.ts';

const school = () =>
  createMemoryRoster(
    [
      student('17', KIM),
      student('18', LO),
      guardian('9', { personnummer: ANNA, first_name: 'Anna', last_name: 'Ek' }),
    ],
    { links: [{ student: '17', guardian: '9' }] },
  );

const register = () =>
  createFakeSpar({
    [KIM]: child(KIM, [ANNA, BO]),
    [LO]: child(LO, [BO]),
    [ANNA]: adult(ANNA, 'Anna Ek'),
    [BO]: adult(BO, 'Bo Ek'),
    [EVA]: adult(EVA, 'Eva Ek'),
  });

/** Two runs: `update` asks about the three rows, `guardians` about Bo for the sake of both children. */
async function openAsked(roster: MemoryRoster = school(), spar = register()) {
  const world = await openGuardianWorld(roster, spar);
  await update(world, OPTIONS);
  await guardians(world, GUARDIAN_RUN);
  return { world, roster, spar };
}

async function look(
  world: Pick<TestGuardianWorld, 'state' | 'today' | 'roster'>,
  question: Partial<AuditQuestion> = {},
  openRoster: () => Promise<Roster> = async () => world.roster,
) {
  const { state, today } = world;
  const found = await audit({ numbersAllowed: false, ...question }, { state, today, openRoster });
  const lookups: AuditedLookup[] = [];
  for await (const batch of found.lookups()) lookups.push(...batch);
  expect(found.count).toBe(lookups.length);
  return { ...found, lookups, told: lookups.map(inShort) };
}

function inShort({ run, type, rows, number, isProtected }: AuditedLookup): string {
  const of = rows.map((row) => `${row.type}:${row.id}`).join(' ');
  return `${run.command} ${type} [${of}] ${number ?? '-'}${isProtected ? ' protected' : ''}`;
}

const about = (...people: readonly PersonWanted[]): Partial<AuditQuestion> => ({ about: people });
const KIM_MASKED = '20110228-****';
const cannotOpen = async (): Promise<Roster> => {
  throw new SparSyncError('roster-unreadable', { en: 'no', sv: 'nej' });
};

describe('audit', () => {
  it('tells of every lookup, the newest first: who, when, why, under whom and with which UUID', async () => {
    const { world } = await openAsked();
    const { lookups, told } = await look(world);
    expect(told[0]).toBe('guardians guardian [student:17 student:18] 19840217-****');
    expect(told.slice(1).sort()).toEqual([
      'update guardian [guardian:9] 19800913-****',
      `update student [student:17] ${KIM_MASKED}`,
      'update student [student:18] 20110815-****',
    ]);
    expect(lookups[0]).toMatchObject({
      run: { run: 2, command: 'guardians', dryRun: false, asOf: '2026-11-23' },
      begunAt: '2026-11-23T08:00:00.000Z',
      permissions: [],
      endUser: 'test@school',
      outcome: 'answered',
      answer: 'registered',
      reference: 'uuid-4',
    });
    expect(lookups.find(({ number }) => number === KIM_MASKED)?.permissions).toEqual(['relations']);
  });

  it('holds a batch at a time, whatever the size of the ledger', async () => {
    const world = await openGuardianWorld(school(), register());
    const run = await begin(world.state);
    const one = {
      run,
      id: personId(KIM),
      permissions: [],
      rows: [],
      endUser: 'x',
      price: 40,
      at: '2026-11-23T08:00:00Z',
    };
    await Promise.all(Array.from({ length: 2000 }, () => world.state.ledger.begin(one)));
    const found = await audit({ numbersAllowed: false }, { ...world, openRoster: async () => world.roster });
    const sizes: number[] = [];
    for await (const batch of found.lookups()) sizes.push(batch.length);
    expect([found.count, sizes]).toEqual([2000, [1000, 1000]]);
    const first: number[] = [];
    for await (const batch of found.lookups(1050)) first.push(batch.length);
    expect(first).toEqual([1000, 50]);
  });

  it('goes by the day of the clock in Sweden', async () => {
    const { world } = await openAsked();
    expect((await look(world, { since: date('2026-11-23') })).count).toBe(4);
    expect((await look(world, { since: date('2026-11-24') })).count).toBe(0);
  });
});

describe('audit of one person', () => {
  it('tells of nobody else, though the row be among those that led to others', async () => {
    const { world } = await openAsked();
    const ofChild = [`update student [student:17] ${KIM_MASKED}`];
    expect((await look(world, about({ type: 'student', id: '17' }))).told).toEqual(ofChild);
    expect((await look(world, about({ id: '17' }))).told).toEqual(ofChild);
    expect((await look(world, about({ type: 'guardian', id: '9' }))).told).toEqual([
      'update guardian [guardian:9] 19800913-****',
    ]);
  });

  it('finds what was asked before they had a row: a guardian, for the children’s sake', async () => {
    const { world, roster } = await openAsked();
    const made = roster.rows.find(({ personnummer }) => personnummer === BO);
    const { told } = await look(world, about({ type: 'guardian', id: made?.id ?? '' }));
    expect(told).toEqual(['guardians guardian [student:17 student:18] 19840217-****']);
  });

  it('goes under every number that SPAR says is theirs', async () => {
    const roster = school();
    const { world, spar } = await openAsked(roster);
    spar.answers.set(KIM, renumberedTo(KIM, EVA));
    await update(world, { ...OPTIONS, refresh: true });
    Object.assign(roster.rows[0] ?? {}, { personnummer: EVA });
    await update(world, OPTIONS);
    const { told } = await look(world, about({ type: 'student', id: '17' }));
    expect(told).toEqual([
      'update student [student:17] 19810119-****',
      `update student [student:17] ${KIM_MASKED}`,
      `update student [student:17] ${KIM_MASKED}`,
    ]);
  });

  it.each([
    ['gone', (roster: MemoryRoster) => roster.rows.shift()],
    [
      'without its number',
      (roster: MemoryRoster) => Object.assign(roster.rows[0] ?? {}, { personnummer: '' }),
    ],
  ])('goes by the lookups of the row at the time where it is %s', async (_, change) => {
    const { world, roster } = await openAsked();
    change(roster);
    const { told, shared } = await look(world, about({ type: 'student', id: '17' }));
    expect(told).toEqual([`update student [student:17] ${KIM_MASKED}`]);
    expect(shared).toEqual([]);
  });

  it('goes by the journal where nobody was asked about on the row itself', async () => {
    const { world, roster } = await openAsked();
    const made = roster.rows.findIndex(({ personnummer }) => personnummer === BO);
    const [{ id } = { id: '' }] = roster.rows.splice(made, 1);
    const { told } = await look(world, about({ type: 'guardian', id }));
    expect(told).toEqual(['guardians guardian [student:17 student:18] 19840217-****']);
  });

  it('goes by the number that is on the row now, not by those of others who had the row', async () => {
    const { world, roster } = await openAsked();
    Object.assign(roster.rows[0] ?? {}, { personnummer: EVA });
    expect((await look(world, about({ type: 'student', id: '17' }))).told).toEqual([]);
    roster.rows.shift();
    await update(await openAgain(world, student('17', EVA)), OPTIONS);
    const { told, shared } = await look(world, about({ type: 'student', id: '17' }));
    expect(told.map((text) => text.slice(-13))).toEqual(['19810119-****', KIM_MASKED]);
    expect(shared).toEqual([{ type: 'student', id: '17' }]);
  });

  it('asks which type is meant where several have the id', async () => {
    const { world, roster } = await openAsked();
    roster.rows.push(guardian('17', { personnummer: EVA }));
    const error = await refusal(look(world, about({ id: '17' })));
    expect([error.code, error.text.en]).toEqual([
      'usage',
      'Several people have the id 17: student:17, guardian:17.',
    ]);
  });

  it('refuses ids that nothing knows, and names them where others are known', async () => {
    const { world } = await openAsked();
    const error = await refusal(look(world, about({ id: '99' }, { type: 'staff', id: '17' })));
    expect([error.code, error.text.en]).toEqual([
      'usage',
      'Neither the roster nor the log of lookups knows the id 99, staff:17.',
    ]);
    const { count, strangers } = await look(world, about({ id: '99' }, { id: '17' }));
    expect([count, strangers]).toEqual([1, [{ id: '99' }]]);
  });

  it('takes a personnummer where nobody else can see it, and refuses one on the command line', async () => {
    const { world } = await openAsked();
    for (const id of [KIM, `${KIM.slice(2, 8)}-${KIM.slice(8)}`]) {
      const listed = await look(world, { ...about({ id }), numbersAllowed: true });
      expect(listed.told).toEqual([`update student [student:17] ${KIM_MASKED}`]);
      const error = await refusal(look(world, about({ id })));
      expect([error.code, error.text.en.includes('personnummer'), error.message]).toEqual([
        'usage',
        true,
        expect.not.stringContaining(KIM.slice(8)),
      ]);
    }
    // Nobody was asked about, and the number is right: that is an answer too.
    const nobody = await look(world, { ...about({ id: EVA }), numbersAllowed: true });
    expect([nobody.count, nobody.strangers]).toEqual([0, []]);
  });

  it('takes a personnummer that is the id of a row for the row', async () => {
    const { world } = await openAsked(createMemoryRoster([student(EVA, KIM)]));
    expect((await look(world, about({ id: EVA }))).told).toEqual([
      `update student [student:${EVA}] ${KIM_MASKED}`,
    ]);
  });
});

describe('audit of who is protected', () => {
  it('keeps the number back of whoever SPAR or the school says is, under all numbers', async () => {
    const roster = school();
    const { world, spar } = await openAsked(roster);
    Object.assign(roster.rows[2] ?? {}, { protected: 'ja' });
    spar.answers.set(LO, renumberedTo(LO, EVA));
    spar.answers.set(EVA, protectedPerson(EVA));
    await update(world, { ...OPTIONS, refresh: true });
    Object.assign(roster.rows[1] ?? {}, { personnummer: EVA });
    await update(world, OPTIONS);
    const { lookups } = await look(world);
    const shown = new Map<string, Set<string | undefined>>();
    for (const { rows, number } of lookups) {
      const key = rows.map(({ id }) => id).join();
      shown.set(key, (shown.get(key) ?? new Set()).add(number));
    }
    expect(shown).toEqual(
      new Map<string, Set<string | undefined>>([
        ['18', new Set([undefined])],
        ['9', new Set([undefined])],
        ['17', new Set([KIM_MASKED])],
        // Bo is nobody to hide; where his would tell of the child, it is kept back.
        ['17,18', new Set([undefined])],
        ['19', new Set(['19840217-****'])],
      ]),
    );
    for (const { number, answer, isProtected } of lookups) {
      expect([isProtected, answer === undefined]).toEqual([number === undefined, number === undefined]);
    }
  });

  it('keeps back what number the row had before, though SPAR has joined it to no other', async () => {
    const { world, roster, spar } = await openAsked();
    Object.assign(roster.rows[0] ?? {}, { personnummer: EVA });
    spar.answers.set(EVA, protectedPerson(EVA));
    // A dry run writes no mark that would tell.
    await update(world, { ...OPTIONS, dryRun: true });
    expect((await look(world)).told).toContain('update student [student:17] - protected');
    expect((await look(world)).told.join()).not.toContain(KIM_MASKED);
  });

  it('knows it from the ledger when the answer is kept no more', async () => {
    const spar = register();
    spar.answers.set(LO, protectedPerson(LO));
    const { world, roster } = await openAsked(school(), spar);
    roster.rows.splice(1, 1);
    const { snapshots } = world.state;
    const forgotten = {
      ...world.state,
      snapshots: { ...snapshots, protectedPeople: async () => [], withheldPeople: async () => [] },
    };
    const { told } = await look({ ...world, state: forgotten });
    expect(told).toContain('update student [student:18] - protected');
  });

  it('keeps everybody’s number back where the roster cannot be read, and goes on', async () => {
    const spar = register();
    spar.answers.set(LO, protectedPerson(LO));
    const { world } = await openAsked(school(), spar);
    const { lookups, told, roster } = await look(world, about({ id: '17' }, { id: '18' }), cannotOpen);
    expect(roster).toBe('not-read');
    expect([...told].sort()).toEqual([
      'update student [student:17] -',
      'update student [student:18] - protected',
    ]);
    expect(lookups.map(({ answer }) => answer)).toEqual([undefined, undefined]);
  });

  it('keeps the number back of whoever may stand on a row that cannot be read', async () => {
    const { world, roster } = await openAsked();
    roster.rows.shift();
    const torn: Roster = {
      ...roster,
      async *read(onProblem) {
        onProblem({ file: 'people.csv', line: 2, reason: 'ragged-row' });
        yield* roster.read(onProblem);
      },
    };
    const { told, roster: kind } = await look(world, {}, async () => torn);
    expect(kind).toBe('read-in-part');
    expect(told).toContain('update student [student:17] -');
    expect(told).toContain('update student [student:18] 20110815-****');
    expect((await look(world)).told).toContain(`update student [student:17] ${KIM_MASKED}`);
  });

  it('says what is wrong where that is not the roster', async () => {
    const { world } = await openAsked();
    const broken = async (): Promise<Roster> => {
      throw new TypeError('a bug');
    };
    await expect(look(world, {}, broken)).rejects.toThrow('a bug');
  });
});

/** The same state beside another roster. */
async function openAgain(world: TestGuardianWorld, ...rows: Parameters<typeof createMemoryRoster>[0]) {
  return openGuardianWorld(createMemoryRoster(rows), register(), { state: world.state });
}
