import type { AddressChoice } from './address.ts';
import {
  type FirstNameChoice,
  firstNameIsKept,
  firstNameToWrite,
  lastNameIsKept,
  lastNameToWrite,
} from './names.ts';
import type { Name } from './person.ts';

/**
 * Who wins where roster and register differ. `spar`: the register. `fill`: the register, into an empty cell
 * only. `review`: the same, and a difference is reported. `keep`: the roster, always.
 */
export type FieldRule = 'spar' | 'fill' | 'review' | 'keep';

export type RenumberedRule = 'review' | 'follow';

/** The section `update` of the configuration, as far as it decides what is written. */
export interface UpdateRules {
  readonly address: AddressChoice;
  readonly firstName: FirstNameChoice;
  readonly fields: {
    readonly first_name: FieldRule;
    readonly last_name: FieldRule;
    /** All columns of the address, which are one thing. */
    readonly address: FieldRule;
  };
  readonly renumbered: RenumberedRule;
}

export type FieldOutcome = 'leave' | 'write' | 'report';

/** What is done about a cell (or address) that differs from SPAR's. */
export function outcomeOf(rule: FieldRule, isEmpty: boolean): FieldOutcome {
  switch (rule) {
    case 'spar':
      return 'write';
    case 'fill':
      return isEmpty ? 'write' : 'leave';
    case 'review':
      return isEmpty ? 'write' : 'report';
    case 'keep':
      return 'leave';
  }
}

/** One name column: where its value comes from and what in the roster counts as equal to it. */
export interface NameField {
  readonly field: 'first_name' | 'last_name';
  /** `undefined` where SPAR is silent; never empty. */
  valueIn(name: Name, rules: UpdateRules): string | undefined;
  /** Asked only where SPAR has a value. */
  isKept(cell: string, name: Name): boolean;
}

export const NAME_FIELDS: readonly NameField[] = [
  {
    field: 'first_name',
    valueIn: (name, rules) => firstNameToWrite(name, rules.firstName),
    isKept: firstNameIsKept,
  },
  { field: 'last_name', valueIn: lastNameToWrite, isKept: lastNameIsKept },
];
