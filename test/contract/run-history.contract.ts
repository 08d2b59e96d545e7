import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JournalledChange, PlannedWrite } from '../../src/app/journal-port.ts';
import type { State } from '../../src/app/ports.ts';
import type { Decision } from '../../src/domain/decision.ts';
import type { RowKey } from '../../src/domain/roster.ts';
import {
  ANNA,
  AT,
  BO,
  begin,
  CAJ,
  carryOut,
  change,
  guardian,
  linkAdded,
  linkRemoved,
  NOTHING_STRUCK,
  type OpenOnTrial,
  planned,
  rowAct,
  student,
  TODAY,
  wholeRow,
} from './state-on-trial.ts';

const STREET = (from: string, to: string): Partial<PlannedWrite> => ({
  changes: [change('1', 'street', from, to)],
});

const DIFFERENT: Decision = { a: guardian('1'), b: guardian('2'), verdict: 'different', aPerson: CAJ };

const NO_ACTS = {
  'row-added': 0,
  'row-removed': 0,
  'link-added': 0,
  'link-removed': 0,
  'link-moved': 0,
};

/** What every journal tells of the runs that have been. */
export function describeRunHistoryContract(open: OpenOnTrial): void {
  describe('the newest changes', () => {
    it('are the applied ones of each cell; what was refused or not applied is none', async () => {
      const { state } = await open();
      const plans: [JournalledChange[], 'applied' | 'not-applied' | 'planned', RowKey[]][] = [
        [
          [change('1', 'street', 'a', 'b'), change('1', 'city', 'x', 'y'), change('1:2', 'city', 'p', 'q')],
          'applied',
          [],
        ],
        [[change('1', 'street', 'b', 'c', ANNA), change('2', 'street', 'b', 'c')], 'applied', [student('2')]],
        [[change('1', 'street', 'c', 'd')], 'not-applied', []],
        [[change('1', 'street', 'c', 'e')], 'planned', []],
      ];
      for (const [changes, phase, rows] of plans) {
        const run = await begin(state);
        await state.journal.planned(run, planned({ changes }));
        if (phase === 'applied') await state.journal.applied(run, { rows, links: [] }, []);
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
        { ...change('1', 'street', 'b', 'c', ANNA), held: [] },
        { ...change('1', 'city', 'x', 'y'), held: [] },
      ]);
      expect(found.get('student:1:2')).toEqual([{ ...change('1:2', 'city', 'p', 'q'), held: [] }]);
    });

    it('say whether they come from an undo that holds, and so do the rows held', async () => {
      const { state, reopen } = await open();
      const undoneAndHeld = async (of: State) => {
        const changes = (await of.journal.lastChanges([student('1')])).get('student:1') ?? [];
        return [changes.map(({ held }) => held), [...(await of.journal.holds()).rows]];
      };
      const first = await carryOut(state, {
        changes: [change('1', 'street', 'a', 'b'), change('1', 'city', 'x', 'y')],
      });
      expect(await undoneAndHeld(state)).toEqual([[[], []], []]);
      const undo = await carryOut(state, STREET('b', 'a'), { undoes: first });
      expect(await undoneAndHeld(state)).toEqual([[['b'], []], ['student:1']]);
      const undoOfUndo = await carryOut(state, STREET('a', 'b'), { undoes: undo });
      expect(await undoneAndHeld(state)).toEqual([[[], []], []]);
      await carryOut(state, STREET('b', 'a'), { undoes: undoOfUndo });
      expect(await undoneAndHeld(await reopen())).toEqual([[['b'], []], ['student:1']]);
    });

    it('hold every value that one undo after the other has taken out of a cell', async () => {
      const { state } = await open();
      const first = await carryOut(state, STREET('a', 'b'));
      const second = await carryOut(state, STREET('b', 'c'));
      await carryOut(state, STREET('c', 'b'), { undoes: second });
      await carryOut(state, STREET('b', 'a'), { undoes: first });
      const changes = (await state.journal.lastChanges([student('1')])).get('student:1');
      expect(changes).toEqual([{ ...change('1', 'street', 'b', 'a'), held: ['b', 'c'], heldFrom: second }]);
    });

    it('are held no more once a run has written there anew', async () => {
      const { state } = await open();
      const undo = await carryOut(state, STREET('b', 'a'), {
        undoes: await carryOut(state, STREET('a', 'b')),
      });
      await carryOut(state, { changes: [change('1', 'city', 'a', 'b'), change('2', 'street', 'a', 'b')] });
      expect([...(await state.journal.holds()).rows]).toEqual(['student:1']);
      await carryOut(state, STREET('a', 'c'));
      expect((await state.journal.holds()).rows.size).toBe(0);
      expect(undo).toBe(2);
    });

    it('are not held by undos that were planned, struck out or only tried, nor freed by such runs', async () => {
      const { state } = await open();
      const first = await carryOut(state, STREET('a', 'b'));
      const unwritten = async (undoes?: number) => {
        const rest = undoes === undefined ? {} : { undoes };
        const write = planned({ ...STREET('b', 'a'), acts: [linkRemoved('1', '7', CAJ)] });
        await carryOut(state, write, { ...rest, dryRun: true });
        await state.journal.planned(await begin(state, rest), write);
        const run = await begin(state, rest);
        await state.journal.planned(run, write);
        await state.journal.notApplied(run);
        const refused = await begin(state, rest);
        await state.journal.planned(refused, write);
        const struck = { rows: [student('1')], links: [{ student: '1', guardian: '7' }] };
        await state.journal.applied(refused, struck, []);
      };
      await unwritten(first);
      expect((await state.journal.holds()).rows.size).toBe(0);
      expect((await state.journal.holds()).isLinkHeld('1', CAJ)).toBe(false);
      await carryOut(state, { ...STREET('b', 'a'), acts: [linkRemoved('1', '7', CAJ)] }, { undoes: first });
      await unwritten();
      expect((await state.journal.holds()).rows.size).toBe(1);
      expect((await state.journal.holds()).isLinkHeld('1', CAJ)).toBe(true);
    });
  });

  it('holds the links that an undo took away, until they are added anew', async () => {
    const { state, reopen } = await open();
    const held = async (of = state) => {
      const { isLinkHeld } = await of.journal.holds();
      return [isLinkHeld('1', CAJ), isLinkHeld('2', CAJ), isLinkHeld('1', BO)];
    };
    const first = await carryOut(state, {
      acts: [rowAct('row-added', '7', { person: CAJ }), linkAdded('1', '7', CAJ), linkAdded('2', '7', CAJ)],
    });
    expect(await held()).toEqual([false, false, false]);
    // Taken away by no undo: a merge does that.
    await carryOut(state, { acts: [linkRemoved('1', '8', BO)] });
    const undo = await carryOut(
      state,
      { acts: [linkRemoved('1', '7', CAJ), linkRemoved('2', '7', CAJ), linkRemoved('3', '7')] },
      { undoes: first },
    );
    expect(await held()).toEqual([true, true, false]);
    await carryOut(state, { acts: [linkAdded('1', '7', BO)] });
    expect(await held()).toEqual([true, true, false]);
    await carryOut(state, { acts: [linkAdded('1', '99', CAJ)] });
    expect(await held()).toEqual([false, true, false]);
    await carryOut(state, { acts: [linkAdded('2', '7', CAJ)] }, { undoes: undo });
    expect(await held()).toEqual([false, false, false]);
    const taken = await carryOut(state, { acts: [linkAdded('2', '8', BO)] });
    const both = { acts: [linkRemoved('2', '8', BO), linkAdded('2', '9', BO), linkRemoved('1', '7', CAJ)] };
    await carryOut(state, both, { undoes: taken });
    const again = await reopen();
    expect(await held(again)).toEqual([true, false, false]);
    // In one run too, the last act about the pair counts.
    expect((await again.journal.holds()).isLinkHeld('2', BO)).toBe(false);
  });

  it('holds what a model of many runs holds', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            undoes: fc.option(fc.nat(20), { nil: undefined }),
            ending: fc.constantFrom('applied', 'applied', 'applied', 'not-applied', 'dry'),
            cells: fc.uniqueArray(fc.constantFrom('1', '2', '3')),
            links: fc.uniqueArray(fc.constantFrom('1', '2', '3')),
          }),
          { maxLength: 12 },
        ),
        async (runs) => {
          const { state } = await open();
          const holding: boolean[] = [];
          const undoneBy = new Map<number, number[]>();
          /** Runs that decided something, or undo one that did. */
          const concernDecisions = new Set<number>();
          /** Undos that took something back, if only decisions. */
          const takeBack = new Set<number>();
          const cells = new Map<string, boolean>();
          const links = new Map<string, boolean>();
          for (const [i, { undoes: wanted, ending, cells: ids, links: pupils }] of runs.entries()) {
            const undoes = wanted === undefined || i === 0 ? undefined : (wanted % i) + 1;
            const holds = undoes !== undefined && !holding[undoes - 1];
            holding.push(holds);
            const run = await begin(state, {
              dryRun: ending === 'dry',
              ...(undoes !== undefined && { undoes }),
            });
            await state.journal.planned(
              run,
              planned({
                changes: ids.map((id) => change(id, 'street', 'a', 'b')),
                acts: pupils.map((id) =>
                  undoes === undefined ? linkAdded(id, '7', CAJ) : linkRemoved(id, '7', CAJ),
                ),
                decisions: [{ ...DIFFERENT, b: guardian(`${run}`) }],
              }),
            );
            if (ending !== 'not-applied' || concernDecisions.has(undoes ?? 0)) concernDecisions.add(run);
            if (ids.length + pupils.length > 0 || concernDecisions.has(undoes ?? 0)) takeBack.add(run);
            if (ending === 'not-applied') await state.journal.notApplied(run);
            else await state.journal.applied(run, NOTHING_STRUCK, []);
            if (ending !== 'applied') continue;
            for (const id of ids) cells.set(`student:${id}`, holds);
            for (const id of pupils) links.set(id, holds);
            if (undoes !== undefined) undoneBy.set(undoes, [...(undoneBy.get(undoes) ?? []), run]);
          }
          const isUndone = (run: number): boolean =>
            (undoneBy.get(run) ?? []).some((undo) => !isUndone(undo));
          const { rows, isLinkHeld } = await state.journal.holds();
          expect([...rows].sort()).toEqual([...cells].flatMap(([key, held]) => (held ? [key] : [])).sort());
          for (const id of ['1', '2', '3']) expect(isLinkHeld(id, CAJ)).toBe(links.get(id) ?? false);
          expect((await state.journal.decisions()).map(({ b }) => Number(b.id))).toEqual(
            runs.flatMap(({ ending }, i) => (ending === 'applied' && !isUndone(i + 1) ? [i + 1] : [])),
          );
          expect((await state.journal.runs()).map((record) => record.undoneBy).reverse()).toEqual(
            runs.map((_, i) => (undoneBy.get(i + 1) ?? []).filter((undo) => takeBack.has(undo))),
          );
        },
      ),
      { numRuns: 30 },
    );
  });

  it('keeps decisions, oldest first, of runs that are applied and not undone', async () => {
    const { state, reopen } = await open();
    const other: Decision = { ...DIFFERENT, verdict: 'same' };
    const first = await carryOut(state, { decisions: [DIFFERENT, { ...DIFFERENT, b: student('1') }] });
    await carryOut(state, { decisions: [other] });
    await carryOut(state, { decisions: [other] }, { dryRun: true });
    await state.journal.planned(await begin(state), planned({ decisions: [other] }));
    const all = [DIFFERENT, { ...DIFFERENT, b: student('1') }, other];
    expect(await state.journal.decisions()).toEqual(all);
    await carryOut(state, {}, { undoes: first, dryRun: true });
    expect(await state.journal.decisions()).toEqual(all);
    const undo = await carryOut(state, {}, { undoes: first });
    expect(await state.journal.decisions()).toEqual([other]);
    const undoOfUndo = await carryOut(state, {}, { undoes: undo });
    expect(await state.journal.decisions()).toEqual(all);
    await carryOut(state, {}, { undoes: undoOfUndo });
    expect(await (await reopen()).journal.decisions()).toEqual([other]);
  });

  describe('history', () => {
    it('tells of every run, newest first, with what it did and who took it back', async () => {
      const { state, reopen } = await open();
      expect(await state.journal.runs()).toEqual([]);
      const first = await carryOut(state, {
        changes: [
          change('1', 'street', 'a', 'b'),
          change('1', 'city', 'a', 'b'),
          change('2', 'city', 'a', 'b'),
        ],
        acts: [
          rowAct('row-added', '7'),
          linkAdded('1', '7'),
          linkAdded('2', '7'),
          rowAct('row-removed', '9', { whole: wholeRow('Ek') }),
          linkRemoved('1', '9'),
          { kind: 'link-moved', link: { student: '3', guardian: '7' }, from: '9' },
        ],
        decisions: [DIFFERENT, DIFFERENT],
      });
      await state.journal.finished(first, 'gaps');
      await carryOut(state, STREET('b', 'a'), { undoes: first, command: 'undo', dryRun: true });
      await carryOut(state, STREET('b', 'a'), { undoes: first, command: 'undo' });
      const running = await begin(state, { undoes: first, command: 'undo' });
      await state.journal.planned(running, planned(STREET('b', 'a')));
      await carryOut(state, {}, { undoes: first, command: 'undo' });
      const struckOut = await begin(state);
      await state.journal.planned(struckOut, planned(STREET('b', 'a')));
      await state.journal.notApplied(struckOut);
      await begin(state, { endUser: 'bo@skola.example' });

      const base = {
        command: 'undo',
        asOf: TODAY,
        at: AT,
        endUser: 'anna@skola.example',
        dryRun: false,
        undoes: 1,
        phase: 'applied',
        changes: 1,
        changedRows: 1,
        acts: NO_ACTS,
        decisions: 0,
        undoneBy: [],
      };
      const { undoes: _, ...update } = { ...base, command: 'update' };
      const expected = [
        { ...update, run: 7, phase: 'started', changes: 0, changedRows: 0, endUser: 'bo@skola.example' },
        { ...update, run: 6, phase: 'not-applied', changes: 0, changedRows: 0 },
        { ...base, run: 5, changes: 0, changedRows: 0 },
        { ...base, run: 4, phase: 'planned' },
        { ...base, run: 3 },
        { ...base, run: 2, dryRun: true },
        {
          ...update,
          run: 1,
          exit: 'gaps',
          changes: 3,
          changedRows: 2,
          acts: { 'row-added': 1, 'row-removed': 1, 'link-added': 2, 'link-removed': 1, 'link-moved': 1 },
          decisions: 2,
          undoneBy: [3, 5],
        },
      ];
      const again = await reopen();
      expect(await again.journal.runs()).toEqual(expected);
      expect(await Promise.all([1, 2, 3, 4, 5, 6, 7].map((run) => again.journal.run(run)))).toEqual(
        [...expected].reverse(),
      );
      expect(await again.journal.run(8)).toBeUndefined();
    });

    it('knows what one run wrote, and nothing of one that only planned to', async () => {
      const { state } = await open();
      const write = { changes: [change('1', 'city', 'x', 'y', ANNA)], acts: [linkRemoved('1', '7', CAJ)] };
      const nothing = { changes: [], acts: [], erasedChanges: [], same: [] };
      const run = await begin(state);
      await state.journal.planned(run, planned(write));
      expect(await state.journal.writtenBy(run)).toEqual(nothing);
      await state.journal.applied(run, NOTHING_STRUCK, []);
      expect(await state.journal.writtenBy(run)).toEqual({ ...write, erasedChanges: [], same: [] });
      const dry = await carryOut(state, write, { dryRun: true });
      expect(await state.journal.writtenBy(dry)).toEqual(nothing);
      expect(await state.journal.writtenBy(99)).toEqual(nothing);
    });
  });
}
