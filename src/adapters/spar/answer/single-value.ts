import { type CalendarDate, parseCalendarDate } from '../../../domain/calendar-date.ts';
import { type PersonId, toPersonId } from '../../../domain/person-id.ts';
import type { Text } from '../../../domain/text.ts';
import { childrenNamed, type Element } from './xml.ts';

/**
 * A post that does not say one thing clearly. Thrown and caught inside the reading of a post; outside it is a
 * value. The element's name is SPAR's word; no value is in it.
 */
export class UnclearPost extends Error {
  readonly text: Text;
  constructor(en: string, sv: string) {
    super(en);
    this.text = { en, sv };
  }
}

/** The only child of that name; nothing when there is none. A second one makes the post unclear. */
export function onlyChild(parent: Element, name: string): Element | undefined {
  const [child, another] = childrenNamed(parent, name);
  if (another !== undefined) {
    throw new UnclearPost(
      `${name} stands twice in ${parent.name}`,
      `${name} står två gånger i ${parent.name}`,
    );
  }
  return child;
}

/** The value of the only child of that name, with blanks and line breaks inside it as single blanks. */
export function readValue(parent: Element, name: string): string | undefined {
  const child = onlyChild(parent, name);
  if (child === undefined) return undefined;
  if (child.children.length > 0) {
    throw new UnclearPost(`${name} is not a plain value`, `${name} är inte ett enkelt värde`);
  }
  const value = child.text.replace(/\s+/g, ' ').trim();
  return value === '' ? undefined : value;
}

/** A full date; partial ones (`2019-01-00`, `2001`, `0`) are unknown dates. */
export function readDate(parent: Element, name: string): CalendarDate | undefined {
  const value = readValue(parent, name);
  return value === undefined ? undefined : parseCalendarDate(value);
}

/** The number in that child. One that no person can have makes the post unclear. */
export function readPersonId(parent: Element, name: string): PersonId | undefined {
  const value = readValue(parent, name);
  if (value === undefined) return undefined;
  const id = toPersonId(value);
  if (id === undefined) {
    throw new UnclearPost(
      `${name} in ${parent.name} is no valid number`,
      `${name} i ${parent.name} är inget giltigt nummer`,
    );
  }
  return id;
}
