import type { DuplicatePair } from '../../src/domain/duplicate-pair.ts';
import type { GuardianPlan } from '../../src/domain/guardian-plan.ts';
import type { RowKey } from '../../src/domain/roster.ts';
import type { MadeUpFamilies, RowTruth } from './made-up-families.ts';

/** What became of the rows of one kind. */
export interface Tally {
  rows: number;
  /** Rows whose own number leads to their person: nothing to find out. */
  known: number;
  right: number;
  wrong: number;
  reported: number;
  missed: number;
  /** Rows of nobody whom SPAR names, and to which nothing happened. */
  leftAlone: number;
  /** Pairs in the report that are not one person. */
  noise: number;
}

export interface Score {
  readonly kinds: Map<string, Tally>;
  /** Kinds that nothing at hand can tell: counted in `kinds`, and apart in the totals. */
  readonly cannotBeTold: Set<string>;
  /** Guardians of whom some row is evident, and how many of them were given to one of their rows. */
  evident: number;
  evidentFound: number;
  /** Evident guardians not found, by the kind of their first row. */
  readonly evidentMissed: Map<string, number>;
  /** Pairs in the report that say of two rows that they may be one person. */
  claims: number;
  noise: number;
  readonly wrong: readonly WrongAssignment[];
  rows: number;
}

export interface WrongAssignment {
  readonly kind: string;
  readonly row: string;
  readonly cannotBeTold: boolean;
}

export function createScore(): Score & { readonly wrong: WrongAssignment[] } {
  return {
    kinds: new Map(),
    cannotBeTold: new Set(),
    evident: 0,
    evidentFound: 0,
    evidentMissed: new Map(),
    claims: 0,
    noise: 0,
    wrong: [],
    rows: 0,
  };
}

/** Whether a pair claims that its rows may be one person; that one person has two roles is no duplicate. */
export function claimsSameness({ group, grade, evidence }: DuplicatePair): boolean {
  return group !== 'shared' && grade !== 'certainly-not' && !evidence.includes('two-roles');
}

/** Adds what a plan makes of a school to the score. */
export function scorePlan(
  score: ReturnType<typeof createScore>,
  school: MadeUpFamilies,
  plan: GuardianPlan,
): void {
  const { truth } = school;
  const assigned = new Map(plan.assigned.map(({ key, person }) => [key.id, person]));
  const created = new Map<string, string>(plan.created.map(({ key, person }) => [key.id, person]));
  const createdPeople = new Set<string>(created.values());
  const whoOf = (key: RowKey): string | undefined =>
    key.type === 'guardian' ? (truth.get(key.id)?.who ?? created.get(key.id)) : undefined;
  const tallyOf = (kind: string): Tally => {
    let tally = score.kinds.get(kind);
    if (tally === undefined) {
      tally = { rows: 0, known: 0, right: 0, wrong: 0, reported: 0, missed: 0, leftAlone: 0, noise: 0 };
      score.kinds.set(kind, tally);
    }
    return tally;
  };

  const inTruePair = new Set<string>();
  for (const pair of plan.pairs) {
    if (!claimsSameness(pair)) continue;
    const [a, b] = [whoOf(pair.a), whoOf(pair.b)];
    score.claims++;
    if (a !== undefined && a === b) {
      inTruePair.add(pair.a.id).add(pair.b.id);
      continue;
    }
    score.noise++;
    const [one, two] = [truth.get(pair.a.id), truth.get(pair.b.id)];
    const culprit = [two, one].find((row) => row !== undefined && row.person === undefined) ?? two ?? one;
    if (culprit !== undefined) tallyOf(culprit.kind).noise++;
  }
  const reviewed = new Set<string>();
  for (const { key, reason, rows = [] } of plan.reviews) {
    for (const row of rows) reviewed.add(`${reason} ${row}`);
    if (key.type === 'guardian') reviewed.add(`${reason} ${key.id}`);
  }

  const evident = new Map<string, { kind: string; isFound: boolean }>();
  for (const [id, row] of truth) {
    const tally = tallyOf(row.kind);
    tally.rows++;
    score.rows++;
    if (row.cannotBeTold) score.cannotBeTold.add(row.kind);
    const given = assigned.get(id);
    const isRight = given !== undefined && given === row.person;
    if (row.isEvident) {
      const known = evident.get(row.who);
      if (known === undefined) evident.set(row.who, { kind: row.kind, isFound: isRight });
      else known.isFound ||= isRight;
    }
    if (given !== undefined) {
      if (isRight) tally.right++;
      else {
        tally.wrong++;
        score.wrong.push({ kind: row.kind, row: id, cannotBeTold: row.cannotBeTold });
      }
    } else tally[outcomeOf(id, row)]++;
  }
  for (const { kind, isFound } of evident.values()) {
    score.evident++;
    if (isFound) score.evidentFound++;
    else score.evidentMissed.set(kind, (score.evidentMissed.get(kind) ?? 0) + 1);
  }

  function outcomeOf(id: string, row: RowTruth): 'known' | 'reported' | 'missed' | 'leftAlone' {
    if (inTruePair.has(id)) return 'reported';
    if (row.review !== undefined) return reviewed.has(`${row.review} ${id}`) ? 'reported' : 'missed';
    if (row.person === undefined) return 'leftAlone';
    // A second row made for somebody who has one by number is a pair that nobody has found.
    if (row.isKnown) return createdPeople.has(row.person) ? 'missed' : 'known';
    return 'missed';
  }
}

/** Shares as the targets name them. `missed`: of the true pairs of rows without a usable number. */
export function sharesOf(score: Score): {
  readonly wrong: number;
  readonly found: number;
  readonly missed: number;
  readonly noise: number;
} {
  let [wrong, missed, pairs] = [0, 0, 0];
  for (const [kind, tally] of score.kinds) {
    if (!score.cannotBeTold.has(kind)) wrong += tally.wrong;
    missed += tally.missed;
    pairs += tally.missed + tally.reported + tally.right;
  }
  return {
    wrong,
    found: score.evident === 0 ? 1 : score.evidentFound / score.evident,
    missed: pairs === 0 ? 0 : missed / pairs,
    noise: score.claims === 0 ? 0 : score.noise / score.claims,
  };
}
