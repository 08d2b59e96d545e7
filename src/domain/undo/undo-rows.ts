import { fold } from '../fold.ts';
import { isMarked } from '../protection-mark.ts';
import { type RowKey, rowKeyText } from '../roster.ts';
import { linkKeyText, type RosterWrite } from '../roster-write.ts';
import type { DoneByRun, LeftByUndo, RosterNow, UndoLeftReason } from '../undo-plan.ts';
import { isSameWholeRow, type WholeRow } from '../whole-row.ts';
import { givesUp } from './undo-cells.ts';
import { isFree } from './undo-links.ts';
import { textOf } from './whole-text.ts';

/** The rows that the run added go, and those that it took away come back; `lost`: those that cannot. */
export function undoRows(
  done: DoneByRun,
  now: RosterNow,
  removedLinks: RosterWrite['removedLinks'],
  cells: RosterWrite['edits'],
  left: LeftByUndo[],
) {
  const removedRows: RosterWrite['removedRows'][number][] = [];
  const restoredRows: RestoredRow[] = [];
  const lost: LostRow[] = [];
  const going = new Set(removedLinks.map(({ link }) => linkKeyText(link)));
  const leaving = new Set(going);
  for (const act of done.acts) {
    const isMovedBack =
      act.kind === 'link-moved' && isFree(act, now, going) && now.entryOf({ type: 'guardian', id: act.from });
    if (isMovedBack) leaving.add(linkKeyText(act.link));
  }
  for (const act of done.acts) {
    if (act.kind !== 'row-added' && act.kind !== 'row-removed') continue;
    const { key, whole } = act;
    const reason =
      act.kind === 'row-added'
        ? reasonAgainstRemoval(key, whole, now, leaving)
        : reasonAgainstReturn(key, whole, done, now, cells);
    const entry = now.entryOf(key);
    if (reason !== undefined) {
      left.push({ key, reason });
      if (act.kind === 'row-removed')
        lost.push({ key, reason, whole, isElse: isSomethingElse(key, whole, now) });
    } else if (act.kind === 'row-added' && entry !== undefined) {
      removedRows.push({ key, place: entry.place, ...(whole && { whole }) });
    } else if (whole !== undefined) restoredRows.push({ kind: 'restored', key, whole });
  }
  return { removedRows, restoredRows, lost };
}

type RestoredRow = Extract<RosterWrite['addedRows'][number], { readonly kind: 'restored' }>;

/** A row that the run took away and that cannot come back. */
interface LostRow {
  readonly key: RowKey;
  readonly reason: UndoLeftReason;
  readonly whole: WholeRow | undefined;
  /** Its id is another row's by now: nothing of it goes there. */
  readonly isElse: boolean;
}

/** An earlier undo has put the very row back, or it is not that row. */
function isSomethingElse(key: RowKey, whole: WholeRow | undefined, now: RosterNow): boolean {
  const is = now.wholeOf(key);
  return whole === undefined || is === undefined || !isSameWholeRow(is, whole);
}

/** What a row has got from one that does not come back stays there: else nobody would have it. */
export function withoutLost(
  edits: RosterWrite['edits'],
  lost: readonly LostRow[],
  restored: readonly RestoredRow[],
  left: LeftByUndo[],
): RosterWrite['edits'] {
  if (lost.length === 0) return edits;
  return edits.flatMap((edit) => {
    const cells = edit.cells.filter(({ field, from }) => {
      if (from === '' || restored.some(({ whole }) => textOf(whole, field) === from)) return true;
      const giver = lost.find(({ whole, isElse }) => isElse && whole && textOf(whole, field) === from);
      if (giver === undefined) return true;
      left.push({ key: edit.key, field, reason: giver.reason });
      return false;
    });
    return cells.length === 0 ? [] : [{ ...edit, cells }];
  });
}

function reasonAgainstRemoval(
  key: RowKey,
  whole: WholeRow | undefined,
  now: RosterNow,
  leaving: ReadonlySet<string>,
): UndoLeftReason | undefined {
  const is = now.wholeOf(key);
  const entry = now.entryOf(key);
  if (is === undefined || entry === undefined) return 'row-gone';
  // The mark would go with the row.
  if (isMarked(entry.cells.protected)) return 'protection-mark';
  if (whole === undefined) return 'erased';
  if (!isSameWholeRow(is, whole)) return 'row-changed';
  const isLinked = now.linksTo(key.id).some((link) => !leaving.has(linkKeyText(link)));
  return isLinked || now.isReferredTo(key) ? 'row-referred-to' : undefined;
}

function reasonAgainstReturn(
  key: RowKey,
  whole: WholeRow | undefined,
  done: DoneByRun,
  now: RosterNow,
  cells: RosterWrite['edits'],
): UndoLeftReason | undefined {
  if (whole === undefined) return 'erased';
  if (now.entryOf(key) !== undefined || now.wholeOf(key) !== undefined) return 'id-taken';
  if (now.isProtected(key) || isMarked(textOf(whole, 'protected'))) return 'protected-now';
  const email = textOf(whole, 'email');
  if (fold(email) === '') return undefined;
  const isFreeOf = (holder: RowKey): boolean =>
    givesUp(holder, email, cells) || sharedBefore(holder, key, done);
  return now.holdersOf(email).every(isFreeOf) ? undefined : 'email-taken';
}

/** Whether a row had the e-mail of the row that was merged into it all the time: then both had it before. */
function sharedBefore(holder: RowKey, removed: RowKey, { same, changes }: DoneByRun): boolean {
  const isHolder = (key: RowKey): boolean => rowKeyText(key) === rowKeyText(holder);
  if (changes.some(({ key, field }) => field === 'email' && isHolder(key))) return false;
  const one = new Set([rowKeyText(removed)]);
  for (let before = 0; before !== one.size; ) {
    before = one.size;
    for (const pair of same) {
      const names = [rowKeyText(pair.a), rowKeyText(pair.b)];
      if (names.some((name) => one.has(name))) for (const name of names) one.add(name);
    }
  }
  return one.has(rowKeyText(holder));
}
