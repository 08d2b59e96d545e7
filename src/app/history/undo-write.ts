import type { PersonId } from '../../domain/person-id.ts';
import { type RowKey, rowKeyText } from '../../domain/roster.ts';
import { type LinkKey, linkKeyText, type RosterWrite } from '../../domain/roster-write.ts';
import type { UndoPlan } from '../../domain/undo-plan.ts';
import type { JournalledWrite } from '../durable-write.ts';
import type { JournalledAct, JournalledChange, WrittenByRun } from '../journal-port.ts';
import { journalledMoves } from '../journalled-moves.ts';

/** The undo as the journal keeps it: everything the other way round, so that it can be taken back as well. */
export function asJournalled({ write }: UndoPlan, written: WrittenByRun): JournalledWrite {
  const personOfChange = new Map(written.changes.map(({ key, person }) => [rowKeyText(key), person]));
  const personOfRow = new Map<string, PersonId | undefined>();
  const personOfLink = new Map<string, PersonId | undefined>();
  for (const act of written.acts) {
    if (act.kind === 'row-added' || act.kind === 'row-removed')
      personOfRow.set(rowKeyText(act.key), act.person);
    else if (act.kind !== 'link-moved') personOfLink.set(linkKeyText(act.link), act.person);
  }
  const withPerson = (person: PersonId | undefined) => (person === undefined ? {} : { person });
  const ofRow = (key: RowKey) => withPerson(personOfRow.get(rowKeyText(key)));
  const ofLink = (link: LinkKey) => withPerson(personOfLink.get(linkKeyText(link)));
  return {
    write,
    journalled: ({ removedRows, removedLinks }) => ({
      changes: write.edits.flatMap(({ key, cells }) =>
        cells.map(
          (change): JournalledChange => ({
            key,
            ...change,
            ...withPerson(personOfChange.get(rowKeyText(key))),
          }),
        ),
      ),
      acts: [
        ...removedRows.map(
          ({ key, whole }): JournalledAct => ({ kind: 'row-removed', key, whole, ...ofRow(key) }),
        ),
        ...write.addedRows.map(({ key }): JournalledAct => ({ kind: 'row-added', key, ...ofRow(key) })),
        ...removedLinks.map(
          ({ link, whole }): JournalledAct => ({ kind: 'link-removed', link, whole, ...ofLink(link) }),
        ),
        ...write.addedLinks.map(
          (added): JournalledAct => ({
            kind: 'link-added',
            link: added.link,
            ...(added.kind === 'restored' && { whole: added.whole }),
            ...ofLink(added.link),
          }),
        ),
        ...journalledMoves(write.movedLinks),
      ],
      compared: [],
      decisions: [],
    }),
    compared: () => [],
    // What a merged row had given away is taken from the kept one only if the row really comes back, and no link
    // gives up its place to one that does not come.
    allOrNothing: write.addedRows.length > 0 || changePlaces(write),
  };
}

/** Whether a link comes or goes where another moves from or to. */
function changePlaces({ addedLinks, removedLinks, movedLinks }: RosterWrite): boolean {
  const before = new Set(movedLinks.map(({ link }) => linkKeyText(link)));
  const after = new Set(
    movedLinks.map(({ link, toGuardian }) => linkKeyText({ student: link.student, guardian: toGuardian })),
  );
  return (
    addedLinks.some(({ link }) => before.has(linkKeyText(link))) ||
    removedLinks.some(({ link }) => after.has(linkKeyText(link)))
  );
}
