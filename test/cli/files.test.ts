import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { prepareReportFolder, writeReport } from '../../src/adapters/report/write-report.ts';
import { run as runDemo } from '../../src/cli/commands/demo.ts';
import { run as runSimulator } from '../../src/cli/commands/simulator.ts';
import type { CommandContext } from '../../src/cli/context.ts';
import { createFakeContext, Sink } from './fake-process.ts';
import { BUSY } from './sample-report.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spar-sync-cli-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const modeOf = async (path: string): Promise<string> => ((await stat(path)).mode & 0o777).toString(8);

describe('--report', () => {
  it('writes five files that only their owner can read, and replaces them', async () => {
    const target = join(folder, 'new', 'report');
    await writeReport(target, BUSY, 'sv');
    await writeReport(target, BUSY, 'sv');
    expect((await readdir(target)).sort()).toEqual([
      'changes.csv',
      'not-asked.csv',
      'problems.csv',
      'review.csv',
      'update.json',
    ]);
    expect(await modeOf(target)).toBe('700');
    for (const name of await readdir(target)) expect(await modeOf(join(target, name))).toBe('600');
    expect(await readFile(join(target, 'review.csv'), 'utf8')).toContain('Skyddade personuppgifter');
    expect(JSON.parse(await readFile(join(target, 'update.json'), 'utf8'))).toEqual(BUSY);
  });

  it('is refused before anything is paid for where a file stands in the way', async () => {
    await writeFile(join(folder, 'file'), '');
    await expect(prepareReportFolder(join(folder, 'file'))).rejects.toMatchObject({ code: 'usage' });
    await expect(prepareReportFolder(join(folder, 'file', 'report'))).rejects.toMatchObject({
      code: 'usage',
    });
  });
});

describe('demo', () => {
  async function makeSample(): Promise<string> {
    const sample = join(folder, 'sample');
    await mkdir(join(sample, 'inner'), { recursive: true });
    await writeFile(join(sample, 'config.json'), '{}');
    await writeFile(join(sample, 'inner', 'people.csv'), 'id\n');
    await chmod(join(sample, 'config.json'), 0o444);
    return sample;
  }

  async function demo(changes: Partial<CommandContext> = {}, updateExit = 3) {
    const { context, stdout } = createFakeContext({ cwd: folder, configPath: 'other.json', ...changes });
    const seen: unknown[] = [];
    const exit = await runDemo({}, context, {
      sample: await makeSample(),
      update: async (options, inner) => {
        seen.push({ yes: options.yes, dryRun: options.dryRun, cwd: inner.cwd, config: inner.configPath });
        inner.stdout.write('UPDATE\n');
        return updateExit;
      },
      guardians: async (options, inner) => {
        seen.push({ yes: options.yes, dryRun: options.dryRun, cwd: inner.cwd, config: inner.configPath });
        inner.stdout.write('GUARDIANS\n');
        return 0;
      },
    });
    return { exit, seen, out: stdout.text };
  }

  it('copies the sample and updates it there', async () => {
    const { exit, seen, out } = await demo();
    const made = join(folder, 'spar-demo');
    expect(exit).toBe(3);
    const there = { yes: true, dryRun: false, cwd: made, config: join(made, 'config.json') };
    expect(seen).toEqual([there, there]);
    expect((await readdir(made)).sort()).toEqual(['.made-by-spar-sync-demo', 'config.json', 'inner']);
    expect(await modeOf(made)).toBe('700');
    expect(await modeOf(join(made, 'config.json'))).toBe('600');
    expect(out).toMatch(
      /^A sample school is in \.\/spar-demo\..*\n.*UPDATE\n\nNow the guardians.*\nGUARDIANS\n\nThe files:\n {2}spar-demo\/config\.json\n/s,
    );
  });

  it('starts over where it has been before', async () => {
    await demo();
    await writeFile(join(folder, 'spar-demo', 'config.json'), 'changed');
    await writeFile(join(folder, 'spar-demo', 'spar-sync.db'), 'old');
    await demo();
    expect(await readFile(join(folder, 'spar-demo', 'config.json'), 'utf8')).toBe('{}');
    expect(await readdir(join(folder, 'spar-demo'))).not.toContain('spar-sync.db');
  });

  it.each([
    ['a folder', (path: string) => mkdir(path)],
    ['a file', (path: string) => writeFile(path, 'mine')],
    // To a folder of the test's own: were the refusal to break, this is what would be emptied.
    ['a link to a folder of others', (path: string) => symlink(join(folder, 'theirs'), path)],
  ])('leaves %s alone that it did not make', async (_, make) => {
    const path = join(folder, 'spar-demo');
    await mkdir(join(folder, 'theirs'));
    await writeFile(join(folder, 'theirs', 'letter'), 'mine');
    await make(path);
    await expect(demo()).rejects.toMatchObject({ code: 'usage' });
    expect(await readdir(join(folder, 'theirs'))).toEqual(['letter']);
    await expect(stat(join(path, '.made-by-spar-sync-demo'))).rejects.toThrow();
  });

  it('prints one object with --json: that of update', async () => {
    expect((await demo({ json: true })).out).toBe('UPDATE\n');
  });

  it('adds nothing to the output with --quiet', async () => {
    expect((await demo({ quiet: true })).out).toBe('UPDATE\nGUARDIANS\n');
  });

  it('stops after an update that failed', async () => {
    const { exit, out } = await demo({}, 10);
    expect([exit, out.includes('GUARDIANS')]).toEqual([10, false]);
  });
});

describe('simulator', () => {
  it('writes its certificates, shows the section to paste and ends with the signal', async () => {
    const controller = new AbortController();
    const stdout = new Sink();
    const { context } = createFakeContext({ cwd: folder, signal: controller.signal, stdout, json: true });
    const running = runSimulator({ dir: 'certificates' }, context);
    await new Promise<void>((resolve, reject) => {
      const write = stdout.write.bind(stdout);
      stdout.write = (text: string) => {
        resolve();
        return write(text);
      };
      running.then(() => reject(new Error('ended by itself')), reject);
    });
    const { url, spar } = JSON.parse(stdout.text);
    expect(spar).toMatchObject({
      environment: 'test',
      url: `${url}/2021.1/`,
      kundNrSlutkund: 500243,
      certificate: { cert: './certificates/client-cert.pem', key: './certificates/client-key.pem' },
      ca: './certificates/ca.pem',
    });
    expect(await modeOf(join(folder, 'certificates', 'client-key.pem'))).toBe('600');
    const other = runSimulator(
      { dir: 'other', port: Number(new URL(url).port) },
      createFakeContext({ cwd: folder }).context,
    );
    await expect(other).rejects.toMatchObject({ code: 'usage' });
    controller.abort();
    expect(await running).toBe(0);
  });
});
