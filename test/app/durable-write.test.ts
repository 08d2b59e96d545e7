import { describe, expect, it } from 'vitest';
import { type JournalledWrite, writeDurably } from '../../src/app/durable-write.ts';
import type { Journal } from '../../src/app/journal-port.ts';
import type { PreparedWrite, Staged } from '../../src/app/roster-port.ts';
import type { Decision } from '../../src/domain/decision.ts';
import { NOTHING_TO_WRITE, type RosterWrite } from '../../src/domain/roster-write.ts';
import { guardian, openGuardianWorld, rowKey } from '../support/guardian-world.ts';
import { createMemoryRoster } from '../support/memory-roster.ts';
import { createFakeSpar, TODAY } from '../support/update-world.ts';

const PLACE = { source: 0, row: 0, line: 2 };
const EDIT: RosterWrite = {
  ...NOTHING_TO_WRITE,
  edits: [{ key: rowKey('8'), place: PLACE, cells: [{ field: 'phone', from: '', to: '070' }] }],
};

const DIFFERENT: Decision = { a: rowKey('8'), b: rowKey('9'), verdict: 'different' };

function journalledWrite(write: RosterWrite, more: Partial<JournalledWrite> = {}): JournalledWrite {
  return {
    write,
    journalled: ({ removedRows }) => ({
      changes: write.edits.flatMap(({ key, cells }) => cells.map((change) => ({ key, ...change }))),
      acts: removedRows.map(({ key, whole }) => ({ kind: 'row-removed', key, whole })),
      compared: [],
      decisions: [],
    }),
    compared: () => [],
    allOrNothing: false,
    ...more,
  };
}

/** Everything that happens to journal and roster, in order. */
async function watched(over: Partial<PreparedWrite> = {}) {
  const memory = createMemoryRoster([guardian('8'), guardian('9')], { links: [] });
  const world = await openGuardianWorld(memory, createFakeSpar());
  for await (const _ of memory.read(() => {}));
  for await (const _ of memory.readLinks(() => {}));
  const { journal } = world.state;
  const run = await journal.start({
    command: 'test',
    asOf: TODAY,
    at: '2026-11-23T08:00:00.000Z',
    endUser: 'x',
    dryRun: false,
  });
  const seen: string[] = [];
  const noted = <Args extends unknown[], R>(name: string, call: (...args: Args) => R) => {
    return (...args: Args): R => {
      seen.push(name);
      return call(...args);
    };
  };
  const watchedJournal: Journal = {
    ...journal,
    planned: noted('planned', journal.planned),
    staged: noted('staged', journal.staged),
    applied: noted('applied', journal.applied),
    notApplied: noted('notApplied', journal.notApplied),
  };
  const roster = {
    ...memory,
    async prepareWrite(write: RosterWrite, number: number) {
      const prepared = await memory.prepareWrite(write, number);
      if (prepared.kind === 'target-changed') return prepared;
      const all = { ...prepared, ...over };
      return {
        ...all,
        stage: noted('stage', all.stage),
        commit: noted('commit', all.commit),
        discard: noted('discard', all.discard),
      };
    },
  };
  return { memory, run, seen, journal, deps: { roster, journal: watchedJournal } };
}

describe('the order of durable steps', () => {
  it('is journal, new files, rename, journal', async () => {
    const { run, seen, deps, journal, memory } = await watched();
    const written = await writeDurably(run, journalledWrite(EDIT), deps);
    expect(written).toMatchObject({ kind: 'written', refused: [] });
    expect(seen).toEqual(['planned', 'stage', 'commit', 'applied']);
    expect(memory.rows[0]?.phone).toBe('070');
    expect((await journal.run(run))?.phase).toBe('applied');
  });

  it('journals the new rows as they are before the end of the write', async () => {
    const { run, seen, deps, journal } = await watched();
    const write: RosterWrite = {
      ...NOTHING_TO_WRITE,
      addedRows: [{ kind: 'new', key: rowKey('10'), givenByRoster: false, cells: { last_name: 'Ek' } }],
    };
    const journalled: JournalledWrite['journalled'] = () => ({
      changes: [],
      acts: [{ kind: 'row-added', key: rowKey('10') }],
      compared: [],
      decisions: [],
    });
    await writeDurably(run, journalledWrite(write, { journalled }), deps);
    expect(seen).toEqual(['planned', 'stage', 'staged', 'commit', 'applied']);
    expect((await journal.writtenBy(run)).acts).toEqual([
      expect.objectContaining({ kind: 'row-added', whole: expect.objectContaining({ source: 'memory' }) }),
    ]);
  });

  it('takes back what was staged when staging, journalling or the end of the write fails', async () => {
    const fails = async () => {
      throw new Error('disk full');
    };
    for (const [over, steps] of [
      [{ stage: fails }, ['planned', 'stage', 'discard', 'notApplied']],
      [{ commit: fails }, ['planned', 'stage', 'commit', 'discard', 'notApplied']],
    ] as const) {
      const { run, seen, deps, journal, memory } = await watched(over);
      await expect(writeDurably(run, journalledWrite(EDIT), deps)).rejects.toThrow('disk full');
      expect(seen).toEqual(steps);
      expect(memory.rows[0]?.phone).toBe('');
      expect(await journal.unfinished()).toEqual([]);
      expect((await journal.run(run))?.changes).toBe(0);
    }
  });

  it('says that the target has changed, whether before or at the end, and journals nothing of it', async () => {
    const early = await watched();
    Object.assign(early.memory.rows[1] ?? {}, { phone: '08' });
    expect(await writeDurably(early.run, journalledWrite(EDIT), early.deps)).toEqual({
      kind: 'target-changed',
    });
    expect(early.seen).toEqual([]);

    const late = await watched();
    late.memory.beforeCommit = () => void Object.assign(late.memory.rows[1] ?? {}, { phone: '08' });
    expect(await writeDurably(late.run, journalledWrite(EDIT), late.deps)).toEqual({
      kind: 'target-changed',
    });
    expect(late.seen).toEqual(['planned', 'stage', 'commit', 'discard', 'notApplied']);
    expect((await late.journal.run(late.run))?.changes).toBe(0);
  });

  it('takes out of the journal what was refused, a link that was to be moved as well', async () => {
    const moved = { student: '1', guardian: '8' };
    const staged: Staged = {
      refused: [{ key: rowKey('8'), reason: 'row-refused' }],
      refusedLinks: [{ link: moved, reason: 'row-refused' }],
      ids: new Map(),
      added: [],
    };
    const { run, deps, journal } = await watched({
      stage: async () => staged,
      commit: async () => ({ kind: 'committed' }),
    });
    const write: RosterWrite = { ...EDIT, movedLinks: [{ link: moved, place: PLACE, toGuardian: '9' }] };
    const journalled: JournalledWrite['journalled'] = () => ({
      changes: [{ key: rowKey('8'), field: 'phone', from: '', to: '070' }],
      acts: [
        { kind: 'link-moved', link: { student: '1', guardian: '9' }, from: '8' },
        { kind: 'link-added', link: { student: '2', guardian: '9' } },
      ],
      compared: [],
      decisions: [],
    });
    // The roster in memory knows no such link: it only has to be prepared.
    const roster = {
      ...deps.roster,
      prepareWrite: (_: RosterWrite, number: number) => deps.roster.prepareWrite(EDIT, number),
    };
    await writeDurably(run, journalledWrite(write, { journalled }), { ...deps, roster });
    const { changes, acts } = await journal.writtenBy(run);
    expect(changes).toEqual([]);
    expect(acts).toEqual([{ kind: 'link-added', link: { student: '2', guardian: '9' } }]);
  });

  it('writes nothing at all when something is refused and it is all or nothing', async () => {
    const { run, seen, deps, journal, memory } = await watched();
    const write: RosterWrite = {
      ...EDIT,
      edits: [
        ...EDIT.edits,
        { key: rowKey('9'), place: { ...PLACE, row: 1 }, cells: [{ field: 'phone', from: '1', to: '2' }] },
      ],
    };
    const written = await writeDurably(run, journalledWrite(write, { allOrNothing: true }), deps);
    expect(written).toMatchObject({ kind: 'refused', staged: { refused: [{ key: { id: '9' } }] } });
    expect(seen).toEqual(['planned', 'stage', 'discard', 'notApplied']);
    expect(memory.rows[0]?.phone).toBe('');
    expect((await journal.run(run))?.changes).toBe(0);
  });

  it('remembers decisions that change nothing in the roster', async () => {
    const { run, seen, deps, journal } = await watched();
    const journalled: JournalledWrite['journalled'] = () => ({
      changes: [],
      acts: [],
      compared: [],
      decisions: [DIFFERENT],
    });
    await writeDurably(run, journalledWrite(NOTHING_TO_WRITE, { journalled }), deps);
    expect(seen).toEqual(['planned', 'applied']);
    expect(await journal.decisions()).toEqual([DIFFERENT]);
  });
});
