import type { SnapshotStore } from '../../app/ports.ts';
import type { CalendarDate } from '../../domain/calendar-date.ts';
import type { Answer, Permission } from '../../domain/person.ts';
import type { PersonId } from '../../domain/person-id.ts';
import type { Snapshot } from '../../domain/snapshot.ts';
import { eraseJournalOf } from './journal.ts';
import { type StateFile, toPersonId } from './state-file.ts';

type StoredSnapshot = [Answer, CalendarDate, readonly Permission[], readonly string[]];

/** How many answers are fetched by one statement. */
const BATCH = 500;

export function createSnapshotStore(file: StateFile): SnapshotStore {
  const { db } = file;

  /**
   * One statement and one JSON text for a whole batch: half the time of a statement for each id, whose cost is
   * crossing into SQLite and back. The left join keeps the order of the ids.
   */
  const batch = db
    .prepare<[string], string>(
      `SELECT '[' || group_concat(iif(s.answer IS NULL, 'null', '[' || s.answer || ',"' || s.fetched_on || '",'
         || s.permissions || ',' || s.compared_rows || ']')) || ']'
       FROM json_each(?) AS asked LEFT JOIN snapshot AS s ON s.person_id = asked.value`,
    )
    .pluck();
  const withhold = db.prepare(
    `UPDATE snapshot SET answer = json_object('kind', 'withheld', 'id', answer ->> 'id')
     WHERE person_id = ? AND answer ->> 'kind' = 'registered'`,
  );
  const eraseJournal = eraseJournalOf(db);
  const withRelations = db
    .prepare<[], number>(
      `SELECT person_id FROM snapshot
       WHERE permissions <> '[]' AND json_type(answer, '$.guardianship') IS NOT NULL ORDER BY person_id`,
    )
    .pluck();
  const eraseRelations = db.prepare(
    `UPDATE snapshot SET answer = json_remove(answer, '$.guardianship'), permissions =
       (SELECT json_group_array(value) FROM json_each(snapshot.permissions) WHERE value <> 'relations')
     WHERE person_id = ?`,
  );
  const summary = db
    .prepare<[], [number, CalendarDate | null, CalendarDate | null]>(
      'SELECT count(*), min(fetched_on), max(fetched_on) FROM snapshot',
    )
    .raw();

  const readBatch = (ids: readonly (PersonId | undefined)[]): (Snapshot | undefined)[] => {
    const found: (StoredSnapshot | null)[] = JSON.parse(
      // Twelve digits without a leading zero are a JSON number as they stand.
      batch.get(`[${ids.map((id) => id ?? 'null').join(',')}]`) ?? '[]',
    );
    return ids.map((id, i) => {
      const stored = found[i];
      if (!stored) return undefined;
      const [answer, fetchedOn, permissions, comparedRows] = stored;
      if (answer.id !== id) throw new Error('an answer came back for another person');
      return { answer, fetchedOn, permissions, comparedRows };
    });
  };

  return {
    getMany: (ids) =>
      file.read(() => {
        if (ids.length <= BATCH) return ids.length === 0 ? [] : readBatch(ids);
        const all: (Snapshot | undefined)[] = [];
        for (let start = 0; start < ids.length; start += BATCH) {
          for (const snapshot of readBatch(ids.slice(start, start + BATCH))) all.push(snapshot);
        }
        return all;
      }),

    async withhold(ids) {
      if (ids.length === 0) return;
      await file.erase(() => {
        let erased = 0;
        for (const id of ids) {
          erased += withhold.run(id).changes;
          erased += eraseJournal(id);
        }
        return erased > 0;
      });
    },

    withRelations: () => file.read(() => withRelations.all().map(toPersonId)),

    async eraseRelations(ids) {
      if (ids.length === 0) return;
      await file.erase(() => {
        let erased = 0;
        for (const id of ids) erased += eraseRelations.run(id).changes;
        return erased > 0;
      });
    },

    summary: () =>
      file.read(() => {
        const [count, oldest, newest] = summary.get() ?? [0, null, null];
        return oldest === null || newest === null ? { count } : { count, oldest, newest };
      }),
  };
}
