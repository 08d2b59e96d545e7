import { asOneLine, fold, isBlank, isSameCode, isSameText } from './fold.ts';
import type { Address, RegisteredPerson } from './person.ts';
import type { FieldChange } from './plan.ts';
import type { Cells } from './roster.ts';

/** Which address is written: where mail is to go, or where the person is registered and nothing else. */
export type AddressChoice = 'mailing' | 'home';

/** The columns that are one address: if any differs, all of them are replaced. */
export const ADDRESS_FIELDS = ['care_of', 'street', 'postal_code', 'city', 'country'] as const;

export type AddressField = (typeof ADDRESS_FIELDS)[number];

/** `c/o`, `C/O:`, `c.o.`, `℅`, or `co` before a blank or a colon; `CO-NAMN` is a name. Folded text only. */
const CARE_OF_PREFIX = /^(?:(?:c ?[/\\] ?o|c\. ?o\.|℅) ?[.:]?|co(?=[ :]|$):?) ?:? ?/;

/**
 * The address to write, or `undefined` where SPAR has none with a line. Mail goes to the särskild postadress,
 * then the registered address, the contact address, the one abroad; an emigrated person has left the
 * registered address, so there the one abroad comes before it.
 */
export function chooseAddress(person: RegisteredPerson, choice: AddressChoice): Address | undefined {
  const { home, mailing, contact, abroad } = person;
  if (choice === 'home') return usable(home);
  if (usable(mailing)) return mailing;
  if (person.emigrated) return usable(abroad) ?? usable(contact) ?? usable(home);
  return usable(home) ?? usable(contact) ?? usable(abroad);
}

/** What an address is in the roster's five columns; empty where SPAR has nothing. */
export function addressCells(address: Address): Readonly<Record<AddressField, string>> {
  const street = streetOf(address);
  if (address.kind === 'international') {
    return {
      care_of: '',
      street,
      postal_code: '',
      city: '',
      country: asOneLine(address.country ?? ''),
    };
  }
  return {
    care_of: asOneLine(address.careOf ?? ''),
    street,
    postal_code: asOneLine(address.postalCode ?? ''),
    city: asOneLine(address.city ?? ''),
    country: '',
  };
}

/**
 * Whether the roster holds another address, by the columns that it has. Forgives case, repeated blanks,
 * blanks in postal codes, a leading c/o, and any word for Sweden, or none, with a Swedish address.
 */
export function addressDiffers(cells: Cells, address: Address): boolean {
  const swedish = address.kind === 'swedish';
  return (
    (cells.street !== undefined && !isSameText(cells.street, streetOf(address))) ||
    differs(cells.postal_code, (swedish && address.postalCode) || '', isSameCode) ||
    differs(cells.city, (swedish && address.city) || '', isSameText) ||
    differs(cells.care_of, (swedish && address.careOf) || '', isSameCareOf) ||
    (swedish
      ? cells.country !== undefined && !isSweden(cells.country)
      : differs(cells.country, address.country ?? '', isSameText))
  );
}

/**
 * The cells to change so that the roster holds this address: those that compare equal stay as they are, the
 * others get SPAR's value, and those that SPAR lacks are emptied. Never empties a street: the address has a line.
 */
export function addressChanges(cells: Cells, address: Address): readonly FieldChange[] {
  const target = addressCells(address);
  const changes: FieldChange[] = [];
  for (const field of ADDRESS_FIELDS) {
    const from = cells[field];
    if (from === undefined) continue;
    const to = target[field];
    if (!isSameCell(field, from, to, address.kind === 'swedish')) changes.push({ field, from, to });
  }
  return changes;
}

/** Whether two values of one address column are the same to this program. */
function isSameCell(field: AddressField, cell: string, value: string, swedish: boolean): boolean {
  switch (field) {
    case 'care_of':
      return isSameCareOf(cell, value);
    case 'postal_code':
      return isSameCode(cell, value);
    case 'country':
      return swedish ? isSweden(cell) : isSameText(cell, value);
    default:
      return isSameText(cell, value);
  }
}

/** Whether the row has no address yet; a country that only says Sweden is no address. */
export function addressIsEmpty(cells: Cells): boolean {
  return (
    isAbsent(cells.street) &&
    isAbsent(cells.postal_code) &&
    isAbsent(cells.city) &&
    isAbsent(cells.care_of) &&
    (cells.country === undefined || isSweden(cells.country))
  );
}

/** Whether the roster has any column of an address. A country alone cannot hold one. */
export function hasAddressColumns(cells: Cells): boolean {
  return (
    cells.street !== undefined ||
    cells.postal_code !== undefined ||
    cells.city !== undefined ||
    cells.care_of !== undefined
  );
}

function usable(address: Address | undefined): Address | undefined {
  return address?.lines.some((line) => !isBlank(line)) ? address : undefined;
}

function streetOf(address: Address): string {
  const [only] = address.lines;
  if (only !== undefined && address.lines.length === 1) return asOneLine(only);
  return address.lines
    .filter((line) => !isBlank(line))
    .map(asOneLine)
    .join(', ');
}

function differs(
  cell: string | undefined,
  value: string,
  isSame: (a: string, b: string) => boolean,
): boolean {
  return cell !== undefined && cell !== value && !isSame(cell, value);
}

function isAbsent(cell: string | undefined): boolean {
  return cell === undefined || isBlank(cell);
}

function isSweden(cell: string): boolean {
  if (cell === '' || cell === 'Sverige' || cell === 'SE') return true;
  switch (fold(cell)) {
    case '':
    case 'se':
    case 'sverige':
    case 'sweden':
      return true;
    default:
      return false;
  }
}

function isSameCareOf(a: string, b: string): boolean {
  return a === b || foldCareOf(a) === foldCareOf(b);
}

function foldCareOf(text: string): string {
  return fold(text).replace(CARE_OF_PREFIX, '');
}
