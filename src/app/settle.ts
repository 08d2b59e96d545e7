import { type RowKey, rowKeyText } from '../domain/roster.ts';
import { withoutRows } from './apply-plan.ts';
import type { Journal, JournalledChange, Progress, Roster, UnfinishedRun } from './ports.ts';

/**
 * Finds out what became of runs whose process died between the journal and the roster, before anything new
 * begins. Nothing is replayed: a run is applied where the roster holds what it meant to write, and struck out
 * where it does not (CONTRACT section 8).
 */
export async function settleUnfinishedRuns(
  journal: Journal,
  roster: Roster,
  progress: Progress,
): Promise<void> {
  for (const unfinished of await journal.unfinished()) {
    const outcome = await settle(unfinished, journal, roster);
    progress({ kind: 'settled', run: unfinished.run, outcome });
  }
}

async function settle(
  unfinished: UnfinishedRun,
  journal: Journal,
  roster: Roster,
): Promise<'applied' | 'not-applied' | 'partly'> {
  const { run, files, changes, compared } = unfinished;
  await roster.removeLeftovers(run);
  const now = await roster.digests();
  if (files.length > 0 && files.every((file) => now.get(file.path) === file.after)) {
    await journal.applied(run, [], compared);
    return 'applied';
  }
  if (files.length > 0 && files.every((file) => now.get(file.path) === file.before)) {
    await journal.notApplied(run);
    return 'not-applied';
  }
  // Neither: some of the files were renamed, or somebody has written since, or it is a database.
  const missing = await rowsWithoutTheirChanges(changes, roster);
  if (missing.length === new Set(changes.map((change) => rowKeyText(change.key))).size) {
    await journal.notApplied(run);
    return 'not-applied';
  }
  await journal.applied(run, missing, withoutRows(compared, missing));
  return missing.length === 0 ? 'applied' : 'partly';
}

/** Rows of which not a single planned cell holds what it was to hold. */
async function rowsWithoutTheirChanges(
  changes: readonly JournalledChange[],
  roster: Roster,
): Promise<RowKey[]> {
  const wanted = new Map<string, JournalledChange[]>();
  for (const change of changes) {
    const key = rowKeyText(change.key);
    wanted.set(key, [...(wanted.get(key) ?? []), change]);
  }
  const missing = new Map(changes.map((change) => [rowKeyText(change.key), change.key]));
  for await (const batch of roster.read(() => {})) {
    for (const entry of batch) {
      const key = rowKeyText(entry.key);
      const written = wanted.get(key)?.some((change) => entry.cells[change.field] === change.to);
      if (written) missing.delete(key);
    }
  }
  return [...missing.values()];
}
