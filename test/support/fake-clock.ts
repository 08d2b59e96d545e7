import type { Clock } from '../../src/app/ports.ts';

/** A clock that stands still until it is told to go on. */
export interface FakeClock extends Clock {
  /**
   * Lets so much time pass. Sleepers wake in the order of their time, each with the clock at its moment, and
   * whatever they set off is awaited as far as it goes without the clock.
   */
  advance(milliseconds: number): Promise<void>;
  /** Lengths of all sleeps so far, in order. */
  readonly slept: readonly number[];
  /** Sleepers that are still waiting. */
  pending(): number;
}

interface Sleeper {
  readonly wakeAt: number;
  readonly wake: () => void;
}

/** `automatic`: every sleep ends at once, with the clock moved on by its length. */
export function createFakeClock(options: { start?: string; automatic?: boolean } = {}): FakeClock {
  const epoch = Date.parse(options.start ?? '2026-11-23T08:00:00.000Z');
  const slept: number[] = [];
  const sleepers = new Set<Sleeper>();
  let elapsed = 0;

  function earliest(until: number): Sleeper | undefined {
    let first: Sleeper | undefined;
    for (const sleeper of sleepers) {
      if (sleeper.wakeAt <= until && (first === undefined || sleeper.wakeAt < first.wakeAt)) first = sleeper;
    }
    return first;
  }

  return {
    slept,
    now: () => new Date(epoch + elapsed).toISOString(),
    elapsed: () => elapsed,
    pending: () => sleepers.size,
    sleep(milliseconds, signal) {
      slept.push(milliseconds);
      if (signal.aborted) return Promise.resolve();
      if (options.automatic) {
        elapsed += milliseconds;
        return Promise.resolve();
      }
      return new Promise((resolve) => {
        const wake = () => {
          sleepers.delete(sleeper);
          signal.removeEventListener('abort', wake);
          resolve();
        };
        const sleeper: Sleeper = { wakeAt: elapsed + milliseconds, wake };
        sleepers.add(sleeper);
        signal.addEventListener('abort', wake);
      });
    },
    async advance(milliseconds) {
      const until = elapsed + milliseconds;
      await settle();
      for (let next = earliest(until); next !== undefined; next = earliest(until)) {
        elapsed = Math.max(elapsed, next.wakeAt);
        next.wake();
        await settle();
      }
      elapsed = until;
    },
  };
}

/** Every promise that can go on without the clock has gone on when the event loop has turned. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
