import type { Database } from 'better-sqlite3';

/** Whether the run named so has written to the roster: the others never count. */
export const hasWritten = (run: string) => `${run}.phase = 'applied' AND ${run}.dry_run = 0`;

/** Runs that an undo has taken back which was not taken back itself. */
export function createUndoneRuns(db: Database): () => ReadonlySet<number> {
  const undos = db
    .prepare<[], [run: number, undoes: number]>(
      `SELECT run, undoes FROM run WHERE undoes IS NOT NULL AND ${hasWritten('run')} ORDER BY run DESC`,
    )
    .raw();
  return () => {
    const undone = new Set<number>();
    // Newest first: whatever takes an undo back has a later number.
    for (const [run, undoes] of undos.all()) if (!undone.has(run)) undone.add(undoes);
    return undone;
  };
}
