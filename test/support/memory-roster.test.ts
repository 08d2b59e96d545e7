import { describe, expect, it } from 'vitest';
import { PERSON_TYPES } from '../../src/domain/roster.ts';
import { describeRosterChanges } from '../contract/roster-changes.contract.ts';
import { carryOut, prepare, type Row, readAll, readAllLinks } from '../contract/roster-trial.ts';
import { createMemoryRoster, type MemoryLink, type MemoryRow } from './memory-roster.ts';

describe('the roster in memory that other tests use', () => {
  describeRosterChanges(async ({ people, links }) => {
    const roster = createMemoryRoster(people.map(asRow), { links: (links ?? []).map(asLink) });
    return {
      roster,
      dump: async () => roster.rows.map((row) => ({ ...row })),
      dumpLinks: async () =>
        roster.links.map(({ student, guardian, ...rest }) => ({
          student_id: student,
          guardian_id: guardian,
          note: '',
          ...rest,
        })),
      async editBehind(id, column, text) {
        Object.assign(roster.rows.find((row) => row.id === id) ?? {}, { [column]: text });
      },
      async editLinkBehind(index, column, text) {
        Object.assign(roster.links[index] ?? {}, { [column === 'guardian_id' ? 'guardian' : column]: text });
      },
      leftovers: async () => [],
      remove: async () => {},
    };
  });

  it('gives new rows their ids where it is like a database', async () => {
    const roster = createMemoryRoster([{ id: '41', type: 'guardian', first_name: 'Bo' }], { database: true });
    await readAll(roster);
    await readAllLinks(roster);
    const prepared = await prepare(roster, {
      addedRows: [
        {
          kind: 'new',
          key: { type: 'guardian', id: 'new-1' },
          givenByRoster: true,
          cells: { first_name: 'Al' },
        },
        { kind: 'new', key: { type: 'guardian', id: 'new-2' }, givenByRoster: true, cells: {} },
      ],
      addedLinks: [{ kind: 'new', link: { student: '1', guardian: 'new-2' }, source: 'spar', relation: '' }],
    });
    const written = await carryOut(prepared);
    expect(written).toMatchObject({
      ids: new Map([
        ['new-1', '42'],
        ['new-2', '43'],
      ]),
      added: [{ key: { id: '42' } }, { key: { id: '43' } }],
    });
    expect(roster.rows.map(({ id, first_name }) => [id, first_name])).toEqual([
      ['41', 'Bo'],
      ['42', 'Al'],
      ['43', ''],
    ]);
    expect(roster.links).toEqual([{ student: '1', guardian: '43', source: 'spar', relation: '' }]);
    expect(prepared.files).toEqual([]);
    expect(roster.writes).toBe(1);
  });

  it('refuses rows as a database would', async () => {
    const roster = createMemoryRoster([{ id: '41', type: 'guardian', email: 'a@example.se' }], {
      refuses: ({ email }) => email === 'a@example.se',
    });
    await readAll(roster);
    const written = await carryOut(
      await prepare(roster, {
        addedRows: [
          {
            kind: 'new',
            key: { type: 'guardian', id: '42' },
            givenByRoster: false,
            cells: { email: 'a@example.se' },
          },
        ],
      }),
    );
    expect(written).toMatchObject({ refused: [{ key: { id: '42' }, reason: 'row-refused' }] });
    expect(roster.rows).toHaveLength(1);
  });
});

function asRow({ id = '', type: word, ...rest }: Row): MemoryRow {
  const type = PERSON_TYPES.find((one) => one === word) ?? 'student';
  return { id, type, ...rest };
}

function asLink({ student_id: student = '', guardian_id: guardian = '', ...rest }: Row): MemoryLink {
  return { student, guardian, ...rest };
}
