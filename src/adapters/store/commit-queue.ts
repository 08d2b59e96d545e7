import type { Database } from 'better-sqlite3';

/** Writes that were requested in the same turn of the event loop share one transaction. */
export interface CommitQueue {
  /**
   * Resolves once the work is committed. Works run in the order of the calls. A work may be run a second time
   * (alone, when one of those beside it failed), so it changes nothing but the database.
   */
  write<T>(work: () => T): Promise<T>;
  /** Commits what is waiting, now; a read calls it first, so that it sees what was requested before it. */
  flush(): void;
}

interface Job {
  /** Runs the work and gives back what tells its caller so. */
  run(): () => void;
  reject(error: unknown): void;
}

/** `explain` turns what SQLite throws into what the caller is to see. */
export function createCommitQueue(db: Database, explain: (error: unknown) => unknown): CommitQueue {
  const begin = db.prepare('BEGIN IMMEDIATE');
  const commit = db.prepare('COMMIT');
  const rollback = db.prepare('ROLLBACK');
  let waiting: Job[] = [];
  let scheduled = false;

  const transact = (jobs: readonly Job[]): void => {
    let done: (() => void)[];
    try {
      begin.run();
      done = jobs.map((job) => job.run());
      commit.run();
    } catch (error) {
      // A full disk has rolled back by itself.
      if (db.inTransaction) rollback.run();
      throw error;
    }
    for (const tell of done) tell();
  };

  const flush = (): void => {
    const jobs = waiting;
    waiting = [];
    if (jobs.length === 0) return;
    try {
      transact(jobs);
      return;
    } catch (error) {
      if (jobs.length === 1) {
        jobs[0]?.reject(explain(error));
        return;
      }
    }
    for (const job of jobs) {
      try {
        transact([job]);
      } catch (error) {
        job.reject(explain(error));
      }
    }
  };

  return {
    write<T>(work: () => T): Promise<T> {
      return new Promise<T>((resolve, reject) => {
        waiting.push({
          run() {
            const result = work();
            return () => resolve(result);
          },
          reject,
        });
        if (scheduled) return;
        scheduled = true;
        // After the input of this turn: answers that arrived together are committed together.
        setImmediate(() => {
          scheduled = false;
          flush();
        });
      });
    },
    flush,
  };
}
