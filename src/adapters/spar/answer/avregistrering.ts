import type { DeregisteredPerson } from '../../../domain/person.ts';
import { type PersonId, toPersonId } from '../../../domain/person-id.ts';
import { readDate, readValue } from './single-value.ts';
import { childrenNamed, type Element } from './xml.ts';

const DEAD = new Set(['AV', 'A']);
const NEW_NUMBER = new Set(['GN', 'G', 'GS']);
const EMIGRATED = 'UV';

/** Whether the current Persondetaljer say that the person has moved abroad, who then stays registered. */
export function isEmigrated(details: Element): boolean {
  return codeOf(details) === EMIGRATED;
}

/**
 * Why somebody is no longer registered; nothing for the living, the emigrated and dormant
 * samordningsnummer without a code. SPAR's list of codes is open-ended: what is not known is `other`.
 */
export function readDeregistration(details: Element, id: PersonId): DeregisteredPerson | undefined {
  const found = reasonOf(details, id);
  if (found === undefined) return undefined;
  const birthDate = readDate(details, 'Fodelsedatum');
  return {
    kind: 'deregistered',
    id,
    ...found,
    ...(birthDate === undefined ? {} : { birthDate }),
    successors: successorsOf(details, id),
  };
}

/** Earlier numbers of the same person. */
export function predecessorsOf(details: Element, id: PersonId): readonly PersonId[] {
  const found = references(details, 'Fran').flatMap((number) => toPersonId(number) ?? []);
  return [...new Set(found)].filter((number) => number !== id);
}

function reasonOf(details: Element, id: PersonId): Pick<DeregisteredPerson, 'reason' | 'code'> | undefined {
  const code = codeOf(details);
  const shown = code === undefined ? {} : { code };
  const dormantBecause = readValue(details, 'SnVilandeorsak');
  const cause = dormantBecause?.toUpperCase().replace(/[ _]+/g, ' ');
  if ((code !== undefined && DEAD.has(code)) || cause === 'AVLIDEN' || readValue(details, 'SnAvlidendatum')) {
    return { reason: 'deceased', ...shown };
  }
  if (code === undefined || code === EMIGRATED) {
    // A date of death without its code is not described anywhere; nobody writes to that person.
    if (readValue(details, 'Avlidendatum') || readValue(details, 'AntraffadDodDatum')) {
      return { reason: 'deceased', ...shown };
    }
    if (code === EMIGRATED) return undefined;
    // 2023.1, immunitetsnummer.
    if (cause === 'ERSATT' && successorsOf(details, id).length > 0) return { reason: 'renumbered' };
    if (cause === 'ERSATT' || cause === 'FELAKTIGT REGISTRERAT') {
      return { reason: 'other', ...(dormantBecause === undefined ? {} : { code: dormantBecause }) };
    }
    return undefined;
  }
  return { reason: NEW_NUMBER.has(code) ? 'renumbered' : 'other', code };
}

/**
 * The numbers that a Hanvisning leads to, as often as they stand there. One that cannot be followed, or that
 * leads back, takes the others with it: of two of which one is unreadable, the other is not "the" successor.
 */
function successorsOf(details: Element, id: PersonId): readonly PersonId[] {
  const numbers = references(details, 'Till').map(toPersonId);
  const valid = numbers.filter((number) => number !== undefined);
  return valid.length === numbers.length && !valid.includes(id) ? valid : [];
}

function references(details: Element, type: 'Till' | 'Fran'): readonly string[] {
  return childrenNamed(details, 'Hanvisning')
    .filter((reference) => readValue(reference, 'Typ')?.toUpperCase() === type.toUpperCase())
    .map((reference) => readValue(reference, 'IdNummer') ?? '');
}

function codeOf(details: Element): string | undefined {
  return readValue(details, 'AvregistreringsorsakKod')?.toUpperCase();
}
