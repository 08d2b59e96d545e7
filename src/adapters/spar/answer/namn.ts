import type { Name } from '../../../domain/person.ts';
import { readValue } from './single-value.ts';
import type { Element } from './xml.ts';

/** The names in a Namn, or in a Relation to somebody without a number. */
export function readName(element: Element): Name {
  const given = readValue(element, 'Fornamn');
  const used = readValue(element, 'Tilltalsnamn');
  const middle = readValue(element, 'Mellannamn');
  const surname = readValue(element, 'Efternamn');
  const callName = given === undefined || used === undefined ? undefined : callNameOf(given, used);
  return {
    ...(given === undefined ? {} : { given }),
    ...(callName === undefined ? {} : { callName }),
    ...(middle === undefined ? {} : { middle }),
    ...(surname === undefined ? {} : { surname }),
  };
}

/**
 * The names used, out of all given names. `used` is SPAR's Tilltalsnamn: two digits, each the position of a
 * name, 0 for none: 10 the first, 12 the first and the second, 23 the second and the third. A double name
 * counts as two positions: in "Eva Ulla-Karin Isa" Ulla-Karin is 23 and Isa is 40.
 * Source: statenspersonadressregister.se, xml-scheman, namn. Nothing when a position has no name.
 */
export function callNameOf(given: string, used: string): string | undefined {
  if (!/^[1-9][0-9]$/.test(used)) return undefined;
  const parts = given.split(' ').flatMap((name, word) =>
    name
      .split('-')
      .filter((part) => part !== '')
      .map((part) => ({ part, word })),
  );
  const first = parts[Number(used.charAt(0)) - 1];
  if (first === undefined || used.endsWith('0')) return first?.part;
  const second = parts[Number(used.charAt(1)) - 1];
  if (second === undefined || second === first) return undefined;
  return `${first.part}${first.word === second.word ? '-' : ' '}${second.part}`;
}
