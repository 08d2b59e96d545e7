import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DecidedPair } from '../../src/domain/duplicates/merge-groups.ts';
import type { Families } from '../../src/domain/families.ts';
import { type MergeKnowledge, type MergePlan, planMerges } from '../../src/domain/merge.ts';
import type { RosterField, RowKey } from '../../src/domain/roster.ts';
import { isNothing, NOTHING_TO_WRITE } from '../../src/domain/roster-write.ts';
import { withCheckDigit } from '../support/arbitraries.ts';
import { familiesFrom, guardianKey, type SmallSchool } from '../support/small-school.ts';

const ANNA = withCheckDigit('19800101238');
const EVA = withCheckDigit('19810303238');
const EMAIL = 'anna.ek@example.org';

type Planned = Extract<MergePlan, { kind: 'planned' }>;

/** `same 1 2 1`: guardian rows 1 and 2 are the same, 1 is kept. Lines are counted from 2, as in the file. */
function decide(...lines: readonly string[]): DecidedPair[] {
  return lines.map((text, i) => {
    const [verdict, a = '', b = '', keep = a] = text.split(' ');
    return {
      a: keyOf(a),
      b: keyOf(b),
      keep: keyOf(keep),
      verdict: verdict === 'same' ? 'same' : 'different',
      line: i + 2,
    };
  });
}

function keyOf(text: string): RowKey {
  const [id, type] = text.split(':').reverse();
  return { type: type === 'staff' || type === 'student' ? type : 'guardian', id: id ?? '' };
}

function plan(
  school: SmallSchool,
  decided: readonly DecidedPair[],
  { referrers = {}, ...known }: { referrers?: Record<string, string[]> } & Partial<MergeKnowledge> = {},
): MergePlan {
  return planMerges(familiesFrom(school), decided, new Map(Object.entries(referrers)), {
    renumbered: [],
    isProtected: () => false,
    ...known,
  });
}

function planned(...args: Parameters<typeof plan>): Planned {
  const made = plan(...args);
  if (made.kind === 'refused') throw new Error(`refused: ${JSON.stringify(made.problems)}`);
  return made;
}

function problemsOf(...args: Parameters<typeof plan>) {
  const made = plan(...args);
  return made.kind === 'refused' ? made.problems : [];
}

/** The cells that the kept row gets, by field. */
function filledIn({ write }: Planned) {
  expect(write.edits.length).toBeLessThan(2);
  return Object.fromEntries((write.edits[0]?.cells ?? []).map(({ field, to }) => [field, to]));
}

const two = (one: object, other: object): SmallSchool => ({ guardians: { 1: one, 2: other } });
const SAME = decide('same 1 2');

describe('what the kept row gets', () => {
  it.each([
    ['empty e-mail and phone', {}, { email: EMAIL, phone: '070' }, { email: EMAIL, phone: '070' }],
    ['nothing where it has its own', { email: 'a@b', phone: '1' }, { email: EMAIL, phone: '070' }, {}],
    ['a number', {}, { personnummer: ANNA.slice(2) }, { personnummer: ANNA.slice(2) }],
    [
      'a number for one that is none',
      { personnummer: 'T12' },
      { personnummer: ANNA },
      { personnummer: ANNA },
    ],
    ['no number that is none', {}, { personnummer: 'T12' }, {}],
    [
      'twelve digits where it would read ten in another way',
      { birth_date: '1981-01-01' },
      { personnummer: ANNA.slice(2) },
      { personnummer: ANNA },
    ],
    ['a mark of protection', { protected: 'nej' }, { protected: 'ja' }, { protected: 'ja' }],
    ['no other mark', { protected: 'sekretessmarkering' }, { protected: 'ja' }, {}],
    ['nothing else', { street: '' }, { street: 'Storgatan 1', first_name: 'Anna' }, {}],
  ])('%s', (_, kept, other, cells) => {
    const made = planned(two(kept, other), SAME);
    expect(filledIn(made)).toEqual(cells);
    expect(made.write.removedRows.map(({ key }) => key)).toEqual([guardianKey('2')]);
  });

  it('tells what it did not take, spelling aside', () => {
    const kept = { email: EMAIL, phone: '070-174 06 05' };
    const leftOut = (other: object) => planned(two(kept, other), SAME).merged[0]?.leftOut;
    expect(leftOut({ email: EMAIL.toUpperCase(), phone: '+46701740605' })).toEqual([]);
    expect(leftOut({ email: 'b@example.org', phone: '0701740606' })).toEqual([
      { field: 'email', value: 'b@example.org' },
      { field: 'phone', value: '0701740606' },
    ]);
  });

  it('tells nothing of protected people', () => {
    const [kept, other] = [{ email: EMAIL }, { email: 'b@example.org' }];
    expect(planned(two({ ...kept, protected: 'ja' }, other), SAME).merged[0]?.leftOut).toEqual([]);
    expect(planned(two(kept, { ...other, protected: 'ja' }), SAME).merged[0]?.leftOut).toEqual([]);
    const known = { isProtected: () => true };
    expect(planned(two({ ...kept, personnummer: ANNA }, other), SAME, known).merged[0]?.leftOut).toEqual([]);
  });

  it('takes from the row with most links, then from the lowest id', () => {
    const school = {
      guardians: { 1: {}, 2: { phone: '2', email: 'b@x' }, 10: { phone: '10' }, 3: { email: 'c@x' } },
      students: { s: {} },
      links: [['s', '10']] as const,
    };
    const made = planned(school, decide('same 1 2', 'same 1 10', 'same 3 1 1'));
    expect(filledIn(made)).toEqual({ phone: '10', email: 'b@x' });
    expect(made.merged.map(({ removed, leftOut }) => [removed.id, leftOut])).toEqual([
      ['10', []],
      ['2', [{ field: 'phone', value: '2' }]],
      ['3', [{ field: 'email', value: 'c@x' }]],
    ]);
  });

  it('gets no e-mail that a third row holds', () => {
    const school = { guardians: { 1: {}, 2: { email: EMAIL }, 3: { email: EMAIL.toUpperCase() } } };
    const made = planned(school, SAME);
    expect(filledIn(made)).toEqual({});
    expect(made.reviews).toEqual([{ key: guardianKey('1'), reason: 'email-taken' }]);
    expect(made.merged[0]?.leftOut).toEqual([{ field: 'email', value: EMAIL }]);
  });

  it('gets it where the third row goes too, and only one row does', () => {
    const school = { guardians: { 1: {}, 2: { email: EMAIL }, 3: {}, 4: { email: EMAIL } } };
    const made = planned(school, decide('same 1 2', 'same 3 4'));
    expect(made.write.edits).toMatchObject([
      { key: guardianKey('1'), cells: [{ field: 'email', to: EMAIL }] },
    ]);
    expect(made.reviews).toEqual([{ key: guardianKey('3'), reason: 'email-taken' }]);
  });
});

describe('links', () => {
  it('go to the kept row, without doubles', () => {
    const school = {
      guardians: { 1: {}, 2: {}, 3: {} },
      students: { a: {}, b: {}, c: {} },
      links: [
        ['a', '1'],
        ['a', '2'],
        ['b', '2'],
        ['b', '3'],
        ['c', '3'],
      ] as const,
    };
    const made = planned(school, decide('same 1 2', 'same 2 3 2'));
    const { movedLinks, removedLinks } = made.write;
    expect(movedLinks.map(({ link, toGuardian }) => [link.student, link.guardian, toGuardian])).toEqual([
      ['b', '2', '1'],
      ['c', '3', '1'],
    ]);
    expect(removedLinks.map(({ link }) => [link.student, link.guardian])).toEqual([
      ['a', '2'],
      ['b', '3'],
    ]);
    expect(made.links).toEqual({ moved: 2, removed: 2, present: 1 });
  });

  const EMPTY = ['a', '1', '', 'spar'] as const;
  it.each([
    ['a relation', [EMPTY, ['a', '2', 'pappa', 'spar']], ['a-2'], ['a-1']],
    ['another source', [EMPTY, ['a', '2', '', 'school']], ['a-2'], ['a-1']],
    ['nothing more', [EMPTY, ['a', '2', ' ', 'SPAR']], [], ['a-2']],
    [
      'as much',
      [
        ['a', '1', 'far'],
        ['a', '2', 'pappa', 'school'],
      ],
      [],
      ['a-2'],
    ],
    [
      'less',
      [
        ['a', '1', '', 'school'],
        ['a', '2', '', 'spar'],
      ],
      [],
      ['a-2'],
    ],
    ['more in its second link', [EMPTY, ['a', '2'], ['a', '2', 'far']], ['a-2'], ['a-1', 'a-2']],
    ['more in a third row', [EMPTY, ['a', '2'], ['a', '3', 'far']], ['a-3'], ['a-1', 'a-2']],
    ['more than both of it', [EMPTY, EMPTY, ['a', '2', 'far']], ['a-2'], ['a-1', 'a-1']],
    ['less than one of it', [EMPTY, ['a', '1', 'far'], ['a', '2', 'pappa']], [], ['a-2']],
    [
      'the more, where the kept row has none',
      [
        ['a', '2'],
        ['a', '3', 'far'],
      ],
      ['a-3'],
      ['a-2'],
    ],
  ] as const)('keep what somebody has written: the other says %s', (_, links, moved, removed) => {
    const school = { guardians: { 1: {}, 2: {}, 3: {} }, students: { a: {} }, links };
    const { write } = planned(school, decide('same 1 2', 'same 1 3'));
    const name = ({ link }: { link: { student: string; guardian: string } }) =>
      `${link.student}-${link.guardian}`;
    expect(write.movedLinks.map((one) => [name(one), one.toGuardian])).toEqual(
      moved.map((one) => [one, '1']),
    );
    expect(write.removedLinks.map(name)).toEqual(removed);
    // Nobody loses a link on the way, and each goes once.
    const places = [...write.movedLinks, ...write.removedLinks].map(({ place }) => place.row);
    expect(new Set(places).size).toBe(places.length);
  });
});

describe('decisions that are remembered', () => {
  it('are all of them, once, with whose rows they were', () => {
    const school = {
      guardians: { 1: { personnummer: ANNA }, 2: {}, 3: {} },
      staff: { 7: { personnummer: ANNA } },
    };
    const decided = decide('different 3 1', 'same 2 1 1', 'same 1 staff:7', 'different 1 3');
    const made = planned(school, decided);
    const anna = { a: guardianKey('1'), aPerson: ANNA };
    expect(made.decisions).toEqual([
      { ...anna, b: guardianKey('2'), verdict: 'same' },
      { ...anna, b: guardianKey('3'), verdict: 'different' },
      { ...anna, b: { type: 'staff', id: '7' }, bPerson: ANNA, verdict: 'same' },
    ]);
    expect(made.merged).toHaveLength(1);
  });

  it('write nothing where they are none, or that two are different, or one in two roles', () => {
    const school = { guardians: { 1: { personnummer: ANNA }, 2: {} }, staff: { 7: { personnummer: ANNA } } };
    expect(plan(school, [])).toEqual({
      kind: 'planned',
      write: NOTHING_TO_WRITE,
      decisions: [],
      merged: [],
      reviews: [],
      links: { moved: 0, removed: 0, present: 0 },
    });
    const made = planned(school, decide('different 1 2', 'same 1 staff:7'));
    expect(isNothing(made.write)).toBe(true);
    expect(made.decisions).toHaveLength(2);
  });
});

describe('the row that is kept', () => {
  const three = { guardians: { 1: {}, 2: {}, 3: {} } };

  it.each([
    [['same 1 2 1', 'same 1 3 1'], '1'],
    [['same 1 2 1', 'same 2 3 2'], '1'],
    [['same 1 2 2', 'same 2 3 3'], '3'],
  ])('%j: %s', (lines, kept) => {
    const { merged } = planned(three, decide(...lines));
    expect(merged.map((each) => each.kept.id)).toEqual([kept, kept]);
  });

  it.each([
    [['same 1 2 1', 'same 2 3 3'], 3, ['1', '3']],
    [['same 1 2 1', 'same 1 2 2'], 3, ['1', '2']],
    [['same 1 2 1', 'same 2 3 2', 'same 3 1 3'], 3, ['1', '2', '3']],
    [['same 1 2 3'], 2, ['1', '2', '3']],
  ])('is not known: %j', (lines, line, rows) => {
    expect(problemsOf(three, decide(...lines))).toEqual([
      { line, kind: 'other-keep', rows: rows.map(guardianKey) },
    ]);
  });
});

describe('what is refused', () => {
  const school: SmallSchool = {
    guardians: { 1: { personnummer: ANNA }, 2: {}, 3: { personnummer: EVA } },
    students: { 1: {} },
    staff: { 7: { personnummer: ANNA }, 8: {} },
  };

  it.each([
    ['a row that is not there', ['same 1 9'], 'unknown-row', 2, ['9'], ['b']],
    [
      'rows that are not there, though different',
      ['different 8 9'],
      'unknown-row',
      2,
      ['8', '9'],
      ['a', 'b'],
    ],
    ['rows of two types', ['same 1 staff:8'], 'other-type', 2, ['1', 'staff:8']],
    ['rows of another type', ['same staff:7 staff:8'], 'other-type', 2, ['staff:7', 'staff:8']],
    ['a row and itself', ['same 1 1'], 'contradiction', 2, ['1']],
    ['same and different', ['same 1 2', 'different 2 1'], 'contradiction', 3, ['2', '1']],
    ['two numbers', ['same 1 3'], 'two-numbers', 2, ['1', '3']],
    ['two numbers over a third row', ['same 1 2', 'same 2 3 3'], 'two-numbers', 2, ['1', '3']],
  ])('%s', (_, lines, kind, line, rows, cells?: string[]) => {
    const problems = problemsOf(school, decide(...lines));
    expect(problems).toContainEqual({ line, kind, rows: rows.map(keyOf), ...(cells && { cells }) });
  });

  it('two numbers only without a Hänvisning between them', () => {
    for (const renumbered of [
      [{ former: ANNA, successors: [EVA] }],
      [{ former: EVA, successors: [ANNA, withCheckDigit('19810303239')] }],
      [
        { former: ANNA, successors: [withCheckDigit('19810303239')] },
        { former: withCheckDigit('19810303239'), successors: [EVA] },
      ],
    ]) {
      expect(plan(school, decide('same 1 3'), { renumbered }).kind).toBe('planned');
    }
  });

  it('two that are different within one person', () => {
    const rows = { guardians: { 1: {}, 2: {}, 3: {} } };
    const decided = decide('different 3 1', 'same 1 2', 'same 2 3 2');
    expect(problemsOf(rows, decided)).toEqual([
      { line: 2, kind: 'contradiction', rows: [guardianKey('3'), guardianKey('1')] },
    ]);
  });

  it('a row that another table refers to, if it is to go', () => {
    const referrers = { 'guardian:2': ['pickups', 'invoices'] };
    expect(problemsOf(school, decide('different 1 3', 'same 1 2'), { referrers })).toEqual([
      { line: 3, kind: 'referred-to', rows: [guardianKey('2')], tables: ['pickups', 'invoices'] },
    ]);
    expect(plan(school, decide('same 1 2 2'), { referrers }).kind).toBe('planned');
  });

  it('a mark that has no place', () => {
    const families = familiesFrom(two({}, { protected: 'ja' }));
    const guardians = families.guardians.map((row) => ({
      ...row,
      cells: { ...row.cells, protected: undefined },
    }));
    const without: Families = {
      ...families,
      guardians,
      guardian: (id) => guardians.find(({ key }) => key.id === id),
    };
    expect(planMerges(without, SAME, new Map())).toMatchObject({
      kind: 'refused',
      problems: [{ line: 2, kind: 'no-place-for-mark', rows: [guardianKey('1'), guardianKey('2')] }],
    });
  });

  it('everything, with all there is to say, by line', () => {
    const decided = decide('same 1 3', 'same 2 9', 'different 3 1', 'same 1 student:1');
    const problems = problemsOf(school, decided);
    expect(problems.map(({ line, kind }) => [line, kind])).toEqual([
      [2, 'two-numbers'],
      [3, 'unknown-row'],
      [4, 'contradiction'],
      [5, 'other-type'],
    ]);
  });
});

/** Rows and links as the roster would hold them: what a write comes to. */
interface Model {
  readonly rows: Map<string, Partial<Record<RosterField, string | undefined>>>;
  /** Guardian to its students, one for each link. */
  readonly links: Map<string, string[]>;
}

function modelOf(families: Families): Model {
  return {
    rows: new Map(families.guardians.map((row) => [row.key.id, { ...row.cells }])),
    links: new Map(
      families.guardians.map((row) => [row.key.id, row.links.map(({ student }) => student.key.id)]),
    ),
  };
}

/** In the order in which a roster is written; fails where a step meets something else than the plan saw. */
function applyTo({ rows, links }: Model, { write }: Planned): void {
  const takeLink = (guardian: string, student: string): void => {
    const students = links.get(guardian) ?? [];
    const at = students.indexOf(student);
    expect(at).not.toBe(-1);
    students.splice(at, 1);
  };
  for (const { link } of write.removedLinks) takeLink(link.guardian, link.student);
  for (const { link, toGuardian } of write.movedLinks) {
    takeLink(link.guardian, link.student);
    links.get(toGuardian)?.push(link.student);
  }
  for (const { key } of write.removedRows) {
    expect(links.get(key.id)).toEqual([]);
    links.delete(key.id);
    expect(rows.delete(key.id)).toBe(true);
  }
  for (const { key, cells } of write.edits) {
    const row = rows.get(key.id);
    expect(row).toBeDefined();
    for (const { field, from, to } of cells) {
      expect(row?.[field]).toBe(from);
      rows.set(key.id, { ...rows.get(key.id), [field]: to });
    }
  }
}

function emailsTwice({ rows }: Model): string[] {
  const emails = [...rows.values()]
    .map(({ email }) => email?.trim().toLowerCase() ?? '')
    .filter((email) => email !== '');
  return emails.filter((email, i) => emails.indexOf(email) !== i);
}

const anyId = fc.integer({ min: 0, max: 9 }).map(String);
const anyMerge = fc
  .record({
    rows: fc.array(
      fc.record({
        personnummer: fc.constantFrom('', '', 'T12', ANNA),
        email: fc.constantFrom('', '', EMAIL, EMAIL.toUpperCase(), 'b@example.org', 'c@example.org'),
        phone: fc.constantFrom('', '1', '2'),
        protected: fc.constantFrom('', '', '', 'ja'),
      }),
      { minLength: 10, maxLength: 10 },
    ),
    links: fc.uniqueArray(fc.tuple(fc.constantFrom('a', 'b', 'c'), anyId), {
      selector: String,
      maxLength: 20,
    }),
    pairs: fc.array(fc.tuple(anyId, anyId, fc.boolean()), { maxLength: 6 }),
  })
  .map(({ rows, links, pairs }) => {
    const school: SmallSchool = {
      guardians: Object.fromEntries(rows.map((cells, i) => [`${i}`, cells])),
      students: { a: {}, b: {}, c: {} },
      links,
    };
    // The lower id is kept, as one order of all rows: as the report prefills it.
    const lines = pairs
      .filter(([a, b]) => a !== b)
      .map(
        ([a, b, isSame]) => `${isSame ? 'same' : 'different'} ${a} ${b} ${Math.min(Number(a), Number(b))}`,
      );
    return { school, decided: decide(...lines) };
  });

describe('any decisions', () => {
  it('leave every student with the kept row once, no new e-mail twice, and the rest as it was', () => {
    let merges = 0;
    fc.assert(
      fc.property(anyMerge, ({ school, decided }) => {
        const families = familiesFrom(school);
        const made = planMerges(families, decided, new Map());
        if (made.kind === 'refused') return;
        merges += made.merged.length;
        const [before, after] = [modelOf(families), modelOf(families)];
        applyTo(after, made);

        expect(after.rows.size).toBe(before.rows.size - made.merged.length);
        expect(made.write.removedRows).toHaveLength(made.merged.length);
        for (const { kept, removed } of made.merged) {
          for (const student of before.links.get(removed.id) ?? []) {
            expect(after.links.get(kept.id)?.filter((id) => id === student)).toEqual([student]);
          }
          if (families.guardian(removed.id)?.isMarked) expect(after.rows.get(kept.id)?.protected).toBe('ja');
        }
        const twiceBefore = emailsTwice(before);
        for (const email of emailsTwice(after)) expect(twiceBefore).toContain(email);
        const touched = new Set(made.merged.flatMap(({ kept, removed }) => [kept.id, removed.id]));
        for (const [id, cells] of before.rows) {
          if (touched.has(id)) continue;
          expect(after.rows.get(id)).toEqual(cells);
          expect(after.links.get(id)).toEqual(before.links.get(id));
        }
      }),
      { numRuns: 500 },
    );
    expect(merges).toBeGreaterThan(100);
  });

  it('come to the same in any order', () => {
    const anyShuffled = anyMerge.chain(({ school, decided }) =>
      fc.record({
        school: fc.constant(school),
        decided: fc.constant(decided),
        shuffled: fc.shuffledSubarray(decided, { minLength: decided.length }),
      }),
    );
    fc.assert(
      fc.property(anyShuffled, ({ school, decided, shuffled }) => {
        const placeless = (made: MergePlan) =>
          JSON.stringify(made, (name, value) => (name === 'place' ? 0 : value));
        const reversed = planMerges(
          familiesFrom(school, (items) => [...items].reverse()),
          shuffled,
          new Map(),
        );
        expect(placeless(reversed)).toBe(placeless(plan(school, decided)));
      }),
    );
  });
});
