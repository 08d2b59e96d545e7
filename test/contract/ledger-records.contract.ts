import { describe, expect, it } from 'vitest';
import type { AttemptOutcome, NewAttempt } from '../../src/app/ports.ts';
import type { CalendarDate } from '../../src/domain/calendar-date.ts';
import type { PersonId } from '../../src/domain/person-id.ts';
import {
  ANNA,
  AT,
  attempt,
  BO,
  begin,
  CAJ,
  DAN,
  guardian,
  type OpenOnTrial,
  registered,
  remember,
  snapshot,
  student,
  TODAY,
} from './state-on-trial.ts';

/** What the port `LookupLedger` promises to those who ask it afterwards. */
export function describeLedgerRecordsContract(open: OpenOnTrial): void {
  describe('the ledger, asked afterwards,', () => {
    const asked = (run: number, id: PersonId, rest: Partial<NewAttempt> = {}): NewAttempt => ({
      run,
      id,
      permissions: [],
      rows: [student('1')],
      endUser: 'anna@skola.example',
      price: 40,
      at: AT,
      ...rest,
    });

    it('counts attempts that are alike, by run, type, price and outcome', async () => {
      const { state } = await open();
      const { ledger } = state;
      const one = await begin(state);
      const other = await begin(state, { command: 'guardians', dryRun: true });
      await begin(state, { command: 'history' });
      for (const id of [ANNA, BO]) {
        await ledger.complete(await attempt(state, one, id), 'answered', 'x', AT, snapshot(registered(id)));
      }
      await ledger.complete(await attempt(state, one, CAJ), 'lost', undefined, AT);
      await attempt(state, one, DAN);
      await ledger.begin(asked(other, CAJ, { asGuardian: true }));
      await ledger.begin(asked(other, DAN, { rows: [guardian('9'), student('1')], price: 45 }));
      await ledger.begin(asked(other, DAN, { rows: [] }));
      const update = { run: one, at: AT, command: 'update', dryRun: false, asOf: TODAY };
      const guardians = { run: other, at: AT, command: 'guardians', dryRun: true, asOf: TODAY };
      const counted = (await ledger.attemptCounts()).map(({ run, type, price, outcome, attempts }) => [
        run,
        type,
        price,
        outcome,
        attempts,
      ]);
      expect(counted).toHaveLength(6);
      expect(counted).toEqual(
        expect.arrayContaining([
          [update, 'student', 40, 'answered', 2],
          [update, 'student', 40, 'lost', 1],
          [update, 'student', 40, undefined, 1],
          [guardians, 'guardian', 40, undefined, 1],
          [guardians, 'guardian', 45, undefined, 1],
          [guardians, undefined, 40, undefined, 1],
        ]),
      );
    });

    it('gives back every attempt, the newest first, a page at a time', async () => {
      const { state, reopen } = await open();
      const run = await begin(state);
      const rows = [student('a "b",:c'), guardian('9')];
      await state.ledger.complete(
        await state.ledger.begin(asked(run, ANNA, { rows, permissions: ['relations'] })),
        'answered',
        'a-reference',
        '2026-11-23T10:00:01.000Z',
        snapshot({ kind: 'not-found', id: ANNA }),
      );
      await state.ledger.begin(asked(run, BO, { at: '2026-11-23T10:00:02.000Z' }));
      await state.ledger.begin(asked(run, CAJ));
      const { ledger } = await reopen();
      const first = await ledger.attempts({}, { limit: 2 });
      expect(first.map(({ id }) => id)).toEqual([CAJ, BO]);
      const before = first.at(-1)?.attempt ?? 0;
      expect(await ledger.attempts({}, { before, limit: 2 })).toEqual([
        {
          attempt: 1,
          run: { run, at: AT, command: 'update', dryRun: false, asOf: TODAY },
          id: ANNA,
          type: 'student',
          rows,
          permissions: ['relations'],
          endUser: 'anna@skola.example',
          begunAt: AT,
          endedAt: '2026-11-23T10:00:01.000Z',
          outcome: 'answered',
          answer: 'not-found',
          reference: 'a-reference',
        },
      ]);
      expect(first[0]).toMatchObject({ endedAt: undefined, outcome: undefined, answer: undefined });
      expect(await ledger.attempts({}, { before: 1, limit: 2 })).toEqual([]);
      expect(await ledger.countAttempts({})).toBe(3);
    });

    it('finds them by person and by time', async () => {
      const { state } = await open();
      const { ledger } = state;
      const run = await begin(state);
      const times = ['2026-11-22T22:59:59.999Z', '2026-11-22T23:00:00.000Z', '2026-11-23T12:00:00.000Z'];
      for (const at of times) {
        for (const id of [ANNA, BO]) await ledger.begin(asked(run, id, { at }));
      }
      const since = '2026-11-22T23:00:00.000Z';
      expect(await ledger.countAttempts({ since })).toBe(4);
      const filter = { since, people: [BO, CAJ] };
      expect(await ledger.countAttempts(filter)).toBe(2);
      const found = await ledger.attempts(filter, { limit: 9 });
      expect(found.map(({ id, begunAt }) => [id, begunAt])).toEqual([
        [BO, times[2]],
        [BO, times[1]],
      ]);
      expect(await ledger.attempts({ people: [] }, { limit: 9 })).toEqual([]);
    });

    it('knows who was asked about on a row that was theirs, not whoever was as a child’s guardian', async () => {
      const { state } = await open();
      const { ledger } = state;
      const run = await begin(state);
      await ledger.begin(asked(run, ANNA, { rows: [student('17')] }));
      await ledger.begin(asked(run, ANNA, { rows: [student('17')] }));
      await ledger.begin(asked(run, BO, { rows: [student('17'), student('18')], asGuardian: true }));
      // Two rows of one person, of whom the first gives the type.
      await ledger.begin(asked(run, CAJ, { rows: [guardian('9'), student('170')] }));
      await ledger.begin(asked(run, DAN, { rows: [student('x"student:17')] }));
      expect(await ledger.peopleAskedOn(student('17'))).toEqual([ANNA]);
      expect(await ledger.peopleAskedOn(student('18'))).toEqual([]);
      expect(await ledger.peopleAskedOn(guardian('17'))).toEqual([]);
      expect(await ledger.peopleAskedOn(student('170'))).toEqual([CAJ]);
      expect(await ledger.peopleAskedOn(guardian('9'))).toEqual([CAJ]);
      expect(await ledger.peopleAskedOn(student('x"student:17'))).toEqual([DAN]);
    });

    it('knows on which day somebody was last asked about in vain', async () => {
      const { state } = await open();
      const on = (asOf: string) => begin(state, { asOf: asOf as CalendarDate });
      const vain = async (run: number, outcome: AttemptOutcome | undefined) => {
        const id = await attempt(state, run, ANNA);
        if (outcome !== undefined) await state.ledger.complete(id, outcome, undefined, AT);
      };
      await remember(state, registered(ANNA), { asOf: '2026-11-20' as CalendarDate });
      await remember(state, registered(BO));
      expect(await state.ledger.lastTried([ANNA, BO])).toEqual(new Map());
      await vain(await on('2026-11-22'), 'refused');
      await vain(await on('2026-11-21'), undefined);
      expect(await state.ledger.lastTried([ANNA, BO, CAJ])).toEqual(new Map([[ANNA, '2026-11-22']]));
      expect(await state.ledger.lastTried([])).toEqual(new Map());
    });

    it('knows whom SPAR has said to be protected, until it says no', async () => {
      const { state } = await open();
      await remember(state, registered(ANNA));
      await remember(state, { kind: 'protected', id: ANNA, mark: 'sekretessmarkering' });
      await remember(state, { kind: 'not-found', id: ANNA });
      await remember(state, { kind: 'protected', id: BO, mark: 'sekretessmarkering' });
      expect(await state.ledger.peopleToldProtected()).toEqual([ANNA, BO].sort());
      await remember(state, registered(ANNA));
      expect(await state.ledger.peopleToldProtected()).toEqual([BO]);
    });
  });
}
