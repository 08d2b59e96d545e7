import { describe, expect, it } from 'vitest';
import { exportRoster } from '../../src/app/export.ts';
import { guardians } from '../../src/app/guardians/guardians.ts';
import { historyOf } from '../../src/app/history/history.ts';
import { update } from '../../src/app/update/update.ts';
import type { Answer } from '../../src/domain/person.ts';
import type { UntakenRow } from '../../src/domain/roster.ts';
import { date, personId } from '../support/arbitraries.ts';
import {
  ANNA,
  adult,
  BO,
  child,
  GUARDIAN_RUN,
  guardian,
  KIM,
  openGuardianWorld,
  rowKey,
  student,
} from '../support/guardian-world.ts';
import { createMemoryRoster, type MemoryRow } from '../support/memory-roster.ts';
import { createFakeSpar, OPTIONS } from '../support/update-world.ts';

const STAFF: MemoryRow = {
  ...guardian('5', { personnummer: ANNA, first_name: 'Anna', last_name: 'Ask' }),
  type: 'staff',
};

const untakenRow = (mark: UntakenRow['mark'], more: Partial<UntakenRow> = {}): UntakenRow => ({
  id: '9',
  types: ['guardian'],
  numbers: [ANNA],
  mark,
  ...more,
});

/** Answered about, and written, while all was in order; then a row of Anna's can no longer be taken. */
async function schoolWith(untaken: UntakenRow, rows: readonly MemoryRow[] = [STAFF]) {
  const first = createMemoryRoster(rows);
  const world = await openGuardianWorld(first, createFakeSpar({ [ANNA]: adult(ANNA, 'Anna Ek') }));
  const { report } = await update(world, OPTIONS);
  const roster = createMemoryRoster(
    first.rows.map((row) => ({ ...row, last_name: 'Ask' })),
    { untaken: [untaken] },
  );
  return { roster, run: report.run, world: { ...world, roster } };
}

const lastNames = async (world: Parameters<typeof exportRoster>[0]): Promise<readonly string[]> => {
  const table: (readonly string[])[] = [];
  for await (const batch of exportRoster(world, () => true)) table.push(...batch);
  const [names = [], ...rows] = table;
  return rows.map((row) => row[names.indexOf('last_name')] ?? '');
};

describe('a row that could not be taken', () => {
  it.each(['yes', 'perhaps'] as const)(
    'hides its person on every row where it is marked: %s',
    async (mark) => {
      const { roster, world } = await schoolWith(untakenRow(mark));
      const { report } = await update(world, { ...OPTIONS, force: true });
      expect(report.review.map(({ type, id, reason }) => [type, id, reason])).toEqual([
        ['staff', '5', 'protected'],
      ]);
      expect(roster.rows.map((row) => row.last_name)).toEqual(['Ask']);
      expect(await lastNames(world)).toEqual(['']);
    },
  );

  it('does not where it is not marked', async () => {
    const { roster, world } = await schoolWith(untakenRow('no'));
    await update(world, OPTIONS);
    expect(roster.rows.map((row) => row.last_name)).toEqual(['Ek']);
    expect(await lastNames(world)).toEqual(['Ek']);
  });

  it('erases what is kept where it is marked, and nothing where it only may be', async () => {
    const kindAfter = async (mark: UntakenRow['mark'], run: typeof update | typeof guardians) => {
      const { world } = await schoolWith(untakenRow(mark));
      if (run === update) await update(world, { ...OPTIONS, force: true });
      else await guardians(world, { ...GUARDIAN_RUN, force: true });
      const [answer] = await world.state.snapshots.getMany([personId(ANNA)]);
      const { changes } = await world.state.journal.writtenBy(1);
      return [answer?.answer.kind, changes.length > 0];
    };
    for (const run of [update, guardians]) {
      expect(await kindAfter('yes', run)).toEqual(['withheld', false]);
      expect(await kindAfter('perhaps', run)).toEqual(['registered', true]);
      expect(await kindAfter('no', run)).toEqual(['registered', true]);
    }
  });

  it.each(['yes', 'perhaps'] as const)('hides what was written into it before: %s', async (mark) => {
    const row = guardian('9', { personnummer: ANNA, first_name: 'Anna', last_name: 'Ask' });
    const { run, world } = await schoolWith(untakenRow(mark, { numbers: [] }), [row]);
    const gone = createMemoryRoster([], {
      untaken: [untakenRow(mark, { numbers: [] })],
      fields: ['last_name'],
    });
    const { hidden } = await historyOf(run, { ...world, roster: gone });
    expect(hidden(rowKey('9'))).toBe(true);
  });

  it('counts as each type that it may be', async () => {
    const untaken = untakenRow('yes', { numbers: [], id: '5', types: ['student', 'staff', 'guardian'] });
    const { run, world } = await schoolWith(untaken);
    const { hidden } = await historyOf(run, world);
    expect(hidden(rowKey('staff:5'))).toBe(true);
    expect(hidden(rowKey('staff:6'))).toBe(false);
  });

  it('keeps a number from being followed that it holds', async () => {
    const birthDate = date('1984-02-17');
    const answers = {
      [BO]: {
        kind: 'deregistered',
        id: personId(BO),
        reason: 'renumbered',
        birthDate,
        successors: [personId(ANNA)],
      },
      [ANNA]: { ...adult(ANNA, 'Bo Ek'), birthDate } as Answer,
    } as const;
    const rules = {
      address: 'mailing',
      firstName: 'call',
      fields: { first_name: 'review', last_name: 'spar', address: 'spar' },
      renumbered: 'follow',
    } as const;
    const rows = [{ ...STAFF, personnummer: BO }];
    const numbers = async (untaken: readonly UntakenRow[]) => {
      const roster = createMemoryRoster(rows, { untaken });
      await update(
        await openGuardianWorld(roster, createFakeSpar(answers), { settings: { rules } }),
        OPTIONS,
      );
      return roster.rows.map((row) => row.personnummer);
    };
    expect(await numbers([untakenRow('no')])).toEqual([BO]);
    expect(await numbers([])).toEqual([ANNA]);
  });

  it('hides a guardian from the pairs and the rows of guardians', async () => {
    const rows = [
      student('1', KIM),
      guardian('2', { first_name: 'Anna', last_name: 'Ek', street: 'Gatan 1', postal_code: '111 46' }),
    ];
    const links = [{ student: '1', guardian: '2' }];
    const spar = createFakeSpar({ [KIM]: child(KIM, [ANNA]), [ANNA]: adult(ANNA, 'Anna Ek') });
    const numbers = async (untaken: readonly UntakenRow[]) => {
      const roster = createMemoryRoster(rows, { links, untaken });
      await guardians(await openGuardianWorld(roster, spar), GUARDIAN_RUN);
      return roster.rows.map((row) => row.personnummer);
    };
    const staffRow = { id: '7', types: ['staff'] } as const;
    expect(await numbers([untakenRow('no', staffRow)])).toEqual([KIM, ANNA]);
    expect(await numbers([untakenRow('perhaps', staffRow)])).toEqual([KIM, '']);
  });
});
