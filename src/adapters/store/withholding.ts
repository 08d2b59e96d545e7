import type { Database } from 'better-sqlite3';
import type { PersonId } from '../../domain/person-id.ts';
import { eraseJournalOf } from './journal-erasing.ts';

/**
 * Takes name and address out of the answer under one number and of all that the journal holds under it. Gives
 * back how much that was.
 */
export function withholdingOf(db: Database): (person: PersonId) => number {
  const withhold = db.prepare(
    `UPDATE snapshot SET answer = json_object('kind', 'withheld', 'id', answer ->> 'id'), compared_rows = '[]'
     WHERE person_id = ? AND answer ->> 'kind' = 'registered'`,
  );
  const eraseJournal = eraseJournalOf(db);
  return (person) => withhold.run(person).changes + eraseJournal(person);
}
