import type { Text } from '../../domain/text.ts';

/**
 * What may stand in each place of the configuration, said once: complaints quote it, and so does the JSON
 * Schema. Each is read after "must be" and "ska vara".
 */
export const ALLOWED = {
  object: { en: 'an object { … }', sv: 'ett objekt { … }' },
  schemaRef: { en: 'a text', sv: 'en text' },
  boolean: { en: 'true or false, without quotation marks', sv: 'true eller false, utan citattecken' },
  environment: { en: '"simulator", "test" or "production"', sv: '"simulator", "test" eller "production"' },
  url: {
    en: 'an address that begins with https:// and holds neither user name nor password',
    sv: 'en adress som börjar med https:// och varken innehåller användarnamn eller lösenord',
  },
  schema: { en: '"2021.1" or "2023.1"', sv: '"2021.1" eller "2023.1"' },
  kundnummer: {
    en: 'a whole number from 500001 to 599999, without quotation marks; it stands on the decision receipt (kvittens)',
    sv: 'ett heltal från 500001 till 599999, utan citattecken; det står på kvittensen på beslutet',
  },
  uppdragId: {
    en: 'a whole number from 1, without quotation marks; it stands in the order confirmation',
    sv: 'ett heltal från 1, utan citattecken; det står i orderbekräftelsen',
  },
  orgNr: {
    en: 'an organisation number of ten digits in quotation marks, with or without a hyphen',
    sv: 'ett organisationsnummer med tio siffror inom citattecken, med eller utan bindestreck',
  },
  orgNrTyped: {
    en: 'an organisation number of ten digits, with or without a hyphen',
    sv: 'ett organisationsnummer med tio siffror, med eller utan bindestreck',
  },
  endUser: {
    en: 'a text of 1 to 256 characters without control characters, by which the school can name one individual; {user} is the only thing that may stand in braces',
    sv: 'en text på 1–256 tecken utan styrtecken, som låter skolan peka ut en enskild person; {user} är det enda som får stå inom klammer',
  },
  permissions: {
    en: 'a list, each at most once, of "Relationer", "Medborgarskap", "Taxering" and "Sekretess", as the decision grants them',
    sv: 'en lista, var och en högst en gång, av "Relationer", "Medborgarskap", "Taxering" och "Sekretess", så som beslutet medger',
  },
  certificate: {
    en: '{ "file", "passphraseFile" or "passphraseEnv" } for a .p12, or { "cert", "key" } for PEM',
    sv: '{ "file", "passphraseFile" eller "passphraseEnv" } för en .p12, eller { "cert", "key" } för PEM',
  },
  envName: {
    en: 'the name of an environment variable (letters, digits and _), never the passphrase itself',
    sv: 'namnet på en miljövariabel (bokstäver, siffror och _), aldrig själva lösenfrasen',
  },
  path: {
    en: 'a file path, seen from the folder of the configuration file',
    sv: 'en sökväg till en fil, sedd från inställningsfilens mapp',
  },
  concurrency: { en: 'a whole number from 1 to 64', sv: 'ett heltal från 1 till 64' },
  requestsPerSecond: { en: 'a number from 0.1 to 1000', sv: 'ett tal från 0.1 till 1000' },
  timeoutSeconds: { en: 'a number from 1 to 600', sv: 'ett tal från 1 till 600' },
  retries: { en: 'a whole number from 0 to 10', sv: 'ett heltal från 0 till 10' },
  waitMinutes: { en: 'a number from 0 to 1440', sv: 'ett tal från 0 till 1440' },
  freshness: {
    en: '"week", "month", "quarter" or a number of days such as "10 days"',
    sv: '"week", "month", "quarter" eller ett antal dagar som "10 days"',
  },
  types: {
    en: 'a list with at least one, each at most once, of "student", "staff" and "guardian"',
    sv: 'en lista med minst en, var och en högst en gång, av "student", "staff" och "guardian"',
  },
  automaticTypes: {
    en: 'a list, each at most once, of "student", "staff" and "guardian"',
    sv: 'en lista, var och en högst en gång, av "student", "staff" och "guardian"',
  },
  type: { en: '"student", "staff" or "guardian"', sv: '"student", "staff" eller "guardian"' },
  address: { en: '"mailing" or "home"', sv: '"mailing" eller "home"' },
  firstName: { en: '"call" or "all"', sv: '"call" eller "all"' },
  fieldPolicy: { en: '"spar", "fill", "review" or "keep"', sv: '"spar", "fill", "review" eller "keep"' },
  renumbered: { en: '"review" or "follow"', sv: '"review" eller "follow"' },
  assign: { en: '"certain", "probable" or "never"', sv: '"certain", "probable" eller "never"' },
  protectedGuardian: { en: '"review" or "create"', sv: '"review" eller "create"' },
  responsible: {
    en: 'the name or account of one person, 1 to 256 characters without control characters',
    sv: 'namnet eller kontot för en person, 1–256 tecken utan styrtecken',
  },
  rosterKind: { en: '"csv" or "sqlite"', sv: '"csv" eller "sqlite"' },
  roster: {
    en: '{ "kind": "csv", "files": […] } or { "kind": "sqlite", "path", "people" }',
    sv: '{ "kind": "csv", "files": […] } eller { "kind": "sqlite", "path", "people" }',
  },
  files: {
    en: 'a list of at least one { "path", "type"?, "columns"?, "encoding"?, "delimiter"? }',
    sv: 'en lista med minst en { "path", "type"?, "columns"?, "encoding"?, "delimiter"? }',
  },
  people: {
    en: '{ "table", "columns"?, "type"? } or a list of at least one',
    sv: '{ "table", "columns"?, "type"? } eller en lista med minst en',
  },
  header: {
    en: "the text of one of the roster's own column headers",
    sv: 'texten i en av registrets egna kolumnrubriker',
  },
  table: { en: 'the name of a table', sv: 'namnet på en tabell' },
  encoding: {
    en: '"utf-8", "windows-1252" or "iso-8859-1"',
    sv: '"utf-8", "windows-1252" eller "iso-8859-1"',
  },
  delimiter: { en: '",", ";" or "\\t"', sv: '",", ";" eller "\\t"' },
  idStyle: { en: '"uuid" or "number"', sv: '"uuid" eller "number"' },
  constants: {
    en: "an object of the roster's own columns and what a new row holds in them",
    sv: 'ett objekt med registrets egna kolumner och vad en ny rad innehåller i dem',
  },
  constant: { en: 'a text or a number', sv: 'en text eller ett tal' },
  count: { en: 'a whole number from 0', sv: 'ett heltal från 0' },
  minPeople: { en: 'a whole number from 1', sv: 'ett heltal från 1' },
  money: {
    en: 'an amount from 0 with at most two decimals, without quotation marks',
    sv: 'ett belopp från 0 med högst två decimaler, utan citattecken',
  },
  share: {
    en: 'a share from 0 to 1 (0.5 is half)',
    sv: 'en andel från 0 till 1 (0.5 är hälften)',
  },
  currency: { en: 'three capital letters such as "SEK"', sv: 'tre versaler som "SEK"' },
  cacheDays: { en: 'a whole number of days from 1', sv: 'ett helt antal dagar från 1' },
  language: { en: '"sv" or "en"', sv: '"sv" eller "en"' },
} as const satisfies Record<string, Text>;

export type AllowedName = keyof typeof ALLOWED;

export function allowedText(name: string): Text | undefined {
  return Object.hasOwn(ALLOWED, name) ? ALLOWED[name as AllowedName] : undefined;
}
