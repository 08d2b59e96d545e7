import type { Permission, PersonRecord, RegisteredPerson } from '../../../domain/person.ts';
import type { PersonId } from '../../../domain/person-id.ts';
import type { Text } from '../../../domain/text.ts';
import { readAddress } from './adress.ts';
import { isEmigrated, predecessorsOf, readDeregistration } from './avregistrering.ts';
import { currentRow } from './current-row.ts';
import { readName } from './namn.ts';
import { readGuardianship } from './relation.ts';
import { onlyChild, readDate, readPersonId, UnclearPost } from './single-value.ts';
import { readProtection } from './skydd.ts';
import { childrenNamed, type Element } from './xml.ts';

export type PostReading =
  | { readonly kind: 'record'; readonly record: PersonRecord }
  | { readonly kind: 'not-understood'; readonly detail: Text };

/**
 * Reads one AviseringPost, the record that Personsök and SPAR's files share, into what it says today; history
 * rows are left behind. Total: a post that does not speak clearly is a value, never a guess.
 * Guardians are read only where `permissions`, those that the question was asked with, hold `relations`.
 */
export function readPost(post: Element, permissions: readonly Permission[]): PostReading {
  try {
    const id = idOfPost(post);
    if (id === undefined) throw new UnclearPost('the post has no PersonId', 'posten saknar PersonId');
    return { kind: 'record', record: readRecord(post, id, permissions) };
  } catch (error) {
    if (error instanceof UnclearPost) return { kind: 'not-understood', detail: error.text };
    throw error;
  }
}

/** Whom a post is about. Throws `UnclearPost` when it names nobody clearly. */
function idOfPost(post: Element): PersonId | undefined {
  const person = onlyChild(post, 'PersonId');
  return person === undefined ? undefined : readPersonId(person, 'IdNummer');
}

function readRecord(post: Element, id: PersonId, permissions: readonly Permission[]): PersonRecord {
  const hidden = readProtection(post, id);
  if (hidden !== undefined) return hidden;
  const details = currentRow(childrenNamed(post, 'Persondetaljer'));
  const gone = details === undefined ? undefined : readDeregistration(details, id);
  return gone ?? readRegistered(post, details, id, permissions);
}

function readRegistered(
  post: Element,
  details: Element | undefined,
  id: PersonId,
  permissions: readonly Permission[],
): RegisteredPerson {
  const name = currentRow(childrenNamed(post, 'Namn'));
  const birthDate = details === undefined ? undefined : readDate(details, 'Fodelsedatum');
  const home = readAddress(post, 'Folkbokforingsadress');
  const mailing = readAddress(post, 'SarskildPostadress');
  const contact = readAddress(post, 'Kontaktadress');
  const abroad = readAddress(post, 'Utlandsadress');
  return {
    kind: 'registered',
    id,
    name: name === undefined ? {} : readName(name),
    ...(birthDate === undefined ? {} : { birthDate }),
    ...(home === undefined ? {} : { home }),
    ...(mailing === undefined ? {} : { mailing }),
    ...(contact === undefined ? {} : { contact }),
    ...(abroad === undefined ? {} : { abroad }),
    emigrated: details !== undefined && isEmigrated(details),
    ...(permissions.includes('relations') ? { guardianship: readGuardianship(post) } : {}),
    predecessors: details === undefined ? [] : predecessorsOf(details, id),
  };
}
