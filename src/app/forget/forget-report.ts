import type { Brake } from '../../domain/plan-safety.ts';
import type { RowKey } from '../../domain/roster.ts';

/** What `forget` erased or would erase: what `--json` prints, in its order. */
export interface ForgetReport {
  readonly command: 'forget';
  readonly dryRun: boolean;
  /** Each counted once, whatever the number of their numbers; rows of which nobody knows the person too. */
  readonly people: number;
  readonly answers: number;
  /** Changed cells, and rows and links kept whole, whose values are gone from the journal. */
  readonly journalValues: number;
  /** Who they are, as far as it may be shown: by their rows, else by their numbers, masked. */
  readonly erased: readonly (RowKey | { readonly number: string })[];
  /** Protected people who are still in the roster: it stays known that they are, and nothing else. */
  readonly keptProtected: readonly RowKey[];
  /** Rows that the roster has of the others: the next run asks about them again. */
  readonly stillInRoster: readonly RowKey[];
  /** Names on the list that are nobody's. */
  readonly unknown: readonly string[];
  /** Would stop the real command; only a dry run gets this far with it. */
  readonly brake?: Brake;
}
