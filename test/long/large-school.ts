import { createPopulation, type Population } from '../../src/adapters/spar/simulator/population.ts';
import type { Post } from '../../src/adapters/spar/simulator/post.ts';
import { createNumberSupply } from '../support/made-up-numbers.ts';
import { createSeededRandom, type SeededRandom } from '../support/seeded-random.ts';

/** A roster as files, and the register that knows its people. */
export interface LargeSchool {
  /** Rows of people. */
  readonly rows: number;
  readonly files: Readonly<Record<'people.csv' | 'links.csv', string>>;
  readonly population: Population;
}

const GIVEN = ['Elsa', 'Hugo', 'Alma', 'Leo', 'Freja', 'Åke', 'Märta', 'Örjan', 'Vera', 'Nils'] as const;
const SURNAMES = ['Åkerström', 'Holmgren', 'Wallin', 'Öberg', 'Strand', 'Lindgren', 'Ek', 'Hedlund'] as const;
const STREETS = ['Torggatan', 'Skolgatan', 'Ängsvägen', 'Kyrkogatan', 'Östra Ågatan'] as const;
const HEADER =
  'id,type,personnummer,first_name,last_name,care_of,street,postal_code,city,email,protected,status,note';

/**
 * Families of two children and two guardians: the one is in the roster and linked, the other is there unlinked,
 * there without a number, or not there at all. Some have moved, some are protected, dead or unknown to SPAR.
 *
 * @param families each has some four rows
 */
export function makeLargeSchool(families: number, seed: number): LargeSchool {
  const random = createSeededRandom(seed);
  const numbers = createNumberSupply(random, false);
  const posts: Post[] = [];
  const people: string[] = [];
  const links: string[] = [];

  function addRow(type: string, number: string, given: string, surname: string, home: Home): string {
    const id = String(1001 + people.length);
    const written = number === '' ? '' : `${number.slice(0, 8)}-${number.slice(8)}`;
    const note = random.happens(0.02) ? '"Hämtas, av mormor"' : '';
    const cells = [id, type, written, given, surname, '', home.street, home.postalCode, home.city];
    people.push([...cells, `${type}.${id}@skolan.example`, '', '', note].join(','));
    return id;
  }

  for (let family = 0; family < families; family++) {
    const surname = random.pick(SURNAMES);
    const old = makeHome(random);
    const home = random.happens(0.2) ? makeHome(random) : old;
    const [a, b] = [numbers.adult('female'), numbers.adult('male')];
    const [givenA, givenB] = [random.pick(GIVEN), random.pick(GIVEN)];
    posts.push(...postOf(a, givenA, surname, home, random), ...postOf(b, givenB, surname, home, random));
    const first = addRow('guardian', a, givenA, surname, old);
    switch (family % 3) {
      case 0:
        addRow('guardian', b, givenB, surname, old);
        break;
      case 1:
        break;
      default:
        // Its links say whose it is; the address makes it certain.
        links.push(`${Number(first) + 2},${addRow('guardian', '', givenB, surname, home)},far,skolan`);
    }
    for (const sex of ['female', 'male'] as const) {
      const child = numbers.child(sex);
      const given = random.pick(GIVEN);
      const relations = [a, b].map((IdNummer) => ({ IdNummer }));
      posts.push(...postOf(child, given, surname, home, random, relations));
      links.push(`${addRow('student', child, given, surname, old)},${first},mor,skolan`);
    }
  }
  return {
    rows: people.length,
    files: {
      'people.csv': `${[HEADER, ...people].join('\r\n')}\r\n`,
      'links.csv': `${['student_id,guardian_id,relation,source', ...links].join('\n')}\n`,
    },
    population: createPopulation(posts),
  };
}

interface Home {
  readonly street: string;
  readonly postalCode: string;
  readonly city: string;
}

function makeHome(random: SeededRandom): Home {
  return {
    street: `${random.pick(STREETS)} ${1 + random.below(90)} lgh 1${random.below(9)}0${1 + random.below(8)}`,
    postalCode: `${111 + random.below(800)} ${10 + random.below(89)}`,
    city: 'Enköping',
  };
}

/** Nothing where SPAR does not know the number. */
function postOf(
  IdNummer: string,
  given: string,
  surname: string,
  home: Home,
  random: SeededRandom,
  relations: Post['Relation'] = [],
): Post[] {
  const chance = random.next();
  if (chance < 0.005) return [];
  if (chance < 0.01) return [{ IdNummer, Sekretessmarkering: { text: 'JA', sattAvSPAR: 'JA' } }];
  const Namn = [{ Fornamn: given, Efternamn: surname }];
  if (chance < 0.015) {
    return [
      { IdNummer, Namn, Persondetaljer: [{ AvregistreringsorsakKod: 'AV', Avlidendatum: '2026-03-14' }] },
    ];
  }
  const address = {
    Utdelningsadress2: home.street,
    PostNr: home.postalCode.replace(' ', ''),
    Postort: home.city.toUpperCase(),
  };
  return [
    {
      IdNummer,
      Namn,
      Folkbokforingsadress: [{ SvenskAdress: address }],
      ...(relations.length > 0 && { Relation: relations }),
    },
  ];
}
