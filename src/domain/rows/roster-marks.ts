import type { CalendarDate } from '../calendar-date.ts';
import type { Decision } from '../decision.ts';
import type { Renumbering } from '../guardians/one-person.ts';
import type { PersonId } from '../person-id.ts';
import { protectedUnderAll } from '../protected-numbers.ts';
import { isMarked } from '../protection-mark.ts';
import { type RosterEntry, type RowKey, rowKeyText, type UntakenRow } from '../roster.ts';
import { likeNumbers } from './like-numbers.ts';
import { createUntakenRows, readEitherWay, type UntakenRows } from './untaken-rows.ts';

/** Of which people and rows nothing may be shown or written. */
export interface Hiding {
  /** By an answer, or by a row. */
  readonly people: ReadonlySet<PersonId>;
  /** By a row: marked, perhaps marked, or declared to be the same person as somebody hidden. */
  readonly byRows: ReadonlySet<PersonId>;
  /** Of those, by a row that tells it for certain: nothing of them may stay. */
  readonly byRowsForCertain: ReadonlySet<PersonId>;
  /** Rows that are hidden whosever they are, for certain: marked, or declared to be somebody's who is hidden. */
  readonly rowsForCertain: readonly RowKey[];
  /** Of rows that carry a mark or may, that decisions in force name, or that were watched. */
  isHiddenRow(key: RowKey): boolean;
  /** The same, where no row that could not be taken is what hides it: only then is anything erased. */
  isHiddenForCertain(key: RowKey): boolean;
}

/** Whose rows those were that carry a mark and tell no number, or may. */
export interface RememberedPeople {
  readonly marked: readonly PersonId[];
  readonly perhaps: readonly PersonId[];
}

/** What besides the roster tells who is hidden. */
export interface KnownOfPeople {
  readonly remembered: RememberedPeople;
  /** Whom answers say to be protected: so under all their numbers. */
  readonly protectedPeople: Iterable<PersonId>;
  /** Whose answers are withheld since a row was marked once: so under this number, until they are asked about anew. */
  readonly withheldPeople?: Iterable<PersonId>;
  readonly renumbered: readonly Renumbering[];
  /** Rows that have been marked at some time. */
  readonly markedBefore?: readonly RowKey[];
  /** Numbers that are to be followed: what is known of renumbered people may be older. */
  readonly followed?: Iterable<{ readonly former: PersonId; readonly successor: PersonId }>;
}

/** A row as far as protection goes. */
export interface SeenRow {
  readonly key: RowKey;
  /** Whose it is, where it tells a valid number. */
  readonly person: PersonId | undefined;
  readonly isMarked: boolean;
  /** Its `personnummer` cell. */
  readonly number: string | undefined;
}

export function seenRow(
  { key, cells }: Pick<RosterEntry, 'key' | 'cells'>,
  person: PersonId | undefined,
): SeenRow {
  return { key, person, isMarked: isMarked(cells.protected), number: cells.personnummer };
}

/**
 * Gathers in one pass over the roster what its marks of protection say. Fails closed: whoever is protected by an
 * answer or by a mark on any row is so under all numbers, on all rows, and on rows that somebody has declared to be
 * theirs.
 */
export interface RosterMarks {
  /**
   * A row that is asked about later, and whose it once was. Its mark counts, and before the pass its number too; a
   * `Hiding` that was settled before tells of it as well.
   */
  watch(key: RowKey, formerly?: PersonId): void;
  /**
   * Every row of the roster, left out or not: else it would matter which of two rows with one id comes first. Rows
   * without a mark may be passed over while `isEveryRowOfInterest` is false.
   */
  see(row: SeenRow): void;
  readonly isEveryRowOfInterest: boolean;
  readonly untaken: UntakenRows;
  seeUntaken(row: UntakenRow): void;
  /** `child`: the number of the link's student, where the row has one. Call once all rows have been seen. */
  addLink(guardian: string, child: PersonId | undefined): void;
  /** Rows that carry a mark and no usable number, and rows that could not be taken and may carry one. */
  unnumbered(): { readonly marked: readonly RowKey[]; readonly perhaps: readonly RowKey[] };
  /** Children whose answers may name a marked guardian without a number: SPAR tells them by name and birth date. */
  readonly childrenOfUnnumbered: ReadonlySet<PersonId>;
  settle(known: KnownOfPeople): Hiding;
  /**
   * @param before rows that have been marked at some time
   * @param isThere whether the roster has a row with this key
   */
  marksSeen(before: readonly RowKey[], isThere: (key: RowKey) => boolean): MarksSeen;
}

/** A row that is marked as protected, and whose it is, or may be. */
export interface MarkedRow {
  readonly key: RowKey;
  readonly person: PersonId;
  /** Not where the number has a slip, or the row could not be taken. */
  readonly isCertain: boolean;
}

/** What is to be remembered of marks for the day on which a row no longer tells its number. */
export interface MarksSeen {
  /** Marked rows that tell a number, well or badly. */
  readonly marked: readonly MarkedRow[];
  /** Rows that have been marked and certainly are no longer. */
  readonly unmarked: readonly RowKey[];
}

export const NOBODY_REMEMBERED: RememberedPeople = { marked: [], perhaps: [] };

/** Rows that decisions in force declare to be one person's, or a row that is watched. */
interface Group {
  readonly keys: RowKey[];
  /** Whose they are now, or were when it was decided. */
  readonly people: Set<PersonId>;
  /** Whose they were at some time: hidden, they hide the rows and nobody else. */
  readonly formerly: Set<PersonId>;
}

export function createRosterMarks(today: CalendarDate, decisions: readonly Decision[]): RosterMarks {
  const groups = groupSame(decisions);
  const marked = new Map<string, RowKey>();
  const seen = new Map<string, MarkedRow>();
  const perhaps = new Set<PersonId>();
  const unnumbered: RowKey[] = [];
  const unnumberedGuardians = new Set<string>();
  const childrenOfUnnumbered = new Set<PersonId>();
  const untaken = createUntakenRows(today);

  function groupOf(key: RowKey): Group {
    const name = rowKeyText(key);
    const group = groups.get(name) ?? createGroup(key);
    groups.set(name, group);
    return group;
  }

  /** Whose a cell may be, whatever stands around the number, by child or adult. */
  function readingsOf(cell: string | undefined): PersonId[] {
    const texts = likeNumbers([cell]).flatMap((text) => [text, text.replace(/\D/g, '')]);
    return texts.flatMap((text) => [...readEitherWay(text, today)]);
  }

  function see({ key, person, isMarked: isMarkedRow, number }: SeenRow): void {
    const hasSlip = person === undefined && number !== undefined && number !== '';
    if (!isMarkedRow && !hasSlip && groups.size === 0) return;
    const name = rowKeyText(key);
    // A number with a slip, or one that the row's date of birth contradicts, is somebody's as likely as not.
    if (hasSlip && !isMarkedRow) for (const read of readingsOf(number)) groupOf(key).formerly.add(read);
    if (person !== undefined) groups.get(name)?.people.add(person);
    if (!isMarkedRow) return;
    marked.set(name, key);
    for (const read of readingsOf(number)) {
      perhaps.add(read);
      if (person === undefined) remember({ key, person: read, isCertain: false });
    }
    if (person !== undefined) {
      remember({ key, person, isCertain: true });
      return;
    }
    unnumbered.push(key);
    if (key.type === 'guardian') unnumberedGuardians.add(key.id);
  }

  function remember(row: MarkedRow): void {
    seen.set(`${rowKeyText(row.key)} ${row.person}`, row);
  }

  function settle({
    remembered,
    protectedPeople,
    withheldPeople = [],
    renumbered,
    followed = [],
  }: KnownOfPeople): Hiding {
    const pairs = [...followed];
    const underAllNumbers = (people: Iterable<PersonId>): Set<PersonId> => {
      const all = new Set(people);
      const successors = pairs.flatMap(({ former, successor }) => (all.has(former) ? [successor] : []));
      return protectedUnderAll([...all, ...successors], renumbered);
    };
    /** Who is hidden with these people and rows: a group's people are so together, and each has other numbers. */
    const withGroups = (start: Iterable<PersonId>, isMarkedRow: (name: string) => boolean) => {
      let people = underAllNumbers(start);
      const hides = ({ keys, people: its }: Group): boolean =>
        keys.some((key) => isMarkedRow(rowKeyText(key))) || isAny(its, people);
      for (let before = -1; before !== people.size; ) {
        before = people.size;
        const found = [...groups.values()].filter(hides);
        people = underAllNumbers([...people, ...found.flatMap((group) => [...group.people])]);
      }
      return { people, hides };
    };
    const isInHiddenGroup = (key: RowKey, by: ReturnType<typeof withGroups>): boolean => {
      const group = groups.get(rowKeyText(key));
      return group !== undefined && (by.hides(group) || isAny(group.formerly, by.people));
    };
    const withheld = new Set(withheldPeople);
    const isOfWithheld = (key: RowKey): boolean => {
      const group = groups.get(rowKeyText(key));
      return group !== undefined && (isAny(group.people, withheld) || isAny(group.formerly, withheld));
    };
    const isMarkedRow = (name: string): boolean => marked.has(name);
    const perhapsRows = new Set(untaken.hiddenKeys.map(rowKeyText));
    const mayBeMarked = (name: string): boolean => marked.has(name) || perhapsRows.has(name);

    const byAnswer = underAllNumbers(protectedPeople);
    const sure = [
      ...[...seen.values()].flatMap(({ person, isCertain }) => (isCertain ? [person] : [])),
      ...remembered.marked,
      ...untaken.marked,
    ];
    const thinkable = [...sure, ...perhaps, ...remembered.perhaps, ...untaken.perhapsMarked];
    const forCertain = withGroups([...sure, ...byAnswer], isMarkedRow);
    const all = withGroups([...thinkable, ...byAnswer], mayBeMarked);
    const byRowsAlone = (alone: ReadonlySet<PersonId>, together: ReadonlySet<PersonId>) =>
      new Set([...together].filter((person) => alone.has(person) || !byAnswer.has(person)));
    const hiddenGroups = [...new Set(groups.values())].filter(forCertain.hides);
    return {
      people: new Set([...all.people, ...withheld]),
      byRows: byRowsAlone(withGroups(thinkable, mayBeMarked).people, all.people),
      byRowsForCertain: byRowsAlone(withGroups(sure, isMarkedRow).people, forCertain.people),
      rowsForCertain: [...marked.values(), ...hiddenGroups.flatMap(({ keys }) => keys)],
      isHiddenRow: (key) => mayBeMarked(rowKeyText(key)) || isInHiddenGroup(key, all) || isOfWithheld(key),
      isHiddenForCertain: (key) => isMarkedRow(rowKeyText(key)) || isInHiddenGroup(key, forCertain),
    };
  }

  return {
    watch(key, formerly) {
      const group = groupOf(key);
      if (formerly !== undefined) group.formerly.add(formerly);
    },
    see,
    get isEveryRowOfInterest() {
      return groups.size > 0;
    },
    untaken,
    seeUntaken: untaken.add,
    addLink(guardian, child) {
      if (child !== undefined && unnumberedGuardians.has(guardian)) childrenOfUnnumbered.add(child);
    },
    unnumbered: () => ({ marked: unnumbered, perhaps: untaken.hiddenKeys }),
    childrenOfUnnumbered,
    settle,
    marksSeen(before, isThere) {
      const perhapsRows = new Set(untaken.hiddenKeys.map(rowKeyText));
      const isMarkedNoLonger = (key: RowKey): boolean => {
        const name = rowKeyText(key);
        return isThere(key) && !marked.has(name) && !perhapsRows.has(name);
      };
      for (const row of untaken.markedRows) remember({ ...row, isCertain: false });
      const inOrder = [...seen].sort(([a], [b]) => (a < b ? -1 : 1));
      return { marked: inOrder.map(([, row]) => row), unmarked: before.filter(isMarkedNoLonger) };
    },
  };
}

function createGroup(...keys: RowKey[]): Group {
  return { keys, people: new Set(), formerly: new Set() };
}

/** By `type:id`, rows that decisions in force declare to be the same person, directly or through others. */
function groupSame(decisions: readonly Decision[]): Map<string, Group> {
  const groups = new Map<string, Group>();
  for (const { a, b, verdict, aPerson, bPerson } of decisions) {
    if (verdict !== 'same') continue;
    const one = groups.get(rowKeyText(a)) ?? createGroup(a);
    const other = groups.get(rowKeyText(b)) ?? createGroup(b);
    for (const person of [aPerson, bPerson, ...other.people])
      if (person !== undefined) one.people.add(person);
    if (other !== one) one.keys.push(...other.keys);
    for (const [name, group] of groups) if (group === other) groups.set(name, one);
    groups.set(rowKeyText(a), one);
    groups.set(rowKeyText(b), one);
  }
  return groups;
}

function isAny(people: ReadonlySet<PersonId>, among: ReadonlySet<PersonId>): boolean {
  for (const person of people) if (among.has(person)) return true;
  return false;
}
