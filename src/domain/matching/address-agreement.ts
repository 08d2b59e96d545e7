import { addressCells } from '../address.ts';
import { fold } from '../fold.ts';
import type { Address, RegisteredPerson } from '../person.ts';
import type { Cells } from '../roster.ts';
import { foldLetters } from './name-letters.ts';

/** An address in the form in which addresses are compared. Only made where there is a street. */
export interface ComparedAddress {
  /** The street with its number, as cells of the roster are compared, without the number of the flat. */
  readonly house: string;
  readonly flat: string;
  /** Without blanks; empty where none is known. */
  readonly postalCode: string;
  /** Houses of other countries have no postal code of their own here. */
  readonly isAbroad: boolean;
  /** The house, and its last line alone, however they are spelt: equal ones are not another address. */
  readonly spellings: readonly string[];
  /** Where post goes to somebody who lives elsewhere: often a relative's. */
  readonly isForPost: boolean;
}

/**
 * `same-post`: where post goes to one of them, and where perhaps the other lives, a grandfather. `unknown`:
 * nothing to compare, or too little to tell.
 */
export type AddressAgreement = 'same' | 'same-post' | 'other' | 'unknown';

const FLAT = /[ ,]*\b(?:lgh|läg|lägenhet)\b[. ]*(?:nr[. ]*)?([0-9a-z]+)$/;
const BLANKS = /\s+/g;
const STREET_WORD = /gatan|gata|vagen|vag/g;

/** All addresses of a person, each once: any of them may be the one that the school has. */
export function comparedAddressesOf(person: RegisteredPerson): readonly ComparedAddress[] {
  const compared: ComparedAddress[] = [];
  const { home, abroad, mailing, contact } = person;
  for (const address of [home, abroad, mailing, contact]) {
    const isForPost = address === mailing || address === contact;
    const made = address === undefined ? undefined : comparedAddress(address, isForPost);
    if (made !== undefined && !compared.some((known) => isSameAddress(known, made))) compared.push(made);
  }
  return compared;
}

export function comparedAddressesOfRow(cells: Cells): readonly ComparedAddress[] {
  const made = make(cells.street ?? '', cells.postal_code ?? '', false, false);
  return made === undefined ? [] : [made];
}

/** Whether two people have an address in common. Another address is only one in another street or house. */
export function agreeAddresses(
  one: readonly ComparedAddress[],
  other: readonly ComparedAddress[],
): AddressAgreement {
  let agreement: AddressAgreement = one.length === 0 || other.length === 0 ? 'unknown' : 'other';
  for (const a of one) {
    for (const b of other) {
      if (isSameAddress(a, b)) {
        if (!a.isForPost && !b.isForPost) return 'same';
        agreement = 'same-post';
      } else if (agreement !== 'same-post' && isSameHouseSomehow(a, b)) agreement = 'unknown';
    }
  }
  return agreement;
}

function comparedAddress(address: Address, isForPost: boolean): ComparedAddress | undefined {
  const { street, postal_code } = addressCells(address);
  return make(street, postal_code, address.kind === 'international', isForPost);
}

function make(
  street: string,
  postalCode: string,
  isAbroad: boolean,
  isForPost: boolean,
): ComparedAddress | undefined {
  const folded = fold(street);
  const found = FLAT.exec(folded);
  const house = found === null ? folded : folded.slice(0, found.index);
  const whole = spelling(house);
  if (whole === '') return undefined;
  const line = spelling(house.slice(house.lastIndexOf(',') + 1));
  return {
    house,
    flat: found?.[1] ?? '',
    postalCode: postalCode.replace(BLANKS, '').toLowerCase(),
    isAbroad,
    isForPost,
    spellings: line === '' || line === whole ? [whole] : [whole, line],
  };
}

/** The same street, house and flat with the same postal code; abroad a street is enough. */
function isSameAddress(a: ComparedAddress, b: ComparedAddress): boolean {
  return (
    a.house === b.house &&
    a.flat === b.flat &&
    a.postalCode === b.postalCode &&
    (a.postalCode !== '' || a.isAbroad || b.isAbroad)
  );
}

function isSameHouseSomehow(a: ComparedAddress, b: ComparedAddress): boolean {
  return a.spellings.some((spelt) => b.spellings.includes(spelt));
}

/** `Storg. 1 A` and `STORGATAN 1A` are spelt alike. */
function spelling(house: string): string {
  return foldLetters(house).replace(STREET_WORD, (word) => word.charAt(0));
}
