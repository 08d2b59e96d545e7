import { copyFileSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Sqlite from 'better-sqlite3';
import type { Commands } from '../../src/cli/lazy-commands.ts';
import { main } from '../../src/cli/main.ts';
import { createFakeProcess } from '../cli/fake-process.ts';
import { demandNeutral } from './neutral.ts';

const SAMPLE = fileURLToPath(new URL('../../fixtures/school/', import.meta.url));
const TODAY = '2026-11-23';

/** The sample school in a folder of its own, with answers, plans and decisions to be carried out. */
export interface PreparedSchool {
  readonly dir: string;
  path(name: string): string;
  /** Everything as it was when it was made, but for the files that are given. */
  restore(files?: Readonly<Record<string, string | Uint8Array>>): void;
  /** Content by name, of those of the files that are there. */
  read(...names: readonly string[]): readonly string[];
  remove(): void;
}

export interface Ended {
  readonly exit: number;
  /** The code of the error, where it ended with one. */
  readonly code: string | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * The program in this process, judged as every run of it is: it ends as documented, never as a bug, and what it
 * shows can do nothing but be read.
 */
export async function runAndJudge(args: readonly string[], dir: string, commands?: Commands): Promise<Ended> {
  const fake = Object.assign(createFakeProcess({ SUDO_USER: 'anna' }), { cwd: () => dir });
  fake.stdin.end();
  const exit = await main(args, fake, commands);
  const { text: stdout } = fake.stdout;
  const { text: stderr } = fake.stderr;
  const code = args.includes('--json') ? codeIn(stdout) : undefined;
  const line = `spar-sync ${args.map((arg) => JSON.stringify(arg.slice(0, 60))).join(' ')}`;
  if (!DOCUMENTED.has(exit) || (exit === 1 && code !== 'report-unwritable')) {
    throw new Error(`${line} ended with ${exit}:\n${stdout.slice(0, 2000)}${stderr.slice(0, 2000)}`);
  }
  // A table that is asked for is data: its cells are the school's own, whole.
  if (!isTable(args)) demandNeutral(stdout, `${line}: standard output`);
  demandNeutral(stderr, `${line}: standard error`);
  return { exit, code, stdout, stderr };
}

function isTable(args: readonly string[]): boolean {
  // `export` hands its rows over whole as JSON too.
  if (args.includes('export')) return true;
  return args.some((word) => /csv$|^--excel$/.test(word)) && !args.includes('--json');
}

const DOCUMENTED: ReadonlySet<number> = new Set([0, 1, 2, 3, 4, 5, 10, 11, 12, 20, 130]);

/** `--json` may also be the value of another flag, or stand behind `--`. */
function codeIn(stdout: string): string | undefined {
  if (!stdout.startsWith('{')) return undefined;
  const told: unknown = JSON.parse(stdout);
  if (typeof told !== 'object' || told === null || !('error' in told)) return undefined;
  const { error } = told;
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : undefined;
}

/** How far the school has come: everybody asked about and nothing written, or guardians in it and pairs to decide. */
export type Stage = 'planned' | 'decided';

/** As CSV; made by the program itself, against the simulator. */
export async function prepareSchool(stage: Stage): Promise<PreparedSchool> {
  const dir = mkdtempSync(join(tmpdir(), 'spar-sync-fuzz-school-'));
  cpSync(SAMPLE, dir, { recursive: true });
  await run(dir, 'update', '--dry-run', '--plan', 'update-plan.json');
  await run(dir, 'guardians', '--dry-run', '--plan', 'guardians-plan.json');
  if (stage === 'decided') {
    await run(dir, 'update', '--offline');
    await run(dir, 'guardians', '--offline');
    await run(dir, 'duplicates', '-o', 'decisions.csv');
  }
  return keep(dir);
}

/** The same people in a database, all answers at hand. */
export async function prepareSqliteSchool(): Promise<PreparedSchool> {
  const { dir } = await prepareSchool('planned');
  const config = JSON.parse(readFileSync(join(dir, 'config.json'), 'utf8'));
  const db = new Sqlite(join(dir, 'roster.db'));
  for (const table of ['people', 'links']) {
    const [headers = [], ...rows] = cellsOf(join(dir, `${table}.csv`));
    db.exec(
      `CREATE TABLE ${table} (nr INTEGER PRIMARY KEY, ${headers.map((name) => `"${name}" TEXT`).join(', ')})`,
    );
    const insert = db.prepare(`INSERT INTO ${table} VALUES (NULL, ${headers.map(() => '?').join(', ')})`);
    for (const row of rows) insert.run(headers.map((_, i) => row[i] ?? ''));
  }
  db.close();
  const { files, links } = config.roster;
  config.roster = {
    kind: 'sqlite',
    path: 'roster.db',
    people: { table: 'people', columns: files[0].columns },
    links: { table: 'links', columns: links.columns },
    newGuardian: { idStyle: 'uuid' },
  };
  writeFileSync(join(dir, 'config.json'), JSON.stringify(config));
  return keep(dir);
}

function cellsOf(file: string): string[][] {
  const lines = readFileSync(file, 'utf8').replace('\ufeff', '').split(/\r?\n/);
  return lines.filter((line) => line !== '').map((line) => line.split(';'));
}

async function run(dir: string, ...args: readonly string[]): Promise<void> {
  const fake = Object.assign(createFakeProcess({ SUDO_USER: 'anna' }), { cwd: () => dir });
  const exit = await main([...args, '--yes', '--as-of', TODAY].filter(isTaken(args)), fake);
  if (exit !== 0) throw new Error(`${args.join(' ')} ended with ${exit}: ${fake.stderr.text}`);
}

/** `duplicates` asks nobody, so there is nothing to say yes to. */
function isTaken(args: readonly string[]): (word: string) => boolean {
  return (word) => word !== '--yes' || args[0] !== 'duplicates';
}

function keep(dir: string): PreparedSchool {
  const original = mkdtempSync(join(tmpdir(), 'spar-sync-fuzz-original-'));
  cpSync(dir, original, { recursive: true });
  const names = readdirSync(original);
  return {
    dir,
    path: (name) => join(dir, name),
    restore(files = {}) {
      for (const name of readdirSync(dir)) {
        if (!names.includes(name)) rmSync(join(dir, name), { recursive: true, force: true });
      }
      for (const name of names) copyFileSync(join(original, name), join(dir, name));
      for (const [name, content] of Object.entries(files)) writeFileSync(join(dir, name), content);
    },
    read: (...wanted) => wanted.map((name) => readFileSync(join(dir, name), 'latin1')),
    remove() {
      rmSync(dir, { recursive: true, force: true });
      rmSync(original, { recursive: true, force: true });
    },
  };
}
