import type { RefusedLink, RefusedRow } from '../../../app/roster-port.ts';
import { type RowPlace, rowKeyText } from '../../../domain/roster.ts';
import type { RosterWrite } from '../../../domain/roster-write.ts';
import type { LinksWrite, PeopleWrite } from './csv-jobs.ts';

/** A write, file by file. */
export interface DealtOut {
  /** By the index of the file of people; in the order of the files. */
  readonly parts: ReadonlyMap<number, PeopleWrite>;
  /** Rows that are to come back to a file that the roster no longer has. */
  readonly homeless: readonly RefusedRow[];
}

/**
 * @param names of the files of people
 * @param newRowsTo index of the file that gets new rows
 */
export function dealOut(
  write: RosterWrite,
  names: readonly string[],
  newRowsTo: number | undefined,
): DealtOut {
  const removed = new Set(write.removedRows.map(({ place }) => placeText(place)));
  if (write.edits.some(({ place }) => removed.has(placeText(place)))) {
    throw new Error('a row that goes is not edited too');
  }
  const homes = write.addedRows.map((added) => {
    if (added.kind === 'restored') return names.indexOf(added.whole.source);
    if (newRowsTo === undefined || added.givenByRoster) throw new Error('a new row without a place or an id');
    return newRowsTo;
  });
  const parts = new Map<number, PeopleWrite>();
  for (const source of names.keys()) {
    const part: PeopleWrite = {
      edits: write.edits.filter(({ place }) => place.source === source),
      removedRows: write.removedRows.filter(({ place }) => place.source === source),
      addedRows: write.addedRows.filter((_, index) => homes[index] === source),
    };
    if (Object.values(part).some((items) => items.length > 0)) parts.set(source, part);
  }
  const homeless = write.addedRows.filter((_, index) => homes[index] === -1);
  return { parts, homeless: homeless.map(({ key }) => ({ key, reason: 'row-refused' })) };
}

/** What remains for the links once rows have been refused: a new row's links are refused with it. */
export function withoutLinksOf(
  refused: readonly RefusedRow[],
  write: RosterWrite,
): { readonly links: LinksWrite; readonly refused: readonly RefusedLink[] } {
  const added = new Set(write.addedRows.map(({ key }) => rowKeyText(key)));
  const absent = new Set(refused.map(({ key }) => rowKeyText(key)).filter((key) => added.has(key)));
  function isHeld(student: string, guardian: string): boolean {
    return !absent.has(`student:${student}`) && !absent.has(`guardian:${guardian}`);
  }
  const [addedLinks, refusedNew] = parted(write.addedLinks, ({ link }) =>
    isHeld(link.student, link.guardian),
  );
  const [movedLinks, refusedMoves] = parted(write.movedLinks, ({ link, toGuardian }) =>
    isHeld(link.student, toGuardian),
  );
  return {
    links: { addedLinks, movedLinks, removedLinks: write.removedLinks },
    refused: [...refusedNew, ...refusedMoves].map(({ link }) => ({ link, reason: 'row-refused' })),
  };
}

function parted<Item>(
  items: readonly Item[],
  isWanted: (item: Item) => boolean,
): [wanted: readonly Item[], others: readonly Item[]] {
  return [items.filter(isWanted), items.filter((item) => !isWanted(item))];
}

function placeText({ source, row }: RowPlace): string {
  return `${source} ${row}`;
}
