import { type CsvForm, encodeCsvTable } from './csv-output.ts';
import { neutraliseFormula } from './formula-cells.ts';

/**
 * A table for other programs, as the bytes of a CSV file. For Excel, and only there, formula cells are
 * neutralised: another program would take the apostrophe for part of the value.
 */
export function renderExport(
  headings: readonly string[],
  rows: Iterable<readonly string[]>,
  form: CsvForm,
): Buffer {
  return encodeCsvTable(lines(), form);

  function* lines(): Generator<readonly string[]> {
    yield headings;
    for (const row of rows) yield form === 'excel' ? row.map(neutraliseFormula) : row;
  }
}
