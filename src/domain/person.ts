import type { CalendarDate } from './calendar-date.ts';
import type { PersonId } from './person-id.ts';

/** Extended permissions that this program ever asks for. */
export type Permission = 'relations';

/** Names as SPAR has them. Every part may be missing, and missing means unknown, never empty. */
export interface Name {
  /** All given names, separated by blanks. */
  readonly given?: string;
  /** The name or names used, from the registered Tilltalsnamn; missing when none is registered. */
  readonly callName?: string;
  readonly middle?: string;
  readonly surname?: string;
}

/** `lines` never holds an empty string; an address without lines is no address to write. */
export type Address =
  | {
      readonly kind: 'swedish';
      readonly careOf?: string;
      readonly lines: readonly string[];
      readonly postalCode?: string;
      readonly city?: string;
    }
  | { readonly kind: 'international'; readonly lines: readonly string[]; readonly country?: string };

/** A current guardian of a child. With an id SPAR gives no name; without one it gives name and birth date. */
export interface Relation {
  readonly id?: PersonId;
  readonly name?: Name;
  /** May be partial (`2001`, `2019-01-00`): text, not a date. */
  readonly birthDate?: string;
  readonly deceased: boolean;
}

/** What SPAR says of a child's guardians. Only there when the answer was fetched with the permission. */
export interface Guardianship {
  readonly current: readonly Relation[];
  /** Numbers of guardians whose relation to the child has ended. */
  readonly ended: readonly PersonId[];
}

export type ProtectionMark = 'sekretessmarkering' | 'skyddad folkbokföring';

/** A living person in the register, the emigrated included. Holds what is registered today, no history. */
export interface RegisteredPerson {
  readonly kind: 'registered';
  readonly id: PersonId;
  readonly name: Name;
  /** The real date of birth, which need not agree with the id. */
  readonly birthDate?: CalendarDate;
  readonly home?: Address;
  readonly mailing?: Address;
  readonly contact?: Address;
  readonly abroad?: Address;
  readonly emigrated: boolean;
  readonly guardianship?: Guardianship;
  /** Earlier numbers of the same person. */
  readonly predecessors: readonly PersonId[];
}

/** A protected person has no name and no address here: not `undefined`, no such field. */
export interface ProtectedPerson {
  readonly kind: 'protected';
  readonly id: PersonId;
  readonly mark: ProtectionMark;
  readonly since?: CalendarDate;
}

export interface DeregisteredPerson {
  readonly kind: 'deregistered';
  readonly id: PersonId;
  readonly reason: 'deceased' | 'renumbered' | 'other';
  /** SPAR's own code, for the person who has to decide; missing where SPAR gave none. */
  readonly code?: string;
  readonly birthDate?: CalendarDate;
  /** Numbers that this person is said to have now; only exactly one can be followed. */
  readonly successors: readonly PersonId[];
}

/** SPAR's view of a person. */
export type PersonRecord = RegisteredPerson | ProtectedPerson | DeregisteredPerson;

/** SPAR has nobody with the number. An answer, and paid for. */
export interface NotFound {
  readonly kind: 'not-found';
  readonly id: PersonId;
}

/**
 * SPAR says that the person is not protected, but a row of the roster carries a mark: name and address are
 * not kept. Worth nothing once the mark is gone from the row; the person is then asked about anew.
 */
export interface Withheld {
  readonly kind: 'withheld';
  readonly id: PersonId;
}

export type Answer = PersonRecord | NotFound | Withheld;
