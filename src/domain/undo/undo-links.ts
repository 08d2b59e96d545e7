import { type LinkKey, linkKeyText, type RosterWrite } from '../roster-write.ts';
import type { DoneAct, DoneByRun, LeftByUndo, RosterNow } from '../undo-plan.ts';
import type { WholeRow } from '../whole-row.ts';
import { textOf } from './whole-text.ts';

/** What a new link of this program says: another source or relation was written by somebody. */
const NEW_LINK = { source: 'spar', relation: '' };

/** The links that the run added and that are still as it made them: they go. */
export function undoAddedLinks(
  done: DoneByRun,
  now: RosterNow,
  left: LeftByUndo[],
): RosterWrite['removedLinks'] {
  const removed: RosterWrite['removedLinks'][number][] = [];
  for (const act of done.acts) {
    if (act.kind !== 'link-added') continue;
    const link = now.linkOf(act.link);
    const wrote = act.whole === undefined ? NEW_LINK : wordsOf(act.whole);
    const isAsWritten =
      link !== undefined &&
      (link.source ?? wrote.source) === wrote.source &&
      (link.relation ?? wrote.relation) === wrote.relation;
    if (isAsWritten) removed.push({ link: act.link, place: link.place });
    else left.push(leftLink(act.link));
  }
  return removed;
}

function wordsOf(whole: WholeRow): { readonly source: string; readonly relation: string } {
  return { source: textOf(whole, 'source'), relation: textOf(whole, 'relation') };
}

/**
 * Links that the run took away or moved go back to where they were. `isThere`: a guardian's row that is, or comes
 * back. `removed`: the links that go.
 */
export function undoLinks(
  done: DoneByRun,
  now: RosterNow,
  { isThere, removed }: { isThere: (guardian: string) => boolean; removed: RosterWrite['removedLinks'] },
  left: LeftByUndo[],
) {
  const addedLinks: RosterWrite['addedLinks'][number][] = [];
  const movedLinks: RosterWrite['movedLinks'][number][] = [];
  const going = new Set(removed.map(({ link }) => linkKeyText(link)));
  /** Where links stand only because the run moved them there, which may have been in another's place. */
  const vacated = new Set<string>();
  const goesBack = (act: Extract<DoneAct, { kind: 'link-moved' }>): boolean =>
    isFree(act, now, going) && isThere(act.from);
  for (const act of done.acts) {
    if (act.kind === 'link-moved' && goesBack(act)) vacated.add(linkKeyText(act.link));
  }
  for (const act of done.acts) {
    if (act.kind === 'link-removed') {
      const { link, whole } = act;
      if (now.linkOf(link) !== undefined && !vacated.has(linkKeyText(link))) continue;
      const isPossible =
        whole !== undefined && isThere(link.guardian) && now.entryOf({ type: 'student', id: link.student });
      if (isPossible) addedLinks.push({ kind: 'restored', link, whole });
      else left.push(leftLink(link));
    } else if (act.kind === 'link-moved') {
      const link = now.linkOf(act.link);
      if (link !== undefined && goesBack(act)) {
        movedLinks.push({ link: act.link, place: link.place, toGuardian: act.from });
      } else left.push(leftLink(act.link));
    }
  }
  return { addedLinks, movedLinks };
}

/** Whether a moved link could stand where it stood before. `going`: names of the links that go. */
export function isFree(
  { link, from }: Extract<DoneAct, { kind: 'link-moved' }>,
  now: RosterNow,
  going: ReadonlySet<string>,
): boolean {
  const before = { student: link.student, guardian: from };
  return (
    now.linkOf(link) !== undefined && (now.linkOf(before) === undefined || going.has(linkKeyText(before)))
  );
}

function leftLink({ student, guardian }: LinkKey): LeftByUndo {
  return { key: { type: 'guardian', id: guardian }, student, reason: 'link-changed' };
}
