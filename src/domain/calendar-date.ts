/** A day in Europe/Stockholm as `YYYY-MM-DD`. Compares as text. Never made with `new Date(text)`. */
export type CalendarDate = string & { readonly __brand: 'CalendarDate' };

/** How long an answer stays fresh: calendar months, or days. */
export type Freshness =
  | { readonly kind: 'months'; readonly months: number }
  | { readonly kind: 'days'; readonly days: number };

const LAST_DATE = '9999-12-31' as CalendarDate;
const ISO_UTC = /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?Z$/;
const FRESHNESS_DAYS = /^([1-9]\d{0,6}) days$/;

/** Whether the text is a day of the calendar, from year 1, written `YYYY-MM-DD` and nothing else. */
export function isCalendarDate(text: string): text is CalendarDate {
  if (text.length !== 10 || text.charCodeAt(4) !== 45 || text.charCodeAt(7) !== 45) return false;
  for (let i = 0; i < 10; i++) {
    if (i !== 4 && i !== 7 && !isDigit(text.charCodeAt(i))) return false;
  }
  return isRealDay(yearOf(text), monthOf(text), dayOf(text));
}

export function parseCalendarDate(text: string): CalendarDate | undefined {
  return isCalendarDate(text) ? text : undefined;
}

/** The day with these numbers, or `undefined` where the calendar has none. */
export function calendarDate(year: number, month: number, day: number): CalendarDate | undefined {
  return isRealDay(year, month, day) ? write(year, month, day) : undefined;
}

/** Days since 1970-01-01, negative before it. */
export function dayNumber(date: CalendarDate): number {
  return dayNumberOf(yearOf(date), monthOf(date), dayOf(date));
}

/** The date so many days later; nothing lies after 9999-12-31. */
export function addDays(date: CalendarDate, days: number): CalendarDate {
  const number = dayNumber(date) + days;
  // Hinnant's civil_from_days: years that begin in March, in eras of 400 of them.
  const shifted = number + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  return write(
    yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1,
  );
}

/** The first day on which something of that day is stale. 31 January and a month is the last of February. */
export function addPeriod(date: CalendarDate, period: Freshness): CalendarDate {
  if (period.kind === 'days') return addDays(date, period.days);
  const months = yearOf(date) * 12 + monthOf(date) - 1 + period.months;
  const year = Math.floor(months / 12);
  const month = (months % 12) + 1;
  return write(year, month, Math.min(dayOf(date), daysInMonth(year, month)));
}

/** `week`, `month`, `quarter`, or `N days` with N from 1, as the configuration says it. */
export function parseFreshness(text: string): Freshness | undefined {
  switch (text) {
    case 'week':
      return { kind: 'days', days: 7 };
    case 'month':
      return { kind: 'months', months: 1 };
    case 'quarter':
      return { kind: 'months', months: 3 };
    default: {
      const days = FRESHNESS_DAYS.exec(text)?.[1];
      return days === undefined ? undefined : { kind: 'days', days: Number(days) };
    }
  }
}

/** Whether an answer is dated after today: a clock or an `--as-of` was wrong. Worth a remark. */
export function isFromTheFuture(fetchedOn: CalendarDate, today: CalendarDate): boolean {
  return fetchedOn > today;
}

/**
 * Stale when the date of the answer and the period together do not lie after today. An answer dated tomorrow
 * counts as fresh (a run around midnight); one dated later is not believed.
 */
export function isStale(fetchedOn: CalendarDate, today: CalendarDate, freshness: Freshness): boolean {
  if (fetchedOn > today) return dayNumber(fetchedOn) > dayNumber(today) + 1;
  if (freshness.kind === 'days') return dayNumber(fetchedOn) + freshness.days <= dayNumber(today);
  const months = (yearOf(today) - yearOf(fetchedOn)) * 12 + monthOf(today) - monthOf(fetchedOn);
  if (months !== freshness.months) return months > freshness.months;
  return dayOf(today) >= Math.min(dayOf(fetchedOn), daysInMonth(yearOf(today), monthOf(today)));
}

/** Whole years of age. Somebody born on 29 February has the birthday on the 28th where there is no 29th. */
export function ageOn(birth: CalendarDate, today: CalendarDate): number {
  const years = yearOf(today) - yearOf(birth);
  const month = monthOf(birth);
  const monthsPast = monthOf(today) - month;
  if (monthsPast > 0) return years;
  if (monthsPast < 0) return years - 1;
  const birthday = Math.min(dayOf(birth), daysInMonth(yearOf(today), month));
  return dayOf(today) >= birthday ? years : years - 1;
}

/**
 * The day in Stockholm at an instant in UTC (`2026-11-23T22:30:00.000Z`), by the rule of the EU since 1996:
 * summer time from the last Sunday of March to the last of October, changing at 01:00 UTC, so that the hour
 * before midnight tells by the date alone.
 *
 * @throws Error when the text is not an ISO 8601 instant in UTC: a bug of the caller.
 */
export function calendarDateInStockholm(isoUtc: string): CalendarDate {
  const parts = ISO_UTC.exec(isoUtc);
  const date = parts?.[1] === undefined ? undefined : parseCalendarDate(parts[1]);
  if (date === undefined) throw new Error('Not an instant in UTC as ISO 8601 writes it');
  const hour = Number(parts?.[2]);
  const offset = hour === 22 && isSummerTimeLate(date) ? 2 : 1;
  return hour + offset >= 24 ? addDays(date, 1) : date;
}

/** The instant at which a day begins in Stockholm: midnight is never skipped nor had twice. ISO 8601 in UTC. */
export function startOfDayInStockholm(date: CalendarDate): string {
  const before = addDays(date, -1);
  return `${before}T${isSummerTimeLate(before) ? 22 : 23}:00:00.000Z`;
}

/** Whether it is summer time in the last hours of the day in UTC, when the next one begins in Stockholm. */
function isSummerTimeLate(date: CalendarDate): boolean {
  const month = monthOf(date);
  if (month !== 3 && month !== 10) return month > 3 && month < 10;
  const changed = dayOf(date) >= lastSundayOf31(yearOf(date), month);
  return month === 3 ? changed : !changed;
}

/** Day of the month of the last Sunday in a month of 31 days. 1970-01-01 was a Thursday. */
function lastSundayOf31(year: number, month: number): number {
  return 31 - ((dayNumberOf(year, month, 31) + 4) % 7);
}

/** Hinnant's days_from_civil. */
function dayNumberOf(year: number, month: number, day: number): number {
  const marchYear = month <= 2 ? year - 1 : year;
  const era = Math.floor(marchYear / 400);
  const yearOfEra = marchYear - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  return (
    era * 146_097 +
    yearOfEra * 365 +
    Math.floor(yearOfEra / 4) -
    Math.floor(yearOfEra / 100) +
    dayOfYear -
    719_468
  );
}

function isRealDay(year: number, month: number, day: number): boolean {
  return year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function write(year: number, month: number, day: number): CalendarDate {
  if (year > 9999) return LAST_DATE;
  const text = year > 999 ? `${year}` : `${year}`.padStart(4, '0');
  return `${text}-${month < 10 ? '0' : ''}${month}-${day < 10 ? '0' : ''}${day}` as CalendarDate;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function digit(text: string, at: number): number {
  return text.charCodeAt(at) - 48;
}

function yearOf(date: string): number {
  return digit(date, 0) * 1000 + digit(date, 1) * 100 + digit(date, 2) * 10 + digit(date, 3);
}

function monthOf(date: string): number {
  return digit(date, 5) * 10 + digit(date, 6);
}

function dayOf(date: string): number {
  return digit(date, 8) * 10 + digit(date, 9);
}
