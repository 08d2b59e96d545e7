import { mkdirSync } from 'node:fs';
import { access, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { run as runApply } from '../../src/cli/commands/apply.ts';
import { run as runUpdate, showReport } from '../../src/cli/commands/update.ts';
import type { CommandContext } from '../../src/cli/context.ts';
import { main } from '../../src/cli/main.ts';
import type { UpdateOptions } from '../../src/cli/options.ts';
import { type CalendarDate, parseCalendarDate } from '../../src/domain/calendar-date.ts';
import { SparSyncError } from '../../src/errors.ts';
import { createFakeContext, createFakeProcess, Sink } from './fake-process.ts';
import { BUSY } from './sample-report.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spar-sync-update-'));
  await writeFile(join(folder, 'config.json'), JSON.stringify(CONFIG));
  await writeFile(join(folder, 'people.csv'), ROSTER);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Any two people set off the brake of a roster whose addresses are all old. */
const CONFIG = {
  active: true,
  spar: {
    environment: 'simulator',
    kundNrLeveransMottagare: 500243,
    kundNrSlutkund: 500243,
    uppdragId: 637,
    slutAnvandarId: 'anna@exempelskolan',
    requestsPerSecond: 1000,
  },
  freshness: 'month',
  language: 'en',
  limits: { minPeople: 2 },
  roster: { kind: 'csv', files: [{ path: 'people.csv' }] },
};

const ROSTER = [
  'id,type,personnummer,first_name,last_name,street,postal_code,city',
  '20150112-2384,student,201501122384,Elsa,Åkerström,Storgatan 1,11122,STOCKHOLM',
  '201602292383,student,201602292383,Freja,Holmgren,Storgatan 1,11122,STOCKHOLM',
  '',
].join('\n');

const WHOLE = /\d{6}[-+]?\d{4}/;

async function run(
  options: Partial<UpdateOptions>,
  changes: Partial<CommandContext> = {},
): Promise<{ exit: number; out: string; err: string }> {
  const { context, stdout, stderr } = createFakeContext({ cwd: folder, asOf: day('2026-11-23'), ...changes });
  const usual = { dryRun: false, offline: false, refresh: false, force: false, yes: true };
  const exit = await runUpdate({ ...usual, ...options }, context);
  return { exit, out: stdout.text, err: stderr.text };
}

function day(text: string): CalendarDate {
  const date = parseCalendarDate(text);
  if (date === undefined) throw new Error(`${text} is no date`);
  return date;
}

/** The command line in this folder, to its exit code. */
async function commandLine(argv: readonly string[]) {
  const process = Object.assign(createFakeProcess(), { cwd: () => folder });
  const exit = await main([...argv, '--as-of', '2026-11-23'], process);
  return { exit, out: process.stdout.text, err: process.stderr.text };
}

async function exists(name: string): Promise<boolean> {
  return access(join(folder, name)).then(
    () => true,
    () => false,
  );
}

describe('row ids that are personnummer', () => {
  it('are masked where no row has them', async () => {
    const line = ['update', '--offline', '--id', '199001142380', '--id', 'student:20150112-2384'];
    const some = await commandLine(line);
    expect(some.err).toContain('No row of the roster has the id 1990****.');
    const none = await commandLine(line.slice(0, 4));
    expect(none).toMatchObject({ exit: 2, err: expect.stringContaining('has the id 1990****.') });
    const json = await commandLine([...line.slice(0, 4), '--json']);
    expect(JSON.parse(json.out).error.message).toBe('No row of the roster has the id 1990****.');
    for (const { out, err } of [some, none, json]) {
      expect(err).not.toMatch(WHOLE);
      expect(out).not.toMatch(WHOLE);
    }
  });

  it('are masked where a plan no longer fits', async () => {
    await run({ plan: 'plan.json', force: true });
    await writeFile(join(folder, 'people.csv'), ROSTER.replace('Storgatan 1', 'Storgatan 2'));
    const refused = await commandLine(['apply', 'plan.json']);
    expect(refused).toMatchObject({ exit: 4, err: expect.stringContaining('student:20150112-****') });
    const json = await commandLine(['apply', 'plan.json', '--json']);
    expect(JSON.parse(json.out).error.message).toContain('student:20150112-****');
    for (const { out, err } of [refused, json]) {
      expect(err).not.toMatch(WHOLE);
      expect(out).not.toMatch(WHOLE);
    }
  });
});

describe('--plan', () => {
  it.each([
    ['a folder that is not there', 'nodir/plan.json'],
    ['a place below a file', 'people.csv/plan.json'],
    ['a folder instead of a file', 'taken'],
  ])('into %s is refused before anybody is asked about', async (_, plan) => {
    await mkdir(join(folder, 'taken'));
    await expect(run({ plan })).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringMatching(/^The plan cannot be written to .*: (there is no|part of|it is a) /),
    });
    expect(await exists('spar-sync.db')).toBe(false);
  });

  it('cannot be edited: a plan that holds another value than it was made with is not carried out', async () => {
    await run({ plan: 'plan.json', force: true });
    const plan = await readFile(join(folder, 'plan.json'), 'utf8');
    await writeFile(join(folder, 'plan.json'), JSON.stringify(JSON.parse(plan)));
    expect(await commandLine(['apply', 'plan.json'])).toMatchObject({ exit: 0 });
    await writeFile(join(folder, 'people.csv'), ROSTER);
    const [, to = ''] = /"field": "street",\s*"from": "[^"]*",\s*"to": "([^"]*)"/.exec(plan) ?? [];
    await writeFile(join(folder, 'plan.json'), plan.replaceAll(to, 'Annan gata 1'));
    expect(await commandLine(['apply', 'plan.json'])).toMatchObject({
      exit: 2,
      err: expect.stringContaining('it has been changed since it was made'),
    });
    expect(await readFile(join(folder, 'people.csv'), 'utf8')).toBe(ROSTER);
  });

  it('replaces the plan that was there, and proving that leaves nothing behind', async () => {
    await writeFile(join(folder, 'plan.json'), 'old', { mode: 0o644 });
    await run({ plan: 'plan.json', force: true });
    expect(JSON.parse(await readFile(join(folder, 'plan.json'), 'utf8')).format).toBe('spar-sync plan');
    expect((await stat(join(folder, 'plan.json'))).mode & 0o777).toBe(0o600);
  });
});

describe('a brake', () => {
  const brake = { kind: 'changed', count: 2, of: 2, share: 1, limit: 0.5 };

  it('that a dry run would set off is the last key of its JSON, and of update.json', async () => {
    const { exit, out, err } = await run({ dryRun: true, report: 'report' }, { json: true });
    expect(exit).toBe(0);
    expect(err).toContain('The real run would stop:');
    const file = await readFile(join(folder, 'report', 'update.json'), 'utf8');
    for (const text of [out, file]) {
      const shown = JSON.parse(text);
      expect(shown.brake).toEqual(brake);
      expect(Object.keys(shown).at(-1)).toBe('brake');
    }
  });

  it('that is not set off is no key', async () => {
    await writeFile(join(folder, 'config.json'), JSON.stringify({ ...CONFIG, limits: {} }));
    const { out } = await run({ dryRun: true }, { json: true });
    expect(Object.keys(JSON.parse(out)).at(-1)).toBe('problems');
  });

  it('does not keep the plan from being carried out with --force', async () => {
    await run({ plan: 'plan.json', force: true });
    const { context } = createFakeContext({ cwd: folder, asOf: day('2026-11-23') });
    expect(await runApply({ plan: 'plan.json' }, context)).toBe(0);
  });
});

/** Makes it impossible to write a file of this name, though its folder is as it should be. */
async function occupy(name: string): Promise<void> {
  await mkdir(join(folder, name), { recursive: true });
}

describe('a report that cannot be written after the run', () => {
  const line = ['update', '--force', '--report', 'report'];

  it('does not hide what the run did, and is no wrong command', async () => {
    await occupy('report/update.json');
    const { exit, out, err } = await commandLine(line);
    expect(exit).toBe(1);
    expect(out).toContain('2 people changed');
    expect(err).toContain('its report could not be written');
    expect(err).not.toContain('bug');
    expect(await readFile(join(folder, 'people.csv'), 'utf8')).not.toBe(ROSTER);
  });

  it('is the key `error` of the one JSON object', async () => {
    await occupy('report/changes.csv');
    const { exit, out } = await commandLine([...line, '--json']);
    expect(exit).toBe(1);
    const shown = JSON.parse(out);
    expect(shown).toMatchObject({ command: 'update', people: { changed: 2 } });
    expect(shown.error).toEqual({
      code: 'report-unwritable',
      message: expect.stringContaining('changes.csv: it is a folder, not a file'),
      hint: expect.any(String),
    });
  });

  it('is told the same way by apply', async () => {
    await run({ plan: 'plan.json', force: true });
    await occupy('report/update.json');
    const { exit, out } = await commandLine(['apply', 'plan.json', '--report', 'report', '--json']);
    expect(exit).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ command: 'apply', error: { code: 'report-unwritable' } });
  });

  it.each([false, true])('does not take the place of what stopped the run, with --json %s', async (json) => {
    await occupy('report/update.json');
    const { context, stdout, stderr } = createFakeContext({ cwd: folder, json });
    const stopped = new SparSyncError('spar-rejected', { en: 'SPAR says no.', sv: 'SPAR säger nej.' });
    const outcome = { report: BUSY, newReviews: new Set<string>(), gaps: true, stopped };
    expect(await showReport(outcome, 'report', context)).toBe(11);
    expect(stderr.text).toContain('its report could not be written');
    if (json) expect(JSON.parse(stdout.text).error.code).toBe('spar-rejected');
    else expect(stderr.text).toContain('SPAR says no.');
  });
});

describe('a plan that cannot be written after the lookups', () => {
  /** Takes the plan's place as soon as the run says that it has begun. */
  class Occupier extends Sink {
    override _write(chunk: Buffer, encoding: string, done: () => void): void {
      mkdirSync(join(folder, 'plan.json'), { recursive: true });
      super._write(chunk, encoding, done);
    }
  }

  it.each([false, true])('does not hide the report that was paid for, with --json %s', async (json) => {
    const stderr = new Occupier();
    const { exit, out } = await run({ plan: 'plan.json', force: true }, { stderr, json });
    expect(exit).toBe(2);
    const said = 'The plan cannot be written to';
    if (json) {
      expect(JSON.parse(out)).toMatchObject({
        people: { changed: 2 },
        error: { code: 'usage', message: expect.stringContaining(said) },
      });
    } else {
      expect(out).toContain('2 people would be changed');
      expect(stderr.text).toContain(said);
    }
    expect(await readFile(join(folder, 'people.csv'), 'utf8')).toBe(ROSTER);
  });
});
