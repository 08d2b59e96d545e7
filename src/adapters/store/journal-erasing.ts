import type { Database } from 'better-sqlite3';
import type { PersonId } from '../../domain/person-id.ts';
import { type RowKey, rowKeyText } from '../../domain/roster.ts';
import { toRowKey } from './state-file.ts';

/** Condition of changes: of cells that say who somebody is, where they live or how they are reached. */
export const OF_A_PERSON = `old IS NOT NULL AND field IN
  ('first_name', 'last_name', 'care_of', 'street', 'postal_code', 'city', 'country', 'email', 'phone')`;

const ERASE_CHANGE = 'UPDATE change SET old = NULL, new = NULL';
const ERASE_WHOLE = 'UPDATE act SET whole = NULL';

/**
 * `these`, and all rows that somebody has declared to be the same person: what a merge took away was theirs too,
 * whether or not the merge was undone since.
 */
export const withTheSame = (these: string, and = 'TRUE') => `
  WITH RECURSIVE theirs (row) AS (
    ${these}
    UNION
    SELECT iif(d.a = theirs.row, d.b, d.a)
    FROM theirs JOIN decision AS d ON d.a = theirs.row OR d.b = theirs.row
    WHERE d.verdict = 'same' AND ${and}
  )
  SELECT row FROM theirs WHERE row IS NOT NULL`;

/**
 * Erases what the journal holds of a row whose person is protected now or forgotten, under whatever number it was written:
 * names, addresses, e-mail and phone; and whole, the row and its links. Gives back how much that was.
 */
export function eraseJournalAt(db: Database): (key: RowKey) => number {
  const rows = db.prepare<[string], string>(withTheSame('VALUES (?)')).pluck();
  const changes = db.prepare(`${ERASE_CHANGE} WHERE row = ? AND ${OF_A_PERSON}`);
  const wholeRows = db.prepare(`${ERASE_WHOLE} WHERE row = ? AND whole IS NOT NULL`);
  const links = eraseLinksOf(db);
  return (key) => {
    let erased = 0;
    for (const row of rows.all(rowKeyText(key))) {
      erased += changes.run(row).changes + wholeRows.run(row).changes + links(row);
    }
    return erased;
  };
}

/**
 * Erases the same of such a person: all that was written under their number, and in rows that
 * are or were theirs what was written under none. Gives back how much that was.
 */
export function eraseJournalOf(db: Database): (person: PersonId) => number {
  const rows = db
    .prepare<[PersonId, PersonId, PersonId, PersonId], string>(
      withTheSame(
        `SELECT row FROM change WHERE person_id = ?
         UNION SELECT row FROM act WHERE person_id = ?
         UNION SELECT a FROM decision WHERE a_person = ?
         UNION SELECT b FROM decision WHERE b_person = ?`,
      ),
    )
    .pluck();
  const changes = db.prepare(`${ERASE_CHANGE} WHERE person_id = ? AND ${OF_A_PERSON}`);
  const wholes = db.prepare(`${ERASE_WHOLE} WHERE person_id = ? AND whole IS NOT NULL`);
  const changesOfNobody = db.prepare(
    `${ERASE_CHANGE} WHERE row = ? AND person_id IS NULL AND ${OF_A_PERSON}`,
  );
  const wholeRowsOfNobody = db.prepare(
    `${ERASE_WHOLE} WHERE row = ? AND person_id IS NULL AND whole IS NOT NULL`,
  );
  const links = eraseLinksOf(db);
  return (person) => {
    let erased = changes.run(person).changes + wholes.run(person).changes;
    for (const row of rows.all(person, person, person, person)) {
      erased += changesOfNobody.run(row).changes + wholeRowsOfNobody.run(row).changes + links(row);
    }
    return erased;
  };
}

/** The links of a row may hold names in columns that mean nothing to this program. */
function eraseLinksOf(db: Database): (row: string) => number {
  const ofStudent = db.prepare(`${ERASE_WHOLE} WHERE student = ? AND whole IS NOT NULL`);
  const ofGuardian = db.prepare(`${ERASE_WHOLE} WHERE guardian = ? AND whole IS NOT NULL`);
  return (row) => {
    const { type, id } = toRowKey(row);
    if (type === 'student') return ofStudent.run(id).changes;
    return type === 'guardian' ? ofGuardian.run(id).changes : 0;
  };
}
