import { exactNames, type MadeUpAddress, type MadeUpAdult, plainName, streetOf } from './made-up-adults.ts';
import { NICKNAMES } from './made-up-names.ts';
import type { SeededRandom } from './seeded-random.ts';

/** Ways in which a school has written down somebody who is a guardian. */
export const WRITINGS = [
  'known number, twelve digits',
  'known number, ten digits',
  'exact, birth date and address',
  'exact, birth date',
  'exact, address',
  'exact, alone',
  'exact, old address',
  'exact, street without flat',
  'exact, mistyped birth date',
  'exact, other relation word',
  'typing error',
  'lost å ä ö',
  'swapped names',
  'nickname',
  'other given name',
  'married since',
  'part of a double surname',
  'temporary number',
  'invalid number',
  'valid number of nobody',
  'two errors at once',
] as const;

export type Writing = (typeof WRITINGS)[number];

/** How common each is. */
const SHARES: Readonly<Record<Writing, number>> = {
  'known number, twelve digits': 20,
  'known number, ten digits': 9,
  'exact, birth date and address': 9,
  'exact, birth date': 9,
  'exact, address': 20,
  'exact, alone': 9,
  'exact, old address': 4,
  'exact, street without flat': 1.5,
  'exact, mistyped birth date': 0.15,
  'exact, other relation word': 0.3,
  'typing error': 3,
  'lost å ä ö': 2.5,
  'swapped names': 1,
  nickname: 3,
  'other given name': 2,
  'married since': 1.2,
  'part of a double surname': 1.5,
  'temporary number': 2,
  'invalid number': 1.5,
  'valid number of nobody': 0.1,
  'two errors at once': 0.3,
};

export interface GuardianCells {
  readonly personnummer: string;
  readonly first_name: string;
  readonly last_name: string;
  readonly birth_date: string;
  readonly street: string;
  readonly postal_code: string;
  readonly city: string;
  readonly phone: string;
}

/** A row as written, and what in it speaks for its person. */
export interface WrittenRow {
  readonly cells: GuardianCells;
  readonly writing: Writing;
  /** Whether the number in it leads to its person. */
  readonly isKnown: boolean;
  readonly hasExactName: boolean;
  readonly birthDate: Agreement;
  /** With the home address. */
  readonly address: Agreement;
  /** A relation word that the row's links are to bear, where it is not that of a parent. */
  readonly relation?: string;
}

export type Agreement = 'agrees' | 'differs' | 'unknown';

export interface Wishes {
  readonly writing?: Writing;
  /** No number that SPAR knows, so that the row has to be compared. */
  readonly isUnnumbered?: boolean;
  /** A number that no person has, for the rare row that holds one. */
  readonly strayNumber: () => string;
  /** Written instead of the person's own address, as when a school copies the child's. */
  readonly writtenAddress?: MadeUpAddress | 'none';
  readonly birthDate?: 'none';
}

export function writeGuardian(random: SeededRandom, adult: MadeUpAdult, wishes: Wishes): WrittenRow {
  const writing = wishes.writing ?? chooseWriting(random, adult, wishes.isUnnumbered ?? false);
  const name = writeName(random, adult, writing);
  const number = writeNumber(random, adult, writing, wishes);
  const birthDate =
    wishes.birthDate === 'none' ? '' : writeBirthDate(random, adult, writing, number.birthDateIsOpen);
  const address = wishes.writtenAddress ?? writtenAddress(random, adult, writing);
  const shown = address === 'none' ? undefined : address;
  const street =
    shown === undefined ? '' : writing === 'exact, street without flat' ? shown.street : streetOf(shown);
  return {
    writing,
    cells: {
      personnummer: number.text,
      ...name,
      birth_date: birthDate,
      street,
      postal_code: shown === undefined ? '' : writePostalCode(random, shown.postalCode),
      city: shown === undefined ? '' : random.happens(0.5) ? shown.city : capitalised(shown.city),
      phone: random.happens(0.6) ? adult.phone : '',
    },
    isKnown: number.isKnown,
    hasExactName: exactNames(adult).includes(plainName(name.first_name, name.last_name)),
    birthDate: birthDate === '' ? 'unknown' : isBirthDateOf(adult, birthDate) ? 'agrees' : 'differs',
    address:
      shown === undefined
        ? 'unknown'
        : street === streetOf(adult.home) && shown.postalCode === adult.home.postalCode
          ? 'agrees'
          : 'differs',
    ...(writing === 'exact, other relation word' && {
      relation: random.pick(['kontaktperson', 'god man', 'familjehem', 'bonusförälder']),
    }),
  };
}

function chooseWriting(random: SeededRandom, adult: MadeUpAdult, isUnnumbered: boolean): Writing {
  const choices = WRITINGS.filter((writing) => canWrite(adult, writing, isUnnumbered)).map(
    (writing) => [writing, SHARES[writing]] as const,
  );
  return random.weighted(choices);
}

export function canWrite(adult: MadeUpAdult, writing: Writing, isUnnumbered: boolean): boolean {
  const { given, surname, home } = adult;
  switch (writing) {
    case 'known number, twelve digits':
    case 'known number, ten digits':
    case 'valid number of nobody':
      return !isUnnumbered && adult.id !== undefined;
    case 'invalid number':
      return adult.id !== undefined;
    case 'exact, street without flat':
      return home.apartment !== '';
    case 'lost å ä ö':
      return /[åäöéüćı]/i.test(`${given.call}${surname}`);
    case 'nickname':
      return NICKNAMES[given.call] !== undefined;
    case 'other given name':
      return given.all.length > 1;
    case 'part of a double surname':
      return /^\p{Lu}[^ -]{2,}[ -]\p{Lu}/u.test(surname);
    case 'married since':
      return adult.formerSurname !== surname;
    default:
      return true;
  }
}

function writeName(
  random: SeededRandom,
  adult: MadeUpAdult,
  writing: Writing,
): Pick<GuardianCells, 'first_name' | 'last_name'> {
  const { given, middle, surname } = adult;
  const first = random.happens(0.8) ? given.call : given.all.join(' ');
  const last = middle !== undefined && random.happens(0.3) ? `${middle} ${surname}` : surname;
  switch (writing) {
    case 'typing error':
      return random.happens(0.5)
        ? { first_name: mistype(random, given.call), last_name: surname }
        : { first_name: given.call, last_name: mistype(random, surname) };
    case 'two errors at once':
      return { first_name: mistype(random, given.call), last_name: mistype(random, surname) };
    case 'lost å ä ö': {
      const lose = random.weighted([
        [loseDots, 75],
        [loseToQuestionMarks, 12],
        [loseToTwoLetters, 13],
      ]);
      return { first_name: lose(given.call), last_name: lose(surname) };
    }
    case 'swapped names':
      return { first_name: surname, last_name: given.call };
    case 'nickname':
      return { first_name: random.pick(NICKNAMES[given.call] ?? [given.call]), last_name: surname };
    case 'other given name': {
      const others = given.all.filter((name) => name !== given.call);
      return { first_name: others[random.below(others.length)] ?? given.call, last_name: surname };
    }
    case 'married since':
      return { first_name: given.call, last_name: adult.formerSurname };
    case 'part of a double surname': {
      const parts = surname.split(/[ -]/);
      return { first_name: given.call, last_name: parts[random.below(parts.length)] ?? surname };
    }
    default:
      return writeLoosely(random, first, last);
  }
}

/** What is forgiven: case, blanks, hyphens. */
function writeLoosely(
  random: SeededRandom,
  first: string,
  last: string,
): Pick<GuardianCells, 'first_name' | 'last_name'> {
  const loosely = random.weighted<(text: string) => string>([
    [(text) => text, 88],
    [(text) => text.toUpperCase(), 5],
    [(text) => text.toLowerCase(), 2],
    [(text) => text.replaceAll('-', ' '), 3],
    [(text) => ` ${text.replaceAll(' ', '  ')} `, 2],
  ]);
  return { first_name: loosely(first), last_name: loosely(last) };
}

interface WrittenNumber {
  readonly text: string;
  readonly isKnown: boolean;
  /** A ten-digit or temporary number stands beside a birth date only now and then. */
  readonly birthDateIsOpen: boolean;
}

function writeNumber(
  random: SeededRandom,
  adult: MadeUpAdult,
  writing: Writing,
  wishes: Wishes,
): WrittenNumber {
  const id = adult.id ?? '';
  const date = adult.birthDate.replaceAll('-', '');
  switch (writing) {
    case 'known number, twelve digits':
      return { text: id, isKnown: true, birthDateIsOpen: true };
    case 'known number, ten digits':
      return { text: `${id.slice(2, 8)}-${id.slice(8)}`, isKnown: true, birthDateIsOpen: true };
    case 'temporary number': {
      const text = random.weighted([
        [`${date}-TF0${1 + random.below(9)}`, 60],
        [`${date.slice(2)}T${100 + random.below(900)}`, 20],
        [`T${100 + random.below(900)}`, 20],
      ]);
      return { text, isKnown: false, birthDateIsOpen: true };
    }
    case 'invalid number':
      return { text: withWrongDigit(random, id), isKnown: false, birthDateIsOpen: true };
    case 'valid number of nobody':
      return { text: wishes.strayNumber(), isKnown: false, birthDateIsOpen: true };
    default:
      return { text: '', isKnown: false, birthDateIsOpen: true };
  }
}

/** One wrong digit among the last four: the check digit shows it always. */
function withWrongDigit(random: SeededRandom, id: string): string {
  const at = 8 + random.below(4);
  const wrong = (Number(id[at]) + 1 + random.below(9)) % 10;
  return `${id.slice(0, at)}${wrong}${id.slice(at + 1)}`;
}

function writeBirthDate(random: SeededRandom, adult: MadeUpAdult, writing: Writing, isOpen: boolean): string {
  const date = random.happens(0.7) ? adult.birthDate : adult.birthDate.replaceAll('-', '');
  switch (writing) {
    case 'exact, birth date and address':
    case 'exact, birth date':
      return date;
    case 'exact, mistyped birth date': {
      const year = Number(adult.birthDate.slice(0, 4)) + (random.happens(0.5) ? 1 : -1);
      return `${year}${adult.birthDate.slice(4).replace('-02-29', '-02-28')}`;
    }
    case 'exact, address':
    case 'exact, alone':
    case 'exact, old address':
    case 'exact, street without flat':
    case 'exact, other relation word':
      return '';
    default:
      return isOpen && random.happens(0.35) ? date : '';
  }
}

function isBirthDateOf(adult: MadeUpAdult, text: string): boolean {
  return text.replaceAll('-', '') === adult.birthDate.replaceAll('-', '');
}

function writtenAddress(random: SeededRandom, adult: MadeUpAdult, writing: Writing): MadeUpAddress | 'none' {
  switch (writing) {
    case 'exact, birth date and address':
    case 'exact, address':
    case 'exact, street without flat':
    case 'exact, mistyped birth date':
      return adult.home;
    case 'exact, birth date':
    case 'exact, alone':
      return 'none';
    case 'exact, old address':
      return adult.formerHome;
    default:
      return random.weighted<MadeUpAddress | 'none'>([
        [adult.home, 60],
        [adult.mailing ?? adult.home, 3],
        [adult.formerHome, 10],
        ['none', 27],
      ]);
  }
}

/** One slip of the fingers. */
function mistype(random: SeededRandom, word: string): string {
  const at = 1 + random.below(Math.max(1, word.length - 1));
  const letter = word[at] ?? '';
  const [before, after] = [word.slice(0, at), word.slice(at + 1)];
  const slip = random.weighted<string>([
    [before + after, 30],
    [before + letter + letter + after, 20],
    [before + random.pick([...'aeinrst'] as [string, ...string[]]) + after, 30],
    [word.slice(0, at - 1) + letter + (word[at - 1] ?? '') + after, 20],
  ]);
  return slip === word || slip.trim() === '' ? `${word}s` : slip;
}

function loseDots(text: string): string {
  return text.normalize('NFD').replaceAll(/\p{M}/gu, '').replaceAll('ı', 'i');
}

function loseToQuestionMarks(text: string): string {
  return text.replaceAll(/[^\p{ASCII}]/gu, '?');
}

function loseToTwoLetters(text: string): string {
  return loseDots(
    text
      .replaceAll('å', 'aa')
      .replaceAll('ä', 'ae')
      .replaceAll('ö', 'oe')
      .replaceAll('Å', 'Aa')
      .replaceAll('Ä', 'Ae')
      .replaceAll('Ö', 'Oe'),
  );
}

function writePostalCode(random: SeededRandom, code: string): string {
  return random.happens(0.6) ? `${code.slice(0, 3)} ${code.slice(3)}` : code;
}

function capitalised(city: string): string {
  return city.slice(0, 1) + city.slice(1).toLowerCase();
}
