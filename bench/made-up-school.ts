import type { RegisteredPerson } from '../src/domain/person.ts';
import type { PersonId } from '../src/domain/person-id.ts';
import type { PersonType } from '../src/domain/roster.ts';

/** Somebody who does not exist, as the roster has them. SPAR's view of them follows from it. */
export interface MadeUpPerson {
  readonly id: PersonId;
  readonly type: PersonType;
  readonly given: string;
  readonly callName: string;
  readonly surname: string;
  readonly careOf: string;
  readonly street: string;
  readonly postalCode: string;
  readonly city: string;
}

/** The day that everything in a benchmark happens on. */
export const TODAY = '2026-10-15';

/**
 * The youngest is in the first class. Serials 238 and 239 leave 730 numbers a year, and as many again of
 * samordningsnummer: so many years are needed for a large roster.
 */
const LAST_YEAR = 2019;
const FIRST_YEAR = 1880;
const MADE_UP_SERIALS = ['238', '239'];

/** So many different people, the same ones each time. Some 204 000 at most. */
export function makeUpPeople(count: number, seed = 1): MadeUpPerson[] {
  const random = createRandom(seed);
  const people: MadeUpPerson[] = [];
  for (const id of madeUpNumbers()) {
    if (people.length === count) return people;
    people.push(makeUpPerson(id, random));
  }
  if (people.length < count) throw new Error(`there are only ${people.length} made-up numbers`);
  return people;
}

/** Personnummer by falling year of birth, then samordningsnummer, with right check digits. */
function* madeUpNumbers(): Generator<PersonId, void, undefined> {
  for (const dayOffset of [0, 60]) {
    for (let year = LAST_YEAR; year >= FIRST_YEAR; year--) {
      for (let month = 1; month <= 12; month++) {
        const days = new Date(Date.UTC(year, month, 0)).getUTCDate();
        for (let day = 1; day <= days; day++) {
          const date = `${year}${pad(month)}${pad(day + dayOffset)}`;
          for (const serial of MADE_UP_SERIALS) yield withCheckDigit(date + serial);
        }
      }
    }
  }
}

function withCheckDigit(eleven: string): PersonId {
  let sum = 0;
  for (let i = 2; i < 11; i++) {
    const doubled = Number(eleven[i]) * (i % 2 === 0 ? 2 : 1);
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return `${eleven}${(10 - (sum % 10)) % 10}` as PersonId;
}

const GIVEN =
  'Alice Maja Vera Alma Selma Elsa Lilly Astrid Wilma Freja Olivia Ebba Noah William Liam Hugo Lucas Adam Oliver Matteo Elias Björn Åke Örjan Märta'.split(
    ' ',
  );
const SURNAMES =
  'Andersson Johansson Karlsson Nilsson Eriksson Larsson Olsson Persson Svensson Gustafsson Lindström Öberg Åkesson Söderberg Björklund af Ekenstam'.split(
    ' ',
  );
const STREETS =
  'Storgatan Björkvägen Skolgatan Kyrkogatan Södra Järnvägsgatan|Östra Ågatan|Ängsvägen|Drottninggatan|Hästhovsstigen|Kaptensgatan'.split(
    /[ |]/,
  );
const CITIES =
  'Stockholm Göteborg Malmö Uppsala Västerås Örebro Linköping Norrköping Jönköping Umeå Luleå'.split(' ');

function makeUpPerson(id: PersonId, random: () => number): MadeUpPerson {
  const pick = (list: readonly string[]): string => list[Math.floor(random() * list.length)] ?? '';
  const callName = pick(GIVEN);
  const year = Number(id.slice(0, 4));
  const flat =
    random() < 0.5 ? ` lgh ${pad(10 + Math.floor(random() * 5))}0${1 + Math.floor(random() * 8)}` : '';
  return {
    id,
    type: year >= 2009 ? 'student' : random() < 0.2 ? 'staff' : 'guardian',
    callName,
    given: random() < 0.6 ? `${callName} ${pick(GIVEN)}` : callName,
    surname: pick(SURNAMES),
    careOf: random() < 0.03 ? `${pick(GIVEN)} ${pick(SURNAMES)}` : '',
    street: `${pick(STREETS)} ${1 + Math.floor(random() * 120)}${flat}`,
    postalCode: `${10 + Math.floor(random() * 88)}${100 + Math.floor(random() * 900)}`,
    city: pick(CITIES),
  };
}

const HEADER =
  'id;typ;personnummer;förnamn;efternamn;klass;c/o;gatuadress;postnr;ort;e-post;telefon;aktiv;skyddad;status;anteckning';

/** What the roster calls our columns; `klass` and `anteckning` are its own. */
export const COLUMNS = {
  type: 'typ',
  first_name: 'förnamn',
  last_name: 'efternamn',
  care_of: 'c/o',
  street: 'gatuadress',
  postal_code: 'postnr',
  city: 'ort',
  email: 'e-post',
  phone: 'telefon',
  active: 'aktiv',
  protected: 'skyddad',
};

const TYPE_WORDS = { student: 'elev', staff: 'personal', guardian: 'vårdnadshavare' };

/** The roster file, in batches of lines. More rows than people: everybody has several, each with an id of its own. */
export function* rosterLines(
  people: readonly MadeUpPerson[],
  rows: number,
): Generator<string, void, undefined> {
  let lines = `${HEADER}\r\n`;
  for (let row = 0; row < rows; row++) {
    const person = people[row % people.length];
    if (person === undefined) return;
    lines += `${rosterLine(person, row)}\r\n`;
    if (row % 1000 < 999) continue;
    yield lines;
    lines = '';
  }
  yield lines;
}

function rosterLine(person: MadeUpPerson, row: number): string {
  const { id, type, callName, surname, careOf, street, postalCode, city } = person;
  return [
    100_001 + row,
    TYPE_WORDS[type],
    `${id.slice(0, 8)}-${id.slice(8)}`,
    callName,
    surname,
    type === 'student' ? `${1 + (row % 9)}${'ABC'[row % 3]}` : '',
    careOf,
    street,
    `${postalCode.slice(0, 3)} ${postalCode.slice(3)}`,
    city,
    `person.${row}@exempelskolan.example`,
    `070-174 ${pad(row % 100)} ${pad((row * 7) % 100)}`,
    'ja',
    '',
    '',
    row % 20 === 0 ? '"Går hem själv; ring ""vaktmästaren"""' : '',
  ].join(';');
}

/** SPAR's answer about somebody whose row needs no change, or, `moved`, a new address. */
export function answerAbout(person: MadeUpPerson, moved = false): RegisteredPerson {
  const { id, type, given, callName, surname, careOf, street, postalCode, city } = person;
  const [one, two] = ['19780102238', '19800202238'].map((eleven) => ({
    id: withCheckDigit(eleven),
    deceased: false,
  }));
  return {
    kind: 'registered',
    id,
    name: { given, callName, surname },
    home: {
      kind: 'swedish',
      ...(careOf !== '' && { careOf }),
      lines: [moved ? `Nya vägen ${Number(id.slice(6, 8)) % 60}` : street],
      postalCode,
      city: city.toUpperCase(),
    },
    emigrated: false,
    predecessors: [],
    ...(type === 'student' && one && two && { guardianship: { current: [one, two], ended: [] } }),
  };
}

/** The same in SPAR's own terms, for the simulator. */
export function postAbout({ id, given, callName, surname, street, postalCode, city }: MadeUpPerson) {
  const tilltalsnamn = `${1 + given.split(' ').indexOf(callName)}0`;
  return {
    IdNummer: id,
    Namn: [{ Fornamn: given, Tilltalsnamn: tilltalsnamn, Efternamn: surname }],
    Folkbokforingsadress: [
      { SvenskAdress: { Utdelningsadress2: street, PostNr: postalCode, Postort: city.toUpperCase() } },
    ],
  };
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}

/** mulberry32: small, seeded, and random enough for made-up people. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
