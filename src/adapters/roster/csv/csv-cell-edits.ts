import { formatCell } from './csv-cells.ts';
import { canEncode, encodeText } from './csv-encoding.ts';
import type { CsvShape } from './csv-file.ts';
import { type CsvRecord, textAt } from './csv-records.ts';
import type { PlacedPatch } from './csv-splice.ts';

/** A cell of a record that is to change. */
export interface CellEdit {
  /** Which; `undefined` where the file has no such column. */
  readonly index: number | undefined;
  /** What it is to hold before; `undefined` where the caller has looked. */
  readonly from: string | undefined;
  readonly to: string;
}

export type EditedCells =
  | { readonly kind: 'edited'; readonly patches: readonly PlacedPatch[] }
  | { readonly kind: 'refused'; readonly reason: 'roster-changed' | 'row-refused' };

/** The changes of one record, cell by cell; refused as a whole when any of them cannot be made. */
export function editCells(
  record: CsvRecord,
  row: number,
  csv: CsvShape,
  edits: readonly CellEdit[],
): EditedCells {
  const patches: PlacedPatch[] = [];
  for (const { index, from, to } of edits) {
    const cell = index === undefined ? undefined : record.cells[index];
    if (index === undefined || cell === undefined || !canEncode(to, csv.encoding)) {
      return { kind: 'refused', reason: 'row-refused' };
    }
    const now = textAt(record, index, csv.encoding);
    if (now !== (from ?? now)) return { kind: 'refused', reason: 'roster-changed' };
    if (now === to) continue;
    const bytes = encodeText(formatCell(to, cell.quoted, csv.dialect), csv.encoding);
    patches.push({ start: record.start + cell.start, end: record.start + cell.end, bytes, place: row });
  }
  return { kind: 'edited', patches };
}
