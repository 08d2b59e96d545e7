import { type PersonType, type RowKey, rowKeyText } from '../roster.ts';

const WHOLE_NUMBER = /^\d+$/;
const LEADING_ZEROS = /^0+(?=\d)/;

/**
 * A total order of ids: whole numbers by value before all others, those by their characters. The same
 * everywhere, whatever the language of the machine.
 */
export function compareIds(a: string, b: string): number {
  if (a === b) return 0;
  const areNumbers = WHOLE_NUMBER.test(a);
  if (areNumbers !== WHOLE_NUMBER.test(b)) return areNumbers ? -1 : 1;
  return (areNumbers && compareDigits(a, b)) || (a < b ? -1 : 1);
}

const RANK: Readonly<Record<PersonType, number>> = { guardian: 0, student: 1, staff: 2 };

/** The order in which rows are named: guardians before others, then by id. */
export function compareRowKeys(a: RowKey, b: RowKey): number {
  return RANK[a.type] - RANK[b.type] || compareIds(a.id, b.id);
}

export function isSameKey(a: RowKey, b: RowKey): boolean {
  return a.type === b.type && a.id === b.id;
}

/** One text for two rows, whichever of them is named first. */
export function pairText(a: RowKey, b: RowKey): string {
  return JSON.stringify([rowKeyText(a), rowKeyText(b)].sort());
}

/** By value, however many digits: an id may be longer than any number is exact. */
function compareDigits(a: string, b: string): number {
  const [one, other] = [a.replace(LEADING_ZEROS, ''), b.replace(LEADING_ZEROS, '')];
  if (one.length !== other.length) return one.length - other.length;
  return one === other ? 0 : one < other ? -1 : 1;
}
