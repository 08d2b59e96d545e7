import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { type Finished, runProgram } from './built-program.ts';
import { dumpSqlite, type Headers, type RawRoster, readRawCsv, readRawSqlite } from './roster-cells.ts';

export type Step =
  | { readonly kind: 'run'; readonly text: string; readonly args: readonly string[] }
  | { readonly kind: 'copy'; readonly text: string; readonly folder: string };

/** A folder of `fixtures/scenarios`: see `about.md` in each. */
export interface Scenario {
  readonly folder: string;
  readonly steps: readonly Step[];
  readonly config: ScenarioConfig;
}

interface PeopleSource {
  readonly columns?: Headers;
  readonly type?: string;
}

/** The part of a configuration that tells where the roster is; a scenario may be about a wrong one. */
export interface ScenarioConfig {
  readonly roster?: {
    readonly kind?: string;
    readonly path?: string;
    readonly files?: readonly ({ readonly path: string } & PeopleSource)[];
    readonly people?:
      | ({ readonly table: string } & PeopleSource)
      | readonly ({ table: string } & PeopleSource)[];
    readonly links?: { readonly path?: string };
  };
}

/** A scenario laid out in a folder of its own, where commands run. */
export interface Stage {
  readonly dir: string;
  /** Names of the roster's files. */
  readonly rosterFiles: readonly string[];
  run(args: readonly string[]): Promise<Finished>;
  copy(folder: string): void;
  remove(): void;
}

/** What rosters get, so that a changed mode shows. */
export const ROSTER_MODE = 0o640;

export function loadScenario(folder: string): Scenario {
  const lines = readFileSync(join(folder, 'command.txt'), 'utf8').split('\n');
  const steps = lines
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((text): Step => {
      const [first = '', ...args] = words(text);
      if (first === '@copy') return { kind: 'copy', text, folder: args[0] ?? '' };
      if (first !== 'spar-sync') throw new Error(`command.txt: not a command of ours: ${text}`);
      return { kind: 'run', text, args };
    });
  const config: ScenarioConfig = JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8'));
  return { folder, steps, config };
}

function words(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
}

export function layOut(scenario: Scenario): Stage {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), 'spar-sync-scenario-')));
  const { roster } = scenario.config;
  const copyFrom = (folder: string) => {
    for (const item of readdirSync(folder, { withFileTypes: true })) {
      if (!item.isFile() || ['about.md', 'command.txt', 'roster.sql'].includes(item.name)) continue;
      cpSync(join(folder, item.name), join(dir, item.name));
      chmodSync(join(dir, item.name), ROSTER_MODE);
    }
    const sql = join(folder, 'roster.sql');
    if (!existsSync(sql)) return;
    const path = join(dir, roster?.path ?? 'roster.db');
    const db = new Sqlite(path);
    db.exec(readFileSync(sql, 'utf8'));
    db.close();
    chmodSync(path, ROSTER_MODE);
  };
  copyFrom(scenario.folder);
  const named = [...(roster?.files ?? []).map(({ path }) => path), roster?.path, roster?.links?.path];
  return {
    dir,
    rosterFiles: named.filter((name) => name !== undefined && existsSync(join(dir, name))) as string[],
    run: (args) => runProgram(args, { cwd: dir }),
    copy: (folder) => copyFrom(join(scenario.folder, folder)),
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}

/** Runs every step and writes down what a person would have seen. */
export async function playTranscript(scenario: Scenario, stage: Stage): Promise<string> {
  const parts: string[] = [];
  for (const step of scenario.steps) {
    if (step.kind === 'copy') {
      stage.copy(step.folder);
      parts.push(`${step.text}\n`);
      continue;
    }
    const { stdout, stderr, exit } = await stage.run(step.args);
    const seen = (text: string) => text.replaceAll(stage.dir, '<dir>');
    const warnings = seen(stderr).replace(/^(?=.)/gm, '! ');
    parts.push(`$ ${step.text}\n${seen(stdout)}${warnings}[exit ${exit}]\n`);
  }
  return parts.join('\n');
}

/** The roster's files that are not as they were laid out: name in `expected/` → content. */
export function changedFiles(scenario: Scenario, stage: Stage): Map<string, Buffer> {
  const changed = new Map<string, Buffer>();
  for (const name of stage.rosterFiles) {
    const path = join(stage.dir, name);
    if (scenario.config.roster?.kind === 'sqlite') {
      const fresh = layOut(scenario);
      const [before, after] = [dumpSqlite(join(fresh.dir, name)), dumpSqlite(path)];
      fresh.remove();
      if (before !== after) changed.set(`${name}.sql`, Buffer.from(after));
    } else {
      const after = readFileSync(path);
      if (!after.equals(readFileSync(join(scenario.folder, name)))) changed.set(name, after);
    }
  }
  return changed;
}

export function readExpected(folder: string): Map<string, Buffer> {
  const expected = join(folder, 'expected');
  if (!existsSync(expected)) return new Map();
  return new Map(readdirSync(expected).map((name) => [name, readFileSync(join(expected, name))]));
}

export function writeExpected(folder: string, files: ReadonlyMap<string, Buffer>): void {
  const expected = join(folder, 'expected');
  rmSync(expected, { recursive: true, force: true });
  mkdirSync(expected);
  for (const [name, content] of files) writeFileSync(join(expected, name), content);
}

/** The roster's files of people taken apart, by name. A file that is no CSV is one piece. */
export function readRoster(scenario: Scenario, stage: Stage): Map<string, RawRoster> {
  const { roster } = scenario.config;
  const taken = new Map<string, RawRoster>();
  for (const name of stage.rosterFiles) {
    const path = join(stage.dir, name);
    if (roster?.kind === 'sqlite') {
      const people = roster.people === undefined ? [] : [roster.people].flat();
      taken.set(name, readRawSqlite(path, people));
    } else {
      const file = roster?.files?.find((one) => one.path === name);
      taken.set(name, readRawCsv(readFileSync(path), file?.columns ?? {}, file?.type));
    }
  }
  return taken;
}

export function modeOfFile(path: string): number {
  return statSync(path).mode & 0o777;
}

/** Every file of the folder that the program made for people: plans, reports. */
export function writtenForPeople(stage: Stage): string[] {
  return readdirSync(stage.dir, { recursive: true, withFileTypes: true })
    .filter((item) => item.isFile())
    .map((item) => join(item.parentPath, item.name))
    .filter((path) => !stage.rosterFiles.some((name) => path === join(stage.dir, name)))
    .filter((path) => !/\/config\.json$|\/spar-sync\.db(-\w+)?$/.test(path));
}
