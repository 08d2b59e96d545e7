import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type PersonId, toPersonId } from '../../src/domain/person-id.ts';

const OWN = new URL('../../fixtures/messages/', import.meta.url);
/** SPAR's own recorded answers and schema lie beside the project where it is developed, and are no part of it. */
const BESIDE = new URL('../../../shared/spar/', import.meta.url);
const RECORDED = new URL('answers/recorded/', BESIDE);

/** The text of a message in `fixtures/messages/`, by name without `.xml`. */
export function ownMessage(name: string): string {
  return readFileSync(new URL(`${name}.xml`, OWN), 'utf8');
}

export function ownMessageNames(): readonly string[] {
  return readdirSync(OWN).map((file) => file.replace(/\.xml$/, ''));
}

/** Why recorded answers cannot be used; nothing when they can. For the name of a skipped suite. */
export const noRecordings = existsSync(RECORDED)
  ? undefined
  : 'the recorded answers are not beside the project';

export function recordedIds(): readonly PersonId[] {
  return noRecordings === undefined ? readdirSync(RECORDED).map((file) => personId(file.slice(0, 12))) : [];
}

export function recordedAnswer(id: string): string {
  return readFileSync(new URL(`${id}.xml`, RECORDED), 'utf8');
}

/** Names without `.xml`; none where the folder is not there. */
export function syntheticNames(): readonly string[] {
  const folder = new URL('answers/synthetic/', BESIDE);
  return existsSync(folder) ? readdirSync(folder).map((file) => file.replace(/\.xml$/, '')) : [];
}

export function syntheticAnswer(name: string): string {
  return readFileSync(new URL(`answers/synthetic/${name}.xml`, BESIDE), 'utf8');
}

/** The official schema, or nothing where it is not beside the project. */
export function officialSchema(name: 'PersonsokningFraga' | 'PersonsokningSvar'): string | undefined {
  const file = fileURLToPath(new URL(`schema-2021.1/granssnitt/personsok/2021.1/${name}.xsd`, BESIDE));
  return existsSync(file) ? file : undefined;
}

/** A number that is known to be right. */
export function personId(text: string): PersonId {
  const id = toPersonId(text);
  if (id === undefined) throw new Error(`${text} is no valid number`);
  return id;
}
