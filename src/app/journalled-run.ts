import { SparSyncError } from '../errors.ts';
import type { Journal } from './journal-port.ts';
import { settleUnfinishedRuns } from './settle.ts';
import type { UpdateWorld } from './update/update-world.ts';
import { withWhatStands } from './what-stands.ts';

/** What came of a run, as far as the journal keeps it. */
export interface RunEnd {
  /** Why asking stopped early. */
  readonly stopped?: SparSyncError;
  /** Somebody could not be asked about, or a row had been changed by somebody else meanwhile. */
  readonly gaps: boolean;
}

/**
 * Does the work of one command as a run of the journal: settles first what an earlier run left, proves the
 * roster writable where it is to be written, and notes how the run ended, however that was.
 */
export async function asJournalledRun<T extends RunEnd>(
  {
    command,
    dryRun,
    undoes,
    links,
  }: {
    readonly command: string;
    readonly dryRun: boolean;
    /** The run that this one takes back. */
    readonly undoes?: number;
    /** It may write links. */
    readonly links: boolean;
  },
  world: Pick<UpdateWorld, 'roster' | 'state' | 'settings' | 'today' | 'clock' | 'progress'>,
  work: (run: number) => Promise<T>,
): Promise<T> {
  const { roster, state, settings, today, clock, progress } = world;
  const { journal } = state;
  await settleUnfinishedRuns(journal, roster, progress);
  if (!dryRun) await roster.proveWritable({ links });
  const { endUser } = settings;
  const run = await journal.start({
    command,
    asOf: today,
    at: clock.now(),
    endUser,
    dryRun,
    ...(undoes !== undefined && { undoes }),
  });
  try {
    const end = await work(run);
    await journal.finished(run, end.stopped?.code ?? (end.gaps ? 'gaps' : 'done'));
    return end;
  } catch (error) {
    throw await withWhatStands(await closeRun(error, run, journal), run, journal);
  }
}

/** Notes how a run ended that was stopped; resolves to what to say, which may be that nothing could be noted. */
async function closeRun(error: unknown, run: number, journal: Journal): Promise<unknown> {
  try {
    await journal.finished(run, error instanceof SparSyncError ? error.code : 'bug');
    return error;
  } catch (closing) {
    return closing;
  }
}
