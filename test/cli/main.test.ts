import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { CommandContext } from '../../src/cli/context.ts';
import type { Commands } from '../../src/cli/lazy-commands.ts';
import { main } from '../../src/cli/main.ts';
import { SparSyncError } from '../../src/errors.ts';
import { BrokenSink, createFakeProcess, Sink } from './fake-process.ts';

type Update = Commands['update'];

const unexpected = (): Promise<number> => Promise.reject(new Error('another command was run'));

/** Every command but `update` must not run. */
function withUpdate(update: Update): Commands {
  return {
    update,
    guardians: unexpected,
    duplicates: unexpected,
    'duplicates apply': unexpected,
    export: unexpected,
    history: unexpected,
    undo: unexpected,
    apply: unexpected,
    status: unexpected,
    nightly: unexpected,
    cost: unexpected,
    audit: unexpected,
    forget: unexpected,
    check: unexpected,
    init: unexpected,
    demo: unexpected,
    simulator: unexpected,
  };
}

async function run(
  argv: readonly string[],
  update: Update = async () => 0,
  process = createFakeProcess(),
): Promise<{ exit: number; out: string; err: string }> {
  const exit = await main(argv, process, withUpdate(update));
  return { exit, out: process.stdout.text, err: process.stderr.text };
}

const brake = new SparSyncError(
  'brake',
  { en: 'Too much would change.', sv: 'För mycket skulle ändras.' },
  { en: 'Use --force.', sv: 'Använd --force.' },
);

describe('the options', () => {
  const everywhere = ['--config', 'x.json', '--json', '--quiet', '--no-color', '--as-of', '2026-11-23'];

  it.each([
    ['before', [...everywhere, 'update']],
    ['after', ['update', ...everywhere]],
    ['around', [...everywhere.slice(0, 3), 'update', '--type', 'elev', ...everywhere.slice(3)]],
  ])('that hold everywhere are taken %s the name of the command', async (_, argv) => {
    const seen: CommandContext[] = [];
    const { exit } = await run(argv, async (_options, context) => seen.push(context) && 0);
    expect(exit).toBe(0);
    expect(seen).toMatchObject([
      { configPath: 'x.json', json: true, quiet: true, color: false, asOf: '2026-11-23', cwd: '/school' },
    ]);
  });

  it('of update arrive parsed', async () => {
    const seen: unknown[] = [];
    await run(
      'update --type elev Personal --type guardian student --id 17 --id=elev:18 --id urn:19 --dry-run --yes --report r'.split(
        ' ',
      ),
      async (options) => seen.push(options) && 0,
    );
    expect(seen).toEqual([
      {
        types: ['student', 'staff', 'guardian'],
        ids: [{ id: '17' }, { type: 'student', id: '18' }, { id: 'urn:19' }],
        dryRun: true,
        offline: false,
        refresh: false,
        force: false,
        yes: true,
        report: 'r',
      },
    ]);
  });

  it.each([
    ['update --as-of 2026-02-30', '--as-of needs a real date as YYYY-MM-DD, not `2026-02-30`.'],
    ['update --type pupil', '--type takes student, staff or guardian, not `pupil`.'],
    ['update --id student:', '--id needs a row id: `17` or `student:17`.'],
    ['update --offline --refresh', '--offline and --refresh contradict each other'],
    ['update --report=', '--report needs a value that is not empty.'],
    ['simulator --port 65536', '--port takes a number from 0 (any free port) to 65535, not `65536`.'],
    ['update --dryrun', "Unknown option '--dryrun'\nDid you mean --dry-run?"],
    ['updat', "Unknown command 'updat'\nDid you mean update?"],
    ['update now', "Too many arguments for 'update'"],
    ['update --config', "Option '--config <file>' argument missing"],
    ['apply', "Missing required argument 'plan'"],
  ])('that are wrong end with 2: %s', async (line, message) => {
    const { exit, out, err } = await run(line.split(' '), unexpected);
    expect({ exit, out }).toEqual({ exit: 2, out: '' });
    expect(err).toContain(message);
  });

  it('are echoed without a personnummer', async () => {
    const { err } = await run(['update', '--froce=201012312383'], unexpected);
    expect(err).toContain("Unknown option '--froce=20101231-****'");
  });

  it.each([
    ['--nix', "Okänd flagga '--nix'"],
    ['updat', "Okänt kommando 'updat'\nMenade du update?"],
    ['update now', "För många argument till 'update'"],
    ['update --config', "Flaggan '--config <file>' behöver ett värde"],
    ['apply', "Argumentet 'plan' saknas"],
  ])('that are wrong are told in Swedish: %s', async (line, message) => {
    const { exit, err } = await run(line.split(' '), unexpected, createFakeProcess({ LANG: 'sv_SE.UTF-8' }));
    expect(exit).toBe(2);
    expect(err).toContain(message);
  });

  it('are also wrong as JSON', async () => {
    const { exit, out, err } = await run(['update', '--nix', '--json']);
    expect({ exit, err }).toEqual({ exit: 2, err: '' });
    expect(JSON.parse(out)).toEqual({
      error: { code: 'usage', message: "Unknown option '--nix'", hint: expect.stringContaining('--help') },
    });
  });

  it('without a command show the help on standard error', async () => {
    const { exit, out, err } = await run([]);
    expect({ exit, out }).toEqual({ exit: 2, out: '' });
    expect(err).toContain('Usage: spar-sync');
    const json = await run(['--json']);
    expect(json.exit).toBe(2);
    expect(JSON.parse(json.out)).toEqual({
      error: { code: 'usage', message: 'A command is missing', hint: expect.stringContaining('--help') },
    });
  });
});

describe('what ends a run', () => {
  it('is the exit code of the command', async () => {
    expect((await run(['update'], async () => 3)).exit).toBe(3);
  });

  it('is told with its hint and without a stack', async () => {
    expect(await run(['update'], () => Promise.reject(brake))).toEqual({
      exit: 4,
      out: '',
      err: 'Too much would change.\nUse --force.\n',
    });
  });

  it('is told in the language that the configuration has chosen meanwhile', async () => {
    const { err } = await run(['update'], async (_, context) => {
      context.speak('sv');
      expect(context.language).toBe('sv');
      throw brake;
    });
    expect(err).toBe('För mycket skulle ändras.\nAnvänd --force.\n');
  });

  it('is told without a personnummer, and with paths and other numbers as they are', async () => {
    const text = {
      en: 'student:20150112-2384, 9001142380 and 900114+2380: /tmp/2026-11-23/20261123-0231/run.json line 14',
      sv: '',
    };
    const hint = { en: 'not 199001142380; customer 500243, certificate of 165560360793', sv: '' };
    const masked =
      'student:20150112-****, 900114-**** and 900114+****: /tmp/2026-11-23/20261123-0231/run.json line 14';
    const maskedHint = 'not 19900114-****; customer 500243, certificate of 165560360793';
    const fail: Update = () => Promise.reject(new SparSyncError('plan-outdated', text, hint));
    expect((await run(['update'], fail)).err).toBe(`${masked}\n${maskedHint}\n`);
    expect(JSON.parse((await run(['update', '--json'], fail)).out)).toEqual({
      error: { code: 'plan-outdated', message: masked, hint: maskedHint },
    });
  });

  it('is one JSON object with --json', async () => {
    expect(await run(['--json', 'update'], () => Promise.reject(brake))).toEqual({
      exit: 4,
      out: '{"error":{"code":"brake","message":"Too much would change.","hint":"Use --force."}}\n',
      err: '',
    });
  });

  it('cannot steer the terminal', async () => {
    const text = { en: 'in \u001B]0;x\u0007\u001B[2Jfile\u0000', sv: '' };
    const { err } = await run(['update'], () => Promise.reject(new SparSyncError('config', text)));
    expect(err).toBe('in file\uFFFD\n');
  });

  it('is a bug when nobody foresaw it, told without anything the error carries', async () => {
    const inProject = fileURLToPath(new URL('../../Storgatan.ts', import.meta.url));
    const secret = `Anna Andersson\n    at f (/home/anna/201012312383.txt:1:1)\n    at f (${inProject}:1:1)\npassphrase`;
    const thrown = Object.assign(new TypeError(secret), { code: 'ERR_CRYPTO', config: { secret } });
    const { exit, out, err } = await run(['update'], () => Promise.reject(thrown));
    expect({ exit, out }).toEqual({ exit: 1, out: '' });
    expect(err).toContain('This is a bug in spar-sync: TypeError ERR_CRYPTO\n    test/cli/main.test.ts:');
    expect(err).not.toMatch(/Anna|Storgatan|2010|passphrase|home/i);
    const { out: json } = await run(['update', '--json'], () => Promise.reject(thrown));
    expect(JSON.parse(json)).toMatchObject({ error: { code: 'bug' } });
    expect(json).not.toMatch(/Anna|Storgatan|2010|passphrase/i);
  });

  it.each([
    ['dist/wsdl/personsok.wsdl', 'Error ENOENT dist/wsdl/personsok.wsdl\n'],
    ['Storgatan.csv', 'Error ENOENT\n'],
  ])('names the missing file only if it is one of the program: %s', async (name, told) => {
    const path = fileURLToPath(new URL(`../../${name}`, import.meta.url));
    const thrown = Object.assign(new Error('ENOENT'), { code: 'ENOENT', path });
    expect((await run(['update'], () => Promise.reject(thrown))).err).toContain(told);
  });

  it.each([
    ['a string', 'Anna Andersson'],
    ['nothing', null],
    ['an error with a strange name', Object.assign(new Error(''), { name: 'Anna Andersson' })],
    [
      'an error whose message was changed afterwards',
      Object.assign(new Error('Anna Andersson'), { message: 'x' }),
    ],
  ])('is a bug also when it is %s', async (_, thrown) => {
    const { exit, err } = await run(['update'], () => Promise.reject(thrown));
    expect(exit).toBe(1);
    expect(err).toContain('This is a bug in spar-sync');
    expect(err).not.toContain('Anna');
  });

  it('is a bug also when nobody waited for it', async () => {
    const process = createFakeProcess();
    const never = new Promise<number>(() => {});
    const { exit, err } = await run(
      ['update'],
      (_, context) => {
        process.emit('unhandledRejection', new Error('Anna Andersson'));
        expect(context.signal.aborted).toBe(true);
        return never;
      },
      process,
    );
    expect(exit).toBe(1);
    expect(err).toContain('This is a bug in spar-sync: Error');
    expect(err).not.toContain('Anna');
  });
});

describe('signals', () => {
  it.each(['SIGINT', 'SIGTERM'])(
    'the first %s asks the command to stop, the second is left to the system',
    async (signal) => {
      const process = createFakeProcess();
      const { exit, err } = await run(
        ['update'],
        async (_, context) => {
          expect(process.listenerCount(signal)).toBe(1);
          process.emit(signal);
          expect(process.listenerCount('SIGINT') + process.listenerCount('SIGTERM')).toBe(0);
          context.signal.throwIfAborted();
          return 0;
        },
        process,
      );
      expect(exit).toBe(130);
      expect(err).toContain('Interrupted.');
    },
  );

  it('leave no listener behind', async () => {
    const process = createFakeProcess();
    await run(['update'], async () => 0, process);
    expect(process.eventNames()).toEqual([]);
  });
});

describe('output', () => {
  it('to a reader that has had enough is no failure', async () => {
    const process = createFakeProcess({}, new BrokenSink('EPIPE'));
    const print: Update = async (_, context) => {
      context.stdout.write('many lines\n');
      return 3;
    };
    expect(await run(['update'], print, process)).toEqual({ exit: 3, out: '', err: '' });
  });

  it('to a full disk is told', async () => {
    const process = createFakeProcess({}, new BrokenSink('ENOSPC'));
    const print: Update = async (_, context) => {
      context.stdout.write('many lines\n');
      return 0;
    };
    const { exit, err } = await run(['update'], print, process);
    expect(exit).toBe(1);
    expect(err).toContain('(ENOSPC)');
  });

  it.each([
    ['a terminal', {}, [], true],
    ['a terminal with NO_COLOR', { NO_COLOR: '1' }, [], false],
    ['a terminal with an empty NO_COLOR', { NO_COLOR: '' }, [], true],
    ['a terminal with --no-color', {}, ['--no-color'], false],
    ['a dumb terminal', { TERM: 'dumb' }, [], false],
  ])('is coloured or not on %s', async (_, env, flags, color) => {
    const stdout = new Sink();
    stdout.isTTY = true;
    const seen: boolean[] = [];
    await run(
      ['update', ...flags],
      async (_o, context) => seen.push(context.color) && 0,
      createFakeProcess(env, stdout),
    );
    expect(seen).toEqual([color]);
  });
});

describe('the environment', () => {
  const dangerous = { DEBUG: '*', NODE_DEBUG: 'http', NODE_TLS_REJECT_UNAUTHORIZED: '0', HOME: '/home' };

  it('loses what would print secrets or trust any server, before the command runs', async () => {
    const process = createFakeProcess(dangerous);
    const seen: unknown[] = [];
    const { err } = await run(['update'], async (_, context) => seen.push({ ...context.env }) && 0, process);
    expect(seen).toEqual([{ HOME: '/home' }]);
    expect(process.env).toEqual({ HOME: '/home' });
    expect(err).toMatchInlineSnapshot(`
      "Warning: NODE_TLS_REJECT_UNAUTHORIZED is set and is not heeded: the server is always verified. Name its CA under spar.ca.
      Note: DEBUG is set and is not heeded: it would print requests, answers and the passphrase.
      Note: NODE_DEBUG is set and is not heeded: it would print requests and the passphrase.
      "
    `);
  });

  it('is only warned about with --quiet', async () => {
    const { err } = await run(['update', '--quiet'], async () => 0, createFakeProcess(dangerous));
    expect(err.split('\n')).toHaveLength(2);
  });

  it('says that there is no help about what is no command', async () => {
    const { exit, err } = await run(['help', 'nosuch']);
    expect([exit, err]).toEqual([2, expect.stringContaining("Unknown command 'nosuch'")]);
    expect((await run(['help', 'update'])).out).toContain('spar-sync update');
  });

  it('takes no option of the table for the command that carries out decisions', async () => {
    for (const option of [['--excel'], ['-o', 'x.csv'], ['--format', 'csv']]) {
      const { exit, err } = await run(['duplicates', 'apply', 'd.csv', ...option]);
      expect([exit, err]).toEqual([2, expect.stringContaining('Unknown option')]);
    }
  });
});
