import type { PersonId, PersonNumbers } from '../person-id.ts';
import { PERSON_TYPES, type PersonType, type RosterEntry, type RowKey, type RowPlace } from '../roster.ts';
import { createGrowingArray } from './growing-array.ts';
import { placeIn } from './sorted-numbers.ts';

/** What is remembered of a row that has been passed: bits, since a roster may hold hundreds of thousands. */
export const RowFlag = {
  selected: 1,
  /** An answer about the person is used in this plan. */
  answered: 2,
  /** A non-empty name, address or number would be replaced. */
  replaced: 4,
  notFound: 8,
  changed: 16,
  /** An active student under 18. */
  liveStudent: 32,
  /** Shares its id with another row of its type: left out. */
  leftOut: 64,
  /** The row carries a mark of protection. */
  marked: 128,
  /** The answer used was there before this run. */
  reused: 256,
  /** The row has now been compared with the answer, which does not say so yet. */
  compared: 512,
} as const;

export interface RowProblem {
  readonly source: number;
  readonly line: number;
}

/**
 * Every row of one pass over the roster, by number, in about a hundred bytes each. Finds rows that share an
 * id within their type, whatever their distance.
 */
export interface RowRegister {
  /** The row's number, or `undefined` when its id was there already; then both rows are left out. */
  add(entry: RosterEntry, person: PersonId | undefined): number | undefined;
  has(type: PersonType, id: string): boolean;
  rowOf(key: RowKey): number | undefined;
  flag(row: number, bit: number): void;
  unflag(row: number, bit: number): void;
  is(row: number, bit: number): boolean;
  /** How many rows carry all these bits and are not left out. */
  count(bits: number): number;
  /** How many different people there are among rows with all these bits. */
  countPeople(bits: number): number;
  sourceOf(row: number): number;
  /** Whose row it is; `undefined` where it was added without a person. */
  personOf(row: number): PersonId | undefined;
  /** Whose rows there are, left-out rows included, and others besides. */
  everybody(others?: ReadonlySet<PersonId>): PersonNumbers;
  /** How many rows hold this number, left-out rows included. */
  rowsHolding(person: PersonId): number;
  /** Every row with all these bits that is not left out, one at a time: there may be very many. */
  rowsWith(bits: number): Iterable<{ readonly row: number; readonly key: RowKey; readonly person: PersonId }>;
  /** Every row of these people that is not left out. */
  rowsOf(people: ReadonlySet<PersonId>): readonly {
    readonly row: number;
    readonly key: RowKey;
    readonly place: RowPlace;
    readonly person: PersonId;
  }[];
  /** Rows left out because their id is not unique, in the order of the roster. */
  duplicates(): readonly RowProblem[];
  readonly length: number;
}

const NOBODY: ReadonlySet<PersonId> = new Set();

/** @param onLeftOut called with the number of a row that turns out to share its id */
export function createRowRegister(onLeftOut: (row: number) => void): RowRegister {
  const numbers: Record<PersonType, Map<string, number>> = {
    student: new Map(),
    staff: new Map(),
    guardian: new Map(),
  };
  const flags = createGrowingArray((n) => new Uint16Array(n));
  const people = createGrowingArray((n) => new Float64Array(n));
  const lines = createGrowingArray((n) => new Uint32Array(n));
  const sources = createGrowingArray((n) => new Uint16Array(n));
  const later: RowProblem[] = [];
  let sortedPeople: PersonNumbers | undefined;

  function count(bits: number): number {
    let rows = 0;
    for (let row = 0; row < flags.length; row++) {
      const value = flags.at(row);
      if ((value & bits) === bits && (value & RowFlag.leftOut) === 0) rows++;
    }
    return rows;
  }

  function everybody(others: ReadonlySet<PersonId> = NOBODY): PersonNumbers {
    const found = new Float64Array(people.length + others.size);
    let length = 0;
    for (const person of others) found[length++] = Number(person);
    for (let row = 0; row < people.length; row++) {
      const person = people.at(row);
      if (person !== 0) found[length++] = person;
    }
    return found.subarray(0, length);
  }

  return {
    add(entry, person) {
      const ofType = numbers[entry.key.type];
      const earlier = ofType.get(entry.key.id);
      const row = flags.length;
      flags.push(earlier === undefined ? 0 : RowFlag.leftOut);
      people.push(person === undefined ? 0 : Number(person));
      lines.push(entry.place.line);
      sources.push(entry.place.source);
      sortedPeople = undefined;
      if (earlier === undefined) {
        ofType.set(entry.key.id, row);
        return row;
      }
      if ((flags.at(earlier) & RowFlag.leftOut) === 0) {
        flags.set(earlier, flags.at(earlier) | RowFlag.leftOut);
        later.push({ source: sources.at(earlier), line: lines.at(earlier) });
        onLeftOut(earlier);
      }
      later.push({ source: entry.place.source, line: entry.place.line });
      return undefined;
    },
    has: (type, id) => numbers[type].has(id),
    rowOf: (key) => numbers[key.type].get(key.id),
    flag: (row, bit) => flags.set(row, flags.at(row) | bit),
    unflag: (row, bit) => flags.set(row, flags.at(row) & ~bit),
    is: (row, bit) => (flags.at(row) & bit) !== 0,
    count,
    countPeople(bits) {
      const found = new Float64Array(count(bits));
      let length = 0;
      for (let row = 0; row < flags.length; row++) {
        const value = flags.at(row);
        if ((value & bits) === bits && (value & RowFlag.leftOut) === 0) found[length++] = people.at(row);
      }
      found.sort();
      let different = 0;
      for (let i = 0; i < length; i++) if (i === 0 || found[i] !== found[i - 1]) different++;
      return different;
    },
    sourceOf: (row) => sources.at(row),
    personOf: (row) => (people.at(row) === 0 ? undefined : (String(people.at(row)) as PersonId)),
    everybody,
    rowsHolding(person) {
      sortedPeople ??= everybody().sort();
      const wanted = Number(person);
      const first = placeIn(sortedPeople, wanted);
      let holding = 0;
      while (sortedPeople[first + holding] === wanted) holding++;
      return holding;
    },
    *rowsWith(bits) {
      for (const type of PERSON_TYPES) {
        for (const [id, row] of numbers[type]) {
          const value = flags.at(row);
          if ((value & bits) !== bits || (value & RowFlag.leftOut) !== 0) continue;
          yield { row, key: { type, id }, person: String(people.at(row)) as PersonId };
        }
      }
    },
    rowsOf(wanted) {
      if (wanted.size === 0) return [];
      const asNumbers = new Set([...wanted].map(Number));
      const found: { row: number; key: RowKey; place: RowPlace; person: PersonId }[] = [];
      for (const type of PERSON_TYPES) {
        for (const [id, row] of numbers[type]) {
          if (!asNumbers.has(people.at(row)) || (flags.at(row) & RowFlag.leftOut) !== 0) continue;
          // The row's ordinal matters only to writing, and nothing is written to rows found this way.
          const place = { source: sources.at(row), row: -1, line: lines.at(row) };
          found.push({ row, key: { type, id }, place, person: String(people.at(row)) as PersonId });
        }
      }
      return found;
    },
    duplicates: () => [...later].sort((a, b) => a.source - b.source || a.line - b.line),
    get length() {
      return flags.length;
    },
  };
}
