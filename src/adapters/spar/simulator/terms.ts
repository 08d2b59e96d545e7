import type { Component, SchemaVersion } from './namespaces.ts';

/** Extended permissions of the schema, as a question names them. */
export const PERMISSIONS = ['Relationer', 'Medborgarskap', 'Taxering', 'Sekretess'] as const;

export type ExtendedPermission = (typeof PERMISSIONS)[number];

/** An element that a post may hold, in its place: the tables below are in the order that the schema requires. */
export interface Term {
  readonly name: string;
  readonly component: Component;
  /** Elements inside; without it the element holds text. */
  readonly children?: readonly Term[];
  readonly repeats?: true;
  readonly attribute?: string;
  readonly since?: SchemaVersion;
  readonly permission?: ExtendedPermission;
}

function texts(component: Component, ...names: readonly string[]): Term[] {
  return names.map((name) => ({ name, component }));
}

function rows(component: Component, name: string, children: readonly Term[], more: Partial<Term> = {}): Term {
  return { name, component, children, repeats: true, ...more };
}

const DATES = texts('dates', 'DatumFrom', 'DatumTill');
const MARK: Term = { name: 'Sekretessmarkering', component: 'protection', attribute: 'sattAvSPAR' };

const SWEDISH: Term = {
  name: 'SvenskAdress',
  component: 'address',
  children: [
    ...DATES,
    ...texts('address', 'CareOf', 'Utdelningsadress1', 'Utdelningsadress2', 'PostNr', 'Postort'),
  ],
};

const INTERNATIONAL: Term = {
  name: 'InternationellAdress',
  component: 'address',
  children: [
    ...DATES,
    ...texts('address', 'Utdelningsadress1', 'Utdelningsadress2', 'Utdelningsadress3', 'Land'),
  ],
};

const REFERENCE = rows('reference', 'Hanvisning', [
  ...texts('person', 'IdNummer'),
  ...texts('reference', 'Typ'),
]);

const DETAILS: readonly Term[] = [
  ...DATES,
  MARK,
  ...texts('protection', 'SkyddadFolkbokforing'),
  ...texts(
    'deregistration',
    'AvregistreringsorsakKod',
    'Avregistreringsdatum',
    'Avlidendatum',
    'AntraffadDodDatum',
  ),
  ...texts('details', 'Fodelsedatum', 'FodelselanKod', 'Fodelseforsamling', 'Kon'),
  { name: 'SvenskMedborgare', component: 'details', permission: 'Medborgarskap' },
  REFERENCE,
  { name: 'SnIdentitetsniva', component: 'coordination', since: '2023.1' },
  { name: 'SnIdentitetsnivaDatum', component: 'coordination', since: '2023.1' },
  ...texts(
    'coordination',
    'SnStatus',
    'SnTilldelningsdatum',
    'SnPreliminartVilandeforklaringsdatum',
    'SnFornyelsedatum',
    'SnVilandeorsak',
    'SnVilandeforklaringsdatum',
    'SnAvlidendatum',
  ),
];

const RELATION: readonly Term[] = [
  ...DATES,
  ...texts('relation', 'Relationstyp'),
  ...texts('person', 'IdNummer'),
  ...texts('nameParts', 'Fornamn', 'Mellannamn', 'Efternamn'),
  ...texts('relation', 'Fodelsetid'),
  ...texts('deregistration', 'AvregistreringsorsakKod', 'Avregistreringsdatum', 'Avlidendatum'),
];

/** PersonId, which a post of the population holds flat. */
export const PERSON_ID: readonly Term[] = texts('person', 'IdNummer', 'Typ');

/** What follows PersonId (AviseringPost-1.2.xsd; for 2023.1 the public change description). */
export const POST: readonly Term[] = [
  MARK,
  ...texts('protection', 'SekretessDatum', 'SkyddadFolkbokforing', 'SkyddadFolkbokforingDatum'),
  ...texts('person', 'SenasteAndringSPAR'),
  rows('name', 'Namn', [
    ...DATES,
    ...texts('nameParts', 'Aviseringsnamn', 'Fornamn', 'Tilltalsnamn', 'Mellannamn', 'Efternamn'),
  ]),
  rows('details', 'Persondetaljer', DETAILS),
  rows(
    'emigrated',
    'Utvandrad',
    [...DATES, ...texts('emigrated', 'Aterinlasningsdatum', 'Forlangningsdatum')],
    {
      since: '2023.1',
    },
  ),
  rows('residence', 'Folkbokforing', [
    ...DATES,
    ...texts(
      'residence',
      'FolkbokfordLanKod',
      'FolkbokfordKommunKod',
      'Hemvist',
      'Folkbokforingsdatum',
      'DistriktKod',
    ),
  ]),
  rows('residenceAddress', 'Folkbokforingsadress', [SWEDISH]),
  rows('postalAddress', 'SarskildPostadress', [SWEDISH, INTERNATIONAL]),
  rows('foreignAddress', 'Utlandsadress', [INTERNATIONAL]),
  rows('contactAddress', 'Kontaktadress', [SWEDISH, INTERNATIONAL]),
  rows('relation', 'Relation', RELATION, { permission: 'Relationer' }),
];
