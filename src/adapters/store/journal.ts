import type { Database } from 'better-sqlite3';
import type { AppliedRow, FileDigest, Journal, JournalledChange, UnfinishedRun } from '../../app/ports.ts';
import { rowOfMark } from '../../domain/compared-mark.ts';
import type { PersonId } from '../../domain/person-id.ts';
import { type RosterField, rowKeyText } from '../../domain/roster.ts';
import { type StateFile, toPersonId, toRowKey } from './state-file.ts';

type ChangeRow = [
  row: string,
  field: RosterField,
  old: string | null,
  now: string | null,
  person: number | null,
];

const CHANGE = 'c.row, c.field, c.old, c.new, c.person_id';

export function createJournal(file: StateFile): Journal {
  const { db } = file;
  const start = db.prepare(
    'INSERT INTO run (command, as_of, started_at, end_user, dry_run) VALUES (?, ?, ?, ?, ?)',
  );
  const strikeAll = db.prepare('DELETE FROM change WHERE run = ?');
  const strikeRow = db.prepare('DELETE FROM change WHERE run = ? AND row = ?');
  const insert = db.prepare(
    'INSERT INTO change (run, row, person_id, field, old, new) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const setPlanned = db.prepare("UPDATE run SET phase = 'planned', files = ?, compared = ? WHERE run = ?");
  const setPhase = db.prepare("UPDATE run SET phase = ?, compared = '[]' WHERE run = ?");
  const setExit = db.prepare('UPDATE run SET exit = ? WHERE run = ?');
  // What nearly every answer has before its first comparison: needs none of the JSON functions.
  const comparedFirst = db.prepare(
    "UPDATE snapshot SET compared_rows = ? WHERE person_id = ? AND compared_rows = '[]'",
  );
  const comparedOf = db
    .prepare<[PersonId], string>('SELECT compared_rows FROM snapshot WHERE person_id = ?')
    .pluck();
  const setCompared = db.prepare('UPDATE snapshot SET compared_rows = ? WHERE person_id = ?');
  const unfinished = db
    .prepare<[], [number, string, string, string]>(
      "SELECT run, command, files, compared FROM run WHERE phase = 'planned' ORDER BY run",
    )
    .raw();
  const changesOf = db
    .prepare<[number], ChangeRow>(`SELECT ${CHANGE} FROM change AS c WHERE c.run = ? ORDER BY c.change`)
    .raw();
  const changesAt = db
    .prepare<[string], ChangeRow>(
      `SELECT ${CHANGE} FROM change AS c JOIN run USING (run)
       WHERE c.row = ? AND phase = 'applied' ORDER BY c.run DESC, c.change DESC`,
    )
    .raw();

  const eraseRow = db.prepare(eraseWhere('row = ?'));

  const move = (run: number, phase: 'applied' | 'not-applied'): void => {
    if (setPhase.run(phase, run).changes !== 1) throw new Error(`there is no run ${run}`);
  };

  return {
    start: ({ command, asOf, at, endUser, dryRun }) =>
      file.write(() => Number(start.run(command, asOf, at, endUser, dryRun ? 1 : 0).lastInsertRowid)),

    planned: (run, changes, files, rows) =>
      file.write(() => {
        // A run whose target changed underneath it plans again; the new plan takes the place of the old.
        strikeAll.run(run);
        for (const { key, person, field, from, to } of changes) {
          insert.run(run, rowKeyText(key), person ?? null, field, from, to);
        }
        if (setPlanned.run(JSON.stringify(files), JSON.stringify(rows), run).changes !== 1)
          throw new Error(`there is no run ${run}`);
      }),

    applied: (run, refused, rows) =>
      file.write(() => {
        for (const key of refused) strikeRow.run(run, rowKeyText(key));
        move(run, 'applied');
        for (const { mark, person } of rows) {
          if (comparedFirst.run(JSON.stringify([mark]), person).changes > 0) continue;
          const marks: readonly string[] = JSON.parse(comparedOf.get(person) ?? '[]');
          const ofOtherRows = marks.filter((other) => rowOfMark(other) !== rowOfMark(mark));
          setCompared.run(JSON.stringify([...ofOtherRows, mark]), person);
        }
      }),

    notApplied: (run) =>
      file.write(() => {
        strikeAll.run(run);
        move(run, 'not-applied');
      }),

    finished: (run, exit) =>
      file.write(() => {
        setExit.run(exit, run);
      }),

    async eraseValues(rows) {
      if (rows.length === 0) return;
      await file.erase(() => {
        let erased = 0;
        for (const key of rows) erased += eraseRow.run(rowKeyText(key)).changes;
        return erased > 0;
      });
    },

    unfinished: () =>
      file.read(() =>
        unfinished.all().map(([run, command, files, rows]): UnfinishedRun => {
          const digests: FileDigest[] = JSON.parse(files);
          const compared: AppliedRow[] = JSON.parse(rows);
          return { run, command, files: digests, changes: changesOf.all(run).flatMap(toChange), compared };
        }),
      ),

    lastChanges: (keys) =>
      file.read(() => {
        const found = new Map<string, readonly JournalledChange[]>();
        for (const key of keys) {
          const row = rowKeyText(key);
          const newest = new Map<RosterField, ChangeRow>();
          for (const change of changesAt.all(row)) if (!newest.has(change[1])) newest.set(change[1], change);
          const changes = [...newest.values()].flatMap(toChange);
          if (changes.length > 0) found.set(row, changes);
        }
        return found;
      }),
  };
}

/** Nothing comes of a change whose values were erased: there is nothing left to compare with or to put back. */
function toChange([row, field, from, to, person]: ChangeRow): JournalledChange[] {
  if (from === null || to === null) return [];
  const key = toRowKey(row);
  return [person === null ? { key, field, from, to } : { key, field, from, to, person: toPersonId(person) }];
}

/**
 * Erases the names and addresses that the journal holds of a person who is protected now. Gives back how many
 * cells that were.
 */
export function eraseJournalOf(db: Database): (person: PersonId) => number {
  const erase = db.prepare(eraseWhere('person_id = ?'));
  return (person) => erase.run(person).changes;
}

function eraseWhere(condition: string): string {
  return `UPDATE change SET old = NULL, new = NULL
     WHERE ${condition} AND old IS NOT NULL AND field IN
       ('first_name', 'last_name', 'care_of', 'street', 'postal_code', 'city', 'country')`;
}
