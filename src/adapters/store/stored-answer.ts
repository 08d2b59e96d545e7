import { type CalendarDate, isCalendarDate } from '../../domain/calendar-date.ts';
import type { Answer } from '../../domain/person.ts';
import { toPersonId } from '../../domain/person-id.ts';

type Check = (value: unknown) => boolean;

/**
 * Whether this is what `answerJson` makes of an answer. Asked of each answer that is read back: a bit that has
 * turned in the file must not make another person, or another kind of answer, of somebody.
 */
export function isStoredAnswer(value: unknown): value is Answer {
  if (!isObject(value)) return false;
  const kind = Reflect.get(value, 'kind');
  const members = typeof kind === 'string' && Object.hasOwn(MEMBERS, kind) ? MEMBERS[kind] : undefined;
  return members !== undefined && isText(kind) && hasOnly(value, { kind: isText, ...members });
}

/** Whether this is a day, as all days are stored. */
export function isStoredDate(value: unknown): value is CalendarDate {
  return typeof value === 'string' && isCalendarDate(value);
}

export function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every(isText);
}

const isText: Check = (value) => typeof value === 'string';
const isTruth: Check = (value) => typeof value === 'boolean';
const isNumber: Check = (value) => typeof value === 'string' && toPersonId(value) !== undefined;
const isOneOf =
  (...words: readonly unknown[]): Check =>
  (value) =>
    words.includes(value);
const isListOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
const isMadeOf =
  (members: Readonly<Record<string, Check>>): Check =>
  (value) =>
    isObject(value) && hasOnly(value, members);

const isName = isMadeOf({
  given: optional(isText),
  callName: optional(isText),
  middle: optional(isText),
  surname: optional(isText),
});
const isSwedish = isMadeOf({
  kind: isOneOf('swedish'),
  careOf: optional(isText),
  lines: isListOf(isText),
  postalCode: optional(isText),
  city: optional(isText),
});
const isInternational = isMadeOf({
  kind: isOneOf('international'),
  lines: isListOf(isText),
  country: optional(isText),
});
const isAddress: Check = (value) => isSwedish(value) || isInternational(value);
const isRelation = isMadeOf({
  id: optional(isNumber),
  name: optional(isName),
  birthDate: optional(isText),
  deceased: isTruth,
});

const MEMBERS: Readonly<Record<string, Readonly<Record<string, Check>>>> = {
  registered: {
    id: isNumber,
    name: isName,
    birthDate: optional(isStoredDate),
    home: optional(isAddress),
    mailing: optional(isAddress),
    contact: optional(isAddress),
    abroad: optional(isAddress),
    emigrated: isTruth,
    guardianship: optional(isMadeOf({ current: isListOf(isRelation), ended: isListOf(isNumber) })),
    predecessors: isListOf(isNumber),
  },
  protected: {
    id: isNumber,
    mark: isOneOf('sekretessmarkering', 'skyddad folkbokföring'),
    since: optional(isStoredDate),
  },
  deregistered: {
    id: isNumber,
    reason: isOneOf('deceased', 'renumbered', 'other'),
    code: optional(isText),
    birthDate: optional(isStoredDate),
    successors: isListOf(isNumber),
  },
  'not-found': { id: isNumber },
  withheld: { id: isNumber },
};

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function hasOnly(value: object, members: Readonly<Record<string, Check>>): boolean {
  for (const key of Object.keys(value)) if (!Object.hasOwn(members, key)) return false;
  for (const key in members) if (!members[key]?.(Reflect.get(value, key))) return false;
  return true;
}
