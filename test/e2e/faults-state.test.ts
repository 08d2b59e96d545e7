import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import Sqlite from 'better-sqlite3';
import pLimit from 'p-limit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MIGRATIONS } from '../../src/adapters/store/migrations.ts';
import { buildProgram } from '../support/built-program.ts';
import { type FaultSchool, type FaultSpar, openFaultSpar, PEOPLE, TODAY } from '../support/fault-school.ts';
import { recordRuns } from '../support/recorded-runs.ts';
import { copySchool } from '../support/school-on-disk.ts';
import { failingAt, fullDiskFrom, type Step, watchSteps } from '../support/step-faults.ts';

const UPDATE = ['update', '--json'];
const KILL = fileURLToPath(new URL('../support/kill-at-step.mjs', import.meta.url));
const TIMEOUT = 60_000;
const inTurn = pLimit(2);
const runs = recordRuns();
let spar: FaultSpar;
let final: readonly string[];
/** What a run has bought, as the state file keeps it. */
let answers: readonly { readonly person: number; readonly answer: string }[];

beforeAll(async () => {
  await buildProgram();
  spar = await openFaultSpar();
  const school = spar.createSchool('csv');
  const { exit, stdout } = await runs.here(UPDATE, school);
  expect(exit, stdout).toBe(0);
  final = school.roster();
  const db = new Sqlite(school.path('spar-sync.db'), { readonly: true });
  answers = db
    .prepare<[], { person: number; answer: string }>('SELECT person_id AS person, answer FROM snapshot')
    .all();
  db.close();
  school.remove();
}, TIMEOUT);
afterAll(() => spar.close());

/** Commands that only look, with where their output goes if people are in it. */
const LOOKS = [
  ['status'],
  ['history'],
  ['check'],
  ['duplicates', '-o', 'par.csv'],
  ['export', '-o', 'ut.csv'],
];

describe.concurrent('one run at a time', () => {
  it('beside a run that hangs the others only look, and do not disturb it', async () => {
    const school = spar.createSchool('csv', { spar: { timeoutSeconds: 600 } });
    try {
      const { answerNow, started } = await startHanging(school);
      for (const look of LOOKS) {
        const { exit, stdout, stderr } = await runs.here(look, school);
        expect(exit, `${look.join(' ')}: ${stdout}${stderr}`).toBe(0);
      }
      answerNow();
      const ended = await started.finished;
      expect(ended.exit, ended.stderr).toBe(0);
      expect(school.roster()).toEqual(final);
      expect(spar.askedBy(school)).toHaveLength(PEOPLE.length);
    } finally {
      school.remove();
    }
  });

  it('a second run is turned away with who holds the lock, and let in when that one is killed', async () => {
    const school = spar.createSchool('csv', { spar: { timeoutSeconds: 600 }, more: { language: 'sv' } });
    try {
      const { started } = await startHanging(school);
      const holder = `\`update\` sedan \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d \\(process ${started.pid}\\)`;
      for (const command of [['update'], ['undo', '1']]) {
        const { exit, json } = await runs.here([...command, '--json'], school);
        expect([exit, json.error?.code], command.join(' ')).toEqual([20, 'state-locked']);
        expect(json.error?.message).toMatch(new RegExp(`^En annan körning pågår: ${holder}`));
        expect(json.error?.hint).toContain('Vänta tills den är klar');
      }
      expect(spar.askedBy(school)).toHaveLength(1);

      started.kill('SIGKILL');
      await started.finished;
      spar.behave(school, () => undefined);
      const next = await runs.here(UPDATE, school);
      expect(next.exit, next.stdout).toBe(0);
      expect(school.roster()).toEqual(final);
      expect(school.files().filter((name) => name.includes('lock.json'))).toEqual([]);
    } finally {
      school.remove();
    }
  });
});

/** An update in a process of its own, of which the first question has come and is not answered. */
async function startHanging(school: FaultSchool) {
  let answerNow: () => void = () => {};
  const held = new Promise<undefined>((resolve) => {
    answerNow = () => resolve(undefined);
  });
  const asked = new Promise<void>((resolve) => {
    spar.behave(school, (n) => {
      if (n > 1) return undefined;
      resolve();
      return held;
    });
  });
  const started = runs.start([...UPDATE, '--as-of', TODAY], { cwd: school.dir });
  await Promise.race([asked, started.finished]);
  return { started, answerNow };
}

describe('a state file that cannot be used', () => {
  it.each<[what: string, spoil: (path: string) => void, code: string, says: RegExp]>([
    ['of a newer program', (path) => setVersion(path, 99), 'state-newer', /newer spar-sync.*99/],
    ['that is damaged', overwriteMiddle, 'state-unusable', /damaged/],
    ['that is cut short', cutShort, 'state-unusable', /damaged/],
    [
      'that is something else',
      (path) => writeFileSync(path, 'x'.repeat(9000)),
      'state-unusable',
      /not a SQLite/,
    ],
    ["that is another program's", setOtherProgram, 'state-unusable', /another program/],
    ['that is a folder', putFolder, 'state-unusable', /no ordinary file/],
  ])('%s is refused, and nothing in it changed', async (_, spoil, code, says) => {
    const school = spar.createSchool('csv');
    try {
      await runs.here([...UPDATE, '--dry-run'], school);
      const path = school.path('spar-sync.db');
      spoil(path);
      const before = contentOf(path);
      const roster = school.roster();
      for (const command of ['update', 'status', 'history', 'check']) {
        const { exit, json, stdout } = await runs.here([command, '--json'], school);
        expect(exit, `${command}: ${stdout}`).toBe(20);
        if (command === 'check') continue;
        expect(json.error?.code, command).toBe(code);
        expect(json.error?.message, command).toMatch(says);
        expect(json.error?.hint, command).not.toBe('');
      }
      expect(contentOf(path)).toEqual(before);
      expect(school.roster()).toEqual(roster);
      expect(spar.askedBy(school)).toHaveLength(PEOPLE.length);
    } finally {
      school.remove();
    }
  });
});

function contentOf(path: string): string {
  return statSync(path).isDirectory() ? 'a folder' : readFileSync(path).toString('latin1');
}

function setVersion(path: string, version: number): void {
  const db = new Sqlite(path);
  db.pragma(`user_version = ${version}`);
  db.pragma('wal_checkpoint(TRUNCATE)');
  db.close();
}

function setOtherProgram(path: string): void {
  rmSync(path);
  const db = new Sqlite(path);
  db.exec('CREATE TABLE theirs (x); INSERT INTO theirs VALUES (1)');
  db.close();
}

function overwriteMiddle(path: string): void {
  const bytes = readFileSync(path);
  writeFileSync(path, bytes.fill(0xff, 100, bytes.length));
}

function cutShort(path: string): void {
  writeFileSync(path, readFileSync(path).subarray(0, 5000));
}

function putFolder(path: string): void {
  rmSync(path);
  mkdirSync(path);
}

describe.each([1, 2])('a state file of version %i', (version) => {
  const versionOf = (school: FaultSchool): unknown => {
    // Of a copy: a database whose writer was killed is put right by the first who opens it.
    const copy = copySchool(school);
    const db = new Sqlite(copy.path('spar-sync.db'));
    const found = [
      db.pragma('user_version', { simple: true }),
      db.pragma('integrity_check', { simple: true }),
    ];
    db.close();
    copy.remove();
    return found;
  };
  const backupOf = (school: FaultSchool): string => school.path(`spar-sync.db.v${version}-backup`);

  /** Goes on with the next run, which finds everything that was bought. */
  async function goOn(school: FaultSchool): Promise<void> {
    const { exit, stdout, stderr } = await runs.here(UPDATE, school);
    expect(exit, stdout + stderr).toBe(0);
    expect(spar.askedBy(school)).toEqual([]);
    expect(school.roster()).toEqual(final);
    expect(versionOf(school)).toEqual([MIGRATIONS.length, 'ok']);
    expect(school.files().filter((name) => name.includes('backup'))).toEqual([]);
    const history = await runs.here(['history', '--json'], school);
    expect(history.json['runs']).toMatchObject([{ run: 2, phase: 'applied' }, { run: 1 }]);
  }

  it.each([
    ['before it is committed', 1, version],
    ['after it is committed', 2, MIGRATIONS.length],
  ])(
    'survives a kill in its migration, %s',
    (_, step, found) =>
      inTurn(async () => {
        const school = schoolOfVersion(version);
        try {
          const env = { KILL_BEFORE_STEP: String(step) };
          const killed = runs.start([...UPDATE, '--as-of', TODAY], {
            cwd: school.dir,
            env,
            node: ['--import', KILL],
          });
          expect((await killed.finished).signal).toBe('SIGKILL');
          expect(versionOf(school)).toEqual([found, 'ok']);
          expect(statSync(backupOf(school)).mode & 0o777).toBe(0o600);
          await goOn(school);
        } finally {
          school.remove();
        }
      }),
    TIMEOUT,
  );

  it('survives a full disk in its migration', async () => {
    const steps = await migrationSteps(version);
    expect(steps.map(({ name }) => name)).toEqual(expect.arrayContaining(['make', 'copy', 'commit']));
    for (const { number } of steps) {
      for (const fault of [fullDiskFrom, failingAt]) {
        const school = schoolOfVersion(version);
        const stop = watchSteps(school.dir, fault(number));
        const { exit, json } = await runs.here(UPDATE, school);
        stop();
        expect([exit, json.error?.code]).toEqual([20, 'state-unusable']);
        expect(json.error?.hint).toContain('Make room on the disk');
        expect(versionOf(school)).toEqual([version, 'ok']);
        // Nothing of a copy that was broken off; a whole one may stay.
        const copy = statSync(backupOf(school), { throwIfNoEntry: false });
        expect(copy === undefined || copy.size > 0).toBe(true);
        await goOn(school);
        school.remove();
      }
    }
  });

  it('keeps its copy until a run has finished', async () => {
    const school = schoolOfVersion(version);
    const umask = process.umask(0);
    try {
      const look = await runs.here(['status'], school);
      expect(look.exit, look.stderr).toBe(0);
      expect(statSync(backupOf(school)).mode & 0o777).toBe(0o600);
      await goOn(school);
    } finally {
      process.umask(umask);
      school.remove();
    }
  });
});

async function migrationSteps(version: number): Promise<readonly Step[]> {
  const school = schoolOfVersion(version);
  const steps: Step[] = [];
  const stop = watchSteps(school.dir, (step) => void steps.push(step));
  await runs.here(UPDATE, school);
  stop();
  school.remove();
  const [first, last] = [steps.findIndex(({ path }) => path.includes('backup')), steps.findIndex(isCommit)];
  return steps.slice(first, last + 1).filter(({ name }) => name !== 'remove');
}

function isCommit({ name }: Step): boolean {
  return name === 'commit';
}

/** A school whose state file an older program has left, with everybody's answer and one dry run. */
function schoolOfVersion(version: number): FaultSchool {
  const school = spar.createSchool('csv');
  writeFileSync(school.path('spar-sync.db'), '', { mode: 0o600 });
  const db = new Sqlite(school.path('spar-sync.db'));
  db.pragma(`application_id = ${0x53504152}`);
  db.pragma('journal_mode = WAL');
  for (const step of MIGRATIONS.slice(0, version)) db.exec(step);
  db.pragma(`user_version = ${version}`);
  const insert = db.prepare(
    `INSERT INTO snapshot (person_id, fetched_on, permissions, compared_rows, last_seen, answer)
     VALUES (?, '2026-11-20', '[]', '[]', '2026-11-20', ?)`,
  );
  for (const { person, answer } of answers) insert.run(BigInt(person), answer);
  db.exec(`INSERT INTO run (command, as_of, started_at, end_user, dry_run, exit)
    VALUES ('update', '2026-11-20', '2026-11-20T08:00:00.000Z', 'anna', 1, 'done')`);
  db.close();
  return school;
}

it('says nothing of people or secrets in any of these runs', () => {
  expect(runs.count()).toBeGreaterThan(60);
  expect(runs.leaks()).toEqual([]);
});
