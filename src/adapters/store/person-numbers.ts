import type { Database } from 'better-sqlite3';
import type { Renumbering } from '../../domain/guardians/one-person.ts';
import type { Answer } from '../../domain/person.ts';
import type { PersonId } from '../../domain/person-id.ts';
import { protectedUnderAll } from '../../domain/protected-numbers.ts';
import { toPersonId } from './state-file.ts';

/** Which numbers SPAR's answers say belong to one person. Holds numbers and nothing else. */
export interface PersonNumbers {
  /**
   * Keeps what a stored answer says of other numbers. An answer that cannot say (protected, withheld, not found)
   * leaves what an earlier one said: else somebody would be found again under the old number once they are
   * protected under the new one. Call after the answer has been stored.
   */
  keep(answer: Answer): void;
  /** Every former number with its successors, in the order of the numbers. */
  all(): readonly Renumbering[];
  /** All numbers of somebody who is protected under this one. */
  ofProtected(person: PersonId): readonly PersonId[];
  /** All numbers of a person who by a stored answer is protected under any; none for everybody else. */
  ifProtected(person: PersonId): readonly PersonId[];
}

type Pair = [former: number, successor: number];

export function createPersonNumbers(db: Database): PersonNumbers {
  const forget = db.prepare('DELETE FROM same_person WHERE told_by = ?');
  const forgetSuccessors = db.prepare('DELETE FROM same_person WHERE told_by = ? AND former = ?');
  const insert = db.prepare(
    'INSERT OR IGNORE INTO same_person (told_by, former, successor) VALUES (?, ?, ?)',
  );
  const all = db
    .prepare<[], Pair>('SELECT DISTINCT former, successor FROM same_person ORDER BY former, successor')
    .raw();
  const around = db
    .prepare<[PersonId], Pair>(
      `WITH RECURSIVE known (number) AS (
         SELECT CAST(? AS INTEGER)
         UNION
         SELECT iif(s.former = known.number, s.successor, s.former)
         FROM known JOIN same_person AS s ON s.former = known.number OR s.successor = known.number
       )
       SELECT DISTINCT s.former, s.successor FROM known JOIN same_person AS s ON s.former = known.number`,
    )
    .raw();
  const isProtected = db
    .prepare<[PersonId], number>(
      "SELECT 1 FROM snapshot WHERE person_id = ? AND answer ->> 'kind' = 'protected'",
    )
    .pluck();

  return {
    keep(answer) {
      if (answer.kind === 'registered') {
        forget.run(answer.id);
        for (const former of answer.predecessors) insert.run(answer.id, former, answer.id);
      } else if (answer.kind === 'deregistered') {
        forgetSuccessors.run(answer.id, answer.id);
        if (answer.reason !== 'renumbered') return;
        for (const successor of answer.successors) insert.run(answer.id, answer.id, successor);
      }
    },
    all: () => toRenumberings(all.all()),
    ofProtected: (person) => [...protectedUnderAll([person], toRenumberings(around.all(person)))],
    ifProtected(person) {
      const known = toRenumberings(around.all(person));
      const numbers = new Set(known.flatMap(({ former, successors }) => [former, ...successors]));
      const hidden = [...numbers].filter((number) => isProtected.get(number) !== undefined);
      return [...protectedUnderAll(hidden, known)];
    },
  };
}

/** Takes them sorted by the former number. */
function toRenumberings(pairs: readonly Pair[]): readonly Renumbering[] {
  const found = new Map<number, PersonId[]>();
  for (const [former, successor] of pairs) {
    const known = found.get(former);
    if (known === undefined) found.set(former, [toPersonId(successor)]);
    else known.push(toPersonId(successor));
  }
  return [...found].map(([former, successors]) => ({ former: toPersonId(former), successors }));
}
