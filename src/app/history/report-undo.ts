import { type RowKey, rowKeyText } from '../../domain/roster.ts';
import { linkKeyText } from '../../domain/roster-write.ts';
import type { LeftByUndo, UndoPlan } from '../../domain/undo-plan.ts';
import type { RunRecord } from '../journal-port.ts';
import type { RefusedLink, RefusedRow } from '../roster-port.ts';
import type { UndoReport } from './history-report.ts';

/** What the roster did not take back. */
export interface Refused {
  readonly rows: readonly RefusedRow[];
  readonly links: readonly RefusedLink[];
}

export const NOTHING_REFUSED: Refused = { rows: [], links: [] };

/** What an undo has put back, taken away and left. */
export function reportOf(
  own: number,
  undone: RunRecord,
  { write, left }: UndoPlan,
  refused: Refused,
  dryRun: boolean,
): UndoReport {
  const out = new Set(refused.rows.map(({ key }) => rowKeyText(key)));
  const outLinks = new Set(refused.links.map(({ link }) => linkKeyText(link)));
  const isIn = ({ key }: { readonly key: RowKey }): boolean => !out.has(rowKeyText(key));
  const leftToo: LeftByUndo[] = [
    ...left,
    ...refused.rows.map(({ key }): LeftByUndo => ({ key, reason: 'row-changed' })),
    ...refused.links.map(
      ({ link }): LeftByUndo => ({
        key: { type: 'guardian', id: link.guardian },
        student: link.student,
        reason: 'link-changed',
      }),
    ),
  ];
  return {
    command: 'undo',
    run: own,
    undoes: undone.run,
    dryRun,
    decisions: undone.decisions,
    restored: write.edits
      .filter(isIn)
      .flatMap(({ key, cells }) =>
        cells.map(({ field, from, to }) => ({ id: key.id, type: key.type, field, from, to })),
      ),
    removedRows: write.removedRows.filter(isIn).map(({ key }) => key),
    restoredRows: write.addedRows.filter(isIn).map(({ key }) => key),
    links: {
      removed: write.removedLinks.map(({ link }) => link).filter((link) => !outLinks.has(linkKeyText(link))),
      added: write.addedLinks.map(({ link }) => link).filter((link) => !outLinks.has(linkKeyText(link))),
      moved: write.movedLinks
        .filter(({ link }) => !outLinks.has(linkKeyText(link)))
        .map(({ link, toGuardian }) => ({
          student: link.student,
          guardian: toGuardian,
          from: link.guardian,
        })),
    },
    left: leftToo.map(({ key, field, student, reason }) => ({
      id: key.id,
      type: key.type,
      ...(field && { field }),
      ...(student !== undefined && { student }),
      reason,
    })),
  };
}
