import { type PersonType, type RowKey, rowKeyText } from '../../../domain/roster.ts';
import type { AddedLink, AddedRow } from '../../../domain/roster-write.ts';
import type { WholeRow } from '../../../domain/whole-row.ts';
import { parsePersonType } from '../columns.ts';
import type { ArrivingRecord } from './csv-layout.ts';
import type { CsvPeopleFile, PeopleShape } from './csv-people.ts';
import { type CsvRecord, type CsvRecords, textAt } from './csv-records.ts';
import { formatRecord, type NewCell, type RowStyle, surveyStyle } from './csv-row-style.ts';
import { type CsvColumns, cellsFor, fileValueOf } from './csv-whole-row.ts';

/** What a file of people says about the rows that it may get. */
export interface PeopleStyle extends RowStyle {
  /** Keys (`rowKeyText`) that rows of the file have, of those that were asked about. */
  readonly taken: ReadonlySet<string>;
  /** The file's own word for guardians, `guardian` where it has none. */
  readonly guardianWord: string;
}

/** The type and the trimmed id of a record; `undefined` where it is no row of people. */
export function keyOf(record: CsvRecord, file: CsvPeopleFile, people: PeopleShape): RowKey | undefined {
  const { csv, indexes } = people;
  if (record.cells.length !== csv.headers.length) return undefined;
  const id = textAt(record, indexes.get('id') ?? -1, csv.encoding)?.trim() ?? '';
  const type = typeOf(textAt(record, indexes.get('type') ?? -1, csv.encoding), file.type);
  return id === '' || type === undefined ? undefined : { type, id };
}

/** @param gone rows that the same write takes away: their ids are free */
export async function surveyPeople(
  records: CsvRecords,
  file: CsvPeopleFile,
  people: PeopleShape,
  asked: readonly RowKey[],
  gone: ReadonlySet<number>,
): Promise<PeopleStyle> {
  const wanted = new Set(asked.map(rowKeyText));
  const taken = new Set<string>();
  const words = new Map<string, number>();
  const style = await surveyStyle(records, people.csv, (record, row) => {
    const key = keyOf(record, file, people);
    if (key === undefined) return;
    if (wanted.has(rowKeyText(key)) && !gone.has(row)) taken.add(rowKeyText(key));
    if (key.type !== 'guardian') return;
    const word = textAt(record, people.indexes.get('type') ?? -1, people.csv.encoding) ?? '';
    words.set(word, (words.get(word) ?? 0) + 1);
  });
  const [word] = [...words].sort((a, b) => b[1] - a[1])[0] ?? ['guardian'];
  return { ...style, taken, guardianWord: word };
}

/**
 * A row as the file is to get it; `undefined` where the encoding cannot hold it, or where it would not be the
 * row that its key says.
 *
 * @param constants the configured values of new rows, by the index of their column
 */
export function arrivingRow(
  added: AddedRow,
  file: CsvPeopleFile,
  people: PeopleShape,
  style: PeopleStyle,
  constants: ReadonlyMap<number, string>,
): ArrivingRecord | undefined {
  if (added.kind === 'restored') {
    const { key } = added;
    const cells = restoredCells(people, added.whole);
    const id = textOf(cells?.[people.indexes.get('id') ?? -1]);
    const type = typeOf(textOf(cells?.[people.indexes.get('type') ?? -1]), file.type);
    if (id?.trim() !== key.id || type !== key.type) return undefined;
    return restoredRecord(cells, people, style, added.whole);
  }
  const cells = people.csv.headers.map((_, index) => constants.get(index) ?? '');
  const ours = { id: added.key.id, type: style.guardianWord, ...added.cells };
  for (const [column, index] of people.indexes) cells[index] = ours[column] ?? cells[index] ?? '';
  return newRecord(cells, people, style);
}

/** A link as the file is to get it; `undefined` where the encoding cannot hold it or it would be another. */
export function arrivingLink(
  added: AddedLink,
  links: CsvColumns,
  style: RowStyle,
): ArrivingRecord | undefined {
  const { student, guardian } = added.link;
  if (added.kind === 'restored') {
    const cells = restoredCells(links, added.whole);
    const ends = ['student_id', 'guardian_id'].map((end) => textOf(cells?.[links.indexes.get(end) ?? -1]));
    if (ends[0]?.trim() !== student || ends[1]?.trim() !== guardian) return undefined;
    return restoredRecord(cells, links, style, added.whole);
  }
  const { source, relation } = added;
  const ours = new Map(Object.entries({ student_id: student, guardian_id: guardian, source, relation }));
  const cells = links.csv.headers.map(() => '');
  for (const [column, index] of links.indexes) cells[index] = ours.get(column) ?? '';
  return newRecord(cells, links, style);
}

function newRecord(
  cells: readonly string[],
  { csv }: CsvColumns,
  style: RowStyle,
): ArrivingRecord | undefined {
  const bytes = formatRecord(
    cells.map((value) => ({ value })),
    csv,
    style,
  );
  return bytes === undefined ? undefined : { bytes };
}

function restoredRecord(
  cells: readonly NewCell[] | undefined,
  { csv }: CsvColumns,
  style: RowStyle,
  { at, inFile }: WholeRow,
): ArrivingRecord | undefined {
  const bytes = cells === undefined ? undefined : formatRecord(cells, csv, style);
  return bytes === undefined ? undefined : { bytes, at, inFile };
}

function restoredCells(columns: CsvColumns, whole: WholeRow): readonly NewCell[] | undefined {
  const cells: NewCell[] = [];
  for (const cell of cellsFor(columns, whole)) {
    const value = cell === undefined ? '' : fileValueOf(cell.value, columns.csv.encoding);
    if (value === undefined) return undefined;
    cells.push({ value, quoted: cell?.quoted });
  }
  return cells;
}

function textOf(cell: NewCell | undefined): string | undefined {
  return typeof cell?.value === 'string' ? cell.value : undefined;
}

function typeOf(text: string | undefined, configured: PersonType | undefined): PersonType | undefined {
  return configured ?? parsePersonType(text ?? '');
}
