import { execFileSync } from 'node:child_process';
import { lstat, mkdtemp, open, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isStreamFile, proveAtomicWrite, writeFileAtomically } from '../../src/adapters/atomic-write.ts';
import { preparePlanFile } from '../../src/adapters/report/plan-file.ts';
import { main } from '../../src/cli/main.ts';
import { writeOutput } from '../../src/cli/write-output.ts';
import { SparSyncError } from '../../src/errors.ts';
import { refusal } from '../support/refusal.ts';
import { BrokenSink, createFakeContext, createFakeProcess } from './fake-process.ts';

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
  roster: { kind: 'csv', files: [{ path: 'people.csv' }], links: { path: 'links.csv' } },
};
const PEOPLE = [
  'id,type,personnummer,first_name,last_name,email,protected',
  '1,student,201501122384,Elsa,Ek,,',
  '2,student,201602292383,Freja,Ek,,ja',
  '7,guardian,,Anna,Ek,anna@example.org,',
  '8,guardian,,Anna,Ek,anna@example.org,',
  '',
].join('\n');
const LINKS = 'student_id,guardian_id\n1,7\n1,8\n2,7\n';

let folder = '';
const at = (name: string): string => join(folder, name);
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spar-sync-output-'));
  await writeFile(at('config.json'), JSON.stringify(CONFIG));
  await writeFile(at('people.csv'), PEOPLE);
  await writeFile(at('links.csv'), LINKS);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function run(...args: readonly string[]) {
  const process = Object.assign(createFakeProcess(), { cwd: () => folder });
  const exit = await main(args, process);
  return { exit, out: process.stdout.text, err: process.stderr.text };
}

function context() {
  return createFakeContext({ cwd: folder });
}

describe('-o', () => {
  it('of a file that cannot be written is a wrong command: nothing was done that stands without it', async () => {
    for (const command of ['export', 'duplicates']) {
      const { exit, err } = await run(command, '-o', 'no/such/folder.csv');
      expect([exit, err.includes('no/such/folder.csv cannot be written: there is no such folder')]).toEqual([
        2,
        true,
      ]);
    }
  });

  it('writes into a pipe, and leaves it a pipe', async () => {
    execFileSync('mkfifo', [at('pipe')]);
    // Open for both, so that neither end waits for the other.
    const reader = await open(at('pipe'), 'r+');
    await writeOutput('a,b\n', 'pipe', context().context);
    const { bytesRead, buffer } = await reader.read(Buffer.alloc(16), 0, 16, null);
    await reader.close();
    expect(buffer.toString('utf8', 0, bytesRead)).toBe('a,b\n');
    expect((await stat(at('pipe'))).isFIFO()).toBe(true);
    expect(await readdir(folder)).toHaveLength(4);
  });

  it('writes through a link into a pipe', async () => {
    execFileSync('mkfifo', [at('pipe')]);
    await symlink('pipe', at('link'));
    const reader = await open(at('pipe'), 'r+');
    await writeOutput('a,b\n', 'link', context().context);
    await reader.close();
    expect((await lstat(at('link'))).isSymbolicLink()).toBe(true);
    expect((await stat(at('pipe'))).isFIFO()).toBe(true);
  });

  it('takes a device for what it is', async () => {
    // Only looked at: were it written to wrongly, the machine would lose it.
    expect(await isStreamFile('/dev/null')).toBe(true);
    expect(await isStreamFile(at('people.csv'))).toBe(false);
    expect(await isStreamFile(folder)).toBe(false);
    expect(await isStreamFile(at('nothing'))).toBe(false);
  });

  it('/dev/stdout is standard output', async () => {
    const { context: given, stdout } = context();
    await writeOutput('a,b\n', '/dev/stdout', given);
    expect(stdout.text).toBe('a,b\n');
  });

  it('follows links, also to a file that is not there yet', async () => {
    await symlink('new.csv', at('first'));
    await symlink('first', at('second'));
    for (const content of ['a\n', 'b\n']) {
      await writeOutput(content, 'second', context().context);
      expect(await readFile(at('new.csv'), 'utf8')).toBe(content);
      expect((await lstat(at('first'))).isSymbolicLink()).toBe(true);
      expect((await lstat(at('second'))).isSymbolicLink()).toBe(true);
    }
    await symlink('turn', at('turn'));
    const error = await writeOutput('a', 'turn', context().context).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'usage' });
  });

  it('takes a long result piece by piece, and leaves the old file where one cannot be made', async () => {
    async function* pieces(error?: Error) {
      yield 'id\n';
      yield Buffer.from('å\n');
      if (error) throw error;
      yield 'b\n';
    }
    await writeOutput(pieces(), 'long.csv', context().context);
    expect(await readFile(at('long.csv'), 'utf8')).toBe('id\nå\nb\n');
    const { context: given, stdout } = context();
    await writeOutput(pieces(), undefined, given);
    expect(stdout.text).toBe('id\nå\nb\n');

    const damaged = new SparSyncError('state-unusable', { en: 'damaged', sv: 'skadad' });
    const error = await refusal(writeOutput(pieces(damaged), 'long.csv', context().context));
    expect(error).toBe(damaged);
    expect(await readFile(at('long.csv'), 'utf8')).toBe('id\nå\nb\n');
    const interrupted = createFakeContext({ cwd: folder, signal: AbortSignal.abort() }).context;
    const aborted = await writeOutput(pieces(interrupted.signal.reason), 'long.csv', interrupted).catch(
      (thrown: unknown) => thrown,
    );
    expect(aborted).toBe(interrupted.signal.reason);
    expect((await readdir(folder)).sort()).toEqual(['config.json', 'links.csv', 'long.csv', 'people.csv']);
  });

  it('makes no more pieces where nobody takes them', async () => {
    let made = 0;
    async function* pieces() {
      for (; made < 9; made++) yield 'line\n';
    }
    const stdout = new BrokenSink('EPIPE').on('error', () => {});
    await writeOutput(pieces(), undefined, createFakeContext({ stdout }).context);
    expect(made).toBe(0);
  });

  it('with --json one object says where the pairs are', async () => {
    const { exit, out } = await run('duplicates', '--json', '-o', 'pairs.json');
    expect([exit, JSON.parse(out)]).toEqual([0, { command: 'duplicates', file: 'pairs.json', pairs: 1 }]);
    expect(JSON.parse(await readFile(at('pairs.json'), 'utf8')).duplicates).toHaveLength(1);
    expect((await run('duplicates', '-o', 'pairs.csv')).out).toBe('');
  });
});

describe('a table on standard output', () => {
  const table = 'id;name\r\n1;\u001b[2J\u009bx\u202e 20150112-2384\r\n';

  it('cannot steer the screen, and shows no whole number there', async () => {
    const { context, stdout } = createFakeContext();
    stdout.isTTY = true;
    await writeOutput(Buffer.from(table), undefined, context);
    expect(stdout.text).toBe('id;name\n1;\ufffdx\ufffd 20150112-****\n');
  });

  it('goes through a pipe as it is', async () => {
    const { context, stdout } = createFakeContext();
    await writeOutput(Buffer.from(table), undefined, context);
    expect(stdout.text).toBe(table);
  });
});

describe('export --with-guardians --json', () => {
  it('says how many pairs were left out, in a file too', async () => {
    const shown = JSON.parse((await run('export', '--with-guardians', '--json')).out);
    expect([shown.rows.length, shown.leftOut]).toEqual([2, 1]);
    const { out } = await run('export', '--with-guardians', '--json', '-o', 'pairs.csv');
    expect(JSON.parse(out)).toEqual({ command: 'export', file: 'pairs.csv', rows: 2, leftOut: 1 });
    expect(JSON.parse((await run('export', '--json')).out)).not.toHaveProperty('leftOut');
  });
});

describe('--report', () => {
  it.each(['update', 'guardians'])('of %s is not written over the roster', async (command) => {
    const roster = { kind: 'csv', files: [{ path: 'review.csv' }], links: { path: 'duplicates.csv' } };
    await writeFile(at('config.json'), JSON.stringify({ ...CONFIG, roster }));
    await writeFile(at('review.csv'), PEOPLE);
    await writeFile(at('duplicates.csv'), LINKS);
    const { exit, err } = await run(command, '--dry-run', '--offline', '--report', '.');
    expect([exit, err.includes('review.csv belongs to the roster')]).toEqual([2, true]);
    expect(await readFile(at('review.csv'), 'utf8')).toBe(PEOPLE);
    expect(await readdir(folder)).not.toContain('changes.csv');
  });
});

describe('--plan', () => {
  it.each(['pipe', 'link'])('refuses what is no file: %s', async (name) => {
    execFileSync('mkfifo', [at('pipe')]);
    await symlink('pipe', at('link'));
    await expect(preparePlanFile(at(name))).rejects.toMatchObject({ code: 'usage' });
    await expect(proveAtomicWrite(at(name))).rejects.toMatchObject({ code: 'EINVAL' });
    await expect(writeFileAtomically(at(name), 'x')).rejects.toMatchObject({ code: 'EINVAL' });
    expect((await stat(at(name))).isFile()).toBe(false);
    const { exit } = await run('update', '--offline', '--plan', name);
    expect(exit).toBe(2);
  });

  it('may be a link to a file that is not there yet', async () => {
    await symlink('plan.json', at('link'));
    await preparePlanFile(at('link'));
    await writeFileAtomically(at('link'), '{}');
    expect(await readFile(at('plan.json'), 'utf8')).toBe('{}');
  });
});
