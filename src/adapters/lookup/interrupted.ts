import { SparSyncError } from '../../errors.ts';

/** What a wrapper throws when the signal ends its waiting. Nothing was sent. */
export function throwIfInterrupted(signal: AbortSignal): void {
  if (!signal.aborted) return;
  throw new SparSyncError(
    'interrupted',
    { en: 'Interrupted while waiting to ask SPAR.', sv: 'Avbrutet i väntan på att fråga SPAR.' },
    {
      en: 'Every answer received is kept. Run the same command again: it asks only about those who are missing.',
      sv: 'Alla svar som kom är sparade. Kör samma kommando igen: bara de som saknas frågas efter.',
    },
  );
}
