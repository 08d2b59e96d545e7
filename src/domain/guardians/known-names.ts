import type { GuardianRow } from '../families.ts';
import { isBlank } from '../fold.ts';
import { haveSameName } from '../match.ts';
import { type Profile, profileOfPerson, profileOfRelation, profileOfRow } from '../matching/profile.ts';
import type { Name, RegisteredPerson, Relation } from '../person.ts';
import type { Child, Guardian, Tie } from './guardian-ties.ts';

/** The names of everybody around a child, in the form in which they are compared; each made once. */
export interface KnownNames {
  ofRow(row: GuardianRow): Profile;
  ofPerson(person: RegisteredPerson): Profile;
  /** Of the child's other guardians, as far as their names are told. */
  ofOthers(child: Child, except: Guardian | Relation): readonly Profile[];
  /** Whether another guardian of these children, as SPAR names them, has exactly this name. */
  hasNamesake(profile: Profile, children: readonly Child[], except: Guardian | Relation): boolean;
  /** Whether one of these children has another guardian whose name nobody tells. */
  hasNameless(children: readonly Child[], except: Guardian | Relation): boolean;
}

const NAMELESS: readonly Profile[] = [];

/** @param answerAbout the cached answer about a guardian, however old, where the person is not protected */
export function createKnownNames(
  answerAbout: (guardian: Guardian) => RegisteredPerson | undefined,
): KnownNames {
  const rows = new Map<GuardianRow, Profile>();
  const people = new Map<RegisteredPerson, Profile>();
  const guardians = new Map<Guardian, readonly Profile[]>();

  function ofRow(row: GuardianRow): Profile {
    const known = rows.get(row);
    if (known !== undefined) return known;
    const made = profileOfRow(row.cells, row.id);
    rows.set(row, made);
    return made;
  }

  function ofPerson(person: RegisteredPerson): Profile {
    const known = people.get(person);
    if (known !== undefined) return known;
    const made = profileOfPerson(person);
    people.set(person, made);
    return made;
  }

  /** Nothing for a guardian whose name nobody tells. Of a known one without an answer the roster's rows tell. */
  function ofGuardian(guardian: Guardian): readonly Profile[] {
    const known = guardians.get(guardian);
    if (known !== undefined) return known;
    const answer = answerAbout(guardian);
    const made =
      answer !== undefined && isNamed(answer.name)
        ? [ofPerson(answer)]
        : guardian.rows.filter(isNamedRow).map(ofRow);
    guardians.set(guardian, made);
    return made;
  }

  function namesOf({ relation, guardian }: Tie): readonly Profile[] {
    if (guardian !== undefined) return ofGuardian(guardian);
    return relation.name !== undefined && isNamed(relation.name) ? [profileOfRelation(relation)] : NAMELESS;
  }

  /** Whether it holds for the names of some guardian of these children, one left out. */
  function holdsForSome(
    children: readonly Child[],
    except: Guardian | Relation,
    holds: (names: readonly Profile[]) => boolean,
  ): boolean {
    return children.some(({ ties }) =>
      ties.some((tie) => tie.guardian !== except && tie.relation !== except && holds(namesOf(tie))),
    );
  }

  return {
    ofRow,
    ofPerson,
    ofOthers: ({ ties }, except) =>
      ties.flatMap((tie) => (tie.guardian === except || tie.relation === except ? [] : namesOf(tie))),
    hasNamesake: (profile, children, except) =>
      holdsForSome(children, except, (names) => names.some((one) => haveSameName(one, profile))),
    hasNameless: (children, except) => holdsForSome(children, except, (names) => names.length === 0),
  };
}

export function isNamed(name: Name): boolean {
  return [name.given, name.callName, name.surname].some((part) => part !== undefined && !isBlank(part));
}

function isNamedRow({ cells }: GuardianRow): boolean {
  return !isBlank(cells.first_name ?? '') || !isBlank(cells.last_name ?? '');
}
