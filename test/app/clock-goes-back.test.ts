import { expect, it } from 'vitest';
import { update } from '../../src/app/update/update.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { createMemoryRoster } from '../support/memory-roster.ts';
import { createFakeSpar, OPTIONS, openTestWorld, registered } from '../support/update-world.ts';

const ANNA = '199001142380';
const BO = '199002092386';

it('a wall clock that goes back an hour at each look changes nothing of what is bought, written or told', async () => {
  let hours = 0;
  const clock = {
    ...createFakeClock({ automatic: true }),
    now: () => new Date(Date.parse('2026-11-23T08:00:00.000Z') - 3_600_000 * hours++).toISOString(),
  };
  const row = (id: string, personnummer: string) =>
    ({ id, type: 'staff', personnummer, street: 'Gatan 1' }) as const;
  const roster = createMemoryRoster([row('1', ANNA), row('2', BO)]);
  const spar = createFakeSpar({ [ANNA]: registered(ANNA), [BO]: registered(BO) });
  const world = { ...(await openTestWorld(roster, spar)), clock };

  const first = await update(world, OPTIONS);
  const second = await update(world, OPTIONS);

  expect(hours).toBeGreaterThan(4);
  expect(spar.asked.map(({ id }) => id).sort()).toEqual([BO, ANNA].sort());
  expect([first.report.lookups.asked, second.report.lookups.asked]).toEqual([2, 0]);
  expect(second.report.changes).toEqual([]);
  const runs = await world.state.journal.runs();
  expect(runs.map(({ run, phase, exit }) => [run, phase, exit])).toEqual([
    [2, 'applied', 'done'],
    [1, 'applied', 'done'],
  ]);
  await world.state.close();
});
