import type { PersonId } from '../domain/person-id.ts';
import type { Text } from '../domain/text.ts';
import { SparSyncError } from '../errors.ts';
import { interrupted } from './interrupted.ts';
import type { Allowance } from './lookup-budget.ts';
import type { BudgetedLookup, Clock, LookupRequest, Progress } from './ports.ts';
import {
  beginOutage,
  cameBack,
  FAILURES_IN_A_ROW,
  notUnderstood,
  type Patience,
  unreachable,
} from './spar-away.ts';

/** What came of asking about everybody who was missing or stale. The answers themselves are in the store. */
export interface Refreshed {
  /** People with an answer now, not found among them. */
  readonly answered: ReadonlySet<PersonId>;
  readonly notFound: ReadonlySet<PersonId>;
  /** People without an answer, and whether SPAR's answer about them could not be understood. */
  readonly failed: ReadonlyMap<PersonId, 'failed' | 'not-understood'>;
  /** Of whom no question was sent, since retries about others had used what the budget reached. */
  readonly overBudget: ReadonlySet<PersonId>;
  /** Why the run stopped asking before the end. What was answered until then stands. */
  readonly stopped?: SparSyncError;
}

export interface RefreshOptions {
  /** Questions on the wire at the same time. */
  readonly concurrency: number;
  readonly signal: AbortSignal;
  readonly progress: Progress;
  readonly clock: Clock;
  /** Shared by all that one run asks. */
  readonly patience: Patience;
  /** What may still be bought; the lookup takes from it. */
  readonly allowance: Pick<Allowance, 'left'>;
  /** Somebody was answered about before in the same run, or others are still to be asked about: a few who all fail say nothing of SPAR then. */
  readonly areNotAll: boolean;
}

/**
 * Asks about each of these people once, some at a time. An answer is in the store before its question counts
 * as done. After an error that stops the run, or `signal`, no new question begins and those on the wire are
 * awaited.
 *
 * A SPAR that is away (ten failures in a row, or nothing but failures) is left alone: while there is patience,
 * one person is asked about after each pause, and once SPAR answers, those who had failed are asked about again.
 *
 * @throws SparSyncError `interrupted` when the signal ended it.
 */
export async function refreshSnapshots(
  requests: readonly LookupRequest[],
  lookup: BudgetedLookup,
  { concurrency, signal, progress, clock, patience, allowance, areNotAll }: RefreshOptions,
): Promise<Refreshed> {
  const queue = [...requests];
  let next = 0;
  const answered = new Set<PersonId>();
  const failed = new Map<PersonId, 'failed' | 'not-understood'>();
  const overBudget = new Set<PersonId>();
  const notFound = new Set<PersonId>();
  const tried = new Set<PersonId>();
  /** How often SPAR has said anything, and what is no answer of SPAR's in a row. */
  let heard = 0;
  let garbledInARow = 0;
  /** Whom SPAR was not reached about, since it last said anything. */
  let unreached: LookupRequest[] = [];
  /** Who is to be asked about again: those between two attempts when asking had to end, for one. */
  let cutShort: LookupRequest[] = [];
  let stopped: SparSyncError | undefined;
  let bug: unknown;
  let lastUnavailable: Text | undefined;
  const remarks = new Map<string, { readonly detail: Text; people: number }>();
  // Ends every retry, when the user says stop, when SPAR does, and when it is away.
  let retries = new AbortController();
  const endRetries = (): void => retries.abort();
  signal.addEventListener('abort', endRetries);

  progress({ kind: 'asking', total: requests.length });

  async function askOne(request: LookupRequest, onAnswer: () => void): Promise<void> {
    const outcome = await lookup.lookUp(request, retries.signal, onAnswer);
    if (outcome.kind === 'over-budget') {
      leaveOver(request.id);
      return;
    }
    tried.add(request.id);
    garbledInARow = outcome.kind === 'garbled' ? garbledInARow + 1 : 0;
    if (outcome.kind === 'answered') {
      answered.add(request.id);
      if (outcome.answer.kind === 'not-found') notFound.add(request.id);
      sparSaysSomething();
    } else {
      failed.set(request.id, outcome.kind === 'not-understood' ? 'not-understood' : 'failed');
      if (outcome.kind === 'unavailable') {
        unreached.push(request);
        lastUnavailable = outcome.detail;
        if (isAway() && patience.left <= 0) stop(unreachable(outcome.detail, 0));
        else if (isAway()) endRetries();
      } else {
        sparSaysSomething();
        // The first time it may be about this one alone; a retry would have told, had the budget reached it.
        if (outcome.kind === 'garbled' && garbledInARow > 1) stop(notUnderstood(outcome.detail));
        const remark = remarks.get(outcome.detail.en) ?? { detail: outcome.detail, people: 0 };
        remark.people++;
        remarks.set(outcome.detail.en, remark);
      }
    }
    progress({
      kind: 'asked',
      done: answered.size + failed.size,
      failed: failed.size,
      total: requests.length,
    });
  }

  /** Whoever made it count as away is asked about again even where this was on the wire then. */
  function sparSaysSomething(): void {
    heard++;
    if (retries.signal.aborted) cutShort.push(...unreached);
    unreached = [];
  }

  /** Of somebody whom the budget does not reach: asked about in vain, or not at all. */
  function leaveOver(id: PersonId): void {
    if (tried.has(id)) failed.set(id, 'failed');
    else overBudget.add(id);
  }

  function stop(error: SparSyncError): void {
    stopped ??= error;
    endRetries();
  }

  const isOver = (): boolean => stopped !== undefined || bug !== undefined || signal.aborted;

  const isSpent = (): boolean => allowance.left() <= 0;

  /** Asks until the queue is empty, so many have been asked about, or SPAR is away; those on the wire are awaited. */
  async function askFromQueue(atOnce: number, atMost = Infinity): Promise<void> {
    let begun = 0;
    retries = new AbortController();
    const { signal: isEnough } = retries;
    await new Promise<void>((resolve) => {
      let open = 0;
      let onTheWire = 0;

      function askOn(): void {
        while (onTheWire < atOnce && begun < atMost && !isOver() && !isSpent() && !isEnough.aborted) {
          const request = queue[next];
          if (request === undefined) break;
          next++;
          begun++;
          open++;
          onTheWire++;
          void ask(request);
        }
        if (open === 0) resolve();
      }

      async function ask(request: LookupRequest): Promise<void> {
        let isOnTheWire = true;
        const leaveTheWire = (): void => {
          if (isOnTheWire) onTheWire--;
          isOnTheWire = false;
        };
        // The next question need not wait until this answer is written: they are committed together.
        const onAnswer = (): void => {
          leaveTheWire();
          askOn();
        };
        try {
          await askOne(request, onAnswer);
        } catch (error) {
          // Without the state nothing may go on: what is bought could not be kept.
          if (!(error instanceof SparSyncError) || error.code.startsWith('state-')) {
            bug ??= error;
            endRetries();
          } else if (error.code === 'interrupted') {
            cutShort.push(request);
          } else {
            stop(error);
          }
        }
        leaveTheWire();
        open--;
        askOn();
      }

      askOn();
    });
  }

  function isAway(): boolean {
    return unreached.length >= FAILURES_IN_A_ROW;
  }

  const isNobodyReached = (): boolean =>
    !areNotAll && unreached.length > 0 && unreached.length === failed.size && answered.size === 0;

  function askAgain(requests: readonly LookupRequest[]): void {
    for (const { id } of requests) failed.delete(id);
    queue.splice(next, 0, ...requests);
  }

  function askLast(requests: readonly LookupRequest[]): void {
    for (const { id } of requests) failed.delete(id);
    queue.push(...requests);
  }

  /** Tries one person after each pause, until SPAR says something or the patience is at its end. */
  async function waitForSpar(): Promise<void> {
    const outage = beginOutage(patience, { clock, signal, progress });
    while (!isSpent() && (await outage.pause())) {
      // Somebody else first: it may be about these alone that SPAR cannot answer.
      askLast(unreached);
      unreached = [];
      const before = heard;
      const probe = queue[next];
      if (probe !== undefined) queue[next] = { ...probe, once: true };
      await askFromQueue(1, 1);
      if (isOver()) return;
      if (heard > before) {
        progress({ kind: 'remark', text: cameBack(outage.end()) });
        return;
      }
    }
    stop(unreachable(lastUnavailable, outage.end()));
  }

  for (let isDone = false; !isDone && !isOver(); ) {
    await askFromQueue(concurrency);
    if (!isOver() && (isAway() || isNobodyReached())) await waitForSpar();
    askAgain(cutShort);
    cutShort = [];
    isDone = next >= queue.length || isSpent();
  }
  if (isSpent()) for (const { id } of queue.slice(next)) leaveOver(id);

  signal.removeEventListener('abort', endRetries);
  for (const { detail, people } of remarks.values())
    progress({ kind: 'remark', text: withCount(detail, people) });
  if (bug !== undefined) throw bug;
  if (signal.aborted) throw interrupted();
  for (const { id } of requests)
    if (!answered.has(id) && !failed.has(id) && !overBudget.has(id)) failed.set(id, 'failed');
  return { answered, notFound, failed, overBudget, ...(stopped && { stopped }) };
}

/** What SPAR said, and about how many people; whom, the report tells. */
function withCount(detail: Text, people: number): Text {
  return {
    en: `About ${people} ${people === 1 ? 'person' : 'people'}: ${detail.en}`,
    sv: `Om ${people} ${people === 1 ? 'person' : 'personer'}: ${detail.sv}`,
  };
}
