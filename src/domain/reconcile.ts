import {
  addressChanges,
  addressDiffers,
  addressIsEmpty,
  chooseAddress,
  hasAddressColumns,
} from './address.ts';
import type { CalendarDate } from './calendar-date.ts';
import { NAME_FIELDS, outcomeOf, type UpdateRules } from './field-rules.ts';
import { isBlank } from './fold.ts';
import type {
  Answer,
  DeregisteredPerson,
  ProtectedPerson,
  ProtectionMark,
  RegisteredPerson,
} from './person.ts';
import type { PersonId } from './person-id.ts';
import type { FieldChange, PlanItem, ReviewReason } from './plan.ts';
import { correctedMark, isMarked } from './protection-mark.ts';
import type { RosterEntry } from './roster.ts';
import type { Snapshot } from './snapshot.ts';
import { isOwnStatusOrEmpty, isStatus, type StatusWord } from './update/status-word.ts';

/** Whether the row's source can hold every character of the text. */
type CanHold = (text: string) => boolean;

export interface ReconcileContext {
  readonly canHold: CanHold;
  /**
   * For a renumbered person with the rule `follow`: the answer about the new number, when `followSuccessor`
   * has said `write`. The row then gets the number, and is compared with this answer.
   */
  readonly successor?: Snapshot | undefined;
}

/** What is to be done with one row, gathered as it is found. Mostly nothing: the lists are made when needed. */
interface Findings {
  changes: FieldChange[] | undefined;
  reviews: ReviewReason[] | undefined;
}

/**
 * Compares a row with SPAR's answer about its person: what is to be written, and what a person has to look
 * at. Total. `from` is always the exact text of the cell; values are SPAR's, not yet in a column's style.
 * Whether the row is active, and whether its answer is fresh, has been settled before.
 *
 * Protection comes first: of a protected row or person nothing but the mark is ever written.
 */
export function reconcile(
  entry: RosterEntry,
  snapshot: Snapshot,
  rules: UpdateRules,
  context: ReconcileContext,
): PlanItem {
  const { answer, fetchedOn } = snapshot;
  const { canHold, successor } = context;
  const found: Findings = { changes: undefined, reviews: undefined };
  if (answer.kind === 'protected') {
    correctMark(found, entry, answer.mark, canHold);
    review(found, 'protected');
    return itemOf(entry, answer.id, found, undefined);
  }
  if (isMarked(entry.cells.protected)) {
    review(found, reasonOfMarked(answer));
    return itemOf(entry, answer.id, found, undefined);
  }
  switch (answer.kind) {
    case 'registered':
      compareRegistered(found, entry, answer, rules, canHold);
      return itemOf(entry, answer.id, found, fetchedOn);
    case 'deregistered': {
      const number = entry.cells.personnummer;
      const follows = rules.renumbered === 'follow' && answer.reason === 'renumbered';
      if (follows && successor?.answer.kind === 'registered' && number !== undefined) {
        found.changes = [{ field: 'personnummer', from: number, to: successor.answer.id }];
        compareRegistered(found, entry, successor.answer, rules, canHold);
        return itemOf(entry, successor.answer.id, found, successor.fetchedOn);
      }
      setStatus(found, entry, statusOf(answer), canHold);
      review(found, statusOf(answer));
      return itemOf(entry, answer.id, found, undefined);
    }
    case 'not-found':
      setStatus(found, entry, 'not-found', canHold);
      review(found, 'not-found');
      return itemOf(entry, answer.id, found, fetchedOn);
    case 'withheld':
      // Nothing is known of an unmarked person from a withheld answer: the lookup policy asks anew.
      return { kind: 'unknown', key: entry.key, place: entry.place, because: 'failed', reviews: [] };
  }
}

function compareRegistered(
  found: Findings,
  entry: RosterEntry,
  person: RegisteredPerson,
  rules: UpdateRules,
  canHold: CanHold,
): void {
  compareNames(found, entry, person, rules, canHold);
  compareAddress(found, entry, person, rules, canHold);
  setStatus(found, entry, person.emigrated ? 'emigrated' : '', canHold);
  if (person.emigrated) review(found, 'emigrated');
}

function correctMark(found: Findings, entry: RosterEntry, mark: ProtectionMark, canHold: CanHold): void {
  const cell = entry.cells.protected;
  if (cell === undefined) return;
  const corrected = correctedMark(cell, mark, canHold);
  if (corrected !== undefined) changeAll(found, [{ field: 'protected', from: cell, to: corrected }], canHold);
}

/** A row that a person has marked: SPAR no longer agrees, and nothing is written until the mark is gone. */
function reasonOfMarked(answer: Exclude<Answer, ProtectedPerson>): ReviewReason {
  switch (answer.kind) {
    case 'deregistered':
      return statusOf(answer);
    case 'not-found':
      return 'not-found';
    default:
      return 'no-longer-protected';
  }
}

function statusOf(person: DeregisteredPerson): 'deceased' | 'renumbered' | 'deregistered' {
  return person.reason === 'other' ? 'deregistered' : person.reason;
}

/** Both names or, where a character of either cannot be held, neither. */
function compareNames(
  found: Findings,
  entry: RosterEntry,
  person: RegisteredPerson,
  rules: UpdateRules,
  canHold: CanHold,
): void {
  let changes: FieldChange[] | undefined;
  for (const { field, valueIn, isKept } of NAME_FIELDS) {
    const cell = entry.cells[field];
    const rule = rules.fields[field];
    if (cell === undefined || rule === 'keep') continue;
    const value = valueIn(person.name, rules);
    if (value === undefined || cell === value || isKept(cell, person.name)) continue;
    switch (outcomeOf(rule, isBlank(cell))) {
      case 'write':
        changes ??= [];
        changes.push({ field, from: cell, to: value });
        break;
      case 'report':
        review(found, 'name-differs');
        break;
      case 'leave':
        break;
    }
  }
  if (changes !== undefined) changeAll(found, changes, canHold);
}

function compareAddress(
  found: Findings,
  entry: RosterEntry,
  person: RegisteredPerson,
  rules: UpdateRules,
  canHold: CanHold,
): void {
  const { cells } = entry;
  const rule = rules.fields.address;
  if (rule === 'keep' || !hasAddressColumns(cells)) return;
  const address = chooseAddress(person, rules.address);
  if (address === undefined) {
    // Nobody who has emigrated is registered at an address: `emigrated` says it all to who wants only those.
    if (!(person.emigrated && rules.address === 'home')) review(found, 'no-address');
    return;
  }
  if (!addressDiffers(cells, address)) return;
  switch (outcomeOf(rule, addressIsEmpty(cells))) {
    case 'write':
      changeAll(found, addressChanges(cells, address), canHold);
      break;
    case 'report':
      review(found, 'address-differs');
      break;
    case 'leave':
      break;
  }
}

/** Writes `status` over nothing or over a word of our own, and never over what a person has written there. */
function setStatus(found: Findings, entry: RosterEntry, status: StatusWord | '', canHold: CanHold): void {
  const cell = entry.cells.status;
  if (cell === undefined || cell === status || !isOwnStatusOrEmpty(cell) || isStatus(cell, status)) return;
  changeAll(found, [{ field: 'status', from: cell, to: status }], canHold);
}

/** All of these changes or, where the source cannot hold one of them, none. */
function changeAll(found: Findings, changes: readonly FieldChange[], canHold: CanHold): void {
  for (const { to } of changes) {
    if (!canHold(to)) {
      review(found, 'not-encodable');
      return;
    }
  }
  found.changes ??= [];
  found.changes.push(...changes);
}

function review(found: Findings, reason: ReviewReason): void {
  found.reviews ??= [];
  if (!found.reviews.includes(reason)) found.reviews.push(reason);
}

/** `fetchedOn`: goes into `spar_checked`, where the row has that cell and it does not say so already. */
function itemOf(
  entry: RosterEntry,
  person: PersonId,
  found: Findings,
  fetchedOn: CalendarDate | undefined,
): PlanItem {
  const { key, place } = entry;
  const seen = entry.cells.spar_checked;
  const checked: FieldChange | undefined =
    seen === undefined || fetchedOn === undefined || seen === fetchedOn
      ? undefined
      : { field: 'spar_checked', from: seen, to: fetchedOn };
  const base = checked === undefined ? { key, place, person } : { key, place, person, checked };
  const [first, ...rest] = found.changes ?? [];
  if (first !== undefined) {
    return { kind: 'update', ...base, changes: [first, ...rest], reviews: found.reviews ?? [] };
  }
  const [reason, ...others] = found.reviews ?? [];
  if (reason !== undefined) return { kind: 'review', ...base, reviews: [reason, ...others] };
  return { kind: 'unchanged', ...base };
}
