import { afterEach, describe, expect, it } from 'vitest';
import type { AttemptId, State } from '../../src/app/ports.ts';
import type { CalendarDate } from '../../src/domain/calendar-date.ts';
import type { Answer, Relation } from '../../src/domain/person.ts';
import type { PersonId } from '../../src/domain/person-id.ts';
import { describeJournalContract } from './journal.contract.ts';
import { describeLedgerRecordsContract } from './ledger-records.contract.ts';
import { describeRetentionContract } from './retention.contract.ts';
import { describeRunHistoryContract } from './run-history.contract.ts';
import {
  ANNA,
  AT,
  attempt,
  BO,
  begin,
  CAJ,
  carryOut,
  change,
  DAN,
  guardian,
  NOTHING_STRUCK,
  planned,
  registered,
  remember,
  rowAct,
  snapshot,
  student,
  TODAY,
} from './state-on-trial.ts';

/** A state made for one test. */
export interface StateOnTrial {
  readonly state: State;
  /** The same state, opened anew after `state` was closed. */
  reopen(): Promise<State>;
  remove(): Promise<void>;
}

export interface StateHarness {
  readonly name: string;
  open(): Promise<StateOnTrial>;
}

const ANSWERS: readonly Answer[] = [
  registered(ANNA),
  {
    kind: 'registered',
    id: ANNA,
    name: {},
    birthDate: '2009-01-11' as CalendarDate,
    mailing: { kind: 'international', lines: ['1 Main St', 'Oslo'], country: 'NORGE' },
    abroad: { kind: 'international', lines: ['x'] },
    contact: { kind: 'swedish', careOf: 'c/o Ek', lines: ['A', 'B'] },
    emigrated: true,
    guardianship: {
      current: [
        {
          name: { given: 'Bo', callName: 'B', middle: 'C', surname: 'D' },
          birthDate: '1970-00-00',
          deceased: true,
        },
      ],
      ended: [CAJ],
    },
    predecessors: [BO],
  },
  { kind: 'protected', id: ANNA, mark: 'sekretessmarkering' },
  { kind: 'protected', id: ANNA, mark: 'skyddad folkbokföring', since: TODAY },
  { kind: 'deregistered', id: ANNA, reason: 'renumbered', code: 'GN', birthDate: TODAY, successors: [BO] },
  { kind: 'deregistered', id: ANNA, reason: 'other', successors: [] },
  { kind: 'not-found', id: ANNA },
  { kind: 'withheld', id: ANNA },
];

/** What every adapter of the port `State` promises. */
export function describeStoreContract(harness: StateHarness): void {
  describe(`store contract: ${harness.name}`, () => {
    const opened: { trial: StateOnTrial; states: State[] }[] = [];

    async function open(): Promise<{ state: State; reopen: () => Promise<State> }> {
      const trial = await harness.open();
      const states = [trial.state];
      opened.push({ trial, states });
      return {
        state: trial.state,
        async reopen() {
          await trial.state.close();
          const again = await trial.reopen();
          states.push(again);
          return again;
        },
      };
    }

    afterEach(async () => {
      for (const { trial, states } of opened.splice(0)) {
        for (const state of states) await state.close();
        await trial.remove();
      }
    });

    describe('answers', () => {
      it.each(ANSWERS.map((answer) => [answer.kind, answer] as const))(
        'gives back what it was given: %s',
        async (_, answer) => {
          const { state, reopen } = await open();
          const run = await remember(state, answer, { permissions: ['relations'] });
          const expected = {
            answer,
            fetchedOn: TODAY,
            permissions: ['relations'],
            comparedRows: [],
            addressesSince: run,
          };
          expect(await state.snapshots.getMany([ANNA])).toEqual([expected]);
          expect(await (await reopen()).snapshots.getMany([ANNA])).toEqual([expected]);
        },
      );

      it('keeps the order asked, with gaps, doubles and more ids than fit one batch', async () => {
        const { state } = await open();
        await remember(state, registered(BO));
        await remember(state, registered(ANNA));
        const ask = Array.from({ length: 1700 }, (_, i) => [ANNA, undefined, BO, CAJ][i % 4]);
        const found = await state.snapshots.getMany(ask);
        expect(found.map((snapshot) => snapshot?.answer.id)).toEqual(
          ask.map((id) => (id === CAJ ? undefined : id)),
        );
        expect(await state.snapshots.getMany([])).toEqual([]);
      });

      it('keeps only the fields of an answer, whatever else hangs on the object', async () => {
        const { state } = await open();
        const answer: Answer = { kind: 'protected', id: ANNA, mark: 'sekretessmarkering' };
        await remember(state, Object.assign({ name: { surname: 'Öberg' } }, answer));
        expect((await state.snapshots.getMany([ANNA]))[0]?.answer).toEqual(answer);
      });

      it('replaces an answer, and with it what was compared', async () => {
        const { state } = await open();
        const run = await remember(state, registered(ANNA));
        await state.journal.planned(run, planned({}));
        await state.journal.applied(run, NOTHING_STRUCK, [
          { key: student('1'), person: ANNA, mark: 'student:1' },
        ]);
        expect((await state.snapshots.getMany([ANNA]))[0]?.comparedRows).toEqual(['student:1']);
        await remember(state, { kind: 'not-found', id: ANNA }, { fetchedOn: '2026-12-01' as CalendarDate });
        expect(await state.snapshots.getMany([ANNA])).toMatchObject([
          {
            answer: { kind: 'not-found', id: ANNA },
            fetchedOn: '2026-12-01',
            permissions: [],
            comparedRows: [],
          },
        ]);
      });

      it('withholds names and addresses, keeps the dates, and leaves other kinds of answer', async () => {
        const { state } = await open();
        await remember(state, registered(ANNA), { permissions: ['relations'] });
        await remember(state, { kind: 'not-found', id: BO });
        await state.snapshots.withhold([ANNA, BO, CAJ]);
        const [anna, bo, caj] = await state.snapshots.getMany([ANNA, BO, CAJ]);
        expect(anna).toMatchObject({ fetchedOn: TODAY, permissions: ['relations'], comparedRows: [] });
        expect(anna?.answer).toEqual({ kind: 'withheld', id: ANNA });
        expect(bo?.answer).toEqual({ kind: 'not-found', id: BO });
        expect(caj).toBeUndefined();
      });

      it('erases relations and the permission that they came with', async () => {
        const { state } = await open();
        await remember(state, registered(ANNA), { permissions: ['relations'] });
        await remember(state, { kind: 'not-found', id: BO }, { permissions: ['relations'] });
        expect(await state.snapshots.withRelations()).toEqual([ANNA]);
        await state.snapshots.eraseRelations([ANNA]);
        expect(await state.snapshots.withRelations()).toEqual([]);
        const { guardianship: _, ...rest } = registered(ANNA) as Extract<Answer, { kind: 'registered' }>;
        const [anna] = await state.snapshots.getMany([ANNA]);
        expect(anna).toMatchObject({ fetchedOn: TODAY, permissions: [], comparedRows: [] });
        expect(anna?.answer).toEqual(rest);
      });

      it('knows since which run the addresses are the same, whatever else has changed', async () => {
        const { state, reopen } = await open();
        const since = async () => (await state.snapshots.getMany([ANNA]))[0]?.addressesSince;
        const told = registered(ANNA) as Extract<Answer, { kind: 'registered' }>;
        const first = await remember(state, told, { permissions: ['relations'] });
        expect(await since()).toBe(first);
        const { guardianship: _, ...alone } = told;
        await remember(state, { ...alone, name: { surname: 'Annan' } });
        await remember(state, told, { permissions: ['relations'] });
        expect(await since()).toBe(first);
        const moved = await remember(state, { ...told, ...(told.home && { contact: told.home }) });
        expect(await since()).toBe(moved);
        const back = await remember(state, told);
        expect(await since()).toBe(back);
        expect((await (await reopen()).snapshots.getMany([ANNA]))[0]?.addressesSince).toBe(back);
      });

      it('knows everybody who has another number now', async () => {
        const { state, reopen } = await open();
        await remember(state, registered(ANNA));
        await remember(state, { kind: 'deregistered', id: BO, reason: 'deceased', successors: [] });
        expect(await state.snapshots.renumbered()).toEqual([]);
        const gone = { kind: 'deregistered', reason: 'renumbered' } as const;
        await remember(state, { ...gone, id: CAJ, successors: [ANNA, BO] });
        await remember(state, { ...gone, id: BO, successors: [] });
        expect(await state.snapshots.renumbered()).toEqual([{ former: CAJ, successors: [ANNA, BO] }]);
        await remember(state, { ...gone, id: BO, successors: [ANNA] });
        expect(await state.snapshots.renumbered()).toEqual([
          { former: CAJ, successors: [ANNA, BO] },
          { former: BO, successors: [ANNA] },
        ]);
        await remember(state, registered(BO));
        await remember(state, {
          kind: 'registered',
          id: ANNA,
          name: {},
          emigrated: false,
          predecessors: [CAJ, BO],
        });
        expect(await (await reopen()).snapshots.renumbered()).toEqual([
          { former: CAJ, successors: [ANNA, BO] },
          { former: BO, successors: [ANNA] },
        ]);
      });

      const HIDDEN: readonly [string, (state: State, id: PersonId) => Promise<unknown>][] = [
        [
          'a protected answer',
          (state, id) => remember(state, { kind: 'protected', id, mark: 'sekretessmarkering' }),
        ],
        ['withhold', (state, id) => state.snapshots.withhold([id])],
      ];

      it.each(HIDDEN)(
        'hides a person under all numbers, and does not forget whose they are: %s',
        async (_, hide) => {
          const { state, reopen } = await open();
          const withFormer = (id: PersonId, ...predecessors: PersonId[]): Answer => ({
            ...(registered(id) as Extract<Answer, { kind: 'registered' }>),
            predecessors,
          });
          // Two numbers before the one that counts now, and somebody else.
          await remember(state, registered(BO));
          await remember(state, withFormer(ANNA, BO));
          await remember(state, withFormer(CAJ, ANNA));
          await remember(state, withFormer(DAN));
          const write = { changes: [BO, ANNA, DAN].map((id) => change(id, 'street', 'Gamla', 'Nya', id)) };
          const run = await carryOut(state, write);
          await hide(state, CAJ);
          const kinds = async (of: State) =>
            (await of.snapshots.getMany([BO, ANNA, DAN])).map((one) => one?.answer.kind);
          expect(await kinds(state)).toEqual(['withheld', 'withheld', 'registered']);
          expect((await state.journal.writtenBy(run)).changes).toEqual(write.changes.slice(2));
          expect(await (await reopen()).snapshots.renumbered()).toEqual(
            [
              { former: BO, successors: [ANNA] },
              { former: ANNA, successors: [CAJ] },
            ].sort((one, other) => (one.former < other.former ? -1 : 1)),
          );
        },
      );

      it('hides what is heard of a former or a new number after the protected one', async () => {
        const { state } = await open();
        const run = await carryOut(state, { changes: [change('1', 'street', 'a', 'b', BO)] });
        await remember(state, registered(BO));
        await remember(state, { kind: 'protected', id: CAJ, mark: 'sekretessmarkering' });
        expect((await state.snapshots.getMany([BO]))[0]?.answer.kind).toBe('registered');
        await remember(state, {
          kind: 'deregistered',
          id: BO,
          reason: 'renumbered',
          successors: [CAJ],
        });
        expect((await state.journal.writtenBy(run)).changes).toEqual([]);
        const newer = { ...registered(ANNA), predecessors: [CAJ] } as Answer;
        await remember(state, newer);
        expect((await state.snapshots.getMany([ANNA]))[0]?.answer).toEqual({ kind: 'withheld', id: ANNA });
      });

      it('leaves the others alone where a number has several successors', async () => {
        const { state } = await open();
        await remember(state, {
          kind: 'deregistered',
          id: CAJ,
          reason: 'renumbered',
          successors: [ANNA, BO],
        });
        await remember(state, registered(ANNA));
        await state.snapshots.withhold([CAJ]);
        await remember(state, { kind: 'protected', id: BO, mark: 'sekretessmarkering' });
        expect((await state.snapshots.getMany([ANNA]))[0]?.answer).toEqual(registered(ANNA));
      });

      it('knows whose rows they are or were: by journal, comparison, declaration and ledger', async () => {
        const { state } = await open();
        // Asked about for the sake of student 1.
        await remember(state, registered(DAN));
        await carryOut(state, {
          changes: [change('1', 'street', 'a', 'b', ANNA), change('11', 'street', 'a', 'b', CAJ)],
          acts: [rowAct('row-removed', '2', { person: BO })],
          decisions: [{ a: student('1'), b: guardian('2'), verdict: 'same' }],
        });
        const run = await begin(state);
        await state.journal.planned(run, planned({}));
        await state.journal.applied(run, NOTHING_STRUCK, [
          { key: student('3'), person: DAN, mark: 'student:3@a.b.c#7' },
        ]);
        expect(await state.snapshots.peopleOfRows([])).toEqual([]);
        expect(await state.snapshots.peopleOfRows([student('1')])).toEqual([BO, ANNA, DAN].sort());
        expect(await state.snapshots.peopleOfRows([student('3'), guardian('3')])).toEqual([DAN]);
        expect(await state.snapshots.peopleOfRows([student('111')])).toEqual([]);
      });

      it('knows them no longer by a declaration that was taken back, unless all that was ever said is asked for', async () => {
        const { state } = await open();
        const decisions = [
          { a: guardian('1'), b: guardian('2'), verdict: 'same', aPerson: ANNA, bPerson: BO } as const,
        ];
        const run = await carryOut(state, { decisions });
        const inForce = { inForce: true };
        const both = new Map([['guardian:1', [ANNA, BO].sort()]]);
        expect(await state.snapshots.peopleOfRows([guardian('1')])).toEqual([ANNA, BO].sort());
        expect(await state.retention.peopleAt([guardian('1')], inForce)).toEqual(both);
        const undo = await carryOut(state, {}, { undoes: run });
        expect(await state.snapshots.peopleOfRows([guardian('1')])).toEqual([]);
        expect(await state.retention.peopleAt([guardian('1')], inForce)).toEqual(new Map());
        expect(await state.retention.peopleAt([guardian('1')])).toEqual(both);
        await carryOut(state, {}, { undoes: undo });
        expect(await state.snapshots.peopleOfRows([guardian('1')])).toEqual([ANNA, BO].sort());
      });

      it('remembers whose rows were marked, until they are marked no longer', async () => {
        const { state, reopen } = await open();
        expect(await state.snapshots.markedRows()).toEqual([]);
        const of = (id: string, person: PersonId, isCertain = true) => ({
          key: guardian(id),
          person,
          isCertain,
        });
        await state.snapshots.rememberMarks([of('1', ANNA), of('1', BO), of('2', CAJ)], []);
        // What was certain once stays so.
        await state.snapshots.rememberMarks([of('1', ANNA, false), of('4', DAN, false)], [guardian('3')]);
        const byPerson = (one: { person: string }, other: { person: string }) =>
          one.person < other.person ? -1 : 1;
        expect([...(await state.snapshots.markedRows())].sort(byPerson)).toEqual(
          [of('1', ANNA), of('1', BO), of('2', CAJ), of('4', DAN, false)].sort(byPerson),
        );
        expect(await state.snapshots.peopleOfRows([guardian('1')])).toEqual([ANNA, BO].sort());
        expect(await state.snapshots.peopleOfRows([guardian('4')])).toEqual([]);
        await state.snapshots.rememberMarks([], [guardian('1'), guardian('4')]);
        const { snapshots } = await reopen();
        expect(await snapshots.markedRows()).toEqual([of('2', CAJ)]);
        expect(await snapshots.peopleOfRows([guardian('1'), guardian('2')])).toEqual([CAJ]);
      });

      it('does not forget a mark that was taken off before the person has been asked about anew', async () => {
        const { state } = await open();
        const row = { key: guardian('1'), person: ANNA, isCertain: true };
        await state.snapshots.rememberMarks([row], []);
        await remember(state, registered(ANNA));
        await state.snapshots.withhold([ANNA]);
        await state.snapshots.rememberMarks([], [row.key]);
        expect(await state.snapshots.markedRows()).toEqual([row]);
        await remember(state, registered(ANNA));
        await state.snapshots.rememberMarks([], [row.key]);
        expect(await state.snapshots.markedRows()).toEqual([]);
      });

      it('tells those protected by an answer from those whose answer is withheld', async () => {
        const { state } = await open();
        await remember(state, registered(ANNA));
        await remember(state, registered(CAJ));
        await remember(state, { kind: 'protected', id: BO, mark: 'sekretessmarkering' });
        await state.snapshots.withhold([ANNA]);
        expect(await state.snapshots.protectedPeople()).toEqual([BO]);
        expect(await state.snapshots.withheldPeople()).toEqual([ANNA]);
      });

      it('keeps no name of a guardian who has a number', async () => {
        const { state } = await open();
        const relation = {
          name: { given: 'Dold', surname: 'Gömd' },
          birthDate: '1981-11-30',
          deceased: false,
        };
        const answer = (...current: Relation[]) =>
          ({ ...registered(ANNA), guardianship: { current, ended: [] } }) as Answer;
        await remember(state, answer({ ...relation, id: CAJ }, relation));
        expect((await state.snapshots.getMany([ANNA]))[0]?.answer).toEqual(
          answer({ id: CAJ, deceased: false }, relation),
        );
      });

      it('erases names of guardians without a number, and nothing of those who have one', async () => {
        const { state } = await open();
        const unnumbered = { name: { surname: 'Gömd' }, birthDate: '1981-11-30', deceased: true };
        const answer = (...current: Relation[]) =>
          ({ ...registered(ANNA), guardianship: { current, ended: [] } }) as Answer;
        await remember(state, answer({ id: CAJ, deceased: false }, unnumbered), {
          permissions: ['relations'],
        });
        for (let twice = 0; twice < 2; twice++) {
          await state.snapshots.eraseUnnumbered([ANNA, BO]);
          expect((await state.snapshots.getMany([ANNA]))[0]?.answer).toEqual(
            answer({ id: CAJ, deceased: false }, { deceased: true }),
          );
        }
      });

      it('counts them, with the oldest and newest date', async () => {
        const { state } = await open();
        expect(await state.snapshots.summary()).toEqual({ count: 0 });
        await remember(state, registered(ANNA));
        await remember(state, registered(BO), { fetchedOn: '2025-01-31' as CalendarDate });
        expect(await state.snapshots.summary()).toEqual({ count: 2, oldest: '2025-01-31', newest: TODAY });
      });
    });

    describe('the ledger', () => {
      it('stores no answer of an attempt that has none', async () => {
        const { state } = await open();
        const run = await begin(state);
        for (const outcome of ['unavailable', 'refused', 'not-understood', 'garbled', 'stopped'] as const) {
          await state.ledger.complete(await attempt(state, run, ANNA), outcome, undefined, AT);
        }
        expect(await state.snapshots.getMany([ANNA])).toEqual([undefined]);
        await state.ledger.complete(await attempt(state, run, ANNA), 'lost', undefined, AT);
        // All but the one that SPAR never got.
        expect(await state.ledger.spentIn('2026-11', 0)).toBe(5 * 40);
      });

      it('counts what is billed or may be, by the month of the run’s day', async () => {
        const { state } = await open();
        await remember(state, registered(ANNA));
        await remember(state, { kind: 'not-found', id: BO });
        await remember(state, registered(ANNA), { asOf: '2026-12-01' as CalendarDate });
        await attempt(state, await begin(state), CAJ);
        const months = ['2026-10', '2026-11', '2026-12', '2025-11'];
        expect(await Promise.all(months.map((month) => state.ledger.spentIn(month, 0)))).toEqual([
          0, 120, 40, 0,
        ]);
      });

      it('completes an attempt once, and only about the person it was begun for', async () => {
        const { state } = await open();
        const run = await begin(state);
        const id = await attempt(state, run, ANNA);
        await expect(
          state.ledger.complete(id, 'answered', undefined, AT, snapshot(registered(BO))),
        ).rejects.toThrow();
        await state.ledger.complete(id, 'answered', undefined, AT, snapshot(registered(ANNA)));
        await expect(
          state.ledger.complete(id, 'answered', undefined, AT, snapshot(registered(ANNA))),
        ).rejects.toThrow();
        await expect(
          state.ledger.complete((id + 1) as AttemptId, 'refused', undefined, AT),
        ).rejects.toThrow();
        expect(await state.snapshots.getMany([BO])).toEqual([undefined]);
      });

      it('rejects only what is wrong among what is requested at once', async () => {
        const { state } = await open();
        const run = await begin(state);
        const results = await Promise.allSettled([
          attempt(state, run, ANNA),
          attempt(state, 999, BO),
          attempt(state, run, CAJ),
          state.journal.finished(run, '0'),
        ]);
        expect(results.map((result) => result.status)).toEqual([
          'fulfilled',
          'rejected',
          'fulfilled',
          'fulfilled',
        ]);
        const ids = results.map((result) => (result.status === 'fulfilled' ? result.value : undefined));
        expect(Number(ids[0])).toBeLessThan(Number(ids[2]));
        await state.ledger.complete(ids[2] as AttemptId, 'answered', 'ref', AT, snapshot(registered(CAJ)));
        expect((await state.snapshots.getMany([CAJ]))[0]?.answer).toEqual(registered(CAJ));
      });

      it('shows a read what was requested before it, and loses nothing when it is closed at once', async () => {
        const { state, reopen } = await open();
        const run = await begin(state);
        const id = await attempt(state, run, ANNA);
        const completed = state.ledger.complete(id, 'answered', undefined, AT, snapshot(registered(ANNA)));
        expect((await state.snapshots.getMany([ANNA]))[0]?.answer.id).toBe(ANNA);
        const another = state.journal.finished(run, '0');
        const again = await reopen();
        await Promise.all([completed, another]);
        expect((await again.snapshots.getMany([ANNA]))[0]?.answer.id).toBe(ANNA);
      });
    });

    describeLedgerRecordsContract(open);
    describeJournalContract(open);
    describeRunHistoryContract(open);
    describeRetentionContract(open);

    describe('the secret', () => {
      it('is made once, from nothing, and stays', async () => {
        const { state, reopen } = await open();
        const [one, other] = await Promise.all([state.secret(), state.secret()]);
        expect(one).toMatch(/^[0-9a-f]{64}$/);
        expect([other, await state.secret(), await (await reopen()).secret()]).toEqual([one, one, one]);
      });

      it('is another in another state', async () => {
        const secrets = [await (await open()).state.secret(), await (await open()).state.secret()];
        expect(new Set(secrets).size).toBe(2);
      });
    });

    describe('the environment', () => {
      it('is settled by the first answer, and stays', async () => {
        const { state, reopen } = await open();
        const { environment, ledger } = state;
        const run = await begin(state);
        expect(await environment.get()).toBeUndefined();
        await environment.settle('simulator');
        await ledger.complete(await attempt(state, run, BO), 'unavailable', undefined, AT);
        expect(await environment.get()).toBeUndefined();
        await environment.settle('test');
        await ledger.complete(
          await attempt(state, run, ANNA),
          'answered',
          undefined,
          AT,
          snapshot(registered(ANNA)),
        );
        await environment.settle('production');
        expect([await environment.get(), await (await reopen()).environment.get()]).toEqual(['test', 'test']);
      });
    });

    describe('the review log', () => {
      const item = (id: string, reason: string) => ({ key: student(id), reason });
      const all = () => true;

      it('remembers the first day, and forgets what is there no more among the rows covered', async () => {
        const { state } = await open();
        const later = '2026-12-01' as CalendarDate;
        const items = [
          item('1', 'protected'),
          item('1', 'no-address'),
          item('2', 'protected'),
          item('3', 'protected'),
        ];
        await state.reviews.record(TODAY, items.slice(0, 3), all);
        await state.reviews.record(
          later,
          [item('1', 'protected'), item('3', 'protected')],
          ({ key }) => key.id !== '2',
        );
        expect(await state.reviews.sinceOf(items)).toEqual([TODAY, undefined, TODAY, later]);
        await state.reviews.record(later, [item('1', 'no-address')], all);
        expect(await state.reviews.sinceOf(items)).toEqual([undefined, later, undefined, undefined]);
      });

      it('keeps the day when the clock goes back', async () => {
        const { state } = await open();
        await state.reviews.record(TODAY, [item('1', 'protected')], all);
        await state.reviews.record('2026-01-01' as CalendarDate, [item('1', 'protected')], all);
        expect(await state.reviews.sinceOf([item('1', 'protected')])).toEqual([TODAY]);
      });
    });
  });
}
