import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import pLimit from 'p-limit';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '../../src/adapters/spar/simulator/server.ts';
import { buildProgram, runProgram, startProgram } from '../support/built-program.ts';
import { killPoints } from '../support/kill-points.ts';
import { runHere } from '../support/program-here.ts';
import { dumpSqlite } from '../support/roster-cells.ts';
import { createSchool, type SchoolOnDisk } from '../support/school-on-disk.ts';

const PRELOAD = fileURLToPath(new URL('../support/kill-at-step.mjs', import.meta.url));
const UPDATE = ['update', '--as-of', '2026-11-23', '--json'];
const TIMEOUT = 120_000;
const inTurn = pLimit(2);

const STUDENTS = `id,personnummer,first_name,last_name,street,postal_code,city,protected,spar_checked
1001,20150112-2384,Elsa,Åkerström,Torggatan 3,745 31,Enköping,,
1010,20150803-2396,Melvin,Strand,Skolgatan 5,745 32,Enköping,,
1005,20131202-2385,Alma,Wallin,Kaptensgatan 4,745 32,Enköping,,
`;
const GUARDIANS = `id;personnummer;first_name;last_name;street;status
3005;19900802-2387;Ida;Wallin;Kaptensgatan 4;
3011;19900806-2391;Anders;Hedlund;Lillsidan 14;
3022;19911122-2395;Patrik;Lindström;Bergvretsvägen 3;
`;
const PEOPLE = 6;

/** The two kinds of roster: how a school with it is made, and its content as text, file by file. */
const ROSTERS = {
  csv: {
    create: (register: Simulator, spar: object) =>
      createSchool(
        registerOf(register),
        { 'students.csv': STUDENTS, 'guardians.csv': GUARDIANS },
        {
          spar,
          roster: {
            kind: 'csv',
            files: [
              { path: 'students.csv', type: 'student' },
              { path: 'guardians.csv', type: 'guardian' },
            ],
          },
        },
      ),
    read: (school: SchoolOnDisk) =>
      ['students.csv', 'guardians.csv'].map((name) => readFileSync(school.path(name), 'utf8')),
  },
  sqlite: {
    create: (register: Simulator, spar: object) =>
      createSchool(
        registerOf(register),
        { 'roster.db.sql': `${sqlOf('student', STUDENTS, ',')}${sqlOf('guardian', GUARDIANS, ';')}` },
        {
          spar,
          roster: {
            kind: 'sqlite',
            path: 'roster.db',
            people: [
              { table: 'student', type: 'student' },
              { table: 'guardian', type: 'guardian' },
            ],
          },
        },
      ),
    read: (school: SchoolOnDisk) => [dumpSqlite(school.path('roster.db'))],
  },
};
type Kind = keyof typeof ROSTERS;

beforeAll(buildProgram, TIMEOUT);

describe.each<Kind>(['csv', 'sqlite'])('a %s roster, killed before each durable step', (kind) => {
  it(
    'is whole, and the next run finishes without paying twice',
    async () => {
      const { steps, roster } = await undisturbed(kind);
      // What comes before the roster is the same for both kinds: the second kind tries only the end.
      const from = kind === 'csv' ? 1 : steps.lastIndexOf('commit') - 4;
      expect(steps.length).toBeGreaterThan(2 * PEOPLE);
      const points = killPoints(steps, from - 1);
      await Promise.all(
        points.map((point) =>
          inTurn(() =>
            killAndGoOn(kind, roster, `before step ${point.number} of ${steps.length} (${point.name})`, {
              spar: { concurrency: 1 },
              kill: async (school) => {
                const env = { KILL_BEFORE_STEP: String(point.number) };
                return runProgram(UPDATE, { cwd: school.dir, env, node: ['--import', PRELOAD] });
              },
            }),
          ),
        ),
      );
    },
    TIMEOUT,
  );
});

describe('killed between two files, and again while the next run settles that', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'before step %i',
    async (number) => {
      const { steps, roster } = await undisturbed('csv');
      const secondFile = steps.lastIndexOf('rename') + 1;
      const runUntil = (step: number, { dir }: SchoolOnDisk) => {
        const env = { KILL_BEFORE_STEP: String(step) };
        return runProgram(UPDATE, { cwd: dir, env, node: ['--import', PRELOAD] });
      };
      await inTurn(() =>
        killAndGoOn('csv', roster, `between the files, then before step ${number}`, {
          spar: { concurrency: 1 },
          kill: async (school) => {
            await runUntil(secondFile, school);
            return runUntil(number, school);
          },
        }),
      );
    },
    TIMEOUT,
  );
});

describe('killed while questions are on the wire', () => {
  it.each([1, 2, 3, 5, 6])(
    'as question %i comes in',
    async (number) => {
      const { roster } = await undisturbed('csv');
      await inTurn(() =>
        killAndGoOn('csv', roster, `at question ${number}`, {
          spar: { concurrency: 3 },
          kill: async (school, onQuestion) => {
            const started = startProgram(UPDATE, { cwd: school.dir });
            onQuestion((n) => {
              if (n === number) started.kill('SIGKILL');
            });
            return started.finished;
          },
        }),
      );
    },
    TIMEOUT,
  );
});

type Ending = Awaited<ReturnType<typeof runProgram>>;

interface Killing {
  readonly spar: object;
  readonly kill: (
    school: SchoolOnDisk,
    onQuestion: (listener: (n: number) => void) => void,
  ) => Promise<Ending>;
}

async function killAndGoOn(kind: Kind, final: readonly string[], point: string, killing: Killing) {
  let listener: (n: number) => void = () => {};
  const register = await startSimulator({
    fault: (n) => {
      listener(n);
      return undefined;
    },
  });
  const { create, read } = ROSTERS[kind];
  const school = create(register, killing.spar);
  try {
    const before = read(school);
    const killed = await killing.kill(school, (wanted) => {
      listener = wanted;
    });
    listener = () => {};
    const askedBefore = register.requests().map(({ id }) => id);
    const kept = school.state();
    const between = read(school);

    const again = await runHere(UPDATE, school.dir);
    const askedAfter = register
      .requests()
      .slice(askedBefore.length)
      .map(({ id }) => id);
    const settled = school.state();

    expect(killed.signal, point).toBe('SIGKILL');
    between.forEach((file, i) => {
      expect([before[i], final[i]], `${point}: neither old nor new`).toContain(file);
    });
    expect(kept.attempted, `${point}: asked without a word in the ledger`).toEqual(
      expect.arrayContaining(askedBefore),
    );
    expect(kept.cached, `${point}: an answer that was paid for is not there`).toEqual(
      [...new Set(kept.answered)].sort(),
    );
    expect(again.exit, `${point}: ${again.stderr}`).toBe(0);
    expect(read(school), `${point}: not as after an undisturbed run`).toEqual(final);
    expect(
      askedAfter.filter((id) => kept.answered.includes(id)),
      `${point}: paid for twice`,
    ).toEqual([]);
    expect(askedAfter.length, `${point}: somebody was left out`).toBe(PEOPLE - kept.answered.length);
    expect(settled.unsettled, point).toBe(0);
    expect(school.files().filter(isStray), `${point}: left behind`).toEqual([]);
  } finally {
    school.remove();
    await register.close();
  }
}

/** The steps of a run that nobody disturbs, and the roster after it. Run once for each kind. */
function undisturbed(kind: Kind): ReturnType<typeof runUndisturbed> {
  undisturbedRuns[kind] ??= runUndisturbed(kind);
  return undisturbedRuns[kind];
}

const undisturbedRuns: Partial<Record<Kind, ReturnType<typeof runUndisturbed>>> = {};

async function runUndisturbed(kind: Kind) {
  const register = await startSimulator();
  const { create, read } = ROSTERS[kind];
  const school = create(register, { concurrency: 1 });
  const env = { STEPS_FILE: school.path('steps') };
  const { exit, stderr } = await runProgram(UPDATE, { cwd: school.dir, env, node: ['--import', PRELOAD] });
  const steps = readFileSync(school.path('steps'), 'utf8').trim().split('\n');
  const roster = read(school);
  school.remove();
  await register.close();
  expect(exit, stderr).toBe(0);
  return { steps, roster };
}

const EXPECTED_FILE =
  /^(config\.json|(ca|client-cert|client-key)\.pem|\w+\.csv|(roster|spar-sync)\.db(-lock)?)$/;

function isStray(name: string): boolean {
  return !EXPECTED_FILE.test(name);
}

function registerOf({ url, ca, clientCert, clientKey }: Simulator) {
  return { url: `${url}/2021.1/`, ca, cert: clientCert, key: clientKey };
}

function sqlOf(table: string, csv: string, delimiter: string): string {
  const [header = '', ...rows] = csv.trim().split('\n');
  const values = rows.map(
    (row) =>
      `(${row
        .split(delimiter)
        .map((value) => `'${value}'`)
        .join(', ')})`,
  );
  const columns = header.split(delimiter).map((name) => `${name} TEXT${name === 'id' ? ' PRIMARY KEY' : ''}`);
  return `CREATE TABLE ${table} (${columns.join(', ')});\nINSERT INTO ${table} VALUES ${values.join(', ')};\n`;
}
