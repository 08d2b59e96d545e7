import type { CalendarDate } from '../domain/calendar-date.ts';
import { SparSyncError } from '../errors.ts';
import type { Clock, LookupLedger, LookupOutcome, LookupRequest, PersonLookup } from './ports.ts';

/**
 * Commits a ledger row before each attempt is sent, and the answer with it as soon as it is there. Stands
 * directly around the client, inside retry and pacing, so that every attempt is accounted for.
 *
 * A question that is on the wire may be billed whatever we do, so the caller's signal does not reach it:
 * it ends by its own deadline and its answer is kept.
 */
export function withLedger(
  lookup: PersonLookup,
  ledger: LookupLedger,
  run: {
    readonly run: number;
    readonly endUser: string;
    /** Of a lookup, in hundredths of the currency. */
    readonly price: number;
    readonly today: CalendarDate;
    readonly clock: Clock;
  },
): PersonLookup {
  const uninterrupted = new AbortController().signal;

  async function lookUp(request: LookupRequest, onAnswer: () => void): Promise<LookupOutcome> {
    const attempt = await ledger.begin({
      ...request,
      run: run.run,
      endUser: run.endUser,
      price: run.price,
      at: run.clock.now(),
    });
    let outcome: LookupOutcome;
    try {
      outcome = await lookup.lookUp(request, uninterrupted);
    } catch (error) {
      const reference = error instanceof SparSyncError ? error.reference : undefined;
      await ledger.complete(attempt, 'stopped', reference, run.clock.now());
      throw error;
    }
    const reference = 'reference' in outcome ? outcome.reference : undefined;
    const snapshot =
      outcome.kind === 'answered'
        ? { answer: outcome.answer, fetchedOn: run.today, permissions: request.permissions, comparedRows: [] }
        : undefined;
    const end = outcome.kind === 'unavailable' && outcome.sent === true ? 'lost' : outcome.kind;
    const completed = ledger.complete(attempt, end, reference, run.clock.now(), snapshot);
    if (outcome.kind === 'answered') onAnswer();
    await completed;
    return outcome;
  }

  return {
    lookUp: (request, _signal, onAnswer = () => {}) => lookUp(request, onAnswer),
    close: () => lookup.close(),
  };
}
