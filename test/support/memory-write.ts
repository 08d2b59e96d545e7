import { LINK_COLUMNS, PEOPLE_COLUMNS } from '../../src/adapters/roster/columns.ts';
import type { PreparedWrite, RefusedLink, RefusedRow, Staged } from '../../src/app/roster-port.ts';
import { type RowKey, rowKeyText } from '../../src/domain/roster.ts';
import type { AddedLink, AddedRow, LinkKey, RosterWrite } from '../../src/domain/roster-write.ts';
import { isSameWholeRow, type WholeRow } from '../../src/domain/whole-row.ts';
import type { MemoryLink, MemoryRow } from './memory-roster.ts';

/** What a roster in memory holds. */
export interface MemoryTables {
  readonly rows: MemoryRow[];
  readonly links: MemoryLink[];
}

export type WrittenTables = Staged &
  Pick<PreparedWrite, 'removedRows' | 'removedLinks'> & { readonly tables: MemoryTables };

/** The tables after a write, which stay as they are themselves. */
export function applyToTables(
  { rows, links }: MemoryTables,
  write: RosterWrite,
  rules: {
    readonly columns: readonly string[];
    readonly canHold: (text: string) => boolean;
    readonly refuses: (row: MemoryRow) => boolean;
  },
): WrittenTables {
  const { columns, canHold } = rules;
  const refused: RefusedRow[] = [];
  const refusedLinks: RefusedLink[] = [];
  const newRows: (MemoryRow | undefined)[] = rows.map((row) => ({ ...row }));
  const newLinks: (MemoryLink | undefined)[] = links.map((link) => ({ ...link }));
  const isHeld = (row: object) => Object.values(row).every((text) => canHold(String(text ?? '')));

  const removedLinks: { link: LinkKey; whole: WholeRow }[] = [];
  for (const { link, place } of write.removedLinks) {
    const now = newLinks[place.row];
    if (now === undefined || !isLink(now, link)) refusedLinks.push({ link, reason: 'roster-changed' });
    else removedLinks.push({ link, whole: wholeLink(now, place.row) });
  }
  const removedRows: { key: RowKey; whole: WholeRow }[] = [];
  for (const { key, place, whole: expected } of write.removedRows) {
    const row = newRows[place.row];
    const whole = row && isRow(row, key) ? wholeOf(row, columns, 'memory', place.row) : undefined;
    if (whole === undefined || (expected && !isSameWholeRow(expected, whole))) {
      refused.push({ key, reason: 'roster-changed' });
    } else {
      removedRows.push({ key, whole });
    }
  }
  for (const { key, place, cells } of write.edits) {
    const row = newRows[place.row];
    const isAsSeen = row && isRow(row, key) && cells.every(({ field, from }) => (row[field] ?? '') === from);
    const edited: MemoryRow = { ...(row ?? { id: '', type: 'student' }) };
    for (const { field, to } of cells) edited[field] = to;
    if (!isAsSeen) refused.push({ key, reason: 'roster-changed' });
    else if (!isHeld(edited) || rules.refuses(edited)) refused.push({ key, reason: 'row-refused' });
    else newRows[place.row] = edited;
  }
  for (const { whole } of removedRows) newRows[whole.at] = undefined;

  const ids = new Map<string, string>();
  const added: { key: RowKey; row: MemoryRow }[] = [];
  const absent = new Set<string>();
  const result = newRows.filter((row) => row !== undefined);
  for (const one of restoredFirst(write.addedRows)) {
    const row = rowOf(one, columns, result);
    if (!isHeld(row) || rules.refuses(row) || result.some((other) => isRow(other, row))) {
      refused.push({ key: one.key, reason: 'row-refused' });
      absent.add(rowKeyText(one.key));
      continue;
    }
    if (row.id !== one.key.id) ids.set(one.key.id, row.id);
    result.splice(one.kind === 'restored' ? one.whole.at : result.length, 0, row);
    added.push({ key: { type: row.type, id: row.id }, row });
  }

  const isThere = (student: string, guardian: string) =>
    !absent.has(`student:${student}`) && !absent.has(`guardian:${guardian}`);
  for (const { link, place, toGuardian } of write.movedLinks) {
    const now = newLinks[place.row];
    if (now === undefined || !isLink(now, link)) refusedLinks.push({ link, reason: 'roster-changed' });
    else if (!isThere(link.student, toGuardian)) refusedLinks.push({ link, reason: 'row-refused' });
    else newLinks[place.row] = { ...now, guardian: ids.get(toGuardian) ?? toGuardian };
  }
  for (const { whole } of removedLinks) newLinks[whole.at] = undefined;
  const resultLinks = newLinks.filter((link) => link !== undefined);
  for (const one of restoredFirst(write.addedLinks)) {
    const { student, guardian } = one.link;
    const link: MemoryLink = {
      ...(one.kind === 'new' ? { relation: one.relation, source: one.source } : textsOf(one.whole)),
      student,
      guardian: ids.get(guardian) ?? guardian,
    };
    if (!isHeld(link) || !isThere(student, guardian)) {
      refusedLinks.push({ link: one.link, reason: 'row-refused' });
    } else {
      resultLinks.splice(one.kind === 'restored' ? one.whole.at : resultLinks.length, 0, link);
    }
  }

  return {
    refused,
    refusedLinks,
    ids,
    added: added.map(({ key, row }) => ({
      key,
      whole: wholeOf(row, columns, 'memory', result.indexOf(row)),
    })),
    removedRows,
    removedLinks,
    tables: { rows: result, links: resultLinks },
  };
}

const OURS: ReadonlySet<string> = new Set([...PEOPLE_COLUMNS, ...LINK_COLUMNS]);

export function wholeOf(row: object, columns: readonly string[], source: string, at: number): WholeRow {
  const texts = new Map(Object.entries(row));
  return {
    source,
    at,
    cells: columns.map((column) => ({
      column,
      ...(OURS.has(column) ? { field: column } : {}),
      value: String(texts.get(column) ?? ''),
    })),
  };
}

function wholeLink({ student, guardian, ...rest }: MemoryLink, at: number): WholeRow {
  const link = { student_id: student, guardian_id: guardian, ...rest };
  return wholeOf(link, Object.keys(link), 'links', at);
}

/** A new row has all the columns; where the roster gives ids, it has the largest number plus one. */
function rowOf(added: AddedRow, columns: readonly string[], rows: readonly MemoryRow[]): MemoryRow {
  const { key } = added;
  if (added.kind === 'restored') return { ...textsOf(added.whole), ...key };
  const largest = Math.max(0, ...rows.map(({ id }) => Number(id)).filter(Number.isFinite));
  const id = added.givenByRoster ? String(largest + 1) : key.id;
  const cells = Object.entries(added.cells).filter(([field]) => columns.includes(field));
  const empty = Object.fromEntries(columns.map((column) => [column, '']));
  return { ...empty, ...Object.fromEntries(cells), type: key.type, id };
}

function textsOf({ cells }: WholeRow): Record<string, string> {
  const own = cells.filter(({ column }) => column !== 'student_id' && column !== 'guardian_id');
  return Object.fromEntries(own.map(({ column, value }) => [column, String(value)]));
}

function isRow(row: MemoryRow, key: RowKey): boolean {
  return row.type === key.type && row.id === key.id;
}

function isLink(link: MemoryLink, key: LinkKey): boolean {
  return link.student === key.student && link.guardian === key.guardian;
}

/** What comes back has its place; what is new stands behind it, at the end. */
function restoredFirst<Added extends AddedRow | AddedLink>(added: readonly Added[]): Added[] {
  const at = (one: AddedRow | AddedLink) => (one.kind === 'restored' ? one.whole.at : Number.MAX_VALUE);
  return added.toSorted((a, b) => at(a) - at(b));
}
