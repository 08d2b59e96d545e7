import type { AttemptId, LookupLedger } from '../../app/ports.ts';
import { rowKeyText } from '../../domain/roster.ts';
import { answerJson } from './answer-json.ts';
import { createLedgerRecords } from './ledger-records.ts';
import { createPersonNumbers } from './person-numbers.ts';
import type { StateFile } from './state-file.ts';
import { withholdingOf } from './withholding.ts';

const ADDRESSES = ['home', 'mailing', 'contact', 'abroad'];

const sameAsBefore = (address: string): string =>
  `(answer -> '$.${address}') IS (excluded.answer -> '$.${address}')`;

export function createLookupLedger(file: StateFile): LookupLedger {
  const { db } = file;
  const begin = db.prepare(
    `INSERT INTO ledger (run, person_id, type, permissions, rows, end_user, price, begun_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const complete = db.prepare(
    `UPDATE ledger SET ended_at = ?, outcome = ?, reference = ?, answer_kind = ?
     WHERE attempt = ? AND outcome IS NULL AND (? IS NULL OR person_id = CAST(? AS INTEGER))`,
  );
  const kindOf = db
    .prepare<[string], string>("SELECT answer ->> 'kind' FROM snapshot WHERE person_id = ?")
    .pluck();
  const store = db.prepare(
    `INSERT INTO snapshot (person_id, fetched_on, permissions, compared_rows, answer, addresses_since)
     VALUES (?, ?, ?, '[]', ?, (SELECT run FROM ledger WHERE attempt = ?))
     ON CONFLICT (person_id) DO UPDATE SET fetched_on = excluded.fetched_on, permissions = excluded.permissions,
       compared_rows = '[]', answer = excluded.answer,
       addresses_since = iif(${ADDRESSES.map(sameAsBefore).join(' AND ')}, addresses_since, excluded.addresses_since)`,
  );
  const numbers = createPersonNumbers(db);
  const withholdUnder = withholdingOf(db);
  const spent = db
    .prepare<[number, string, string], number>(
      `SELECT total(coalesce(price, ?)) FROM run JOIN ledger USING (run)
       WHERE as_of BETWEEN ? AND ? AND outcome IS NOT 'unavailable'`,
    )
    .pluck();

  return {
    begin: ({ run, id, permissions, rows, asGuardian = false, endUser, price, at }) =>
      file.write(() => {
        const written = begin.run(
          run,
          id,
          asGuardian ? 'guardian' : (rows[0]?.type ?? null),
          JSON.stringify(permissions),
          JSON.stringify(rows.map(rowKeyText)),
          endUser,
          price,
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
        store.run(answer.id, fetchedOn, JSON.stringify(permissions), answerJson(answer), attempt);
        numbers.keep(answer);
        // Fail closed, whichever number is heard of last: nothing of somebody protected is left under another.
        const all = isHidden ? numbers.ofProtected(answer.id) : numbers.ifProtected(answer.id);
        for (const number of all) erased = withholdUnder(number) > 0 || erased;
        // What an ordinary answer has replaced under another number may still lie in the log.
        return erased || all.length > 1;
      }),

    ...createLedgerRecords(file),

    spentIn: (month, price) => file.read(() => spent.get(price, `${month}-00`, `${month}-99`) ?? 0),
  };
}
