import { interrupted } from '../../app/interrupted.ts';

/** What a wrapper does when the signal ends its waiting. Nothing was sent. */
export function throwIfInterrupted(signal: AbortSignal): void {
  if (signal.aborted) throw interrupted();
}
