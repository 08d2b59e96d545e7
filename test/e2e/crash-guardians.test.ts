import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import pLimit from 'p-limit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '../../src/adapters/spar/simulator/server.ts';
import { buildProgram, runProgram } from '../support/built-program.ts';
import { type KillPoint, killPoints } from '../support/kill-points.ts';
import { runHere } from '../support/program-here.ts';
import { sampleCsv, sampleSqlite, sampleStudents } from '../support/sample-rosters.ts';
import { copySchool, type RegisterToAsk, type SchoolOnDisk } from '../support/school-on-disk.ts';

const PRELOAD = fileURLToPath(new URL('../support/kill-at-step.mjs', import.meta.url));
const TODAY = '2026-11-23';
const TIMEOUT = 120_000;
const inTurn = pLimit(3);

/** A student with a guardian who is on the staff and another whom the roster has without a number. */
const NOT_ASKED_YET = '1012';
const DECISIONS = 'decisions.csv';
/** Settles what an earlier run left; asks nobody and writes nothing. */
const LOOK = ['guardians', '--offline', '--dry-run'];

/**
 * What is killed. Each begins where another has ended, and is the run of that number in the journal; `undone`: as
 * what it leaves the roster once it is taken back.
 */
const ACTS = {
  'guardians that ask': { after: 'most asked', number: 2, args: ['guardians'], undone: 'undo of guardians' },
  guardians: { after: 'all asked', number: 3, args: ['guardians'], undone: 'undo of guardians' },
  merge: { after: 'guardians', number: 4, args: ['duplicates', 'apply', DECISIONS], undone: 'undo of merge' },
  'undo of guardians': { after: 'guardians', number: 4, args: ['undo', '3'], undone: 'guardians' },
  'undo of merge': { after: 'merge', number: 5, args: ['undo', '4'], undone: 'merge' },
} as const;
type Act = keyof typeof ACTS;

const ROSTERS = {
  csv: sampleCsv(),
  'sqlite, numbers': sampleSqlite('number'),
  'sqlite, uuids': sampleSqlite('uuid'),
};
type Kind = keyof typeof ROSTERS;

let register: Simulator;

beforeAll(async () => {
  await buildProgram();
  register = await startSimulator();
}, TIMEOUT);

afterAll(async () => {
  for (const stage of stages.values()) await stage.then(({ school }) => school.remove(), NOTHING_TO_REMOVE);
  await register.close();
});

const NOTHING_TO_REMOVE = () => {};

describe.each(Object.keys(ROSTERS) as Kind[])(
  'a roster of the kind %s, killed before each durable step',
  (kind) => {
    const acts = Object.keys(ACTS) as Act[];
    // What comes before the roster is the same for all kinds.
    it.each(kind === 'csv' ? acts : acts.filter((act) => act !== 'guardians that ask'))(
      'of %s, is whole and goes on',
      async (act) => {
        const before = await stageAfter(kind, ACTS[act].after);
        const after = await stageAfter(kind, act);
        const { steps } = after;
        const [from, to] = stepsToTry(kind, act, steps);
        expect(to - from, steps.join()).toBeGreaterThan(act === 'guardians that ask' ? 15 : 3);
        const points = killPoints(steps, from, to);
        await Promise.all(
          points.map((point) => inTurn(() => killAndGoOn({ kind, act, before, after, point }))),
        );
      },
      TIMEOUT,
    );
  },
);

describe('killed between people and links, and again while the next run settles that', () => {
  it.each<Act>(['merge', 'undo of merge'])(
    'of %s, is whole and goes on',
    async (act) => {
      const before = await stageAfter('csv', ACTS[act].after);
      const after = await stageAfter('csv', act);
      const number = after.steps.lastIndexOf('rename') + 1;
      const point = { name: 'rename', number };
      await Promise.all(
        [1, 2, 3, 4].map((again) =>
          inTurn(() => killAndGoOn({ kind: 'csv', act, before, after, point, again })),
        ),
      );
    },
    TIMEOUT,
  );
});

/**
 * That the roster can be written is proved by the same steps whatever the act, so one act tries those and the
 * questions, and the others what comes after.
 */
function stepsToTry(kind: Kind, act: Act, steps: readonly string[]): [from: number, to: number] {
  // Planned, old leftovers removed, made, and only then is the first file synced.
  const planned = kind === 'csv' ? steps.indexOf('sync') - 3 : steps.indexOf('commit roster') - 1;
  return act === 'guardians that ask' ? [0, planned] : [planned, steps.length];
}

/** A school that nobody disturbed, and how it came there. */
interface Stage {
  readonly school: SchoolOnDisk;
  readonly roster: readonly string[];
  readonly steps: readonly string[];
  readonly history: readonly RunShown[];
  readonly answered: readonly string[];
  readonly linksToNobody: readonly string[];
}

interface Killing {
  readonly kind: Kind;
  readonly act: Act;
  readonly before: Stage;
  readonly after: Stage;
  readonly point: KillPoint;
  /** The step before which the next run, which settles, is killed too. */
  readonly again?: number;
}

async function killAndGoOn({ kind, act, before, after, point, again }: Killing): Promise<void> {
  const at = `${kind}, ${act}, before step ${point.number} of ${after.steps.length} (${point.name})${again ? `, then ${again}` : ''}`;
  const { read, linksToNobody } = ROSTERS[kind];
  const { number } = ACTS[act];
  const school = copySchool(before.school);
  const person = `anna-${school.dir.slice(-6)}`;
  const run = (args: readonly string[]) => here(args, school, person);
  try {
    const killed = await runKilled(ACTS[act].args, school, person, point.number);
    expect(killed.signal, at).toBe('SIGKILL');

    const asked = askedBy(person);
    const paid = school.state();
    const between = lookAside(school, read);
    const isWritten = between.map((file, i) => file !== before.roster[i]);
    between.forEach((file, i) => {
      expect([before.roster[i], after.roster[i]], `${at}: neither old nor new`).toContain(file);
    });
    const toNobody = lookAside(school, linksToNobody);
    expect(toNobody, `${at}: a link to a row that is not there`).toEqual(before.linksToNobody);
    expect(paid.attempted, `${at}: asked without a word in the ledger`).toEqual(
      expect.arrayContaining(asked),
    );

    if (again !== undefined) {
      const settling = await runKilled(LOOK, school, person, again);
      expect(settling.signal, at).toBe('SIGKILL');
    }
    const wasBegun = (await historyOf(school)).some((record) => record.run === number);
    const look = await run(LOOK);
    expect(look.exit, `${at}: ${look.text}`).toBe(0);
    expect(read(school), `${at}: settling wrote`).toEqual(between);
    const settled = (await historyOf(school)).find((record) => record.run === number);
    if (wasBegun) {
      const wanted = partOf(
        after.history.find((record) => record.run === number),
        isWritten,
      );
      expect(partOf(settled), `${at}: history tells otherwise`).toEqual(wanted);
    }

    if (!isEqual(between, after.roster)) {
      const goneOn = await run(ACTS[act].args);
      expect(goneOn.exit, `${at}: ${goneOn.text}`).toBe(0);
    }
    expect(read(school), `${at}: not as after an undisturbed run`).toEqual(after.roster);
    expect(linksToNobody(school), at).toEqual(after.linksToNobody);
    const askedAfter = askedBy(person).slice(asked.length);
    expect(
      askedAfter.filter((id) => paid.answered.includes(id)),
      `${at}: paid for twice`,
    ).toEqual([]);
    const { answered, unsettled } = school.state();
    expect(answered, `${at}: somebody was left out, or paid for twice`).toEqual(after.answered);
    expect(unsettled, at).toBe(0);
    expect(school.files().filter(isStray), `${at}: left behind`).toEqual([]);

    for (const record of await historyOf(school)) {
      if (record.run < number || record.dryRun || record.phase !== 'applied') continue;
      const undone = await run(['undo', String(record.run)]);
      expect(undone.exit, `${at}: undo ${record.run}: ${undone.text}`).toBe(0);
    }
    const undone = await stageAfter(kind, ACTS[act].undone);
    expect(read(school), `${at}: undo does not bring it back`).toEqual(undone.roster);
  } finally {
    school.remove();
  }
}

const stages = new Map<string, Promise<Stage>>();

/** Made once for each kind. */
function stageAfter(kind: Kind, act: Act | 'most asked' | 'all asked'): Promise<Stage> {
  const key = `${kind} ${act}`;
  const stage = stages.get(key) ?? makeStage(kind, act);
  stages.set(key, stage);
  return stage;
}

function makeStage(kind: Kind, act: Act | 'most asked' | 'all asked'): Promise<Stage> {
  switch (act) {
    case 'most asked':
      return askAboutMost(kind);
    case 'all asked':
      return askAboutTheRest(kind);
    default:
      return undisturbed(kind, act);
  }
}

/** The sample school, after a run that has written nothing and has asked about all families but one. */
async function askAboutMost(kind: Kind): Promise<Stage> {
  const school = ROSTERS[kind].create(registerToAsk());
  const ids = sampleStudents().filter((id) => id !== NOT_ASKED_YET);
  const asked = await here(['guardians', '--dry-run', '--id', ...ids], school, 'anna');
  expect(asked.exit, asked.text).toBe(0);
  return stageOf(kind, school, []);
}

async function askAboutTheRest(kind: Kind): Promise<Stage> {
  const school = copySchool((await stageAfter(kind, 'most asked')).school);
  const asked = await here(['guardians', '--dry-run'], school, 'anna');
  expect(asked.exit, asked.text).toBe(0);
  return stageOf(kind, school, []);
}

async function undisturbed(kind: Kind, act: Act): Promise<Stage> {
  const school = copySchool((await stageAfter(kind, ACTS[act].after)).school);
  const steps = school.path('steps');
  const { exit, stdout, stderr } = await runPreloaded(ACTS[act].args, school, { STEPS_FILE: steps });
  expect(exit, `${stdout}${stderr}`).toBe(0);
  const taken = readFileSync(steps, 'utf8').trim().split('\n');
  rmSync(steps);
  if (act === 'guardians') await decide(school);
  return stageOf(kind, school, taken);
}

async function stageOf(kind: Kind, school: SchoolOnDisk, steps: readonly string[]): Promise<Stage> {
  const { read, linksToNobody } = ROSTERS[kind];
  return {
    school,
    steps,
    roster: read(school),
    history: await historyOf(school),
    answered: school.state().answered,
    linksToNobody: linksToNobody(school),
  };
}

/** What a person does with the report: one pair is told apart, the other guardians are the same. */
async function decide(school: SchoolOnDisk): Promise<void> {
  const reported = await here(['duplicates', '-o', DECISIONS], school, 'anna');
  expect(reported.exit, reported.text).toBe(0);
  const lines = readFileSync(school.path(DECISIONS), 'utf8').split('\n');
  const decided = lines.map((line) => {
    if (line === '' || line.includes('decision') || line.includes('staff:')) return line;
    return `${line.includes('3021') ? 'different' : 'same'}${line}`;
  });
  expect(decided.filter((line) => line.startsWith('same')).length).toBe(2);
  expect(decided.filter((line) => line.startsWith('different')).length).toBe(1);
  writeFileSync(school.path(DECISIONS), decided.join('\n'));
}

function runKilled(args: readonly string[], school: SchoolOnDisk, person: string, step: number) {
  return runPreloaded(args, school, { SUDO_USER: person, KILL_BEFORE_STEP: String(step) });
}

function runPreloaded(args: readonly string[], { dir }: SchoolOnDisk, env: Readonly<Record<string, string>>) {
  return runProgram([...args, '--as-of', TODAY], { cwd: dir, env, node: ['--import', PRELOAD] });
}

async function here(args: readonly string[], { dir }: SchoolOnDisk, person: string) {
  const { exit, stdout, stderr } = await runHere([...args, '--as-of', TODAY], dir, { SUDO_USER: person });
  return { exit, stdout, text: stdout + stderr };
}

interface RunShown {
  readonly run: number;
  readonly dryRun: boolean;
  readonly phase: string;
  readonly decisions: number;
  readonly changes: number;
  readonly rowsAdded: number;
  readonly rowsRemoved: number;
  readonly linksAdded: number;
  readonly linksRemoved: number;
  readonly linksMoved: number;
}

/** Newest first. */
async function historyOf(school: SchoolOnDisk): Promise<readonly RunShown[]> {
  const { exit, stdout, text } = await here(['history', '--json'], school, 'anna');
  expect(exit, text).toBe(0);
  return JSON.parse(stdout).runs;
}

/** What history tells of a run, or is to tell of one of which only these files were written. */
function partOf(record: RunShown | undefined, [people = true, links = people]: readonly boolean[] = []) {
  const isApplied = record?.phase === 'applied' && (people || links);
  const { changes = 0, rowsAdded = 0, rowsRemoved = 0 } = people && record ? record : {};
  const { linksAdded = 0, linksRemoved = 0, linksMoved = 0 } = links && record ? record : {};
  const { decisions = 0 } = isApplied && record ? record : {};
  return { isApplied, decisions, changes, rowsAdded, rowsRemoved, linksAdded, linksRemoved, linksMoved };
}

function askedBy(person: string): string[] {
  return register
    .requests()
    .filter(({ slutAnvandarId }) => slutAnvandarId.startsWith(`${person}@`))
    .map(({ id }) => id);
}

/** Looks at a copy: a database whose writer was killed is put right by the first who opens it. */
function lookAside<T>(school: SchoolOnDisk, look: (school: SchoolOnDisk) => T): T {
  const copy = copySchool(school);
  try {
    return look(copy);
  } finally {
    copy.remove();
  }
}

function isEqual(one: readonly string[], other: readonly string[]): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

const EXPECTED_FILE =
  /^(config\.json|(ca|client-cert|client-key)\.pem|(people|links|decisions)\.csv|(roster|spar-sync)\.db|spar-sync\.db-lock)$/;

function isStray(name: string): boolean {
  return !EXPECTED_FILE.test(name);
}

function registerToAsk(): RegisterToAsk {
  const { url, ca, clientCert: cert, clientKey: key } = register;
  return { url: `${url}/2021.1/`, ca, cert, key };
}
