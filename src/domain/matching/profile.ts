import type { RegisteredPerson, Relation } from '../person.ts';
import type { ParsedPersonId, PersonId } from '../person-id.ts';
import type { Cells } from '../roster.ts';
import { type ComparedAddress, comparedAddressesOf, comparedAddressesOfRow } from './address-agreement.ts';
import { birthsOfPerson, birthsOfRow, birthsOfText, type KnownBirth } from './birth-date-agreement.ts';
import { type ComparedName, comparedNameOf, comparedNameOfCells } from './compared-name.ts';
import { emailKey, phoneKey } from './contact-agreement.ts';

/** What is known of somebody in the form in which people are compared. Made once for each person or row. */
export interface Profile {
  readonly id: PersonId | undefined;
  /** Other numbers that are known to be the same person's. */
  readonly otherIds: readonly PersonId[];
  readonly name: ComparedName;
  /** The likeliest first. */
  readonly births: readonly KnownBirth[];
  /** A number invented by a school is all that tells the date of birth. */
  readonly isBirthFromTemporary: boolean;
  readonly addresses: readonly ComparedAddress[];
  readonly email: string | undefined;
  readonly phone: string | undefined;
}

export function profileOfPerson(person: RegisteredPerson): Profile {
  let profile = MADE_OF_PEOPLE.get(person);
  if (profile === undefined) {
    profile = makeOfPerson(person);
    MADE_OF_PEOPLE.set(person, profile);
  }
  return profile;
}

/**
 * Planner and duplicate report look at the same people and rows, and making a profile costs more than comparing
 * two. An answer and the cells of a row are values that nobody changes, so what was made of them stays true.
 */
const MADE_OF_PEOPLE = new WeakMap<RegisteredPerson, Profile>();
const MADE_OF_ROWS = new WeakMap<Cells, { readonly id: ParsedPersonId; readonly profile: Profile }>();

function makeOfPerson(person: RegisteredPerson): Profile {
  return {
    id: person.id,
    otherIds: person.predecessors,
    name: comparedNameOf(person.name),
    births: birthsOfPerson(person.id, person.birthDate),
    isBirthFromTemporary: false,
    addresses: comparedAddressesOf(person),
    email: undefined,
    phone: undefined,
  };
}

/** `id`: of the row's `personnummer` cell. */
export function profileOfRow(cells: Cells, id: ParsedPersonId): Profile {
  const made = MADE_OF_ROWS.get(cells);
  if (made?.id === id) return made.profile;
  const profile = makeOfRow(cells, id);
  MADE_OF_ROWS.set(cells, { id, profile });
  return profile;
}

function makeOfRow(cells: Cells, id: ParsedPersonId): Profile {
  const births = birthsOfRow(cells, id);
  const isInvented = id.kind === 'temporary' && births.length > 0;
  return {
    id: id.kind === 'valid' ? id.id : undefined,
    otherIds: NO_IDS,
    name: comparedNameOfCells(cells.first_name, cells.last_name),
    births,
    isBirthFromTemporary: isInvented && birthsOfRow(cells, NO_NUMBER).length === 0,
    addresses: comparedAddressesOfRow(cells),
    email: emailKey(cells.email),
    phone: phoneKey(cells.phone),
  };
}

/** A guardian without id-nummer: name and birth date only. */
export function profileOfRelation(relation: Relation): Profile {
  return {
    id: relation.id,
    otherIds: NO_IDS,
    name: comparedNameOf(relation.name ?? {}),
    births:
      relation.birthDate === undefined && relation.id !== undefined
        ? birthsOfPerson(relation.id, undefined)
        : birthsOfText(relation.birthDate),
    isBirthFromTemporary: false,
    addresses: [],
    email: undefined,
    phone: undefined,
  };
}

const NO_IDS: readonly PersonId[] = [];
const NO_NUMBER: ParsedPersonId = { kind: 'missing' };
