import { type RowKey, rowKeyText } from './roster.ts';
import type { RosterWrite } from './roster-write.ts';
import { undoChanges, withoutTakenEmails } from './undo/undo-cells.ts';
import { undoAddedLinks, undoLinks } from './undo/undo-links.ts';
import { undoRows, withoutLost } from './undo/undo-rows.ts';
import type { DoneByRun, LeftByUndo, RosterNow, UndoPlan } from './undo-plan.ts';

/**
 * How a run is taken back (CONTRACT sections 4 and 5): every value that still is what the run wrote becomes what
 * it was; rows and links that it added go if nobody has changed them and nothing else points at them; rows and
 * links that it took away come back. Marks of protection, `status` and `spar_checked` stay, and nobody who is
 * protected now gets a name or an address. What cannot be taken back is left and said.
 */
export function planUndo(done: DoneByRun, now: RosterNow): UndoPlan {
  const left: LeftByUndo[] = [];
  const cells = undoChanges(done, now, left);
  const removedLinks = undoAddedLinks(done, now, left);
  const { removedRows, restoredRows, lost } = undoRows(done, now, removedLinks, cells, left);
  const restored = new Set(restoredRows.map(({ key }) => rowKeyText(key)));
  const strangers = new Set(lost.filter(({ isElse }) => isElse).map(({ key }) => rowKeyText(key)));
  const isThere = (id: string): boolean => {
    const key: RowKey = { type: 'guardian', id };
    const name = rowKeyText(key);
    return restored.has(name) || (!strangers.has(name) && now.entryOf(key) !== undefined);
  };
  const links = withoutThoseOfWorkedOnRows(removedLinks, left);
  const { addedLinks, movedLinks } = undoLinks(done, now, { isThere, removed: links }, left);
  const goes = new Set(removedRows.map(({ key }) => rowKeyText(key)));
  return {
    write: {
      edits: withoutTakenEmails(withoutLost(cells, lost, restoredRows, left), now, goes, left),
      addedRows: restoredRows,
      removedRows,
      addedLinks,
      removedLinks: links,
      movedLinks,
    },
    left,
  };
}

/** A row that somebody has worked on since stays, and with it what it is to its children. */
function withoutThoseOfWorkedOnRows(
  removed: RosterWrite['removedLinks'],
  left: LeftByUndo[],
): RosterWrite['removedLinks'] {
  const stays = new Set(left.flatMap(({ key, reason }) => (reason === 'row-changed' ? [key.id] : [])));
  return removed.filter(({ link }) => {
    if (!stays.has(link.guardian)) return true;
    const key: RowKey = { type: 'guardian', id: link.guardian };
    left.push({ key, student: link.student, reason: 'row-changed' });
    return false;
  });
}
