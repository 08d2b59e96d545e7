import { z } from 'zod';
import { parseFreshness } from '../../domain/calendar-date.ts';
import { PERSON_TYPES } from '../../domain/roster.ts';
import { LINK_COLUMNS, PEOPLE_COLUMNS } from '../roster/columns.ts';
import { ALLOWED, type AllowedName } from './allowed-values.ts';
import { endUserProblem } from './end-user.ts';

// Every message of this schema is an `AllowedName`, or, for an unknown key, the keys that are known there:
// `complaints.ts` makes sentences of them. Rules between fields are in `cross-rules.ts`.

function section<Shape extends z.ZodRawShape>(shape: Shape, name: AllowedName = 'object') {
  return z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? Object.keys(shape).join(' ') : name),
  });
}

/** Adds what is allowed to the JSON Schema. */
function described<Schema extends z.ZodType>(schema: Schema, name: AllowedName): Schema {
  return schema.meta({ description: `Must be ${ALLOWED[name].en}.` });
}

function choice<const Values extends readonly [string, ...string[]]>(values: Values, name: AllowedName) {
  return described(z.enum(values, { error: name }), name);
}

function whole(min: number, max: number, name: AllowedName) {
  return described(z.int({ error: name }).min(min, name).max(max, name), name);
}

function quantity(min: number, max: number, name: AllowedName) {
  return described(z.number({ error: name }).min(min, name).max(max, name), name);
}

function text(name: AllowedName, isAllowed: (value: string) => boolean) {
  return described(z.string({ error: name }).min(1, name).refine(isAllowed, { error: name }), name);
}

function path() {
  return text('path', (value) => value.trim() !== '' && !value.includes('\0'));
}

/** Computed in whole öre everywhere, so a price between two öre cannot be meant. */
function money() {
  return described(
    z
      .number({ error: 'money' })
      .min(0, 'money')
      .max(1_000_000_000, 'money')
      .refine((amount) => Math.abs(amount * 100 - Math.round(amount * 100)) < 1e-4, { error: 'money' }),
    'money',
  );
}

function setOf<Item extends z.ZodType>(item: Item, min: number, name: AllowedName) {
  return described(
    z
      .array(item, { error: name })
      .min(min, name)
      .refine((items) => new Set(items).size === items.length, { error: name }),
    name,
  );
}

function isHttps(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const url = new URL(value);
  return url.protocol === 'https:' && url.username === '' && url.password === '';
}

/** An organisation number as ten digits; `16` and a hyphen may stand before and in it. */
export function normaliseOrganisationNumber(value: string): string | undefined {
  return /^(?:16)?(\d{6})-?(\d{4})$/.exec(value.trim())?.slice(1).join('');
}

/** The three encodings under the names that people write. */
export const ENCODINGS = {
  'utf-8': 'utf-8',
  utf8: 'utf-8',
  'UTF-8': 'utf-8',
  'windows-1252': 'windows-1252',
  'Windows-1252': 'windows-1252',
  cp1252: 'windows-1252',
  'iso-8859-1': 'iso-8859-1',
  'ISO-8859-1': 'iso-8859-1',
  latin1: 'iso-8859-1',
} as const;

const ENCODING_NAMES = Object.keys(ENCODINGS) as [keyof typeof ENCODINGS, ...(keyof typeof ENCODINGS)[]];

function isPrintable(value: string): boolean {
  return value.trim() !== '' && endUserProblem(value) === undefined;
}

const personType = choice(PERSON_TYPES as ['student', 'staff', 'guardian'], 'type');

const passphrase = {
  passphraseFile: path().optional(),
  passphraseEnv: described(
    z.string({ error: 'envName' }).regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'envName'),
    'envName',
  ).optional(),
};

const certificate = z.union(
  [section({ file: path(), ...passphrase }), section({ cert: path(), key: path(), ...passphrase })],
  { error: 'certificate' },
);

const spar = section({
  environment: choice(['simulator', 'test', 'production'], 'environment'),
  url: text('url', isHttps).optional(),
  schema: choice(['2021.1', '2023.1'], 'schema').default('2021.1'),
  kundNrLeveransMottagare: whole(500_001, 599_999, 'kundnummer'),
  kundNrSlutkund: whole(500_001, 599_999, 'kundnummer'),
  uppdragId: whole(1, Number.MAX_SAFE_INTEGER, 'uppdragId'),
  orgNrSlutkund: text('orgNr', (value) => normaliseOrganisationNumber(value) !== undefined).optional(),
  slutAnvandarId: text('endUser', (value) => {
    const filled = value.replaceAll('{user}', 'u');
    return !/[{}]/.test(filled) && isPrintable(filled);
  }),
  utokadBehorighet: setOf(
    choice(['Relationer', 'Medborgarskap', 'Taxering', 'Sekretess'], 'permissions'),
    0,
    'permissions',
  ).default([]),
  certificate: certificate.optional(),
  ca: path().optional(),
  concurrency: whole(1, 64, 'concurrency').default(4),
  requestsPerSecond: quantity(0.1, 1000, 'requestsPerSecond').default(20),
  timeoutSeconds: quantity(1, 600, 'timeoutSeconds').default(30),
  retries: whole(0, 10, 'retries').default(4),
  waitMinutes: quantity(0, 1440, 'waitMinutes').optional(),
});

const update = section({
  types: setOf(personType, 1, 'types').default(['student', 'staff', 'guardian']),
  address: choice(['mailing', 'home'], 'address').default('mailing'),
  firstName: choice(['call', 'all'], 'firstName').default('call'),
  fields: section({
    first_name: choice(['spar', 'fill', 'review', 'keep'], 'fieldPolicy').default('review'),
    last_name: choice(['spar', 'fill', 'review', 'keep'], 'fieldPolicy').default('spar'),
    address: choice(['spar', 'fill', 'review', 'keep'], 'fieldPolicy').default('spar'),
  }).prefault({}),
  renumbered: choice(['review', 'follow'], 'renumbered').default('review'),
});

const guardians = section({
  assign: choice(['certain', 'probable', 'never'], 'assign').default('certain'),
  protected: choice(['review', 'create'], 'protectedGuardian').default('review'),
});

const automatic = section({
  enabled: z.boolean({ error: 'boolean' }).default(false),
  types: setOf(personType, 0, 'automaticTypes').optional(),
  guardians: z.boolean({ error: 'boolean' }).default(false),
  responsible: text('responsible', isPrintable).optional(),
});

function header() {
  return text('header', (value) => value.trim() !== '');
}

function columns<const Names extends readonly string[]>(names: Names) {
  const shape = Object.fromEntries(names.map((name) => [name, header().optional()]));
  return section(shape as { [N in Names[number]]: z.ZodOptional<z.ZodString> });
}

const peopleColumns = columns(PEOPLE_COLUMNS);
const linkColumns = columns(LINK_COLUMNS);
const table = text('table', (value) => value.trim() !== '' && !value.includes('\0'));

const newRow = {
  idStyle: choice(['uuid', 'number'], 'idStyle').optional(),
  values: z
    .record(z.string(), z.union([z.string(), z.number()], { error: 'constant' }), { error: 'constants' })
    .default({}),
};

const csvRoster = section({
  kind: z.literal('csv', { error: 'rosterKind' }),
  files: z
    .array(
      section({
        path: path(),
        type: personType.optional(),
        columns: peopleColumns.optional(),
        encoding: choice(ENCODING_NAMES, 'encoding').optional(),
        delimiter: choice([',', ';', '\t'], 'delimiter').optional(),
      }),
      { error: 'files' },
    )
    .min(1, 'files'),
  links: section({ path: path(), columns: linkColumns.optional() }).optional(),
  newGuardian: section({ file: path().optional(), ...newRow }).optional(),
});

const peopleTable = section({ table, type: personType.optional(), columns: peopleColumns.optional() });

const sqliteRoster = section({
  kind: z.literal('sqlite', { error: 'rosterKind' }),
  path: path(),
  people: z.union([peopleTable, z.array(peopleTable, { error: 'people' }).min(1, 'people')], {
    error: 'people',
  }),
  links: section({ table, columns: linkColumns.optional() }).optional(),
  newGuardian: section({ table: table.optional(), ...newRow }).optional(),
});

export const configSchema = section({
  $schema: z.string({ error: 'schemaRef' }).optional(),
  active: z.boolean({ error: 'boolean' }).default(false),
  spar,
  freshness: text('freshness', (value) => parseFreshness(value) !== undefined),
  update: update.prefault({}),
  guardians: guardians.prefault({}),
  automatic: automatic.prefault({}),
  roster: z.discriminatedUnion('kind', [csvRoster, sqliteRoster], {
    error: (issue) => (issue.code === 'invalid_union' ? 'rosterKind' : 'roster'),
  }),
  state: path().default('spar-sync.db'),
  limits: section({
    maxLookupsPerRun: whole(0, Number.MAX_SAFE_INTEGER, 'count').optional(),
    maxCostPerMonth: money().optional(),
    maxChangedShare: quantity(0, 1, 'share').default(0.5),
    maxMissingShare: quantity(0, 1, 'share').default(0.3),
    minPeople: whole(1, Number.MAX_SAFE_INTEGER, 'minPeople').default(20),
  }).prefault({}),
  pricing: section({
    monthlyFee: money().default(300),
    perLookup: money().default(0.4),
    currency: described(z.string({ error: 'currency' }).regex(/^[A-Z]{3}$/, 'currency'), 'currency').default(
      'SEK',
    ),
  }).prefault({}),
  retention: section({ cacheDays: whole(1, 36_500, 'cacheDays').default(400) }).prefault({}),
  language: choice(['sv', 'en'], 'language').optional(),
});

/** The configuration as written, with defaults. */
export type WrittenConfig = z.output<typeof configSchema>;

/** JSON Schema of what may be written, for editors. */
export function configJsonSchema(): object {
  return z.toJSONSchema(configSchema, { io: 'input' });
}

/** Where each key belongs that is not within a list or one of several forms: key → JSON paths. */
export function keyPlaces(): ReadonlyMap<string, readonly string[]> {
  const places = new Map<string, string[]>();
  const walk = (schema: z.core.JSONSchema.BaseSchema, prefix: string): void => {
    for (const [key, inner] of Object.entries(schema.properties ?? {})) {
      const place = prefix + key;
      places.set(key, [...(places.get(key) ?? []), place]);
      if (typeof inner === 'object') walk(inner, `${place}.`);
    }
  };
  walk(z.toJSONSchema(configSchema, { io: 'input' }), '');
  return places;
}
