import type { JournalledAct, RunRecord } from '../../../app/journal-port.ts';
import type { HistoryTexts } from './history-texts.ts';

const ACTS = [
  'row-added',
  'row-removed',
  'link-added',
  'link-removed',
  'link-moved',
] as const satisfies readonly JournalledAct['kind'][];

/** What a run wrote, in words: `47 cells in 20 rows, 2 rows added`. */
export function writtenInWords(run: RunRecord, words: HistoryTexts): string {
  const { changes, changedRows, acts, decisions } = run;
  const parts = [
    ...(changes > 0 ? [words.cells(changes, changedRows)] : []),
    ...ACTS.filter((kind) => acts[kind] > 0).map((kind) => words.acts[kind](acts[kind])),
    ...(decisions > 0 ? [words.decisions(decisions)] : []),
  ];
  return parts.length === 0 ? words.wroteNothing : parts.join(', ');
}

/** How a run ended, in words, and which runs took it back. */
export function endInWords({ phase, exit, undoneBy }: RunRecord, words: HistoryTexts): string {
  const end = endOf(phase, exit);
  const told = Object.entries(words.ended).find(([key]) => key === end)?.[1] ?? words.ended.other;
  return undoneBy.length === 0 ? told : `${told}; ${words.undoneBy(undoneBy.join(', '))}`;
}

/** A run that was cut off has no exit; the next run settles what became of it. */
function endOf(phase: RunRecord['phase'], exit: string | undefined): string {
  if (exit !== undefined) return exit;
  switch (phase) {
    case 'started':
      return 'open';
    case 'planned':
      return 'cut-off';
    case 'applied':
      return 'done';
    case 'not-applied':
      return 'not-applied';
  }
}
