import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Sqlite from 'better-sqlite3';
import pLimit from 'p-limit';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildProgram } from '../support/built-program.ts';
import { type RawRoster, textOf } from '../support/roster-cells.ts';
import {
  changedFiles,
  layOut,
  loadScenario,
  modeOfFile,
  playTranscript,
  ROSTER_MODE,
  readExpected,
  readRoster,
  type Scenario,
  type Stage,
  writeExpected,
  writtenForPeople,
} from '../support/scenario.ts';
import { secretsOf } from '../support/scenario-secrets.ts';

const FOLDER = fileURLToPath(new URL('../../fixtures/scenarios/', import.meta.url));
const NAMES = readdirSync(FOLDER, { withFileTypes: true })
  .filter((item) => item.isDirectory())
  .map((item) => item.name)
  .sort();
/** Writes `expected/` anew instead of comparing with it: for a change that is meant, and read afterwards. */
const UPDATING = process.env['UPDATE_SCENARIOS'] === '1';
const TIMEOUT = 120_000;
const inTurn = pLimit(2);

beforeAll(buildProgram, TIMEOUT);

describe('every scenario', { concurrent: true, timeout: TIMEOUT }, () => {
  it.each(NAMES)('%s: what people see', (name) =>
    inTurn(async () => {
      const scenario = loadScenario(join(FOLDER, name));
      const stage = layOut(scenario);
      const before = readRoster(scenario, stage);
      const transcript = await playTranscript(scenario, stage);
      const outcome = new Map([
        ['transcript.txt', Buffer.from(transcript)],
        ...changedFiles(scenario, stage),
      ]);
      const rosters = [...before.values(), ...readRoster(scenario, stage).values()];
      const files = writtenForPeople(stage).map((path) => readFileSync(path, 'utf8'));
      stage.remove();

      const secrets = secretsOf(rosters);
      expect(transcript, 'a bug is no scenario').not.toContain('[exit 1]');
      if (secrets.numbers) expect(transcript).not.toMatch(secrets.numbers);
      for (const text of [transcript, ...files]) expectNothingOfProtected(text, secrets);
      if (UPDATING) writeExpected(scenario.folder, outcome);
      const readable = (files: ReadonlyMap<string, Buffer>) =>
        Object.fromEntries([...files].sort().map(([file, bytes]) => [file, bytes.toString('latin1')]));
      expect(readable(outcome)).toEqual(readable(readExpected(scenario.folder)));
    }),
  );

  it.each(NAMES)('%s: what holds for every run', (name) =>
    inTurn(async () => {
      const scenario = loadScenario(join(FOLDER, name));
      const stage = layOut(scenario);
      let last: JsonRun | undefined;
      let asked = 0;
      for (const step of scenario.steps) {
        if (step.kind === 'copy') {
          stage.copy(step.folder);
          continue;
        }
        const seen = await runJson(scenario, stage, step.args);
        asked += seen.report?.lookups?.asked ?? 0;
        if (step.args[0] === 'update') last = seen;
      }
      expectAnswersKept(stage, asked);
      if (last !== undefined) {
        const again = await runJson(
          scenario,
          stage,
          last.args.filter((arg) => arg !== '--refresh'),
        );
        expect(again.exit).toBe(last.exit);
        expect(again.before).toEqual(again.after);
        if (again.report !== undefined) {
          expect(again.report.lookups?.asked).toBe(0);
          if (!again.report.dryRun) expect(again.report.changes).toEqual([]);
        }
      }
      stage.remove();
    }),
  );
});

function expectNothingOfProtected(text: string, secrets: ReturnType<typeof secretsOf>): void {
  for (const secret of secrets.ofProtected) expect(text).not.toContain(secret);
  if (secrets.numbersOfProtected) expect(text).not.toMatch(secrets.numbersOfProtected);
}

interface Report {
  readonly dryRun?: boolean;
  readonly lookups?: { readonly asked: number };
  readonly changes?: readonly { id: string; type: string; field: string; to: string }[];
}

interface JsonRun {
  readonly args: readonly string[];
  readonly exit: number | null;
  readonly report: Report | undefined;
  readonly before: ReadonlyMap<string, RawRoster>;
  readonly after: ReadonlyMap<string, RawRoster>;
}

const KEYS = ['command', 'run', 'dryRun', 'people', 'lookups', 'changes', 'review', 'notAsked', 'problems'];

/** Runs one command with `--json` and checks what holds for every one of them. */
async function runJson(scenario: Scenario, stage: Stage, given: readonly string[]): Promise<JsonRun> {
  const args = given.filter((arg) => arg !== '--quiet' && arg !== '--json');
  const before = readRoster(scenario, stage);
  const { stdout, stderr, exit } = await stage.run([...args, '--json']);
  const after = readRoster(scenario, stage);
  const secrets = secretsOf([...before.values(), ...after.values()]);
  for (const text of [stdout, stderr]) {
    if (secrets.numbers) expect(text).not.toMatch(secrets.numbers);
    expectNothingOfProtected(text, secrets);
  }
  const shown: Report & { readonly error?: object } = JSON.parse(stdout);
  const isReport = (args[0] === 'update' || args[0] === 'apply') && shown.error === undefined;
  if (isReport) expectKeys(shown);
  else if (shown.error !== undefined) expect(Object.keys(shown.error)).toEqual(['code', 'message', 'hint']);
  expectUntouched(before, after, isReport && shown.dryRun === false ? (shown.changes ?? []) : []);
  for (const name of stage.rosterFiles) expect(modeOfFile(join(stage.dir, name))).toBe(ROSTER_MODE);
  for (const path of writtenForPeople(stage)) expect(modeOfFile(path), path).toBe(0o600);
  return { args, exit, report: isReport ? shown : undefined, before, after };
}

/** CONTRACT section 5, to the letter. */
function expectKeys(report: object): void {
  const shown = report as Record<string, object | object[]>;
  const mayBrake = 'brake' in shown && (report as Report).dryRun === true;
  expect(Object.keys(shown)).toEqual(mayBrake ? [...KEYS, 'brake'] : KEYS);
  expect(Object.keys(shown['people'] ?? {})).toEqual(['total', 'selected', 'changed']);
  expect(Object.keys(shown['lookups'] ?? {})).toEqual([
    'asked',
    'reused',
    'notFound',
    'failed',
    'cost',
    'currency',
  ]);
  const lists = {
    changes: ['id', 'type', 'field', 'from', 'to'],
    review: ['id', 'type', 'reason', 'since'],
    notAsked: ['id', 'type', 'reason'],
    problems: ['file', 'line', 'reason'],
  };
  for (const [name, keys] of Object.entries(lists)) {
    for (const item of [shown[name] ?? []].flat()) expect(Object.keys(item)).toEqual(keys);
  }
}

/** Only the cells that the report names, and the dates of answers, differ; nothing between cells does. */
function expectUntouched(
  before: ReadonlyMap<string, RawRoster>,
  after: ReadonlyMap<string, RawRoster>,
  changes: NonNullable<Report['changes']>,
): void {
  const allowed = new Map(
    changes.map(({ type, id, field, to }) => [`${type}:${id} ${field}`, { field, to }]),
  );
  const written = new Set<string>();
  for (const [file, old] of before) {
    const now = after.get(file);
    expect(now?.between).toEqual(old.between);
    expect(now?.cells.map(({ name }) => name)).toEqual(old.cells.map(({ name }) => name));
    old.cells.forEach(({ name, raw }, i) => {
      const cell = now?.cells[i]?.raw ?? '';
      if (cell === raw || name.endsWith(' spar_checked')) return;
      const change = allowed.get(name);
      expect(change, `${file}: ${name} was changed without a word`).toBeDefined();
      written.add(name);
      if (change?.field !== 'personnummer') expect(textOf(cell)).toBe(change?.to);
    });
  }
  expect([...allowed.keys()].filter((name) => !written.has(name))).toEqual([]);
}

/** Whatever was asked for is kept, and the ledger knows of it. */
function expectAnswersKept(stage: Stage, asked: number): void {
  const path = join(stage.dir, 'spar-sync.db');
  if (asked === 0) return;
  expect(modeOfFile(path)).toBe(0o600);
  const db = new Sqlite(path, { readonly: true });
  const answered = "SELECT count(*) FROM ledger WHERE outcome = 'answered'";
  const lost = `${answered} AND person_id NOT IN (SELECT person_id FROM snapshot)`;
  const counts = [answered, lost].map((sql) => db.prepare(sql).pluck().get());
  db.close();
  expect(counts).toEqual([asked, 0]);
}
