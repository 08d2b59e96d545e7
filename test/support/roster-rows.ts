import type { RawCell, RawRoster } from './roster-cells.ts';

/** One row of a roster as it stands there. */
export interface RawRow {
  /** `student:17`, `line 4` where it has no id, `link 17→31` in a file of links. */
  readonly name: string;
  readonly cells: readonly RawCell[];
  /** Its delimiters and line end. */
  readonly between: readonly string[];
}

/** The rows in their order; in a CSV file the headings are the first. */
export function rowsOf({ cells, between }: RawRoster): RawRow[] {
  const isCsv = between.length >= cells.length;
  const rows: { cells: RawCell[]; between: string[] }[] = [];
  let ended = true;
  cells.forEach((cell, i) => {
    const last = rows.at(-1);
    const isNew = isCsv ? ended : isOther(last?.cells, cell);
    const row = isNew ? undefined : last;
    const end = isCsv ? (between[i + 1] ?? '') : '';
    if (row === undefined) rows.push({ cells: [cell], between: [end] });
    else {
      row.cells.push(cell);
      row.between.push(end);
    }
    ended = /[\r\n]/.test(end);
  });
  return rows.map((row) => ({ ...row, name: linkName(row.cells) ?? rowName(row.cells[0]) }));
}

/** Whether a cell that a database's table gave is of another row than these. */
function isOther(cells: readonly RawCell[] | undefined, cell: RawCell): boolean {
  if (cells === undefined || rowName(cells[0]) !== rowName(cell)) return true;
  return cells.some(({ name }) => name === cell.name);
}

/** `street` of `student:17 street`. */
export function fieldName({ name }: RawCell): string {
  return name.slice(name.lastIndexOf(' ') + 1);
}

function rowName(cell: RawCell | undefined): string {
  return cell === undefined ? '' : cell.name.slice(0, cell.name.lastIndexOf(' '));
}

function linkName(cells: readonly RawCell[]): string | undefined {
  const of = (field: string) => cells.find((cell) => fieldName(cell) === field)?.raw.replaceAll('"', '');
  const [student, guardian] = [of('student_id'), of('guardian_id')];
  return student === undefined || guardian === undefined ? undefined : `link ${student}→${guardian}`;
}
