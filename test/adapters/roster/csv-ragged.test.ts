import { describe, expect, it } from 'vitest';
import { readFamilies } from '../../../src/app/read-families.ts';
import { readAll } from '../../contract/roster-trial.ts';
import { date, personId } from '../../support/arbitraries.ts';
import { openOne } from './csv-on-disk.ts';

const HEADERS = 'id,type,personnummer,first_name,last_name,street\n';
const ANNA = personId('198009139265');

describe('a row of people with too many or too few cells', () => {
  it('tells its id and whatever looks like a number, wherever a stray delimiter has moved it', async () => {
    const rows =
      `7,vårdnadshavare,${ANNA},Anna,Ek, Gatan,1\n` +
      'v8,vårdnadshavare, 800913-9265\n' +
      '9,vårdnadshavare,,Ek,Gatan,1,19800913-9265\n' +
      ',,,\n' +
      'x,,1,2,3,4,5\n';
    const { problems } = await readAll((await openOne(HEADERS + rows)).roster);
    expect(problems.map(({ line, about }) => [line, about])).toEqual([
      [2, { ids: ['7'], numbers: [ANNA] }],
      [3, { ids: ['v8'], numbers: ['800913-9265'] }],
      [4, { ids: ['9'], numbers: ['19800913-9265'] }],
      [6, { ids: ['x'], numbers: [] }],
    ]);
  });

  it('tells no id where it is a student or staff', async () => {
    const { problems } = await readAll(
      (await openOne(`${HEADERS}7,elev,${ANNA}\n8,personal,${ANNA}\n`)).roster,
    );
    expect(problems.map(({ about }) => about)).toEqual([undefined, undefined]);
    const students = await openOne(`id,personnummer,last_name\n7,${ANNA}\n`, { type: 'student' });
    expect((await readAll(students.roster)).problems).toEqual([
      { file: 'people.csv', line: 2, reason: 'ragged-row', numbers: [ANNA] },
    ]);
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
