import { type RowKey, rowKeyText } from '../../../domain/roster.ts';
import type { AddedLink, AddedRow, LinkKey, RosterWrite } from '../../../domain/roster-write.ts';
import { arrivingLink, arrivingRow, keyOf, surveyPeople } from './csv-new-row.ts';
import type { CsvPeopleFile, PeopleShape } from './csv-people.ts';
import { textAt } from './csv-records.ts';
import { surveyStyle } from './csv-row-style.ts';
import type { FileJob } from './csv-table-write.ts';
import type { CsvColumns } from './csv-whole-row.ts';

/** The part of a write that falls on one file of people. */
export type PeopleWrite = Pick<RosterWrite, 'edits' | 'removedRows' | 'addedRows'>;

/** The part of a write that falls on the links. */
export type LinksWrite = Pick<RosterWrite, 'movedLinks' | 'removedLinks' | 'addedLinks'>;

/** @param constants the configured values of new rows, by the index of their column */
export function peopleJob(
  file: CsvPeopleFile,
  people: PeopleShape,
  { edits, removedRows, addedRows }: PeopleWrite,
  constants: ReadonlyMap<number, string>,
): FileJob<RowKey> {
  return {
    edits: edits.map(({ key, place, cells }) => ({
      key,
      row: place.row,
      cells: cells.map(({ field, from, to }) => ({ index: people.indexes.get(field), from, to })),
    })),
    removed: removedRows.map(({ place, ...removed }) => ({ ...removed, row: place.row })),
    adds: addedRows.length > 0,
    isKeyOf(key, record) {
      const found = keyOf(record, file, people);
      return found !== undefined && rowKeyText(found) === rowKeyText(key);
    },
    async arrive(records, gone) {
      const keys = addedRows.map(({ key }) => key);
      const style = await surveyPeople(records, file, people, keys, gone);
      const taken = new Set(style.taken);
      const rows = restoredFirst(addedRows).map((added) => {
        const name = rowKeyText(added.key);
        const record = taken.has(name) ? undefined : arrivingRow(added, file, people, style, constants);
        if (record !== undefined) taken.add(name);
        return { key: added.key, record };
      });
      return { lineEnd: style.lineEnd, rows };
    },
  };
}

export function linksJob(
  links: CsvColumns,
  { movedLinks, removedLinks, addedLinks }: LinksWrite,
): FileJob<LinkKey> {
  const guardian = links.indexes.get('guardian_id');
  return {
    edits: movedLinks.map(({ link, place, toGuardian }) => ({
      key: link,
      row: place.row,
      cells: [{ index: guardian, from: undefined, to: toGuardian }],
    })),
    removed: removedLinks.map(({ link, place }) => ({ key: link, row: place.row })),
    adds: addedLinks.length > 0,
    isKeyOf(key, record) {
      const [student, other] = (['student_id', 'guardian_id'] as const).map((end) =>
        textAt(record, links.indexes.get(end) ?? -1, links.csv.encoding)?.trim(),
      );
      return student === key.student && other === key.guardian;
    },
    async arrive(records) {
      const style = await surveyStyle(records, links.csv);
      const rows = restoredFirst(addedLinks).map((added) => ({
        key: added.link,
        record: arrivingLink(added, links, style),
      }));
      return { lineEnd: style.lineEnd, rows };
    },
  };
}

/** What comes back has its place; what is new stands behind it, at the end. */
function restoredFirst<Added extends AddedRow | AddedLink>(added: readonly Added[]): readonly Added[] {
  return added.toSorted((a, b) => Number(a.kind === 'new') - Number(b.kind === 'new'));
}
