import type { RowKey } from '../../domain/roster.ts';
import { SparSyncError } from '../../errors.ts';
import type { UpdateWorld } from '../update/update-world.ts';
import type { HistoryReport, RunReport } from './history-report.ts';
import { readRowsNow } from './protected-now.ts';

type HistoryWorld = Pick<UpdateWorld, 'roster' | 'state' | 'today'>;

/** The runs, newest first. */
export async function history({ state }: Pick<HistoryWorld, 'state'>): Promise<HistoryReport> {
  return { command: 'history', runs: await state.journal.runs() };
}

/**
 * One run with all that it wrote, and of which rows nothing may be shown: whoever is protected by now.
 *
 * @throws SparSyncError `usage` when there is no such run
 */
export async function historyOf(
  run: number,
  world: HistoryWorld,
): Promise<{ readonly report: RunReport; readonly hidden: (key: RowKey) => boolean }> {
  const { journal } = world.state;
  const record = await journal.run(run);
  if (record === undefined) throw noSuchRun(run);
  const written = await journal.writtenBy(run);
  const { isProtected: hidden } = await readRowsNow(written, world);
  return { report: { command: 'history', run: record, written }, hidden };
}

export function noSuchRun(run: number): SparSyncError {
  return new SparSyncError(
    'usage',
    { en: `There is no run ${run}.`, sv: `Det finns ingen körning ${run}.` },
    SEE_HISTORY,
  );
}

export const SEE_HISTORY = {
  en: '`spar-sync history` lists the runs and what each wrote.',
  sv: '`spar-sync history` visar körningarna och vad var och en skrev.',
};
