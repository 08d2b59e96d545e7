import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  statfsSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type FaultSchool,
  type FaultSpar,
  openFaultSpar,
  PEOPLE,
  type RosterKind,
} from '../support/fault-school.ts';
import { type RunEnded, recordRuns } from '../support/recorded-runs.ts';
import { readState } from '../support/school-on-disk.ts';
import { type BeforeStep, failingAt, fullDiskFrom, type Step, watchSteps } from '../support/step-faults.ts';

const UPDATE = ['update', '--json', '--report', 'rapport'];
const TIMEOUT = 120_000;
const runs = recordRuns();
let spar: FaultSpar;

/** Only an administrator may make a file system of a size. */
const cannotMount = process.platform !== 'linux' || process.getuid?.() !== 0;

beforeAll(async () => {
  spar = await openFaultSpar();
});
afterAll(() => spar.close());

describe.each<RosterKind>(['csv', 'sqlite'])('a %s roster, and a disk that is full', (kind) => {
  const whatToSay = 'the run says so, nothing is lost, and the next run finishes without paying twice';
  it(
    `from each write on: ${whatToSay}`,
    async () => {
      const undisturbed = await runUndisturbed(kind);
      for (const step of stepsToTry(kind, undisturbed.steps)) {
        await failAndGoOn(kind, step, fullDiskFrom(step.number), undisturbed);
      }
    },
    TIMEOUT,
  );

  // Where it recovers, what comes after the failure is written: only then is it told apart from a disk that stays full.
  it(
    `at each write of the roster and of the end alone: ${whatToSay}`,
    async () => {
      const undisturbed = await runUndisturbed(kind);
      const steps = stepsToTry(kind, undisturbed.steps);
      for (const step of steps.slice(kind === 'csv' ? -12 : 0)) {
        await failAndGoOn(kind, step, failingAt(step.number), undisturbed);
      }
    },
    TIMEOUT,
  );
});

describe.skipIf(cannotMount)('a small disk that is really full', () => {
  it(
    'leaves the roster whole, and the next run finishes without paying twice once there is room',
    async () => {
      const undisturbed = await runUndisturbed('csv');
      const ends = new Set<number | null>();
      for (let free = 0; !ends.has(0); free += free < 160 ? 32 : 64) {
        ends.add(await fillAndGoOn(free, undisturbed));
      }
      expect([...ends]).toEqual(expect.arrayContaining([0, 20]));
    },
    TIMEOUT,
  );
});

it('says nothing of people or secrets in any of these runs', () => {
  expect(runs.count()).toBeGreaterThan(100);
  expect(runs.leaks()).toEqual([]);
});

interface Undisturbed {
  readonly steps: readonly Step[];
  readonly roster: readonly string[];
  readonly changes: number;
}

async function runUndisturbed(kind: RosterKind): Promise<Undisturbed> {
  const school = spar.createSchool(kind);
  const steps: Step[] = [];
  const stop = watchSteps(school.dir, (step) => {
    steps.push({ ...step, path: step.path.slice(school.dir.length + 1) });
  });
  try {
    const { exit, stderr, json } = await runs.here(UPDATE, school);
    expect(exit, stderr).toBe(0);
    return { steps, roster: school.roster(), changes: Number((json['changes'] as unknown[]).length) };
  } finally {
    stop();
    school.remove();
  }
}

/** What comes before the roster is the same for both kinds, and each file of the report is written like the first. */
function stepsToTry(kind: RosterKind, steps: readonly Step[]): readonly Step[] {
  const reported = steps.findIndex(({ path }) => path === 'rapport/changes.csv') + 2;
  const from = kind === 'csv' ? 0 : steps.findIndex(({ path }) => path === 'roster.db') - 2;
  const isLikeThoseAround = (i: number): boolean =>
    [i - 1, i, i + 1].every((each) => steps[each]?.name === 'commit') && i % 2 === 0;
  return steps
    .slice(0, reported)
    .filter(({ name }, i) => i >= from && name !== 'remove' && !isLikeThoseAround(i));
}

async function failAndGoOn(
  kind: RosterKind,
  step: Step,
  fault: BeforeStep,
  whole: Undisturbed,
): Promise<void> {
  const at = `${kind}, at step ${step.number} (${step.name} ${step.path})`;
  const school = spar.createSchool(kind);
  try {
    const before = school.roster();
    // Answers that come together are committed together, so that the step of that number may be the one beside it.
    let hit: Step | undefined;
    const stop = watchSteps(school.dir, (next) => {
      try {
        fault(next);
      } catch (error) {
        hit ??= { ...next, path: next.path.slice(school.dir.length + 1) };
        throw error;
      }
    });
    const failed = await runs.here(UPDATE, school);
    stop();
    expectToBeSaid(failed, hit ?? step, at);
    const between = school.roster();
    between.forEach((file, i) => {
      expect([before[i], whole.roster[i]], `${at}: neither old nor new`).toContain(file);
    });
    const isWritten = between.some((file, i) => file !== before[i]);
    const saysSo = /stands? in the roster|run is finished/.test(failed.json.error?.message ?? '');
    if (isWritten) expect(saysSo || failed.exit === 0, `${at}: ${failed.json.error?.message}`).toBe(true);
    expect(school.files().filter(isStray), `${at}: left behind`).toEqual([]);
    const inReport = existsSync(school.path('rapport')) ? readdirSync(school.path('rapport')) : [];
    expect(
      inReport.filter((name) => name.endsWith('.tmp')),
      `${at}: left behind`,
    ).toEqual([]);
    const paid = school.state().answered;
    await historyOf(school, at);

    const askedBefore = spar.askedBy(school);
    const again = await runs.here(['update', '--json'], school);
    expect(again.exit, `${at}: ${again.stderr}${again.stdout}`).toBe(0);
    expect(school.roster(), `${at}: not as after an undisturbed run`).toEqual(whole.roster);
    const askedAfter = spar.askedBy(school).slice(askedBefore.length);
    expect(
      askedAfter.filter((id) => paid.includes(id)),
      `${at}: paid for twice`,
    ).toEqual([]);
    expect(askedAfter.length, `${at}: somebody was left out`).toBe(PEOPLE.length - paid.length);
    expect(school.state().unsettled, at).toBe(0);
    const applied = (await historyOf(school, at)).filter(({ phase }) => phase === 'applied');
    const changes = applied.reduce((sum, run) => sum + run.changes, 0);
    expect(changes, `${at}: the journal does not hold what was changed`).toBe(whole.changes);
  } finally {
    school.remove();
  }
}

/** A run with so many kB left on its disk, and another with plenty. Resolves to the exit code of the first. */
async function fillAndGoOn(free: number, whole: Undisturbed): Promise<number | null> {
  const at = `${free} kB left`;
  const home = spar.createSchool('csv');
  const disk = mkdtempSync(join(tmpdir(), 'spar-sync-full-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'none', disk]);
  try {
    cpSync(home.dir, disk, { recursive: true });
    const school = { ...home, dir: disk };
    const roster = () =>
      ['students.csv', 'guardians.csv'].map((name) => readFileSync(join(disk, name), 'utf8'));
    const { bavail, bsize } = statfsSync(disk);
    const filler = join(disk, 'filler');
    writeFileSync(filler, Buffer.alloc(Math.max(0, bavail * bsize - free * 1024)));
    const before = roster();

    const failed = await runs.here(['update', '--json'], school);
    roster().forEach((file, i) => {
      expect([before[i], whole.roster[i]], `${at}: neither old nor new`).toContain(file);
    });
    if (failed.exit !== 0) {
      expect(failed.json.error?.message, at).toMatch(/full/);
      expect(failed.json.error?.hint, at).toMatch(/[Mm]ake room on the disk/);
    }
    rmSync(filler);
    const paid = readState(join(disk, 'spar-sync.db')).answered;
    const askedBefore = spar.askedBy(home).length;
    const again = await runs.here(['update', '--json'], school);
    expect(again.exit, `${at}: ${again.stdout}`).toBe(0);
    expect(roster(), at).toEqual(whole.roster);
    const askedAfter = spar.askedBy(home).slice(askedBefore);
    expect(
      askedAfter.filter((id) => paid.includes(id)),
      `${at}: paid for twice`,
    ).toEqual([]);
    return failed.exit;
  } finally {
    execFileSync('umount', [disk]);
    rmdirSync(disk);
    home.remove();
  }
}

/** The exit code by what could not be written, and words to act on. */
function expectToBeSaid({ exit, json, stderr, stdout }: RunEnded, { number, path }: Step, at: string): void {
  const said = `${at}: ${stderr}${stdout}`;
  const code = json.error?.code;
  if (exit === 0) {
    // Of what is committed together, each part is tried again by itself.
    expect(path, said).toBe('spar-sync.db');
    return;
  }
  if (path.startsWith('spar-sync.db')) expect([exit, code], said).toEqual([20, 'state-unusable']);
  // The folder is made before anything is paid for.
  else if (number === 1) expect([exit, code], said).toEqual([2, 'usage']);
  else if (path.startsWith('rapport')) expect([exit, code], said).toEqual([1, 'report-unwritable']);
  // A disk that stays full lets the journal be closed no more than the roster be written.
  else
    expect(
      [
        [5, 'roster-unwritable'],
        [20, 'state-unusable'],
      ],
      said,
    ).toContainEqual([exit, code]);
  expect(json.error?.message, said).toMatch(/full|ENOSPC|disk/);
  expect(json.error?.hint, said).toMatch(/room on the disk|Make room|Name a folder/);
}

interface RunShown {
  readonly phase: string;
  readonly changes: number;
}

async function historyOf(school: FaultSchool, at: string): Promise<readonly RunShown[]> {
  const { exit, json, stderr } = await runs.here(['history', '--json'], school);
  expect(exit, `${at}: ${stderr}`).toBe(0);
  return json['runs'] as readonly RunShown[];
}

const EXPECTED_FILE =
  /^(config\.json|(ca|client-cert|client-key)\.pem|skolan\.p12|losenfras\.txt|\w+\.csv|(roster|spar-sync)\.db(-lock|-wal|-shm)?|rapport)$/;

function isStray(name: string): boolean {
  return !EXPECTED_FILE.test(name);
}
