import { afterEach, describe, expect, it } from 'vitest';
import type { AttemptId, JournalledChange, State } from '../../src/app/ports.ts';
import type { CalendarDate } from '../../src/domain/calendar-date.ts';
import type { Answer, Permission } from '../../src/domain/person.ts';
import type { PersonId } from '../../src/domain/person-id.ts';
import type { RowKey } from '../../src/domain/roster.ts';

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

const TODAY = '2026-11-23' as CalendarDate;
const AT = '2026-11-23T10:00:00.000Z';
const ANNA = '200901112383' as PersonId;
const BO = '200908012388' as PersonId;
const CAJ = '198111309285' as PersonId;

const registered = (id: PersonId): Answer => ({
  kind: 'registered',
  id,
  name: { given: 'Åsa Lovisa', surname: 'Öberg "x"' },
  home: { kind: 'swedish', lines: ['Åvägen 1'], postalCode: '11146', city: 'STOCKHOLM' },
  emigrated: false,
  guardianship: { current: [{ id: CAJ, deceased: false }], ended: [] },
  predecessors: [],
});

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
          await remember(state, answer, { permissions: ['relations'] });
          const expected = { answer, fetchedOn: TODAY, permissions: ['relations'], comparedRows: [] };
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
        await state.journal.planned(run, [], [], []);
        await state.journal.applied(run, [], [{ key: student('1'), person: ANNA, mark: 'student:1' }]);
        expect((await state.snapshots.getMany([ANNA]))[0]?.comparedRows).toEqual(['student:1']);
        await remember(state, { kind: 'not-found', id: ANNA }, { fetchedOn: '2026-12-01' as CalendarDate });
        expect(await state.snapshots.getMany([ANNA])).toEqual([
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
        expect(await state.snapshots.getMany([ANNA, BO, CAJ])).toEqual([
          {
            answer: { kind: 'withheld', id: ANNA },
            fetchedOn: TODAY,
            permissions: ['relations'],
            comparedRows: [],
          },
          { answer: { kind: 'not-found', id: BO }, fetchedOn: TODAY, permissions: [], comparedRows: [] },
          undefined,
        ]);
      });

      it('erases relations and the permission that they came with', async () => {
        const { state } = await open();
        await remember(state, registered(ANNA), { permissions: ['relations'] });
        await remember(state, { kind: 'not-found', id: BO }, { permissions: ['relations'] });
        expect(await state.snapshots.withRelations()).toEqual([ANNA]);
        await state.snapshots.eraseRelations([ANNA]);
        expect(await state.snapshots.withRelations()).toEqual([]);
        const { guardianship: _, ...rest } = registered(ANNA) as Extract<Answer, { kind: 'registered' }>;
        expect(await state.snapshots.getMany([ANNA])).toEqual([
          { answer: rest, fetchedOn: TODAY, permissions: [], comparedRows: [] },
        ]);
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
        // All but the one that did not reach SPAR.
        expect(await state.ledger.billableIn('2026-11')).toBe(4);
      });

      it('counts what is billed or may be, by the month of the run’s day', async () => {
        const { state } = await open();
        await remember(state, registered(ANNA));
        await remember(state, { kind: 'not-found', id: BO });
        await remember(state, registered(ANNA), { asOf: '2026-12-01' as CalendarDate });
        await attempt(state, await begin(state), CAJ);
        const months = ['2026-10', '2026-11', '2026-12', '2025-11'];
        expect(await Promise.all(months.map((month) => state.ledger.billableIn(month)))).toEqual([
          0, 3, 1, 0,
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

    describe('the journal', () => {
      const FILES = [{ path: '/r/people.csv', before: 'aa', after: 'bb' }];

      it('numbers runs by one, also after a restart', async () => {
        const { state, reopen } = await open();
        expect([await begin(state), await begin(state), await begin(await reopen())]).toEqual([1, 2, 3]);
      });

      it('knows the runs that were planned and neither applied nor struck out', async () => {
        const { state, reopen } = await open();
        const key = { type: 'student', id: '1' } as const;
        const compared = [{ key, person: '201001012390' as PersonId, mark: 'student:1@a.b.c' }];
        const runs = [
          await begin(state),
          await begin(state),
          await begin(state),
          await begin(state),
        ] as const;
        for (const run of runs.slice(0, 3))
          await state.journal.planned(run, [change('1', 'street', 'a', `b${run}`)], FILES, compared);
        await state.journal.applied(runs[0], [], []);
        await state.journal.notApplied(runs[1]);
        await state.journal.finished(runs[3], '0');
        const again = await reopen();
        expect(await again.journal.unfinished()).toEqual([
          { run: 3, command: 'update', files: FILES, changes: [change('1', 'street', 'a', 'b3')], compared },
        ]);
        await again.journal.notApplied(3);
        expect(await again.journal.unfinished()).toEqual([]);
      });

      it('takes the last plan of a run that had to plan again', async () => {
        const { state } = await open();
        const run = await begin(state);
        await state.journal.planned(run, [change('1', 'street', 'a', 'b')], [], []);
        await state.journal.planned(run, [change('2', 'city', 'c', 'd')], FILES, []);
        expect(await state.journal.unfinished()).toMatchObject([
          { files: FILES, changes: [change('2', 'city', 'c', 'd')] },
        ]);
      });

      it('erases what the journal holds of a row, under whatever number it was written', async () => {
        const { state } = await open();
        const run = await begin(state);
        await state.journal.planned(
          run,
          [change('1', 'street', 'a', 'b'), change('2', 'city', 'c', 'd')],
          FILES,
          [],
        );
        await state.journal.applied(run, [], []);
        const keys = ['1', '2'].map((id) => ({ type: 'student', id }) as const);
        await state.journal.eraseValues(keys.slice(0, 1));
        expect([...(await state.journal.lastChanges(keys)).keys()]).toEqual(['student:2']);
      });

      it('finds the newest applied change of each cell; what was refused or not applied is none', async () => {
        const { state } = await open();
        const plans: [JournalledChange[], 'applied' | 'not-applied' | 'planned', RowKey[]][] = [
          [
            [change('1', 'street', 'a', 'b'), change('1', 'city', 'x', 'y'), change('1:2', 'city', 'p', 'q')],
            'applied',
            [],
          ],
          [
            [change('1', 'street', 'b', 'c', ANNA), change('2', 'street', 'b', 'c')],
            'applied',
            [student('2')],
          ],
          [[change('1', 'street', 'c', 'd')], 'not-applied', []],
          [[change('1', 'street', 'c', 'e')], 'planned', []],
        ];
        for (const [changes, phase, refused] of plans) {
          const run = await begin(state);
          await state.journal.planned(run, changes, [], []);
          if (phase === 'applied') await state.journal.applied(run, refused, []);
          if (phase === 'not-applied') await state.journal.notApplied(run);
        }
        const found = await state.journal.lastChanges([
          student('1'),
          student('2'),
          student('1:2'),
          { type: 'staff', id: '1' },
        ]);
        expect([...found.keys()]).toEqual(['student:1', 'student:1:2']);
        expect(found.get('student:1')).toEqual([
          change('1', 'street', 'b', 'c', ANNA),
          change('1', 'city', 'x', 'y'),
        ]);
        expect(found.get('student:1:2')).toEqual([change('1:2', 'city', 'p', 'q')]);
      });

      it('keeps one mark a row with the person’s present answer, the newest', async () => {
        const { state } = await open();
        await remember(state, registered(ANNA));
        const run = await begin(state);
        await state.journal.planned(run, [], [], []);
        const marks = ['student:1@a.b.c', 'guardian:"1@x"@a.b.c', 'student:1@a.b.c#f1', 'student:1@x@a.b.c'];
        await state.journal.applied(
          run,
          [],
          [
            ...marks.map((mark) => ({ key: student('1'), person: ANNA, mark })),
            { key: student('2'), person: BO, mark: 'x' },
          ],
        );
        expect((await state.snapshots.getMany([ANNA, BO])).map((s) => s?.comparedRows)).toEqual([
          ['guardian:"1@x"@a.b.c', 'student:1@a.b.c#f1', 'student:1@x@a.b.c'],
          undefined,
        ]);
        expect(await state.snapshots.getComparisons([BO, undefined, ANNA])).toEqual([
          undefined,
          undefined,
          {
            fetchedOn: '2026-11-23',
            comparedRows: ['guardian:"1@x"@a.b.c', 'student:1@a.b.c#f1', 'student:1@x@a.b.c'],
          },
        ]);
      });

      it.each(['protected', 'withheld', 'withhold'])(
        'forgets names and addresses of a person who is now %s',
        async (how) => {
          const { state } = await open();
          const run = await remember(state, registered(ANNA));
          await state.journal.planned(
            run,
            [
              change('1', 'street', 'Gamla gatan', 'Nya gatan', ANNA),
              change('1', 'last_name', 'Ek', 'Al', ANNA),
              change('1', 'status', '', 'emigrated', ANNA),
              change('2', 'street', 'Gamla gatan', 'Nya gatan', BO),
            ],
            [],
            [],
          );
          await state.journal.applied(run, [], []);
          if (how === 'withhold') await state.snapshots.withhold([ANNA]);
          else if (how === 'withheld') await remember(state, { kind: 'withheld', id: ANNA });
          else await remember(state, { kind: 'protected', id: ANNA, mark: 'sekretessmarkering' });
          const found = await state.journal.lastChanges([student('1'), student('2')]);
          expect(found.get('student:1')).toEqual([change('1', 'status', '', 'emigrated', ANNA)]);
          expect(found.get('student:2')).toHaveLength(1);
        },
      );
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
          ({ id }) => id !== '2',
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

function student(id: string): RowKey {
  return { type: 'student', id };
}

function change(
  id: string,
  field: JournalledChange['field'],
  from: string,
  to: string,
  person?: PersonId,
): JournalledChange {
  return { key: student(id), field, from, to, ...(person && { person }) };
}

function snapshot(answer: Answer, fetchedOn = TODAY, permissions: readonly Permission[] = []) {
  return { answer, fetchedOn, permissions, comparedRows: [] };
}

export function begin(state: State, asOf = TODAY): Promise<number> {
  return state.journal.start({
    command: 'update',
    asOf,
    at: AT,
    endUser: 'anna@skola.example',
    dryRun: false,
  });
}

export function attempt(state: State, run: number, id: PersonId): Promise<AttemptId> {
  return state.ledger.begin({
    run,
    id,
    permissions: [],
    rows: [student('1')],
    endUser: 'anna@skola.example',
    at: AT,
  });
}

/** Stores an answer as a run does; gives back the run. */
export async function remember(
  state: State,
  answer: Answer,
  options: { asOf?: CalendarDate; fetchedOn?: CalendarDate; permissions?: readonly Permission[] } = {},
): Promise<number> {
  const run = await begin(state, options.asOf);
  const id = await attempt(state, run, answer.id);
  const kept = snapshot(answer, options.fetchedOn ?? options.asOf, options.permissions);
  await state.ledger.complete(id, 'answered', 'a-reference', AT, kept);
  return run;
}
