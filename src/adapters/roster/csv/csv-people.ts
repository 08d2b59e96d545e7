import { isMarked } from '../../../domain/protection-mark.ts';
import {
  type Cells,
  PERSON_TYPES,
  type PersonType,
  type RosterEntry,
  type RosterField,
  type RosterProblem,
  type RosterProblemReason,
  type UntakenRow,
} from '../../../domain/roster.ts';
import { likeNumbers } from '../../../domain/rows/like-numbers.ts';
import type { Text } from '../../../domain/text.ts';
import { isHeaderWord } from '../../config/header-words.ts';
import {
  type ColumnIndexes,
  type ColumnNames,
  matchColumns,
  missingPeopleColumn,
  PEOPLE_COLUMNS,
  type PeopleColumn,
  parsePersonType,
  showHeaders,
} from '../columns.ts';
import { latin1AsWindows1252 } from './csv-encoding.ts';
import type { CsvFile, CsvShape } from './csv-file.ts';
import type { TakeRow } from './csv-table.ts';
import { unreadable } from './csv-trouble.ts';

/** A file of people: everybody, with a type column, or one type. */
export interface CsvPeopleFile extends CsvFile {
  /** What everybody in the file is; a column that says so is not looked at then. */
  readonly type?: PersonType;
  readonly columns?: ColumnNames<PeopleColumn>;
}

/** A file of people, and which of its columns are ours. */
export interface PeopleShape {
  readonly csv: CsvShape;
  readonly indexes: ColumnIndexes<PeopleColumn>;
  readonly fields: ReadonlySet<RosterField>;
}

/**
 * @param place the file's JSON path in the configuration, for the hint
 * @throws SparSyncError `roster-unreadable` when the columns are not those of a roster
 */
export function peopleShapeOf(file: CsvPeopleFile, place: string, csv: CsvShape): PeopleShape {
  const matched = matchColumns(csv.headers, PEOPLE_COLUMNS, file.columns ?? {});
  const trouble =
    matched.kind === 'mismatched' ? matched.trouble : missingPeopleColumn(matched.indexes, file.type);
  if (matched.kind === 'mismatched' || trouble !== undefined) {
    throw columnTrouble(file, place, csv, trouble ?? { en: '', sv: '' });
  }
  const { indexes } = matched;
  const fields = new Set<RosterField>();
  for (const column of indexes.keys()) if (column !== 'id' && column !== 'type') fields.add(column);
  return { csv, indexes, fields };
}

export function columnTrouble(file: CsvFile, place: string, csv: CsvShape, trouble: Text): Error {
  const shown = showHeaders(csv.headers, isHeaderWord);
  const found: Text =
    shown === undefined
      ? {
          en: 'The first line looks like a row rather than column names.',
          sv: 'Första raden ser ut som en rad i registret och inte som kolumnnamn.',
        }
      : { en: `Columns found: ${shown}.`, sv: `Kolumner som finns: ${shown}.` };
  return unreadable(
    file.name,
    csv.headerLine,
    { en: `${trouble.en}. ${found.en}`, sv: `${trouble.sv}. ${found.sv}` },
    {
      en: `Say under ${place}.columns what the file calls its columns, for example { "id": "Elev-ID", "first_name": "Förnamn" }.`,
      sv: `Ange under ${place}.columns vad filen kallar sina kolumner, till exempel { "id": "Elev-ID", "first_name": "Förnamn" }.`,
    },
  );
}

/** Makes entries of a file's rows. */
export function peopleTaker(
  file: CsvPeopleFile,
  source: number,
  { csv, indexes }: PeopleShape,
  add: (entry: RosterEntry) => void,
  onProblem: (problem: RosterProblem) => void,
): TakeRow {
  const cellsOf = cellReader(indexes, csv.encoding === 'windows-1252');
  const id = indexes.get('id') ?? 0;
  const typeColumn = indexes.get('type') ?? 0;
  const markColumn = indexes.get('protected');
  const decode = csv.encoding === 'windows-1252' ? latin1AsWindows1252 : (text: string) => text;

  return (cells, row, line, ragged) => {
    const key = decode(cells[id] ?? '').trim();
    const type = file.type ?? parsePersonType(decode(cells[typeColumn] ?? ''));
    const reason = reasonAgainst(ragged, key, type);
    if (reason === undefined && type !== undefined) {
      add({ key: { type, id: key }, place: { source, row, line }, cells: cellsOf(cells) });
    } else if (reason !== undefined && !isBlank(cells)) {
      const untaken: UntakenRow = {
        id: key,
        types: type === undefined ? PERSON_TYPES : [type],
        numbers: likeNumbers(cells.map(decode)),
        mark: markColumn === undefined ? 'no' : markOf(cells, markColumn, csv.headers.length),
      };
      onProblem({ file: file.name, line, reason, untaken });
    }
  };
}

/**
 * With too many cells the mark may stand so many places further on, with too few so many before, and is lost where
 * the row ends before it.
 */
function markOf(cells: readonly string[], column: number, columns: number): UntakenRow['mark'] {
  const shift = cells.length - columns;
  if (shift === 0) return isMarked(cells[column]) ? 'yes' : 'no';
  const [first, last] = [column + Math.min(0, shift), column + Math.max(0, shift)];
  if (last >= cells.length) return 'perhaps';
  return cells.slice(Math.max(0, first), last + 1).some(isMarked) ? 'perhaps' : 'no';
}

function reasonAgainst(
  ragged: boolean,
  id: string,
  type: PersonType | undefined,
): RosterProblemReason | undefined {
  if (ragged) return 'ragged-row';
  if (id === '') return 'id-empty';
  return type === undefined ? 'unknown-type' : undefined;
}

/** A line of blanks or of delimiters, as spreadsheets leave below a table, is no row. */
export function isBlank(cells: readonly string[]): boolean {
  return cells.every((cell) => cell.trim() === '');
}

/** One literal, so that all entries have one shape; a column that is not there is `undefined` in each. */
function cellReader(
  indexes: ColumnIndexes<PeopleColumn>,
  isWindows1252: boolean,
): (row: readonly string[]) => Cells {
  const at = (field: RosterField): number => indexes.get(field) ?? -1;
  const personnummer = at('personnummer');
  const firstName = at('first_name');
  const lastName = at('last_name');
  const careOf = at('care_of');
  const street = at('street');
  const postalCode = at('postal_code');
  const city = at('city');
  const country = at('country');
  const email = at('email');
  const phone = at('phone');
  const birthDate = at('birth_date');
  const active = at('active');
  const protectedMark = at('protected');
  const status = at('status');
  const sparChecked = at('spar_checked');
  const cell = isWindows1252 ? decodedCell : plainCell;
  return (row) => ({
    personnummer: cell(row, personnummer),
    first_name: cell(row, firstName),
    last_name: cell(row, lastName),
    care_of: cell(row, careOf),
    street: cell(row, street),
    postal_code: cell(row, postalCode),
    city: cell(row, city),
    country: cell(row, country),
    email: cell(row, email),
    phone: cell(row, phone),
    birth_date: cell(row, birthDate),
    active: cell(row, active),
    protected: cell(row, protectedMark),
    status: cell(row, status),
    spar_checked: cell(row, sparChecked),
  });
}

function plainCell(row: readonly string[], index: number): string | undefined {
  return index < 0 ? undefined : row[index];
}

function decodedCell(row: readonly string[], index: number): string | undefined {
  const text = plainCell(row, index);
  return text === undefined ? undefined : latin1AsWindows1252(text);
}
