import type { BudgetedLookup, Clock, LookupOutcome, LookupRequest, OverBudget } from '../../app/ports.ts';
import { throwIfInterrupted } from './interrupted.ts';

export interface PacingOptions {
  /** Attempts that may start in a second, spread evenly. 0 or nothing: no limit. */
  readonly requestsPerSecond?: number | undefined;
  /** How many may start together after a quiet spell; 1 when left out. */
  readonly burst?: number;
  readonly clock: Clock;
}

/**
 * Lets lookups start no faster than so many a second, in the order in which they were asked for. Stands
 * inside the retries, so that those are paced as well.
 *
 * Each caller takes the next free moment at once and waits for it, so there is no queue to keep and no timer
 * but the callers' own. A moment taken by somebody who was then interrupted stays empty: an interrupt ends
 * the run.
 */
export function withPacing(lookup: BudgetedLookup, options: PacingOptions): BudgetedLookup {
  const { requestsPerSecond = 0, burst = 1, clock } = options;
  if (!(requestsPerSecond > 0)) return lookup;
  const interval = 1000 / requestsPerSecond;
  const allowance = (burst - 1) * interval;
  /** When the next one would be due if all came evenly. */
  let due = Number.NEGATIVE_INFINITY;

  async function lookUp(
    request: LookupRequest,
    signal: AbortSignal,
    onAnswer?: () => void,
  ): Promise<LookupOutcome | OverBudget> {
    throwIfInterrupted(signal);
    const mine = Math.max(due, clock.elapsed());
    due = mine + interval;
    const start = mine - allowance;
    // Again, because a timer may fire a little early.
    for (let left = start - clock.elapsed(); left > 0; left = start - clock.elapsed()) {
      await clock.sleep(left, signal);
      throwIfInterrupted(signal);
    }
    return lookup.lookUp(request, signal, onAnswer);
  }

  return { lookUp, close: () => lookup.close() };
}
