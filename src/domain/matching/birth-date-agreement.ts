import { type CalendarDate, calendarDate, parseCalendarDate } from '../calendar-date.ts';
import {
  birthDateOf,
  hasUnknownBirthDate,
  type ParsedPersonId,
  type PersonId,
  parseBirthDate,
} from '../person-id.ts';
import type { Cells } from '../roster.ts';

/**
 * What is known of a date of birth: `YYYY-MM-DD` with `00` for a month or day that is not known, and `??` for
 * a century that is not.
 */
export type KnownBirth = string;

/**
 * `differs-in-part`: what is known of both is not the same, though one of them is not whole.
 * `same-but-century`: all agrees but for a century that one of them leaves open.
 */
export type BirthAgreement = 'same' | 'different' | 'differs-in-part' | 'same-but-century' | 'unknown';

const BLANKS = /\s+/g;
const NO_DIGIT = /\D+/g;

/** The registered date of birth, and the one that the number tells where that is another. */
export function birthsOfPerson(id: PersonId, registered: CalendarDate | undefined): readonly KnownBirth[] {
  const told = birthToldBy(id);
  if (registered === undefined) return [told];
  return registered === told || !isWhole(told) ? [registered] : [registered, told];
}

/** The `birth_date` cell first, and what the number tells; a number with a fault tells nothing. */
export function birthsOfRow(cells: Cells, id: ParsedPersonId): readonly KnownBirth[] {
  const cell = cells.birth_date === undefined ? undefined : parseBirthDate(cells.birth_date);
  if (id.kind === 'valid') return birthsOfPerson(id.id, cell);
  if (cell !== undefined) return [cell];
  const told = id.kind === 'temporary' ? birthInTemporary(cells.personnummer ?? '') : undefined;
  return told === undefined ? [] : [told];
}

/** SPAR's text of a date of birth, which may be partial: `2001`, `2019-01-00`, `0`. */
export function birthsOfText(text: string | undefined): readonly KnownBirth[] {
  const digits = text?.replace(NO_DIGIT, '') ?? '';
  if (digits.length !== 4 && digits.length !== 6 && digits.length !== 8) return [];
  const padded = digits.padEnd(8, '0');
  const [year, month, day] = [padded.slice(0, 4), padded.slice(4, 6), padded.slice(6)];
  // What is left open counts as 01, so that what is known must still make a real day.
  const earliest = calendarDate(Number(year), Number(month) || 1, Number(day) || 1);
  return earliest === undefined ? [] : [`${year}-${month}-${day}`];
}

/** Whether two dates of birth agree, as far as they go. Where somebody has two, one of them is enough. */
export function agreeBirths(one: readonly KnownBirth[], other: readonly KnownBirth[]): BirthAgreement {
  let agreement: BirthAgreement | undefined;
  for (const a of one) {
    for (const b of other) {
      const found = agreeBirth(a, b);
      if (found === 'same') return found;
      if (agreement === undefined || KINDNESS[found] > KINDNESS[agreement]) agreement = found;
    }
  }
  return agreement ?? 'unknown';
}

const KINDNESS: Readonly<Record<BirthAgreement, number>> = {
  same: 4,
  'same-but-century': 3,
  unknown: 2,
  'differs-in-part': 1,
  different: 0,
};

function agreeBirth(a: KnownBirth, b: KnownBirth): BirthAgreement {
  if (a.startsWith('?') || b.startsWith('?')) {
    return differs(a, b, 2, 4) || differs(a, b, 5, 7) || differs(a, b, 8, 10)
      ? 'differs-in-part'
      : isWhole(a) && isWhole(b)
        ? 'same-but-century'
        : 'unknown';
  }
  if (isWhole(a) && isWhole(b)) return a === b ? 'same' : 'different';
  const differ = differs(a, b, 0, 4) || differs(a, b, 5, 7) || differs(a, b, 8, 10);
  return differ ? 'differs-in-part' : 'unknown';
}

function isWhole(birth: KnownBirth): boolean {
  return !isOpen(birth, 5) && !isOpen(birth, 8);
}

function isOpen(birth: KnownBirth, at: number): boolean {
  return birth.charCodeAt(at) === 48 && birth.charCodeAt(at + 1) === 48;
}

/** Whether a part that is known of both differs. A year of `00` is a year. */
function differs(a: KnownBirth, b: KnownBirth, from: number, to: number): boolean {
  if (from >= 5 && (isOpen(a, from) || isOpen(b, from))) return false;
  for (let i = from; i < to; i++) if (a.charCodeAt(i) !== b.charCodeAt(i)) return true;
  return false;
}

function birthToldBy(id: PersonId): KnownBirth {
  if (!hasUnknownBirthDate(id)) return birthDateOf(id);
  const day = Number(id.slice(6, 8));
  return `${id.slice(0, 4)}-${id.slice(4, 6)}-${day > 60 ? `${day - 60}`.padStart(2, '0') : '00'}`;
}

/** `19850412-TF01` tells a whole date; `850412-T123` one without its century. */
function birthInTemporary(cell: string): KnownBirth | undefined {
  const text = cell.replace(BLANKS, '');
  if (text.length >= 12) return parseCalendarDate(dashed(text.slice(0, 4), text.slice(4)));
  const inSomeYear = dashed(`20${text.slice(0, 2)}`, text.slice(2));
  // 29 February is a real day in 2000, 1904 …: the century is not known, but every fourth year has it in both.
  return text.length >= 10 && parseCalendarDate(inSomeYear) !== undefined
    ? `??${inSomeYear.slice(2)}`
    : undefined;
}

function dashed(year: string, monthAndDay: string): string {
  return `${year}-${monthAndDay.slice(0, 2)}-${monthAndDay.slice(2, 4)}`;
}
