import { describe, expect, it } from 'vitest';
import type { Erasure } from '../../src/app/retention-port.ts';
import type { CalendarDate } from '../../src/domain/calendar-date.ts';
import type { Answer } from '../../src/domain/person.ts';
import { type PersonId, personNumbers } from '../../src/domain/person-id.ts';
import {
  ANNA,
  attempt,
  BO,
  begin,
  CAJ,
  carryOut,
  change,
  DAN,
  guardian,
  linkRemoved,
  type OpenOnTrial,
  planned,
  registered,
  remember,
  rowAct,
  student,
  wholeRow,
} from './state-on-trial.ts';

const NOTHING: Erasure = { answers: [], hidden: [], journal: [], journalRows: [] };

const sorted = (...people: PersonId[]) => [...people].sort();

/** Without a word of guardians. */
const plain = (id: PersonId, ...predecessors: PersonId[]): Answer => ({
  kind: 'registered',
  id,
  name: { surname: 'Ek' },
  emigrated: false,
  predecessors,
});

const day = (date: string) => date as CalendarDate;

/** What every adapter of the port `Retention` promises. */
export function describeRetentionContract(open: OpenOnTrial): void {
  describe('who is absent', () => {
    it('is whoever has an answer and is on no row, however often others are', async () => {
      const { state } = await open();
      const { retention } = state;
      expect(await retention.absentees(personNumbers([]))).toEqual({ absent: [], of: 0 });
      for (const person of [ANNA, BO, CAJ]) await remember(state, plain(person));
      expect(await retention.absentees(personNumbers([BO, DAN, BO]))).toEqual({
        absent: sorted(ANNA, CAJ),
        of: 3,
      });
      expect(await retention.absentees(personNumbers([CAJ, ANNA, BO]))).toEqual({ absent: [], of: 3 });
    });

    it('is no guardian of a child who is there, and every guardian of one who is not', async () => {
      const { state } = await open();
      await remember(state, registered(ANNA), { permissions: ['relations'] });
      await remember(state, plain(CAJ));
      expect((await state.retention.absentees(personNumbers([ANNA]))).absent).toEqual([]);
      expect((await state.retention.absentees(personNumbers([BO]))).absent).toEqual(sorted(ANNA, CAJ));
      // Whose relation has ended is nobody's guardian.
      const ended = { ...registered(ANNA), guardianship: { current: [], ended: [CAJ] } } as Answer;
      await remember(state, ended, { permissions: ['relations'] });
      expect((await state.retention.absentees(personNumbers([ANNA]))).absent).toEqual([CAJ]);
    });

    it('is nobody whom any answer joins to somebody there, in either direction and over several steps', async () => {
      const { state } = await open();
      await remember(state, plain(BO, ANNA));
      await remember(state, plain(CAJ, BO));
      await remember(state, plain(ANNA));
      await remember(state, plain(DAN));
      for (const there of [ANNA, BO, CAJ]) {
        expect((await state.retention.absentees(personNumbers([there]))).absent).toEqual([DAN]);
      }
      // A guardian by a former number, under which no answer is kept.
      const child = {
        ...registered(DAN),
        guardianship: { current: [{ id: ANNA, deceased: false }], ended: [] },
      };
      await state.retention.erase({ ...NOTHING, answers: [ANNA] });
      await remember(state, child as Answer, { permissions: ['relations'] });
      expect((await state.retention.absentees(personNumbers([DAN]))).absent).toEqual([]);
    });

    it('is noted with the day on which it was first so, and taken out when it is not', async () => {
      const { state, reopen } = await open();
      await state.retention.noteAbsent([ANNA, BO], day('2026-10-01'));
      await state.retention.noteAbsent([ANNA, CAJ], day('2026-10-05'));
      const { retention } = await reopen();
      expect(await retention.absentSince(day('2026-09-30'))).toEqual([]);
      expect(await retention.absentSince(day('2026-10-01'))).toEqual([ANNA]);
      expect(await retention.absentSince(day('2026-10-05'))).toEqual(sorted(ANNA, CAJ));
      await retention.noteAbsent([], day('2026-10-06'));
      expect(await retention.absentSince(day('2026-12-31'))).toEqual([]);
    });

    it('is also whoever has nothing left but names in the journal', async () => {
      const { state } = await open();
      await remember(state, plain(ANNA));
      await remember(state, plain(BO));
      await carryOut(state, { changes: [change('1', 'street', 'Gamla', 'Nya', ANNA)] });
      const { retention } = state;
      expect(await retention.erase({ ...NOTHING, answers: [ANNA, BO] })).toEqual({
        answers: 2,
        journalValues: 0,
      });
      expect(await retention.absentees(personNumbers([]))).toEqual({ absent: [ANNA], of: 1 });
      expect(await retention.absentees(personNumbers([ANNA]))).toEqual({ absent: [], of: 1 });
      await retention.noteAbsent([ANNA], day('2026-10-01'));
      await remember(state, plain(ANNA));
      expect(await retention.absentees(personNumbers([]))).toEqual({ absent: [ANNA], of: 1 });
      const all = { ...NOTHING, answers: [ANNA], journal: [ANNA] };
      expect(await retention.erase(all)).toEqual({ answers: 1, journalValues: 1 });
      expect(await retention.absentees(personNumbers([]))).toEqual({ absent: [], of: 0 });
      expect(await retention.absentSince(day('2026-12-31'))).toEqual([]);
    });
  });

  describe('what is old', () => {
    it('is an answer from before the day, save those that hide somebody or end the asking', async () => {
      const { state } = await open();
      const fetchedOn = day('2026-01-01');
      const gone = { kind: 'deregistered', successors: [] } as const;
      const answers: Answer[] = [
        registered(ANNA),
        { kind: 'not-found', id: BO },
        { ...gone, id: CAJ, reason: 'other' },
        { ...gone, id: DAN, reason: 'deceased' },
      ];
      for (const answer of answers) await remember(state, answer, { fetchedOn });
      const { retention } = state;
      expect(await retention.answeredBefore(fetchedOn)).toEqual([]);
      expect(await retention.answeredBefore(day('2026-01-02'))).toEqual(sorted(ANNA, BO, CAJ));
      await remember(state, { ...gone, id: ANNA, reason: 'renumbered', successors: [DAN] }, { fetchedOn });
      await remember(state, { kind: 'protected', id: BO, mark: 'sekretessmarkering' }, { fetchedOn });
      await remember(state, { kind: 'withheld', id: CAJ }, { fetchedOn });
      expect(await retention.answeredBefore(day('2026-01-02'))).toEqual([]);
    });
  });

  describe('erasing', () => {
    const removed = rowAct('row-removed', '7', { person: ANNA, whole: wholeRow('Ek') });

    it('takes answers and what they say of numbers, and leaves the journal where it is not named', async () => {
      const { state } = await open();
      await remember(state, plain(ANNA, BO));
      await remember(state, plain(BO));
      const run = await carryOut(state, {
        changes: [change('1', 'street', 'a', 'b', ANNA)],
        acts: [removed],
      });
      const what = { ...NOTHING, answers: [ANNA, CAJ] };
      expect(await state.retention.erase(what)).toEqual({ answers: 1, journalValues: 0 });
      expect((await state.snapshots.getMany([ANNA, BO])).map((one) => one?.answer.id)).toEqual([
        undefined,
        BO,
      ]);
      expect(await state.snapshots.renumbered()).toEqual([]);
      expect((await state.journal.writtenBy(run)).changes).toHaveLength(1);
      expect(await state.retention.erase(what)).toEqual({ answers: 0, journalValues: 0 });
    });

    it('takes names and addresses from the journal, of people and of rows, and nothing of anybody else', async () => {
      const { state } = await open();
      const changes = [
        change('1', 'street', 'a', 'b', ANNA),
        change('1', 'status', '', 'deceased', ANNA),
        change('2', 'street', 'c', 'd', BO),
        change('3', 'email', 'e', ''),
      ];
      const acts = [
        removed,
        rowAct('row-added', '8', { person: BO, whole: wholeRow('Ask') }),
        linkRemoved('9', '7'),
      ];
      const run = await carryOut(state, { changes, acts });
      const { retention } = state;
      // The street, the whole row and the whole link.
      expect(await retention.erase({ ...NOTHING, journal: [ANNA] })).toEqual({
        answers: 0,
        journalValues: 3,
      });
      expect(await retention.erase({ ...NOTHING, journalRows: [student('3')] })).toMatchObject({
        journalValues: 1,
      });
      const written = await state.journal.writtenBy(run);
      expect(written.changes).toEqual(changes.slice(1, 3));
      expect(written.acts.map((act) => 'whole' in act)).toEqual([false, true, false]);
    });

    it('leaves of the hidden that they are so, and by whose word', async () => {
      const { state } = await open();
      await remember(state, registered(ANNA), { permissions: ['relations'] });
      await remember(state, {
        kind: 'protected',
        id: BO,
        mark: 'skyddad folkbokföring',
        since: day('2020-01-01'),
      });
      await remember(state, { kind: 'deregistered', id: CAJ, reason: 'renumbered', successors: [BO] });
      const what = { ...NOTHING, hidden: [ANNA, BO, CAJ, DAN] };
      expect((await state.retention.erase(what)).answers).toBe(3);
      expect((await state.snapshots.getMany([ANNA, BO, CAJ, DAN])).map((one) => one?.answer)).toEqual([
        { kind: 'withheld', id: ANNA },
        { kind: 'protected', id: BO, mark: 'skyddad folkbokföring' },
        { kind: 'withheld', id: CAJ },
        undefined,
      ]);
      // Else nobody would know whose the former number is.
      expect(await state.snapshots.renumbered()).toEqual([{ former: CAJ, successors: [BO] }]);
      expect(await state.retention.erase(what)).toEqual({ answers: 0, journalValues: 0 });
    });

    it('on trial counts the same and leaves everything', async () => {
      const { state } = await open();
      await remember(state, registered(ANNA));
      const run = await carryOut(state, {
        changes: [change('1', 'street', 'a', 'b', ANNA)],
        acts: [removed],
      });
      const what = { ...NOTHING, answers: [ANNA], journal: [ANNA] };
      const before = [await state.snapshots.getMany([ANNA]), await state.journal.writtenBy(run)];
      expect(await state.retention.erase(what, { trial: true })).toEqual({ answers: 1, journalValues: 2 });
      expect([await state.snapshots.getMany([ANNA]), await state.journal.writtenBy(run)]).toEqual(before);
      expect(await state.retention.erase(what)).toEqual({ answers: 1, journalValues: 2 });
    });

    it('takes the memory of marks of those named for it, and of nobody else', async () => {
      const { state } = await open();
      const marked = [ANNA, BO].map((person) => ({ key: guardian('1'), person, isCertain: true }));
      await state.snapshots.rememberMarks(marked, []);
      expect(await state.retention.known([ANNA, CAJ])).toEqual(new Set([ANNA]));
      await state.retention.erase({ ...NOTHING, answers: [BO], journal: [BO], marks: [ANNA] });
      expect(await state.snapshots.markedRows()).toEqual(marked.slice(1));
    });

    it('leaves ledger, decisions and runs', async () => {
      const { state } = await open();
      await remember(state, registered(ANNA));
      await carryOut(state, {
        decisions: [{ a: guardian('1'), b: guardian('2'), verdict: 'same', aPerson: ANNA }],
      });
      const kept = async () => [
        await state.ledger.spentIn('2026-11', 0),
        await state.journal.decisions(),
        await state.journal.runs(),
      ];
      const before = await kept();
      await state.retention.erase({
        ...NOTHING,
        answers: [ANNA],
        journal: [ANNA],
        journalRows: [guardian('1')],
      });
      expect(await kept()).toEqual(before);
    });
  });

  describe('what is remembered', () => {
    it('tells of whom it has heard', async () => {
      const { state } = await open();
      await attempt(state, await begin(state), ANNA);
      await carryOut(state, { changes: [change('1', 'street', 'a', 'b', BO)] });
      expect(await state.retention.known([ANNA, BO, CAJ])).toEqual(new Set([ANNA, BO]));
    });

    it('tells whose a row was, and not by a child’s row whose guardian somebody is', async () => {
      const { state } = await open();
      const run = await begin(state);
      const asked = { run, permissions: [], endUser: 'x', price: 40, at: '2026-11-23T10:00:00.000Z' };
      await state.ledger.begin({ ...asked, id: ANNA, rows: [student('1'), guardian('5')] });
      await state.ledger.begin({ ...asked, id: CAJ, rows: [student('1')], asGuardian: true });
      await carryOut(state, {
        changes: [change('2', 'street', 'a', 'b', BO), change('3', 'street', 'a', 'b')],
      });
      const rows = [student('1'), guardian('1'), student('2'), student('3'), student('4')];
      expect(await state.retention.peopleAt(rows)).toEqual(
        new Map([
          ['student:1', [ANNA]],
          ['student:2', [BO]],
          ['student:3', []],
        ]),
      );
      expect(await state.retention.peopleAt([])).toEqual(new Map());
      expect(await state.retention.lastRowsOf([ANNA, CAJ, DAN])).toEqual(new Map([[ANNA, student('1')]]));
    });

    it('tells whose a row was who is on no row now, by what was asked, written or compared', async () => {
      const { state } = await open();
      const { retention } = state;
      for (const person of [ANNA, BO, CAJ, DAN]) await remember(state, plain(person));
      const run = await begin(state);
      const asked = { run, permissions: [], endUser: 'x', price: 40, at: '2026-11-23T10:00:00.000Z' };
      await state.ledger.begin({ ...asked, id: ANNA, rows: [student('6')] });
      await carryOut(state, { changes: [change('2', 'street', 'a', 'b', BO)] });
      const compared = [{ key: student('3'), person: CAJ, mark: 'student:3@x' }];
      await state.journal.planned(run, planned({}));
      await state.journal.applied(run, { rows: [], links: [] }, compared);
      const rows = [student('6'), student('2'), student('3'), student('4')];
      const former = (...people: PersonId[]) => retention.formerPeople(rows, personNumbers(people));
      expect(await former()).toEqual(sorted(ANNA, BO, CAJ));
      expect(await former(DAN, BO)).toEqual(sorted(ANNA, CAJ));
      expect(await former(ANNA, BO, CAJ, DAN)).toEqual([]);
      expect(await retention.formerPeople([student('2')], personNumbers([DAN]))).toEqual([BO]);
      expect(await retention.formerPeople([], personNumbers([]))).toEqual([]);
    });
  });
}
