import { ADDRESS_FIELDS } from './address.ts';
import { isSameCode, isSameText } from './fold.ts';
import type { FieldChange, PlanItem } from './plan.ts';
import type { RosterField } from './roster.ts';

/** Cells that are held back or written together. The columns that are ours alone stand in none of them. */
const UNITS: readonly (readonly RosterField[])[] = [
  ['personnummer'],
  ['first_name'],
  ['last_name'],
  ADDRESS_FIELDS,
];

/**
 * Keeps what a person has edited since. For an item that comes from a reused answer with which its row has
 * been compared before: what differs now was written by somebody, or an old export came back.
 * The latter holds exactly what the earlier run replaced, and is written again; everything else is dropped
 * and becomes `edited-since`. `status`, `protected` and `spar_checked` are never held back.
 *
 * `lastChanges`: the newest applied change of each cell of the row. `force`: a person has named the row.
 */
export function respectEdits(
  item: PlanItem,
  lastChanges: readonly FieldChange[] | undefined,
  options: { readonly force?: boolean } = {},
): PlanItem {
  if (item.kind !== 'update' || options.force) return item;
  const kept = item.changes.filter(({ field }) => {
    const unit = UNITS.find((fields) => fields.includes(field));
    return unit === undefined || cameBack(item.changes, unit, lastChanges);
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

/** Whether every cell of the unit that would change holds what was replaced, and would get what it got then. */
function cameBack(
  changes: readonly FieldChange[],
  unit: readonly RosterField[],
  lastChanges: readonly FieldChange[] | undefined,
): boolean {
  if (lastChanges === undefined) return false;
  return changes.every(({ field, from, to }) => {
    if (!unit.includes(field)) return true;
    const last = lastChanges.find((change) => change.field === field);
    return last !== undefined && last.from === from && isSameValue(field, last.to, to);
  });
}

/** The journal holds what was written in the column's style, the item may still hold SPAR's own. */
function isSameValue(field: RosterField, written: string, value: string): boolean {
  if (written === value) return true;
  if (field === 'postal_code') return isSameCode(written, value);
  if (field === 'personnummer') return lastTenDigits(written) === lastTenDigits(value);
  return isSameText(written, value);
}

function lastTenDigits(number: string): string {
  return number.replace(/\D/g, '').slice(-10);
}
