import { createWriteStream } from 'node:fs';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import type { CalendarDate } from '../src/domain/calendar-date.ts';
import { BIN, built } from './built-program.ts';
import {
  answerAbout,
  COLUMNS,
  type MadeUpPerson,
  makeUpPeople,
  rosterLines,
  TODAY,
} from './made-up-school.ts';
import { interleave, median, medianRatio, type ProcessRun, type Result, runNode } from './measure.ts';

const CSV_COPY = fileURLToPath(new URL('csv-copy.mjs', import.meta.url));
const ROWS = 100_000;
const MANY_ROWS = 400_000;
/** Everybody else's rows hold what SPAR has already. */
const ONE_IN = 100;
const MB = 1e6;

/**
 * `spar-sync update` as a whole process over a large roster whose answers are all cached, beside a process
 * that only reads and writes the same file with csv-parse and csv-stringify; and how large it grows.
 */
export async function measureUpdate(rounds: number): Promise<Result[]> {
  const folder = await mkdtemp(join(tmpdir(), 'spar-sync-bench-'));
  try {
    const school = await openSchool(join(folder, 'a'), ROWS, makeUpPeople(ROWS));
    const many = await openSchool(join(folder, 'b'), MANY_ROWS, makeUpPeople(MANY_ROWS / 2));
    const sizes: Record<Variant, number[]> = { first: [], unchanged: [], changed: [] };
    const timed = async (variant: Variant): Promise<number> => {
      const { milliseconds, maxRss } = await school.update(variant);
      sizes[variant].push(maxRss);
      return milliseconds;
    };
    const measured = await interleave(rounds, {
      copy: async () => (await school.copy()).milliseconds,
      unchanged: () => timed('unchanged'),
      changed: () => timed('changed'),
      first: () => timed('first'),
    });
    const manySizes: Record<Variant, number> = { first: 0, unchanged: 0, changed: 0 };
    for (const variant of VARIANTS) manySizes[variant] = (await many.update(variant)).maxRss;

    const copy = `csv-parse | csv-stringify ${seconds(median(measured.copy))}`;
    return VARIANTS.flatMap((variant): Result[] => {
      const size = median(sizes[variant]);
      const allowed = size + (MANY_ROWS - ROWS) * BYTES_A_ROW + PLAN_BYTES[variant] * (MANY_ROWS - ROWS);
      return [
        {
          what: `update, ${ROWS} rows, ${TITLES[variant]}`,
          ours: seconds(median(measured[variant])),
          against: copy,
          ratio: medianRatio(measured[variant], measured.copy),
          // A night with changes also journals, stages, syncs and renames, which the other process does not.
          ...(variant === 'unchanged' && { target: { atMost: 1.5 } }),
        },
        {
          what: `  its memory`,
          ours: megabytes(size),
          against: '250 MB',
          ratio: size / (250 * MB),
          target: { atMost: 1 },
        },
        {
          what: `  at ${MANY_ROWS} rows`,
          ours: megabytes(manySizes[variant]),
          against: `the plan, and ${BYTES_A_ROW} bytes a row more: ${megabytes(allowed)}`,
          ratio: manySizes[variant] / allowed,
          target: { atMost: 1 },
        },
      ];
    });
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** What the run finds: `first` compares every row with its answer for the first time, and remembers that. */
type Variant = 'unchanged' | 'changed' | 'first';
const VARIANTS: readonly Variant[] = ['unchanged', 'changed', 'first'];
const TITLES: Record<Variant, string> = {
  unchanged: 'none to change',
  changed: '1 % to change',
  first: '1 % to change, all compared for the first time',
};
const BYTES_A_ROW = 200;
/** What the plan holds, shared out over all rows: a changed row, and one that was compared for the first time. */
const PLAN_BYTES: Record<Variant, number> = {
  unchanged: 0,
  changed: 2000 / ONE_IN,
  first: 2000 / ONE_IN + 150,
};

interface School {
  update(variant: Variant): Promise<ProcessRun>;
  copy(): Promise<ProcessRun>;
}

/** A roster, a configuration, and a state file for each variant, made by the store and by a run of the program. */
async function openSchool(prefix: string, rows: number, people: readonly MadeUpPerson[]): Promise<School> {
  const file = (name: string): string => `${prefix}-${name}`;
  const roster = file('people.csv');
  const original = file('original.csv');
  const state = file('state.db');
  await pipeline(Readable.from(rosterLines(people, rows)), createWriteStream(original));
  await writeFile(file('config.json'), configOf(roster, state));

  async function run(): Promise<ProcessRun> {
    const args = [BIN, 'update', '--config', file('config.json'), '--as-of', TODAY, '--json'];
    return runNode(args, { withMaxRss: true });
  }

  const everyHundredth = people.filter((_, index) => index % ONE_IN === 0);
  await fill(state, people, []);
  await copyFile(original, roster);
  await run();
  await copyFile(state, file('state-unchanged.db'));
  await fill(state, everyHundredth, everyHundredth);
  await copyFile(state, file('state-changed.db'));
  await rm(state);
  await fill(state, people, everyHundredth);
  await copyFile(state, file('state-first.db'));
  const changedRows = Math.ceil(rows / ONE_IN);
  const expected: Record<Variant, number> = { unchanged: 0, changed: changedRows, first: changedRows };

  return {
    async update(variant) {
      await copyFile(original, roster);
      await copyFile(file(`state-${variant}.db`), state);
      const done = await run();
      const report: unknown = JSON.parse(done.stdout);
      const changed = Reflect.get(Object(Reflect.get(Object(report), 'people')), 'changed');
      if (changed !== expected[variant])
        throw new Error(`${changed} rows were changed, not ${expected[variant]}`);
      return done;
    },
    async copy() {
      const done = await runNode([CSV_COPY, original, file('copy.csv')], { withMaxRss: true });
      if ((await readFile(file('copy.csv'))).length === 0) throw new Error('nothing was written');
      return done;
    },
  };
}

/** Answers of today, through the store itself: a ledger row begun and completed for each. */
async function fill(
  path: string,
  people: readonly MadeUpPerson[],
  moved: readonly MadeUpPerson[],
): Promise<void> {
  const { openState } = await built.store();
  const state = await openState({ path });
  const at = `${TODAY}T08:00:00.000Z`;
  const asOf = TODAY as CalendarDate;
  const endUser = 'anna@exempelskolan';
  const run = await state.journal.start({ command: 'update', asOf, at, endUser, dryRun: false });
  const hasMoved = new Set(moved);
  for (let start = 0; start < people.length; start += 1000) {
    const batch = people.slice(start, start + 1000).map(async (person) => {
      const permissions = person.type === 'student' ? (['relations'] as const) : [];
      const attempt = await state.ledger.begin({
        run,
        id: person.id,
        permissions,
        rows: [],
        endUser,
        price: 40,
        at,
      });
      const answer = answerAbout(person, hasMoved.has(person));
      const snapshot = { answer, fetchedOn: asOf, permissions, comparedRows: [] };
      await state.ledger.complete(attempt, 'answered', undefined, at, snapshot);
    });
    await Promise.all(batch);
  }
  await state.journal.finished(run, 'done');
  await state.close();
}

function configOf(roster: string, state: string): string {
  return JSON.stringify({
    active: true,
    spar: {
      environment: 'simulator',
      kundNrLeveransMottagare: 500243,
      kundNrSlutkund: 500243,
      uppdragId: 637,
      slutAnvandarId: '{user}@exempelskolan',
      utokadBehorighet: ['Relationer'],
    },
    freshness: 'month',
    update: { fields: { first_name: 'spar' } },
    roster: { kind: 'csv', files: [{ path: roster, columns: COLUMNS }] },
    state,
  });
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(2)} s`;
}

function megabytes(bytes: number): string {
  return `${(bytes / MB).toFixed(0)} MB`;
}
