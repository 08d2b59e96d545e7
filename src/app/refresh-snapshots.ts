import type { PersonId } from '../domain/person-id.ts';
import { SparSyncError } from '../errors.ts';
import type { LookupRequest, PersonLookup, Progress } from './ports.ts';

/** What came of asking about everybody who was missing or stale. The answers themselves are in the store. */
export interface Refreshed {
  /** People with an answer now, not found among them. */
  readonly answered: ReadonlySet<PersonId>;
  readonly notFound: number;
  /** People without an answer, and whether SPAR's answer about them could not be understood. */
  readonly failed: ReadonlyMap<PersonId, 'failed' | 'not-understood'>;
  /** Why the run stopped asking before the end. What was answered until then stands. */
  readonly stopped?: SparSyncError;
}

/** So many failures without an answer between them: SPAR is away, and asking on would only bill and log. */
const FAILURES_IN_A_ROW = 10;

/**
 * Asks about each of these people once, some at a time. An answer is in the store before its question counts
 * as done. After an error that stops the run, or `signal`, no new question begins and those on the wire are
 * awaited.
 *
 * @throws SparSyncError `interrupted` when the signal ended it.
 */
export async function refreshSnapshots(
  requests: readonly LookupRequest[],
  lookup: PersonLookup,
  options: { readonly concurrency: number; readonly signal: AbortSignal; readonly progress: Progress },
): Promise<Refreshed> {
  const { concurrency, signal, progress } = options;
  const answered = new Set<PersonId>();
  const failed = new Map<PersonId, 'failed' | 'not-understood'>();
  let notFound = 0;
  let next = 0;
  let failuresInARow = 0;
  let stopped: SparSyncError | undefined;
  let bug: unknown;

  progress({ kind: 'asking', total: requests.length });

  async function askOne(request: LookupRequest, onAnswer: () => void): Promise<void> {
    const outcome = await lookup.lookUp(request, signal, onAnswer);
    if (outcome.kind === 'answered') {
      answered.add(request.id);
      if (outcome.answer.kind === 'not-found') notFound++;
      failuresInARow = 0;
    } else {
      failed.set(request.id, outcome.kind === 'not-understood' ? 'not-understood' : 'failed');
      if (outcome.kind === 'unavailable') {
        failuresInARow++;
        if (failuresInARow >= FAILURES_IN_A_ROW) stopped ??= unreachable(outcome.detail);
      } else {
        failuresInARow = 0;
      }
    }
    progress({
      kind: 'asked',
      done: answered.size + failed.size,
      failed: failed.size,
      total: requests.length,
    });
  }

  await new Promise<void>((resolve) => {
    let open = 0;
    let onTheWire = 0;

    function askOn(): void {
      while (onTheWire < concurrency && stopped === undefined && bug === undefined && !signal.aborted) {
        const request = requests[next++];
        if (request === undefined) break;
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
        if (!(error instanceof SparSyncError)) bug ??= error;
        else if (error.code !== 'interrupted') stopped ??= error;
      }
      leaveTheWire();
      open--;
      askOn();
    }

    askOn();
  });
  if (bug !== undefined) throw bug;
  if (signal.aborted) throw interrupted();
  if (stopped === undefined && answered.size === 0 && onlyUnavailable(failed, failuresInARow))
    stopped = unreachable();
  for (const { id } of requests) if (!answered.has(id) && !failed.has(id)) failed.set(id, 'failed');
  return { answered, notFound, failed, ...(stopped && { stopped }) };
}

function onlyUnavailable(failed: ReadonlyMap<PersonId, unknown>, failuresInARow: number): boolean {
  return failed.size > 0 && failuresInARow === failed.size;
}

function unreachable(detail?: { readonly en: string; readonly sv: string }): SparSyncError {
  return new SparSyncError(
    'spar-unreachable',
    {
      en: `SPAR cannot be reached${detail ? `: ${detail.en}` : ''}`,
      sv: `SPAR går inte att nå${detail ? `: ${detail.sv}` : ''}`,
    },
    {
      en: 'What was answered is kept. Run the same command again later; `spar-sync check --online` tries the connection alone.',
      sv: 'Det som hann besvaras är sparat. Kör samma kommando igen senare; `spar-sync check --online` prövar bara anslutningen.',
    },
  );
}

/** What Ctrl-C ends a run with. */
export function interrupted(): SparSyncError {
  return new SparSyncError(
    'interrupted',
    {
      en: 'Interrupted. Every answer received is kept; the roster is as it was.',
      sv: 'Avbrutet. Alla svar som kom är sparade; registret är orört.',
    },
    {
      en: 'Run the same command again: it asks only about whom is missing.',
      sv: 'Kör samma kommando igen: bara de som saknas frågas efter.',
    },
  );
}
