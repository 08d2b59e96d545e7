import { type CalendarDate, parseCalendarDate } from '../../../domain/calendar-date.ts';
import { readValue, UnclearPost } from './single-value.ts';
import type { Element } from './xml.ts';

/** The date that SPAR writes for "until further notice" (DatumTid-1.1). */
const UNTIL_FURTHER_NOTICE = '9999-12-31';

/**
 * Whether a row of a person's history says what is registered today: DatumTill is 9999-12-31, or there are no
 * dates at all, as where history is not shown. History rows may overlap and stand in any order, so nothing
 * else tells. Dates that are not dates make the post unclear.
 */
export function isCurrent(row: Element): boolean {
  const from = readValue(row, 'DatumFrom');
  const till = readValue(row, 'DatumTill');
  if (from === undefined && till === undefined) return true;
  if (from === undefined || till === undefined || !isDate(from) || !isDate(till)) {
    throw new UnclearPost(`${row.name} has unclear dates`, `${row.name} har otydliga datum`);
  }
  return till === UNTIL_FURTHER_NOTICE;
}

/** Of the rows that are current, the one SPAR got last; nothing when none is. */
export function currentRow(rows: readonly Element[]): Element | undefined {
  let newest: Element | undefined;
  for (const row of rows) {
    if (isCurrent(row) && (newest === undefined || since(row) > since(newest))) newest = row;
  }
  return newest;
}

function since(row: Element): string {
  return readValue(row, 'DatumFrom') ?? '';
}

function isDate(text: string): text is CalendarDate {
  return parseCalendarDate(text) !== undefined;
}
