import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildProgram } from '../support/built-program.ts';
import { type RawRoster, textOf } from '../support/roster-cells.ts';
import { fieldName, rowsOf } from '../support/roster-rows.ts';
import {
  layOut,
  loadScenario,
  modeOfFile,
  playCommand,
  ROSTER_MODE,
  type Scenario,
  type Stage,
  type Step,
  writtenForPeople,
} from '../support/scenario.ts';
import { secretsOf } from '../support/scenario-secrets.ts';
import { expectNothingTold, isTable, SCENARIO_NAMES, SCENARIOS } from '../support/scenario-told.ts';

// The commands of every scenario once more, with `--json`. What a person sees of them through the real program is
// compared in scenarios.test.ts.

const TIMEOUT = 120_000;

beforeAll(buildProgram, TIMEOUT);

describe('every scenario', { timeout: TIMEOUT }, () => {
  it.each(SCENARIO_NAMES)('%s: what holds for every run', async (name) => {
    const scenario = loadScenario(join(SCENARIOS, name));
    const stage = layOut(scenario, { here: true });
    const past = new Map<string, RawRoster>();
    let last: JsonRun | undefined;
    let asked = 0;
    for (const step of scenario.steps) {
      if (step.kind === 'act') {
        stage.act(step);
        continue;
      }
      const seen = await runJson(scenario, stage, step, past);
      asked += seen.report?.lookups?.asked ?? 0;
      if (['update', 'guardians', 'nightly'].includes(step.args[0] ?? '')) last = seen;
    }
    expectAnswersKept(stage, asked, ERASING.test(name));
    if (last !== undefined) {
      const args = last.step.args.filter((arg) => arg !== '--refresh');
      const again = await runJson(scenario, stage, { ...last.step, args }, past);
      expect(again.exit).toBe(last.exit);
      expect(again.before).toEqual(again.after);
      if (again.report !== undefined) {
        expect(again.report.lookups?.asked).toBe(0);
        if (!again.report.dryRun) {
          expect(again.report.changes).toEqual([]);
          expect(again.report.guardians?.created ?? []).toEqual([]);
          expect(again.report.links?.added ?? []).toEqual([]);
        }
      }
    }
    expectForgotten(stage, past);
    stage.remove();
  });
});

/** The state file keeps nothing of anybody who is protected now, neither in its journal nor beside it. */
function expectForgotten(stage: Stage, past: ReadonlyMap<string, RawRoster>): void {
  const { ofProtected } = secretsOf([...past.values()], stage.sparKnows);
  for (const name of ['spar-sync.db', 'spar-sync.db-wal']) {
    const path = join(stage.dir, name);
    if (!existsSync(path)) continue;
    const kept = readFileSync(path);
    expect(ofProtected.filter((secret) => kept.includes(secret))).toEqual([]);
  }
}

interface Row {
  readonly id: string;
  readonly type: string;
}

interface Link {
  readonly student: string;
  readonly guardian: string;
}

/** What the reports of all commands that write have, each as far as it has it. */
interface Report {
  readonly command: string;
  readonly dryRun?: boolean;
  readonly lookups?: { readonly asked: number };
  readonly changes?: readonly (Row & { field: string; to: string })[];
  readonly guardians?: { readonly created: readonly { id: string }[] };
  readonly merged?: readonly { readonly removed: string }[];
  readonly restored?: readonly (Row & { field: string; to: string })[];
  readonly removedRows?: readonly Row[];
  readonly restoredRows?: readonly Row[];
  readonly links?: {
    readonly added?: readonly Link[];
    readonly removed?: readonly Link[] | number;
    readonly moved?: readonly Link[] | number;
  };
  readonly error?: object;
}

interface JsonRun {
  readonly step: Step & { readonly kind: 'run' };
  readonly exit: number | null;
  /** Of a command that writes. */
  readonly report: Report | undefined;
  readonly before: ReadonlyMap<string, RawRoster>;
  readonly after: ReadonlyMap<string, RawRoster>;
}

/** Runs one command with `--json` and checks what holds for every one of them. */
async function runJson(
  scenario: Scenario,
  stage: Stage,
  step: JsonRun['step'],
  past: Map<string, RawRoster>,
): Promise<JsonRun> {
  const given = step.args.filter((arg) => arg !== '--quiet' && arg !== '--json');
  const args = isTable(given) ? given : [...given, '--json'];
  const played = await playCommand(scenario, stage, step, args);
  const { before, after, finished } = played;
  expectNothingTold(played, stage, past);
  for (const name of stage.rosterFiles) expect(modeOfFile(join(stage.dir, name))).toBe(ROSTER_MODE);
  for (const path of writtenForPeople(stage)) expect(modeOfFile(path), path).toBe(0o600);
  const shown = ofOneRun(jsonOf(finished.stdout, args));
  if (shown?.error !== undefined) expect(Object.keys(shown.error)).toEqual(['code', 'message', 'hint']);
  const keys = shown?.error === undefined ? KEYS[keysNameOf(shown)] : undefined;
  const report = keys === undefined && shown?.command !== 'nightly' ? undefined : shown;
  if (keys !== undefined && report !== undefined) expectKeys(report, keys);
  expectUntouched(before, after, report?.dryRun === false ? report : NOTHING);
  return { step, exit: finished.exit, report, before, after };
}

/** One object and nothing else; nothing at all where a result went into a file or a table was asked for. */
function jsonOf(stdout: string, args: readonly string[]): Report | undefined {
  if (isTable(args) || (stdout === '' && args.includes('-o'))) return undefined;
  return JSON.parse(stdout);
}

const NOTHING: Report = { command: 'none' };

const NIGHTLY = ['command', 'run', 'asOf', 'lookups', 'update', 'guardians'];

/** What a night has written, as if one command had: the parts are reports of their own. */
function ofOneRun(shown: Report | undefined): Report | undefined {
  if (shown?.command !== 'nightly') return shown;
  const night = shown as Report & { update: Report | null; guardians: Report | null };
  const keys = Object.keys(night).filter((key) => key !== 'report' && key !== 'error');
  expect(keys).toEqual(NIGHTLY);
  const parts = [night.update, night.guardians].flatMap((part) => (part === null ? [] : [part]));
  for (const part of parts) expectKeys(part, KEYS[part.command] ?? []);
  return {
    command: 'nightly',
    dryRun: false,
    ...(night.lookups && { lookups: night.lookups }),
    changes: parts.flatMap(({ changes = [] }) => changes),
    ...(night.guardians?.guardians && { guardians: night.guardians.guardians }),
    ...(night.guardians?.links && { links: night.guardians.links }),
  };
}

const UPDATE = ['command', 'run', 'dryRun', 'people', 'lookups', 'changes', 'review', 'notAsked', 'problems'];
const GUARDIANS = [
  ...['command', 'run', 'dryRun', 'students', 'guardians', 'links', 'lookups', 'changes', 'review'],
  ...['notAsked', 'problems', 'duplicates'],
];
/** The keys of the reports of commands that write, in order. */
const KEYS: Readonly<Record<string, readonly string[]>> = {
  update: UPDATE,
  guardians: GUARDIANS,
  'duplicates apply': [
    ...['command', 'run', 'dryRun', 'merged', 'different', 'twoRoles', 'links', 'changes', 'review'],
    ...['leftOut', 'lost'],
  ],
  undo: [
    ...['command', 'run', 'undoes', 'dryRun', 'restored', 'removedRows', 'restoredRows', 'links'],
    ...['decisions', 'left'],
  ],
  forget: [
    ...['command', 'dryRun', 'people', 'answers', 'journalValues', 'erased', 'keptProtected'],
    ...['stillInRoster', 'unknown'],
  ],
};

/** `apply` has the keys of the command that made the plan. */
function keysNameOf(report: Report | undefined): string {
  if (report?.command !== 'apply') return report?.command ?? '';
  return report.guardians === undefined ? 'update' : 'guardians';
}

const KEYS_OF_PARTS: Readonly<Record<string, readonly string[]>> = {
  people: ['total', 'selected', 'changed'],
  lookups: ['asked', 'reused', 'notFound', 'failed', 'cost', 'currency'],
  students: ['selected', 'withGuardians'],
  guardians: ['assigned', 'created'],
};

const KEYS_OF_ITEMS: Readonly<Record<string, readonly string[]>> = {
  changes: ['id', 'type', 'field', 'from', 'to'],
  restored: ['id', 'type', 'field', 'from', 'to'],
  review: ['id', 'type', 'reason', 'since'],
  notAsked: ['id', 'type', 'reason'],
  problems: ['file', 'line', 'reason'],
  duplicates: ['a', 'b', 'keep', 'grade', 'group', 'evidence', 'contradictions', 'children'],
  merged: ['kept', 'removed'],
  leftOut: ['kept', 'removed', 'field', 'keptValue', 'leftValue'],
  lost: ['removed', 'column', 'value'],
  removedRows: ['id', 'type'],
  restoredRows: ['id', 'type'],
  left: ['id', 'type', 'reason'],
  keptProtected: ['id', 'type'],
  stillInRoster: ['id', 'type'],
};

/** What an item may have besides. */
const MORE_OF_ITEMS = ['rows', 'children', 'emailHeldBy', 'field', 'student'];

/** CONTRACT section 5, to the letter. */
function expectKeys(report: object, keys: readonly string[]): void {
  const shown = report as Record<string, object | object[]>;
  const mayBrake = 'brake' in shown && (report as Report).dryRun === true;
  const more = [...(mayBrake ? ['brake'] : []), ...('nextRun' in shown ? ['nextRun'] : [])];
  expect(Object.keys(shown)).toEqual([...keys, ...more]);
  for (const [name, ofPart] of Object.entries(KEYS_OF_PARTS)) {
    if (typeof shown[name] === 'object') expect(Object.keys(shown[name])).toEqual(ofPart);
  }
  for (const [name, ofItem] of Object.entries(KEYS_OF_ITEMS)) {
    for (const item of [shown[name] ?? []].flat()) {
      const known = Object.keys(item).filter((key) => ofItem.includes(key) || !MORE_OF_ITEMS.includes(key));
      expect(known, name).toEqual(ofItem);
    }
  }
}

/**
 * Only what the report names, and the dates of answers, differs: cells, rows added and taken away, links. All
 * else stands where it stood, to the byte.
 */
function expectUntouched(
  before: ReadonlyMap<string, RawRoster>,
  after: ReadonlyMap<string, RawRoster>,
  report: Report,
): void {
  const changes = [...(report.changes ?? []), ...(report.restored ?? [])];
  const allowed = new Map(
    changes.map(({ type, id, field, to }) => [`${type}:${id} ${field}`, { field, to }]),
  );
  const written = new Set<string>();
  const [rowsGone, rowsCome]: [string[], string[]] = [[], []];
  for (const [file, old] of before) {
    const now = after.get(file);
    if (now === undefined) throw new Error(`${file} is gone`);
    expect(structureOf(now)).toEqual(structureOf(old));
    const { pairs, gone, come } = alignRows(rowsOf(old), rowsOf(now));
    rowsGone.push(...gone);
    rowsCome.push(...come);
    for (const [one, other, isLast] of pairs) {
      // The last row of a file gets a line end where rows follow it, and loses it again.
      if (!isLast) expect(other.between).toEqual(one.between);
      expect(other.cells.map(({ name }) => fieldOf(name))).toEqual(
        one.cells.map(({ name }) => fieldOf(name)),
      );
      one.cells.forEach(({ name, raw }, i) => {
        const cell = other.cells[i]?.raw ?? '';
        if (cell === raw || name.endsWith(' spar_checked')) return;
        const change = allowed.get(name);
        expect(change, `${file}: ${name} was changed without a word`).toBeDefined();
        written.add(name);
        if (change?.field !== 'personnummer') expect(textOf(cell)).toBe(change?.to);
      });
    }
  }
  const told = toldRows(report);
  const ofPeople = (names: readonly string[]) => names.filter((name) => !name.startsWith('link ')).sort();
  expect(ofPeople(rowsCome)).toEqual([...told.come].sort());
  expect(ofPeople(rowsGone)).toEqual([...told.gone].sort());
  expect(rowsCome.length - rowsGone.length - told.come.length + told.gone.length).toBe(told.moreLinks);
  if (told.links !== undefined) {
    expect(rowsCome.filter((name) => name.startsWith('link ')).sort()).toEqual([...told.links].sort());
  }
  expect([...allowed.keys()].filter((name) => !written.has(name))).toEqual([]);
}

/** What is between the rows: a BOM, or a database's structure and other tables. */
function structureOf({ between, cells }: RawRoster): string | undefined {
  return between.length >= cells.length && cells.length > 0 ? between[0] : between.join('');
}

function fieldOf(name: string): string {
  return fieldName({ name, raw: '' });
}

type RawRows = ReturnType<typeof rowsOf>;

/** The rows that both have, in one order; those that went, those that came. */
function alignRows(old: RawRows, now: RawRows) {
  // A link is all that stands in it: another may be moved into the place of one that goes.
  const identity = ({ name, cells }: RawRows[number]): string =>
    name.startsWith('link ') ? [name, ...cells.map(({ raw }) => raw)].join('\n') : name;
  const names = (rows: RawRows) => new Set(rows.map(identity));
  const [oldNames, newNames] = [names(old), names(now)];
  const stayed = old.filter((row) => newNames.has(identity(row)));
  const remained = now.filter((row) => oldNames.has(identity(row)));
  expect(remained.map(({ name }) => name)).toEqual(stayed.map(({ name }) => name));
  const isLast = (row: RawRows[number], rows: RawRows) => row === rows.at(-1);
  return {
    pairs: stayed.flatMap((one, i) => {
      const other = remained[i];
      return other === undefined ? [] : [[one, other, isLast(one, old) || isLast(other, now)] as const];
    }),
    gone: old.filter((row) => !newNames.has(identity(row))).map(({ name }) => name),
    come: now.filter((row) => !oldNames.has(identity(row))).map(({ name }) => name),
  };
}

/** The rows that a report says came and went, and the links. */
function toldRows(report: Report) {
  const key = ({ id, type }: Row) => `${type}:${id}`;
  const { added = [], removed = [] } = report.links ?? {};
  const count = (links: readonly Link[] | number) => (typeof links === 'number' ? links : links.length);
  return {
    come: [
      ...(report.guardians?.created ?? []).map(({ id }) => `guardian:${id}`),
      ...(report.restoredRows ?? []).map(key),
    ],
    gone: [
      ...(report.merged ?? []).map(({ removed: id }) => `guardian:${id}`),
      ...(report.removedRows ?? []).map(key),
    ],
    moreLinks: added.length - count(removed),
    links:
      report.guardians === undefined
        ? undefined
        : added.map(({ student, guardian }) => `link ${student}→${guardian}`),
  };
}

/** Scenarios in which answers are erased before the end. */
const ERASING = /^(?:forget|retention)-/;

/** The ledger knows of whatever was asked for, and it is kept. */
function expectAnswersKept(stage: Stage, asked: number, isErased: boolean): void {
  const path = join(stage.dir, 'spar-sync.db');
  if (asked === 0) return;
  expect(modeOfFile(path)).toBe(0o600);
  const db = new Sqlite(path, { readonly: true });
  const answered = "SELECT count(*) FROM ledger WHERE outcome = 'answered'";
  const lost = `${answered} AND person_id NOT IN (SELECT person_id FROM snapshot)`;
  const counts = [answered, lost].map((sql) => db.prepare(sql).pluck().get());
  db.close();
  expect(counts).toEqual([asked, isErased ? expect.any(Number) : 0]);
}
