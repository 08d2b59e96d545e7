import fc from 'fast-check';
import { addDays, type CalendarDate, parseCalendarDate } from '../../src/domain/calendar-date.ts';
import type { FieldRule, UpdateRules } from '../../src/domain/field-rules.ts';
import type { Address, Answer, Name, RegisteredPerson } from '../../src/domain/person.ts';
import { type PersonId, toPersonId } from '../../src/domain/person-id.ts';
import {
  type Cells,
  PERSON_TYPES,
  ROSTER_FIELDS,
  type RosterEntry,
  type RosterField,
} from '../../src/domain/roster.ts';
import type { Snapshot } from '../../src/domain/snapshot.ts';

/** Fails the test where a date in it is none. */
export function date(text: string): CalendarDate {
  const parsed = parseCalendarDate(text);
  if (parsed === undefined) throw new Error(`${text} is no date`);
  return parsed;
}

/** Fails the test where a number in it is none. */
export function personId(text: string): PersonId {
  const id = toPersonId(text);
  if (id === undefined) throw new Error('not an id-nummer');
  return id;
}

/** A number of twelve digits with the right check digit, from its first eleven. */
export function withCheckDigit(eleven: string): PersonId {
  for (let digit = 0; digit <= 9; digit++) {
    const id = toPersonId(`${eleven}${digit}`);
    if (id !== undefined) return id;
  }
  throw new Error('no check digit fits');
}

/** A row with these cells; a field that is not named is a column that the roster lacks. */
export function entryOf(cells: Partial<Record<RosterField, string>>, id = '17'): RosterEntry {
  return {
    key: { type: 'student', id },
    place: { source: 0, row: 0, line: 2 },
    cells: cellsOf(cells),
  };
}

export function cellsOf(cells: Partial<Record<RosterField, string>>): Cells {
  return {
    personnummer: cells.personnummer,
    first_name: cells.first_name,
    last_name: cells.last_name,
    care_of: cells.care_of,
    street: cells.street,
    postal_code: cells.postal_code,
    city: cells.city,
    country: cells.country,
    email: cells.email,
    phone: cells.phone,
    birth_date: cells.birth_date,
    active: cells.active,
    protected: cells.protected,
    status: cells.status,
    spar_checked: cells.spar_checked,
  };
}

/** An ordinary record: what a test does not name is missing. */
export function registered(parts: Partial<RegisteredPerson> = {}): RegisteredPerson {
  return {
    kind: 'registered',
    id: personId('201001012390'),
    name: {},
    emigrated: false,
    predecessors: [],
    ...parts,
  };
}

export function snapshotOf(answer: Answer, fetchedOn = '2026-11-23'): Snapshot {
  return { answer, fetchedOn: date(fetchedOn), permissions: [], comparedRows: [] };
}

export const anyDate: fc.Arbitrary<CalendarDate> = fc
  .integer({ min: -36_500, max: 36_500 })
  .map((days) => addDays(date('2000-01-01'), days));

/** Made-up people: serials 238 and 239, which nobody has. */
export const anyPersonId: fc.Arbitrary<PersonId> = fc
  .record({
    day: fc.integer({ min: 0, max: 35_000 }),
    serial: fc.constantFrom('238', '239'),
  })
  .map(({ day, serial }) =>
    withCheckDigit(`${addDays(date('1930-01-01'), day).replaceAll('-', '')}${serial}`),
  );

const someText = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('Anna', 'Ulla-Karin', 'Eva', 'Åsa', 'Öberg', 'von Ek', 'Gatan 1') },
  {
    weight: 1,
    arbitrary: fc.constantFrom(' ', '-', 'anna', 'ANNA', 'A\u030asa', 'Maria\n', 'c/o Ek', 'CO-NAMN'),
  },
  { weight: 2, arbitrary: fc.string({ minLength: 1, maxLength: 12 }) },
  { weight: 1, arbitrary: fc.string({ minLength: 1, maxLength: 8, unit: 'binary' }) },
);

export const anyName: fc.Arbitrary<Name> = fc.record(
  {
    given: fc.array(someText, { minLength: 1, maxLength: 3 }).map((names) => names.join(' ')),
    callName: someText,
    middle: someText,
    surname: someText,
  },
  { requiredKeys: [] },
);

const postalCode = fc.constantFrom('11146', '13240', '98100', '111 46', 'x');
const city = fc.constantFrom('STOCKHOLM', 'SALTSJÖ-BOO', 'UPPLANDS VÄSBY', 'Kiruna', 'ADELSJÃ¿', ' ');
const lines = fc.array(someText, { maxLength: 3 });

export const anyAddress: fc.Arbitrary<Address> = fc.oneof(
  fc.record(
    { kind: fc.constant('swedish' as const), careOf: someText, lines, postalCode, city },
    { requiredKeys: ['kind', 'lines'] },
  ),
  fc.record(
    {
      kind: fc.constant('international' as const),
      lines,
      country: fc.constantFrom('NORGE', 'STORBRITANNIEN', 'SVERIGE', ' '),
    },
    { requiredKeys: ['kind', 'lines'] },
  ),
);

export const anyRegistered: fc.Arbitrary<RegisteredPerson> = fc.record(
  {
    kind: fc.constant('registered' as const),
    id: anyPersonId,
    name: anyName,
    birthDate: anyDate,
    home: anyAddress,
    mailing: anyAddress,
    contact: anyAddress,
    abroad: anyAddress,
    emigrated: fc.boolean(),
    predecessors: fc.constant([]),
  },
  { requiredKeys: ['kind', 'id', 'name', 'emigrated', 'predecessors'] },
);

export const anyAnswer: fc.Arbitrary<Answer> = fc.oneof(
  { weight: 5, arbitrary: anyRegistered },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('protected' as const),
      id: anyPersonId,
      mark: fc.constantFrom('sekretessmarkering' as const, 'skyddad folkbokföring' as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('deregistered' as const),
      id: anyPersonId,
      reason: fc.constantFrom('deceased' as const, 'renumbered' as const, 'other' as const),
      successors: fc.array(anyPersonId, { maxLength: 2 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('not-found' as const), id: anyPersonId }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('withheld' as const), id: anyPersonId }) },
);

export const anySnapshot: fc.Arbitrary<Snapshot> = fc.record({
  answer: anyAnswer,
  fetchedOn: anyDate,
  permissions: fc.constantFrom([], ['relations' as const]),
  comparedRows: fc.constant([]),
});

const anyRule = fc.constantFrom<FieldRule>('spar', 'fill', 'review', 'keep');

export const anyRules: fc.Arbitrary<UpdateRules> = fc.record({
  address: fc.constantFrom('mailing' as const, 'home' as const),
  firstName: fc.constantFrom('call' as const, 'all' as const),
  fields: fc.record({ first_name: anyRule, last_name: anyRule, address: anyRule }),
  renumbered: fc.constantFrom('review' as const, 'follow' as const),
});

const CELL_TEXT: { readonly [F in RosterField]?: fc.Arbitrary<string> } = {
  postal_code: fc.oneof(postalCode, fc.constant('')),
  city: fc.oneof(city, fc.constant(''), fc.constant('Stockholm')),
  country: fc.constantFrom('', 'SE', 'Sverige', 'sweden', 'Norge', 'NORGE'),
  care_of: fc.constantFrom('', 'c/o Ek', 'C/O: EK', 'Ek', 'CO-NAMN', 'co ', 'c/o'),
  protected: fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom('', ' ', '0', 'Nej', 'no', 'FALSE') },
    {
      weight: 2,
      arbitrary: fc.constantFrom('ja', 'sekretessmarkering', 'Skyddad folkbokföring', 'kvarskriven', '1'),
    },
  ),
  status: fc.constantFrom('', ' ', 'deceased', 'Emigrated', 'not-found', 'renumbered', 'slutar i juni'),
  spar_checked: fc.constantFrom('', '2026-11-23', '2000-01-01'),
};

const anyText = fc.oneof(someText, fc.constant(''));

/** Cells of which any column may be missing from the roster. */
export const anyCells: fc.Arbitrary<Cells> = fc
  .tuple(...ROSTER_FIELDS.map((field) => fc.option(CELL_TEXT[field] ?? anyText, { nil: undefined, freq: 8 })))
  .map((values) => {
    const cells: Partial<Record<RosterField, string>> = {};
    values.forEach((value, i) => {
      const field = ROSTER_FIELDS[i];
      if (field !== undefined && value !== undefined) cells[field] = value;
    });
    return cellsOf(cells);
  });

export const anyEntry: fc.Arbitrary<RosterEntry> = fc.record({
  key: fc.record({ type: fc.constantFrom(...PERSON_TYPES), id: fc.constantFrom('1', '17', 'x-9') }),
  place: fc.constant({ source: 0, row: 0, line: 2 }),
  cells: anyCells,
});
