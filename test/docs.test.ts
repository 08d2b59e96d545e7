import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { configJsonSchema } from '../src/adapters/config/config-schema.ts';
import { parseConfig } from '../src/adapters/config/parse-config.ts';
import { TEXTS_EN } from '../src/adapters/report/texts.en.ts';
import { LINK_COLUMNS, PEOPLE_COLUMNS } from '../src/adapters/roster/columns.ts';
import { EXIT_CODES, EXIT_MEANINGS } from '../src/cli/exit-codes.ts';
import { COMMAND_HELP } from '../src/cli/help-texts.ts';
import { main } from '../src/cli/main.ts';
import { createFakeProcess } from './cli/fake-process.ts';
import { buildProgram, runProgram } from './support/built-program.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const README = readFileSync(join(ROOT, 'README.md'), 'utf8');
/** The day on which the README's sessions were recorded. */
const RECORDED_ON = '2026-11-23';

const run = promisify(execFile);

/** The text under a heading, up to the next heading of the same rank or a higher one. */
function section(heading: string): string {
  const rank = heading.split(' ')[0]?.length ?? 0;
  const [, after] = `\n${README}`.split(`\n${heading}\n`);
  if (after === undefined) throw new Error(`README.md has no heading "${heading}"`);
  const end = new RegExp(`^#{1,${rank}} `, 'm').exec(after);
  return end ? after.slice(0, end.index) : after;
}

/** The cells of every row of the tables in a piece of Markdown, without the headings. */
function tableRows(markdown: string): string[][] {
  return markdown
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) =>
      line
        .slice(1, line.trimEnd().endsWith('|') ? line.lastIndexOf('|') : undefined)
        .split('|')
        .map((cell) => cell.trim()),
    );
}

function firstCells(markdown: string): string[] {
  return tableRows(markdown).map(([cell = '']) => cell.replaceAll('`', ''));
}

interface TestedBlock {
  readonly what: string;
  readonly text: string;
}

/** Code blocks that a comment `<!-- tested: … -->` stands above. */
const TESTED: readonly TestedBlock[] = [
  ...README.matchAll(/<!-- tested: (.+?) -->\n```\w*\n([\s\S]*?)\n```/g),
].map(([, what = '', text = '']) => ({ what, text }));

function testedBlock(start: string): TestedBlock {
  const found = TESTED.find((block) => block.what.startsWith(start));
  if (found === undefined) throw new Error(`README.md has no block that is tested as "${start}"`);
  return found;
}

async function helpOf(argv: readonly string[]): Promise<string> {
  const process = createFakeProcess({ LANG: 'en_GB.UTF-8' });
  await main([...argv, '--help'], process);
  return process.stdout.text;
}

/** The long flags that one part of the help defines. */
function flagsIn(help: string, heading: string): string[] {
  const [, after = ''] = help.split(`\n${heading}\n`);
  const [part = ''] = after.split('\n\n');
  return part.split('\n').flatMap((line) => /^ {2}(?:-\w, )?(--[a-z-]+)/.exec(line)?.[1] ?? []);
}

describe('README names everything there is', () => {
  it('has the two commands of the first five minutes', () => {
    expect(README).toContain('npm ci && npm run demo');
    expect(README).toContain('npm cit');
  });

  it('has a heading for every command and for no other', () => {
    const headings = [...section('## Commands').matchAll(/^### `spar-sync ([\w ]+)`$/gm)].map(
      ([, name]) => name,
    );
    expect(headings.sort()).toEqual(Object.keys(COMMAND_HELP).sort());
  });

  it.each(Object.keys(COMMAND_HELP))(
    'has the flags of %s and an example, and no other flag',
    async (name) => {
      const text = section(`### \`spar-sync ${name}\``);
      const flags = flagsIn(await helpOf(name.split(' ')), 'Options:').filter((flag) => flag !== '--help');
      const documented = firstCells(text)
        .map((cell) => cell.split(' ')[0] ?? '')
        .filter((cell) => cell.startsWith('--'));
      expect(documented.sort()).toEqual(flags.sort());
      expect(text).toContain(`\nspar-sync ${name}`);
    },
  );

  it('has the flags that go everywhere, and no other', async () => {
    const [everywhere = ''] = section('## Commands').split('### ');
    const documented = firstCells(everywhere).flatMap((cell) => /--[a-z-]+/.exec(cell)?.[0] ?? []);
    expect(documented.sort()).toEqual(flagsIn(await helpOf([]), 'Options:').sort());
  });

  it('has every exit code with the error codes that lead to it', () => {
    const documented = tableRows(section('## Exit codes')).flatMap(([code = '', , errors = '']) =>
      /^\d+$/.test(code) ? [[Number(code), errors.replaceAll('`', '').split(' ').filter(Boolean)]] : [],
    );
    const errorsOf = (exit: number) =>
      Object.entries(EXIT_CODES).flatMap(([error, code]) => (code === exit ? [error] : []));
    const expected = Object.keys(EXIT_MEANINGS)
      .map(Number)
      .map((code) => [code, code === 1 ? ['bug', ...errorsOf(1)] : errorsOf(code)]);
    expect(documented).toEqual(expected);
  });

  it('has every reason and no other', () => {
    const [, review = '', notAsked = '', problems = ''] = section('## What the reasons mean').split(/^\*\*/m);
    const reasonsIn = (part: string) =>
      firstCells(part).filter((cell) => /^[a-z][a-z\d-]+$/.test(cell) && cell !== 'reason');
    expect(reasonsIn(review).sort()).toEqual(Object.keys(TEXTS_EN.reviewReasons).sort());
    expect(reasonsIn(notAsked).sort()).toEqual(Object.keys(TEXTS_EN.notAskedReasons).sort());
    expect(reasonsIn(problems).sort()).toEqual(Object.keys(TEXTS_EN.problemReasons).sort());
  });

  it('has every column of the roster', () => {
    const roster = section('## The roster');
    expect(firstCells(roster).filter((cell) => cell !== 'our column' && !/^-+$/.test(cell))).toEqual(
      PEOPLE_COLUMNS,
    );
    for (const column of LINK_COLUMNS) expect(roster).toContain(`\`${column}\``);
  });
});

interface SchemaNode {
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
  readonly oneOf?: readonly SchemaNode[];
  readonly default?: unknown;
}

/** Every key by its path, with its default; columns of the roster are a table of their own. */
function configKeys(node: SchemaNode, path = ''): Map<string, unknown> {
  const keys = new Map<string, unknown>();
  const take = (more: Map<string, unknown>) => {
    for (const [key, value] of more) keys.set(key, value);
  };
  for (const inner of [...(node.anyOf ?? []), ...(node.oneOf ?? [])]) take(configKeys(inner, path));
  if (node.items) take(configKeys(node.items, `${path}[]`));
  for (const [name, inner] of Object.entries(node.properties ?? {})) {
    const key = path === '' ? name : `${path}.${name}`;
    keys.set(key, inner.default);
    if (!key.endsWith('.columns')) take(configKeys(inner, key));
  }
  return keys;
}

/** Sections, whose keys are in the table instead of them. */
const SECTIONS = [
  'spar',
  'update',
  'update.fields',
  'guardians',
  'automatic',
  'roster',
  'limits',
  'pricing',
  'retention',
];

describe('README on the configuration', () => {
  const keys = configKeys(configJsonSchema());
  const documented = new Map(
    tableRows(section('## Configuration')).flatMap((cells): [string, string][] => {
      const [key = ''] = cells;
      return key.startsWith('`') ? [[key.replaceAll('`', ''), cells.at(-1) ?? '']] : [];
    }),
  );

  it('has every key in a table, or named in the row of its twin, and no key that does not exist', () => {
    const configuration = section('## Configuration');
    const missing = [...keys.keys()].filter(
      (key) => !SECTIONS.includes(key) && !configuration.includes(`\`${key}\``),
    );
    expect(missing).toEqual([]);
    expect([...documented.keys()].filter((key) => !keys.has(key))).toEqual([]);
  });

  it('has the defaults that the program has', () => {
    const wrong = [...keys].flatMap(([key, value]) => {
      const cell = documented.get(key);
      if (cell === undefined || value === undefined) return [];
      return cell === `\`${JSON.stringify(value)}\`` ? [] : [`${key}: ${cell}, not ${JSON.stringify(value)}`];
    });
    expect(wrong).toEqual([]);
  });

  const surroundings = { folder: '/school', language: 'en' } as const;

  it('shows a configuration that is taken', async () => {
    const raw: unknown = JSON.parse(testedBlock('configuration').text);
    expect(await parseConfig(raw, surroundings)).toMatchObject({ kind: 'config' });
  });

  it('shows a roster section that is taken', async () => {
    const { roster: _, ...rest }: Record<string, unknown> = JSON.parse(testedBlock('configuration').text);
    const roster: unknown = JSON.parse(testedBlock('roster').text);
    expect(await parseConfig({ ...rest, roster }, surroundings)).toMatchObject({ kind: 'config' });
  });

  it('shows a section for nights that is taken', async () => {
    const raw: Record<string, unknown> = JSON.parse(testedBlock('configuration').text);
    const automatic: unknown = JSON.parse(testedBlock('automatic').text);
    expect(await parseConfig({ ...raw, automatic }, surroundings)).toMatchObject({
      kind: 'config',
      config: { automatic: { enabled: true } },
    });
  });

  it('comes with an example that is taken', async () => {
    const raw: unknown = JSON.parse(readFileSync(join(ROOT, 'config.example.json'), 'utf8'));
    expect(await parseConfig(raw, surroundings)).toMatchObject({ kind: 'config' });
  });
});

/** `…` alone on a line stands for lines left out; commands are not output. */
function excerptsOf(session: string): string[] {
  const lines = session.split('\n').filter((line) => !line.startsWith('$ '));
  return `\n${lines.join('\n')}\n`
    .split('\n…\n')
    .map((part) => part.replace(/^\n/, '').replace(/\n$/, ''))
    .filter((part) => part !== '');
}

/** The command lines of a session, without the program's name. */
function commandsOf(session: string): string[] {
  return [...session.matchAll(/^\$ npx spar-sync (.+)$/gm)].map(([, command = '']) => command);
}

/** The first excerpt that the output does not hold after those before it. */
function firstMissing(excerpts: readonly string[], output: string): string | undefined {
  let from = 0;
  return excerpts.find((excerpt) => {
    const at = `\n${output}`.indexOf(`\n${excerpt}\n`, from);
    if (at >= 0) from = at + excerpt.length;
    return at < 0;
  });
}

describe('README shows what the compiled program prints', () => {
  let folder = '';
  beforeAll(async () => {
    await buildProgram();
    folder = mkdtempSync(join(tmpdir(), 'spar-sync-docs-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** What a command prints to standard output on the day of the recording. */
  async function sparSync(command: string, cwd: string): Promise<string> {
    const { stdout, stderr, exit } = await runProgram([...command.split(' '), '--as-of', RECORDED_ON], {
      cwd,
    });
    expect({ exit, stderr }).toMatchObject({ exit: 0 });
    return stdout;
  }

  it('in the demo, and in its folder afterwards', async () => {
    const demo = await sparSync('demo', folder);
    const demoExcerpts = excerptsOf(testedBlock('demo, in an empty folder').text);
    expect(demoExcerpts).toHaveLength(10);
    expect(firstMissing(demoExcerpts, demo)).toBeUndefined();

    const status = await sparSync('status', join(folder, 'spar-demo'));
    const statusExcerpts = excerptsOf(testedBlock('status, in spar-demo').text);
    expect(statusExcerpts).toHaveLength(2);
    expect(firstMissing(statusExcerpts, status)).toBeUndefined();

    const { text } = testedBlock('decisions, in spar-demo');
    const decided = await decideInDemo(commandsOf(text), join(folder, 'spar-demo'));
    const decidedExcerpts = excerptsOf(text);
    expect(decidedExcerpts).toHaveLength(3);
    expect(firstMissing(decidedExcerpts, decided)).toBeUndefined();
  });

  /** Runs the commands one after the other, and decides as the text says once the file to decide in is there. */
  async function decideInDemo(commands: readonly string[], demo: string): Promise<string> {
    const printed: string[] = [];
    for (const command of commands) {
      printed.push(await sparSync(command, demo));
      const [, file] = / -o (\S+)$/.exec(command) ?? [];
      if (file === undefined) continue;
      const path = join(demo, file);
      writeFileSync(path, readFileSync(path, 'utf8').replace(/^(?=;\d+;3016;3104;)/m, 'same'));
    }
    return printed.join('');
  }

  it.each(['update ', 'guardians '])('as JSON of %s', async (start) => {
    const { what, text } = testedBlock(start);
    const [command = '', place] = what.split(', in a copy of ');
    const school = mkdtempSync(join(folder, 'school-'));
    cpSync(join(ROOT, place ?? ''), school, { recursive: true });
    const printed: unknown = JSON.parse(await sparSync(command, school));
    const shown: unknown = JSON.parse(text);
    expect(JSON.stringify(shown, null, 1)).toBe(JSON.stringify(printed, null, 1));
  });

  it('and every block that claims to be tested is', () => {
    expect(TESTED.map((block) => block.what.split(/[ ,]/)[0])).toEqual([
      'demo',
      'status',
      'decisions',
      'configuration',
      'roster',
      'automatic',
      'update',
      'guardians',
    ]);
  });
});

describe('the documents hold together', () => {
  const documents = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'docs/guardians.md'];
  const textOf = (document: string): string => readFileSync(join(ROOT, document), 'utf8');

  /** Of the headings, as `#heading`. */
  function anchorsOf(document: string): Set<string> {
    const headings = [...textOf(document).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading);
    return new Set(
      headings.map(
        (heading) =>
          `#${heading
            .toLowerCase()
            .replace(/[^\p{L}\d -]/gu, '')
            .replaceAll(' ', '-')}`,
      ),
    );
  }

  it.each(documents)('%s links to files and headings that exist', (name) => {
    const broken = [...textOf(name).matchAll(/\]\(([^)]+)\)/g)]
      .map(([, target = '']) => target)
      .filter((target) => !/^https?:/.test(target))
      .filter((target) => {
        const [, path = '', anchor] = /^([^#]*)(#.*)?$/.exec(target) ?? [];
        const document = path === '' ? name : join(dirname(name), path);
        if (!existsSync(resolve(ROOT, document))) return true;
        return anchor !== undefined && !anchorsOf(document).has(anchor);
      });
    expect(broken).toEqual([]);
  });

  it.each(documents)('%s names npm scripts that exist', (name) => {
    const { scripts }: { scripts: Record<string, string> } = JSON.parse(
      readFileSync(join(ROOT, 'package.json'), 'utf8'),
    );
    const named = [...textOf(name).matchAll(/npm run ([a-z:-]+)/g)].map(([, script = '']) => script);
    expect(named.filter((script) => scripts[script] === undefined)).toEqual([]);
  });

  const isClone = existsSync(join(ROOT, '.git'));
  it.skipIf(!isClone)('no file names the place where it was written (needs git)', async () => {
    const { stdout } = await run('git', ['ls-files', '-co', '--exclude-standard', '-z'], { cwd: ROOT });
    const breaches = stdout
      .split('\0')
      .filter((path) => path !== '' && existsSync(join(ROOT, path)))
      .flatMap((path) => {
        const text = readFileSync(join(ROOT, path), 'utf8');
        const found = /(?<![\w.~/-])\/(?:work|root)\/\w+/.exec(text);
        return found ? [`${path}: ${found[0]}`] : [];
      });
    expect(breaches).toEqual([]);
  });
});
