import type { CalendarDate } from '../calendar-date.ts';
import { type PersonId, parsePersonId } from '../person-id.ts';
import type { PersonType, RowKey, UntakenRow } from '../roster.ts';

/**
 * Whose the rows are that the roster could not take, as far as their texts tell. They have not left, nobody else
 * may get their number, and what such a row says of protection counts for their other rows.
 */
export interface UntakenRows {
  add(row: UntakenRow): void;
  readonly people: ReadonlySet<PersonId>;
  /** Those of rows that carry a mark. */
  readonly marked: ReadonlySet<PersonId>;
  /** The same with what the rows may be. */
  readonly markedRows: readonly { readonly key: RowKey; readonly person: PersonId }[];
  /** Those besides of rows that may carry one: hidden until the row is in order, and nothing of them is erased. */
  readonly perhapsMarked: ReadonlySet<PersonId>;
  /** What the rows may be that carry a mark or may: one of several where the row does not tell its type. */
  readonly hiddenKeys: readonly RowKey[];
}

/** @param asOf the day by which ten digits are read */
export function createUntakenRows(asOf: CalendarDate): UntakenRows {
  const people = new Set<PersonId>();
  const marked = new Set<PersonId>();
  const perhapsMarked = new Set<PersonId>();
  const hiddenKeys: RowKey[] = [];
  const markedRows: { readonly key: RowKey; readonly person: PersonId }[] = [];
  return {
    add({ id, types, numbers, mark }) {
      const keys = id === '' ? [] : types.map((type) => ({ type, id }));
      for (const number of numbers) {
        for (const person of readEitherWay(number, asOf)) {
          people.add(person);
          if (mark === 'yes') {
            marked.add(person);
            for (const key of keys) markedRows.push({ key, person });
          }
          if (mark === 'perhaps') perhapsMarked.add(person);
        }
      }
      if (mark !== 'no') hiddenKeys.push(...keys);
    },
    people,
    marked,
    markedRows,
    perhapsMarked,
    hiddenKeys,
  };
}

/** Ten digits are another number's for a child than for an adult: this is how either would be read. */
export function readEitherWay(text: string, asOf: CalendarDate): readonly PersonId[] {
  const people = new Set<PersonId>();
  for (const type of EITHER) {
    const id = parsePersonId(text, { type, asOf });
    if (id.kind === 'valid') people.add(id.id);
  }
  return [...people];
}

const EITHER: readonly PersonType[] = ['student', 'guardian'];
