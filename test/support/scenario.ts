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
import { runHere } from './program-here.ts';
import { dumpSqlite, type Headers, type RawRoster, readRawCsv, readRawSqlite } from './roster-cells.ts';
import { decide, saveAsSpreadsheet, shownFile } from './scenario-files.ts';
import { createPlainWords } from './scenario-words.ts';

/** A line of `command.txt`; what each means stands in fixtures/scenarios/README.md. */
export type Step =
  | { readonly kind: 'run'; readonly text: string; readonly args: readonly string[] }
  | { readonly kind: 'act'; readonly text: string; readonly act: Act; readonly args: readonly string[] };

const ACTS = ['copy', 'spar', 'decide', 'spreadsheet', 'show'] as const;
type Act = (typeof ACTS)[number];

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
    readonly links?: { readonly path?: string; readonly table?: string; readonly columns?: Headers };
  };
}

/** A scenario laid out in a folder of its own, where commands run. */
export interface Stage {
  readonly dir: string;
  /** Names of the roster's files. */
  readonly rosterFiles: readonly string[];
  run(args: readonly string[]): Promise<Finished>;
  /** Does what a line with `@` says; what there is to show of it. */
  act(step: Step & { readonly kind: 'act' }): string;
  /** Posts that SPAR has beside its population, or instead of those of the same number; the latest last. */
  readonly sparKnows: readonly string[];
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
      const act = ACTS.find((name) => first === `@${name}`);
      if (act !== undefined) return { kind: 'act', text, act, args };
      if (first !== 'spar-sync') throw new Error(`command.txt: not a command of ours: ${text}`);
      return { kind: 'run', text, args };
    });
  const config: ScenarioConfig = JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8'));
  return { folder, steps, config };
}

function words(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
}

const OTHER_POPULATION = new URL('other-population.mjs', import.meta.url).href;

/**
 * Lays a scenario out in a folder of its own.
 *
 * @param options.here commands run in this process, as far as SPAR knows nothing but its own population
 */
export function layOut(scenario: Scenario, { here = false }: { readonly here?: boolean } = {}): Stage {
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
  const sparKnows: string[] = [];
  return {
    dir,
    rosterFiles: named.filter((name) => name !== undefined && existsSync(join(dir, name))) as string[],
    sparKnows,
    run(args) {
      if (sparKnows.length === 0) return here ? runHere(args, dir) : runProgram(args, { cwd: dir });
      const env = { OTHER_POPULATION: sparKnows.join(':') };
      return runProgram(args, { cwd: dir, node: ['--import', OTHER_POPULATION], env });
    },
    act({ act, args: [name = '', ...more] }) {
      switch (act) {
        case 'copy':
          copyFrom(join(scenario.folder, name));
          return '';
        case 'spar':
          sparKnows.push(join(scenario.folder, name, 'spar.json'));
          return '';
        case 'decide':
          decide(join(dir, name), more);
          return '';
        case 'spreadsheet':
          saveAsSpreadsheet(join(dir, name));
          return '';
        case 'show':
          return shownFile(join(dir, name));
      }
    },
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}

/** A command that was run, with what the folder held before and after. */
export interface Played {
  readonly step: Step & { readonly kind: 'run' };
  readonly finished: Finished;
  readonly before: ReadonlyMap<string, RawRoster>;
  readonly after: ReadonlyMap<string, RawRoster>;
  /** Files for people that it wrote: path → content. */
  readonly written: ReadonlyMap<string, Buffer>;
}

/** Runs one command. */
export async function playCommand(
  scenario: Scenario,
  stage: Stage,
  step: Step & { readonly kind: 'run' },
  args: readonly string[] = step.args,
): Promise<Played> {
  const filesBefore = filesForPeople(stage);
  const before = readRoster(scenario, stage);
  const finished = await stage.run(args);
  const after = readRoster(scenario, stage);
  const written = new Map(
    [...filesForPeople(stage)].filter(([path, content]) => filesBefore.get(path)?.equals(content) !== true),
  );
  return { step, finished, before, after, written };
}

function filesForPeople(stage: Stage): Map<string, Buffer> {
  return new Map(writtenForPeople(stage).map((path) => [path, readFileSync(path)]));
}

/** Runs every step and writes down what a person would have seen. */
export async function playTranscript(
  scenario: Scenario,
  stage: Stage,
  look: (played: Played) => void,
): Promise<string> {
  const parts: string[] = [];
  for (const step of scenario.steps) {
    if (step.kind === 'act') {
      const shown = stage.act(step);
      parts.push(`${step.text}\n${shown}`);
      continue;
    }
    const played = await playCommand(scenario, stage, step);
    look(played);
    const { stdout, stderr, exit } = played.finished;
    const seen = (text: string) => text.replaceAll(stage.dir, '<dir>');
    const shown = seen(stdout).replace(/(?<=.)$(?!\n)/, '\n');
    const warnings = seen(stderr).replace(/^(?=.)/gm, '! ');
    parts.push(`$ ${step.text}\n${shown}${warnings}[exit ${exit}]\n`);
  }
  return parts.join('\n');
}

/** What the scenario left behind: name in `expected/` → content, without what is another in every run. */
export function outcomeOf(scenario: Scenario, stage: Stage, transcript: string): Map<string, Buffer> {
  const plain = createPlainWords();
  return new Map([
    ['transcript.txt', Buffer.from(plain(transcript))],
    ...[...changedFiles(scenario, stage)].map(([name, bytes]): [string, Buffer] => [
      name,
      Buffer.from(plain(bytes.toString('latin1')), 'latin1'),
    ]),
  ]);
}

/** The roster's files that are not as they were laid out: name in `expected/` → content. */
function changedFiles(scenario: Scenario, stage: Stage): Map<string, Buffer> {
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
      const { table, columns } = roster.links ?? {};
      const links = table === undefined ? [] : [{ table, type: 'link', ...(columns && { columns }) }];
      taken.set(name, readRawSqlite(path, [...people, ...links]));
    } else {
      const source = roster?.files?.find((one) => one.path === name) ?? roster?.links;
      const type = source !== undefined && 'type' in source ? source.type : undefined;
      taken.set(name, readRawCsv(readFileSync(path), source?.columns ?? {}, type));
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
    .filter((path) => !/\/config\.json$|\/spar\.json$|\/spar-sync\.db(-\w+)?$/.test(path));
}
