import type { GuardianRow } from '../families.ts';
import { haveSameName, haveSimilarNames, type Match, match, mayBeMeant, type Setting } from '../match.ts';
import { kinshipOf } from '../matching/kinship.ts';
import type { Profile } from '../matching/profile.ts';
import type { Relation } from '../person.ts';
import { type Child, type Guardian, isWithoutNumber, linkedRows } from './guardian-ties.ts';
import type { KnownNames } from './known-names.ts';

/** A guardian row that shares a child with somebody whom SPAR names, and how far the two agree. */
export interface RowFit {
  readonly row: GuardianRow;
  /** The children that both have. */
  readonly children: readonly Child[];
  readonly grade: Match['grade'];
}

/** Rows without a valid number that are linked to a child of this guardian, compared with them. */
export function fitsOf(guardian: Guardian, profile: Profile, names: KnownNames): readonly RowFit[] {
  return fitsAmong(guardian.children, isWithoutNumber, profile, guardian, names);
}

/** Rows linked to a child, compared with a guardian of theirs who has no id-nummer. */
export function fitsOfNumberless(
  child: Child,
  relation: Relation,
  profile: Profile,
  names: KnownNames,
): readonly RowFit[] {
  const others = new Set(child.ties.flatMap(({ guardian }) => guardian?.rows ?? []));
  return fitsAmong([child], (row) => !others.has(row), profile, relation, names);
}

function fitsAmong(
  children: readonly Child[],
  isCandidate: (row: GuardianRow) => boolean,
  profile: Profile,
  who: Guardian | Relation,
  names: KnownNames,
): readonly RowFit[] {
  const shared = new Map<GuardianRow, Child[]>();
  for (const child of children) {
    for (const row of linkedRows(child.row)) {
      if (!isCandidate(row)) continue;
      const known = shared.get(row);
      if (known === undefined) shared.set(row, [child]);
      else known.push(child);
    }
  }
  return [...shared].map(([row, both]) => {
    const ofRow = names.ofRow(row);
    // Without a number in common and a name alike nothing comes of them: by far the most pairs.
    if (ofRow.id === undefined && !haveSimilarNames(profile, ofRow)) {
      return { row, children: both, grade: 'unlike' };
    }
    const { grade } = match(profile, ofRow, settingOf(row, both, profile, who, names));
    return { row, children: both, grade };
  });
}

/** A row that says to be the grandfather's is not the father's under another name. */
function saysOtherKinship(row: GuardianRow, { row: student }: Child): boolean {
  return student.links.some(({ guardian, relation }) => guardian === row && kinshipOf(relation) === 'other');
}

function settingOf(
  row: GuardianRow,
  children: readonly Child[],
  profile: Profile,
  who: Guardian | Relation,
  names: KnownNames,
): Setting {
  return {
    isOnlyRow: !children.some((child) =>
      linkedRows(child.row).some((other) => other !== row && haveSameName(names.ofRow(other), profile)),
    ),
    hasLikeRow: children.some((child) =>
      linkedRows(child.row).some(
        (other) =>
          other !== row &&
          !saysOtherKinship(other, child) &&
          mayBeMeant(profile, names.ofRow(other), names.ofOthers(child, who)),
      ),
    ),
    isOnlyGuardian: !names.hasNamesake(names.ofRow(row), children, who),
    hasNamelessGuardian: names.hasNameless(children, who),
    areBothGuardians: false,
    shareChild: true,
    relations: children.flatMap(({ row: student }) =>
      student.links.flatMap(({ guardian, relation }) =>
        guardian === row && relation !== '' ? [relation] : [],
      ),
    ),
  };
}
