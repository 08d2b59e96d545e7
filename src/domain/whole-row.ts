/** What a roster's own cell may hold, in JSON: text, nothing, or what a database keeps besides. */
export type WholeValue =
  | string
  | null
  | { readonly kind: 'integer'; readonly text: string }
  | { readonly kind: 'real'; readonly value: number }
  | { readonly kind: 'bytes'; readonly base64: string };

/** One cell of a row as its file or table holds it. */
export interface WholeCell {
  /** The roster's own name of the column. */
  readonly column: string;
  /** Our name of it, where it is one of ours. */
  readonly field?: string;
  readonly value: WholeValue;
  /** Whether a file held it in quotes; missing where that is not known. */
  readonly quoted?: boolean;
}

/** What else a file shows of a row, without which it could not come back byte for byte. */
export interface RowInFile {
  /** A file of which nothing but ASCII is left does not tell it any more. */
  readonly encoding: string;
  /** All that stood between the row before it and this one: a line end, and blank lines. */
  readonly before: string;
  /** Its own line end; empty for the last row of a file that ends without one. */
  readonly after: string;
}

/**
 * A row of people or of links with all its columns, those that mean nothing to this program too: enough to put
 * it back as it was. A value that can be kept as JSON.
 */
export interface WholeRow {
  /** `RosterSource.name`, or the name of the links. */
  readonly source: string;
  readonly cells: readonly WholeCell[];
  /** Where it stood, as far as its adapter can say (`RowPlace.row`): it is put back there if that still fits. */
  readonly at: number;
  readonly inFile?: RowInFile;
}

/** Columns that this program keeps up to date by itself: a difference in them is no change of the row. */
const KEPT_BY_US: ReadonlySet<string | undefined> = new Set(['status', 'spar_checked']);

/** Whether two whole rows hold the same, whatever their place; `status` and `spar_checked` do not count. */
export function isSameWholeRow(a: WholeRow, b: WholeRow): boolean {
  if (a.source !== b.source) return false;
  const [one, other] = [a, b].map((row) => row.cells.filter(({ field }) => !KEPT_BY_US.has(field)));
  if (one === undefined || other === undefined || one.length !== other.length) return false;
  const values = new Map(other.map(({ column, value }) => [column, JSON.stringify(value)]));
  return one.every(({ column, value }) => values.get(column) === JSON.stringify(value));
}
