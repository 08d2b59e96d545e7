import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Answer } from '../../src/domain/person.ts';
import type { PersonId } from '../../src/domain/person-id.ts';
import type { PlanItem } from '../../src/domain/plan.ts';
import type { Cells, RosterEntry } from '../../src/domain/roster.ts';
import { PERSON_TYPES, rowKeyText } from '../../src/domain/roster.ts';
import type { Snapshot } from '../../src/domain/snapshot.ts';
import { comparedMark } from '../../src/domain/update/compared-mark.ts';
import { fingerprintOf } from '../../src/domain/update/fingerprint.ts';
import type { PlanOptions, UpdatePlan } from '../../src/domain/update-plan.ts';
import { chooseAffordable, type Need } from '../../src/domain/update-plan.ts';
import { createUpdatePlanner } from '../../src/domain/update-planner.ts';
import { anyAnswer, anyCells, anyRules, date, personId } from '../support/arbitraries.ts';

const TODAY = date('2026-11-23');

const OPTIONS: PlanOptions = {
  rules: {
    address: 'mailing',
    firstName: 'call',
    fields: { first_name: 'review', last_name: 'spar', address: 'spar' },
    renumbered: 'review',
  },
  freshness: { kind: 'months', months: 1 },
  today: TODAY,
  granted: ['relations'],
  selected: () => true,
  refresh: false,
  insist: false,
  overwriteEdits: false,
  offline: false,
  answeredNow: new Set(),
  unasked: new Map(),
  canHold: () => true,
  undoneRows: new Set(),
  protectedPeople: new Map(),
  renumbered: [],
  decisions: [],
  markedBefore: [],
  stamps: () => ({ first_name: 'f', last_name: 'l', address: 'a' }),
};

type Answers = ReadonlyMap<PersonId, Snapshot>;

function planOf(
  entries: readonly RosterEntry[],
  answers: Answers,
  options: Partial<PlanOptions> = {},
  { skipAsBefore = false } = {},
): UpdatePlan {
  const planner = createUpdatePlanner({ ...OPTIONS, ...options });
  for (const entry of entries) {
    const row = planner.register(entry);
    if (row === undefined) continue;
    const snapshot = row.person && answers.get(row.person);
    if (skipAsBefore && planner.isAsBefore(row, snapshot)) continue;
    const question = planner.consider(row, snapshot);
    if (question?.kind === 'successor') {
      planner.consider(row, snapshot, { successor: answers.get(question.id) ?? null });
    } else if (question?.kind === 'written') {
      planner.consider(row, snapshot, { written: [] });
    }
  }
  return planner.finish();
}

/** A few people, each with an answer, on rows of all types; some rows share a person, some an id. */
const anySchool = fc
  .array(
    fc.record({
      type: fc.constantFrom(...PERSON_TYPES),
      id: fc.integer({ min: 1, max: 30 }).map(String),
      person: fc.integer({ min: 0, max: 5 }),
      cells: anyCells,
    }),
    { maxLength: 12 },
  )
  .chain((rows) =>
    fc.record({
      rows: fc.constant(rows),
      answers: fc.array(anyAnswer, { minLength: 6, maxLength: 6 }),
      rules: anyRules,
    }),
  )
  .map(({ rows, answers, rules }) => {
    const people: PersonId[] = answers.map((answer) => answer.id);
    const entries = rows.map(
      (row, i): RosterEntry => ({
        key: { type: row.type, id: row.id },
        place: { source: 0, row: i, line: i + 2 },
        cells: {
          ...row.cells,
          personnummer: people[row.person] ?? '',
          birth_date: undefined,
          active: undefined,
        },
      }),
    );
    const snapshots = new Map(
      answers.map((answer): [PersonId, Snapshot] => [
        answer.id,
        { answer, fetchedOn: TODAY, permissions: [], comparedRows: [] },
      ]),
    );
    return { entries, answers: snapshots as Answers, rules };
  });

function carryOut(entries: readonly RosterEntry[], plan: UpdatePlan): RosterEntry[] {
  const items = new Map(plan.items.map((item) => [rowKeyText(item.key), item]));
  return entries.map((entry) => {
    const item = items.get(rowKeyText(entry.key));
    const cells: Record<string, string | undefined> = { ...entry.cells };
    const changes = item?.kind === 'update' ? [...item.changes] : [];
    if (item?.checked) changes.push(item.checked);
    for (const { field, from, to } of changes) {
      expect(cells[field]).toBe(from);
      cells[field] = to;
    }
    return { ...entry, cells: cells as Cells };
  });
}

function comparable(item: PlanItem): unknown {
  return { ...item, place: undefined };
}

describe('the plan over a whole roster', () => {
  it('is the same whatever the order of the rows, but for their order', () => {
    fc.assert(
      fc.property(
        anySchool,
        fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
        (school, order) => {
          const { entries, answers, rules } = school;
          const shuffled = entries
            .map((entry) => ({ entry, at: order.next().value }))
            .sort((a, b) => a.at - b.at)
            .map(({ entry }) => entry);
          const one = planOf(entries, answers, { rules });
          const two = planOf(shuffled, answers, { rules });
          const byKey = (plan: UpdatePlan) =>
            new Map(plan.items.map((item) => [rowKeyText(item.key), comparable(item)]));
          expect(byKey(two)).toEqual(byKey(one));
          expect(two.counts).toEqual(one.counts);
          expect(new Set(two.needs.map((need) => need.id))).toEqual(
            new Set(one.needs.map((need) => need.id)),
          );
        },
      ),
    );
  });

  it('changes nothing once it has been carried out', () => {
    fc.assert(
      fc.property(anySchool, ({ entries, answers, rules }) => {
        const after = carryOut(entries, planOf(entries, answers, { rules }));
        const again = planOf(after, answers, { rules });
        expect(again.items.filter((item) => item.kind === 'update')).toEqual([]);
        expect(again.items.filter((item) => item.checked)).toEqual([]);
      }),
    );
  });

  it('is the same when the rows that are as before are not compared again', () => {
    fc.assert(
      fc.property(anySchool, anySchool, ({ entries, answers, rules }, other) => {
        const before = planOf(entries, answers, { rules });
        const remembered = new Map(
          [...answers].map(([id, snapshot]): [PersonId, Snapshot] => {
            const marks = [...before.compared].filter((row) => row.person === id).map((row) => row.mark);
            return [id, { ...snapshot, comparedRows: marks }];
          }),
        );
        // The same rows, some of them edited since: by cells of other made-up rows.
        const edited = entries.map((entry, i) => {
          const cells = i % 3 === 0 ? other.entries[i]?.cells : undefined;
          return cells ? { ...entry, cells: { ...cells, personnummer: entry.cells.personnummer } } : entry;
        });
        const full = planOf(edited, remembered, { rules });
        const short = planOf(edited, remembered, { rules }, { skipAsBefore: true });
        expect(short.items).toEqual(full.items);
        expect(short.counts).toEqual(full.counts);
        expect(new Set(short.toWithhold)).toEqual(new Set(full.toWithhold));
      }),
      { numRuns: 300 },
    );
  });

  it('never empties a name or a street, and never touches rows that share an id', () => {
    fc.assert(
      fc.property(anySchool, ({ entries, answers, rules }) => {
        const { items } = planOf(entries, answers, { rules });
        const ids = entries.map((entry) => rowKeyText(entry.key));
        for (const item of items) {
          expect(ids.filter((id) => id === rowKeyText(item.key))).toHaveLength(1);
          for (const { field, to } of item.kind === 'update' ? item.changes : []) {
            if (field === 'first_name' || field === 'last_name' || field === 'street')
              expect(to).not.toBe('');
          }
        }
      }),
    );
  });

  it('writes nothing but a mark to anybody whom SPAR or any row protects', () => {
    fc.assert(
      fc.property(anySchool, ({ entries, answers, rules }) => {
        const no = new Set(['', '0', 'nej', 'no', 'false']);
        const isMarked = ({ cells }: RosterEntry) => !no.has((cells.protected ?? '').trim().toLowerCase());
        const hidden = new Set<string>(
          entries.filter(isMarked).map((entry) => entry.cells.personnummer ?? ''),
        );
        for (const [id, { answer }] of answers) if (answer.kind === 'protected') hidden.add(id);
        for (const item of planOf(entries, answers, { rules }).items) {
          if (item.kind !== 'update' || !hidden.has(item.person)) continue;
          expect(item.changes.map((change) => change.field)).toEqual(['protected']);
          expect(item.checked).toBeUndefined();
        }
      }),
    );
  });
});

describe('who has to be asked about', () => {
  const ANNA = personId('199001142380');
  const CHILD = personId('201501122384');
  const entry = (
    type: RosterEntry['key']['type'],
    id: string,
    person: string,
    cells: Partial<Cells> = {},
  ): RosterEntry => ({
    key: { type, id },
    place: { source: 0, row: Number(id), line: Number(id) + 1 },
    cells: { personnummer: person, protected: '', ...cells } as Cells,
  });
  const snapshot = (answer: Answer, fetchedOn = '2026-11-20'): Snapshot => ({
    answer,
    fetchedOn: date(fetchedOn),
    permissions: [],
    comparedRows: [],
  });

  it('does not need anybody whose answer is fresh', () => {
    const answers = new Map([[ANNA, snapshot({ kind: 'not-found', id: ANNA })]]);
    expect(planOf([entry('staff', '1', ANNA)], answers).needs).toEqual([]);
  });

  it('needs whoever was never asked about, and whose answer is too old', () => {
    const answers = new Map([[ANNA, snapshot({ kind: 'not-found', id: ANNA }, '2026-10-23')]]);
    const { needs } = planOf([entry('staff', '1', ANNA), entry('student', '2', CHILD)], answers);
    expect(needs).toEqual([
      { id: ANNA, permissions: [], rows: [{ type: 'staff', id: '1' }], lastAnswer: '2026-10-23' },
      { id: CHILD, permissions: ['relations'], rows: [{ type: 'student', id: '2' }] },
    ]);
  });

  it('says offline instead of needing anybody', () => {
    const { needs, items } = planOf([entry('staff', '1', ANNA)], new Map(), { offline: true });
    expect(needs).toEqual([]);
    expect(items).toMatchObject([{ kind: 'unknown', because: 'offline' }]);
  });

  it('does not pay again and again for somebody whom one row marks and another does not', () => {
    const answers = new Map([[ANNA, snapshot({ kind: 'withheld', id: ANNA })]]);
    const rows = [entry('staff', '1', ANNA), entry('guardian', '2', ANNA, { protected: 'ja' })];
    const { needs, items } = planOf(rows, answers);
    expect(needs).toEqual([]);
    expect(items).toMatchObject([
      { key: { id: '1' }, kind: 'review', reviews: ['protected'] },
      { key: { id: '2' }, kind: 'review', reviews: ['no-longer-protected'] },
    ]);
  });

  it('takes those never asked first, then the oldest answers, when the budget is short', () => {
    const need = (id: string, lastAnswer?: string): Need => ({
      id: personId(id),
      permissions: [],
      rows: [],
      ...(lastAnswer && { lastAnswer: date(lastAnswer) }),
    });
    const needs = [need(ANNA, '2026-03-01'), need(CHILD), need('199002092386', '2026-01-01')];
    const { affordable, tooMany } = chooseAffordable(needs, 2);
    expect(affordable.map((n) => n.id)).toEqual([CHILD, '199002092386']);
    expect(tooMany.map((n) => n.id)).toEqual([ANNA]);
  });
});

describe('a number that the roster does not know yet', () => {
  const OLD = personId('199001142380');
  const OTHER_OLD = personId('199002092386');
  const NEW = personId('199001112391');
  const rules = { ...OPTIONS.rules, renumbered: 'follow' } as const;
  const birthDate = date('1990-01-14');
  const renumbered = (id: PersonId): Snapshot => ({
    answer: { kind: 'deregistered', id, reason: 'renumbered', birthDate, successors: [NEW] },
    fetchedOn: TODAY,
    permissions: [],
    comparedRows: [],
  });
  const answers: Answers = new Map([
    [OLD, renumbered(OLD)],
    [OTHER_OLD, renumbered(OTHER_OLD)],
    [
      NEW,
      {
        answer: { kind: 'registered', id: NEW, name: {}, birthDate, emigrated: false, predecessors: [OLD] },
        fetchedOn: TODAY,
        permissions: [],
        comparedRows: [],
      },
    ],
  ]);
  const entry = (id: string, person: string): RosterEntry => ({
    key: { type: 'staff', id },
    place: { source: 0, row: Number(id), line: Number(id) + 1 },
    cells: { personnummer: person } as Cells,
  });
  const numbersOf = (plan: UpdatePlan) =>
    plan.items.map((item) =>
      item.kind === 'update' ? item.changes[0].to : item.kind === 'review' && item.reviews[0],
    );

  it('is written when it is on no other row', () => {
    expect(numbersOf(planOf([entry('1', OLD)], answers, { rules }))).toEqual([NEW]);
  });

  it('goes to a person when another row holds it, wherever that row stands', () => {
    for (const rows of [
      [entry('1', OLD), entry('2', NEW)],
      [entry('2', NEW), entry('1', OLD)],
    ]) {
      expect(numbersOf(planOf(rows, answers, { rules }))).toContain('renumbered');
    }
  });

  it('goes to a person when two people would get it', () => {
    expect(numbersOf(planOf([entry('1', OLD), entry('2', OTHER_OLD)], answers, { rules }))).toEqual([
      'renumbered',
      'renumbered',
    ]);
  });

  describe('of somebody who is protected under yet another', () => {
    const FIRST = personId('199101212380');
    const hidden = {
      protectedPeople: new Map([[FIRST, 'skyddad folkbokföring' as const]]),
      renumbered: [
        { former: FIRST, successors: [OLD] },
        { former: OLD, successors: [NEW] },
      ],
    };

    it('is not followed; nothing but the mark is written', () => {
      const row = entry('1', OLD);
      const plan = planOf([{ ...row, cells: { ...row.cells, protected: '', status: '' } }], answers, {
        ...hidden,
        rules,
      });
      expect(plan.items).toMatchObject([
        {
          kind: 'update',
          changes: [{ field: 'protected', from: '', to: 'skyddad folkbokföring' }],
          reviews: ['protected'],
        },
      ]);
      expect([...plan.compared]).toEqual([]);
    });

    it('has what is kept under all numbers erased, and of all rows, chosen or not', () => {
      const plan = planOf([entry('1', OLD), entry('2', OTHER_OLD)], answers, {
        ...hidden,
        selected: () => false,
      });
      expect([...plan.toWithhold].sort()).toEqual([NEW, OLD].sort());
      expect(plan.protectedRows).toEqual([{ type: 'staff', id: '1' }]);
    });

    it('is looked at even where the row is as it was before', () => {
      const planner = createUpdatePlanner({ ...OPTIONS, ...hidden });
      const other = createUpdatePlanner(OPTIONS);
      const row = entry('1', NEW);
      const comparedRows = [comparedMark(row.key, OPTIONS.stamps(0), fingerprintOf(row.cells))];
      const isAsBefore = ({ register, isAsBefore: ask }: typeof planner) => {
        const registered = register(row);
        return registered && ask(registered, { fetchedOn: TODAY, comparedRows });
      };
      expect([isAsBefore(other), isAsBefore(planner)]).toEqual([true, false]);
    });
  });

  it('is not needed for a mark to count: what was written to such a row is erased', () => {
    const marked = (id: string, active: string): RosterEntry => {
      const row = entry(id, '20100101-TF01');
      return { ...row, cells: { ...row.cells, protected: 'ja', active } };
    };
    const rows = [marked('1', ''), marked('2', 'nej'), entry('3', '')];
    const plan = planOf(rows, answers);
    expect(plan.protectedRows).toEqual([
      { type: 'staff', id: '1' },
      { type: 'staff', id: '2' },
    ]);
    expect(plan.items).toMatchObject([
      { kind: 'unknown', because: 'temporary-id', reviews: ['protected'] },
      { kind: 'unknown', because: 'inactive', reviews: [] },
      { kind: 'unknown', because: 'id-missing', reviews: [] },
    ]);
  });
});
