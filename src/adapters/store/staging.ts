import type { Database } from 'better-sqlite3';
import type { Staged } from '../../app/roster-port.ts';
import { type PersonType, rowKeyText } from '../../domain/roster.ts';
import { toRowKey } from './state-file.ts';

type ActIds = [
  act: number,
  added: number,
  row: string | null,
  student: string | null,
  guardian: string | null,
];

/**
 * Gives the rows that a run adds the ids that the roster has given them, wherever the run's journal names them,
 * and keeps them whole. Throws where the run is not planned.
 */
export function createStaging(db: Database): (run: number, staged: Pick<Staged, 'ids' | 'added'>) => void {
  const isPlanned = db.prepare<[number], number>("SELECT 1 FROM run WHERE run = ? AND phase = 'planned'");
  const actsOf = db
    .prepare<[number], ActIds>(
      `SELECT act, kind = 'row-added', row, student, guardian FROM act JOIN run USING (run)
       WHERE act.run = ? AND write = writes ORDER BY act`,
    )
    .raw();
  const changesOf = db
    .prepare<[number], [change: number, row: string]>(
      'SELECT change, row FROM change JOIN run USING (run) WHERE change.run = ? AND write = writes',
    )
    .raw();
  const setAct = db.prepare(
    'UPDATE act SET row = ?, student = ?, guardian = ?, whole = coalesce(?, whole) WHERE act = ?',
  );
  const setRow = db.prepare('UPDATE change SET row = ? WHERE change = ?');

  return (run, { ids, added }) => {
    if (isPlanned.get(run) === undefined) throw new Error(`run ${run} is not planned`);
    if (ids.size === 0 && added.length === 0) return;
    const acts = actsOf.all(run);
    // By type: a student may bear for good the id that stands for a new guardian.
    const given = new Map<string, string>();
    for (const [, isAdded, row] of acts) {
      if (isAdded === 0 || row === null) continue;
      const { type, id } = toRowKey(row);
      const own = ids.get(id);
      if (own !== undefined) given.set(row, rowKeyText({ type, id: own }));
    }
    const rowNow = (row: string): string => given.get(row) ?? row;
    const idNow = (type: PersonType, id: string | null): string | null => {
      const now = id === null ? undefined : given.get(rowKeyText({ type, id }));
      return now === undefined ? id : toRowKey(now).id;
    };
    const wholes = new Map(added.map(({ key, whole }) => [rowKeyText(key), whole]));
    for (const [act, isAdded, row, student, guardian] of acts) {
      const now = row === null ? null : rowNow(row);
      const studentNow = idNow('student', student);
      const guardianNow = idNow('guardian', guardian);
      const whole = isAdded === 1 && now !== null ? wholes.get(now) : undefined;
      if (whole === undefined && now === row && studentNow === student && guardianNow === guardian) continue;
      setAct.run(now, studentNow, guardianNow, whole === undefined ? null : JSON.stringify(whole), act);
    }
    if (given.size === 0) return;
    for (const [change, row] of changesOf.all(run)) {
      const now = rowNow(row);
      if (now !== row) setRow.run(now, change);
    }
  };
}
