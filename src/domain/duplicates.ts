import type { Decision } from './decision.ts';
import { DUPLICATE_GROUPS, type DuplicatePair } from './duplicate-pair.ts';
import { findCandidates } from './duplicates/duplicate-candidates.ts';
import { readDecisions } from './duplicates/pair-decisions.ts';
import { createPairJudge } from './duplicates/pair-judge.ts';
import { compareForKeeping } from './duplicates/pair-keep.ts';
import { createPairProfiles, type PairProfiles } from './duplicates/pair-profiles.ts';
import { createRowFinder, numberOf } from './duplicates/row-finder.ts';
import { compareIds, compareRowKeys } from './duplicates/row-order.ts';
import { shownOfCells } from './duplicates/shown-cells.ts';
import type { Families, FamilyRow, GuardianRow } from './families.ts';
import { emailKey } from './matching/contact-agreement.ts';
import { GRADES } from './matching/match-words.ts';
import type { Guardianship, RegisteredPerson } from './person.ts';
import type { PersonId } from './person-id.ts';
import type { RowKey } from './roster.ts';

/** What the duplicate report rests on. */
export interface DuplicateBasis {
  /** As the roster is, or as it will be when a plan is carried out. */
  readonly families: Families;
  /** The cached answer about somebody, where it is that of an ordinary record. */
  answerOf(person: PersonId): RegisteredPerson | undefined;
  /** The cached guardianship of a student (by row id); `undefined` where there is none to be had. */
  guardianshipOf(student: string): Guardianship | undefined;
  /** Whether anything says that a person is protected, under any number of theirs: an answer or a marked row. */
  isProtected(person: PersonId): boolean;
  readonly renumbered: readonly { readonly former: PersonId; readonly successors: readonly PersonId[] }[];
  readonly decisions: readonly Decision[];
}

/**
 * The pairs of rows that a person has to decide about, in a stable order (group, grade, ids), whatever the order
 * of the roster. Its cost grows with the rows and not with their square; what that leaves out is told at
 * `findCandidates`. Pairs that were decided are not there (`readDecisions`), nor pairs of two inactive rows.
 */
export function findDuplicates(basis: DuplicateBasis): readonly DuplicatePair[] {
  const profiles = createPairProfiles(basis);
  const verdictOf = readDecisions(basis.families, basis.decisions, profiles.areJoined);
  const judge = createPairJudge(basis, profiles);
  const pairs: DuplicatePair[] = [];

  for (const { guardian, other } of findTwoRoles(basis.families, profiles)) {
    if (verdictOf(guardian.key, other.key) !== undefined) continue;
    pairs.push({
      a: guardian.key,
      b: other.key,
      keep: guardian.key,
      grade: 'certain',
      group: 'same-person',
      evidence: ['same-number', 'two-roles'],
      contradictions: [],
      children: childrenOf(guardian),
      shown: { a: shownOfCells(guardian.cells), b: shownOfCells(other.cells) },
    });
  }

  for (const candidate of findCandidates(basis, profiles)) {
    const { a, b } = candidate;
    if (verdictOf(a.key, b.key) === 'different') continue;
    const judged = judge(candidate);
    if (judged === undefined) continue;
    const isAKept = compareForKeeping(a, b, profiles.isFormer) <= 0;
    const holder = emailHolder(a, b);
    pairs.push({
      a: a.key,
      b: b.key,
      keep: isAKept ? a.key : b.key,
      ...judged,
      children: childrenOf(a, b),
      ...(holder === undefined ? {} : { emailHeldBy: holder.key }),
      shown: { a: shownOfCells(a.cells), b: shownOfCells(b.cells) },
    });
  }

  const isProtected = createProtectedTest(basis);
  return pairs.map((pair) => (isProtected(pair) ? withoutData(pair) : pair)).sort(comparePairs);
}

/** A guardian who is staff or a student too, by number. */
function* findTwoRoles(
  families: Families,
  profiles: PairProfiles,
): Generator<{ readonly guardian: GuardianRow; readonly other: FamilyRow }> {
  for (const guardian of families.guardians) {
    const person = numberOf(guardian);
    if (person === undefined || profiles.rowFor(person)?.key.id !== guardian.key.id) continue;
    for (const other of families.rowsOf(person)) {
      if (other.key.type !== 'guardian' && (guardian.isActive || other.isActive)) yield { guardian, other };
    }
  }
}

/** Ids of the students linked to any of these rows. */
function childrenOf(...rows: readonly GuardianRow[]): readonly string[] {
  const ids = rows.flatMap(({ links }) => links.map(({ student }) => student.key.id));
  return [...new Set(ids)].sort(compareIds);
}

function emailHolder(a: GuardianRow, b: GuardianRow): GuardianRow | undefined {
  const [ofA, ofB] = [emailKey(a.cells.email), emailKey(b.cells.email)];
  if (ofA !== undefined) return ofB === undefined || ofA === ofB ? a : undefined;
  return ofB === undefined ? undefined : b;
}

/** Whether either row of a pair is marked, or its person protected. */
function createProtectedTest(basis: DuplicateBasis): (pair: DuplicatePair) => boolean {
  const find = createRowFinder(basis.families);
  const isProtectedRow = (key: RowKey): boolean => {
    const row = find(key);
    const person = numberOf(row);
    if (row === undefined || row.isMarked || basis.families.hiddenRows.isHiddenRow(key)) return true;
    return person !== undefined && basis.isProtected(person);
  };
  return ({ a, b }) => isProtectedRow(a) || isProtectedRow(b);
}

/** Nothing but ids and grade. */
function withoutData({ a, b, keep, grade, group }: DuplicatePair): DuplicatePair {
  return { a, b, keep, grade, group, evidence: [], contradictions: [], children: [] };
}

function comparePairs(one: DuplicatePair, other: DuplicatePair): number {
  return (
    DUPLICATE_GROUPS.indexOf(one.group) - DUPLICATE_GROUPS.indexOf(other.group) ||
    GRADES.indexOf(one.grade) - GRADES.indexOf(other.grade) ||
    compareRowKeys(one.a, other.a) ||
    compareRowKeys(one.b, other.b)
  );
}
