import { type RowKey, rowKeyText } from './roster.ts';

/** Parts of a row that are compared with an answer, and held back from being written, each on its own. */
export type ComparedUnit = 'first_name' | 'last_name' | 'address';

/**
 * What each unit was compared by: stands for the rules and the columns that concern it. With other rules or
 * columns an earlier comparison says nothing about that unit, and still all about the others.
 */
export type UnitStamps = Readonly<Record<ComparedUnit, string>>;

/** Says that a row has been compared with an answer: goes into `Snapshot.comparedRows`. */
export function comparedMark(key: RowKey, stamps: UnitStamps): string {
  return `${rowKeyText(key)}@${stamps.first_name}.${stamps.last_name}.${stamps.address}`;
}

/** The units of a row that these marks say were compared, by the rules and columns of today. */
export function comparedUnits(
  marks: readonly string[],
  key: RowKey,
  stamps: UnitStamps,
): ReadonlySet<ComparedUnit> {
  const units = new Set<ComparedUnit>();
  const row = rowKeyText(key);
  for (const mark of marks) {
    // An id may hold an @ itself; stamps do not.
    const at = mark.lastIndexOf('@');
    if (mark.slice(0, at) !== row) continue;
    const [first, last, address] = mark.slice(at + 1).split('.');
    if (first === stamps.first_name) units.add('first_name');
    if (last === stamps.last_name) units.add('last_name');
    if (address === stamps.address) units.add('address');
  }
  return units;
}
