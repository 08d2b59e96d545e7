import { stripVTControlCharacters } from 'node:util';
import { toPersonId } from '../../domain/person-id.ts';

/**
 * Controls of C0 and C1, line and paragraph separators, marks that turn the direction of writing, invisible
 * characters, halves of surrogate pairs.
 */
const UNPRINTABLE =
  /[\p{Cc}\u2028\u2029\u061C\u200B\u200E\u200F\u202A-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB\p{Cs}]|[\u{E0000}-\u{E007F}]/gu;

/**
 * The text on one line and without power over the terminal: escape sequences go, line breaks and tabs become
 * blanks, other control characters become `�`. Every value that comes from outside passes through this before
 * it is shown.
 */
export function printable(text: string): string {
  const oneLine = text.replace(/\r\n|[\r\n\t\v\f\u0085\u2028\u2029]/g, ' ');
  return stripVTControlCharacters(oneLine).replace(UNPRINTABLE, '\uFFFD');
}

/** The same characters, line ends of the JSON itself aside. */
const UNPRINTABLE_IN_JSON =
  /[\u007F-\u009F\u2028\u2029\u061C\u200B\u200E\u200F\u202A-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB]|[\u{E0000}-\u{E007F}]/gu;

/**
 * JSON that says the same and has no power over a terminal either: `JSON.stringify` escapes the controls of C0
 * and no others.
 */
export function printableJson(json: string): string {
  return json.replace(UNPRINTABLE_IN_JSON, (character) =>
    character.replace(/[\s\S]/g, (half) => `\\u${half.charCodeAt(0).toString(16).padStart(4, '0')}`),
  );
}

/** As `printable`, and cut where it would fill the screen. */
export function printableShort(text: string, length = 80): string {
  const characters = [...printable(text)];
  return characters.length > length ? `${characters.slice(0, length - 1).join('')}…` : characters.join('');
}

/**
 * What may be a personnummer of ten or twelve digits, a samordningsnummer (day 61–91, month 00 and day 60
 * exist) or a temporary one, however its last four are parted from the rest, with letters beside it or not. A UUID
 * or a digest is taken whole first, so that no part of it is.
 */
const NUMBER =
  /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?<![0-9a-f])[0-9a-f]{32,}(?![0-9a-f])|(?<!\p{N})(?<day>(?:1[89]|20)?\d{2}(?:0\d|1[0-2])(?:0[1-9]|[12]\d|3[01]|[678]\d|9[01]))(?<sign>[-+‐‑‒–—−_/.\s]{0,3})(?<serial>\d{4}|[A-Z]\d{3}|[A-Z]{2}\d{2})(?!\p{N})/giu;

/**
 * The same with the date parted too: `2015-01-12-2384`, `19 90 02 26 2393`. The last four stand together: a phone number
 * is written in pairs at its end.
 */
const PARTED =
  /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?<!\p{N})(?<parted>(?:(?:1[89]|20)[-‐‑‒–—−_.\s]?)?\d{2}[-‐‑‒–—−_.\s]?\d{2}[-‐‑‒–—−_.\s]?\d{2}[-+‐‑‒–—−_.\s]?\d{4})(?!\p{N}|-\d)/giu;

const FULL_WIDTH_DIGITS = /[\uFF10-\uFF19]/g;

/**
 * The text with every personnummer in it as `20101231-****`. What is not certain is masked too; only in a path, and
 * where the date is parted, must the check digit agree, since backups are kept under a date and a time.
 */
export function maskNumbers(text: string): string {
  return text
    .replace(FULL_WIDTH_DIGITS, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xfee0))
    .replace(
      NUMBER,
      (whole, day: string | undefined, sign: string, serial: string, at: number, all: string) => {
        if (day === undefined) return whole;
        const end = at + whole.length;
        const inPath =
          sign.includes('/') ||
          /[/\\]/.test(all.charAt(at - 1)) ||
          /^(?:[/\\]|\.[a-z])/i.test(all.slice(end, end + 2));
        if (inPath && !isNumber(`${day.slice(-6)}${serial}`)) return whole;
        return `${day}${sign === '+' ? '+' : '-'}****`;
      },
    )
    .replace(PARTED, (whole, parted: string | undefined) => {
      if (parted === undefined) return whole;
      const digits = parted.replace(/\D/g, '');
      return isNumber(digits.slice(-10)) ? `${digits.slice(0, -4)}-****` : whole;
    });
}

const TEN_DIGITS = /^\d{2}(?:0\d|1[0-2])(?:0[1-9]|[12]\d|3[01]|[678]\d|9[01])\d{4}$/;

/** Whether the check digit of ten digits agrees, and there is such a day in some century. */
function isNumber(ten: string): boolean {
  if (!TEN_DIGITS.test(ten)) return false;
  return ['18', '19', '20'].some((century) => toPersonId(`${century}${ten}`) !== undefined);
}

/** A cell of the column `personnummer`, masked whatever is in it: `20101231-****`, `T***`. */
export function maskNumberCell(cell: string): string {
  const text = printable(cell).trim();
  if (text === '') return '';
  const masked = maskNumbers(text);
  return masked !== text
    ? masked
    : `${text.slice(0, Math.max(0, text.length - 4)).replace(/[-+ ]$/, '')}-****`;
}
