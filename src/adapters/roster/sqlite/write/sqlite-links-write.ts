import type { Database } from 'better-sqlite3';
import type { AddedLink, LinkKey, MovedLink, RemovedLink } from '../../../../domain/roster-write.ts';
import { isSameWholeRow, type WholeRow } from '../../../../domain/whole-row.ts';
import type { LinkColumn } from '../../columns.ts';
import { canHold, cellText, type SqliteCell } from '../sqlite-cell.ts';
import type { At, LinkIndex } from '../sqlite-find.ts';
import { columnOf, identityOf, quoted, whereIdentity } from '../sqlite-table.ts';
import type { LinksTable } from '../sqlite-tables.ts';
import { readWholeRow } from '../sqlite-whole.ts';
import { createColumnCustoms, storedByCustom } from './sqlite-column-custom.ts';
import { deleteRow, insertRow, insertWhole, isMangled, readCells } from './sqlite-insert.ts';
import type { Refusal } from './sqlite-savepoint.ts';

/** Writes links, inside the caller's transaction and savepoints. */
export interface LinksWriter {
  remove(link: RemovedLink, expected: WholeRow | Refusal): Refusal | undefined;
  move(link: MovedLink): Refusal | undefined;
  add(link: AddedLink): Refusal | undefined;
}

/** The id of the one such row of the roster as it is stored, `undefined` where there is none. */
export type StoredIdOf = (type: 'student' | 'guardian', id: string) => SqliteCell | undefined;

export function createLinksWriter(
  db: Database,
  links: LinksTable,
  index: LinkIndex,
  storedIdOf: StoredIdOf,
): LinksWriter {
  const { table } = links;
  const customOf = createColumnCustoms(db, table);
  const stored = new Set(table.stored.map(({ name }) => name));
  const nameOf = (our: LinkColumn): string => table.columns.get(our)?.name ?? '';

  const readLink = (at: At): LinkKey | undefined => {
    const cells = readCells(db, table, [nameOf('student_id'), nameOf('guardian_id')], at);
    const [student, guardian] = (cells ?? []).map((cell) => cellText(cell)?.trim());
    return student === undefined || guardian === undefined ? undefined : { student, guardian };
  };

  /** Looks whether the database has kept both ids of a link as they were to be. */
  const verify = (link: LinkKey, at: At | undefined): Refusal | undefined => {
    const after = at && readLink(at);
    if (at === undefined || after?.student !== link.student || after.guardian !== link.guardian) {
      return 'row-refused';
    }
    return undefined;
  };

  const addNew = ({ link, source, relation }: Extract<AddedLink, { kind: 'new' }>): Refusal | undefined => {
    const student = storedIdOf('student', link.student);
    const guardian = storedIdOf('guardian', link.guardian);
    if (student === undefined || guardian === undefined) return 'roster-changed';
    const final = { student: link.student, guardian: cellText(guardian)?.trim() ?? '' };
    // Somebody has added the same link meanwhile.
    if (index.has(final)) return 'roster-changed';
    const texts = [['source', source] as const, ['relation', relation] as const].filter(([our]) =>
      stored.has(nameOf(our)),
    );
    if (![source, relation].every(canHold)) return 'row-refused';
    const cells = new Map([
      [nameOf('student_id'), student],
      [nameOf('guardian_id'), guardian],
    ]);
    for (const [our, text] of texts) cells.set(nameOf(our), storedByCustom(text, customOf(nameOf(our))));
    const at = insertRow(db, table, cells);
    const after = at && readCells(db, table, [...texts.map(([our]) => nameOf(our))], at);
    if (after && texts.some(([, text], i) => isMangled(after[i] ?? null, text))) return 'row-refused';
    return verify(final, at);
  };

  return {
    remove({ link, place }, expected) {
      if (typeof expected === 'string') return expected;
      const found = index.take(link, place.line);
      if (found === undefined) return 'roster-changed';
      const now = readWholeRow(db, links, found.at, expected.at);
      if (typeof now === 'string' || !isSameWholeRow(now, expected)) return 'roster-changed';
      return deleteRow(db, table, found.at) ? undefined : 'row-refused';
    },

    move({ link, place, toGuardian }) {
      const guardian = storedIdOf('guardian', toGuardian);
      const found = index.take(link, place.line);
      if (found === undefined || guardian === undefined) return 'roster-changed';
      const final = { student: link.student, guardian: cellText(guardian)?.trim() ?? '' };
      if (index.has(final)) return 'roster-changed';
      const column = columnOf(table, 'guardian_id');
      const { changes } = db
        .prepare<SqliteCell[]>(
          `UPDATE OR ABORT ${quoted(table.name)} SET ${column} = ? WHERE ${whereIdentity(table)}`,
        )
        .run(guardian, ...found.at);
      if (!table.isView && changes !== 1) return 'row-refused';
      // The guardian may be part of what finds the row again.
      return verify(
        final,
        identityOf(table).map((part, i) => (part === column ? guardian : (found.at[i] ?? null))),
      );
    },

    add(added) {
      if (added.kind === 'new') return addNew(added);
      const { student, guardian } = added.link;
      const isToNobody = [storedIdOf('student', student), storedIdOf('guardian', guardian)].includes(
        undefined,
      );
      return isToNobody ? 'roster-changed' : verify(added.link, insertWhole(db, table, added.whole));
    },
  };
}
