import { describe, expect, it } from 'vitest';
import type { JournalledAct, PlannedWrite } from '../../src/app/journal-port.ts';
import type { State } from '../../src/app/ports.ts';
import type { Decision } from '../../src/domain/decision.ts';
import type { PersonId } from '../../src/domain/person-id.ts';
import type { RowKey } from '../../src/domain/roster.ts';
import {
  ANNA,
  BO,
  begin,
  CAJ,
  carryOut,
  change,
  FILES,
  guardian,
  linkAdded,
  linkRemoved,
  NOTHING_STRUCK,
  type OpenOnTrial,
  planned,
  registered,
  remember,
  rowAct,
  student,
  wholeRow,
} from './state-on-trial.ts';

const ACTS: readonly JournalledAct[] = [
  rowAct('row-added', '7', { person: CAJ }),
  rowAct('row-added', '8:9', { whole: wholeRow('Ek') }),
  rowAct('row-removed', '9', { person: CAJ, whole: wholeRow('Al') }),
  rowAct('row-removed', '10'),
  linkAdded('1', '7', CAJ),
  linkAdded('2', '7'),
  linkRemoved('1', '9', CAJ),
  linkRemoved('2', '9'),
  { kind: 'link-moved', link: { student: '3', guardian: '7' }, from: '9' },
];

const DECISIONS: readonly Decision[] = [
  { a: guardian('7'), b: guardian('9'), verdict: 'same', aPerson: CAJ },
  { a: guardian('7'), b: { type: 'staff', id: '1' }, verdict: 'different', bPerson: BO },
  { a: guardian('1'), b: guardian('2'), verdict: 'different' },
];

/** What every journal promises of a write, from its plan to its end. */
export function describeJournalContract(open: OpenOnTrial): void {
  describe('the journal', () => {
    it('numbers runs by one, also after a restart', async () => {
      const { state, reopen } = await open();
      expect([await begin(state), await begin(state), await begin(await reopen())]).toEqual([1, 2, 3]);
    });

    it('lets one run write several times, and strikes out only what is under way', async () => {
      const { state, reopen } = await open();
      const run = await begin(state);
      const [first, second] = [change('1', 'street', 'a', 'b'), change('2', 'street', 'c', 'd')];
      await state.journal.planned(run, planned({ changes: [first], decisions: DECISIONS }));
      await state.journal.applied(run, NOTHING_STRUCK, []);

      await state.journal.planned(run, planned({ changes: [change('2', 'city', 'x', 'y')] }));
      await state.journal.planned(run, planned({ changes: [second], acts: ACTS }));
      const later = await reopen();
      expect(await later.journal.unfinished()).toMatchObject([
        { run, changes: [second], acts: ACTS, decisions: [] },
      ]);
      await later.journal.notApplied(run);
      expect(await later.journal.run(run)).toMatchObject({ phase: 'applied', changes: 1 });
      expect(await later.journal.writtenBy(run)).toMatchObject({ changes: [first], acts: [] });

      await later.journal.planned(run, planned({ changes: [change('1', 'street', 'b', 'c'), second] }));
      await later.journal.applied(run, { rows: [student('1'), student('2')], links: [] }, []);
      expect((await later.journal.writtenBy(run)).changes).toEqual([first]);
      expect(await later.journal.decisions()).toEqual(DECISIONS);

      await later.journal.planned(run, planned({ changes: [change('1', 'street', 'b', 'c')] }));
      await later.journal.applied(run, NOTHING_STRUCK, []);
      // One cell of one run: from what stood there before the run to what stands there after it.
      expect((await later.journal.writtenBy(run)).changes).toEqual([change('1', 'street', 'a', 'c')]);
    });

    it('knows the runs that were planned and neither applied nor struck out', async () => {
      const { state, reopen } = await open();
      const key = student('1');
      const compared = [{ key, person: '201001012390' as PersonId, mark: 'student:1@a.b.c' }];
      const write = (run: number): PlannedWrite => ({
        changes: [change('1', 'street', 'a', `b${run}`)],
        acts: ACTS,
        files: FILES,
        compared,
        decisions: DECISIONS,
      });
      const runs = [await begin(state), await begin(state), await begin(state), await begin(state)] as const;
      for (const run of runs.slice(0, 3)) await state.journal.planned(run, write(run));
      await state.journal.applied(runs[0], NOTHING_STRUCK, []);
      await state.journal.notApplied(runs[1]);
      await state.journal.finished(runs[3], '0');
      const again = await reopen();
      expect(await again.journal.unfinished()).toEqual([{ run: 3, command: 'update', ...write(3) }]);
      await again.journal.notApplied(3);
      expect(await again.journal.unfinished()).toEqual([]);
      expect(await again.journal.writtenBy(3)).toEqual({
        changes: [],
        acts: [],
        erasedChanges: [],
        same: [],
      });
      // Of the first run alone: what was struck out was never decided.
      expect(await again.journal.decisions()).toEqual(DECISIONS);
    });

    it('takes the last plan of a run that had to plan again', async () => {
      const { state } = await open();
      const run = await begin(state);
      const first = { changes: [change('1', 'street', 'a', 'b')], acts: ACTS, decisions: DECISIONS };
      await state.journal.planned(run, planned(first));
      const second = planned({ changes: [change('2', 'city', 'c', 'd')], files: FILES });
      await state.journal.planned(run, second);
      expect(await state.journal.unfinished()).toEqual([{ run, command: 'update', ...second }]);
    });

    it('refuses a run that there is not', async () => {
      const { state } = await open();
      const { journal } = state;
      const staged = { ids: new Map(), added: [] };
      await expect(journal.planned(9, planned({}))).rejects.toThrow();
      await expect(journal.staged(9, staged)).rejects.toThrow();
      await expect(journal.staged(await begin(state), staged)).rejects.toThrow();
      await expect(journal.applied(9, NOTHING_STRUCK, [])).rejects.toThrow();
      await expect(journal.notApplied(9)).rejects.toThrow();
      await expect(begin(state, { undoes: 9 })).rejects.toThrow();
    });

    it('takes the ids that the database gave, wherever the run names the row, and the rows as they are', async () => {
      const { state, reopen } = await open();
      const run = await begin(state);
      const write = planned({
        changes: [
          { ...change('', 'email', '', 'a@b.se'), key: guardian('new-1') },
          change('new-1', 'city', 'x', 'y'),
        ],
        acts: [
          rowAct('row-added', 'new-1', { person: CAJ }),
          rowAct('row-added', 'new-2'),
          rowAct('row-added', 'new-3'),
          rowAct('row-added', 'own'),
          rowAct('row-added', 'new-4', { whole: wholeRow('Is') }),
          rowAct('row-removed', 'old', { whole: wholeRow('Al') }),
          { kind: 'row-removed', key: student('new-1') },
          // A student may bear for good what stands for a new guardian.
          linkAdded('new-1', 'new-1', CAJ),
          linkAdded('1', 'new-2'),
          linkAdded('1', 'new-3'),
          linkAdded('1', 'own'),
          { kind: 'link-moved', link: { student: '2', guardian: 'new-2' }, from: 'old' },
        ],
      });
      await state.journal.planned(run, write);
      const other = await begin(state);
      await state.journal.planned(other, planned({ acts: [rowAct('row-added', 'new-1')] }));
      await state.journal.staged(run, {
        ids: new Map([
          ['new-1', '4711'],
          ['new-2', 'new-1'],
          ['new-4', '4712'],
        ]),
        added: [
          { key: guardian('4711'), whole: wholeRow('Ek') },
          { key: guardian('own'), whole: wholeRow('Öd') },
        ],
      });
      const again = await reopen();
      const [found, untouched] = await again.journal.unfinished();
      expect(found?.changes).toEqual([
        { ...change('', 'email', '', 'a@b.se'), key: guardian('4711') },
        change('new-1', 'city', 'x', 'y'),
      ]);
      expect(found?.acts).toEqual([
        rowAct('row-added', '4711', { person: CAJ, whole: wholeRow('Ek') }),
        rowAct('row-added', 'new-1'),
        rowAct('row-added', 'new-3'),
        rowAct('row-added', 'own', { whole: wholeRow('Öd') }),
        rowAct('row-added', '4712', { whole: wholeRow('Is') }),
        rowAct('row-removed', 'old', { whole: wholeRow('Al') }),
        { kind: 'row-removed', key: student('new-1') },
        linkAdded('new-1', '4711', CAJ),
        linkAdded('1', 'new-1'),
        linkAdded('1', 'new-3'),
        linkAdded('1', 'own'),
        { kind: 'link-moved', link: { student: '2', guardian: 'new-1' }, from: 'old' },
      ]);
      expect(untouched?.acts).toEqual([rowAct('row-added', 'new-1')]);
    });

    it('takes out what was struck: changes and acts of rows, and acts of links', async () => {
      const { state } = await open();
      const earlier = await carryOut(state, { acts: [rowAct('row-added', '9'), linkAdded('1', '9')] });
      const run = await begin(state);
      const changes = [change('1', 'street', 'a', 'b'), change('2', 'street', 'a', 'b')];
      await state.journal.planned(run, planned({ changes, acts: ACTS }));
      const struck = {
        rows: [student('2'), guardian('9'), guardian('8:9')],
        links: [
          { student: '1', guardian: '9' },
          { student: '2', guardian: '7' },
          { student: '3', guardian: '7' },
          { student: '3', guardian: '9' },
        ],
      };
      await state.journal.applied(run, struck, []);
      expect(await state.journal.writtenBy(run)).toEqual({
        changes: changes.slice(0, 1),
        acts: [ACTS[0], ACTS[3], ACTS[4], ACTS[7]],
        erasedChanges: [],
        same: [],
      });
      expect((await state.journal.writtenBy(earlier)).acts).toHaveLength(2);
    });

    it('keeps one mark a row with the person’s present answer, the newest', async () => {
      const { state } = await open();
      await remember(state, registered(ANNA));
      const run = await begin(state);
      await state.journal.planned(run, planned({}));
      const marks = ['student:1@a.b.c', 'guardian:"1@x"@a.b.c', 'student:1@a.b.c#f1', 'student:1@x@a.b.c'];
      await state.journal.applied(run, NOTHING_STRUCK, [
        ...marks.map((mark) => ({ key: student('1'), person: ANNA, mark })),
        { key: student('2'), person: BO, mark: 'x' },
      ]);
      const kept = ['guardian:"1@x"@a.b.c', 'student:1@a.b.c#f1', 'student:1@x@a.b.c'];
      expect((await state.snapshots.getMany([ANNA, BO])).map((s) => s?.comparedRows)).toEqual([
        kept,
        undefined,
      ]);
      expect(await state.snapshots.getComparisons([BO, undefined, ANNA])).toEqual([
        undefined,
        undefined,
        { fetchedOn: '2026-11-23', comparedRows: kept },
      ]);
    });
  });

  describe('the journal, of somebody who is protected now,', () => {
    const FIELDS = [
      'first_name',
      'last_name',
      'care_of',
      'street',
      'postal_code',
      'city',
      'country',
    ] as const;
    const ERASED = [...FIELDS, 'email', 'phone'] as const;
    const KEPT = ['personnummer', 'status', 'protected', 'spar_checked'] as const;

    it('erases what it holds of a row, under whatever number it was written', async () => {
      const { state } = await open();
      const of = (key: RowKey, person?: PersonId) =>
        [...ERASED, ...KEPT].map((field) => ({ ...change('', field, 'a', 'b', person), key }));
      const run = await carryOut(state, {
        changes: [
          ...of(guardian('7')),
          ...of(guardian('7'), CAJ),
          ...of(student('7')),
          ...of(guardian('77')),
        ],
        acts: ACTS,
      });
      await state.journal.eraseValues([guardian('7'), guardian('9')]);
      const written = await state.journal.writtenBy(run);
      expect(written.erasedChanges).toEqual(
        [...ERASED, ...ERASED].map((field) => ({ key: guardian('7'), field })),
      );
      expect(written.changes).toHaveLength(2 * (ERASED.length + KEPT.length) + 2 * KEPT.length);
      expect(written.acts).toEqual([
        ...ACTS.slice(0, 2),
        rowAct('row-removed', '9', { person: CAJ }),
        ...ACTS.slice(3, 6),
        { kind: 'link-removed', link: { student: '1', guardian: '9' }, person: CAJ },
        { kind: 'link-removed', link: { student: '2', guardian: '9' } },
        ACTS[8],
      ]);
      const last = await state.journal.lastChanges([guardian('7'), student('7')]);
      expect([...last.values()].map((changes) => changes.map(({ field }) => field).sort())).toEqual([
        [...KEPT].sort(),
        [...ERASED, ...KEPT].sort(),
      ]);
    });

    it('erases a row added too, once it is known whole, and the links of a student', async () => {
      const { state } = await open();
      const run = await begin(state);
      const acts = [rowAct('row-added', 'new-1'), linkRemoved('1', '9'), linkRemoved('2', '9')];
      await state.journal.planned(run, planned({ acts }));
      const added = [{ key: guardian('4711'), whole: wholeRow('Ek') }];
      await state.journal.staged(run, { ids: new Map([['new-1', '4711']]), added });
      await state.journal.applied(run, NOTHING_STRUCK, []);
      await state.journal.eraseValues([guardian('4711'), student('1'), { type: 'staff', id: '2' }]);
      expect((await state.journal.writtenBy(run)).acts).toEqual([
        rowAct('row-added', '4711'),
        { kind: 'link-removed', link: { student: '1', guardian: '9' } },
        acts[2],
      ]);
    });

    it('erases the rows that were declared to be the same person, and they alone', async () => {
      const { state } = await open();
      const whole = wholeRow('Ek');
      const run = await carryOut(state, {
        acts: ['2', '3', '4', '5'].map((id) => rowAct('row-removed', id, { whole })),
        decisions: [
          { a: guardian('1'), b: guardian('2'), verdict: 'same' },
          { a: guardian('3'), b: guardian('2'), verdict: 'same' },
          { a: guardian('1'), b: guardian('4'), verdict: 'different' },
        ],
      });
      await state.journal.eraseValues([guardian('1')]);
      expect((await state.journal.writtenBy(run)).acts).toEqual([
        rowAct('row-removed', '2'),
        rowAct('row-removed', '3'),
        rowAct('row-removed', '4', { whole }),
        rowAct('row-removed', '5', { whole }),
      ]);
    });

    it.each<[string, (state: State) => Promise<unknown>]>([
      ['withhold', (state) => state.snapshots.withhold([CAJ])],
      ['an answer that is withheld', (state) => remember(state, { kind: 'withheld', id: CAJ })],
      [
        'a protected answer',
        (state) => remember(state, { kind: 'protected', id: CAJ, mark: 'sekretessmarkering' }),
      ],
    ])('%s erases what was written under the number, and in rows of it under none', async (_, erase) => {
      const { state } = await open();
      await remember(state, registered(CAJ));
      const of = (id: string, field: 'street' | 'status' | 'phone', person?: PersonId) => ({
        ...change('', field, 'Gamla', 'Nya', person),
        key: guardian(id),
      });
      const whole = wholeRow('Ek');
      const run = await carryOut(state, {
        changes: [
          of('7', 'street', CAJ),
          of('7', 'phone'),
          of('7', 'status', CAJ),
          of('7', 'street', BO),
          of('8', 'street'),
        ],
        acts: [
          rowAct('row-removed', '5', { person: CAJ, whole }),
          rowAct('row-removed', '6', { whole }),
          rowAct('row-removed', '7', { whole }),
          rowAct('row-removed', '7', { person: BO, whole }),
          rowAct('row-removed', '8', { person: BO, whole }),
          ...['15', '16', '17', '18'].map((id) => rowAct('row-removed', id, { whole })),
          linkRemoved('1', '77', CAJ),
          linkRemoved('2', '6'),
          linkRemoved('3', '8', BO),
        ],
        decisions: [
          { a: guardian('5'), b: guardian('6'), verdict: 'same' },
          { a: guardian('15'), b: guardian('16'), verdict: 'same', aPerson: CAJ },
          { a: guardian('18'), b: guardian('17'), verdict: 'different', aPerson: BO, bPerson: CAJ },
        ],
      });
      await erase(state);
      expect(await state.journal.writtenBy(run)).toEqual({
        changes: [of('7', 'status', CAJ), of('7', 'street', BO), of('8', 'street')],
        erasedChanges: [
          { key: guardian('7'), field: 'street' },
          { key: guardian('7'), field: 'phone' },
        ],
        acts: [
          rowAct('row-removed', '5', { person: CAJ }),
          rowAct('row-removed', '6'),
          rowAct('row-removed', '7'),
          rowAct('row-removed', '7', { person: BO, whole }),
          rowAct('row-removed', '8', { person: BO, whole }),
          ...['15', '16', '17'].map((id) => rowAct('row-removed', id)),
          rowAct('row-removed', '18', { whole }),
          { kind: 'link-removed', link: { student: '1', guardian: '77' }, person: CAJ },
          { kind: 'link-removed', link: { student: '2', guardian: '6' } },
          linkRemoved('3', '8', BO),
        ],
        same: [
          { a: guardian('5'), b: guardian('6') },
          { a: guardian('15'), b: guardian('16') },
        ],
      });
    });
  });
}
