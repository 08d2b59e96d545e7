import { findDuplicates } from './duplicates.ts';
import type { Families } from './families.ts';
import type { GuardianOptions, GuardianPlan } from './guardian-plan.ts';
import { askAboutChildren, askAboutGuardian } from './guardians/ask-about-families.ts';
import { reviewEnded, reviewTurned18, reviewWithoutId } from './guardians/child-reviews.ts';
import { createGuardianAsking } from './guardians/guardian-asking.ts';
import { countGuardians } from './guardians/guardian-counts.ts';
import { createGuardianReviews } from './guardians/guardian-reviews.ts';
import { type GuardianRows, planGuardianRows } from './guardians/guardian-rows.ts';
import { type Standing, standingOf } from './guardians/guardian-standing.ts';
import type { Child, Guardian } from './guardians/guardian-ties.ts';
import { createKnownNames } from './guardians/known-names.ts';
import { createLearntAnswers } from './guardians/learnt-answers.ts';
import type { OnePerson } from './guardians/one-person.ts';
import { plannedFamilies } from './guardians/planned-families.ts';
import type { Guardianship } from './person.ts';
import type { PersonId } from './person-id.ts';
import { type RowKey, rowKeyText } from './roster.ts';
import type { Snapshot } from './snapshot.ts';

/**
 * Plans who gets which guardians, from the answers at hand. First `learn` what the cache holds about everybody
 * `wanted`, until nobody is; then `finish`.
 */
export interface GuardianPlanner {
  /** Ids whose cached answer is wanted next and has not been learnt; empty when all is known. Stable order. */
  wanted(): readonly PersonId[];
  /** What the cache holds about them. */
  learn(id: PersonId, snapshot: Snapshot | undefined): void;
  finish(): GuardianPlan;
}

type IsProtected = (person: PersonId) => boolean;

export function createGuardianPlanner(families: Families, options: GuardianOptions): GuardianPlanner {
  const answers = createLearntAnswers(families, options);

  function finish(): GuardianPlan {
    const reviews = createGuardianReviews();
    const asking = createGuardianAsking(options, reviews);
    const rests = { used: new Set<PersonId>(), notFound: new Set<PersonId>() };
    askAboutChildren(families, answers, options, asking, reviews, rests);

    const { children, guardians } = answers.ties();
    const standings = new Map<Guardian, Standing>();
    for (const guardian of guardians) {
      const snapshot = answers.of(guardian.id);
      const standing = standingOf(guardian, snapshot, options);
      standings.set(guardian, standing);
      askAboutGuardian(guardian, standing, snapshot !== undefined, asking, rests);
    }

    const onePerson = answers.onePerson();
    const isProtected = protectionBy(onePerson, families.marked);
    const isCertainlyProtected = protectionBy(onePerson, families.markedForCertain);
    const names = createKnownNames(({ id }) => (isProtected(id) ? undefined : answers.registered(id)));
    const ties = { children, guardians, standings };
    const rows = planGuardianRows(ties, names, answers, families, options, reviews, asking);
    for (const child of children) {
      if (!child.row.isSelected) continue;
      reviewWithoutId(child, names, reviews);
      reviewEnded(child, onePerson, reviews);
    }
    reviewTurned18(families, options.today, reviews);

    const needs = asking.needs();
    return {
      ...rows,
      reviews: reviews.all(),
      notAsked: asking.notAsked(),
      needs,
      heldBack: asking.heldBack(),
      pairs: needs.length > 0 ? [] : findPairs(rows, isProtected),
      counts: countGuardians(families, rows.links, rests, options),
      toWithhold: peopleToWithhold(onePerson),
      protectedRows: protectedRows(isCertainlyProtected),
      childrenOfUnnumbered: childrenOfUnnumbered(),
      marks: families.marks,
      answersFromTheFuture: answers.isAnyFromTheFuture,
      noRelationsAtAll: hasNoRelationsAtAll(children),
    };
  }

  function findPairs(rows: GuardianRows, isProtected: IsProtected): GuardianPlan['pairs'] {
    return findDuplicates({
      families: plannedFamilies(families, rows, options.newGuardians.source),
      answerOf: (person) => (isProtected(person) ? undefined : answers.registered(person)),
      guardianshipOf,
      isProtected,
      renumbered: answers.renumberings(),
      decisions: options.decisions,
    });
  }

  function guardianshipOf(student: string): Guardianship | undefined {
    const row = families.student(student);
    if (row?.id.kind !== 'valid') return undefined;
    const answer = answers.ofChild(row.id.id);
    return answer?.kind === 'relations' ? answer.guardianship : undefined;
  }

  /** Whoever is protected under one number is so under all; a mark that has been taken off ends with a new answer. */
  function protectionBy({ currentOf, numbersOf }: OnePerson, marked: ReadonlySet<PersonId>): IsProtected {
    const isSaid: IsProtected = (number) =>
      marked.has(number) || options.protectedPeople.has(number) || answers.isProtected(number);
    return (person) => answers.isWithheld(person) || numbersOf(currentOf(person)).some(isSaid);
  }

  /** Those whom a row marks, under their other numbers too. */
  function peopleToWithhold({ currentOf, numbersOf }: OnePerson): PersonId[] {
    const people = new Set(families.markedForCertain);
    for (const person of families.markedForCertain)
      for (const id of numbersOf(currentOf(person))) people.add(id);
    return [...people];
  }

  /** A mark protects a row without a valid number too, and so does having been a hidden person's. */
  function protectedRows(isProtected: IsProtected): RowKey[] {
    const keys = new Map(families.hiddenRows.rowsForCertain.map((key) => [rowKeyText(key), key]));
    for (const rows of [families.students, families.staff, families.guardians]) {
      for (const { key, id } of rows) {
        const isHidden =
          id.kind === 'valid' ? isProtected(id.id) : families.hiddenRows.isHiddenForCertain(key);
        if (isHidden) keys.set(rowKeyText(key), key);
      }
    }
    return [...keys.values()];
  }

  function childrenOfUnnumbered(): PersonId[] {
    const rows = families.guardians.filter((row) => row.isMarked && row.id.kind !== 'valid');
    const children = rows.flatMap(({ links }) => links.map(({ student }) => student.id));
    return [...new Set(children.flatMap((id) => (id.kind === 'valid' ? [id.id] : [])))].sort();
  }

  return { wanted: answers.wanted, learn: answers.learn, finish };
}

/** One child with any relation, an ended one too, shows that the permission works. */
function hasNoRelationsAtAll(children: readonly Child[]): boolean {
  const chosen = children.filter(({ row }) => row.isSelected);
  return chosen.length > 0 && chosen.every(({ ties, ended }) => ties.length === 0 && ended.length === 0);
}
