import { SparSyncError } from '../errors.ts';

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
