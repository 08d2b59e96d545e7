import type { Database } from 'better-sqlite3';
import type { RefusedLink, RefusedRow, Staged } from '../../../../app/roster-port.ts';
import { type RowKey, rowKeyText } from '../../../../domain/roster.ts';
import {
  type AddedLink,
  type AddedRow,
  type LinkKey,
  linkKeyText,
  type MovedLink,
  type RosterWrite,
} from '../../../../domain/roster-write.ts';
import type { WholeRow } from '../../../../domain/whole-row.ts';
import { findPeople, indexLinks, type KnownRow } from '../sqlite-find.ts';
import type { RosterTables } from '../sqlite-tables.ts';
import { readWholeRow } from '../sqlite-whole.ts';
import { createLinksWriter } from './sqlite-links-write.ts';
import { createPeopleWriter, type MadeRow } from './sqlite-people-write.ts';
import { createPieceRunner, createViolationCount, type Refusal, RolledBack } from './sqlite-savepoint.ts';

/** What will be removed, as it was when the write was prepared, or why it could not be had. */
export interface SeenBefore {
  /** In the order of `RosterWrite.removedRows` and `removedLinks`. */
  readonly rows: readonly (WholeRow | Refusal)[];
  readonly links: readonly (WholeRow | Refusal)[];
  /** How many links each guardian had when they were last read. */
  readonly linkCounts: ReadonlyMap<string, number>;
}

/**
 * Begins a transaction and carries out a whole write but for COMMIT, on a connection that hands over whole numbers
 * as BigInt. What no longer is as the plan saw it is left alone, as is what the database will not take: it is rolled
 * back by itself and the rest goes in.
 */
export function stageWrite(db: Database, tables: RosterTables, write: RosterWrite, seen: SeenBefore): Staged {
  db.pragma('foreign_keys = ON');
  db.pragma('synchronous = FULL');
  const count = createViolationCount(db);
  // A trigger may roll back everything (RAISE(ROLLBACK)); then all is done again without that piece.
  const fatal = new Set<object>();
  let isCareful = false;
  for (;;) {
    db.exec('BEGIN IMMEDIATE');
    try {
      const before = isCareful ? undefined : count?.();
      const staged = attempt(db, tables, write, seen, { fatal, violations: isCareful ? count : undefined });
      if (before === undefined || count === undefined || count() <= before) return staged;
      // COMMIT would fail: once more, looking after each piece whether it was that one.
      isCareful = true;
    } catch (error) {
      if (!(error instanceof RolledBack)) throw error;
      fatal.add(error.by);
    }
    if (db.inTransaction) db.exec('ROLLBACK');
  }
}

/** A link that is to point from a guardian's row from now on. */
type PutLink = AddedLink | MovedLink;

interface Caution {
  readonly fatal: ReadonlySet<object>;
  readonly violations: (() => bigint) | undefined;
}

function attempt(
  db: Database,
  tables: RosterTables,
  write: RosterWrite,
  seen: SeenBefore,
  { fatal, violations }: Caution,
): Staged {
  const refused: RefusedRow[] = [];
  const refusedLinks: RefusedLink[] = [];
  const ids = new Map<string, string>();
  const made = new Map<string, MadeRow>();
  const runPiece = createPieceRunner(db, fatal, violations);
  const rows = new Map<string, KnownRow | 'several'>(findPeople(db, tables.people, keysOf(write)));
  const people = createPeopleWriter(db, tables, rows, {
    isRemoving: write.removedRows.length > 0,
    linksSeen: seen.linkCounts,
  });
  const links =
    tables.links &&
    createLinksWriter(db, tables.links, indexLinks(db, tables.links, pairsOf(write)), (type, id) => {
      const found = rows.get(rowKeyText({ type, id }));
      return typeof found === 'object' ? found.id : undefined;
    });

  const onRow = (piece: { readonly key: RowKey }, work: () => Refusal | undefined): boolean => {
    const reason = runPiece(piece, work);
    if (reason !== undefined) refused.push({ key: piece.key, reason });
    return reason === undefined;
  };
  const noteLink = ({ link }: { readonly link: LinkKey }, reason: Refusal | undefined): void => {
    if (reason !== undefined) refusedLinks.push({ link, reason });
  };
  const putLink = (link: PutLink): Refusal | undefined =>
    runPiece(link, () => {
      if (links === undefined) return 'row-refused';
      return 'toGuardian' in link ? links.move(link) : links.add(link);
    });

  /** The row and its links as one piece: a new guardian of nobody is worth nothing. */
  const addRow = (row: AddedRow, own: readonly PutLink[]): void => {
    const text = rowKeyText(row.key);
    const reasons = new Map<PutLink, Refusal>();
    let one: MadeRow | undefined;
    const reason = runPiece(row, () => {
      const result = people.add(row);
      if (typeof result === 'string') return result;
      one = result;
      rows.set(text, result);
      for (const link of own) {
        const refusal = putLink(link);
        if (refusal !== undefined) reasons.set(link, refusal);
      }
      const isLeftAlone = row.kind === 'new' && own.length > 0 && reasons.size === own.length;
      return isLeftAlone ? [...reasons.values()][0] : undefined;
    });
    for (const link of own) noteLink(link, reasons.get(link) ?? reason);
    if (reason !== undefined) {
      refused.push({ key: row.key, reason });
      if (one !== undefined) rows.delete(text);
    } else if (one !== undefined) {
      made.set(text, one);
      if (row.kind === 'new' && row.givenByRoster) ids.set(row.key.id, one.key.id);
    }
  };

  const { removedLinks, movedLinks, removedRows, addedRows, edits } = write;
  const added = new Set(addedRows.map(({ key }) => rowKeyText(key)));
  const isToAdded = (link: PutLink): boolean => added.has(`guardian:${guardianOf(link)}`);
  const isOfAdded = ({ link }: PutLink): boolean => added.has(`student:${link.student}`);
  // Until the row that it goes to is there, a link stands where another is to come back.
  const waiting = new Set(movedLinks.filter(isToAdded).map(({ link }) => linkKeyText(link)));
  const isLate = (link: AddedLink): boolean => isOfAdded(link) || waiting.has(linkKeyText(link.link));
  const addedLinks = inOldOrder(write.addedLinks);

  for (const [i, link] of removedLinks.entries()) {
    const expected = seen.links[i] ?? 'roster-changed';
    const remove = () => (links === undefined ? 'row-refused' : links.remove(link, expected));
    noteLink(link, runPiece(link, remove));
  }
  for (const link of movedLinks) if (!isToAdded(link)) noteLink(link, putLink(link));

  for (const [i, row] of removedRows.entries()) {
    const expected = seen.rows[i] ?? 'roster-changed';
    if (onRow(row, () => people.remove(row, expected))) rows.delete(rowKeyText(row.key));
  }
  for (const edit of edits) {
    if (!added.has(rowKeyText(edit.key))) onRow(edit, () => people.edit(edit, edit.place.source));
  }

  for (const link of addedLinks) if (!isToAdded(link) && !isLate(link)) noteLink(link, putLink(link));
  const linksOf = new Map<string, PutLink[]>();
  for (const link of [...movedLinks, ...addedLinks].filter(isToAdded)) {
    const key = `guardian:${guardianOf(link)}`;
    linksOf.set(key, [...(linksOf.get(key) ?? []), link]);
  }
  for (const row of inOldOrder(addedRows)) addRow(row, linksOf.get(rowKeyText(row.key)) ?? []);
  for (const link of addedLinks) if (!isToAdded(link) && isLate(link)) noteLink(link, putLink(link));
  for (const edit of edits) {
    const row = made.get(rowKeyText(edit.key));
    if (row !== undefined) onRow(edit, () => people.edit(edit, row.source));
  }

  return { refused, refusedLinks, ids, added: readMade(db, tables, [...made.values()]) };
}

/** The rows that were added, whole, as they are when all is done. */
function readMade(db: Database, { people }: RosterTables, made: readonly MadeRow[]): Staged['added'] {
  const rows = findPeople(
    db,
    people,
    made.map(({ key }) => key),
  );
  return made.flatMap(({ key }) => {
    const found = rows.get(rowKeyText(key));
    const table = typeof found === 'object' ? people[found.source] : undefined;
    if (typeof found !== 'object' || table === undefined) return [];
    const whole = readWholeRow(db, table, found.at, found.row);
    return typeof whole === 'string' ? [] : [{ key, whole }];
  });
}

/** What comes back finds its old place only when all that stood before it is there again. */
function inOldOrder<Added extends AddedRow | AddedLink>(added: readonly Added[]): readonly Added[] {
  const placeOf = (one: Added): number => (one.kind === 'restored' ? one.whole.at : Number.MAX_SAFE_INTEGER);
  return added.toSorted((a, b) => placeOf(a) - placeOf(b));
}

function guardianOf(link: PutLink): string {
  return 'toGuardian' in link ? link.toGuardian : link.link.guardian;
}

/** All rows that a write has to do with. An id that stands for one that the database will give is nobody's. */
function* keysOf(write: RosterWrite): Generator<RowKey> {
  for (const { key } of write.edits) yield key;
  for (const { key } of write.removedRows) yield key;
  for (const row of write.addedRows) if (row.kind === 'restored' || !row.givenByRoster) yield row.key;
  for (const { link } of write.addedLinks) {
    yield { type: 'student', id: link.student };
    yield { type: 'guardian', id: link.guardian };
  }
  for (const { toGuardian } of write.movedLinks) yield { type: 'guardian', id: toGuardian };
}

/** All pairs that a write takes from or gives. */
function* pairsOf(write: RosterWrite): Generator<LinkKey> {
  for (const { link } of write.removedLinks) yield link;
  for (const { link } of write.addedLinks) yield link;
  for (const { link, toGuardian } of write.movedLinks) {
    yield link;
    yield { student: link.student, guardian: toGuardian };
  }
}
