import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROSTER_FIELDS } from '../src/domain/roster.ts';
import { MADE_UP_TODAY, type MadeUpFamilies, makeUpFamilies } from '../test/support/made-up-families.ts';
import { BIN, built } from './built-program.ts';
import { runNode } from './measure.ts';

/** What one plan of a whole school has cost. */
export interface PlanCost {
  readonly students: number;
  readonly guardians: number;
  readonly seconds: number;
  /** Largest resident set, in bytes. */
  readonly maxRss: number;
}

/**
 * `spar-sync guardians --dry-run --offline` as a whole process over a made-up school of so many students, whose
 * answers are all in the state file: reading, planning, matching, the duplicate report and the output.
 */
export async function costOfPlan(students: number): Promise<PlanCost> {
  const folder = await mkdtemp(join(tmpdir(), 'spar-sync-bench-'));
  try {
    const { guardians, students: made } = await layOutSchool(folder, students);
    const { milliseconds, maxRss } = await runNode(
      [BIN, 'guardians', '--dry-run', '--offline', '--json', '--as-of', MADE_UP_TODAY],
      { cwd: folder, withMaxRss: true },
    );
    return { students: made, guardians, seconds: milliseconds / 1000, maxRss };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** In a function of its own, so that the school is no longer in memory when the program runs. */
async function layOutSchool(
  folder: string,
  students: number,
): Promise<{ readonly students: number; readonly guardians: number }> {
  const school = makeUpFamilies(1, { students, manyNumbers: true });
  const cell = (text: string | undefined): string => `"${(text ?? '').replaceAll('"', '""')}"`;
  const people = school.entries.map(({ key, cells }) =>
    [key.id, key.type, ...ROSTER_FIELDS.map((field) => cells[field])].map(cell).join(','),
  );
  const links = school.links.map(({ student, guardian, relation, source }) =>
    [student, guardian, relation, source].map(cell).join(','),
  );
  await writeFile(
    join(folder, 'people.csv'),
    `${[['id', 'type', ...ROSTER_FIELDS].join(','), ...people].join('\n')}\n`,
  );
  await writeFile(
    join(folder, 'links.csv'),
    `${['student_id,guardian_id,relation,source', ...links].join('\n')}\n`,
  );
  await writeFile(join(folder, 'config.json'), CONFIG);
  await fillState(join(folder, 'spar-sync.db'), school);
  return { students: school.students, guardians: school.truth.size };
}

/** The answers of the made-up register, through the store itself. */
async function fillState(path: string, { answers }: MadeUpFamilies): Promise<void> {
  const { openState } = await built.store();
  const state = await openState({ path });
  const at = `${MADE_UP_TODAY}T08:00:00.000Z`;
  const endUser = 'anna@exempelskolan';
  const run = await state.journal.start({
    command: 'update',
    asOf: MADE_UP_TODAY,
    at,
    endUser,
    dryRun: false,
  });
  const all = [...answers.values()];
  for (let start = 0; start < all.length; start += 1000) {
    await Promise.all(
      all.slice(start, start + 1000).map(async (snapshot) => {
        const { permissions } = snapshot;
        const { id } = snapshot.answer;
        const attempt = await state.ledger.begin({ run, id, permissions, rows: [], endUser, price: 40, at });
        await state.ledger.complete(attempt, 'answered', undefined, at, snapshot);
      }),
    );
  }
  await state.journal.finished(run, 'done');
  await state.close();
}

const CONFIG = JSON.stringify({
  active: true,
  spar: {
    environment: 'simulator',
    kundNrLeveransMottagare: 500243,
    kundNrSlutkund: 500243,
    uppdragId: 637,
    slutAnvandarId: 'anna@exempelskolan',
    utokadBehorighet: ['Relationer'],
  },
  freshness: 'month',
  roster: { kind: 'csv', files: [{ path: 'people.csv' }], links: { path: 'links.csv' } },
});
