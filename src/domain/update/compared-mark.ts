import { type RowKey, rowKeyText } from '../roster.ts';
import type { Fingerprint } from './fingerprint.ts';

/** Parts of a row that are compared with an answer, and held back from being written, each on its own. */
export type ComparedUnit = 'first_name' | 'last_name' | 'address';

/**
 * What each unit was compared by: stands for the rules and the columns that concern it. With other rules or
 * columns an earlier comparison says nothing about that unit, and still all about the others.
 */
export type UnitStamps = Readonly<Record<ComparedUnit, string>>;

/**
 * Says that a row has been compared with an answer: goes into `Snapshot.comparedRows`. With the fingerprint of
 * a row for which nothing was to be done: while it holds the same, there is nothing to compare again.
 */
export function comparedMark(key: RowKey, stamps: UnitStamps, nothingToDo?: Fingerprint): string {
  const mark = `${rowKeyText(key)}@${stamps.first_name}.${stamps.last_name}.${stamps.address}`;
  return nothingToDo === undefined ? mark : `${mark}#${nothingToDo}`;
}

/**
 * Whether one of the marks is `comparedMark(key, stamps, nothingToDo)`. Asked about every row of every night,
 * so the mark is compared where it stands and not made anew.
 */
export function saysNothingToDo(
  marks: readonly string[],
  { type, id }: RowKey,
  stamps: UnitStamps,
  nothingToDo: Fingerprint,
): boolean {
  const stamp = `@${stamps.first_name}.${stamps.last_name}.${stamps.address}#`;
  const at = type.length + 1 + id.length;
  for (const mark of marks) {
    if (
      Number(mark.slice(at + stamp.length)) === nothingToDo &&
      mark.startsWith(type) &&
      mark.startsWith(':', type.length) &&
      mark.startsWith(id, type.length + 1) &&
      mark.startsWith(stamp, at)
    )
      return true;
  }
  return false;
}

/** The row that a mark is about, as `type:id` and an `@`. */
export function rowOfMark(mark: string): string {
  // An id may hold an @ itself; stamps and fingerprints do not.
  return mark.slice(0, mark.lastIndexOf('@') + 1);
}

/** The units of a row that these marks say were compared, by the rules and columns of today. */
export function comparedUnits(
  marks: readonly string[],
  key: RowKey,
  stamps: UnitStamps,
): ReadonlySet<ComparedUnit> {
  const units = new Set<ComparedUnit>();
  const row = `${rowKeyText(key)}@`;
  for (const mark of marks) {
    if (rowOfMark(mark) !== row) continue;
    const [first, last, address] = mark.slice(row.length).split(/[.#]/);
    if (first === stamps.first_name) units.add('first_name');
    if (last === stamps.last_name) units.add('last_name');
    if (address === stamps.address) units.add('address');
  }
  return units;
}
