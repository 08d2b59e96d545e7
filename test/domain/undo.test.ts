import { describe, expect, it } from 'vitest';
import { fold } from '../../src/domain/fold.ts';
import type { FieldChange } from '../../src/domain/plan.ts';
import { type GuardianLink, type RosterField, type RowKey, rowKeyText } from '../../src/domain/roster.ts';
import { planUndo } from '../../src/domain/undo.ts';
import type { DoneAct, DoneByRun, RosterNow } from '../../src/domain/undo-plan.ts';
import type { WholeRow } from '../../src/domain/whole-row.ts';
import { cellsOf } from '../support/arbitraries.ts';

type SomeCells = Partial<Record<RosterField, string>>;

const key = (id: string): RowKey => ({ type: 'guardian', id });

function whole(cells: SomeCells, own = ''): WholeRow {
  return {
    source: 'people',
    at: 3,
    cells: [
      ...Object.entries(cells).map(([field, value]) => ({ column: field, field, value })),
      { column: 'klass', value: own },
    ],
  };
}

interface Now {
  readonly rows?: Readonly<Record<string, SomeCells>>;
  /** `student-guardian`, with `source relation` where they are not as this program writes them. */
  readonly links?: Readonly<Record<string, string>>;
  readonly protected?: readonly string[];
  readonly referred?: readonly string[];
}

function rosterOf({ rows = {}, links = {}, protected: hidden = [], referred = [] }: Now): RosterNow {
  const students = ['1', '2'];
  const all = Object.entries(links).map(([name, words], row): GuardianLink => {
    const [student = '', guardian = ''] = name.split('-');
    const [source = '', relation = ''] = words.split(' ');
    return { student, guardian, source, relation, place: { source: 1, row, line: row + 2 } };
  });
  return {
    entryOf({ type, id }) {
      const cells = type === 'student' ? (students.includes(id) ? {} : undefined) : rows[id];
      return (
        cells && { key: { type, id }, place: { source: 0, row: Number(id), line: 2 }, cells: cellsOf(cells) }
      );
    },
    wholeOf: ({ id }) => {
      const cells = rows[id];
      return cells && whole(cells);
    },
    linkOf: ({ student, guardian }) =>
      all.find((one) => one.student === student && one.guardian === guardian),
    linksTo: (guardian) => all.filter((one) => one.guardian === guardian),
    isReferredTo: ({ id }) => referred.includes(id),
    holdersOf: (email) =>
      Object.entries(rows).flatMap(([id, cells]) =>
        fold(cells.email ?? '') === fold(email) ? [key(id)] : [],
      ),
    isProtected: ({ id }) => hidden.includes(id),
  };
}

type Change = FieldChange & { readonly key: RowKey };

function changed(id: string, field: RosterField, from: string, to: string): Change {
  return { key: key(id), field, from, to };
}

/** The undo in few words. */
function told(done: Partial<DoneByRun>, now: Now) {
  const { write, left } = planUndo(
    { changes: [], erasedChanges: [], same: [], acts: [], ...done },
    rosterOf(now),
  );
  const said = {
    cells: write.edits.flatMap(({ key: { id }, cells }) =>
      cells.map(({ field, from, to }) => `${id} ${field}: ${from} > ${to}`),
    ),
    back: write.addedRows.map((row) => row.key.id),
    gone: write.removedRows.map((row) => row.key.id),
    linksBack: write.addedLinks.map(({ link }) => `${link.student}-${link.guardian}`),
    linksGone: write.removedLinks.map(({ link }) => `${link.student}-${link.guardian}`),
    moved: write.movedLinks.map(({ link, toGuardian }) => `${link.student}-${link.guardian} > ${toGuardian}`),
    left: left.map(
      ({ key: { id }, field, student, reason }) =>
        `${student ?? ''}${student ? '-' : ''}${id} ${field ?? ''}: ${reason}`,
    ),
  };
  return Object.fromEntries(Object.entries(said).filter(([, items]) => items.length > 0));
}

const ADDRESS = [changed('9', 'street', 'A', 'B'), changed('9', 'city', 'Lund', 'Kiruna')];

describe('planUndo', () => {
  const cases: readonly {
    readonly what: string;
    readonly done: Partial<DoneByRun>;
    readonly now: Now;
    readonly gives: ReturnType<typeof told>;
  }[] = [
    {
      what: 'a value that still is what the run wrote',
      done: { changes: [changed('9', 'last_name', 'Ask', 'Ek')] },
      now: { rows: { 9: { last_name: 'Ek' } } },
      gives: { cells: ['9 last_name: Ek > Ask'] },
    },
    {
      what: 'a value that somebody has changed since',
      done: { changes: [changed('9', 'last_name', 'Ask', 'Ek')] },
      now: { rows: { 9: { last_name: 'Alm' } } },
      gives: { left: ['9 last_name: changed-since'] },
    },
    {
      what: 'a value that somebody has put back already',
      done: { changes: [changed('9', 'last_name', 'Ask', 'Ek')] },
      now: { rows: { 9: { last_name: 'Ask' } } },
      gives: { left: ['9 last_name: changed-since'] },
    },
    {
      what: 'an address of which one part was changed since: all of it stays, and nothing else',
      done: { changes: [...ADDRESS, changed('9', 'last_name', 'Ask', 'Ek')] },
      now: { rows: { 9: { street: 'B', city: 'Umeå', last_name: 'Ek' } } },
      gives: {
        cells: ['9 last_name: Ek > Ask'],
        left: ['9 street: changed-since', '9 city: changed-since'],
      },
    },
    {
      what: 'status and spar_checked, of which undo says nothing',
      done: {
        changes: [changed('9', 'status', '', 'deceased'), changed('9', 'spar_checked', '', '2026-11-23')],
      },
      now: { rows: { 9: { status: 'deceased', spar_checked: '2026-11-23' } } },
      gives: {},
    },
    {
      what: 'a mark of protection, which stays; so do name, address, e-mail and phone, and the number goes back',
      done: {
        changes: [
          changed('9', 'protected', '', 'sekretessmarkering'),
          changed('9', 'email', '', 'a@b.se'),
          changed('9', 'personnummer', '', 'X'),
          ...ADDRESS,
        ],
      },
      now: {
        rows: {
          9: {
            protected: 'sekretessmarkering',
            email: 'a@b.se',
            personnummer: 'X',
            street: 'B',
            city: 'Kiruna',
          },
        },
        protected: ['9'],
      },
      gives: {
        cells: ['9 personnummer: X > '],
        left: [
          '9 protected: protection-mark',
          '9 email: protected-now',
          '9 street: protected-now',
          '9 city: protected-now',
        ],
      },
    },
    {
      what: 'values that were erased, and a row that is gone',
      done: {
        changes: [changed('8', 'last_name', 'Ask', 'Ek')],
        erasedChanges: [{ key: key('9'), field: 'street' }],
      },
      now: {},
      gives: { left: ['9 street: erased', '8 last_name: row-gone'] },
    },
    {
      what: 'an added row with its link',
      done: {
        acts: [
          { kind: 'row-added', key: key('9'), whole: whole({ last_name: 'Ek' }) },
          { kind: 'link-added', link: { student: '1', guardian: '9' } },
        ],
      },
      now: { rows: { 9: { last_name: 'Ek', status: 'emigrated' } }, links: { '1-9': 'spar' } },
      gives: { gone: ['9'], linksGone: ['1-9'] },
    },
    {
      what: 'an added row that has been changed, in a column of our own or another',
      done: {
        acts: [
          { kind: 'row-added', key: key('8'), whole: whole({ last_name: 'Ek' }) },
          { kind: 'row-added', key: key('9'), whole: whole({ last_name: 'Ek' }, 'before') },
        ],
      },
      now: { rows: { 8: { last_name: 'Alm' }, 9: { last_name: 'Ek' } } },
      gives: { left: ['8 : row-changed', '9 : row-changed'] },
    },
    {
      what: 'an added row that is marked by now, or was from the start',
      done: {
        acts: [
          { kind: 'row-added', key: key('8'), whole: whole({ protected: 'sekretessmarkering' }) },
          { kind: 'row-added', key: key('9') },
        ],
      },
      now: { rows: { 8: { protected: 'sekretessmarkering' }, 9: { protected: 'ja' } } },
      gives: { left: ['8 : protection-mark', '9 : protection-mark'] },
    },
    {
      what: 'an added row to which something else points',
      done: {
        acts: [
          { kind: 'row-added', key: key('8'), whole: whole({ last_name: 'Ek' }) },
          { kind: 'row-added', key: key('9'), whole: whole({ last_name: 'Ek' }) },
        ],
      },
      now: {
        rows: { 8: { last_name: 'Ek' }, 9: { last_name: 'Ek' } },
        links: { '2-8': 'spar' },
        referred: ['9'],
      },
      gives: { left: ['8 : row-referred-to', '9 : row-referred-to'] },
    },
    {
      what: 'an added link of which somebody has written the relation or the source',
      done: {
        acts: [
          { kind: 'link-added', link: { student: '1', guardian: '9' } },
          { kind: 'link-added', link: { student: '2', guardian: '9' } },
          { kind: 'link-added', link: { student: '1', guardian: '8' } },
        ],
      },
      now: { rows: { 9: {}, 8: {} }, links: { '1-9': 'spar mor', '2-9': 'hand' } },
      gives: { left: ['1-9 : link-changed', '2-9 : link-changed', '1-8 : link-changed'] },
    },
    {
      what: 'a merge: the row comes back, its links and its e-mail with it',
      done: {
        changes: [changed('9', 'email', '', 'a@b.se')],
        acts: [
          { kind: 'row-removed', key: key('8'), whole: whole({ email: 'A@b.se', last_name: 'Ek' }) },
          { kind: 'link-removed', link: { student: '2', guardian: '8' }, whole: whole({}) },
          { kind: 'link-moved', link: { student: '1', guardian: '9' }, from: '8' },
        ],
      },
      now: { rows: { 9: { email: 'a@b.se' } }, links: { '1-9': 'spar', '2-9': 'spar' } },
      gives: { cells: ['9 email: a@b.se > '], back: ['8'], linksBack: ['2-8'], moved: ['1-9 > 8'] },
    },
    {
      what: 'a merge of rows that shared an e-mail: both have it again',
      done: {
        acts: [{ kind: 'row-removed', key: key('8'), whole: whole({ email: 'A@b.se', last_name: 'Ek' }) }],
        same: [
          { a: key('9'), b: key('7') },
          { a: key('8'), b: key('7') },
        ],
      },
      now: { rows: { 9: { email: 'a@b.se' } } },
      gives: { back: ['8'] },
    },
    {
      what: 'a merge of rows that shared an e-mail, which a third has got since',
      done: {
        acts: [{ kind: 'row-removed', key: key('8'), whole: whole({ email: 'A@b.se', last_name: 'Ek' }) }],
        same: [{ a: key('9'), b: key('8') }],
      },
      now: { rows: { 9: { email: 'a@b.se' }, 6: { email: 'a@b.se' } } },
      gives: { left: ['8 : email-taken'] },
    },
    {
      what: 'the undo of that: the links leave the row, and then it goes',
      done: {
        changes: [changed('9', 'email', 'a@b.se', '')],
        acts: [
          { kind: 'row-added', key: key('8'), whole: whole({ email: 'a@b.se' }) },
          { kind: 'link-added', link: { student: '2', guardian: '8' }, whole: whole({}) },
          { kind: 'link-moved', link: { student: '1', guardian: '8' }, from: '9' },
        ],
      },
      now: {
        rows: { 8: { email: 'a@b.se' }, 9: { email: '' } },
        links: { '1-8': 'hand mor', '2-8': '', '2-9': '' },
      },
      gives: { cells: ['9 email:  > a@b.se'], gone: ['8'], linksGone: ['2-8'], moved: ['1-8 > 9'] },
    },
    {
      what: 'a merge whose removed row was erased, or is somebody’s who is protected, or was marked',
      done: {
        acts: [
          { kind: 'row-removed', key: key('6') },
          { kind: 'row-removed', key: key('7'), whole: whole({ last_name: 'Ek' }) },
          { kind: 'row-removed', key: key('8'), whole: whole({ last_name: 'Ek', protected: 'ja' }) },
          { kind: 'link-removed', link: { student: '1', guardian: '8' }, whole: whole({}) },
          { kind: 'link-moved', link: { student: '2', guardian: '9' }, from: '7' },
        ],
      },
      now: { rows: { 9: {} }, links: { '2-9': '' }, protected: ['7'] },
      gives: {
        left: [
          '6 : erased',
          '7 : protected-now',
          '8 : protected-now',
          '1-8 : link-changed',
          '2-9 : link-changed',
        ],
      },
    },
    {
      what: 'a merge whose id is a stranger’s now: no link goes there, and the kept row keeps what it got',
      done: {
        changes: [changed('9', 'email', '', 'a@b.se'), changed('9', 'phone', '', '08')],
        acts: [
          { kind: 'row-removed', key: key('8'), whole: whole({ email: 'a@b.se' }) },
          { kind: 'link-removed', link: { student: '2', guardian: '8' }, whole: whole({}) },
          { kind: 'link-moved', link: { student: '1', guardian: '9' }, from: '8' },
        ],
      },
      now: { rows: { 8: { last_name: 'Alm' }, 9: { email: 'a@b.se', phone: '08' } }, links: { '1-9': '' } },
      gives: {
        cells: ['9 phone: 08 > '],
        left: ['8 : id-taken', '2-8 : link-changed', '1-9 : link-changed', '9 email: id-taken'],
      },
    },
    {
      what: 'an e-mail that somebody else holds by now, for a cell and for a row',
      done: {
        changes: [changed('9', 'email', 'a@b.se', 'c@d.se')],
        acts: [{ kind: 'row-removed', key: key('8'), whole: whole({ email: 'E@f.se' }) }],
      },
      now: { rows: { 9: { email: 'c@d.se' }, 7: { email: 'A@B.SE' }, 6: { email: 'e@f.se' } } },
      gives: { left: ['8 : email-taken', '9 email: email-taken'] },
    },
    {
      what: 'e-mails that two rows exchange',
      done: {
        changes: [changed('8', 'email', 'a@b.se', 'c@d.se'), changed('9', 'email', 'c@d.se', 'a@b.se')],
      },
      now: { rows: { 8: { email: 'c@d.se' }, 9: { email: 'a@b.se' } } },
      gives: { cells: ['8 email: c@d.se > a@b.se', '9 email: a@b.se > c@d.se'] },
    },
    {
      what: 'a merge that was undone already',
      done: {
        acts: [
          { kind: 'row-removed', key: key('8'), whole: whole({ last_name: 'Ek' }) },
          { kind: 'link-removed', link: { student: '2', guardian: '8' }, whole: whole({}) },
          { kind: 'link-moved', link: { student: '1', guardian: '9' }, from: '8' },
        ],
      },
      now: { rows: { 8: { last_name: 'Ek' }, 9: {} }, links: { '2-8': '', '1-8': '' } },
      gives: { left: ['8 : id-taken', '1-9 : link-changed'] },
    },
  ];

  it.each(cases)('$what', ({ done, now, gives }) => {
    expect(told(done, now)).toEqual(gives);
  });

  it('takes the place of a row and of a link from where they are now', () => {
    const acts: DoneAct[] = [
      { kind: 'row-added', key: key('9'), whole: whole({ last_name: 'Ek' }) },
      { kind: 'link-added', link: { student: '1', guardian: '9' } },
    ];
    const { write } = planUndo(
      { changes: [], erasedChanges: [], same: [], acts },
      rosterOf({ rows: { 9: { last_name: 'Ek' } }, links: { '2-7': '', '1-9': 'spar' } }),
    );
    expect(write.removedRows).toEqual([
      { key: key('9'), place: { source: 0, row: 9, line: 2 }, whole: whole({ last_name: 'Ek' }) },
    ]);
    expect(write.removedLinks[0]?.place).toEqual({ source: 1, row: 1, line: 3 });
  });

  it('says about everything that the run did either that it goes back or why not', () => {
    for (const { done, now } of cases) {
      const { write, left } = planUndo(
        { changes: [], erasedChanges: [], same: [], acts: [], ...done },
        rosterOf(now),
      );
      const back = new Set(
        write.edits.flatMap(({ key: row, cells }) => cells.map(({ field }) => `${rowKeyText(row)} ${field}`)),
      );
      const stays = new Set(left.map(({ key: row, field }) => `${rowKeyText(row)} ${field}`));
      for (const { key: row, field } of done.changes ?? []) {
        if (field === 'status' || field === 'spar_checked') continue;
        const name = `${rowKeyText(row)} ${field}`;
        expect([name, back.has(name) !== stays.has(name)]).toEqual([name, true]);
      }
    }
  });
});
