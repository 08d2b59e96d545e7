import type { Verdict } from '../decision.ts';
import type { Families, GuardianRow } from '../families.ts';
import type { PersonId } from '../person-id.ts';
import type { RowKey } from '../roster.ts';
import { compareByLinks } from './pair-keep.ts';
import { createRowFinder, holdOneNumber, numberOf, type RowFinder } from './row-finder.ts';
import { compareRowKeys, isSameKey, pairText } from './row-order.ts';

/** What a person wrote about two rows. */
export interface DecidedPair {
  readonly a: RowKey;
  readonly b: RowKey;
  readonly verdict: Verdict;
  /** Counts for `same` only. */
  readonly keep: RowKey;
  /** Where it stands in the file, for messages. */
  readonly line: number;
}

export const MERGE_PROBLEMS = [
  /** A row that is not there, or not once. */
  'unknown-row',
  /** Not two guardian rows, which alone are merged, and not two roles of one person either. */
  'other-type',
  /** `keep` names neither row, or the lines about one person keep different rows. */
  'other-keep',
  /** `same` and `different` about one pair, `different` within what is said to be one person, or a row and itself. */
  'contradiction',
  /** Valid numbers of different people, without a Hänvisning between them. */
  'two-numbers',
  /** A row that is to go is referred to by `tables`. */
  'referred-to',
  /** A mark of protection cannot come along: the kept row's source has no `protected` column. */
  'no-place-for-mark',
] as const;

export type MergeProblemKind = (typeof MERGE_PROBLEMS)[number];

/** Why nothing at all is merged. */
export interface MergeProblem {
  readonly line: number;
  readonly kind: MergeProblemKind;
  readonly rows: readonly RowKey[];
  readonly tables?: readonly string[];
  /** Of an unknown row: in which cell it is named. What stands there may be anything, a name even. */
  readonly cells?: readonly ('a' | 'b')[];
}

/** Rows that are one person. */
export interface MergeGroup {
  readonly kept: GuardianRow;
  /** Most links first, then the lowest id. */
  readonly others: readonly GuardianRow[];
}

export interface MergeGroups {
  /** By the kept row's id. */
  readonly groups: readonly MergeGroup[];
  readonly problems: readonly MergeProblem[];
}

/**
 * Takes the pairs that are `same` together to people: if A is B and B is C, all three are one. One row of each is
 * kept: the one that no line gives up for another. Everything that speaks against it is listed, and whoever is
 * named in a problem need not be in a group.
 */
export function groupMerges(
  families: Families,
  decided: readonly DecidedPair[],
  areJoined: (one: PersonId, other: PersonId) => boolean,
): MergeGroups {
  const problems: MergeProblem[] = [];
  const lines = [...decided].sort(
    (one, other) => one.line - other.line || compareRowKeys(one.a, other.a) || compareRowKeys(one.b, other.b),
  );
  const find = createRowFinder(families);
  const usable = lines.filter((pair) => isUsable(find, pair, problems));
  const merges = usable.filter(({ a, verdict }) => verdict === 'same' && a.type === 'guardian');
  const clusters = clustersOf(merges);
  const clusterOf = new Map(clusters.flatMap((cluster) => cluster.ids.map((id) => [id, cluster] as const)));
  const areOnePerson = (a: RowKey, b: RowKey): boolean => {
    const cluster = a.type === 'guardian' && b.type === 'guardian' ? clusterOf.get(a.id) : undefined;
    return cluster !== undefined && cluster === clusterOf.get(b.id);
  };

  const verdicts = new Map<string, Verdict>();
  for (const { a, b, verdict, line } of usable) {
    const text = pairText(a, b);
    const earlier = verdicts.get(text) ?? verdict;
    verdicts.set(text, earlier);
    if (earlier !== verdict || (verdict === 'different' && areOnePerson(a, b))) {
      problems.push({ line, kind: 'contradiction', rows: [a, b] });
    }
  }

  const groups: MergeGroup[] = [];
  for (const cluster of clusters) {
    const rows = cluster.ids.flatMap((id) => families.guardian(id) ?? []).sort(compareByLinks);
    const numbers = numbersProblem(cluster, rows, areJoined);
    if (numbers !== undefined) problems.push(numbers);
    const kept = keptOf(cluster, rows);
    if (kept.kind === 'problem') problems.push(kept.problem);
    else {
      const others = rows.filter((row) => row !== kept.row);
      groups.push({ kept: kept.row, others });
    }
  }
  groups.sort((one, other) => compareRowKeys(one.kept.key, other.kept.key));
  return { groups, problems };
}

/** Whether a line can be understood by itself; `same` of two roles is remembered and nothing else. */
function isUsable(find: RowFinder, pair: DecidedPair, problems: MergeProblem[]): boolean {
  const { a, b, keep, verdict, line } = pair;
  const [one, other] = [find(a), find(b)];
  const problem = (kind: MergeProblemKind, rows: readonly RowKey[] = [a, b]): boolean => {
    problems.push({ line, kind, rows });
    return false;
  };
  if (one === undefined || other === undefined) {
    problems.push({
      line,
      kind: 'unknown-row',
      rows: [...(one ? [] : [a]), ...(other ? [] : [b])],
      cells: [...(one ? [] : (['a'] as const)), ...(other ? [] : (['b'] as const))],
    });
    return false;
  }
  if (isSameKey(a, b)) return problem('contradiction', [a]);
  if (verdict === 'different') return true;
  if (a.type !== 'guardian' || b.type !== 'guardian') {
    return (a.type !== b.type && holdOneNumber(one, other)) || problem('other-type');
  }
  return isSameKey(keep, a) || isSameKey(keep, b) || problem('other-keep', [a, b, keep]);
}

/** Guardian rows, by id, that lines join, directly or through others. */
interface Cluster {
  readonly ids: readonly string[];
  readonly pairs: readonly DecidedPair[];
}

function clustersOf(pairs: readonly DecidedPair[]): readonly Cluster[] {
  const neighbours = new Map<string, DecidedPair[]>();
  for (const pair of pairs) {
    for (const { id } of [pair.a, pair.b]) {
      const known = neighbours.get(id);
      if (known === undefined) neighbours.set(id, [pair]);
      else known.push(pair);
    }
  }
  const seen = new Set<string>();
  const clusters: Cluster[] = [];
  for (const start of neighbours.keys()) {
    if (seen.has(start)) continue;
    seen.add(start);
    const ids = [start];
    const joining = new Set<DecidedPair>();
    // Grows while it is walked.
    for (const id of ids) {
      for (const pair of neighbours.get(id) ?? []) {
        joining.add(pair);
        for (const next of [pair.a.id, pair.b.id]) {
          if (!seen.has(next)) ids.push(next);
          seen.add(next);
        }
      }
    }
    clusters.push({ ids, pairs: [...joining].sort((one, other) => one.line - other.line) });
  }
  return clusters;
}

/** The one row that no line gives up. Where A is kept over B and B over C, that is A. */
function keptOf(
  { pairs }: Cluster,
  rows: readonly GuardianRow[],
):
  | { readonly kind: 'kept'; readonly row: GuardianRow }
  | { readonly kind: 'problem'; readonly problem: MergeProblem } {
  const givenUp = new Set(pairs.map(({ a, b, keep }) => (isSameKey(keep, a) ? b.id : a.id)));
  const left = rows.filter(({ key }) => !givenUp.has(key.id));
  const [row, ...more] = left;
  if (row !== undefined && more.length === 0) return { kind: 'kept', row };
  const first = pairs[0]?.keep;
  // Said where the lines first part ways.
  const line = (pairs.find(({ keep }) => first !== undefined && !isSameKey(keep, first)) ?? pairs.at(-1))
    ?.line;
  const keys = (left.length > 0 ? left : rows).map(({ key }) => key).sort(compareRowKeys);
  return { kind: 'problem', problem: { line: line ?? 0, kind: 'other-keep', rows: keys } };
}

function numbersProblem(
  { pairs }: Cluster,
  rows: readonly GuardianRow[],
  areJoined: (one: PersonId, other: PersonId) => boolean,
): MergeProblem | undefined {
  const numbers = new Set(rows.flatMap((row) => numberOf(row) ?? []));
  const [first, ...rest] = numbers;
  if (first === undefined) return undefined;
  const reached = [first];
  // Grows while it is walked: a number may have changed twice.
  for (const known of reached) {
    reached.push(...rest.filter((number) => !reached.includes(number) && areJoined(known, number)));
  }
  if (reached.length === numbers.size) return undefined;
  const holders = rows.filter((row) => numberOf(row) !== undefined);
  const held = new Set(holders.map(({ key }) => key.id));
  const line = (pairs.find(({ a, b }) => held.has(a.id) && held.has(b.id)) ?? pairs[0])?.line ?? 0;
  const keys = holders.map(({ key }) => key).sort(compareRowKeys);
  return { line, kind: 'two-numbers', rows: keys };
}
