import type { Address } from '../../../domain/person.ts';
import { currentRow } from './current-row.ts';
import { readValue } from './single-value.ts';
import { childrenNamed, type Element } from './xml.ts';

/**
 * The current address of one kind (Folkbokforingsadress, SarskildPostadress, Kontaktadress, Utlandsadress).
 * The dates of an address stand inside its SvenskAdress or InternationellAdress.
 */
export function readAddress(post: Element, kind: string): Address | undefined {
  const row = currentRow(
    childrenNamed(post, kind).flatMap((address) => [
      ...childrenNamed(address, 'SvenskAdress'),
      ...childrenNamed(address, 'InternationellAdress'),
    ]),
  );
  if (row === undefined) return undefined;
  return row.name === 'SvenskAdress' ? readSwedish(row) : readInternational(row);
}

/**
 * Utdelningsadress2 is the street; Utdelningsadress1 is a line printed before it. Source:
 * statenspersonadressregister.se, förändringar i SPAR från 2021-06-19.
 */
function readSwedish(row: Element): Address {
  const careOf = readValue(row, 'CareOf');
  const postalCode = readValue(row, 'PostNr');
  const city = readValue(row, 'Postort');
  return {
    kind: 'swedish',
    ...(careOf === undefined ? {} : { careOf }),
    lines: linesOf(row, ['Utdelningsadress1', 'Utdelningsadress2']),
    ...(postalCode === undefined ? {} : { postalCode }),
    ...(city === undefined ? {} : { city }),
  };
}

function readInternational(row: Element): Address {
  const country = readValue(row, 'Land');
  return {
    kind: 'international',
    lines: linesOf(row, ['Utdelningsadress1', 'Utdelningsadress2', 'Utdelningsadress3']),
    ...(country === undefined ? {} : { country }),
  };
}

function linesOf(row: Element, names: readonly string[]): readonly string[] {
  return names.flatMap((name) => readValue(row, name) ?? []);
}
