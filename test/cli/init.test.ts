import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { run } from '../../src/cli/commands/init.ts';
import type { CommandContext, Input, Output } from '../../src/cli/context.ts';
import { SparSyncError } from '../../src/errors.ts';

let cwd: string;

beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'spar-sync-init-'));
});

afterEach(() => {
  rmSync(cwd, { recursive: true });
});

function collect(): Output & { text: string } {
  return {
    text: '',
    write(text: string) {
      this.text += text;
      return true;
    },
  };
}

function init(stdin: Input, more: Partial<CommandContext> = {}) {
  const stdout = collect();
  const stderr = collect();
  const context: CommandContext = {
    stdout,
    stderr,
    stdin,
    env: {},
    cwd,
    signal: new AbortController().signal,
    language: 'en',
    speak: () => {},
    color: false,
    json: false,
    quiet: false,
    ...more,
  };
  return { stdout, stderr, exit: run({}, context) };
}

const lines = (text: string): Input => Readable.from([text]);
const terminal = (stream: PassThrough): Input => Object.assign(stream, { isTTY: true });
const config = () => JSON.parse(readFileSync(join(cwd, 'config.json'), 'utf8'));

async function failureOf(promise: Promise<unknown>): Promise<SparSyncError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof SparSyncError) return error;
  throw new Error(`expected a SparSyncError, got ${String(error)}`);
}

describe('init', () => {
  it('takes one answer a line, empty lines for what is proposed, and tells the next steps', async () => {
    writeFileSync(
      join(cwd, 'elever.csv'),
      Buffer.from('Id;Roll;Förnamn;Efternamn\r\n1;elev;A;B\r\n', 'latin1'),
    );
    const { stdout, stderr, exit } = init(lines('\n'.repeat(20)));
    expect(await exit).toBe(0);
    expect(config().roster).toEqual({
      kind: 'csv',
      files: [
        {
          path: 'elever.csv',
          columns: { id: 'Id', type: 'Roll', first_name: 'Förnamn', last_name: 'Efternamn' },
        },
      ],
    });
    expect(stderr.text).toContain('an SQLite database (.db, .sqlite) [elever.csv]: ');
    expect(stdout.text).toBe(
      [
        `Written: ${join(cwd, 'config.json')}`,
        'Next:',
        '  spar-sync check              tests configuration, certificate and roster',
        '  spar-sync update --dry-run   asks SPAR as the real run would and shows what would change',
        '  spar-sync update             brings the roster up to date',
        '',
      ].join('\n'),
    );
  });

  it('prints one object with --json and writes where --config says', async () => {
    const { stdout, exit } = init(lines('\n'.repeat(20)), { json: true, configPath: 'other.json' });
    expect(await exit).toBe(0);
    expect(JSON.parse(stdout.text)).toEqual({ command: 'init', config: join(cwd, 'other.json') });
    expect(existsSync(join(cwd, 'other.json'))).toBe(true);
  });

  it('overwrites nothing', async () => {
    writeFileSync(join(cwd, 'config.json'), 'mine');
    const error = await failureOf(init(lines('\n'.repeat(20))).exit);
    expect([error.code, readFileSync(join(cwd, 'config.json'), 'utf8')]).toEqual(['usage', 'mine']);
  });

  it('overwrites nothing that came while it asked', async () => {
    const stdin = new PassThrough();
    const { stderr, exit } = init(terminal(stdin));
    const failure = failureOf(exit);
    while (stderr.text === '') await new Promise((resolve) => setImmediate(resolve));
    writeFileSync(join(cwd, 'config.json'), 'mine');
    stdin.write('\n'.repeat(20));
    expect([(await failure).code, readFileSync(join(cwd, 'config.json'), 'utf8')]).toEqual(['usage', 'mine']);
  });

  it('says without a terminal that it needs one', async () => {
    const error = await failureOf(init(lines('')).exit);
    expect([error.code, error.text.sv]).toEqual([
      'usage',
      '`init` ställer frågor och behöver en terminal, eller svaren på standard in, ett per rad.',
    ]);
  });

  it('writes nothing when the answers end early or will not do', async () => {
    expect((await failureOf(init(lines('simulator\n')).exit)).text.en).toMatch(
      /^The answers ended .*KundNrLeverans/,
    );
    expect((await failureOf(init(lines('prod\n')).exit)).text.en).toMatch(
      /must be "simulator", "test" or "production"/,
    );
    expect(existsSync(join(cwd, 'config.json'))).toBe(false);
  });

  it('writes nothing when the answers contradict each other', async () => {
    const answers = ['', '', '', '', '', '', '', '', 'a.csv', '', 'a.csv', '', '', ''];
    const error = await failureOf(init(lines(answers.join('\n'))).exit);
    expect(error.text.en).toMatch(/roster\.links\.path: is the same as roster\.files\[0\]\.path/);
    expect(existsSync(join(cwd, 'config.json'))).toBe(false);
  });

  it('asks again on a terminal', async () => {
    const stdin = new PassThrough();
    const { stderr, exit } = init(terminal(stdin), { language: 'sv' });
    stdin.write(`prod\nsimulator\n${'\n'.repeat(20)}`);
    expect(await exit).toBe(0);
    expect(stderr.text).toContain('  Det ska vara "simulator", "test" eller "production".\nVilket SPAR');
  });

  it('ends when interrupted', async () => {
    const stdin = new PassThrough();
    const stop = new AbortController();
    const { exit } = init(terminal(stdin), { signal: stop.signal });
    stdin.write('simulator\n');
    stop.abort();
    expect((await failureOf(exit)).code).toBe('interrupted');
    expect(existsSync(join(cwd, 'config.json'))).toBe(false);
  });
});
