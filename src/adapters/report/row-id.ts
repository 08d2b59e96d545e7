import { PERSON_TYPES, type RowKey, rowKeyText } from '../../domain/roster.ts';

const TYPED_ID = /^\s*(student|staff|guardian)\s*:\s*(.*?)\s*$/is;

/**
 * The id of a row where most rows are guardians: plain for a guardian, `type:id` for others and for a guardian
 * whose id would be read as one of those.
 */
export function shortRowId(key: RowKey): string {
  return key.type === 'guardian' && !TYPED_ID.test(key.id) ? key.id : rowKeyText(key);
}

/**
 * The same, with its type wherever a spreadsheet would take the bare id for a number, a date or a truth value
 * and write it back as something else: `007`, `199002262393`, `1-2`, `1e5`, `MAR1`.
 */
export function spreadsheetRowId(key: RowKey): string {
  const id = shortRowId(key);
  return isMangledBySpreadsheets(id) ? rowKeyText(key) : id;
}

/** The row that a text of either form means; a guardian where no type is named. `undefined` for a blank. */
export function parseRowId(text: string): RowKey | undefined {
  const [, word, typed] = TYPED_ID.exec(text) ?? [];
  const id = (typed ?? text).trim();
  if (id === '') return undefined;
  const type = PERSON_TYPES.find((known) => known === word?.toLowerCase()) ?? 'guardian';
  return { type, id };
}

/** Eleven digits are the most that a spreadsheet shows, and saves, as they are. */
const SAFE_NUMBER = /^(?:0|[1-9]\d{0,10})$/;
const LIKE_NUMBER_OR_DATE = /^[-+]?[\d.,:/ \u00a0-]+[%$€]?$|^[-+]?\d+(?:[.,]\d*)?e[-+]?\d+$/i;
const WITH_MONTH =
  /^(?:\d{1,4}[-./ ]*)?(?:jan|feb|mar|apr|maj|may|jun|jul|aug|sep|okt|oct|nov|dec)[a-z]*(?:[-./ ]*\d{1,4}){0,2}$/i;
const TRUTH_VALUE = /^(?:true|false|sant|falskt)$/i;

function isMangledBySpreadsheets(id: string): boolean {
  if (SAFE_NUMBER.test(id)) return false;
  return LIKE_NUMBER_OR_DATE.test(id) || WITH_MONTH.test(id) || TRUTH_VALUE.test(id);
}
