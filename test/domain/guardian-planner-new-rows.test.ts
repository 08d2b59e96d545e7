import { describe, expect, it } from 'vitest';
import { createFamilyReader } from '../../src/domain/families.ts';
import {
  ANNA,
  adultOf,
  answersOf,
  BO,
  childOf,
  entriesOf,
  KIM,
  linksOf,
  ONE_CHILD,
  planFamilies,
  planSchool,
  type School,
  TODAY,
  told,
} from '../support/family-school.ts';

const anna = adultOf(ANNA, 'Anna Ek');
const bo = adultOf(BO, 'Bo Ek');

describe('what a file cannot hold', () => {
  const school = { ...ONE_CHILD, guardians: { 9: {} } };
  const answers = answersOf(childOf(KIM, [ANNA]), anna);

  it('a name: no row; an address: a row without it', () => {
    const name = planSchool(school, answers, { canHold: (_, text) => text !== 'Anna' });
    expect(told(name)).toEqual({ reviews: ['student:1 not-encodable'] });
    const address = planSchool(school, answers, { canHold: (_, text) => text !== 'Gatan 1' });
    expect(told(address).reviews).toEqual(['student:1 not-encodable']);
    expect(address.created[0]?.cells).toMatchObject({ last_name: 'Ek' });
    expect(address.created[0]?.cells.city).toBeUndefined();
  });

  it('somebody without any name gets no row', () => {
    const nameless = answersOf(childOf(KIM, [ANNA]), adultOf(ANNA, {}));
    expect(told(planSchool(school, nameless))).toEqual({ reviews: ['student:1 answer-not-understood'] });
    const half = answersOf(childOf(KIM, [ANNA]), adultOf(ANNA, { surname: 'Ek' }));
    expect(told(planSchool(school, half)).created).toEqual(['10 = 9265']);
  });
});

describe('ids of new rows', () => {
  const answers = answersOf(childOf(KIM, [ANNA, BO]), anna, bo);
  const ids = (guardians: School['guardians'], idStyle?: 'uuid' | 'number' | 'database') =>
    planSchool({ ...ONE_CHILD, guardians: guardians ?? {} }, answers, {
      newGuardians: { source: 1, idStyle, fields: new Set() },
    }).created.map(({ key }) => key.id);

  it.each([
    [{}, undefined, ['uuid-562931900891-0', 'uuid-892971204891-0']],
    [{ 9: {}, 10: {} }, undefined, ['11', '12']],
    [{ '0009': {}, '0098': {} }, undefined, ['0099', '0100']],
    [{ 9: {}, v1: {} }, undefined, ['uuid-562931900891-0', 'uuid-892971204891-0']],
    [{ 9: {}, v1: {} }, 'number', ['10', '11']],
    [{ 198305039292: {} }, undefined, ['uuid-562931900891-0', 'uuid-892971204891-0']],
    [{ 198305039292: {} }, 'number', ['1', '2']],
    [{ 'uuid-562931900891-0': {} }, undefined, ['uuid-562931900891-1', 'uuid-892971204891-0']],
    [{ 9: {} }, 'database', ['new-1', 'new-2']],
  ] as const)('rows %j, style %s', (guardians, style, expected) => {
    expect(ids(guardians, style)).toEqual(expected);
  });

  const taking = (
    { guardians = {}, links = [] }: School,
    idStyle: 'uuid' | 'number' | 'database',
    { usedIds = [], untaken = [] }: { usedIds?: readonly string[]; untaken?: readonly string[] } = {},
  ) => {
    const school: School = { ...ONE_CHILD, guardians, links };
    const reader = createFamilyReader({ today: TODAY, selected: () => true });
    entriesOf(school).forEach(reader.add);
    linksOf(school).forEach(reader.addLink);
    for (const id of untaken) reader.addUntaken({ id, types: ['guardian'], numbers: [], mark: 'no' });
    const { created } = planFamilies(reader.finish(), answers, {
      usedIds,
      newGuardians: { source: 1, idStyle, fields: new Set() },
    });
    return created.map(({ key, givenByRoster }) => `${key.id}${givenByRoster ? ' given' : ''}`);
  };

  it.each([
    ['a link names', { guardians: { 9: {} }, links: ['1 12'] }, {}],
    ['a row had that a merge removed', { guardians: { 9: {} } }, { usedIds: ['12'] }],
    ['a row has that the roster could not take', { guardians: { 9: {} } }, { untaken: ['12'] }],
  ] as const)('are none that %s', (_, school, more) => {
    expect(taking(school, 'number', more)).toEqual(['13', '14']);
    expect(taking(school, 'database', more)).toEqual(['13', '14']);
  });

  it('are none that a link or a row of earlier has, as a UUID', () => {
    const first = 'uuid-562931900891-0';
    const next = ['uuid-562931900891-1', 'uuid-892971204891-0'];
    expect(taking({ links: [`1 ${first}`] }, 'uuid')).toEqual(next);
    expect(taking({}, 'uuid', { usedIds: [first] })).toEqual(next);
    expect(taking({}, 'uuid', { untaken: [first] })).toEqual(next);
  });

  it('are left to the database where it cannot come to such an id', () => {
    const given = ['new-1 given', 'new-2 given'];
    expect(taking({ guardians: { 9: {} }, links: ['1 8', '1 x'] }, 'database', { usedIds: ['9'] })).toEqual(
      given,
    );
  });
});

describe('a guardian whose row could not be taken', () => {
  it.each(['198009139265', '800913-9265'])('gets no second row, and nobody asks: %s', (number) => {
    const reader = createFamilyReader({ today: TODAY, selected: () => true });
    entriesOf(ONE_CHILD).forEach(reader.add);
    reader.addUntaken({ id: '7', types: ['guardian'], numbers: [number, '11146'], mark: 'no' });
    const families = reader.finish();
    expect(told(planFamilies(families, answersOf(childOf(KIM, [ANNA]))))).toEqual({});
    expect(told(planFamilies(families, answersOf(childOf(KIM, [BO])))).needs).toEqual(['9298 student:1']);
  });
});
