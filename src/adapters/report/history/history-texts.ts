import type { JournalledAct } from '../../../app/journal-port.ts';
import type { Language } from '../../../domain/text.ts';
import type { UndoLeftReason } from '../../../domain/undo-plan.ts';
import type { ErrorCode } from '../../../errors.ts';
import type { ReasonText } from '../texts.ts';
import { HISTORY_TEXTS_EN } from './history-texts.en.ts';
import { HISTORY_TEXTS_SV } from './history-texts.sv.ts';

/** The words of `history` and `undo`. Ids and dates arrive as they are to be shown. */
export interface HistoryTexts {
  readonly runs: (runs: number) => string;
  readonly noRuns: string;
  readonly earlierRuns: (runs: number) => string;
  readonly run: (run: number) => string;
  readonly by: (who: string) => string;
  readonly dryRun: string;
  readonly asOf: (date: string) => string;
  readonly undoes: (run: number) => string;
  readonly undoneBy: (runs: string) => string;
  readonly wroteNothing: string;
  readonly cells: (cells: number, rows: number) => string;
  readonly decisions: (decisions: number) => string;
  readonly acts: Readonly<Record<JournalledAct['kind'], (count: number) => string>>;
  /** Above the acts of one kind in one run. */
  readonly actHeadings: Readonly<Record<JournalledAct['kind'], (count: number) => string>>;
  readonly movedFrom: (from: string) => string;
  readonly erased: (values: number) => string;
  readonly ended: Readonly<
    Record<ErrorCode | 'done' | 'gaps' | 'bug' | 'not-applied' | 'cut-off' | 'open' | 'other', string>
  >;
  readonly toUndo: (run: number) => string;
  readonly undo: {
    readonly restored: (changes: number, people: number) => string;
    readonly removedRows: (rows: number) => string;
    readonly restoredRows: (rows: number) => string;
    readonly removedLinks: (links: number) => string;
    readonly addedLinks: (links: number) => string;
    readonly movedLinks: (links: number) => string;
    readonly decisions: (decisions: number) => string;
    readonly left: (items: number) => string;
    readonly leftReasons: Readonly<Record<UndoLeftReason, ReasonText>>;
    readonly nothing: string;
    readonly done: (undoes: number, run: number) => string;
    readonly doneInPart: (undoes: number, run: number) => string;
    readonly wouldBeDone: (undoes: number) => string;
  };
}

const TEXTS: Readonly<Record<Language, HistoryTexts>> = { en: HISTORY_TEXTS_EN, sv: HISTORY_TEXTS_SV };

export function historyTextsOf(language: Language): HistoryTexts {
  return TEXTS[language];
}
