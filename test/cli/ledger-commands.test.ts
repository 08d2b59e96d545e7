import { mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openState } from '../../src/adapters/store/open-state.ts';
import { acquireRunLock } from '../../src/adapters/store/run-lock.ts';
import { main } from '../../src/cli/main.ts';
import { begin, snapshot } from '../contract/state-on-trial.ts';
import { personId } from '../support/arbitraries.ts';
import { createFakeProcess, type FakeProcess, Sink } from './fake-process.ts';

const ELSA = personId('201501122384');
const FREJA = personId('201602292383');
const ANNA = personId('198009139265');
const CONFIG = {
  active: true,
  spar: {
    environment: 'simulator',
    kundNrLeveransMottagare: 500243,
    kundNrSlutkund: 500243,
    uppdragId: 637,
    slutAnvandarId: 'anna@exempelskolan',
  },
  freshness: 'month',
  language: 'en',
  roster: { kind: 'csv', files: [{ path: 'people.csv' }] },
};
const PEOPLE = [
  'id,type,personnummer,first_name,protected',
  `1,student,${ELSA},Elsa,`,
  `2,student,${FREJA},Freja,ja`,
  `=1+1,guardian,${ANNA},Anna,`,
  '',
].join('\n');

let folder = '';
const at = (name: string): string => join(folder, name);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spar-sync-audit-'));
  await writeFile(at('config.json'), JSON.stringify(CONFIG));
  await writeFile(at('people.csv'), PEOPLE);
  const state = await openState({ path: at('spar-sync.db') });
  const run = await begin(state);
  const asked = [
    [ELSA, { type: 'student', id: '1' }],
    [FREJA, { type: 'student', id: '2' }],
    [ANNA, { type: 'guardian', id: '=1+1' }],
  ] as const;
  for (const [id, row] of asked) {
    const time = '2026-11-23T10:00:00.000Z';
    const attempt = { run, id, permissions: [], rows: [row], endUser: 'anna', price: 40, at: time };
    const begun = await state.ledger.begin(attempt);
    await state.ledger.complete(begun, 'answered', 'a-uuid', time, snapshot({ kind: 'not-found', id }));
  }
  await state.close();
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function run(args: readonly string[], input?: string, more: Partial<FakeProcess> = {}) {
  const process = Object.assign(createFakeProcess(), { cwd: () => folder }, more);
  process.stdin.end(input ?? '');
  const exit = await main(args, process);
  return { exit, out: process.stdout.text, err: process.stderr.text };
}

describe('audit', () => {
  it('prints one JSON object, or the place of the file that holds it', async () => {
    const { exit, out, err } = await run(['audit', '--json']);
    expect([exit, err, JSON.parse(out).lookups.length]).toEqual([0, '', 3]);
    const filed = await run(['audit', '--json', '-o', 'log.json']);
    expect(JSON.parse(filed.out)).toEqual({ command: 'audit', file: 'log.json', lookups: 3 });
    expect(JSON.parse(await readFile(at('log.json'), 'utf8'))).toEqual(JSON.parse(out));
  });

  it('writes a file for its owner alone, and none over its own', async () => {
    await writeFile(at('log.csv'), 'old', { mode: 0o644 });
    expect((await run(['audit', '-o', 'log.csv'])).out).toBe('');
    expect((await stat(at('log.csv'))).mode & 0o777).toBe(0o600);
    expect((await readFile(at('log.csv'), 'utf8')).split('\n')).toHaveLength(5);
    for (const own of ['people.csv', 'spar-sync.db', 'config.json']) {
      expect((await run(['audit', '--format', 'csv', '-o', own])).exit).toBe(2);
    }
  });

  it('holds no number whole, in whatever form, and none at all of who is protected', async () => {
    const forms = [[], ['--json'], ['--format', 'csv'], ['--excel']];
    for (const form of forms) {
      const { out } = await run(['audit', ...form]);
      expect(out).toContain('20150112-****');
      for (const whole of [ELSA, FREJA, ANNA]) expect(out).not.toContain(whole.slice(8));
      expect(out).not.toContain('20160229');
    }
    expect((await run(['audit', '--excel'])).out).toContain('guardian:=1+1');
  });

  it('reads rows and personnummer from standard input', async () => {
    const { exit, out, err } = await run(
      ['audit', '--id', '-', '--json'],
      `\uFEFFstudent:2\r\n\n ${ELSA.slice(2, 8)}-${ELSA.slice(8)} \r\n99`,
    );
    const rows = JSON.parse(out).lookups.map(({ rows: [row] }: { rows: { id: string }[] }) => row?.id);
    expect([exit, rows]).toEqual([0, ['2', '1']]);
    expect(err).toBe('Neither the roster nor the log of lookups knows the id 99.\n');
    expect((await run(['audit', '--id', '-'], ' \n')).exit).toBe(2);
    const stdin = Object.assign(createFakeProcess().stdin, { isTTY: true });
    expect((await run(['audit', '--id', '-'], '1\n', { stdin })).err).toContain('Ctrl-D');
  });

  it('never shows the number that stood on the command line', async () => {
    for (const form of [[], ['--json']]) {
      const { exit, out, err } = await run(['audit', '--id', ELSA, ...form]);
      expect([exit, `${out}${err}`.includes('--id -')]).toEqual([2, true]);
      expect(`${out}${err}`).not.toContain(ELSA.slice(8));
    }
    const wrong = `${ELSA.slice(0, 11)}0`;
    const { exit, err } = await run(['audit', '--id', wrong]);
    expect([exit, err.includes('2015****'), err.includes(wrong.slice(8))]).toEqual([2, true, false]);
  });

  it('works without the roster, with no number shown', async () => {
    await rename(at('people.csv'), at('elsewhere.csv'));
    const { exit, out, err } = await run(['audit', '--id', 'student:1', '--json']);
    expect([exit, JSON.parse(out)]).toMatchObject([
      0,
      { roster: 'not-read', lookups: [{ protected: false }] },
    ]);
    expect(out).not.toContain('personnummer');
    expect(err).toContain('nobody’s number is shown');
  });

  it('says which form is meant, and takes no formula for Excel in another', async () => {
    expect((await run(['audit', '--format', 'xml'])).exit).toBe(2);
    expect((await run(['audit', '--excel', '--json'])).exit).toBe(2);
    const unwritable = await run(['audit', '-o', 'no/such/log.csv']);
    expect([unwritable.exit, unwritable.err.includes('there is no such folder')]).toEqual([2, true]);
  });

  it('stops without a word where nobody reads any more', async () => {
    const stdout = new ClosingSink();
    const { exit, err } = await run(['audit', '--format', 'csv'], '', { stdout });
    expect([exit, err]).toEqual([0, '']);
  });

  it('says that a damaged state file is the matter, not the file that it was writing', async () => {
    await writeFile(at('spar-sync.db'), 'not a database');
    const { exit, out } = await run(['audit', '--json', '-o', 'log.json']);
    expect([exit, JSON.parse(out).error.code]).toEqual([20, 'state-unusable']);
  });
});

/** Takes the first line and is closed then, as `head -1` does. */
class ClosingSink extends Sink {
  override _write(chunk: Buffer, encoding: string, done: (error?: Error) => void): void {
    if (this.text === '') super._write(chunk, encoding as BufferEncoding, done as () => void);
    else done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
  }
}

describe('audit and cost', () => {
  it('work beside a run, and without anything that SPAR would need', async () => {
    const lock = acquireRunLock(at('spar-sync.db'), {
      command: 'update',
      at: '2026-11-23T10:00:00Z',
      pid: 1,
    });
    const writer = await openState({ path: at('spar-sync.db') });
    try {
      for (const command of ['audit', 'cost']) expect((await run([command])).exit).toBe(0);
    } finally {
      await writer.close();
      lock.release();
    }
  });

  it('say that there is nothing where there is no state file yet, and make none', async () => {
    await rm(at('spar-sync.db'));
    for (const command of ['audit', 'cost']) {
      const { exit, out } = await run([command]);
      expect([exit, out]).toEqual([0, expect.stringContaining('No lookups have been made yet')]);
    }
    await expect(stat(at('spar-sync.db'))).rejects.toThrow();
  });
});

describe('cost', () => {
  it('needs no roster, prints one object, and takes a month', async () => {
    await rm(at('people.csv'));
    const { exit, out, err } = await run(['cost', '--json', '--month', '2026-11']);
    const { currency, months } = JSON.parse(out);
    expect([exit, err, currency, months.length]).toEqual([0, '', 'SEK', 1]);
    expect(months[0]).toMatchObject({ month: '2026-11', lookups: { count: 3, cost: 1.2 }, total: 301.2 });
    expect((await run(['cost', '--month', '2026-13'])).exit).toBe(2);
    expect((await run(['cost', '--as-of', '2026-12-01'])).out).toContain('2026-12: no lookups');
  });
});
