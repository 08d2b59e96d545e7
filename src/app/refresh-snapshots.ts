import type { PersonId } from '../domain/person-id.ts';
import type { Text } from '../domain/text.ts';
import { SparSyncError } from '../errors.ts';
import { interrupted } from './interrupted.ts';
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
  let lastUnavailable: Text | undefined;
  const remarks = new Map<string, { readonly detail: Text; people: number }>();
  // Ends every pause and every retry, when the user says stop and when SPAR does.
  const noMore = new AbortController();
  const endPauses = (): void => noMore.abort();
  if (signal.aborted) endPauses();
  signal.addEventListener('abort', endPauses);

  progress({ kind: 'asking', total: requests.length });

  async function askOne(request: LookupRequest, onAnswer: () => void): Promise<void> {
    const outcome = await lookup.lookUp(request, noMore.signal, onAnswer);
    if (outcome.kind === 'answered') {
      answered.add(request.id);
      if (outcome.answer.kind === 'not-found') notFound++;
      failuresInARow = 0;
    } else {
      failed.set(request.id, outcome.kind === 'not-understood' ? 'not-understood' : 'failed');
      if (outcome.kind === 'unavailable') {
        failuresInARow++;
        lastUnavailable = outcome.detail;
        if (failuresInARow >= FAILURES_IN_A_ROW) stop(unreachable(outcome.detail));
      } else {
        failuresInARow = 0;
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

  function stop(error: SparSyncError): void {
    stopped ??= error;
    endPauses();
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
        // Without the state nothing may go on: what is bought could not be kept.
        if (!(error instanceof SparSyncError) || error.code.startsWith('state-')) {
          bug ??= error;
          endPauses();
        } else if (error.code !== 'interrupted') {
          stop(error);
        }
      }
      leaveTheWire();
      open--;
      askOn();
    }

    askOn();
  });
  signal.removeEventListener('abort', endPauses);
  for (const { detail, people } of remarks.values())
    progress({ kind: 'remark', text: withCount(detail, people) });
  if (bug !== undefined) throw bug;
  if (signal.aborted) throw interrupted();
  if (stopped === undefined && answered.size === 0 && onlyUnavailable(failed, failuresInARow))
    stopped = unreachable(lastUnavailable);
  for (const { id } of requests) if (!answered.has(id) && !failed.has(id)) failed.set(id, 'failed');
  return { answered, notFound, failed, ...(stopped && { stopped }) };
}

function onlyUnavailable(failed: ReadonlyMap<PersonId, unknown>, failuresInARow: number): boolean {
  return failed.size > 0 && failuresInARow === failed.size;
}

/** What SPAR said, and about how many people; whom, the report tells. */
function withCount(detail: Text, people: number): Text {
  return {
    en: `About ${people} ${people === 1 ? 'person' : 'people'}: ${detail.en}`,
    sv: `Om ${people} ${people === 1 ? 'person' : 'personer'}: ${detail.sv}`,
  };
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
