/** A cell as SQLite hands it over, whole numbers as BigInt so that none loses a digit. */
export type SqliteCell = null | bigint | number | string | Uint8Array;

/**
 * The text of a cell: nothing for NULL, whole numbers exactly, also those stored as REAL. `undefined` for bytes.
 */
export function cellText(cell: SqliteCell): string | undefined {
  if (typeof cell === 'string') return cell;
  if (cell === null) return '';
  if (typeof cell === 'bigint') return cell.toString();
  if (typeof cell === 'number') return Number.isInteger(cell) ? BigInt(cell).toString() : String(cell);
  return undefined;
}

/** The text of a cell, and what bytes would be as text: for a number in a row that is left out. */
export function legibleText(cell: SqliteCell): string | undefined {
  const text = cellText(cell);
  if (text !== undefined || !(cell instanceof Uint8Array)) return text;
  const read = ['utf-8', 'utf-16le', 'utf-16be'].map((encoding) => new TextDecoder(encoding).decode(cell));
  return read.find((one) => /^[\x20-\x7e]+$/.test(one));
}

/** Whether SQLite can hold each character; half a surrogate pair becomes something else, NUL ends a text for many. */
export function canHold(text: string): boolean {
  return !/[\0\p{Surrogate}]/u.test(text);
}

/** Where a text holds this, its bytes may not have been text at all; SQLite does not say. */
export const REPLACEMENT = '�';

/** Whether the bytes of a TEXT cell are text in the database's encoding (`UTF-8`, `UTF-16le` or `UTF-16be`). */
export function isText(bytes: Uint8Array, encoding: string): boolean {
  try {
    new TextDecoder(encoding.toLowerCase(), { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/**
 * What to store for a text, in the manner of the cell it replaces: a whole number stays one in a column that has
 * no type; everywhere else the column's affinity decides. An emptied cell takes `empty`.
 */
export function storedLike(old: SqliteCell, text: string, empty: null | ''): null | bigint | string {
  if (text === '') return empty;
  if (typeof old === 'bigint' && /^(0|-?[1-9]\d{0,17})$/.test(text)) return BigInt(text);
  return text;
}
