import type { AttemptId, LookupLedger } from '../../app/ports.ts';
import { rowKeyText } from '../../domain/roster.ts';
import { answerJson } from './answer-json.ts';
import { createPersonNumbers } from './person-numbers.ts';
import type { StateFile } from './state-file.ts';
import { withholdingOf } from './withholding.ts';

export function createLookupLedger(file: StateFile): LookupLedger {
  const { db } = file;
  const begin = db.prepare(
    'INSERT INTO ledger (run, person_id, permissions, rows, end_user, begun_at) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const complete = db.prepare(
    `UPDATE ledger SET ended_at = ?, outcome = ?, reference = ?, answer_kind = ?
     WHERE attempt = ? AND outcome IS NULL AND (? IS NULL OR person_id = CAST(? AS INTEGER))`,
  );
  const kindOf = db
    .prepare<[string], string>("SELECT answer ->> 'kind' FROM snapshot WHERE person_id = ?")
    .pluck();
  const store = db.prepare(
    `INSERT INTO snapshot (person_id, fetched_on, permissions, compared_rows, last_seen, answer)
     VALUES (?, ?, ?, '[]', ?, ?)
     ON CONFLICT (person_id) DO UPDATE SET fetched_on = excluded.fetched_on, permissions = excluded.permissions,
       compared_rows = '[]', last_seen = max(last_seen, excluded.last_seen), answer = excluded.answer`,
  );
  const numbers = createPersonNumbers(db);
  const withholdUnder = withholdingOf(db);
  const billable = db
    .prepare<[string, string], number>(
      `SELECT count(*) FROM run JOIN ledger USING (run)
       WHERE as_of BETWEEN ? AND ? AND outcome IS NOT 'unavailable'`,
    )
    .pluck();

  return {
    begin: ({ run, id, permissions, rows, endUser, at }) =>
      file.write(() => {
        const written = begin.run(
          run,
          id,
          JSON.stringify(permissions),
          JSON.stringify(rows.map(rowKeyText)),
          endUser,
          at,
        );
        return Number(written.lastInsertRowid) as AttemptId;
      }),

    complete: (attempt, outcome, reference, at, snapshot) =>
      file.erase(() => {
        const person = snapshot?.answer.id ?? null;
        const kind = snapshot?.answer.kind ?? null;
        if (complete.run(at, outcome, reference ?? null, kind, attempt, person, person).changes !== 1) {
          throw new Error('this attempt was never begun, is complete already, or was about another person');
        }
        if (snapshot === undefined) return false;
        const { answer, fetchedOn, permissions } = snapshot;
        const isHidden = answer.kind === 'protected' || answer.kind === 'withheld';
        let erased = isHidden && kindOf.get(answer.id) === 'registered';
        store.run(answer.id, fetchedOn, JSON.stringify(permissions), fetchedOn, answerJson(answer));
        numbers.keep(answer);
        // Fail closed, whichever number is heard of last: nothing of somebody protected is left under another.
        const all = isHidden ? numbers.ofProtected(answer.id) : numbers.ifProtected(answer.id);
        for (const number of all) erased = withholdUnder(number) > 0 || erased;
        // What an ordinary answer has replaced under another number may still lie in the log.
        return erased || all.length > 1;
      }),

    billableIn: (month) => file.read(() => billable.get(`${month}-00`, `${month}-99`) ?? 0),
  };
}
