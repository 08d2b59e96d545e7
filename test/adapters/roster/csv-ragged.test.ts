import { describe, expect, it } from 'vitest';
import { readFamilies } from '../../../src/app/read-families.ts';
import { readAll } from '../../contract/roster-trial.ts';
import { date, personId } from '../../support/arbitraries.ts';
import { openOne } from './csv-on-disk.ts';

const HEADERS = 'id,type,personnummer,first_name,last_name,street\n';
const ANNA = personId('198009139265');
const EVERY_TYPE = ['student', 'staff', 'guardian'];

describe('a row of people with too many or too few cells', () => {
  it('tells its id and whatever looks like a number, wherever a stray delimiter has moved it', async () => {
    const rows =
      `7,vårdnadshavare,${ANNA},Anna,Ek, Gatan,1\n` +
      'v8,vårdnadshavare, 800913-9265\n' +
      '9,vårdnadshavare,,Ek,Gatan,1,19800913-9265\n' +
      ',,,\n' +
      'x,,1,2,3,4,5\n';
    const { problems, untaken } = await readAll((await openOne(HEADERS + rows)).roster);
    expect(problems.map(({ line }) => line)).toEqual([2, 3, 4, 6]);
    expect(untaken).toEqual([
      { id: '7', types: ['guardian'], numbers: [ANNA], mark: 'no' },
      { id: 'v8', types: ['guardian'], numbers: ['800913-9265'], mark: 'no' },
      { id: '9', types: ['guardian'], numbers: ['19800913-9265'], mark: 'no' },
      { id: 'x', types: EVERY_TYPE, numbers: [], mark: 'no' },
    ]);
  });

  it('is of the type that its cell or its file says', async () => {
    const { untaken } = await readAll((await openOne(`${HEADERS}7,elev,${ANNA}\n`)).roster);
    expect(untaken.map(({ types }) => types)).toEqual([['student']]);
    const students = await openOne(`id,personnummer,last_name\n7,${ANNA}\n`, { type: 'student' });
    expect((await readAll(students.roster)).untaken).toEqual([
      { id: '7', types: ['student'], numbers: [ANNA], mark: 'no' },
    ]);
  });

  it.each([
    ['one cell too many before the mark', 'Ek, Gatan,Lund,ja,x', 'perhaps'],
    ['one cell too many after the mark', 'Ek,Lund,ja,x,y', 'perhaps'],
    ['one cell too many, and neither place holds a mark', 'Ek,Lund,nej,,y', 'no'],
    ['one cell too few before the mark', 'Ek,ja,x', 'perhaps'],
    ['one cell too few, and neither place holds a mark', 'Ek,,0', 'no'],
    ['a row that ends before the mark', 'Ek,Lund', 'perhaps'],
  ] as const)('may be marked: %s', async (_, cells, mark) => {
    const { roster } = await openOne(`id,type,last_name,city,protected,email\n7,elev,${cells}\n`);
    expect((await readAll(roster)).untaken.map((one) => one.mark)).toEqual([mark]);
  });

  it.each([
    [',elev,Ek,ja', { id: '', types: ['student'], numbers: [], mark: 'yes' }],
    ['7,okänd,Ek,Skyddad', { id: '7', types: EVERY_TYPE, numbers: [], mark: 'yes' }],
    ['7,okänd,Ek,nej', { id: '7', types: EVERY_TYPE, numbers: [], mark: 'no' }],
  ] as const)('is marked where its cells are as many as they should be: %s', async (row, untaken) => {
    const { roster } = await openOne(`id,type,last_name,protected\n${row}\n`);
    expect((await readAll(roster)).untaken).toEqual([untaken]);
  });

  it('leaves its person out of the families, and no number in what people see', async () => {
    const { roster } = await openOne(`${HEADERS}7,vårdnadshavare,${ANNA},Anna,Ek, Gatan,1\n`);
    const { families, problems } = await readFamilies(roster, {
      today: date('2026-11-23'),
      selected: () => true,
    });
    expect(problems).toEqual([{ file: 'people.csv', line: 2, reason: 'ragged-row' }]);
    const key = { type: 'guardian', id: '7' } as const;
    expect(families.leftOut).toEqual([
      { key, person: undefined },
      { key, person: ANNA },
    ]);
  });
});
