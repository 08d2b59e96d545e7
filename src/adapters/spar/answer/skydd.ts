import { type CalendarDate, parseCalendarDate } from '../../../domain/calendar-date.ts';
import type { ProtectedPerson, ProtectionMark } from '../../../domain/person.ts';
import type { PersonId } from '../../../domain/person-id.ts';
import { childrenNamed, type Element } from './xml.ts';

/**
 * Fails closed: a person is unprotected only when both marks stand there once, as a plain NEJ. Where SPAR has
 * set a mark itself it carries an attribute (`sattAvSPAR`), and nobody knows what else may come. Nothing in
 * here may throw: an unclear mark is a protected person, not an unclear post.
 */
export function readProtection(post: Element, id: PersonId): ProtectedPerson | undefined {
  if (
    isPlainNo(post, 'Sekretessmarkering') &&
    isPlainNo(post, 'SkyddadFolkbokforing') &&
    !isMarkedInDetails(post) &&
    !isMarkedElsewhere(post)
  ) {
    return undefined;
  }
  const mark: ProtectionMark = saysYes(post, 'SkyddadFolkbokforing')
    ? 'skyddad folkbokföring'
    : 'sekretessmarkering';
  const since = onlyDate(
    post,
    mark === 'sekretessmarkering' ? 'SekretessDatum' : 'SkyddadFolkbokforingDatum',
  );
  return { kind: 'protected', id, mark, ...(since === undefined ? {} : { since }) };
}

const MARKS: readonly string[] = ['Sekretessmarkering', 'SkyddadFolkbokforing'];

/** Persondetaljer repeat the marks; in rows that have not clearly ended they must agree. */
function isMarkedInDetails(post: Element): boolean {
  return childrenNamed(post, 'Persondetaljer').some((row) => !hasClearlyEnded(row) && isMarkedIn(row));
}

/** Nowhere else has SPAR a mark that we know of; one that says anything but NEJ is not to be overlooked. */
function isMarkedElsewhere(parent: Element): boolean {
  return parent.children.some(
    (child) => child.name !== 'Persondetaljer' && (isMarkedIn(child) || isMarkedElsewhere(child)),
  );
}

function isMarkedIn(parent: Element): boolean {
  return MARKS.some((mark) => childrenNamed(parent, mark).length > 0 && !isPlainNo(parent, mark));
}

function hasClearlyEnded(row: Element): boolean {
  const till = onlyDate(row, 'DatumTill');
  return till !== undefined && till !== '9999-12-31';
}

function isPlainNo(parent: Element, name: string): boolean {
  const [mark, another] = childrenNamed(parent, name);
  return (
    mark !== undefined &&
    another === undefined &&
    mark.text === 'NEJ' &&
    mark.attributes.size === 0 &&
    mark.children.length === 0
  );
}

function saysYes(parent: Element, name: string): boolean {
  return childrenNamed(parent, name).some((mark) => mark.text.trim().toUpperCase() === 'JA');
}

function onlyDate(parent: Element, name: string): CalendarDate | undefined {
  const [date, another] = childrenNamed(parent, name);
  return date === undefined || another !== undefined ? undefined : parseCalendarDate(date.text.trim());
}
