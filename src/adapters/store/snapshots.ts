import type { SnapshotStore } from '../../app/ports.ts';
import type { CalendarDate } from '../../domain/calendar-date.ts';
import type { Answer, Permission } from '../../domain/person.ts';
import type { PersonId } from '../../domain/person-id.ts';
import { rowKeyText } from '../../domain/roster.ts';
import type { Comparison, Snapshot } from '../../domain/snapshot.ts';
import { createPersonNumbers } from './person-numbers.ts';
import { createRowPeople } from './row-people.ts';
import { DamagedState } from './state-damage.ts';
import { type StateFile, toPersonId, toRowKey } from './state-file.ts';
import { isStoredAnswer, isStoredDate, isTexts } from './stored-answer.ts';
import { ERASE_UNNUMBERED } from './unnumbered-guardians.ts';
import { withholdingOf } from './withholding.ts';

type StoredSnapshot = [Answer, CalendarDate, readonly Permission[], readonly string[], number];

type StoredComparison = [person: number, fetchedOn: CalendarDate, comparedRows: readonly string[]];

/** Twelve digits without a leading zero are a JSON number as they stand. */
function asJson(ids: readonly (PersonId | undefined)[]): string {
  return `[${ids.map((id) => id ?? 'null').join(',')}]`;
}

/** How many answers are fetched by one statement. */
const BATCH = 500;

/** The first condition is what the index holds. */
const HIDDEN_AS = `SELECT person_id FROM snapshot
  WHERE answer ->> 'kind' IN ('protected', 'withheld') AND answer ->> 'kind' =`;

export function createSnapshotStore(file: StateFile): SnapshotStore {
  const { db } = file;

  /**
   * One statement and one JSON text for a whole batch: half the time of a statement for each id, whose cost is
   * crossing into SQLite and back. The left join keeps the order of the ids.
   */
  const batch = db
    .prepare<[string], string>(
      `SELECT '[' || group_concat(iif(s.answer IS NULL, 'null', '[' || s.answer || ',"' || s.fetched_on || '",'
         || s.permissions || ',' || s.compared_rows || ',' || s.addresses_since || ']')) || ']'
       FROM json_each(?) AS asked LEFT JOIN snapshot AS s ON s.person_id = asked.value`,
    )
    .pluck();
  const comparisons = db
    .prepare<[string], string>(
      `SELECT '[' || group_concat(iif(s.person_id IS NULL, 'null', '[' || s.person_id || ',"' || s.fetched_on || '",'
         || s.compared_rows || ']')) || ']'
       FROM json_each(?) AS asked LEFT JOIN snapshot AS s ON s.person_id = asked.value`,
    )
    .pluck();
  const numbers = createPersonNumbers(db);
  const withholdUnder = withholdingOf(db);
  const peopleAt = createRowPeople(db);
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
  const eraseUnnumbered = db.prepare(ERASE_UNNUMBERED);
  const hiddenPeople = db
    .prepare<[Extract<Answer['kind'], 'protected' | 'withheld'>], number>(`${HIDDEN_AS} ? ORDER BY person_id`)
    .pluck();
  const marks = db
    .prepare<[], [row: string, person: number, certain: number]>(
      'SELECT row, person_id, certain FROM marked_row',
    )
    .raw();
  const keepMark = db.prepare(
    `INSERT INTO marked_row (row, person_id, certain) VALUES (?, ?, ?)
     ON CONFLICT (row, person_id) DO UPDATE SET certain = max(certain, excluded.certain)`,
  );
  const dropMarks = db.prepare(
    `DELETE FROM marked_row WHERE row = ? AND person_id NOT IN (${HIDDEN_AS} 'withheld')`,
  );
  const summary = db
    .prepare<[], [number, CalendarDate | null, CalendarDate | null]>(
      'SELECT count(*), min(fetched_on), max(fetched_on) FROM snapshot',
    )
    .raw();

  const readBatch = (ids: readonly (PersonId | undefined)[]): (Snapshot | undefined)[] => {
    const found: (StoredSnapshot | null)[] = JSON.parse(batch.get(asJson(ids)) ?? '[]');
    return ids.map((id, i) => {
      const stored = found[i];
      if (!stored) return undefined;
      const [answer, fetchedOn, permissions, comparedRows, addressesSince] = stored;
      if (!isStoredAnswer(answer) || !isStoredDate(fetchedOn)) throw new DamagedState('an answer is none');
      if (!isTexts(permissions) || !isTexts(comparedRows)) throw new DamagedState('an answer is none');
      if (!Number.isInteger(addressesSince)) throw new DamagedState('an answer is none');
      if (answer.id !== id) throw new DamagedState('an answer is about another person');
      return { answer, fetchedOn, permissions, comparedRows, addressesSince };
    });
  };

  const readComparisons = (ids: readonly (PersonId | undefined)[]): (Comparison | undefined)[] => {
    const found: (StoredComparison | null)[] = JSON.parse(comparisons.get(asJson(ids)) ?? '[]');
    let checked: CalendarDate | undefined;
    return ids.map((id, i) => {
      const stored = found[i];
      if (!stored) return undefined;
      const [person, fetchedOn, comparedRows] = stored;
      // Hundreds in a row are of the same day.
      if (fetchedOn !== checked && !isStoredDate(fetchedOn)) throw new DamagedState('a comparison is none');
      checked = fetchedOn;
      if (!isTexts(comparedRows)) throw new DamagedState('a comparison is none');
      if (String(person) !== id) throw new DamagedState('a comparison is about another person');
      return { fetchedOn, comparedRows };
    });
  };

  /** A statement at a time gets so many; the order is that of the ids. */
  const inBatches =
    <T>(read: (ids: readonly (PersonId | undefined)[]) => readonly T[]) =>
    (ids: readonly (PersonId | undefined)[]): Promise<readonly T[]> =>
      file.read(() => {
        if (ids.length <= BATCH) return ids.length === 0 ? [] : read(ids);
        const all: T[] = [];
        for (let start = 0; start < ids.length; start += BATCH) {
          for (const one of read(ids.slice(start, start + BATCH))) all.push(one);
        }
        return all;
      });

  return {
    getMany: inBatches(readBatch),
    getComparisons: inBatches(readComparisons),

    async withhold(ids) {
      if (ids.length === 0) return;
      await file.erase(() => {
        let erased = 0;
        const all = new Set(ids.flatMap(numbers.ofProtected));
        for (const number of all) erased += withholdUnder(number);
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

    async eraseUnnumbered(ids) {
      if (ids.length === 0) return;
      await file.erase(() => {
        let erased = 0;
        for (const id of ids) erased += eraseUnnumbered.run(id).changes;
        return erased > 0;
      });
    },

    protectedPeople: () => file.read(() => hiddenPeople.all('protected').map(toPersonId)),

    withheldPeople: () => file.read(() => hiddenPeople.all('withheld').map(toPersonId)),

    markedRows: () =>
      file.read(() =>
        marks.all().map(([row, person, certain]) => ({
          key: toRowKey(row),
          person: toPersonId(person),
          isCertain: certain === 1,
        })),
      ),

    async rememberMarks(marked, unmarked) {
      if (marked.length + unmarked.length === 0) return;
      await file.write(() => {
        for (const { key, person, isCertain } of marked) {
          keepMark.run(rowKeyText(key), person, isCertain ? 1 : 0);
        }
        for (const key of unmarked) dropMarks.run(rowKeyText(key));
      });
    },

    renumbered: () => file.read(numbers.all),

    peopleOfRows: (rows) =>
      file.read(() => [...new Set([...peopleAt(rows, { inForce: true }).values()].flat())].sort()),

    summary: () =>
      file.read(() => {
        const [count, oldest, newest] = summary.get() ?? [0, null, null];
        return oldest === null || newest === null ? { count } : { count, oldest, newest };
      }),
  };
}
