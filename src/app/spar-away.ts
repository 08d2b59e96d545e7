import type { Text } from '../domain/text.ts';
import { SparSyncError } from '../errors.ts';
import type { Clock, Progress } from './ports.ts';

/** So many failures without an answer between them: SPAR is away, and asking on would only bill and log. */
export const FAILURES_IN_A_ROW = 10;

/** How long one run goes on waiting for a SPAR that is away, all its outages together. */
export interface Patience {
  /** Milliseconds; less after each outage. */
  left: number;
}

export function patienceOf(waitMinutes: number): Patience {
  return { left: waitMinutes * 60_000 };
}

const FIRST_PAUSE_MS = 30_000;
const LONGEST_PAUSE_MS = 120_000;

/** SPAR is away: nobody is asked about but one person after each pause. */
export interface Outage {
  /** Waits before the next try; false, at once, where the patience is at its end. */
  pause(): Promise<boolean>;
  /** SPAR has answered again, or is waited for no longer. Returns how long it was away, in whole minutes. */
  end(): number;
}

/** @param signal ends a pause early */
export function beginOutage(
  patience: Patience,
  {
    clock,
    signal,
    progress,
  }: { readonly clock: Clock; readonly signal: AbortSignal; readonly progress: Progress },
): Outage {
  const began = clock.elapsed();
  const away = (): number => clock.elapsed() - began;
  let next = FIRST_PAUSE_MS;
  let hasWaited = false;
  return {
    async pause() {
      const length = Math.min(next, patience.left - away());
      if (length <= 0) return false;
      progress({ kind: 'waiting', seconds: length / 1000 });
      await clock.sleep(length, signal);
      hasWaited = true;
      next = Math.min(LONGEST_PAUSE_MS, next * 2);
      return true;
    },
    end() {
      const lasted = away();
      patience.left = Math.max(0, patience.left - lasted);
      return hasWaited ? Math.max(1, Math.round(lasted / 60_000)) : 0;
    },
  };
}

/** @param minutes how long it was waited for; 0: not at all */
export function unreachable(detail: Text | undefined, minutes: number): SparSyncError {
  const waited = inWords(minutes);
  return new SparSyncError(
    'spar-unreachable',
    {
      en: `SPAR cannot be reached${detail ? `: ${detail.en}` : ''}${minutes > 0 ? `; it was waited for ${waited.en}` : ''}`,
      sv: `SPAR går inte att nå${detail ? `: ${detail.sv}` : ''}${minutes > 0 ? `; väntade ${waited.sv}` : ''}`,
    },
    {
      en: 'What was answered is kept. Run the same command again later; `spar-sync check --online` tries the connection alone.',
      sv: 'Det som hann besvaras är sparat. Kör samma kommando igen senare; `spar-sync check --online` prövar bara anslutningen.',
    },
  );
}

export function cameBack(minutes: number): Text {
  const waited = inWords(minutes);
  return {
    en: `SPAR did not answer for ${waited.en}; the run waited and went on.`,
    sv: `SPAR svarade inte på ${waited.sv}; körningen väntade och fortsatte.`,
  };
}

function inWords(minutes: number): Text {
  return minutes === 1
    ? { en: 'a minute', sv: 'en minut' }
    : { en: `${minutes} minutes`, sv: `${minutes} minuter` };
}

/** Something that is no SPAR answer has come twice: what answers there is not SPAR. */
export function notUnderstood(detail: Text): SparSyncError {
  return new SparSyncError(
    'spar-not-understood',
    {
      en: `What came twice instead of SPAR's answer cannot be understood: ${detail.en}`,
      sv: `Det som två gånger kom i stället för SPAR:s svar går inte att förstå: ${detail.sv}`,
    },
    {
      en: 'Check spar.url and whether a proxy stands between; SPAR may also be under maintenance.',
      sv: 'Kontrollera spar.url och om en proxy står emellan; det kan också vara underhåll hos SPAR.',
    },
  );
}
