import { type CalendarDate, isFromTheFuture } from '../calendar-date.ts';
import type { Families, GuardianRow, StudentRow } from '../families.ts';
import type { GuardianOptions } from '../guardian-plan.ts';
import type { RegisteredPerson } from '../person.ts';
import { isUnder18, type PersonId } from '../person-id.ts';
import type { Snapshot } from '../snapshot.ts';
import { rowsToCompare } from './compared-rows.ts';
import { type ChildAnswer, readChildAnswer } from './guardian-answers.ts';
import {
  type Child,
  findGuardianTies,
  type Guardian,
  type GuardianTies,
  isWithoutNumber,
} from './guardian-ties.ts';
import { joinNumbers, type OnePerson, type Renumbering } from './one-person.ts';

/** What the cache holds about everybody whom the plan is about, and who is wanted next. */
export interface LearntAnswers {
  wanted(): readonly PersonId[];
  learn(id: PersonId, snapshot: Snapshot | undefined): void;
  ofChild(id: PersonId): ChildAnswer | undefined;
  of(id: PersonId): Snapshot | undefined;
  /** Of somebody with an ordinary record. */
  registered(id: PersonId): RegisteredPerson | undefined;
  /** Whether an answer says so; a row may say it besides. */
  isProtected(id: PersonId): boolean;
  /** Whether a row has said so, and nobody has been asked about anew since. */
  isWithheld(id: PersonId): boolean;
  ties(): GuardianTies;
  renumberings(): readonly Renumbering[];
  onePerson(): OnePerson;
  readonly isAnyFromTheFuture: boolean;
}

/** Many at a time, for the cache's sake, and not all at once, for memory's. */
const BATCH = 2000;

/** Whether a student's answer tells of guardians in this plan. That of one whom a row marks is not even read. */
export function takesPart({ id, isLive }: StudentRow, families: Families, today: CalendarDate): boolean {
  return isLive && id.kind === 'valid' && !families.marked.has(id.id) && isUnder18(id.id, today);
}

export function createLearntAnswers(
  families: Families,
  options: Pick<
    GuardianOptions,
    'freshness' | 'today' | 'granted' | 'answeredNow' | 'renumbered' | 'protectedPeople'
  >,
): LearntAnswers {
  const { today } = options;
  const students = families.students.filter((row) => takesPart(row, families, today));
  const children = new Map<PersonId, ChildAnswer | undefined>();
  for (const { id } of students) if (id.kind === 'valid') children.set(id.id, undefined);
  const answers = new Map<PersonId, Snapshot | undefined>();
  /** Whose answer is an ordinary one that decides nothing: there may be hundreds of thousands. */
  const passedOver = new Set<PersonId>();
  let inFull: ReadonlySet<PersonId> = new Set();
  let compared: ReadonlySet<GuardianRow> | undefined;
  let queue: readonly PersonId[] = [...children.keys()];
  let next = 0;
  let areChildrenLearnt = false;
  let isAnyFromTheFuture = false;

  function learn(id: PersonId, snapshot: Snapshot | undefined): void {
    if (snapshot !== undefined && isFromTheFuture(snapshot.fetchedOn, today)) isAnyFromTheFuture = true;
    if (!areChildrenLearnt && children.has(id)) children.set(id, readChildAnswer(id, snapshot, options));
    else if (inFull.has(id) || !isOrdinary(snapshot)) answers.set(id, snapshot);
    else passedOver.add(id);
  }

  const isLearnt = (id: PersonId): boolean =>
    areChildrenLearnt
      ? answers.has(id) || (passedOver.has(id) && !inFull.has(id))
      : children.get(id) !== undefined;

  function wanted(): readonly PersonId[] {
    for (;;) {
      const batch: PersonId[] = [];
      for (let at = next; at < queue.length && batch.length < BATCH; at++) {
        const id = queue[at];
        if (id !== undefined && !isLearnt(id)) batch.push(id);
        else if (batch.length === 0) next = at + 1;
      }
      if (batch.length > 0) return batch;
      areChildrenLearnt = true;
      queue = wantedOfGuardians();
      next = 0;
      if (queue.length === 0) return [];
    }
  }

  /**
   * New guardians, and of known ones those about whom something is to be decided or compared. Of the other known
   * ones only whether there is anything out of the ordinary: a death must not depend on who else the child has.
   */
  function wantedOfGuardians(): readonly PersonId[] {
    compared ??= rowsToCompare(families, options.renumbered);
    const { children: answered, guardians } = ties();
    const familiesCompared = new Set(answered.filter((child) => isCompared(child, compared ?? new Set())));
    const full = new Set<PersonId>();
    const glanced = new Set<PersonId>();
    for (const { id } of compared) if (id.kind === 'valid') full.add(id.id);
    for (const guardian of guardians) {
      if (guardian.isMarked) continue;
      const { id, rows } = guardian;
      if (isToBeDecided(guardian) || guardian.children.some((child) => familiesCompared.has(child)))
        full.add(id);
      else if (guardian.children.some(({ row }) => row.isSelected)) glanced.add(id);
      for (const row of rows) if (row.id.kind === 'valid' && row.id.id !== id) full.add(row.id.id).add(id);
    }
    inFull = full;
    return [...new Set([...full, ...glanced])].filter((id) => !isLearnt(id));
  }

  function ties(): GuardianTies {
    return findGuardianTies(answeredChildren(), families, onePerson(), options.protectedPeople);
  }

  function* answeredChildren() {
    for (const row of students) {
      const answer = row.id.kind === 'valid' ? children.get(row.id.id) : undefined;
      if (answer?.kind === 'relations') yield { row, guardianship: answer.guardianship };
    }
  }

  function onePerson(): OnePerson {
    return joinNumbers(renumberings());
  }

  function renumberings(): Renumbering[] {
    const all: Renumbering[] = [...options.renumbered];
    for (const snapshot of answers.values()) {
      const answer = snapshot?.answer;
      if (answer?.kind === 'deregistered' && answer.reason === 'renumbered') {
        all.push({ former: answer.id, successors: answer.successors });
      } else if (answer?.kind === 'registered') {
        for (const former of answer.predecessors) all.push({ former, successors: [answer.id] });
      }
    }
    return all;
  }

  return {
    wanted,
    learn,
    ofChild: (id) => children.get(id),
    of: (id) => answers.get(id),
    registered(id) {
      const answer = answers.get(id)?.answer;
      return answer?.kind === 'registered' && !families.marked.has(id) ? answer : undefined;
    },
    isProtected(id) {
      if (answers.get(id)?.answer.kind === 'protected') return true;
      const child = children.get(id);
      return child?.kind === 'protected' || (child?.kind === 'ask' && child.wasProtected);
    },
    isWithheld: (id) => answers.get(id)?.answer.kind === 'withheld',
    ties,
    renumberings,
    onePerson,
    get isAnyFromTheFuture() {
      return isAnyFromTheFuture;
    },
  };
}

/** Nothing but a name and an address: no death, no other number, no protection. */
function isOrdinary(snapshot: Snapshot | undefined): boolean {
  return snapshot?.answer.kind === 'registered' && snapshot.answer.predecessors.length === 0;
}

/** New to the roster, or to be linked to a selected child. */
function isToBeDecided({ rows, children }: Guardian): boolean {
  return (
    rows.length === 0 ||
    children.some(
      ({ row: { links, isSelected } }) =>
        isSelected && !links.some(({ guardian }) => rows.includes(guardian)),
    )
  );
}

/** Whether one of the child's rows, by link or by SPAR's word, may be compared with another, or be anybody. */
function isCompared({ row, ties }: Child, compared: ReadonlySet<GuardianRow>): boolean {
  return (
    row.links.some(({ guardian }) => isWithoutNumber(guardian) || compared.has(guardian)) ||
    ties.some(({ guardian }) => guardian?.rows.some((one) => compared.has(one)))
  );
}
