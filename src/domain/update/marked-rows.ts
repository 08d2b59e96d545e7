import type { CalendarDate } from '../calendar-date.ts';
import type { Renumbering } from '../guardians/one-person.ts';
import type { PersonId } from '../person-id.ts';
import { protectedUnderAll } from '../protected-numbers.ts';
import { type RowKey, rowKeyText } from '../roster.ts';
import { createUntakenRows, type UntakenRows } from '../rows/untaken-rows.ts';
import type { RememberedPeople } from '../update-plan.ts';
import type { FollowedNumber } from './followed-numbers.ts';

/** Whom marks on rows protect, under all their numbers. */
export interface HiddenByMark {
  /** Of whom nothing may stay: some row marks them for certain. */
  readonly withheld: ReadonlySet<PersonId>;
  /** The same, and those whom a row that could not be taken may mark: nothing is written to their rows. */
  readonly hidden: ReadonlySet<PersonId>;
}

/** Gathers in one pass over the roster what its marks of protection say. */
export interface MarkedRows {
  /** A marked row, left out or not: else it would matter which of two rows with one id comes first. */
  add(key: RowKey, person: PersonId | undefined): void;
  readonly untaken: UntakenRows;
  /** `child`: the number of the link's student, where the row has one. */
  addLink(guardian: string, child: PersonId | undefined): void;
  readonly keys: readonly RowKey[];
  /** Rows that tell no number. */
  readonly unnumbered: readonly RowKey[];
  /** Children whose answers may name a marked guardian without a number: SPAR tells them by name and birth date. */
  readonly childrenOfUnnumbered: ReadonlySet<PersonId>;
  /** @param followed what is known of renumbered people may be older than the answers used in this plan */
  settle(
    remembered: RememberedPeople,
    followed: Iterable<FollowedNumber>,
    renumbered: readonly Renumbering[],
  ): HiddenByMark;
}

export function createMarkedRows(today: CalendarDate): MarkedRows {
  const marked = new Set<PersonId>();
  const keys: RowKey[] = [];
  const unnumbered: RowKey[] = [];
  const unnumberedTexts = new Set<string>();
  const childrenOfUnnumbered = new Set<PersonId>();
  const untaken = createUntakenRows(today);
  return {
    add(key, person) {
      keys.push(key);
      if (person !== undefined) {
        marked.add(person);
        return;
      }
      unnumbered.push(key);
      unnumberedTexts.add(rowKeyText(key));
    },
    untaken,
    addLink(guardian, child) {
      if (child === undefined || unnumberedTexts.size === 0) return;
      if (unnumberedTexts.has(rowKeyText({ type: 'guardian', id: guardian })))
        childrenOfUnnumbered.add(child);
    },
    keys,
    unnumbered,
    childrenOfUnnumbered,
    settle(remembered, followed, renumbered) {
      const pairs = [...followed];
      const underAllNumbers = (people: ReadonlySet<PersonId>): ReadonlySet<PersonId> => {
        const successors = pairs.flatMap(({ former, successor }) => (people.has(former) ? [successor] : []));
        return protectedUnderAll([...people, ...successors], renumbered);
      };
      const certain = new Set([...marked, ...remembered.marked, ...untaken.marked]);
      const perhaps = [...remembered.perhaps, ...untaken.perhapsMarked];
      const withheld = underAllNumbers(certain);
      const hidden = perhaps.length === 0 ? withheld : underAllNumbers(new Set([...certain, ...perhaps]));
      return { withheld, hidden };
    },
  };
}
