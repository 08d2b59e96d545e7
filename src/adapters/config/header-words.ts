import {
  type ColumnNames,
  LINK_COLUMNS,
  type LinkColumn,
  PEOPLE_COLUMNS,
  type PeopleColumn,
} from '../roster/columns.ts';

/** Headers that schools use, without case, accents and punctuation; the likelier first. */
const PEOPLE_WORDS: Readonly<Record<PeopleColumn, readonly string[]>> = {
  id: ['id', 'radid', 'elevid', 'anvandarid', 'personid', 'studentid', 'userid', 'externtid', 'externalid'],
  type: ['type', 'typ', 'roll', 'persontyp', 'anvandartyp', 'kategori', 'role', 'usertype'],
  personnummer: [
    'personnummer',
    'personnr',
    'persnr',
    'pnr',
    'personalidentitynumber',
    'personalnumber',
    'ssn',
  ],
  first_name: ['fornamn', 'firstname', 'tilltalsnamn', 'givenname'],
  last_name: ['efternamn', 'lastname', 'surname', 'familyname'],
  care_of: ['careof', 'co', 'coadress', 'coaddress'],
  street: [
    'gatuadress',
    'adress',
    'street',
    'address',
    'streetaddress',
    'bostadsadress',
    'utdelningsadress',
    'gata',
    'adress1',
    'address1',
  ],
  postal_code: ['postnummer', 'postnr', 'postalcode', 'postcode', 'zipcode', 'zip'],
  city: ['postort', 'ort', 'city', 'stad', 'town'],
  country: ['land', 'country'],
  email: ['epost', 'email', 'epostadress', 'emailaddress', 'mejl', 'mail'],
  phone: [
    'mobil',
    'mobiltelefon',
    'mobilnummer',
    'telefon',
    'telefonnummer',
    'tel',
    'phone',
    'mobile',
    'phonenumber',
  ],
  birth_date: ['fodelsedatum', 'birthdate', 'dateofbirth', 'fodd'],
  active: ['aktiv', 'active'],
  protected: ['skyddad', 'skyddadidentitet', 'skyddadepersonuppgifter', 'sekretessmarkering', 'protected'],
  status: ['status'],
  spar_checked: ['sparchecked', 'sparkontrollerad', 'sparuppdaterad'],
};

const LINK_WORDS: Readonly<Record<LinkColumn, readonly string[]>> = {
  student_id: ['studentid', 'elevid', 'barnid', 'elev', 'barn', 'student'],
  guardian_id: [
    'guardianid',
    'vardnadshavareid',
    'vardnadshavarid',
    'narstaendeid',
    'foralderid',
    'vhid',
    'vardnadshavare',
    'narstaende',
    'guardian',
  ],
  relation: ['relation', 'relationstyp', 'roll', 'typ'],
  source: ['source', 'kalla'],
};

const WORDS: ReadonlySet<string> = new Set(
  [...Object.values(PEOPLE_WORDS), ...Object.values(LINK_WORDS), PEOPLE_COLUMNS, LINK_COLUMNS].flatMap(
    (words) => words.map(fold),
  ),
);

/** Whether schools call a column so. */
export function isHeaderWord(header: string): boolean {
  return WORDS.has(fold(header));
}

/** Which of the headers of a file of people is which of our columns; those that already have our name are left out. */
export function proposePeopleColumns(headers: readonly string[]): ColumnNames<PeopleColumn> {
  return propose(headers, PEOPLE_COLUMNS, PEOPLE_WORDS);
}

/** The same for a file of links. */
export function proposeLinkColumns(headers: readonly string[]): ColumnNames<LinkColumn> {
  return propose(headers, LINK_COLUMNS, LINK_WORDS);
}

function propose<Column extends string>(
  headers: readonly string[],
  columns: readonly Column[],
  words: Readonly<Record<Column, readonly string[]>>,
): ColumnNames<Column> {
  const free = new Map<string, string>();
  for (const header of headers)
    if (header.trim() !== '' && !free.has(fold(header))) free.set(fold(header), header);
  const proposed: { [C in Column]?: string } = {};
  for (const column of columns) {
    if (headers.includes(column)) continue;
    const word = words[column].find((one) => free.has(one) && !isOurs(free.get(one), columns));
    const header = word === undefined ? undefined : free.get(word);
    if (word === undefined || header === undefined) continue;
    proposed[column] = header;
    free.delete(word);
  }
  return proposed;
}

function isOurs(header: string | undefined, columns: readonly string[]): boolean {
  return header !== undefined && columns.includes(header);
}

function fold(header: string): string {
  return header
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '');
}
