import { SparSyncError } from '../errors.ts';
import type { Journal } from './journal-port.ts';

/** A sentence about a run, by its number. */
export type InRun = Readonly<Record<'en' | 'sv', (run: number) => string>>;

export const MAY_STAND: InRun = {
  en: (run) => `Part of what run ${run} was to write may stand in the roster; the next run finds out.`,
  sv: (run) =>
    `En del av det som körning ${run} skulle skriva kan stå i registret; nästa körning tar reda på det.`,
};

const STANDS: InRun = {
  en: (run) =>
    `What run ${run} was to write had been written by then and stands in the roster; \`spar-sync history ${run}\` shows it.`,
  sv: (run) =>
    `Det som körning ${run} skulle skriva hade då skrivits och står i registret; \`spar-sync history ${run}\` visar det.`,
};

/**
 * Adds to an error of the state file whether the run had written to the roster by then: its exit code says that
 * nothing was written, and whoever reads it must not believe that where it is not so. Other errors come back as
 * they are.
 */
export async function withWhatStands(
  error: unknown,
  run: number,
  journal: Pick<Journal, 'run'>,
): Promise<unknown> {
  if (!(error instanceof SparSyncError) || !error.code.startsWith('state-')) return error;
  // Where it cannot even be read, nobody knows.
  const record = await journal.run(run).catch(() => undefined);
  const hasWritten =
    record !== undefined && record.changes + Object.values(record.acts).reduce((a, b) => a + b, 0) > 0;
  if (record === undefined || record.dryRun || !hasWritten) return error;
  const words = record.phase === 'applied' ? STANDS : record.phase === 'planned' ? MAY_STAND : undefined;
  if (words === undefined) return error;
  const { code, text, hint, reference } = error;
  return new SparSyncError(
    code,
    { en: `${asSentence(text.en)} ${words.en(run)}`, sv: `${asSentence(text.sv)} ${words.sv(run)}` },
    hint,
    reference,
  );
}

export function asSentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
