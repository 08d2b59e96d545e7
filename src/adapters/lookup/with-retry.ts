import type { BudgetedLookup, Clock, LookupOutcome, LookupRequest, OverBudget } from '../../app/ports.ts';
import { notUnderstood } from '../../app/spar-away.ts';
import { throwIfInterrupted } from './interrupted.ts';

export interface RetryOptions {
  /** Further attempts after one that found SPAR unavailable; 0 for none. */
  readonly retries: number;
  readonly clock: Clock;
  /** From 0 up to but not including 1: the jitter. */
  readonly random: () => number;
}

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 20_000;
const LONGEST_RETRY_AFTER_MS = 60_000;

/**
 * Asks again where that may help. After `unavailable`: up to `retries` times, after pauses that grow and are
 * spread at random, and never sooner than SPAR's own Retry-After (up to a minute). A kept-alive connection
 * that turned out to be closed: once, at once, not counted. `garbled`: once, at once; the second time no
 * answer of SPAR's can be trusted to come this way and the run stops. Every other outcome stands.
 *
 * Each attempt may be billed, so nothing that was answered or refused is ever asked again, and what the last attempt
 * came to stands where the budget does not reach another.
 */
export function withRetry(lookup: BudgetedLookup, options: RetryOptions): BudgetedLookup {
  async function lookUp(
    request: LookupRequest,
    signal: AbortSignal,
    onAnswer?: () => void,
  ): Promise<LookupOutcome | OverBudget> {
    let retried = 0;
    let reconnected = false;
    let garbled = false;
    let last: LookupOutcome | undefined;
    for (;;) {
      throwIfInterrupted(signal);
      const outcome = await lookup.lookUp(request, signal, onAnswer);
      if (outcome.kind === 'over-budget') return last ?? outcome;
      last = outcome;
      if (outcome.kind === 'garbled') {
        if (garbled) throw notUnderstood(outcome.detail);
        garbled = true;
      } else if (outcome.kind !== 'unavailable' || request.once === true) {
        return outcome;
      } else if (outcome.deadSocket === true && !reconnected) {
        reconnected = true;
      } else if (retried >= options.retries) {
        return outcome;
      } else {
        throwIfInterrupted(signal);
        await options.clock.sleep(pause(retried, outcome.retryAfterSeconds, options.random), signal);
        retried++;
      }
    }
  }

  return { lookUp, close: () => lookup.close() };
}

/** Full jitter: many workers that failed together do not come back together. */
function pause(retried: number, retryAfterSeconds: number | undefined, random: () => number): number {
  const backoff = random() * Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** retried);
  return Math.max(backoff, Math.min(LONGEST_RETRY_AFTER_MS, (retryAfterSeconds ?? 0) * 1000));
}
