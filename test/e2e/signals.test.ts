import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { loadPopulation } from '../../src/adapters/spar/simulator/population.ts';
import { createRenderer } from '../../src/adapters/spar/simulator/render-answer.ts';
import {
  buildProgram,
  type Finished,
  runProgram,
  type Started,
  startProgram,
} from '../support/built-program.ts';
import { testCertificates } from '../support/certificates.ts';
import { type LoopbackSpar, openLoopbackSpar } from '../support/loopback-spar.ts';
import { createSchool, type SchoolOnDisk } from '../support/school-on-disk.ts';

const BIN = fileURLToPath(new URL('../../bin/spar-sync.js', import.meta.url));
const UPDATE = ['update', '--as-of', '2026-11-23'];
const ROSTER = `id,type,personnummer,first_name,street
1,student,20150112-2384,Elsa,Torggatan 3
2,student,20170105-2399,Viggo,Torggatan 3
3,student,20160229-2383,Freja,Torggatan 3
4,student,20141215-2397,Hugo,Torggatan 3
5,student,20131202-2385,Alma,Torggatan 3
6,student,20171113-2397,Leo,Torggatan 3
`;
const PEOPLE = 6;

let register: LoopbackSpar;
let school: SchoolOnDisk;
/** Called as the n-th question comes in; its answer waits for what it gives, and never comes after `hang`. */
let onQuestion: (n: number) => Promise<'hang' | undefined>;

beforeAll(buildProgram, 120_000);

beforeEach(async () => {
  const population = await loadPopulation();
  const renderer = createRenderer('2021.1');
  onQuestion = async () => undefined;
  register = await openLoopbackSpar(async ({ id }) => {
    if ((await onQuestion(register.questions.length)) === 'hang') return { kind: 'hang' };
    const post = population.find(id);
    return { kind: 'body', body: renderer.answer(id, post === undefined ? [] : [renderer.post(post, [])]) };
  });
  const { serverCa, client, clientIntermediate } = testCertificates();
  school = createSchool(
    { url: register.url, ca: serverCa.cert, cert: client.cert + clientIntermediate.cert, key: client.key },
    { 'people.csv': ROSTER },
    {
      roster: { kind: 'csv', files: [{ path: 'people.csv' }] },
      spar: { concurrency: 2, timeoutSeconds: 600 },
    },
  );
});

afterEach(async () => {
  school.remove();
  await register.close();
});

describe.each([
  ['SIGINT', {}],
  ['SIGTERM', {}],
  // Then the process that the signal comes to is not the one that asks.
  ['SIGINT', { NODE_DEBUG: 'x' }],
  ['SIGTERM', { NODE_DEBUG: 'x' }],
] as const)('%s while SPAR is asked, with %j in the environment', (signal, env) => {
  it('keeps the answers in flight, leaves the roster alone, and the next run asks for the rest', async () => {
    const started = startProgram(UPDATE, { cwd: school.dir, env });
    onQuestion = async (n) => {
      if (n === 3) started.kill(signal);
      // Long enough for the signal to have been taken while this question and another are on the wire.
      await pause(150);
      return undefined;
    };

    const ended = await started.finished;
    const asked = register.questions.map(({ id }) => id);
    const kept = school.state();

    expect([ended.exit, ended.signal]).toEqual([130, null]);
    expect(ended.stderr).toContain('Interrupted');
    expect(asked.length).toBeGreaterThanOrEqual(3);
    expect(asked.length).toBeLessThan(PEOPLE);
    expect(kept.answered).toEqual([...asked].sort());
    expect(kept.cached).toEqual(kept.answered);
    expect(readFileSync(school.path('people.csv'), 'utf8')).toBe(ROSTER);

    const next = await runProgram([...UPDATE, '--json'], { cwd: school.dir });
    const askedNext = register.questions.slice(asked.length).map(({ id }) => id);
    expect(next.exit).toBe(0);
    expect(askedNext.filter((id) => asked.includes(id))).toEqual([]);
    expect(askedNext.length).toBe(PEOPLE - asked.length);
    expect(JSON.parse(next.stdout).people.changed).toBe(PEOPLE);
  });
});

describe('SIGTERM', () => {
  it('ends a night as Ctrl-C ends update, and the next night asks about the rest', async () => {
    school.configure({ automatic: { enabled: true, responsible: 'anna' } });
    const night = ['nightly', '--as-of', '2026-11-23'];
    const started = startProgram(night, { cwd: school.dir });
    onQuestion = async (n) => {
      if (n === 3) started.kill('SIGTERM');
      await pause(150);
      return undefined;
    };
    const ended = await started.finished;
    const asked = register.questions.length;
    expect([ended.exit, ended.stdout]).toEqual([130, '']);
    expect(school.state().answered).toHaveLength(asked);
    expect(readFileSync(school.path('people.csv'), 'utf8')).toBe(ROSTER);

    expect((await runProgram(night, { cwd: school.dir })).exit).toBe(0);
    expect(register.questions).toHaveLength(PEOPLE);
  });

  it('ends at once a run that waits for a SPAR that is away', async () => {
    school.configure({ spar: { retries: 0, waitMinutes: 60 } });
    register.respond(() => ({ kind: 'close' }));
    const args = [BIN, ...UPDATE];
    const child = spawn(process.execPath, args, { cwd: school.dir, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8');
      if (said.includes('SPAR does not answer; trying again in 30 s') && !child.killed) child.kill('SIGTERM');
    });
    expect(await once(child, 'close')).toEqual([130, null]);
    expect(said).toContain('Interrupted');
  });
});

describe('a second SIGINT', () => {
  it.each([
    [{}, [[null, 'SIGINT']]],
    // The one that waits for the other ends with its code, or by a further signal on its way out.
    [
      { NODE_DEBUG: 'x' },
      [
        [130, null],
        [null, 'SIGINT'],
      ],
    ],
  ])('ends the program at once, whatever is on the wire, with %j in the environment', async (env, ends) => {
    const hanging = new Promise<void>((resolve) => {
      onQuestion = async () => {
        resolve();
        return 'hang';
      };
    });
    const started = startProgram(UPDATE, { cwd: school.dir, env });
    await hanging;
    // One signal alone would wait for the answer, which never comes. Two sent together may count as one.
    const ended = await interruptUntilGone(started);
    expect(ends).toContainEqual([ended.exit, ended.signal]);
    expect(readFileSync(school.path('people.csv'), 'utf8')).toBe(ROSTER);

    onQuestion = async () => undefined;
    const next = await runProgram(UPDATE, { cwd: school.dir });
    expect(next.exit).toBe(0);
  });
});

describe('a reader that has had enough', () => {
  it.each(['update', 'update --json', 'update --quiet', 'status', '--help'])(
    'is no failure: %s',
    async (command) => {
      const args = command.split(' ');
      // `:` ends without reading a byte; `head -1` after the first piece.
      for (const reader of [':', 'head -1']) {
        const line = `"$0" "$@" | ${reader}; echo "exit \${PIPESTATUS[0]}" >&2`;
        const given = [process.execPath, BIN, ...args, '--as-of', '2026-11-23'];
        const shell = spawn('bash', ['-c', line, ...given], { cwd: school.dir });
        const said: string[] = [];
        shell.stderr.on('data', (chunk: Buffer) => said.push(chunk.toString('utf8')));
        await once(shell, 'close');
        expect(said.join('')).toMatch(/exit 0\n$/);
        expect(said.join('')).not.toMatch(/EPIPE|Error|\n\s+at /);
      }
      if (args[0] === 'update') {
        expect(readFileSync(school.path('people.csv'), 'utf8')).toContain('Björkvägen 12 LGH 1102');
      }
    },
  );

  it('hears nothing from --quiet when nothing is new', async () => {
    await runProgram(UPDATE, { cwd: school.dir });
    const silent = await runProgram([...UPDATE, '--quiet'], { cwd: school.dir });
    expect([silent.stdout, silent.stderr, silent.exit]).toEqual(['', '', 0]);
  });
});

async function interruptUntilGone(started: Started): Promise<Finished> {
  let gone = false;
  void started.finished.then(() => {
    gone = true;
  });
  while (!gone) {
    started.kill('SIGINT');
    await pause(20);
  }
  return started.finished;
}
