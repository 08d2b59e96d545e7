import type {
  Journal,
  JournalledAct,
  JournalledChange,
  LastChange,
  RunRecord,
} from '../../app/journal-port.ts';
import type { CalendarDate } from '../../domain/calendar-date.ts';
import { type RosterField, rowKeyText } from '../../domain/roster.ts';
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
import { type StateFile, toRowKey } from './state-file.ts';
import { createUndoneRuns, hasWritten } from './undone-runs.ts';

/** What applied runs have done to the roster, for those that come after them. */
export type RunHistory = Pick<
  Journal,
  'lastChanges' | 'holds' | 'decisions' | 'usedGuardianIds' | 'runs' | 'run' | 'writtenBy'
>;

type RecordRow = [
  run: number,
  command: string,
  asOf: CalendarDate,
  at: string,
  endUser: string,
  dryRun: number,
  undoes: number | null,
  phase: RunRecord['phase'],
  exit: string | null,
  changes: number,
  changedRows: number,
  acts: string,
  decisions: number,
  undoneBy: string,
];

const NO_ACTS: Readonly<Record<JournalledAct['kind'], number>> = {
  'row-added': 0,
  'row-removed': 0,
  'link-added': 0,
  'link-removed': 0,
  'link-moved': 0,
};

/**
 * An undo takes back what it wrote. One that wrote nothing still withdraws decisions, or puts them in force again
 * where it takes such an undo back: so it counts where there are any at the bottom of what it undoes.
 */
const hasTakenBack = (undo: string) => `(
  EXISTS (SELECT 1 FROM change AS c WHERE c.run = ${undo}.run)
  OR EXISTS (SELECT 1 FROM act AS a WHERE a.run = ${undo}.run)
  OR EXISTS (
    WITH RECURSIVE undone (run) AS (
      SELECT ${undo}.undoes
      UNION SELECT below.undoes FROM undone JOIN run AS below ON below.run = undone.run
        WHERE below.undoes IS NOT NULL)
    SELECT 1 FROM undone JOIN decision AS d ON d.run = undone.run))`;

const RECORD = `SELECT run.run, command, as_of, started_at, end_user, dry_run, undoes, phase, exit,
    (SELECT count(*) FROM change AS c WHERE c.run = run.run),
    (SELECT count(DISTINCT row) FROM change AS c WHERE c.run = run.run),
    (SELECT json_group_object(kind, n) FROM
      (SELECT kind, count(*) AS n FROM act AS a WHERE a.run = run.run GROUP BY kind)),
    (SELECT count(*) FROM decision AS d WHERE d.run = run.run),
    (SELECT json_group_array(u.run ORDER BY u.run) FROM run AS u
      WHERE u.undoes = run.run AND ${hasWritten('u')} AND ${hasTakenBack('u')})
  FROM run`;

export function createRunHistory({ db, read }: StateFile): RunHistory {
  const changesAt = db
    .prepare<[string], [...ChangeRow, holds: number, run: number]>(
      `SELECT ${CHANGE}, run.holds, c.run FROM change AS c JOIN run USING (run)
       WHERE c.row = ? AND ${hasWritten('run')} ORDER BY c.run DESC, c.change DESC`,
    )
    .raw();
  // The few runs that hold come first: the join must not begin with everything ever changed.
  const heldRows = db
    .prepare<[], string>(
      `SELECT DISTINCT c.row FROM run AS undo CROSS JOIN change AS c ON c.run = undo.run
       WHERE undo.undoes IS NOT NULL AND undo.holds = 1 AND ${hasWritten('undo')} AND NOT EXISTS (
         SELECT 1 FROM change AS later JOIN run ON run.run = later.run
         WHERE later.row = c.row AND later.field = c.field AND +later.run > c.run AND ${hasWritten('run')})`,
    )
    .pluck();
  const heldLinks = db
    .prepare<[], [student: string, person: number]>(
      `SELECT DISTINCT a.student, a.person_id FROM run AS undo CROSS JOIN act AS a ON a.run = undo.run
       WHERE undo.undoes IS NOT NULL AND undo.holds = 1 AND ${hasWritten('undo')}
         AND a.kind = 'link-removed' AND a.person_id IS NOT NULL AND NOT EXISTS (
         SELECT 1 FROM act AS later JOIN run ON run.run = later.run
         WHERE later.student = a.student AND later.person_id = a.person_id
           AND later.kind IN ('link-added', 'link-removed')
           AND (later.run, later.act) > (a.run, a.act) AND ${hasWritten('run')})`,
    )
    .raw();
  // A guardian's row that undo took away holds back every link that the undone run made to it, even where the
  // link itself was gone by then.
  const heldGuardians = db
    .prepare<[], [student: string, person: number]>(
      `SELECT DISTINCT made.student, made.person_id FROM run AS undo
         CROSS JOIN act AS gone ON gone.run = undo.run
         JOIN act AS made ON made.run = undo.undoes AND made.person_id = gone.person_id
       WHERE undo.undoes IS NOT NULL AND undo.holds = 1 AND ${hasWritten('undo')}
         AND gone.kind = 'row-removed' AND made.kind = 'link-added' AND NOT EXISTS (
         SELECT 1 FROM act AS later JOIN run ON run.run = later.run
         WHERE later.person_id = gone.person_id AND later.run > undo.run AND ${hasWritten('run')}
           AND (later.kind = 'row-added' OR (later.kind = 'link-added' AND later.student = made.student)))`,
    )
    .raw();
  const decisions = db
    .prepare<[], [...DecisionRow, run: number]>(
      `SELECT ${DECISION}, run.run FROM decision AS d JOIN run USING (run)
       WHERE ${hasWritten('run')} ORDER BY d.decision`,
    )
    .raw();
  const sameBy = db
    .prepare<[number], [a: string, b: string]>(
      `WITH RECURSIVE chain (run) AS (
         VALUES (?)
         UNION
         SELECT run.undoes FROM chain JOIN run USING (run) WHERE run.undoes IS NOT NULL
       )
       SELECT d.a, d.b FROM chain JOIN decision AS d USING (run) WHERE d.verdict = 'same' ORDER BY d.decision`,
    )
    .raw();
  const usedRows = db
    .prepare<[], string>(
      `SELECT row FROM act JOIN run USING (run) WHERE row IS NOT NULL AND ${hasWritten('run')}
       UNION SELECT a FROM decision JOIN run USING (run) WHERE ${hasWritten('run')}
       UNION SELECT b FROM decision JOIN run USING (run) WHERE ${hasWritten('run')}`,
    )
    .pluck();
  const undoneRuns = createUndoneRuns(db);
  const allRecords = db.prepare<[], RecordRow>(`${RECORD} ORDER BY run.run DESC`).raw();
  const oneRecord = db.prepare<[number], RecordRow>(`${RECORD} WHERE run.run = ?`).raw();
  const changesOf = db
    .prepare<[number], [...ChangeRow, write: number]>(
      `SELECT ${CHANGE}, c.write FROM change AS c JOIN run USING (run)
       WHERE c.run = ? AND ${hasWritten('run')} ORDER BY c.change`,
    )
    .raw();
  const actsOf = db
    .prepare<[number], ActRow>(
      `SELECT ${ACT} FROM act JOIN run USING (run) WHERE act.run = ? AND ${hasWritten('run')} ORDER BY act`,
    )
    .raw();

  return {
    lastChanges: (keys) =>
      read(() => {
        const found = new Map<string, readonly LastChange[]>();
        for (const key of keys) {
          const row = rowKeyText(key);
          const newest = new Map<
            RosterField,
            { change: JournalledChange | undefined; held: string[]; heldFrom?: number }
          >();
          /** Fields to which something other than an undo that holds wrote: what came before is of no interest. */
          const settled = new Set<RosterField>();
          for (const [of, field, from, to, person, holds, run] of changesAt.all(row)) {
            if (settled.has(field)) continue;
            if (holds === 0) settled.add(field);
            const [change] = toChange([of, field, from, to, person]);
            const known = newest.get(field) ?? { change, held: [] };
            newest.set(field, known);
            if (holds === 1 && change !== undefined) known.held.push(change.from);
            if (holds === 0 && known.held.length > 0) known.heldFrom = run;
          }
          const changes = [...newest.values()].flatMap(({ change, ...held }): LastChange[] =>
            change === undefined ? [] : [{ ...change, ...held }],
          );
          if (changes.length > 0) found.set(row, changes);
        }
        return found;
      }),

    holds: () =>
      read(() => {
        const held = [...heldLinks.all(), ...heldGuardians.all()];
        const links = new Set(held.map(([student, person]) => `${person} ${student}`));
        return {
          rows: new Set(heldRows.all()),
          isLinkHeld: (student, person) => links.has(`${person} ${student}`),
        };
      }),

    decisions: () =>
      read(() => {
        const undone = undoneRuns();
        return decisions
          .all()
          .flatMap(([a, b, verdict, aPerson, bPerson, run]) =>
            undone.has(run) ? [] : [toDecision([a, b, verdict, aPerson, bPerson])],
          );
      }),

    usedGuardianIds: () =>
      read(() =>
        usedRows.all().flatMap((row) => {
          const { type, id } = toRowKey(row);
          return type === 'guardian' ? [id] : [];
        }),
      ),

    runs: () => read(() => allRecords.all().map(toRecord)),

    run: (run) =>
      read(() => {
        const row = oneRecord.get(run);
        return row && toRecord(row);
      }),

    writtenBy: (run) =>
      read(() => {
        const rows = changesOf.all(run);
        return {
          changes: endToEnd(rows),
          acts: actsOf.all(run).map(toAct),
          erasedChanges: rows.flatMap(([row, field, from]) =>
            from === null ? [{ key: toRowKey(row), field }] : [],
          ),
          same: sameBy.all(run).map(([a, b]) => ({ a: toRowKey(a), b: toRowKey(b) })),
        };
      }),
  };
}

/** A cell that a later write of the run has written again is told once: from what stood there first to the last. */
function endToEnd(rows: readonly [...ChangeRow, write: number][]): readonly JournalledChange[] {
  const told: JournalledChange[] = [];
  const byCell = new Map<string, { readonly at: number; readonly write: number }>();
  for (const [row, field, from, to, person, write] of rows) {
    const [change] = toChange([row, field, from, to, person]);
    if (change === undefined) continue;
    const cell = `${field} ${row}`;
    const known = byCell.get(cell);
    const first = known === undefined || known.write === write ? undefined : told[known.at];
    if (known === undefined || first === undefined) {
      byCell.set(cell, { at: told.length, write });
      told.push(change);
    } else {
      told[known.at] = { ...change, from: first.from };
    }
  }
  return told;
}

function toRecord(row: RecordRow): RunRecord {
  const [
    run,
    command,
    asOf,
    at,
    endUser,
    dryRun,
    undoes,
    phase,
    exit,
    changes,
    changedRows,
    acts,
    decisions,
    by,
  ] = row;
  const counted: Partial<typeof NO_ACTS> = JSON.parse(acts);
  const undoneBy: number[] = JSON.parse(by);
  return {
    run,
    command,
    asOf,
    at,
    endUser,
    dryRun: dryRun === 1,
    ...(undoes !== null && { undoes }),
    phase,
    ...(exit !== null && { exit }),
    changes,
    changedRows,
    acts: { ...NO_ACTS, ...counted },
    decisions,
    undoneBy,
  };
}
