import { readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import pLimit from 'p-limit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '../../src/adapters/spar/simulator/server.ts';
import { buildProgram, runProgram } from '../support/built-program.ts';
import { type KillPoint, killPoints } from '../support/kill-points.ts';
import { runHere } from '../support/program-here.ts';
import { sampleCsv, sampleSqlite } from '../support/sample-rosters.ts';
import { copySchool, type SchoolOnDisk } from '../support/school-on-disk.ts';

// What `update` and `guardians` survive is tried elsewhere, step by step. Here it is what lies between the two:
// one run that writes twice.

const PRELOAD = fileURLToPath(new URL('../support/kill-at-step.mjs', import.meta.url));
const TODAY = '2026-11-23';
const TIMEOUT = 120_000;
const inTurn = pLimit(2);

const ROSTERS = { csv: sampleCsv(), 'sqlite, numbers': sampleSqlite('number') };
type Kind = keyof typeof ROSTERS;

let register: Simulator;

beforeAll(async () => {
  await buildProgram();
  register = await startSimulator();
}, TIMEOUT);

afterAll(() => register.close());

describe.each(Object.keys(ROSTERS) as Kind[])('a night over a roster of the kind %s', (kind) => {
  it(
    'killed before each durable step from its first write on, is whole, and the same command finishes it',
    async () => {
      const { asked, steps, after } = await undisturbed(kind);
      const first = steps.findIndex((name) => name === (kind === 'csv' ? 'rename' : 'commit roster'));
      const points = killPoints(steps, first);
      expect(points.filter(({ name }) => name === points[0]?.name).length).toBeGreaterThan(1);
      await Promise.all(points.map((point) => inTurn(() => killAndGoOn(kind, asked, after, point))));
      asked.remove();
    },
    TIMEOUT,
  );
});

/** A school that has asked about everybody and written nothing, and what a night makes of it that nobody disturbs. */
async function undisturbed(kind: Kind) {
  const { url, ca, clientCert: cert, clientKey: key } = register;
  const asked = ROSTERS[kind].create({ url: `${url}/2021.1/`, ca, cert, key });
  for (const command of ['update', 'guardians']) {
    const { exit, text } = await here([command, '--dry-run'], asked);
    expect(exit, text).toBe(0);
  }
  const school = copySchool(asked);
  const list = school.path('steps');
  const { exit, stderr } = await runPreloaded(school, { STEPS_FILE: list });
  expect(exit, stderr).toBe(0);
  const steps = readFileSync(list, 'utf8').trim().split('\n');
  rmSync(list);
  const after = ROSTERS[kind].read(school);
  school.remove();
  return { asked, steps, after };
}

async function killAndGoOn(
  kind: Kind,
  asked: SchoolOnDisk,
  after: readonly string[],
  point: KillPoint,
): Promise<void> {
  const at = `${kind}, before step ${point.number} (${point.name})`;
  const { read } = ROSTERS[kind];
  const before = read(asked);
  const questions = register.requestCount();
  const school = copySchool(asked);
  try {
    const killed = await runPreloaded(school, { KILL_BEFORE_STEP: String(point.number) });
    expect(killed.signal, at).toBe('SIGKILL');
    const again = await here(['nightly'], school);
    expect(again.exit, `${at}: ${again.text}`).toBe(0);
    expect(read(school), `${at}: not as after an undisturbed night`).toEqual(after);
    expect(register.requestCount(), `${at}: paid for twice`).toBe(questions);
    expect(school.state().unsettled, at).toBe(0);

    // Newest first: what each night has written is taken back whole, however it ended.
    const { stdout } = await here(['history', '--json'], school);
    const runs: readonly (Record<'run' | 'changes' | 'rowsAdded' | 'linksAdded', number> & {
      readonly dryRun: boolean;
      readonly phase: string;
    })[] = JSON.parse(stdout).runs;
    for (const { run, dryRun, phase, changes, rowsAdded, linksAdded } of runs) {
      if (dryRun || phase !== 'applied' || changes + rowsAdded + linksAdded === 0) continue;
      const undone = await here(['undo', String(run)], school);
      expect(undone.exit, `${at}: undo ${run}: ${undone.text}`).toBe(0);
    }
    const stays = /skyddad|sekretessmarkering|deceased|renumbered|emigrated|not-found/;
    const changed = read(school).join('\n').split('\n');
    const old = new Set(before.join('\n').split('\n'));
    expect(
      changed.filter((line) => !old.has(line) && !stays.test(line) && !/\b2026-11-23\b/.test(line)),
      `${at}: undo does not bring it back`,
    ).toEqual([]);
  } finally {
    school.remove();
  }
}

function runPreloaded({ dir }: SchoolOnDisk, env: Readonly<Record<string, string>>) {
  return runProgram(['nightly', '--as-of', TODAY], { cwd: dir, env, node: ['--import', PRELOAD] });
}

async function here(args: readonly string[], { dir }: SchoolOnDisk) {
  const { exit, stdout, stderr } = await runHere([...args, '--as-of', TODAY], dir);
  return { exit, stdout, text: stdout + stderr };
}
