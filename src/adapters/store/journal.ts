import type { Statement } from 'better-sqlite3';
import type { AppliedRow, Journal, JournalledAct, UnfinishedRun } from '../../app/journal-port.ts';
import type { FileDigest } from '../../app/roster-port.ts';
import type { PersonId } from '../../domain/person-id.ts';
import { rowKeyText } from '../../domain/roster.ts';
import { rowOfMark } from '../../domain/update/compared-mark.ts';
import { eraseJournalAt } from './journal-erasing.ts';
import {
  ACT,
  type ActRow,
  CHANGE,
  type ChangeRow,
  DECISION,
  type DecisionRow,
  toAct,
  toChange,
  toDecision,
} from './journal-rows.ts';
import { createRunHistory } from './run-history.ts';
import { createStaging } from './staging.ts';
import type { StateFile } from './state-file.ts';

/** How many writes the run has carried out; the run's number is the parameter. */
const WRITES = '(SELECT writes FROM run WHERE run = ?)';

/** Of the write that the run has planned and not carried out; the run's number is the parameter. */
const isUnderWay = (table: string): string => `${table}.write = ${WRITES}`;

export function createJournal(file: StateFile): Journal {
  const { db } = file;
  const start = db.prepare(
    `INSERT INTO run (command, as_of, started_at, end_user, dry_run, undoes, holds)
     VALUES (?, ?, ?, ?, ?, ?, coalesce((SELECT 1 - holds FROM run WHERE run = ?), 0))`,
  );
  // What the run has carried out before stays: only the write that is under way is struck.
  const strikeAll = ['change', 'act', 'decision'].map((table) =>
    db.prepare(`DELETE FROM ${table} WHERE run = ? AND ${isUnderWay(table)}`),
  );
  // The plus keeps SQLite from going through the whole run for each row.
  const strikeRow = ['change', 'act'].map((table) =>
    db.prepare(`DELETE FROM ${table} WHERE +run = ? AND row = ? AND ${isUnderWay(table)}`),
  );
  const strikeLink = db.prepare(
    `DELETE FROM act WHERE +run = ? AND student = ? AND guardian = ? AND ${isUnderWay('act')}`,
  );
  const insertChange = db.prepare(
    `INSERT INTO change (run, row, person_id, field, old, new, write) VALUES (?, ?, ?, ?, ?, ?, ${WRITES})`,
  );
  const insertAct = db.prepare(
    `INSERT INTO act (run, ${ACT}, write) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ${WRITES})`,
  );
  const insertDecision = db.prepare(
    `INSERT INTO decision (run, a, b, verdict, a_person, b_person, write) VALUES (?, ?, ?, ?, ?, ?, ${WRITES})`,
  );
  const setPlanned = db.prepare("UPDATE run SET phase = 'planned', files = ?, compared = ? WHERE run = ?");
  const setApplied = db.prepare(
    "UPDATE run SET phase = 'applied', compared = '[]', writes = writes + 1 WHERE run = ?",
  );
  const setNotApplied = db.prepare(
    "UPDATE run SET phase = iif(writes > 0, 'applied', 'not-applied'), compared = '[]' WHERE run = ?",
  );
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
    .prepare<[number, number], ChangeRow>(
      `SELECT ${CHANGE} FROM change AS c WHERE c.run = ? AND ${isUnderWay('c')} ORDER BY c.change`,
    )
    .raw();
  const actsOf = db
    .prepare<[number, number], ActRow>(
      `SELECT ${ACT} FROM act WHERE run = ? AND ${isUnderWay('act')} ORDER BY act`,
    )
    .raw();
  const decisionsOf = db
    .prepare<[number, number], DecisionRow>(
      `SELECT ${DECISION} FROM decision AS d WHERE d.run = ? AND ${isUnderWay('d')} ORDER BY d.decision`,
    )
    .raw();
  const eraseRow = eraseJournalAt(db);
  const stage = createStaging(db);

  const move = (set: Statement<[number]>, run: number): void => {
    if (set.run(run).changes !== 1) throw new Error(`there is no run ${run}`);
  };

  const insert = (run: number, act: JournalledAct): void => {
    const person = ('person' in act && act.person) || null;
    const whole = 'whole' in act && act.whole ? JSON.stringify(act.whole) : null;
    if (act.kind === 'row-added' || act.kind === 'row-removed') {
      insertAct.run(run, act.kind, rowKeyText(act.key), null, null, null, person, whole, run);
    } else {
      const from = act.kind === 'link-moved' ? act.from : null;
      insertAct.run(run, act.kind, null, act.link.student, act.link.guardian, from, person, whole, run);
    }
  };

  return {
    ...createRunHistory(file),

    start: ({ command, asOf, at, endUser, dryRun, undoes = null }) =>
      file.write(() =>
        Number(start.run(command, asOf, at, endUser, dryRun ? 1 : 0, undoes, undoes).lastInsertRowid),
      ),

    planned: (run, { changes, acts, files, compared, decisions }) =>
      file.write(() => {
        // A run whose target changed underneath it plans again; the new plan takes the place of the old.
        for (const strike of strikeAll) strike.run(run, run);
        for (const { key, person, field, from, to } of changes) {
          insertChange.run(run, rowKeyText(key), person ?? null, field, from, to, run);
        }
        for (const act of acts) insert(run, act);
        for (const { a, b, verdict, aPerson, bPerson } of decisions) {
          const people = [aPerson ?? null, bPerson ?? null];
          insertDecision.run(run, rowKeyText(a), rowKeyText(b), verdict, ...people, run);
        }
        if (setPlanned.run(JSON.stringify(files), JSON.stringify(compared), run).changes !== 1)
          throw new Error(`there is no run ${run}`);
      }),

    staged: (run, staged) => file.write(() => stage(run, staged)),

    applied: (run, struck, compared) =>
      file.write(() => {
        for (const key of struck.rows) {
          for (const strike of strikeRow) strike.run(run, rowKeyText(key), run);
        }
        for (const { student, guardian } of struck.links) strikeLink.run(run, student, guardian, run);
        move(setApplied, run);
        for (const { mark, person } of compared) {
          if (comparedFirst.run(JSON.stringify([mark]), person).changes > 0) continue;
          const marks: readonly string[] = JSON.parse(comparedOf.get(person) ?? '[]');
          const ofOtherRows = marks.filter((other) => rowOfMark(other) !== rowOfMark(mark));
          setCompared.run(JSON.stringify([...ofOtherRows, mark]), person);
        }
      }),

    notApplied: (run) =>
      file.write(() => {
        for (const strike of strikeAll) strike.run(run, run);
        move(setNotApplied, run);
      }),

    finished: (run, exit) =>
      file.write(() => {
        setExit.run(exit, run);
      }),

    async eraseValues(rows) {
      if (rows.length === 0) return;
      await file.erase(() => {
        let erased = 0;
        for (const key of rows) erased += eraseRow(key);
        return erased > 0;
      });
    },

    unfinished: () =>
      file.read(() =>
        unfinished.all().map(([run, command, files, rows]): UnfinishedRun => {
          const digests: FileDigest[] = JSON.parse(files);
          const compared: AppliedRow[] = JSON.parse(rows);
          return {
            run,
            command,
            files: digests,
            changes: changesOf.all(run, run).flatMap(toChange),
            acts: actsOf.all(run, run).map(toAct),
            compared,
            decisions: decisionsOf.all(run, run).map(toDecision),
          };
        }),
      ),
  };
}
