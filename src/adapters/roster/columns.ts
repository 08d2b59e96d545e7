import { type PersonType, ROSTER_FIELDS, type RosterField } from '../../domain/roster.ts';
import type { Text } from '../../domain/text.ts';

/** Our columns of a file or table of people. */
export type PeopleColumn = 'id' | 'type' | RosterField;

/** Our columns of a file or table of links. */
export type LinkColumn = 'student_id' | 'guardian_id' | 'relation' | 'source';

export const PEOPLE_COLUMNS: readonly PeopleColumn[] = ['id', 'type', ...ROSTER_FIELDS];

export const LINK_COLUMNS: readonly LinkColumn[] = ['student_id', 'guardian_id', 'relation', 'source'];

/** Our column names to the roster's own headers; a column that is not named has our name. */
export type ColumnNames<Column extends string> = { readonly [C in Column]?: string };

/** Which of a roster's columns are ours: the index into its headers. */
export type ColumnIndexes<Column extends string> = ReadonlyMap<Column, number>;

export type MatchedColumns<Column extends string> =
  | { readonly kind: 'matched'; readonly indexes: ColumnIndexes<Column> }
  | { readonly kind: 'mismatched'; readonly trouble: Text };

/**
 * Finds our columns among a roster's headers, which are compared as `comparable` has them. A
 * header that the configuration names is not also taken for the column of ours that has its name.
 */
export function matchColumns<Column extends string>(
  headers: readonly string[],
  ours: readonly Column[],
  names: ColumnNames<Column>,
): MatchedColumns<Column> {
  const there = headers.map(comparable);
  const named = new Set(
    ours.flatMap((column) => (names[column] === undefined ? [] : [comparable(names[column])])),
  );
  const indexes = new Map<Column, number>();
  const taken = new Map<number, Column>();
  for (const column of ours) {
    const configured = names[column];
    const header = comparable(configured ?? column);
    if (configured === undefined && named.has(header)) continue;
    const index = there.indexOf(header);
    if (index < 0) {
      if (configured !== undefined) return mismatch(absent(column, configured));
      continue;
    }
    const earlier = taken.get(index);
    if (there.includes(header, index + 1)) return mismatch(doubled(configured ?? column));
    if (earlier !== undefined) return mismatch(shared(earlier, column));
    indexes.set(column, index);
    taken.set(index, column);
  }
  return { kind: 'matched', indexes };
}

/** What a table of people must have besides: an id, a name, and a type unless the configuration gives one. */
export function missingPeopleColumn(
  indexes: ColumnIndexes<PeopleColumn>,
  configuredType: PersonType | undefined,
): Text | undefined {
  if (!indexes.has('id')) return { en: 'no column is "id"', sv: 'ingen kolumn är "id"' };
  if (!indexes.has('first_name') && !indexes.has('last_name')) {
    return {
      en: 'no column is "first_name" or "last_name"',
      sv: 'ingen kolumn är "first_name" eller "last_name"',
    };
  }
  if (configuredType === undefined && !indexes.has('type')) {
    return {
      en: 'no column is "type", and the configuration gives no "type" for it',
      sv: 'ingen kolumn är "type", och inställningarna anger ingen "type" för den',
    };
  }
  return undefined;
}

const TYPE_WORDS: ReadonlyMap<string, PersonType> = new Map([
  ['student', 'student'],
  ['elev', 'student'],
  ['staff', 'staff'],
  ['personal', 'staff'],
  ['guardian', 'guardian'],
  ['vårdnadshavare', 'guardian'],
  ['närstående', 'guardian'],
]);

/** The type that a cell names, in either language and any case. */
export function parsePersonType(text: string): PersonType | undefined {
  return TYPE_WORDS.get(text) ?? TYPE_WORDS.get(comparable(text));
}

/**
 * The headers of a file as an error may show them, or `undefined` where they look like a person rather than like
 * headers (a file without a header line): an error never shows a name or a personnummer.
 *
 * @param isUsual whether a column is commonly called so; of headers at least half are
 */
export function showHeaders(
  headers: readonly string[],
  isUsual: (header: string) => boolean,
): string | undefined {
  if (headers.some((header) => /@|\d{4}|^\s*\d+\s*$/.test(header))) return undefined;
  return headers.filter(isUsual).length * 2 < headers.length ? undefined : listHeaders(headers);
}

/** The names of columns, of which there may be many. */
export function listHeaders(headers: readonly string[]): string {
  const shown = headers.slice(0, 40).map((header) => header.trim().slice(0, 40));
  return headers.length > shown.length ? `${shown.join(', ')}, …` : shown.join(', ');
}

/** A header as it is compared: without case and surrounding blanks. */
export function comparable(header: string): string {
  return header.normalize('NFC').trim().toLowerCase();
}

function mismatch<Column extends string>(trouble: Text): MatchedColumns<Column> {
  return { kind: 'mismatched', trouble };
}

function absent(column: string, header: string): Text {
  return {
    en: `"columns" says that "${column}" is the column "${header}", which is not there`,
    sv: `"columns" säger att "${column}" är kolumnen "${header}", som inte finns`,
  };
}

function doubled(header: string): Text {
  return { en: `two columns are called "${header}"`, sv: `två kolumner heter "${header}"` };
}

function shared(one: string, other: string): Text {
  return {
    en: `one column would be both "${one}" and "${other}"`,
    sv: `en och samma kolumn skulle vara både "${one}" och "${other}"`,
  };
}
