import type { Erased, Erasure, Retention } from '../../app/retention-port.ts';
import type { CalendarDate } from '../../domain/calendar-date.ts';
import type { PersonId } from '../../domain/person-id.ts';
import { eraseJournalAt, eraseJournalOf, OF_A_PERSON } from './journal-erasing.ts';
import { createAbsentees } from './presence.ts';
import { createRowPeople } from './row-people.ts';
import { type StateFile, toPersonId, toRowKey } from './state-file.ts';
import { ERASE_UNNUMBERED } from './unnumbered-guardians.ts';

const NOTHING: Erased = { answers: 0, journalValues: 0 };

export function createRetention(file: StateFile): Retention {
  const { db } = file;
  const absentees = createAbsentees(db);
  const peopleAt = createRowPeople(db);
  const noted = db.prepare<[], number>('SELECT person_id FROM absent').pluck();
  const note = db.prepare('INSERT INTO absent (person_id, since) VALUES (?, ?)');
  const unnote = db.prepare('DELETE FROM absent WHERE person_id = ?');
  const absentSince = db
    .prepare<[CalendarDate], number>('SELECT person_id FROM absent WHERE since <= ? ORDER BY person_id')
    .pluck();
  const answeredBefore = db
    .prepare<[CalendarDate], number>(
      `SELECT person_id FROM snapshot WHERE fetched_on < ? AND answer ->> 'kind' NOT IN ('protected', 'withheld')
         AND answer ->> 'reason' IS NOT 'deceased' AND answer ->> 'reason' IS NOT 'renumbered'
       ORDER BY person_id`,
    )
    .pluck();
  const isKnown = db
    .prepare<PersonId[], number>(
      `SELECT EXISTS (SELECT 1 FROM snapshot WHERE person_id = ?) OR EXISTS (SELECT 1 FROM ledger WHERE person_id = ?)
         OR EXISTS (SELECT 1 FROM change WHERE person_id = ?) OR EXISTS (SELECT 1 FROM act WHERE person_id = ?)
         OR EXISTS (SELECT 1 FROM decision WHERE a_person = ?) OR EXISTS (SELECT 1 FROM decision WHERE b_person = ?)
         OR EXISTS (SELECT 1 FROM marked_row WHERE person_id = ?)`,
    )
    .pluck();
  const lastRows = db
    .prepare<[PersonId], string>(
      `SELECT one.value FROM ledger, json_each(ledger.rows) AS one
       WHERE ledger.person_id = ? AND one.value LIKE ledger.type || ':%'
       ORDER BY ledger.attempt DESC, one.key LIMIT 1`,
    )
    .pluck();
  const carryOut = createErasing(file);
  const begin = db.prepare('SAVEPOINT trial');
  const takeBack = db.prepare('ROLLBACK TO trial');
  const end = db.prepare('RELEASE trial');

  return {
    absentees: (people) => file.read(() => absentees(people)),

    formerPeople: (rows, people) =>
      file.read(() => {
        const absent = rows.length === 0 ? [] : absentees(people).absent;
        if (absent.length === 0) return [];
        const found = new Set([...peopleAt(rows, { among: absent }).values()].flat());
        return absent.filter((person) => found.has(person));
      }),

    async noteAbsent(absent, day) {
      const before = new Set(await file.read(() => noted.all().map(toPersonId)));
      const now = new Set(absent);
      const news = absent.filter((person) => !before.has(person));
      const back = [...before].filter((person) => !now.has(person));
      if (news.length + back.length === 0) return;
      await file.write(() => {
        for (const person of news) note.run(person, day);
        for (const person of back) unnote.run(person);
      });
    },

    absentSince: (day) => file.read(() => absentSince.all(day).map(toPersonId)),

    answeredBefore: (day) => file.read(() => answeredBefore.all(day).map(toPersonId)),

    async erase(what, { trial } = { trial: false }) {
      let erased = NOTHING;
      await file.erase(() => {
        if (trial) begin.run();
        erased = carryOut(what);
        if (trial) {
          takeBack.run();
          end.run();
        }
        return !trial && erased.answers + erased.journalValues > 0;
      });
      return erased;
    },

    known: (people) =>
      file.read(() => new Set(people.filter((person) => isKnown.get(...Array(7).fill(person)) === 1))),

    peopleAt: (rows, which) => file.read(() => peopleAt(rows, which)),

    lastRowsOf: (people) =>
      file.read(() => {
        const found = people.map((person) => [person, lastRows.get(person)] as const);
        return new Map(
          found.flatMap(([person, row]) => (row === undefined ? [] : [[person, toRowKey(row)]])),
        );
      }),
  };
}

/** Carries out an erasure inside the caller's transaction. */
function createErasing({ db }: StateFile): (what: Erasure) => Erased {
  const answer = db.prepare('DELETE FROM snapshot WHERE person_id = ?');
  const withhold = db.prepare(
    `UPDATE snapshot SET answer = json_object('kind', 'withheld', 'id', answer ->> 'id'), compared_rows = '[]',
       permissions = '[]'
     WHERE person_id = ? AND answer ->> 'kind' NOT IN ('protected', 'withheld')`,
  );
  const onlyMark = db.prepare(
    `UPDATE snapshot SET answer = json_remove(answer, '$.since')
     WHERE person_id = ? AND answer ->> 'kind' = 'protected' AND answer ->> 'since' IS NOT NULL`,
  );
  const leftInJournal = db.prepare(
    `INSERT OR IGNORE INTO outlived (person_id) SELECT ?
     WHERE EXISTS (SELECT 1 FROM change WHERE person_id = ? AND ${OF_A_PERSON})
       OR EXISTS (SELECT 1 FROM act WHERE person_id = ? AND whole IS NOT NULL)`,
  );
  const unnumbered = db.prepare(ERASE_UNNUMBERED);
  const notes = ['absent', 'outlived'].map((table) => db.prepare(`DELETE FROM ${table} WHERE person_id = ?`));
  const mark = db.prepare('DELETE FROM marked_row WHERE person_id = ?');
  const journalOf = eraseJournalOf(db);
  const journalAt = eraseJournalAt(db);

  return ({ answers, hidden, unnumberedOf = [], journal, journalRows, marks = [] }) => {
    let erased = 0;
    for (const person of unnumberedOf) erased += unnumbered.run(person).changes;
    for (const person of answers) {
      const { changes } = answer.run(person);
      erased += changes;
      if (changes > 0) leftInJournal.run(person, person, person);
    }
    for (const person of hidden) erased += withhold.run(person).changes + onlyMark.run(person).changes;
    let journalValues = 0;
    for (const person of journal) journalValues += journalOf(person);
    for (const key of journalRows) journalValues += journalAt(key);
    for (const person of marks) mark.run(person);
    // Of whom nothing is left, nothing needs to be remembered either.
    for (const person of journal) for (const forget of notes) forget.run(person);
    return { answers: erased, journalValues };
  };
}
