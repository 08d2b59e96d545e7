import { readFileSync } from 'node:fs';
import Sqlite from 'better-sqlite3';
import { beforeAll, expect, it } from 'vitest';
import type { Fault } from '../../src/adapters/spar/simulator/faults.ts';
import { startSimulator } from '../../src/adapters/spar/simulator/server.ts';
import { buildProgram, type Finished, startProgram } from '../support/built-program.ts';
import { createSchool, type SchoolOnDisk } from '../support/school-on-disk.ts';
import { createSeededRandom } from '../support/seeded-random.ts';
import { type LargeSchool, makeLargeSchool } from './large-school.ts';

// Nights of a large school with a SPAR that fails in every way it can, and a machine that dies three times:
// in the end all is as if nothing had happened, and nothing was paid for twice.

const SEED = Number(process.env['SOAK_SEED'] ?? Date.now() % 1_000_000);
/** Some 20 000 rows. */
const FAMILIES = Number(process.env['SOAK_FAMILIES'] ?? 5455);
const FAULTY_SHARE = 0.05;
/** After these shares of the questions the process is killed. */
const KILLS = [0.15, 0.45, 0.8];
const NIGHT = ['nightly', '--as-of', '2026-11-23', '--json'];
const TIMEOUT = 40 * 60_000;

/**
 * After these a run goes on. A post without its mark (`bad-post`) is not among them: whoever it is about is protected
 * from then on, as it should be, and no later answer takes that back.
 */
const PASSING: readonly [Fault, ...Fault[]] = [
  'http-408',
  'http-429',
  'http-500',
  'http-502',
  'http-503',
  'drip',
  'hang',
  'close',
  'cut',
  'undantag-generellt-fel',
  'undantag-ogiltig',
  'two-posts',
  'html',
  'empty',
  'garbage',
  'wrong-root',
  'oversized',
];
/** These stop the run at once. */
const STOPPING: readonly [Fault, ...Fault[]] = [
  'http-401',
  'http-403',
  'http-404',
  'redirect',
  'soap-fault',
  'wrong-person',
  'crossed-answer',
];
const STOPPING_SHARE = 0.04;

beforeAll(buildProgram, 120_000);

it(
  `a night of a large school, with faults and kills (SOAK_SEED=${SEED})`,
  async () => {
    const large = makeLargeSchool(FAMILIES, SEED);
    const calm = await play(large, undefined);
    const rough = await play(large, SEED);
    expect(calm.runs).toBe(1);
    expect(rough.kills).toBe(KILLS.length);
    if (large.rows > 10_000)
      expect([...rough.faults.keys()].sort()).toEqual([...PASSING, ...STOPPING].sort());

    expect(rough.people.known).toEqual(calm.people.known);
    expect(rough.people.added).toEqual(calm.people.added);
    expect(rough.links).toEqual(calm.links);
    expect(rough.answers).toEqual(calm.answers);
    expect([calm.paidTwice, rough.paidTwice]).toEqual([0, 0]);
    expect(rough.unsettled).toBe(0);
    expect(rough.integrity).toBe('ok');
    expect(rough.leaks).toEqual([]);
    const faults = [...rough.faults.values()].reduce((sum, count) => sum + count, 0);
    console.log(
      `soak: seed ${SEED}, ${large.rows} rows, ${rough.questions} questions, ${faults} faults of ${rough.faults.size} kinds, ${rough.kills} kills, ${rough.runs} runs; nothing lost, nothing paid for twice`,
    );
  },
  TIMEOUT,
);

/** Runs the night until it has come to its end; `seed`: with faults and kills that follow from it. */
async function play(large: LargeSchool, seed: number | undefined) {
  const random = createSeededRandom(seed ?? 0);
  const faults = new Map<Fault, number>();
  let questions = 0;
  let kill: (() => void) | undefined;
  let killed = 0;
  const killAt = KILLS.map((share) => Math.round(share * large.rows));
  const register = await startSimulator({
    population: large.population,
    retryAfter: '0',
    keepRequests: false,
    fault() {
      questions++;
      if (seed === undefined) return undefined;
      if (killed < KILLS.length && questions >= (killAt[killed] ?? Infinity) && kill !== undefined) {
        killed++;
        kill();
        kill = undefined;
      }
      if (!random.happens(FAULTY_SHARE)) return undefined;
      const fault = random.pick(random.happens(STOPPING_SHARE) ? STOPPING : PASSING);
      faults.set(fault, (faults.get(fault) ?? 0) + 1);
      return fault;
    },
  });
  const school = createSchool(
    { url: `${register.url}/2021.1/`, ca: register.ca, cert: register.clientCert, key: register.clientKey },
    large.files,
    {
      spar: {
        utokadBehorighet: ['Relationer'],
        concurrency: 8,
        requestsPerSecond: 1000,
        timeoutSeconds: 1,
        retries: 4,
        waitMinutes: 1,
      },
      limits: { maxChangedShare: 1, maxMissingShare: 1 },
      automatic: { enabled: true, guardians: true, responsible: 'anna' },
      roster: { kind: 'csv', files: [{ path: 'people.csv' }], links: { path: 'links.csv' } },
    },
  );
  const outputs: string[] = [];
  try {
    let runs = 0;
    for (let isDone = false; !isDone; ) {
      const started = startProgram(NIGHT, { cwd: school.dir });
      kill = () => started.kill('SIGKILL');
      const finished = await started.finished;
      kill = undefined;
      runs++;
      expect(runs, 'it does not come to an end').toBeLessThan(400);
      outputs.push(finished.stderr, ...errorOf(finished));
      const said = [finished.stderr, ...errorOf(finished)].join('\n');
      if (finished.signal !== 'SIGKILL') expect([0, 3, 10, 11, 12], said).toContain(finished.exit);
      isDone = finished.exit === 0;
    }
    return {
      runs,
      questions,
      faults,
      kills: killed,
      ...outcomeOf(school, large),
      leaks: leaksIn(outputs, large),
    };
  } finally {
    school.remove();
    await register.close();
  }
}

function errorOf({ stdout }: Finished): string[] {
  if (stdout === '') return [];
  const { error }: { error?: object } = JSON.parse(stdout);
  return error === undefined ? [] : [JSON.stringify(error)];
}

function outcomeOf(school: SchoolOnDisk, large: LargeSchool) {
  const linesOf = (name: string) => readFileSync(school.path(name), 'utf8').split(/\r?\n/);
  const people = linesOf('people.csv');
  const known = people.slice(0, large.rows + 1);
  // New rows come in the order of the runs that add them, and so do their ids.
  const cellsOf = (line: string) => line.split(',');
  const added = people.slice(large.rows + 1).filter((line) => line !== '');
  const numberOf = new Map([...known, ...added].map((line) => [cellsOf(line)[0], cellsOf(line)[2]]));
  const links = linesOf('links.csv').map((line) => {
    const [student, guardian, ...rest] = cellsOf(line);
    return [student, numberOf.get(guardian) || guardian, ...rest].join(',');
  });
  const db = new Sqlite(school.path('spar-sync.db'));
  const count = (sql: string) => Number(db.prepare(sql).pluck().get());
  const answered = "SELECT person_id FROM ledger WHERE outcome = 'answered'";
  const state = {
    answers: db
      .prepare<[], [number, string]>('SELECT person_id, answer FROM snapshot ORDER BY 1')
      .raw()
      .all(),
    paidTwice: count(`SELECT count(*) FROM (${answered} GROUP BY 1 HAVING count(*) > 1)`),
    unsettled: count("SELECT count(*) FROM run WHERE phase = 'planned'"),
    integrity: String(db.pragma('integrity_check', { simple: true })),
  };
  db.close();
  return {
    people: { known, added: added.map((line) => cellsOf(line).slice(1).join(',')).sort() },
    links: links.sort(),
    ...state,
  };
}

/** Numbers, names and streets of the roster in what is no report of changes. */
function leaksIn(outputs: readonly string[], large: LargeSchool): string[] {
  const text = outputs.join('\n');
  const secrets = new Set<string>();
  for (const line of large.files['people.csv'].split('\r\n').slice(1)) {
    const [, , number = '', , surname = '', , street = ''] = line.split(',');
    for (const secret of [number, number.replace('-', ''), surname, street])
      if (secret.length > 2) secrets.add(secret);
  }
  return [...secrets].filter((secret) => text.includes(secret));
}
