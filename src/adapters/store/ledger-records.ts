import type {
  AttemptCount,
  AttemptFilter,
  AttemptRecord,
  LedgerRecords,
} from '../../app/ledger-records-port.ts';
import type { AttemptOutcome } from '../../app/ports.ts';
import type { CalendarDate } from '../../domain/calendar-date.ts';
import type { Answer, Permission } from '../../domain/person.ts';
import { type PersonType, rowKeyText } from '../../domain/roster.ts';
import type { SpendingRun } from '../../domain/spending.ts';
import { type StateFile, toPersonId, toRowKey } from './state-file.ts';

type RunRow = [run: number, at: string, command: string, dryRun: number, asOf: CalendarDate];

type CountRow = [
  ...RunRow,
  type: PersonType | null,
  price: number | null,
  outcome: AttemptOutcome | null,
  attempts: number,
];

type RecordRow = [
  ...RunRow,
  type: PersonType | null,
  attempt: number,
  person: number,
  rows: string,
  permissions: string,
  endUser: string,
  begunAt: string,
  endedAt: string | null,
  outcome: AttemptOutcome | null,
  answer: Answer['kind'] | null,
  reference: string | null,
];

const RUN = 'run.run, run.started_at, run.command, run.dry_run, run.as_of';

/** The type of the first row; null where there is none. */
const FIRST_TYPE = "iif(l.rows = '[]', NULL, substr(l.rows, 3, instr(l.rows, ':') - 3))";

/**
 * As what somebody was asked about. Before it was written down, it was the type of the first row, save for a
 * child's guardian without a row: of all that `guardians` asked about, only children were asked about with relations.
 */
const TYPE = `coalesce(l.type, iif(
  run.command = 'guardians' AND l.permissions = '[]' AND l.rows <> '[]', 'guardian', ${FIRST_TYPE}))`;

/** The run is found for each attempt, never the attempts for each run: they are taken in their own order. */
const ATTEMPTS = 'ledger AS l CROSS JOIN run ON run.run = l.run';

const FILTER = `l.begun_at >= ? AND (? IS NULL OR l.person_id IN (SELECT value FROM json_each(?)))`;

/** Before every attempt, and after. */
const EVER = '';
const NEWEST = Number.MAX_SAFE_INTEGER;

/** What the ledger tells of attempts afterwards. */
export function createLedgerRecords({ db, read }: StateFile): LedgerRecords {
  const counts = db
    .prepare<[], CountRow>(
      `SELECT ${RUN}, ${TYPE} AS type_then, l.price, l.outcome, count(*) FROM ${ATTEMPTS}
       GROUP BY run.run, type_then, l.price, l.outcome ORDER BY run.run, type_then, l.price, l.outcome`,
    )
    .raw();
  const count = db
    .prepare<[string, string | null, string | null], number>(
      `SELECT count(*) FROM ledger AS l WHERE ${FILTER}`,
    )
    .pluck();
  const page = db
    .prepare<[number, string, string | null, string | null, number], RecordRow>(
      `SELECT ${RUN}, ${TYPE}, l.attempt, l.person_id, l.rows, l.permissions, l.end_user, l.begun_at, l.ended_at,
         l.outcome, l.answer_kind, l.reference
       FROM ${ATTEMPTS} WHERE l.attempt < ? AND ${FILTER} ORDER BY l.attempt DESC LIMIT ?`,
    )
    .raw();
  // The text of the whole array is searched first: it is taken apart only where the row may be in it.
  const askedOn = db
    .prepare<[string, string], number>(
      `SELECT DISTINCT l.person_id FROM ${ATTEMPTS}
       WHERE instr(l.rows, ?) > 0 AND EXISTS (SELECT 1 FROM json_each(l.rows) WHERE value = ?)
         AND ${TYPE} = ${FIRST_TYPE}
       ORDER BY l.person_id`,
    )
    .pluck();
  const tried = db
    .prepare<[string], [person: number, day: CalendarDate]>(
      `SELECT ledger.person_id, max(run.as_of)
       FROM json_each(?) AS person JOIN ledger ON ledger.person_id = person.value JOIN run USING (run)
       WHERE ledger.outcome IS NOT 'answered' GROUP BY ledger.person_id`,
    )
    .raw();
  const toldProtected = db
    .prepare<[], number>(
      `SELECT DISTINCT person_id FROM ledger AS l WHERE answer_kind = 'protected' AND NOT EXISTS (
         SELECT 1 FROM ledger AS later WHERE later.person_id = l.person_id AND later.attempt > l.attempt
           AND later.answer_kind = 'registered')
       ORDER BY person_id`,
    )
    .pluck();

  return {
    attemptCounts: () => read(() => counts.all().map(toCount)),
    countAttempts: (filter) => read(() => count.get(...bind(filter)) ?? 0),
    attempts: (filter, { before = NEWEST, limit }) =>
      read(() => page.all(before, ...bind(filter), limit).map(toRecord)),
    peopleAskedOn: (row) =>
      read(() => {
        const key = rowKeyText(row);
        return askedOn.all(JSON.stringify(key), key).map(toPersonId);
      }),
    lastTried: (people) =>
      read(() => {
        const found = tried.all(`[${people.join(',')}]`);
        return new Map(found.map(([person, day]) => [toPersonId(person), day]));
      }),
    peopleToldProtected: () => read(() => toldProtected.all().map(toPersonId)),
  };
}

function bind({ since = EVER, people }: AttemptFilter): [string, string | null, string | null] {
  // Twelve digits without a leading zero are a JSON number as they stand.
  const numbers = people === undefined ? null : `[${people.join(',')}]`;
  return [since, numbers, numbers];
}

function toRun([run, at, command, dryRun, asOf]: readonly [...RunRow, ...unknown[]]): SpendingRun {
  return { run, at, command, dryRun: dryRun === 1, asOf };
}

function toCount(row: CountRow): AttemptCount {
  const [, , , , , type, price, outcome, attempts] = row;
  return {
    run: toRun(row),
    type: type ?? undefined,
    price: price ?? undefined,
    outcome: outcome ?? undefined,
    attempts,
  };
}

function toRecord(row: RecordRow): AttemptRecord {
  const [, , , , , type, attempt, person, rows, permissions, endUser, begunAt, ...end] = row;
  const [endedAt, outcome, answer, reference] = end;
  const keys: readonly string[] = JSON.parse(rows);
  const asked: readonly Permission[] = JSON.parse(permissions);
  return {
    attempt,
    run: toRun(row),
    id: toPersonId(person),
    type: type ?? undefined,
    rows: keys.map(toRowKey),
    permissions: asked,
    endUser,
    begunAt,
    endedAt: endedAt ?? undefined,
    outcome: outcome ?? undefined,
    answer: answer ?? undefined,
    reference: reference ?? undefined,
  };
}
