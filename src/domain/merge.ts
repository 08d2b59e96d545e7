import type { Decision } from './decision.ts';
import { fillKept, heldEmails, type LeftOut } from './duplicates/merge-cells.ts';
import {
  type DecidedPair,
  groupMerges,
  MERGE_PROBLEMS,
  type MergeGroup,
  type MergeProblem,
} from './duplicates/merge-groups.ts';
import { createRowFinder, numberOf } from './duplicates/row-finder.ts';
import { compareRowKeys, pairText } from './duplicates/row-order.ts';
import type { Families, FamilyLink } from './families.ts';
import { fold, isBlank } from './fold.ts';
import { joinNumbers, type Renumbering } from './guardians/one-person.ts';
import type { PersonId } from './person-id.ts';
import { type RowKey, rowKeyText } from './roster.ts';
import type { MovedLink, RemovedLink, RosterWrite, RowEdit } from './roster-write.ts';

/** What is known besides the rows. */
export interface MergeKnowledge {
  /** People known by the cache to have another number now: their two numbers are one person's. */
  readonly renumbered: readonly Renumbering[];
  /** Whether a row is hidden; its own mark is known without it. */
  readonly isProtected: (key: RowKey) => boolean;
}

export interface Merged {
  readonly kept: RowKey;
  readonly removed: RowKey;
  /** What the removed row held and the kept row did not take. Empty where either of them is protected. */
  readonly leftOut: readonly LeftOut[];
}

export type MergePlan =
  | {
      readonly kind: 'planned';
      /** Without `RemovedRow.whole`. */
      readonly write: RosterWrite;
      /** What is remembered, `same` and `different`. */
      readonly decisions: readonly Decision[];
      readonly merged: readonly Merged[];
      readonly reviews: readonly { readonly key: RowKey; readonly reason: 'email-taken' }[];
      /** `removed`: of two links with one student, that which says less. `present`: links that kept rows had. */
      readonly links: { readonly moved: number; readonly removed: number; readonly present: number };
    }
  /** Nothing is done; every problem is here, by line. */
  | { readonly kind: 'refused'; readonly problems: readonly MergeProblem[] };

const NOTHING_KNOWN: MergeKnowledge = { renumbered: [], isProtected: () => false };

/**
 * What comes of a person's decisions: rows that are the same person become one, and all decisions are
 * remembered. All or nothing. The order of the decisions makes no difference.
 *
 * Only guardian rows are merged. Of e-mails, those of guardian rows are known: whether a student or staff row
 * holds one too is the database's to say.
 *
 * @param referrers by `type:id`, tables besides the links that refer to a row (`Roster.referrers`)
 */
export function planMerges(
  families: Families,
  decided: readonly DecidedPair[],
  referrers: ReadonlyMap<string, readonly string[]>,
  known: MergeKnowledge = NOTHING_KNOWN,
): MergePlan {
  const { areJoined, isFormer } = readRenumberings(known.renumbered);
  const { groups, problems: found } = groupMerges(families, decided, areJoined);
  const problems = [...found];

  const removed = new Set(groups.flatMap(({ others }) => others.map(({ key }) => key.id)));
  const held = heldEmails(families.guardians.filter(({ key }) => !removed.has(key.id)));
  const edits: RowEdit[] = [];
  const reviews: { key: RowKey; reason: 'email-taken' }[] = [];
  const merged: Merged[] = [];
  const lineOf = firstLines(decided);
  const links = { moved: [] as MovedLink[], removed: [] as RemovedLink[], present: 0 };

  for (const group of groups) {
    const { kept, others } = group;
    const filled = fillKept(group, held, (source) => families.styleOf(source), isFormer);
    if (filled.changes.length > 0) edits.push({ key: kept.key, place: kept.place, cells: filled.changes });
    if (filled.isEmailTaken) reviews.push({ key: kept.key, reason: 'email-taken' });
    if (filled.isMarkLost) {
      const marked = others.filter(({ isMarked }) => isMarked).map(({ key }) => key);
      problems.push({ line: lineOf(kept.key), kind: 'no-place-for-mark', rows: [kept.key, ...marked] });
    }
    const isProtected = [kept, ...others].some((row) => {
      const person = numberOf(row);
      const isMarkedPerson = person !== undefined && families.marked.has(person);
      return row.isMarked || isMarkedPerson || known.isProtected(row.key);
    });
    for (const { key } of others) {
      const leftOut = isProtected ? [] : (filled.leftOut.get(key.id) ?? []);
      merged.push({ kept: kept.key, removed: key, leftOut });
      const tables = referrers.get(rowKeyText(key)) ?? [];
      if (tables.length > 0) problems.push({ line: lineOf(key), kind: 'referred-to', rows: [key], tables });
    }
    joinLinks(group, links);
  }

  if (problems.length > 0) return { kind: 'refused', problems: problems.sort(compareProblems) };
  const rows = groups.flatMap(({ others }) => others);
  return {
    kind: 'planned',
    write: {
      edits,
      addedRows: [],
      removedRows: rows.map(({ key, place }) => ({ key, place })),
      addedLinks: [],
      removedLinks: links.removed,
      movedLinks: links.moved,
    },
    decisions: rememberedOf(families, decided),
    merged,
    reviews,
    links: { moved: links.moved.length, removed: links.removed.length, present: links.present },
  };
}

/**
 * Every link of the rows that go, to the kept row, one for each student. What somebody has written about a student
 * and the person stays: a link that says nothing makes room for one that does.
 */
function joinLinks(
  { kept, others }: MergeGroup,
  links: { moved: MovedLink[]; removed: RemovedLink[]; present: number },
): void {
  const at = ({ student, guardian, place }: FamilyLink): RemovedLink => ({
    link: { student: student.key.id, guardian: guardian.key.id },
    place,
  });
  const own = byStudent(kept.links);
  links.present += kept.links.length;
  for (const [student, gone] of byStudent(others.flatMap((row) => [...row.links].sort(compareLinks)))) {
    const there = own.get(student) ?? [];
    const telling = there.some(saysSomething) ? undefined : gone.find(saysSomething);
    const moved = telling ?? (there.length === 0 ? gone[0] : undefined);
    if (moved !== undefined) {
      links.removed.push(...there.map(at));
      links.moved.push({ ...at(moved), toGuardian: kept.key.id });
    }
    links.removed.push(...gone.filter((link) => link !== moved).map(at));
  }
}

function byStudent(links: readonly FamilyLink[]): ReadonlyMap<string, readonly FamilyLink[]> {
  const found = new Map<string, FamilyLink[]>();
  for (const link of links) {
    const { id } = link.student.key;
    found.set(id, [...(found.get(id) ?? []), link]);
  }
  return found;
}

/** Whether somebody has written something there, which this program never does. */
function saysSomething({ relation, source }: FamilyLink): boolean {
  return !isBlank(relation) || !['', 'spar'].includes(fold(source));
}

function rememberedOf(families: Families, decided: readonly DecidedPair[]): readonly Decision[] {
  const find = createRowFinder(families);
  const byPair = new Map<string, Decision>();
  for (const { a, b, verdict } of decided) {
    const [one, other] = compareRowKeys(a, b) <= 0 ? [a, b] : [b, a];
    const [aPerson, bPerson] = [numberOf(find(one)), numberOf(find(other))];
    byPair.set(pairText(a, b), {
      a: one,
      b: other,
      verdict,
      ...(aPerson === undefined ? {} : { aPerson }),
      ...(bPerson === undefined ? {} : { bPerson }),
    });
  }
  return [...byPair.values()].sort((x, y) => compareRowKeys(x.a, y.a) || compareRowKeys(x.b, y.b));
}

/** The first line that says of a row that it is the same as another. */
function firstLines(decided: readonly DecidedPair[]): (key: RowKey) => number {
  const lines = new Map<string, number>();
  for (const { a, b, verdict, line } of decided) {
    if (verdict !== 'same') continue;
    for (const text of [rowKeyText(a), rowKeyText(b)])
      lines.set(text, Math.min(line, lines.get(text) ?? line));
  }
  return (key) => lines.get(rowKeyText(key)) ?? 0;
}

/** Also a number with several successors is joined to each of them here: a person has said which it is. */
function readRenumberings(renumbered: readonly Renumbering[]) {
  const { currentOf } = joinNumbers(renumbered);
  const successors = new Map(renumbered.map((each) => [each.former, new Set(each.successors)]));
  const isFrom = (former: PersonId, other: PersonId): boolean => successors.get(former)?.has(other) ?? false;
  return {
    areJoined: (one: PersonId, other: PersonId): boolean =>
      currentOf(one) === currentOf(other) || isFrom(one, other) || isFrom(other, one),
    isFormer: (person: PersonId): boolean => successors.has(person),
  };
}

function compareLinks(one: FamilyLink, other: FamilyLink): number {
  return compareRowKeys(one.student.key, other.student.key) || one.place.row - other.place.row;
}

function compareProblems(one: MergeProblem, other: MergeProblem): number {
  return (
    one.line - other.line ||
    MERGE_PROBLEMS.indexOf(one.kind) - MERGE_PROBLEMS.indexOf(other.kind) ||
    compareRowLists(one.rows, other.rows)
  );
}

function compareRowLists(one: readonly RowKey[], other: readonly RowKey[]): number {
  for (const [i, key] of one.entries()) {
    const against = other[i];
    const order = against === undefined ? 1 : compareRowKeys(key, against);
    if (order !== 0) return order;
  }
  return one.length - other.length;
}
