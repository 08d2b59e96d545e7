import type { JournalledAct, JournalledChange, PlannedWrite, RunStart } from '../../src/app/journal-port.ts';
import type { AttemptId, State } from '../../src/app/ports.ts';
import type { CalendarDate } from '../../src/domain/calendar-date.ts';
import type { Answer, Permission } from '../../src/domain/person.ts';
import type { PersonId } from '../../src/domain/person-id.ts';
import type { RowKey } from '../../src/domain/roster.ts';
import type { WholeRow } from '../../src/domain/whole-row.ts';

/** Gives a state made for one test, and the same state opened anew after it was closed. */
export type OpenOnTrial = () => Promise<{ state: State; reopen: () => Promise<State> }>;

export const TODAY = '2026-11-23' as CalendarDate;
export const AT = '2026-11-23T10:00:00.000Z';
export const ANNA = '200901112383' as PersonId;
export const BO = '200908012388' as PersonId;
export const CAJ = '198111309285' as PersonId;
export const DAN = '198009139265' as PersonId;

export const FILES = [{ path: '/r/people.csv', before: 'aa', after: 'bb' }];

export const NOTHING_STRUCK = { rows: [], links: [] };

export function registered(id: PersonId): Answer {
  return {
    kind: 'registered',
    id,
    name: { given: 'Åsa Lovisa', surname: 'Öberg "x"' },
    home: { kind: 'swedish', lines: ['Åvägen 1'], postalCode: '11146', city: 'STOCKHOLM' },
    emigrated: false,
    guardianship: { current: [{ id: CAJ, deceased: false }], ended: [] },
    predecessors: [],
  };
}

export function student(id: string): RowKey {
  return { type: 'student', id };
}

export function guardian(id: string): RowKey {
  return { type: 'guardian', id };
}

export function change(
  id: string,
  field: JournalledChange['field'],
  from: string,
  to: string,
  person?: PersonId,
): JournalledChange {
  return { key: student(id), field, from, to, ...(person && { person }) };
}

/** A whole row of which only one cell matters. */
export function wholeRow(cell: string): WholeRow {
  return {
    source: 'people.csv',
    at: 3,
    cells: [
      { column: 'Efternamn', field: 'last_name', value: cell },
      { column: 'Skåp', value: { kind: 'integer', text: '9007199254740993' } },
      { column: 'Övrigt', value: null },
    ],
  };
}

export function rowAct(
  kind: 'row-added' | 'row-removed',
  id: string,
  rest: { person?: PersonId; whole?: WholeRow } = {},
): JournalledAct {
  return { kind, key: guardian(id), ...rest };
}

export function linkAdded(studentId: string, guardianId: string, person?: PersonId): JournalledAct {
  return {
    kind: 'link-added',
    link: { student: studentId, guardian: guardianId },
    ...(person && { person }),
  };
}

export function linkRemoved(studentId: string, guardianId: string, person?: PersonId): JournalledAct {
  return {
    kind: 'link-removed',
    link: { student: studentId, guardian: guardianId },
    whole: wholeRow('mamma'),
    ...(person && { person }),
  };
}

export function planned(write: Partial<PlannedWrite>): PlannedWrite {
  return { changes: [], acts: [], files: [], compared: [], decisions: [], ...write };
}

export function begin(state: State, rest: Partial<RunStart> = {}): Promise<number> {
  return state.journal.start({
    command: 'update',
    asOf: TODAY,
    at: AT,
    endUser: 'anna@skola.example',
    dryRun: false,
    ...rest,
  });
}

/** A run that writes this and comes to its end; gives back its number. */
export async function carryOut(
  state: State,
  write: Partial<PlannedWrite>,
  start: Partial<RunStart> = {},
): Promise<number> {
  const run = await begin(state, start);
  await state.journal.planned(run, planned(write));
  await state.journal.applied(run, NOTHING_STRUCK, []);
  return run;
}

export function attempt(state: State, run: number, id: PersonId): Promise<AttemptId> {
  return state.ledger.begin({
    run,
    id,
    permissions: [],
    rows: [student('1')],
    endUser: 'anna@skola.example',
    price: 40,
    at: AT,
  });
}

export function snapshot(answer: Answer, fetchedOn = TODAY, permissions: readonly Permission[] = []) {
  return { answer, fetchedOn, permissions, comparedRows: [] };
}

/** Stores an answer as a run does; gives back the run. */
export async function remember(
  state: State,
  answer: Answer,
  options: { asOf?: CalendarDate; fetchedOn?: CalendarDate; permissions?: readonly Permission[] } = {},
): Promise<number> {
  const run = await begin(state, options.asOf === undefined ? {} : { asOf: options.asOf });
  const id = await attempt(state, run, answer.id);
  const kept = snapshot(answer, options.fetchedOn ?? options.asOf, options.permissions);
  await state.ledger.complete(id, 'answered', 'a-reference', AT, kept);
  return run;
}
