import { isFromTheFuture } from './calendar-date.ts';
import {
  applyColumnStyle,
  type ColumnStyleCounts,
  columnStyleOf,
  countStyles,
  createColumnStyleCounts,
} from './column-style.ts';
import { decideLookup, isActive, permissionsFor } from './lookup-policy.ts';
import { createOpenNeeds, isLiveStudent, type OpenNeed, type PlannedRow, toNeed } from './open-needs.ts';
import { type ParsedPersonId, type PersonId, parsePersonId } from './person-id.ts';
import type { FieldChange, NotAskedReason, PlanItem, ReviewReason } from './plan.ts';
import { replacesSomething } from './plan-safety.ts';
import { isMarked } from './protection-mark.ts';
import { reconcile } from './reconcile.ts';
import { respectEdits } from './respect-edits.ts';
import { type GuardianLink, type RosterEntry, type RowKey, rowKeyText } from './roster.ts';
import { createRowRegister, RowFlag, type RowProblem } from './row-register.ts';
import type { Snapshot } from './snapshot.ts';
import { followSuccessor } from './successor.ts';
import type { Need, PlanOptions, UpdatePlan } from './update-plan.ts';

/** What a row needs beside its own answer; few rows do. */
export interface RowContext {
  /** The journal's newest changes of this row's cells. */
  readonly written?: readonly FieldChange[];
  /** The answer about the number that the person is said to have now; `null` when there is none. */
  readonly successor?: Snapshot | null;
}

export type Question = { readonly kind: 'written' } | { readonly kind: 'successor'; readonly id: PersonId };

/** A row that has been taken. */
export interface RegisteredRow {
  readonly row: number;
  readonly entry: RosterEntry;
  readonly id: ParsedPersonId;
  readonly isActive: boolean;
  /** Whose snapshot `consider` wants; missing when the row is not selected, inactive or without a usable number. */
  readonly person: PersonId | undefined;
}

/**
 * Builds the plan in one pass over the roster, row by row, and holds only what is to happen. For each row
 * call `register`, then `consider` with the person's snapshot, and again with the context it asks for; then
 * `addLink` for each link, then `finish`.
 */
export interface UpdatePlanner {
  /** `undefined` when the row shares its id with an earlier one: both are left out. */
  register(entry: RosterEntry): RegisteredRow | undefined;
  consider(row: RegisteredRow, snapshot: Snapshot | undefined, context?: RowContext): Question | undefined;
  addLink(link: GuardianLink): void;
  finish(): UpdatePlan;
}

/** A row that is to get its person's new number, and what becomes of it where the number is taken. */
interface FollowedRow {
  readonly former: PersonId;
  readonly successor: PersonId;
  readonly otherwise: PlanItem;
}

export function createUpdatePlanner(options: PlanOptions): UpdatePlanner {
  const { today, rules } = options;
  const items = new Map<number, PlanItem>();
  const needs = createOpenNeeds();
  const compared = new Map<number, { key: RowKey; person: PersonId; mark: string }>();
  const marked = new Set<PersonId>();
  const followed = new Map<number, FollowedRow>();
  const styles = new Map<number, ColumnStyleCounts>();
  const linksToNobody: RowProblem[] = [];
  let answersFromTheFuture = false;

  const register = createRowRegister((row) => {
    items.delete(row);
    compared.delete(row);
    followed.delete(row);
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
    const isMarkedHere = person !== undefined && isMarked(cells.protected);
    if (isMarkedHere) marked.add(person);
    countStyles(styleCountsOf(entry.place.source), cells);
    const row = register.add(entry, person);
    const known = row ?? register.rowOf(key);
    if (known !== undefined && isLiveStudent(key.type, active, person, today)) {
      register.flag(known, RowFlag.liveStudent);
    }
    if (row === undefined) return undefined;
    if (isMarkedHere) register.flag(row, RowFlag.marked);
    const selected = options.selected(key);
    if (selected) register.flag(row, RowFlag.selected);
    return { row, entry, id, isActive: active, person: selected && active ? person : undefined };
  }

  function styleCountsOf(source: number): ColumnStyleCounts {
    let counts = styles.get(source);
    if (counts === undefined) {
      counts = createColumnStyleCounts();
      styles.set(source, counts);
    }
    return counts;
  }

  function consider(registered: RegisteredRow, snapshot: Snapshot | undefined, context: RowContext = {}) {
    const { row, entry, id } = registered;
    if (!register.is(row, RowFlag.selected) || register.is(row, RowFlag.leftOut)) return undefined;
    const subject = { id, isActive: registered.isActive, isMarked: register.is(row, RowFlag.marked) };
    const decision = decideLookup(subject, snapshot, policyFor(registered.person));
    switch (decision.kind) {
      case 'cannot':
        keep(row, unknown(entry, decision.problem));
        return undefined;
      case 'look-up':
        ask(row, entry, decision.id, decision.id, snapshot);
        return undefined;
      case 'use-cached':
        return snapshot === undefined ? undefined : compare(row, entry, decision.id, snapshot, context);
    }
  }

  function policyFor(person: PersonId | undefined) {
    const askedAlready = person !== undefined && options.answeredNow.has(person);
    return {
      freshness: options.freshness,
      today,
      forced: options.refresh && !askedAlready,
      insist: options.insist && !askedAlready,
    };
  }

  /** Puts the person on the list of those to ask about, or says why nobody is asked. */
  function ask(
    row: number,
    entry: RosterEntry,
    person: PersonId,
    whom: PersonId,
    last: Snapshot | undefined,
  ): void {
    const unasked = options.unasked.get(whom);
    if (unasked !== undefined) {
      keep(row, unknown(entry, unasked.because, unasked.review === undefined ? [] : [unasked.review]));
    } else if (options.offline) {
      keep(row, unknown(entry, 'offline'));
    } else {
      needs.add(whom, row, entry, permissionsFor(entry.key.type, true, person, today, options.granted), last);
    }
  }

  function compare(
    row: number,
    entry: RosterEntry,
    person: PersonId,
    snapshot: Snapshot,
    context: RowContext,
  ): Question | undefined {
    if (isFromTheFuture(snapshot.fetchedOn, today)) answersFromTheFuture = true;
    const { source } = entry.place;
    const { answer } = snapshot;
    const canHold = (text: string) => options.canHold(source, text);
    let rests = snapshot;
    let item = reconcile(entry, snapshot, rules, { canHold });

    const canFollow =
      answer.kind === 'deregistered' && rules.renumbered === 'follow' && !register.is(row, RowFlag.marked);
    if (canFollow) {
      const successor = context.successor ?? undefined;
      const step = followSuccessor(answer, successor, false);
      if (step.kind === 'look-up') {
        if (context.successor === undefined) return { kind: 'successor', id: step.id };
        if (!options.offline && !options.unasked.has(step.id)) {
          ask(row, entry, person, step.id, successor);
          return undefined;
        }
      } else if (step.kind === 'write' && successor !== undefined) {
        followed.set(row, { former: person, successor: step.id, otherwise: item });
        rests = successor;
        item = reconcile(entry, snapshot, rules, { canHold, successor });
      }
    }

    const mark = `${rowKeyText(entry.key)}${options.stamp(source)}`;
    const wasCompared = rests.comparedRows.includes(mark);
    if (item.kind === 'update' && wasCompared && !options.overwriteEdits) {
      if (context.written === undefined) return { kind: 'written' };
      item = respectEdits(item, context.written);
    }

    register.flag(row, RowFlag.answered);
    if (answer.kind === 'not-found') register.flag(row, RowFlag.notFound);
    if (rests.answer.kind === 'registered' && !wasCompared && !register.is(row, RowFlag.marked)) {
      compared.set(row, { key: entry.key, person: rests.answer.id, mark });
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
    needs.addLink(link, student !== undefined && register.is(student, RowFlag.liveStudent));
  }

  function settleNeeds(): Need[] {
    const open: Need[] = [];
    for (const need of needs.all()) {
      if (isEnoughForMarked(need)) {
        for (const [row, at] of need.rows) {
          keep(row, { kind: 'review', ...at, person: need.id, reviews: ['protected'] });
        }
      } else if (needs.isNobodysBusiness(need)) {
        for (const [row, at] of need.rows) keep(row, unknown(at, 'no-active-student'));
      } else {
        open.push(toNeed(need));
      }
    }
    return open;
  }

  /** Whether a mark on another row of the same person, met later, makes the answer at hand enough. */
  function isEnoughForMarked(need: OpenNeed): boolean {
    if (!marked.has(need.id) || need.last === undefined) return false;
    const subject = { id: { kind: 'valid', id: need.id }, isActive: true, isMarked: true } as const;
    return decideLookup(subject, need.last, policyFor(need.id)).kind === 'use-cached';
  }

  /** A number is followed only if no other person's row holds it or is about to. */
  function settleFollowed(): void {
    const takers = new Map<PersonId, Set<PersonId>>();
    for (const { successor, former } of followed.values()) {
      takers.set(successor, (takers.get(successor) ?? new Set()).add(former));
    }
    for (const [row, { successor, otherwise }] of followed) {
      const isTaken = register.rowsHolding(successor) > 0 || (takers.get(successor)?.size ?? 0) > 1;
      if (isTaken) replace(row, otherwise);
    }
  }

  /**
   * Somebody whom any row marks as protected is protected on every row: what was worked out for the others
   * before the mark was met is taken back.
   */
  function settleMarked(): void {
    if (marked.size === 0) return;
    for (const [row, item] of items) {
      if (item.kind === 'unknown' || register.is(row, RowFlag.marked) || !marked.has(item.person)) continue;
      if (item.kind !== 'unchanged' && item.reviews.includes('protected')) continue;
      const { key, place, person } = item;
      replace(row, { kind: 'review', key, place, person, reviews: ['protected'] });
    }
  }

  function replace(row: number, item: PlanItem): void {
    register.unflag(row, RowFlag.changed | RowFlag.replaced);
    compared.delete(row);
    items.delete(row);
    keep(row, item);
  }

  /** In the columns' own style: only now are the columns known from end to end. */
  function styledItems(): PlanItem[] {
    const styleOf = new Map([...styles].map(([source, counts]) => [source, columnStyleOf(counts)]));
    return [...items.entries()]
      .sort(([a], [b]) => a - b)
      .map(([, item]) => {
        const style = styleOf.get(item.place.source);
        return style === undefined ? item : applyColumnStyle(item, style, { asOf: today });
      });
  }

  function finish(): UpdatePlan {
    const openNeeds = settleNeeds();
    settleFollowed();
    settleMarked();
    return {
      items: styledItems(),
      counts: {
        total: register.count(0),
        selected: register.count(RowFlag.selected),
        changed: register.count(RowFlag.changed),
        answered: register.count(RowFlag.answered),
        replaced: register.count(RowFlag.replaced),
        notFound: register.count(RowFlag.notFound),
        people: register.countPeople(RowFlag.answered),
      },
      needs: openNeeds,
      compared: [...compared.values()],
      toWithhold: [...marked],
      duplicates: register.duplicates(),
      linksToNobody,
      answersFromTheFuture,
    };
  }

  return { register: registerRow, consider, addLink, finish };
}

function unknown(at: PlannedRow, because: NotAskedReason, reviews: readonly ReviewReason[] = []): PlanItem {
  return { kind: 'unknown', key: at.key, place: at.place, because, reviews };
}
