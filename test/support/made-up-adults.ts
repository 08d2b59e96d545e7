import type { CalendarDate } from '../../src/domain/calendar-date.ts';
import type { Address, Name, RegisteredPerson } from '../../src/domain/person.ts';
import { birthDateOf, type PersonId } from '../../src/domain/person-id.ts';
import { type GivenNames, makeUpGivenNames, makeUpSurname } from './made-up-names.ts';
import type { NumberSupply, Sex } from './made-up-numbers.ts';
import type { SeededRandom } from './seeded-random.ts';

export interface MadeUpAddress {
  readonly street: string;
  /** `lgh 1102`, where there are flats. */
  readonly apartment: string;
  readonly postalCode: string;
  readonly city: string;
}

/** Somebody grown up, as the world has them. */
export interface MadeUpAdult {
  /** Different for different people; the same for two rows of one person. */
  readonly who: string;
  /** Missing for people who are never looked up: the number is nobody's business here. */
  readonly id: PersonId | undefined;
  readonly sex: Sex;
  readonly given: GivenNames;
  readonly middle: string | undefined;
  readonly surname: string;
  /** Before a marriage. */
  readonly formerSurname: string;
  readonly birthDate: CalendarDate;
  readonly home: MadeUpAddress;
  readonly formerHome: MadeUpAddress;
  /** Where post goes instead (särskild postadress). */
  readonly mailing: MadeUpAddress | undefined;
  readonly phone: string;
}

export interface AdultMaker {
  adult(sex: Sex, wishes?: Partial<MadeUpAdult> & { readonly call?: string }): MadeUpAdult;
  /** Somebody of another generation, or at least without a number that matters. */
  bystander(
    sex: Sex,
    bornIn: number,
    wishes?: Partial<MadeUpAdult> & { readonly call?: string },
  ): MadeUpAdult;
  address(): MadeUpAddress;
  phone(): string;
}

const STREETS = [
  ...'Storgatan Björkvägen Skolgatan Kyrkogatan Ängsvägen Drottninggatan Kaptensgatan Åsgatan'.split(' '),
  ...'Ringvägen Parkvägen Tallvägen Granitvägen Nygatan Östra Ågatan|Södra Järnvägsgatan|S:t Eriksgatan'
    .replaceAll(' ', '|')
    .split('|')
    .filter((street) => street.length > 5),
] as [string, ...string[]];

const AREAS: readonly [readonly [string, string], ...(readonly [string, string])[]] = [
  ['11146', 'STOCKHOLM'],
  ['11147', 'STOCKHOLM'],
  ['11230', 'STOCKHOLM'],
  ['41104', 'GÖTEBORG'],
  ['70210', 'ÖREBRO'],
  ['70211', 'ÖREBRO'],
];

export function createAdultMaker(random: SeededRandom, numbers: NumberSupply): AdultMaker {
  let bystanders = 0;
  let phones = 0;

  function address(): MadeUpAddress {
    const [postalCode, city] = random.pick(AREAS);
    return {
      street: `${random.pick(STREETS)} ${1 + random.below(60)}${random.happens(0.15) ? ' B' : ''}`,
      apartment: random.happens(0.5) ? `lgh 1${random.below(5)}0${1 + random.below(4)}` : '',
      postalCode,
      city,
    };
  }

  /** 070-174 06 05 to 99 is kept free for made-up people; a roster of thousands needs more. */
  function phone(): string {
    phones++;
    const digits = String(1_740_000 + phones).padStart(7, '0');
    return `070-${digits.slice(0, 3)} ${digits.slice(3, 5)} ${digits.slice(5)}`;
  }

  function make(
    who: string,
    id: PersonId | undefined,
    sex: Sex,
    birthDate: CalendarDate,
    wishes: Partial<MadeUpAdult> & { readonly call?: string },
  ): MadeUpAdult {
    const { call, ...rest } = wishes;
    const plain = makeUpSurname(random);
    const surname = random.happens(0.07)
      ? `${plain}${random.happens(0.5) ? '-' : ' '}${makeUpSurname(random)}`
      : plain;
    return {
      who,
      id,
      sex,
      given: makeUpGivenNames(random, sex, call),
      middle: random.happens(0.12) ? makeUpSurname(random) : undefined,
      surname,
      formerSurname: makeUpSurname(random),
      birthDate,
      home: address(),
      formerHome: address(),
      mailing: random.happens(0.03) ? { ...address(), apartment: '' } : undefined,
      phone: phone(),
      ...rest,
    };
  }

  return {
    adult(sex, wishes = {}) {
      const id = numbers.adult(sex);
      return make(id, id, sex, birthDateOf(id), wishes);
    },
    bystander(sex, bornIn, wishes = {}) {
      bystanders++;
      const month = 1 + random.below(12);
      const day = 1 + random.below(28);
      const born = `${bornIn + random.below(10)}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
      return make(`bystander ${bystanders}`, undefined, sex, born as CalendarDate, wishes);
    },
    address,
    phone,
  };
}

/** What SPAR would answer about them. */
export function answerAbout(adult: MadeUpAdult, predecessors: readonly PersonId[] = []): RegisteredPerson {
  if (adult.id === undefined) throw new Error('SPAR is not asked about people without a number');
  return {
    kind: 'registered',
    id: adult.id,
    name: nameOf(adult),
    birthDate: adult.birthDate,
    home: addressOf(adult.home),
    ...(adult.mailing && { mailing: addressOf(adult.mailing) }),
    emigrated: false,
    predecessors,
  };
}

export function nameOf({ given, middle, surname }: MadeUpAdult): Name {
  return {
    given: given.all.join(' '),
    ...(given.isCallNameKnown && { callName: given.call }),
    ...(middle !== undefined && { middle }),
    surname,
  };
}

export function streetOf({ street, apartment }: MadeUpAddress): string {
  return apartment === '' ? street : `${street} ${apartment}`;
}

function addressOf(address: MadeUpAddress): Address {
  const { postalCode, city } = address;
  return { kind: 'swedish', lines: [streetOf(address)], postalCode, city };
}

/** Every way to write the name that agrees exactly, for telling whether somebody else of a child has it too. */
export function exactNames({ given, middle, surname }: MadeUpAdult): readonly string[] {
  const firsts = [given.call, given.all.join(' ')];
  const lasts = middle === undefined ? [surname] : [surname, `${middle} ${surname}`];
  return firsts.flatMap((first) => lasts.map((last) => plainName(first, last)));
}

/** A name but for case, blanks and hyphens. */
export function plainName(first: string, last: string): string {
  const plain = (text: string) => text.toLowerCase().replaceAll(/[\s-]+/g, '');
  return `${plain(first)}|${plain(last)}`;
}
