import { isFromTheFuture, isStale } from './calendar-date.ts';
import { decideLookup, isActive, permissionsFor } from './lookup-policy.ts';
import type { Answer } from './person.ts';
import { type PersonId, parsePersonId } from './person-id.ts';
import type { PlanItem } from './plan.ts';
import { replacesSomething } from './plan-safety.ts';
import { marksUnderAll } from './protected-numbers.ts';
import { isMarked } from './protection-mark.ts';
import { type GuardianLink, type RosterEntry, type RowKey, rowKeyText } from './roster.ts';
import { applyColumnStyle } from './rows/column-style.ts';
import { createGrowingArray } from './rows/growing-array.ts';
import {
  createRosterMarks,
  type Hiding,
  NOBODY_REMEMBERED,
  type RememberedPeople,
  seenRow,
} from './rows/roster-marks.ts';
import { createRowRegister, RowFlag, type RowProblem } from './rows/row-register.ts';
import { createSourceStyles } from './rows/source-styles.ts';
import type { Comparison, Snapshot } from './snapshot.ts';
import { compareRow } from './update/compare-row.ts';
import { comparedMark, saysNothingToDo } from './update/compared-mark.ts';
import { fingerprintOf } from './update/fingerprint.ts';
import { type FollowedNumber, numbersNotToFollow } from './update/followed-numbers.ts';
import { createOpenNeeds, isLiveStudent } from './update/open-needs.ts';
import { policyFor } from './update/plan-policy.ts';
import { addPermissionsOfOtherRows, protectedRow, settleNeeds, unknownRow } from './update/settle-needs.ts';
import type {
  ComparedRow,
  PlanOptions,
  Question,
  RegisteredRow,
  RowContext,
  UpdatePlan,
  UpdatePlanner,
} from './update-plan.ts';

export function createUpdatePlanner(options: PlanOptions): UpdatePlanner {
  const { today } = options;
  const items = new Map<number, PlanItem>();
  const needs = createOpenNeeds();
  /** Of rows for which nothing is to be done; 0 for the others. */
  const fingerprints = createGrowingArray((n) => new Float64Array(n));
  const marks = createRosterMarks(today, options.decisions);
  /** Protected by an answer about them or about another number of theirs. */
  const hidden = marksUnderAll(options.protectedPeople, options.renumbered);
  const followed = new Map<number, FollowedNumber>();
  /** New numbers that would be looked up, were it not for `offline`. */
  const notFollowed = createOpenNeeds();
  const styles = createSourceStyles();
  const linksToNobody: RowProblem[] = [];
  let answersFromTheFuture = false;

  const register = createRowRegister((row) => {
    items.delete(row);
    followed.delete(row);
    notFollowed.drop(row);
    needs.drop(row);
  });

  function registerRow(entry: RosterEntry): RegisteredRow | undefined {
    const { cells, key } = entry;
    const id = parsePersonId(cells.personnummer ?? '', {
      type: key.type,
      asOf: today,
      birthDate: cells.birth_date,
    });
    const person = id.kind === 'valid' ? id.id : undefined;
    const active = isActive(cells.active);
    // What a row tells of its person, its column and its child counts even if the row itself is left out:
    // else it would matter which of two rows with one id comes first.
    const isMarkedHere = isMarked(cells.protected);
    // Nearly no row of most rosters, and this is asked about every row of every night.
    if (isMarkedHere || marks.isEveryRowOfInterest) marks.see(seenRow(entry, person));
    styles.count(entry.place.source, cells);
    const row = register.add(entry, person);
    fingerprints.push(0);
    const known = row ?? register.rowOf(key);
    if (known !== undefined && isLiveStudent(entry, active, person, today)) {
      register.flag(known, RowFlag.liveStudent);
    }
    if (row === undefined) return undefined;
    if (isMarkedHere) register.flag(row, RowFlag.marked);
    const selected = options.selected(key);
    if (selected) register.flag(row, RowFlag.selected);
    return { row, entry, id, isActive: active, person: selected && active ? person : undefined };
  }

  function isAsBefore({ row, entry, person }: RegisteredRow, comparison: Comparison | undefined): boolean {
    if (person === undefined || comparison === undefined || comparison.comparedRows.length === 0)
      return false;
    if (options.refresh || register.is(row, RowFlag.leftOut)) return false;
    // Most schools have nobody who is hidden by an answer, and asking a map about every row shows in the time of a night.
    if (hidden.size > 0 && hidden.has(person)) return false;
    const { fetchedOn, comparedRows } = comparison;
    if (fetchedOn > today || isStale(fetchedOn, today, options.freshness)) return false;
    const stamps = options.stamps(entry.place.source);
    if (!saysNothingToDo(comparedRows, entry.key, stamps, fingerprintOf(entry.cells))) return false;
    register.flag(row, RowFlag.answered | RowFlag.reused);
    return true;
  }

  function consider(registered: RegisteredRow, snapshot: Snapshot | undefined, context: RowContext = {}) {
    const { row, entry, id } = registered;
    if (!register.is(row, RowFlag.selected) || register.is(row, RowFlag.leftOut)) return undefined;
    const isMarkedRow = register.is(row, RowFlag.marked);
    const isHidden = registered.person !== undefined && hidden.has(registered.person);
    // For somebody hidden a withheld answer is enough: else it would be bought again every night.
    const subject = { id, isActive: registered.isActive, isMarked: isMarkedRow || isHidden };
    const decision = decideLookup(subject, snapshot, policyFor(registered.person, options));
    switch (decision.kind) {
      case 'cannot':
        // Nobody to ask about, and a mark all the same.
        keep(
          row,
          unknownRow(entry, decision.problem, isMarkedRow && registered.isActive ? ['protected'] : []),
        );
        return undefined;
      case 'look-up':
        ask(row, entry, decision.id, snapshot);
        return undefined;
      case 'use-cached':
        return snapshot === undefined ? undefined : compare(row, entry, decision.id, snapshot, context);
    }
  }

  /** Puts the person on the list of those to ask about; whether they will be is settled when all is known. */
  function ask(row: number, entry: RosterEntry, person: PersonId, last: Snapshot | undefined): void {
    if (last !== undefined && isFromTheFuture(last.fetchedOn, today)) answersFromTheFuture = true;
    const permissions = permissionsFor(entry.key.type, true, person, today, options.granted);
    needs.add(person, row, entry, permissions, last);
  }

  function compare(
    row: number,
    entry: RosterEntry,
    person: PersonId,
    snapshot: Snapshot,
    context: RowContext,
  ): Question | undefined {
    if (isFromTheFuture(snapshot.fetchedOn, today)) answersFromTheFuture = true;
    const isMarkedRow = register.is(row, RowFlag.marked);
    const toCompare = { entry, person, isMarked: isMarkedRow, hiddenAs: hidden.get(person) };
    const outcome = compareRow(toCompare, snapshot, context, options);
    if (outcome.kind === 'question') return outcome.question;
    if (outcome.kind === 'look-up') {
      ask(row, entry, outcome.successor, outcome.last);
      return undefined;
    }

    const { item, rests, followed: follows, notFollowed: open } = outcome;
    if (follows !== undefined)
      followed.set(row, { former: person, birthDate: entry.cells.birth_date, ...follows });
    if (open !== undefined) notFollowed.add(open.successor, row, entry, [], open.last);
    register.flag(row, RowFlag.answered);
    if (!options.answeredNow.has(rests.answer.id)) register.flag(row, RowFlag.reused);
    if (snapshot.answer.kind === 'not-found') register.flag(row, RowFlag.notFound);
    // Nobody is guardian of the deceased, and nobody is asked about for their sake.
    if (isDeceased(rests.answer)) register.unflag(row, RowFlag.liveStudent);
    if (rests.answer.kind === 'registered' && !isMarkedRow) {
      const stamps = options.stamps(entry.place.source);
      const isDone = item.kind === 'unchanged' && item.checked === undefined;
      const fingerprint = isDone ? fingerprintOf(entry.cells) : undefined;
      if (!rests.comparedRows.includes(comparedMark(entry.key, stamps, fingerprint))) {
        register.flag(row, RowFlag.compared);
        fingerprints.set(row, fingerprint ?? 0);
      }
    }
    keep(row, item);
    return undefined;
  }

  function keep(row: number, item: PlanItem): void {
    if (item.kind === 'unchanged' && item.checked === undefined) return;
    items.set(row, item);
    if (item.kind !== 'update') return;
    register.flag(row, RowFlag.changed);
    if (replacesSomething(item)) register.flag(row, RowFlag.replaced);
  }

  function addLink(link: GuardianLink): void {
    const student = register.rowOf({ type: 'student', id: link.student });
    if (student === undefined || !register.has('guardian', link.guardian)) {
      linksToNobody.push({ source: link.place.source, line: link.place.line });
    }
    const isLive = student !== undefined && register.is(student, RowFlag.liveStudent);
    marks.addLink(link.guardian, student === undefined ? undefined : register.personOf(student));
    needs.addLink(link, isLive);
    notFollowed.addLink(link, isLive);
  }

  function settleFollowed(hiddenByMark: ReadonlySet<PersonId>): void {
    const isMarkedPerson = (person: PersonId): boolean => hiddenByMark.has(person);
    for (const [row, otherwise] of numbersNotToFollow(followed, isHeld, isMarkedPerson)) {
      replace(row, otherwise);
    }
  }

  /**
   * Somebody whom any row marks as protected is protected on every row: what was worked out for the others
   * before the mark was met is taken back.
   */
  function settleMarked(hiddenByMark: ReadonlySet<PersonId>): void {
    for (const { row, key, place, person } of register.rowsOf(hiddenByMark)) {
      if (!register.is(row, RowFlag.answered) || register.is(row, RowFlag.marked)) continue;
      const item = items.get(row);
      const isSaid =
        item?.kind === 'unknown' || (item && 'reviews' in item && item.reviews.includes('protected'));
      if (!isSaid) replace(row, protectedRow({ key, place }, person));
    }
  }

  function replace(row: number, item: PlanItem): void {
    register.unflag(row, RowFlag.changed | RowFlag.replaced | RowFlag.compared);
    followed.delete(row);
    items.delete(row);
    keep(row, item);
  }

  /** In the columns' own style: only now are the columns known from end to end. */
  function styledItems(): PlanItem[] {
    const styleOf = styles.learnt();
    return [...items.entries()]
      .sort(([a], [b]) => a - b)
      .map(([row, item]) => {
        const reading = { asOf: today, birthDate: followed.get(row)?.birthDate };
        return applyColumnStyle(item, styleOf(item.place.source), reading);
      });
  }

  function finish(remembered: RememberedPeople = NOBODY_REMEMBERED): UpdatePlan {
    addPermissionsOfOtherRows(needs, register, options);
    const { protectedPeople, renumbered } = options;
    const known = { remembered, protectedPeople: protectedPeople.keys(), renumbered };
    const hiding = marks.settle({ ...known, followed: followed.values() });
    const asking = settleNeeds(needs, notFollowed, hiding.byRows, options, keep);
    settleFollowed(hiding.byRows);
    settleMarked(hiding.byRows);
    return {
      items: styledItems(),
      counts: {
        total: register.count(0),
        selected: register.count(RowFlag.selected),
        changed: register.count(RowFlag.changed),
        answered: register.countPeople(RowFlag.answered),
        replaced: register.countPeople(RowFlag.replaced),
        notFound: register.countPeople(RowFlag.notFound),
        reused: register.countPeople(RowFlag.answered | RowFlag.reused),
      },
      ...asking,
      compared: { [Symbol.iterator]: comparedRows },
      toWithhold: peopleToWithhold(hiding),
      protectedRows: protectedRows(hiding),
      marks: marks.marksSeen(options.markedBefore, (key) => register.rowOf(key) !== undefined),
      childrenOfUnnumbered: [...marks.childrenOfUnnumbered],
      everybody: register.everybody(marks.untaken.people),
      duplicates: register.duplicates(),
      linksToNobody,
      answersFromTheFuture,
    };
  }

  function* comparedRows(): Generator<ComparedRow> {
    for (const { row, key, person } of register.rowsWith(RowFlag.compared)) {
      const stamps = options.stamps(register.sourceOf(row));
      const mark = comparedMark(key, stamps, fingerprints.at(row) || undefined);
      yield { key, person: followed.get(row)?.successor ?? person, mark };
    }
  }

  function isHeld(person: PersonId): boolean {
    return marks.untaken.people.has(person) || register.rowsHolding(person) > 0;
  }

  /** Nothing is kept of those whose own answer says protected: only of what is under their other numbers. */
  function peopleToWithhold({ byRowsForCertain }: Hiding): PersonId[] {
    const underOthers = [...hidden.keys()].filter((person) => !options.protectedPeople.has(person));
    return [...new Set([...byRowsForCertain, ...underOthers])];
  }

  /** Marked rows without a number too: what was written to them was their person's. */
  function protectedRows({ byRows, byRowsForCertain, rowsForCertain }: Hiding): RowKey[] {
    const keys = new Map<string, RowKey>();
    const add = (key: RowKey) => keys.set(rowKeyText(key), key);
    rowsForCertain.forEach(add);
    for (const { key } of register.rowsOf(new Set([...byRowsForCertain, ...hidden.keys()]))) add(key);
    for (const [row, item] of items) {
      if (item.kind === 'unchanged' || !item.reviews.includes('protected')) continue;
      const person = register.personOf(row);
      const isOnlyPerhaps = person !== undefined && byRows.has(person) && !byRowsForCertain.has(person);
      if (!isOnlyPerhaps) add(item.key);
    }
    return [...keys.values()];
  }

  return {
    register: registerRow,
    isAsBefore,
    consider,
    addLink,
    addUntaken: marks.seeUntaken,
    unnumbered: marks.unnumbered,
    finish,
  };
}

function isDeceased(answer: Answer): boolean {
  return answer.kind === 'deregistered' && answer.reason === 'deceased';
}
