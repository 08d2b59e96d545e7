import { ADDRESS_FIELDS } from './address.ts';
import { isSameCode, isSameText } from './fold.ts';
import type { FieldChange, PlanItem } from './plan.ts';
import type { Cells, RosterField } from './roster.ts';
import type { ComparedUnit } from './update/compared-mark.ts';

/** Cells that are held back or written together. The columns that are ours alone stand in none of them. */
const UNITS: readonly { readonly fields: readonly RosterField[]; readonly unit?: ComparedUnit }[] = [
  { fields: ['personnummer'] },
  { fields: ['first_name'], unit: 'first_name' },
  { fields: ['last_name'], unit: 'last_name' },
  { fields: ADDRESS_FIELDS, unit: 'address' },
];

/** What an applied run wrote into a cell last. */
export interface WrittenCell extends FieldChange {
  /** Values that undo has taken out of it: what it put back stays until SPAR's own value is none of them. */
  readonly held?: readonly string[];
  /** The run that wrote the newest of them. */
  readonly heldFrom?: number;
}

/** What besides the item tells what SPAR's own values are, and since when. */
export interface RestsOn {
  /** The row as it is. */
  readonly cells: Cells;
  /** The run in which SPAR gave these addresses first; missing where that is not known. */
  readonly addressesSince: number | undefined;
}

/**
 * Keeps what a person has edited since. For an item that comes from a reused answer with which these units of
 * its row have been compared before: what differs now was written by somebody, or an old export came back, or
 * a later run of our own wrote it from another answer. What somebody wrote is kept and becomes
 * `edited-since`, and so is what an undo has put back, whatever the answer; `status`, `protected` and
 * `spar_checked` are never held back.
 *
 * `lastChanges`: the newest applied change of each cell of the row.
 */
export function respectEdits(
  item: PlanItem,
  lastChanges: readonly WrittenCell[],
  compared: ReadonlySet<ComparedUnit>,
  rests: RestsOn,
): PlanItem {
  if (item.kind !== 'update' || (compared.size === 0 && lastChanges.length === 0)) return item;
  const kept = item.changes.filter(({ field }) => {
    const unit = UNITS.find(({ fields }) => fields.includes(field));
    if (unit === undefined) return true;
    if (wasUndone(item.changes, unit.fields, lastChanges, rests)) return false;
    // Without a comparison before, nobody can have edited since.
    if (compared.size === 0 || (unit.unit !== undefined && !compared.has(unit.unit))) return true;
    return nobodyEdited(item.changes, unit.fields, lastChanges);
  });
  if (kept.length === item.changes.length) return item;
  const { key, place, person } = item;
  const base =
    item.checked === undefined ? { key, place, person } : { key, place, person, checked: item.checked };
  const reviews = item.reviews.filter((reason) => reason !== 'edited-since');
  const [first, ...rest] = kept;
  return first === undefined
    ? { kind: 'review', ...base, reviews: [...moveLast(reviews)] }
    : { kind: 'update', ...base, changes: [first, ...rest], reviews: moveLast(reviews) };
}

function moveLast<R>(reviews: readonly R[]): readonly [R | 'edited-since', ...(R | 'edited-since')[]] {
  const [first, ...rest] = reviews;
  return first === undefined ? ['edited-since'] : [first, ...rest, 'edited-since'];
}

/**
 * Whether undo took SPAR's values out of a unit, and they are SPAR's still. Where nothing is planned for a cell, it
 * holds SPAR's value: somebody has typed it, or it was right all the time. A cell that undo had nothing to do with
 * differs either because SPAR has moved the person, or because somebody has edited it: how long SPAR has given these
 * addresses tells which.
 */
function wasUndone(
  changes: readonly FieldChange[],
  fields: readonly RosterField[],
  lastChanges: readonly WrittenCell[],
  { cells, addressesSince }: RestsOn,
): boolean {
  const planned = new Map(changes.flatMap(({ field, to }) => (fields.includes(field) ? [[field, to]] : [])));
  const undone = lastChanges.filter(({ field, held = [] }) => fields.includes(field) && held.length > 0);
  if (undone.length === 0) return false;
  const isStillSpars = ({ field, held = [] }: WrittenCell): boolean => {
    const spars = planned.get(field) ?? cells[field] ?? '';
    return held.some((value) => isSameValue(field, value, spars));
  };
  if (!undone.every(isStillSpars)) return false;
  for (const { field } of undone) planned.delete(field);
  if (planned.size === 0) return true;
  return addressesSince !== undefined && undone.every(({ heldFrom = -1 }) => addressesSince <= heldFrom);
}

/**
 * Whether every cell of the unit that would change holds what an earlier run replaced by the same value (an
 * export that came back), or what the last run wrote there.
 */
function nobodyEdited(
  changes: readonly FieldChange[],
  fields: readonly RosterField[],
  lastChanges: readonly WrittenCell[],
): boolean {
  return changes.every(({ field, from, to }) => {
    if (!fields.includes(field)) return true;
    const last = lastChanges.find((change) => change.field === field);
    if (last === undefined) return false;
    return last.to === from || (last.from === from && isSameValue(field, last.to, to));
  });
}

/** The journal holds what was written in the column's style, the item may still hold SPAR's own. */
export function isSameValue(field: RosterField, written: string, value: string): boolean {
  if (written === value) return true;
  if (field === 'postal_code') return isSameCode(written, value);
  if (field === 'personnummer') return lastTenDigits(written) === lastTenDigits(value);
  return isSameText(written, value);
}

function lastTenDigits(number: string): string {
  return number.replace(/\D/g, '').slice(-10);
}
