import { addressCells, chooseAddress } from '../address.ts';
import type { CalendarDate } from '../calendar-date.ts';
import type { UpdateRules } from '../field-rules.ts';
import { firstNameToWrite, lastNameToWrite } from '../names.ts';
import type { ProtectionMark, RegisteredPerson } from '../person.ts';
import type { PersonId } from '../person-id.ts';
import { ROSTER_FIELDS, type RosterField } from '../roster.ts';
import { type ColumnStyle, styleValue } from '../rows/column-style.ts';

export type NewCells = Readonly<Partial<Record<RosterField, string>>>;

export type NewGuardianCells =
  | {
      readonly kind: 'row';
      readonly cells: NewCells;
      /** The file cannot hold the address: the row goes without one. */
      readonly addressIsLost: boolean;
    }
  /** A character of the name that the file cannot hold: a row without a name is none. */
  | { readonly kind: 'not-encodable' }
  /** The register has no name for them: nobody could tell whose row it is. */
  | { readonly kind: 'nameless' };

/** Where a new row goes, and how values are written there. */
export interface NewRowPlace {
  readonly fields: ReadonlySet<RosterField>;
  readonly style: ColumnStyle;
  readonly today: CalendarDate;
  readonly canHold: (text: string) => boolean;
}

/** The full contact information of a guardian whom the roster lacks, in the columns that are there. */
export function newGuardianCells(
  person: RegisteredPerson,
  fetchedOn: CalendarDate,
  rules: UpdateRules,
  place: NewRowPlace,
): NewGuardianCells {
  const first = firstNameToWrite(person.name, rules.firstName) ?? '';
  const last = lastNameToWrite(person.name) ?? '';
  if (first === '' && last === '') return { kind: 'nameless' };
  if (!place.canHold(first) || !place.canHold(last)) return { kind: 'not-encodable' };
  const address = chooseAddress(person, rules.address);
  const written: NewCells = address === undefined ? {} : addressCells(address);
  const addressIsLost = ROSTER_FIELDS.some(
    (field) => place.fields.has(field) && !place.canHold(written[field] ?? ''),
  );
  const cells = styled(
    {
      personnummer: person.id,
      first_name: first,
      last_name: last,
      ...(addressIsLost ? {} : written),
      birth_date: person.birthDate ?? '',
      status: person.emigrated ? 'emigrated' : '',
      spar_checked: fetchedOn,
    },
    place,
  );
  return { kind: 'row', cells, addressIsLost };
}

/** All that a protected guardian's new row holds: the number and the mark. A row is never without the mark. */
export function protectedGuardianCells(person: PersonId, mark: ProtectionMark, place: NewRowPlace): NewCells {
  const holdable = place.canHold(mark) ? mark : 'sekretessmarkering';
  return styled({ personnummer: person, protected: holdable }, place);
}

/** Without empty values and fields that the place lacks, the others as their columns write them. */
function styled(values: NewCells, { fields, style, today }: NewRowPlace): NewCells {
  const reading = { type: 'guardian', asOf: today, birthDate: values.birth_date } as const;
  const cells: Partial<Record<RosterField, string>> = {};
  for (const field of ROSTER_FIELDS) {
    const to = values[field];
    if (to === undefined || to === '' || !fields.has(field)) continue;
    cells[field] = styleValue({ field, to }, style, reading);
  }
  return cells;
}
