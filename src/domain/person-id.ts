import { ageOn, type CalendarDate, calendarDate, parseCalendarDate } from './calendar-date.ts';
import type { PersonType } from './roster.ts';

/**
 * A personnummer, samordningsnummer or immunitetsnummer of twelve digits whose check digit is right. Only
 * `parsePersonId` and `toPersonId` make one, so a ten-digit number cannot reach a port.
 */
export type PersonId = string & { readonly __brand: 'PersonId' };

/** Many people at a seventh of the memory: their numbers as whole numbers, in any order, maybe several times. */
export type PersonNumbers = Float64Array;

export function personNumbers(ids: Iterable<PersonId>): PersonNumbers {
  return Float64Array.from(ids, Number);
}

/** What is wrong with a number. `age`: nobody is that old, or ten digits of 100 years or more without a `+`. */
export type PersonIdFault = 'form' | 'date' | 'future' | 'check-digit' | 'age' | 'birth-date';

export type ParsedPersonId =
  | { readonly kind: 'valid'; readonly id: PersonId }
  | { readonly kind: 'missing' }
  /** Invented by a school or a region for somebody without a number; means nothing to SPAR. */
  | { readonly kind: 'temporary' }
  | { readonly kind: 'invalid'; readonly why: PersonIdFault };

/** What else is known where a number is read: ten digits do not tell the century. */
export interface PersonIdReading {
  readonly type: PersonType;
  /** Today. */
  readonly asOf: CalendarDate;
  /** The row's `birth_date` cell; counts when it is a date as `YYYY-MM-DD` or `YYYYMMDD`. */
  readonly birthDate?: string | undefined;
}

/** How a column writes numbers. */
export interface PersonIdStyle {
  readonly digits: 12 | 10;
  /** Whether a `-` (or a `+`) stands before the last four. */
  readonly separated: boolean;
}

const MISSING: ParsedPersonId = { kind: 'missing' };
const TEMPORARY: ParsedPersonId = { kind: 'temporary' };
const BLANKS = /\s+/g;
const ONLY_DASHES = /^[-‐‑–−]*$/;
/** `20100101-TF01`, `100101T123`, and reserve numbers that have a letter among the last four. */
const TEMPORARY_WITH_DATE = /^(?:\d{6}|\d{8})[-+‐‑–−]?(?!\d{4}$)[0-9A-Za-zÅÄÖåäö]{4}$/;
const TEMPORARY_ALONE = /^TF?\d{1,6}$/i;

/** Swedish numbers begin with people born in the nineteenth century; the check digit says nothing of it. */
const FIRST_CENTURY = 18;
/** Staff and guardians are at least this old. */
const LEAST_AGE_OF_ADULTS = 15;
/** Far beyond anybody in the register: a wrong century, which the check digit does not show. */
const GREATEST_AGE = 150;

/**
 * Reads the `personnummer` cell of a row: 10 or 12 digits, with `-`, `+` or nothing before the last four and
 * blanks anywhere. Total: any text gives one of the four kinds.
 */
export function parsePersonId(cell: string, reading: PersonIdReading): ParsedPersonId {
  if (cell.length === 12 && hasDigits(cell, 0, 12)) return parseTwelve(cell, reading);
  if (cell.length === 13 && cell.charCodeAt(8) === 45 && hasDigits(cell, 0, 8) && hasDigits(cell, 9, 13)) {
    return parseTwelve(cell.slice(0, 8) + cell.slice(9), reading);
  }
  const text = cell.replace(BLANKS, '');
  if (ONLY_DASHES.test(text)) return MISSING;
  const sign = text.charAt(text.length - 5);
  const separated = isDash(sign) || sign === '+';
  const digits = separated ? text.slice(0, -5) + text.slice(-4) : text;
  if ((digits.length === 12 || digits.length === 10) && hasDigits(digits, 0, digits.length)) {
    return digits.length === 12 ? parseTwelve(digits, reading) : parseTen(digits, sign === '+', reading);
  }
  return TEMPORARY_WITH_DATE.test(text) || TEMPORARY_ALONE.test(text) ? TEMPORARY : invalid('form');
}

/** A number as SPAR writes it: twelve digits, the first of them not 0, with the right check digit. */
export function toPersonId(text: string): PersonId | undefined {
  return text.length === 12 && text.charCodeAt(0) !== 48 && hasDigits(text, 0, 12) && checksumIsRight(text, 2)
    ? (text as PersonId)
    : undefined;
}

/** For screens and logs: `20101231-****`. */
export function maskPersonId(id: PersonId): string {
  return `${id.slice(0, 8)}-****`;
}

/**
 * The date of birth that the number tells. A samordningsnummer may leave month or day open: the earliest
 * possible date then. SPAR's own birth date need not agree with it.
 */
export function birthDateOf(id: PersonId): CalendarDate {
  const year = number(id, 0, 4);
  const month = Math.min(Math.max(number(id, 4, 6), 1), 12);
  const written = number(id, 6, 8);
  const day = Math.max(written > 60 ? written - 60 : written === 60 ? 1 : written, 1);
  return calendarDate(year, month, day) ?? (`${id.slice(0, 4)}-01-01` as CalendarDate);
}

/** Whether a samordningsnummer leaves month or day of birth open: month 00, or day 60. */
export function hasUnknownBirthDate(id: PersonId): boolean {
  return id.slice(4, 6) === '00' || id.slice(6, 8) === '60';
}

/**
 * Whether somebody, by number or by date of birth, is certainly under 18: what the number leaves open counts
 * as early in the year, so that no permission is used for somebody who may be of age.
 */
export function isUnder18(who: PersonId | CalendarDate, today: CalendarDate): boolean {
  const birth = who.length === 12 ? birthDateOf(who as PersonId) : (who as CalendarDate);
  return birth <= today && ageOn(birth, today) < 18;
}

/**
 * Writes a number as its column does. Where ten digits would be read as somebody else's in that row (another
 * century), twelve are written.
 */
export function formatLike(id: PersonId, style: PersonIdStyle, reading: PersonIdReading): string {
  const last = id.slice(8);
  const twelve = style.separated ? `${id.slice(0, 8)}-${last}` : id;
  if (style.digits === 12) return twelve;
  for (const sign of style.separated ? ['-', '+'] : ['', '+']) {
    const ten = `${id.slice(2, 8)}${sign}${last}`;
    const read = parsePersonId(ten, reading);
    if (read.kind === 'valid' && read.id === id) return ten;
  }
  return twelve;
}

function parseTwelve(digits: string, reading: PersonIdReading): ParsedPersonId {
  const century = number(digits, 0, 2);
  const birth = century < FIRST_CENTURY ? undefined : birthDateIn(century, digits, 2);
  if (birth === undefined) return invalid('date');
  if (birth > reading.asOf) return invalid('future');
  if (ageOn(birth, reading.asOf) > GREATEST_AGE) return invalid('age');
  return checksumIsRight(digits, 2) ? { kind: 'valid', id: digits as PersonId } : invalid('check-digit');
}

function parseTen(digits: string, plus: boolean, reading: PersonIdReading): ParsedPersonId {
  if (!checksumIsRight(digits, 0)) return invalid('check-digit');
  const { type, asOf } = reading;
  const thisYear = number(asOf, 0, 4);
  const leastAge = type === 'student' ? 0 : LEAST_AGE_OF_ADULTS;
  let realDay = false;
  for (let century = Math.floor(thisYear / 100); century >= FIRST_CENTURY; century--) {
    const birth = birthDateIn(century, digits, 0);
    if (birth === undefined) continue;
    realDay = true;
    if (birth > asOf || ageOn(birth, asOf) < leastAge) continue;
    // The plus is written from New Year of the year in which somebody turns 100 (18 § folkbokföringslagen).
    if (plus && thisYear - number(birth, 0, 4) < 100) continue;
    const age = ageOn(birth, asOf);
    if (age > GREATEST_AGE || (!plus && age >= 100)) return invalid('age');
    if (disagrees(digits, birth, reading.birthDate)) return invalid('birth-date');
    return { kind: 'valid', id: `${century}${digits}` as PersonId };
  }
  return invalid(realDay ? 'future' : 'date');
}

/**
 * The (earliest) date of birth of a number whose two-digit year stands at `at`. In a samordningsnummer the
 * day is raised by 60, day 60 and month 00 are unknown, and what is known must still make a real day.
 */
function birthDateIn(century: number, digits: string, at: number): CalendarDate | undefined {
  const year = century * 100 + number(digits, at, at + 2);
  const month = number(digits, at + 2, at + 4);
  const day = number(digits, at + 4, at + 6);
  if (day < 60) return calendarDate(year, month, day);
  if (month > 0) return calendarDate(year, month, Math.max(day - 60, 1));
  return calendarDate(year, 1, Math.max(day - 60, 1));
}

/** Whether the row's own date of birth says otherwise about what the ten-digit number tells. */
function disagrees(digits: string, birth: CalendarDate, cell: string | undefined): boolean {
  if (cell === undefined || cell === '') return false;
  const known = parseBirthDate(cell);
  if (known === undefined) return false;
  const monthOpen = number(digits, 2, 4) === 0;
  const dayOpen = number(digits, 4, 6) === 60;
  return (
    known.slice(0, 4) !== birth.slice(0, 4) ||
    (!monthOpen && known.slice(5, 7) !== birth.slice(5, 7)) ||
    (!dayOpen && known.slice(8) !== birth.slice(8))
  );
}

/** A `birth_date` cell: `YYYY-MM-DD` or `YYYYMMDD`; anything else tells nothing. */
export function parseBirthDate(cell: string): CalendarDate | undefined {
  const text = cell.trim();
  return parseCalendarDate(
    text.length === 8 ? `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}` : text,
  );
}

/** Luhn over the ten digits from `at`, weights 2, 1, 2, 1 … */
function checksumIsRight(digits: string, at: number): boolean {
  let sum = 0;
  for (let i = 0; i < 10; i++) {
    const value = digits.charCodeAt(at + i) - 48;
    const weighted = i % 2 === 0 ? value * 2 : value;
    sum += weighted > 9 ? weighted - 9 : weighted;
  }
  return sum % 10 === 0;
}

function invalid(why: PersonIdFault): ParsedPersonId {
  return { kind: 'invalid', why };
}

function isDash(character: string): boolean {
  return character === '-' || (character !== '' && ONLY_DASHES.test(character));
}

function hasDigits(text: string, from: number, to: number): boolean {
  for (let i = from; i < to; i++) {
    const code = text.charCodeAt(i);
    if (code < 48 || code > 57) return false;
  }
  return true;
}

function number(text: string, from: number, to: number): number {
  let value = 0;
  for (let i = from; i < to; i++) value = value * 10 + text.charCodeAt(i) - 48;
  return value;
}

/** So many digits are more than the id of a row has as a rule, and what a number with a slip in it has. */
const DIGITS_OF_A_SLIP = 9;
const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * A name that somebody gave and that is nobody's, for a message that repeats it: where it may be a number, most of
 * it goes. Masking what is shown finds numbers only where they are written right.
 */
export function maskGiven(text: string): string {
  const digits = text.replace(/\P{N}/gu, '').length;
  return digits < DIGITS_OF_A_SLIP || UUID.test(text) ? text : `${[...text].slice(0, 4).join('')}****`;
}
