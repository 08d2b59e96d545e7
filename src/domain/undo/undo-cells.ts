import { ADDRESS_FIELDS } from '../address.ts';
import { fold } from '../fold.ts';
import type { FieldChange } from '../plan.ts';
import { type RosterEntry, type RosterField, type RowKey, rowKeyText } from '../roster.ts';
import type { RosterWrite } from '../roster-write.ts';
import type { DoneByRun, LeftByUndo, RosterNow, UndoLeftReason } from '../undo-plan.ts';

/** The cells that get back what they held before, as far as they still hold what the run wrote. */
export function undoChanges(done: DoneByRun, now: RosterNow, left: LeftByUndo[]): RosterWrite['edits'] {
  const byRow = new Map<string, { key: RowKey; changes: FieldChange[] }>();
  for (const { key, field, from, to } of done.changes) {
    const row = byRow.get(rowKeyText(key)) ?? { key, changes: [] };
    row.changes.push({ field, from, to });
    byRow.set(rowKeyText(key), row);
  }
  for (const { key, field } of done.erasedChanges) left.push({ key, field, reason: 'erased' });
  const edits: RosterWrite['edits'][number][] = [];
  for (const { key, changes } of byRow.values()) {
    const entry = now.entryOf(key);
    const back: FieldChange[] = [];
    for (const change of changes) {
      const { field, from, to } = change;
      if (KEPT.has(field)) continue;
      const reason = reasonToLeave(change, changes, entry, now);
      if (reason === undefined) back.push({ field, from: to, to: from });
      else left.push({ key, field, reason });
    }
    if (entry !== undefined && back.length > 0) edits.push({ key, place: entry.place, cells: back });
  }
  return edits;
}

/** `status` and `spar_checked` are the program's own and tell of today: `undo` has no say in them. */
const KEPT: ReadonlySet<RosterField> = new Set(['status', 'spar_checked']);

const ADDRESS: ReadonlySet<RosterField> = new Set(ADDRESS_FIELDS);

function reasonToLeave(
  { field, to }: FieldChange,
  ofRow: readonly FieldChange[],
  entry: RosterEntry | undefined,
  now: RosterNow,
): UndoLeftReason | undefined {
  if (entry === undefined) return 'row-gone';
  if (field === 'protected') return 'protection-mark';
  // The number alone tells nothing of where somebody lives.
  if (field !== 'personnummer' && now.isProtected(entry.key)) return 'protected-now';
  if (entry.cells[field] !== to) return 'changed-since';
  // An address is one thing: half of it put back would be nobody's address.
  const isTorn =
    ADDRESS.has(field) && ofRow.some((one) => ADDRESS.has(one.field) && entry.cells[one.field] !== one.to);
  return isTorn ? 'changed-since' : undefined;
}

/** An e-mail is nobody's twice: it comes back only where nobody else holds it, or gives it up here and now. */
export function withoutTakenEmails(
  edits: RosterWrite['edits'],
  now: RosterNow,
  goes: ReadonlySet<string>,
  left: LeftByUndo[],
): RosterWrite['edits'] {
  return edits.flatMap((edit) => {
    const cells = edit.cells.filter(({ field, to }) => {
      if (field !== 'email' || fold(to) === '') return true;
      const isFree = now
        .holdersOf(to)
        .every(
          (holder) =>
            isSameRow(holder, edit.key) || goes.has(rowKeyText(holder)) || givesUp(holder, to, edits),
        );
      if (!isFree) left.push({ key: edit.key, field, reason: 'email-taken' });
      return isFree;
    });
    return cells.length === 0 ? [] : [{ ...edit, cells }];
  });
}

function isSameRow(a: RowKey, b: RowKey): boolean {
  return rowKeyText(a) === rowKeyText(b);
}

/** Whether a row's e-mail is another after these edits. */
export function givesUp(holder: RowKey, email: string, edits: RosterWrite['edits']): boolean {
  return edits.some(
    ({ key, cells }) =>
      isSameRow(key, holder) && cells.some(({ field, to }) => field === 'email' && fold(to) !== fold(email)),
  );
}
