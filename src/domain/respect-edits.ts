import { ADDRESS_FIELDS } from './address.ts';
import type { ComparedUnit } from './compared-mark.ts';
import { isSameCode, isSameText } from './fold.ts';
import type { FieldChange, PlanItem } from './plan.ts';
import type { RosterField } from './roster.ts';

/** Cells that are held back or written together. The columns that are ours alone stand in none of them. */
const UNITS: readonly { readonly fields: readonly RosterField[]; readonly unit?: ComparedUnit }[] = [
  { fields: ['personnummer'] },
  { fields: ['first_name'], unit: 'first_name' },
  { fields: ['last_name'], unit: 'last_name' },
  { fields: ADDRESS_FIELDS, unit: 'address' },
];

/**
 * Keeps what a person has edited since. For an item that comes from a reused answer with which these units of
 * its row have been compared before: what differs now was written by somebody, or an old export came back, or
 * a later run of our own wrote it from another answer. What somebody wrote is kept and becomes
 * `edited-since`; `status`, `protected` and `spar_checked` are never held back.
 *
 * `lastChanges`: the newest applied change of each cell of the row.
 */
export function respectEdits(
  item: PlanItem,
  lastChanges: readonly FieldChange[],
  compared: ReadonlySet<ComparedUnit>,
): PlanItem {
  if (item.kind !== 'update' || compared.size === 0) return item;
  const kept = item.changes.filter(({ field }) => {
    const held = UNITS.find(({ fields }) => fields.includes(field));
    if (held === undefined || (held.unit !== undefined && !compared.has(held.unit))) return true;
    return nobodyEdited(item.changes, held.fields, lastChanges);
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
 * Whether every cell of the unit that would change holds what an earlier run replaced by the same value (an
 * export that came back), or what the last run wrote there.
 */
function nobodyEdited(
  changes: readonly FieldChange[],
  fields: readonly RosterField[],
  lastChanges: readonly FieldChange[],
): boolean {
  return changes.every(({ field, from, to }) => {
    if (!fields.includes(field)) return true;
    const last = lastChanges.find((change) => change.field === field);
    if (last === undefined) return false;
    return last.to === from || (last.from === from && isSameValue(field, last.to, to));
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
