import { stat } from 'node:fs/promises';
import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { type CsvRosterOptions, openCsvRoster } from '../../../src/adapters/roster/csv/csv-roster.ts';
import type { Roster } from '../../../src/app/roster-port.ts';
import type { RosterField, RowKey } from '../../../src/domain/roster.ts';
import type { AddedLink, AddedRow } from '../../../src/domain/roster-write.ts';
import {
  carryOut,
  edit,
  prepare,
  readAll,
  readAllLinks,
  type Wanted,
  wholeWrite,
} from '../../contract/roster-trial.ts';
import { type CsvFolder, makeFolder, refusal } from './csv-on-disk.ts';

type Files = Readonly<Record<string, string | Uint8Array>>;

/** A roster of these files: `links.csv` holds the links, each other one people. */
async function openFiles(
  contents: Files,
  options: Partial<CsvRosterOptions> = {},
): Promise<{ readonly roster: Roster; readonly folder: CsvFolder }> {
  const folder = await makeFolder();
  const given = await Promise.all(
    Object.entries(contents).map(async ([name, content]) => ({
      name,
      path: await folder.write(name, content),
    })),
  );
  const links = given.find(({ name }) => name === 'links.csv');
  const roster = await openCsvRoster({
    files: given.filter((file) => file !== links),
    ...(links === undefined ? {} : { links }),
    ...options,
  });
  return { roster, folder };
}

function newRow(id: string, cells: Partial<Record<RosterField, string>>): AddedRow {
  return { kind: 'new', key: { type: 'guardian', id }, givenByRoster: false, cells };
}

function newLink(guardian: string): AddedLink {
  return { kind: 'new', link: { student: '1', guardian }, source: 'spar', relation: 'mor' };
}

async function readAndWrite(roster: Roster, wanted: Wanted) {
  await readAll(roster);
  await readAllLinks(roster);
  return carryOut(await prepare(roster, wanted));
}

describe('a new row looks like the others', () => {
  it.each([
    ['at the end', 'id;type;last_name\n1;elev;Ek\n', 'id;type;last_name\n1;elev;Ek\n9;guardian;Al\n'],
    [
      'with the line end and the final newline that the file lacks',
      'id;type;last_name\r\n1;elev;Ek',
      'id;type;last_name\r\n1;elev;Ek\r\n9;guardian;Al',
    ],
    [
      'with the line end of most rows',
      'id;type;last_name\n1;elev;Ek\r\n2;elev;Ek\r\n',
      'id;type;last_name\n1;elev;Ek\r\n2;elev;Ek\r\n9;guardian;Al\r\n',
    ],
    ['behind blank lines', 'id;type;last_name\n\n\n', 'id;type;last_name\n\n\n9;guardian;Al\n'],
    ['in a file of headers alone', 'id;type;last_name', 'id;type;last_name\n9;guardian;Al'],
    ['with CR alone', 'id;type;last_name\r1;elev;Ek\r', 'id;type;last_name\r1;elev;Ek\r9;guardian;Al\r'],
    [
      'with the word that the file has for guardians',
      'id;type;last_name\n1;elev;Ek\n2;Närstående;Ek\n3;VÅRDNADSHAVARE;Ek\n4;VÅRDNADSHAVARE;Ek\n',
      'id;type;last_name\n1;elev;Ek\n2;Närstående;Ek\n3;VÅRDNADSHAVARE;Ek\n4;VÅRDNADSHAVARE;Ek\n9;VÅRDNADSHAVARE;Al\n',
    ],
    [
      'with quotes in the columns that have them',
      'id;type;"last_name";"city"\n1;elev;"Ek";Ort\n2;elev;"Al";"Ort; by"\n',
      'id;type;"last_name";"city"\n1;elev;"Ek";Ort\n2;elev;"Al";"Ort; by"\n9;guardian;"Al";\n',
    ],
    [
      'without quotes where the others only have them because they must',
      'id;type;last_name\n1;elev;"Ek; von"\n2;elev;"a ""b"" c"\n3;elev;" d"\n',
      'id;type;last_name\n1;elev;"Ek; von"\n2;elev;"a ""b"" c"\n3;elev;" d"\n9;guardian;Al\n',
    ],
    [
      'with quotes as the header where no row tells',
      '"id";"type";"last_name";city\n',
      '"id";"type";"last_name";city\n"9";"guardian";"Al";\n',
    ],
    [
      'with empty cells like the other empty cells',
      'id,type,last_name,city\n"1","elev","Ek",\n"2","elev","Ek","Ort"\n"3","elev","Ek","Ort"\n',
      'id,type,last_name,city\n"1","elev","Ek",\n"2","elev","Ek","Ort"\n"3","elev","Ek","Ort"\n"9","guardian","Al",\n',
    ],
    [
      'with the columns in their order and nothing in those that are not ours',
      'x;last_name;x;type;id;\n;Ek;;elev;1;\n',
      'x;last_name;x;type;id;\n;Ek;;elev;1;\n;Al;;guardian;9;\n',
    ],
  ])('%s', async (_, before, after) => {
    const { roster, folder } = await openFiles({ 'people.csv': before });
    await readAndWrite(roster, { addedRows: [newRow('9', { last_name: 'Al' })] });
    expect(Buffer.from(await folder.bytes('people.csv'), 'latin1').toString()).toBe(after);
  });

  it('takes quotes where it needs them', async () => {
    const { roster, folder } = await openFiles({ 'people.csv': 'id,type,last_name\n1,elev,Ek\n' });
    await readAndWrite(roster, { addedRows: [newRow('9', { last_name: 'a,"b"' })] });
    expect(await folder.bytes('people.csv')).toBe('id,type,last_name\n1,elev,Ek\n9,guardian,"a,""b"""\n');
  });

  it('holds the configured values, but for what we write ourselves', async () => {
    const { roster, folder } = await openFiles(
      { 'people.csv': 'id,type,last_name,Skola,active,email\n1,elev,Ek,Norr,1,\n' },
      { newGuardian: { values: { ' skola': 'Söder', active: '1', last_name: 'Ingen', id: 'x' } } },
    );
    await readAndWrite(roster, { addedRows: [newRow('9', { last_name: 'Al', email: '' })] });
    expect(Buffer.from(await folder.bytes('people.csv'), 'latin1').toString()).toBe(
      'id,type,last_name,Skola,active,email\n1,elev,Ek,Norr,1,\n9,guardian,Al,Söder,1,\n',
    );
  });

  it('is refused with its links where the encoding cannot hold it', async () => {
    const people = iconv.encode('id;type;last_name\n1;elev;Åk\n', 'windows-1252');
    const links = 'student_id;guardian_id\n';
    const { roster, folder } = await openFiles({ 'people.csv': people, 'links.csv': links });
    const written = await readAndWrite(roster, {
      addedRows: [newRow('9', { last_name: 'Łuk' }), newRow('10', { last_name: 'Žák' })],
      addedLinks: [newLink('9'), newLink('10')],
    });
    expect(written).toMatchObject({
      refused: [{ key: { id: '9' }, reason: 'row-refused' }],
      refusedLinks: [{ link: { guardian: '9' }, reason: 'row-refused' }],
    });
    expect(await folder.bytes('people.csv')).toBe(
      `${people.toString('latin1')}10;guardian;${iconv.encode('Žák', 'windows-1252').toString('latin1')}\n`,
    );
    expect(await folder.bytes('links.csv')).toBe(`${links}1;10\n`);
  });

  it('is refused where its id is taken, in the file or by another new row', async () => {
    const people = 'id,type,last_name\n1,elev,Ek\n 9 ,guardian,Ek\n10,elev,Ek\n';
    const { roster, folder } = await openFiles({ 'people.csv': people });
    const written = await readAndWrite(roster, {
      addedRows: ['9', '10', '10'].map((id) => newRow(id, { last_name: 'Al' })),
    });
    expect(written).toMatchObject({ refused: [{ key: { id: '9' } }, { key: { id: '10' } }] });
    expect(await folder.bytes('people.csv')).toBe(`${people}10,guardian,Al\n`);
  });

  it('may have the id of a row that goes', async () => {
    const { roster, folder } = await openFiles({
      'people.csv': 'id,type,last_name\n9,guardian,Ek\n1,elev,Ek\n',
    });
    const { entries } = await readAll(roster);
    const written = await readAndWrite(roster, {
      removedRows: entries.slice(0, 1),
      addedRows: [newRow('9', { last_name: 'Al' })],
    });
    expect(written).toMatchObject({ refused: [] });
    expect(await folder.bytes('people.csv')).toBe('id,type,last_name\n1,elev,Ek\n9,guardian,Al\n');
  });
});

describe('where new guardians go', () => {
  const STUDENTS = 'id,last_name\n1,Ek\n';
  const EVERYBODY = 'id,type,last_name\n1,elev,Ek\n';

  async function placeOf(
    types: readonly ('student' | 'guardian' | undefined)[],
    newGuardian?: CsvRosterOptions['newGuardian'],
  ) {
    const folder = await makeFolder();
    const files = await Promise.all(
      types.map(async (type, index) => {
        const name = `${index}.csv`;
        const path = await folder.write(name, type === undefined ? EVERYBODY : STUDENTS);
        return type === undefined ? { name, path } : { name, path, type };
      }),
    );
    const roster = await openCsvRoster({ files, ...(newGuardian === undefined ? {} : { newGuardian }) });
    return roster.newGuardians;
  }

  it.each([
    ['the only file of everybody', ['student', undefined], undefined, 1],
    ['the only file of guardians', ['guardian', 'student'], undefined, 0],
    ['the named one of several', ['guardian', undefined], { target: 1, values: {} }, 1],
  ] as const)('is %s', async (_, types, newGuardian, source) => {
    expect(await placeOf(types, newGuardian)).toEqual({ source, idStyle: undefined });
  });

  it('is not known where several could take them, or none', async () => {
    expect(await placeOf(['guardian', undefined])).toBeUndefined();
    expect(await placeOf(['student'])).toBeUndefined();
  });

  it('has the configured style of ids', async () => {
    expect(await placeOf([undefined], { idStyle: 'uuid', values: {} })).toEqual({
      source: 0,
      idStyle: 'uuid',
    });
  });

  it('must have the columns for which values are configured', async () => {
    const error = await refusal(() => placeOf([undefined], { values: { Skola: 'Norr' } }));
    expect(error.code).toBe('roster-unreadable');
    expect(error.text.en).toContain('0.csv, line 1: roster.newGuardian.values.Skola');
    expect(error.text.sv).toContain('roster.newGuardian.values.Skola');
  });
});

describe('a row that comes back', () => {
  const PEOPLE = 'id;type;last_name;extra\n1;elev;Ek;a\n7;vårdnadshavare; Al;"b"\n8;guardian;By;c\n';
  const KEY: RowKey = { type: 'guardian', id: '7' };

  async function gone(after: string | Uint8Array, before: string | Uint8Array = PEOPLE) {
    const { roster, folder } = await openFiles({ 'people.csv': before });
    const { entries } = await readAll(roster);
    const prepared = await prepare(roster, {
      removedRows: entries.filter(({ key }) => key.type === 'guardian' && key.id === '7'),
    });
    await carryOut(prepared);
    await folder.write('people.csv', after);
    const restored = prepared.removedRows.map((one): AddedRow => ({ kind: 'restored', ...one }));
    return { written: await readAndWrite(roster, { addedRows: restored }), folder };
  }

  it.each([
    [
      'to other columns in another order',
      'last_name,new,ID,type\nEk,,1,elev\nBy,,8,guardian\n',
      'last_name,new,ID,type\nEk,,1,elev\n Al,,7,vårdnadshavare\nBy,,8,guardian\n',
    ],
    [
      'to the end of a shorter file',
      'id;type;last_name;extra\n',
      'id;type;last_name;extra\n7;vårdnadshavare; Al;"b"\n',
    ],
    [
      'with the line ends of a file that was exported anew',
      'id;type;last_name;extra\r\n\r\n1;elev;Ek;a\r\n\r\n8;guardian;By;c',
      'id;type;last_name;extra\r\n\r\n1;elev;Ek;a\r\n\r\n7;vårdnadshavare; Al;"b"\n8;guardian;By;c',
    ],
  ])('comes back %s', async (_, after, expected) => {
    const { written, folder } = await gone(after);
    expect(written).toMatchObject({ kind: 'committed', refused: [] });
    expect(Buffer.from(await folder.bytes('people.csv'), 'latin1').toString()).toBe(expected);
  });

  it('comes back with bytes that its encoding has no character for', async () => {
    const before = Buffer.from('id;type;last_name\n1;elev;\xc5k\n7;guardian;\x81\x8dl\n', 'latin1');
    const without = Buffer.from('id;type;last_name\n1;elev;\xc5k\n', 'latin1');
    const { folder } = await gone(without, before);
    expect(await folder.bytes('people.csv')).toBe(before.toString('latin1'));
    const { written } = await gone(Buffer.from('id;type;last_name\n1;elev;Åk\n'), before);
    expect(written).toMatchObject({ refused: [{ key: KEY, reason: 'row-refused' }] });
  });

  it('is refused where it would not be itself, or where its file is no more', async () => {
    const { roster } = await openFiles({ 'people.csv': PEOPLE });
    const whole = { source: 'other.csv', cells: [], at: 0 };
    const elsewhere = await readAndWrite(roster, { addedRows: [{ kind: 'restored', key: KEY, whole }] });
    expect(elsewhere).toMatchObject({ refused: [{ key: KEY, reason: 'row-refused' }] });
    const empty = { ...whole, source: 'people.csv' };
    const nobody = await readAndWrite(roster, {
      addedRows: [{ kind: 'restored', key: { type: 'guardian', id: '99' }, whole: empty }],
    });
    expect(nobody).toMatchObject({ refused: [{ key: { id: '99' }, reason: 'row-refused' }] });
  });
});

describe('a write of several files', () => {
  const THREE: Files = {
    'a.csv': 'id,type,email,last_name\n1,elev,,Ek\n5,guardian,x@example.se,Ek\n',
    'b.csv': 'id,type,email,last_name\n7,guardian,,Ek\n',
    'links.csv': 'student_id,guardian_id\n1,5\n',
  };

  /** The files in the order in which the write replaces them. */
  async function orderOf(
    make: (read: Awaited<ReturnType<typeof readAll>>, roster: Roster) => Promise<Wanted>,
  ) {
    const { roster } = await openFiles(THREE, { newGuardian: { target: 0, values: {} } });
    const read = await readAll(roster);
    const prepared = await prepare(roster, await make(read, roster));
    return prepared.files.map(({ path }) => path.split('/').at(-1));
  }

  it('writes people before links when rows are added', async () => {
    const order = await orderOf(async (_, roster) => {
      await readAllLinks(roster);
      return { addedRows: [newRow('9', { last_name: 'Al' })], addedLinks: [newLink('9')] };
    });
    expect(order).toEqual(['a.csv', 'links.csv']);
  });

  it('writes links before people when rows are removed, and those that lose rows first', async () => {
    const wanted = (removed: string, gains: string) =>
      orderOf(async ({ entries }, roster) => {
        const { links } = await readAllLinks(roster);
        return {
          edits: [
            edit(
              entries.find(({ key }) => key.id === gains),
              { email: 'y@example.se' },
            ),
          ],
          removedRows: entries.filter(({ key }) => key.id === removed),
          movedLinks: links.map(({ place, ...link }) => ({ place, link, toGuardian: '7' })),
        };
      });
    expect(await wanted('7', '1')).toEqual(['links.csv', 'b.csv', 'a.csv']);
    expect(await wanted('5', '7')).toEqual(['links.csv', 'a.csv', 'b.csv']);
  });

  it('does not touch a file of which everything is refused', async () => {
    const { roster, folder } = await openFiles(THREE, { newGuardian: { target: 1, values: {} } });
    const before = await stat(folder.file('b.csv'));
    const written = await readAndWrite(roster, {
      addedRows: [newRow('7', { last_name: 'Al' })],
      addedLinks: [newLink('5')],
    });
    expect(written).toMatchObject({ refused: [{ key: { id: '7' } }], refusedLinks: [] });
    expect((await stat(folder.file('b.csv'))).ino).toBe(before.ino);
    expect(await folder.bytes('links.csv')).toBe('student_id,guardian_id\n1,5\n1,5\n');
  });

  it('notices that the links have changed since they were read', async () => {
    const { roster, folder } = await openFiles(THREE);
    await readAll(roster);
    await readAllLinks(roster);
    await folder.write('links.csv', 'student_id,guardian_id\n1,5\n1,6\n');
    const wanted = wholeWrite({ addedLinks: [newLink('7')] });
    expect(await roster.prepareWrite(wanted, 1)).toEqual({ kind: 'target-changed' });
  });

  it('leaves nothing of the links file behind', async () => {
    const { roster, folder } = await openFiles(THREE);
    await folder.write('.links.csv.spar-sync-3.tmp', 'x');
    await roster.removeLeftovers(3);
    expect(await folder.names()).toEqual(['a.csv', 'b.csv', 'links.csv']);
  });

  it('proves that the links could be written too', async () => {
    const { roster, folder } = await openFiles(THREE);
    await folder.remove('links.csv');
    const error = await refusal(() => roster.proveWritable({ links: true }));
    expect(error.code).toBe('roster-unwritable');
    expect(error.text.en).toContain('links.csv');
  });

  it('takes it for a bug when a row that goes is edited, when a new row has no place, or links were not read', async () => {
    const { roster } = await openFiles(THREE);
    const { entries } = await readAll(roster);
    const wrong: Wanted[] = [
      { edits: [edit(entries[0], { email: 'y' })], removedRows: entries.slice(0, 1) },
      { addedRows: [newRow('9', { last_name: 'Al' })] },
      { addedLinks: [newLink('7')] },
    ];
    for (const wanted of wrong) {
      await expect(roster.prepareWrite(wholeWrite(wanted), 1)).rejects.toThrow(Error);
    }
  });
});

it('tells two columns of one name apart in a whole row', async () => {
  const { roster } = await openFiles({ 'people.csv': 'id,type,last_name,x,x,\n7,guardian,Ek,1,2,3\n' });
  const { entries } = await readAll(roster);
  const whole = (await roster.readWhole([{ type: 'guardian', id: '7' }])).get('guardian:7');
  expect(new Set(whole?.cells.map(({ column }) => column)).size).toBe(6);
  const written = await readAndWrite(roster, {
    removedRows: entries.map((entry) => (whole === undefined ? entry : { ...entry, whole })),
  });
  expect(written).toMatchObject({ refused: [] });
});

it.each([
  ['id,type,last_name\n', { delimiter: ',', encoding: 'utf-8', lineEnd: '\n', bom: false }],
  ['\ufeffid;type;last_name\r\n', { delimiter: ';', encoding: 'utf-8', lineEnd: '\r\n', bom: true }],
  [
    Buffer.from('id\ttype\tlast_name\r1\telev\t\xc5k\r', 'latin1'),
    { delimiter: '\t', encoding: 'windows-1252', lineEnd: '\r', bom: false },
  ],
])('knows how its first file is written: %j', async (people, form) => {
  expect((await openFiles({ 'people.csv': people })).roster.tableForm).toEqual(form);
});
