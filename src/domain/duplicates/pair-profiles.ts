import type { DuplicateBasis } from '../duplicates.ts';
import type { GuardianRow } from '../families.ts';
import { joinNumbers, type Renumbering } from '../guardians/one-person.ts';
import { type Profile, profileOfPerson, profileOfRow } from '../matching/profile.ts';
import type { PersonId } from '../person-id.ts';
import { compareByLinks } from './pair-keep.ts';

/** What is known of the people behind guardian rows, each worked out once. */
export interface PairProfiles {
  /** As the row has them. */
  ofRow(row: GuardianRow): Profile;
  /** As SPAR has them; the row's own where there is no answer. */
  known(row: GuardianRow): Profile;
  /** Somebody by number, as SPAR has them, else as their row does; `undefined` where there is neither. */
  ofPerson(person: PersonId): Profile | undefined;
  /** The row that stands for all guardian rows under a number: the one with most links, then the lowest id. */
  rowFor(person: PersonId): GuardianRow | undefined;
  /** Every number of the same person, this one included (Hänvisning). */
  numbersOf(person: PersonId): readonly PersonId[];
  /** Whether both are numbers of one person. */
  areJoined(one: PersonId, other: PersonId): boolean;
  /** Whether a number is known to have become another. */
  isFormer(person: PersonId): boolean;
  /** Every Hänvisning, also from a number that several are said to have come after. */
  readonly renumberings: readonly Renumbering[];
}

export function createPairProfiles(basis: DuplicateBasis): PairProfiles {
  const { families } = basis;
  const renumberings = renumberingsOf(basis);
  const { currentOf, numbersOf: numbersOfCurrent } = joinNumbers(renumberings);
  const formers = new Set(renumberings.map(({ former }) => former));
  const rows = new Map<string, Profile>();
  const answered = new Map<PersonId, Profile | undefined>();
  const standing = new Map<PersonId, GuardianRow>();

  const numbersOf = (person: PersonId): readonly PersonId[] => numbersOfCurrent(currentOf(person));

  function ofRow(row: GuardianRow): Profile {
    const made = rows.get(row.key.id) ?? withNumbers(profileOfRow(row.cells, row.id));
    rows.set(row.key.id, made);
    return made;
  }

  function ofAnswer(person: PersonId): Profile | undefined {
    if (answered.has(person)) return answered.get(person);
    const answer = basis.answerOf(person);
    const made = answer === undefined ? undefined : withNumbers(profileOfPerson(answer));
    answered.set(person, made);
    return made;
  }

  function withNumbers(profile: Profile): Profile {
    const { id, otherIds } = profile;
    const others = id === undefined ? [] : numbersOf(id).filter((number) => number !== id);
    return others.length === 0 ? profile : { ...profile, otherIds: [...otherIds, ...others] };
  }

  function rowFor(person: PersonId): GuardianRow | undefined {
    const known = standing.get(person);
    if (known !== undefined) return known;
    let best: GuardianRow | undefined;
    for (const { key } of families.rowsOf(person)) {
      const row = key.type === 'guardian' ? families.guardian(key.id) : undefined;
      if (row !== undefined && (best === undefined || compareByLinks(row, best) < 0)) best = row;
    }
    if (best !== undefined) standing.set(person, best);
    return best;
  }

  return {
    ofRow,
    known: (row) => (row.id.kind === 'valid' ? ofAnswer(row.id.id) : undefined) ?? ofRow(row),
    ofPerson: (person) => {
      const row = rowFor(person);
      return ofAnswer(person) ?? (row === undefined ? undefined : ofRow(row));
    },
    rowFor,
    numbersOf,
    areJoined: (one, other) => currentOf(one) === currentOf(other),
    isFormer: (person) => formers.has(person),
    renumberings,
  };
}

/** Those that the cache knows by the former number, and those that an answer tells of its earlier ones. */
function renumberingsOf(basis: DuplicateBasis): readonly Renumbering[] {
  const told = basis.families.guardians.flatMap(({ id }) => {
    if (id.kind !== 'valid') return [];
    const successors = [id.id];
    return (basis.answerOf(id.id)?.predecessors ?? []).map((former) => ({ former, successors }));
  });
  return [...basis.renumbered, ...told].filter(({ former, successors }) => !successors.includes(former));
}
