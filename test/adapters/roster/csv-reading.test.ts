import { execFileSync } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { openCsvRoster } from '../../../src/adapters/roster/csv/csv-roster.ts';
import { readAll, readAllLinks } from '../../contract/roster-trial.ts';
import { makeFolder, openOne, refusal, refusalOf } from './csv-on-disk.ts';

const BOM = '\ufeff';

describe('the encoding of a CSV roster', () => {
  const text = 'id;type;first_name\n1;elev;Åsa €\n';

  it.each([
    ['UTF-8', Buffer.from(text)],
    ['UTF-8 with its mark', Buffer.from(BOM + text)],
    ['Windows-1252', iconv.encode(text, 'windows-1252')],
  ])('is found to be %s', async (_, bytes) => {
    const { roster } = await openOne(bytes);
    expect((await readAll(roster)).entries[0]?.cells.first_name).toBe('Åsa €');
  });

  it('is UTF-8 for pure ASCII, which may then take any character', async () => {
    const { roster } = await openOne('id,type,first_name\n1,elev,Asa\n');
    expect(roster.sources[0]?.canHold('Łukasz Đ €')).toBe(true);
  });

  it('shows in the last byte: a character may straddle every boundary of what is read at once', async () => {
    for (const padding of [0, 1, 2, 3]) {
      const head = 'id;type;first_name\n';
      const long = 'x'.repeat(65536 - head.length - '1;elev;'.length - padding);
      const { roster } = await openOne(`${head}1;elev;${long}😀Å\n`);
      expect((await readAll(roster)).entries[0]?.cells.first_name?.slice(-3)).toBe('😀Å');
    }
  });

  it('shows even when the only foreign byte ends the file', async () => {
    const { roster } = await openOne(Buffer.from('id;type;first_name\n1;elev;B\xc5', 'latin1'));
    expect((await readAll(roster)).entries[0]?.cells.first_name).toBe('BÅ');
  });

  it('limits what can be written in Windows-1252', async () => {
    const { roster } = await openOne(iconv.encode(text, 'windows-1252'));
    const held = ['Åsa', '€', 'Š', 'Łukasz', 'Đ', '\u0081', '\ufffd', '😀', '?'];
    expect(held.map((name) => roster.sources[0]?.canHold(name))).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
      false,
      false,
      true,
    ]);
  });

  it('is ISO-8859-1 when the configuration says so: no euro there', async () => {
    const { roster } = await openOne(Buffer.from('id;type;first_name\n1;elev;\u00c5sa\n', 'latin1'), {
      encoding: 'iso-8859-1',
    });
    expect((await readAll(roster)).entries[0]?.cells.first_name).toBe('Åsa');
    expect(roster.sources[0]?.canHold('€')).toBe(false);
  });

  it('refuses bytes that contradict the configuration, with their line', async () => {
    const lines = ['id;type;first_name', '1;elev;Bo', '2;elev;\u00c5sa', ''];
    const error = await refusalOf(Buffer.from(lines.join('\r\n'), 'latin1'), { encoding: 'utf-8' });
    expect(error.code).toBe('roster-unreadable');
    expect(error.text.en).toBe('people.csv, line 3: what stands here is not UTF-8');
    expect(error.text.sv).toBe('people.csv, rad 3: det som står här är inte UTF-8');
    const marked = await refusalOf(BOM + text, { encoding: 'windows-1252' });
    expect(marked.text.en).toContain('people.csv, line 1: ');
  });
});

describe('what is no CSV roster', () => {
  it.each([
    ['an empty file', '', 'empty'],
    ['a mark and nothing more', BOM, 'empty'],
    ['blank lines only', '\r\n\n', 'empty'],
    ['UTF-16', Buffer.from(`${BOM}id;type`, 'utf16le'), 'UTF-16'],
    ['a zip or Excel file', Buffer.from('PK\x03\x04\x14\0\x06\0', 'latin1'), 'Excel'],
    ['an SQLite file', Buffer.from('SQLite format 3\0\x10\0', 'latin1'), 'SQLite'],
    ['a NUL byte', 'id;type;first_name\n1;elev;A\n2;elev;B\0\n', 'line 3: there is a NUL byte'],
    [
      'a quote that is never closed',
      'id;type;first_name\n1;elev;"A\nB\n2;elev;C\n',
      'line 2: a quote that opens',
    ],
    [
      'a quote that the next quoted cell closes',
      'id;type;first_name\n1;elev;A\n2;elev;"B\n3;elev;"C"\n',
      'line 3: a quote that opens here is closed on line 4',
    ],
    ['a quote inside a plain cell', 'id;type;first_name\n1;elev;A "B"\n', 'line 2: a quote stands inside'],
    ['a header whose quote is never closed', 'id;type;"first_name\n1;elev;A\n', 'line 1: a quote that opens'],
    [
      'a quote that is never closed in a second record with line breaks',
      'id;type;first_name\r\n1;elev;"A\r\nB"\r\n\r\n2;elev;"x"\r\n3;elev;"C\r\n',
      'line 6: a quote that opens',
    ],
  ])('%s', async (_, content, message) => {
    const error = await refusalOf(content);
    expect(error.code).toBe('roster-unreadable');
    expect(error.text.en).toContain('people.csv');
    expect(error.text.en).toContain(message);
  });

  it('a missing file, a folder, a FIFO', async () => {
    const folder = await makeFolder();
    await mkdir(folder.file('folder'));
    execFileSync('mkfifo', [folder.file('fifo')]);
    for (const name of ['missing', 'folder', 'fifo']) {
      const error = await refusal(() => openCsvRoster({ files: [{ path: folder.file(name), name }] }));
      expect(error.code).toBe('roster-unreadable');
      expect(error.text.en).toContain(name);
    }
  });

  it('never shows a person whose row stands where the headers should', async () => {
    const error = await refusalOf('17;Anna;Ek;200901112383\n');
    expect(error.text.en).toContain('line 1');
    expect(error.text.en + error.text.sv).not.toMatch(/Anna|2009/);
  });
});

describe('the columns of a CSV roster', () => {
  it('are found by the headers that the configuration names, whatever their case and blanks', async () => {
    const { roster } = await openOne('ELEV-ID ;Förnamn;EMAIL;Annat\n7;Åsa;a@b.example;x\n', {
      type: 'student',
      columns: { id: 'elev-id', first_name: ' FÖRNAMN' },
    });
    const { entries } = await readAll(roster);
    expect(entries[0]).toMatchObject({ key: { type: 'student', id: '7' } });
    expect(entries[0]?.cells).toMatchObject({ first_name: 'Åsa', email: 'a@b.example', city: undefined });
  });

  it('may stand in quotes behind a mark', async () => {
    const { roster } = await openOne(`${BOM}"id","type","last_name"\n1,elev,Ek\n`);
    expect((await readAll(roster)).entries[0]?.key).toEqual({ type: 'student', id: '1' });
  });

  it('may be all there is', async () => {
    for (const end of ['', '\n', '\r\n', '\r']) {
      const { roster } = await openOne(`id,type,last_name${end}`);
      expect(await readAll(roster)).toEqual({ entries: [], problems: [], untaken: [] });
    }
  });

  it.each([
    ['no id', 'nr;type;last_name\n', {}, 'no column is "id". Columns found: nr, type, last_name.'],
    ['no name', 'id;type;namn\n', {}, 'no column is "first_name" or "last_name"'],
    ['no type', 'id;last_name\n', {}, 'no column is "type"'],
    [
      'a mapped column that is not there',
      'id;type;namn\n',
      { columns: { last_name: 'efternamn' } },
      '"efternamn"',
    ],
    ['two headers of one name', 'id;type;last_name;Last_Name\n', {}, 'two columns are called "last_name"'],
    [
      'one header for two columns',
      'id;type;namn\n',
      { columns: { first_name: 'namn', last_name: 'namn' } },
      'one column would be both',
    ],
  ] as const)('are refused with %s', async (_, content, options, message) => {
    const error = await refusalOf(content, options);
    expect(error.code).toBe('roster-unreadable');
    expect(error.text.en).toContain('people.csv, line 1: ');
    expect(error.text.en).toContain(message);
    expect(error.hint?.en).toContain('roster.files[0].columns');
    expect(error.hint?.sv).toContain('roster.files[0].columns');
  });

  it('do not also take a header by its own name that the configuration gives to another', async () => {
    const { roster } = await openOne('id;type;last_name;city\n1;elev;Ek;Nygatan 1\n', {
      columns: { street: 'city' },
    });
    expect((await readAll(roster)).entries[0]?.cells).toMatchObject({ street: 'Nygatan 1', city: undefined });
  });

  it('two that nobody has mapped may share a name', async () => {
    const { roster } = await openOne('id;type;last_name;x;x;\n1;elev;Ek;;;\n');
    expect((await readAll(roster)).entries).toHaveLength(1);
  });
});

describe('the rows of a CSV roster', () => {
  it.each([
    [',', 'id,type,"last;na\tme",last_name\n1,elev,;;\t,Ek\n'],
    [';', 'id;type;"a,b,c,d,e";last_name\n1;elev;,;Ek\n'],
    ['\t', 'id\ttype\t"a,b;c;d,e,f"\tlast_name\n1\tElev\tx\tEk\n'],
  ] as const)('are divided by %j', async (_, content) => {
    const { roster } = await openOne(content);
    expect((await readAll(roster)).entries[0]?.cells.last_name).toBe('Ek');
  });

  it('are divided as the configuration says', async () => {
    const { roster } = await openOne('id,type,last_name;a;b;c\n1,elev,Ek;;;\n', {
      delimiter: ',',
      columns: { last_name: 'last_name;a;b;c' },
    });
    expect((await readAll(roster)).entries[0]?.cells.last_name).toBe('Ek;;;');
  });

  it('say on which line they begin, with line breaks inside quotes and blank lines between', async () => {
    const content = [
      'id;type;"last\r\nname";first_name\r\n',
      '1;elev;"a\nb\r\nc";A\r\n',
      '\r\n',
      '2;elev;"d\re";B\n',
      '\n\n',
      '3;elev;"";"C"\r\n',
      '4;elev;x\r\n',
      '5;elev;"\r\n\r\n";D\r\n',
      '6;elev;;E',
    ].join('');
    const { entries, problems } = await readAll((await openOne(content)).roster);
    expect(entries.map((entry) => [entry.key.id, entry.place.line, entry.place.row])).toEqual([
      ['1', 3, 0],
      ['2', 7, 1],
      ['3', 11, 2],
      ['5', 13, 4],
      ['6', 16, 5],
    ]);
    expect(problems).toEqual([{ file: 'people.csv', line: 12, reason: 'ragged-row' }]);
  });

  it('may end in CR only', async () => {
    const { entries } = await readAll((await openOne('id;type;last_name\r1;elev;Ek\r\r2;elev;Al')).roster);
    expect(entries.map((entry) => [entry.key.id, entry.cells.last_name, entry.place.line])).toEqual([
      ['1', 'Ek', 2],
      ['2', 'Al', 4],
    ]);
  });

  it('may end in a mixture', async () => {
    const { entries } = await readAll(
      (await openOne('id;type;last_name\r\n1;elev;A\n2;elev;B\r\n3;elev;C')).roster,
    );
    expect(entries.map((entry) => entry.cells.last_name)).toEqual(['A', 'B', 'C']);
  });

  it('that are ragged, without id or of unknown type are problems; blank ones are not', async () => {
    const content = 'id;type;last_name\n1;elev\n;elev;Ek\n3;rektor;Ek\n;;\n   \n\n4;elev;Ek;\n5;elev;Ek\n';
    const { entries, problems } = await readAll((await openOne(content)).roster);
    expect(entries.map((entry) => entry.key.id)).toEqual(['5']);
    expect(problems.map(({ line, reason }) => [line, reason])).toEqual([
      [2, 'ragged-row'],
      [3, 'id-empty'],
      [4, 'unknown-type'],
      [8, 'ragged-row'],
    ]);
  });

  it('keep cells as they stand: formulas, blanks, doubled quotes, a hundred kilobytes', async () => {
    const long = 'å'.repeat(50_000);
    const content = `id;type;last_name;first_name;street;city\n1;elev;=1+1; x ;"a ""b""";${long}\n`;
    const { entries } = await readAll((await openOne(content)).roster);
    expect(entries[0]?.cells).toMatchObject({
      last_name: '=1+1',
      first_name: ' x ',
      street: 'a "b"',
      city: long,
    });
  });

  it('are the same wherever the chunks of reading fall', async () => {
    const rows = Array.from(
      { length: 3000 },
      (_, index) => `${index};elev;"Ek\r\n""${'x'.repeat(index % 89)}"";å"`,
    );
    const { entries } = await readAll((await openOne(`id;type;last_name\r\n${rows.join('\r\n')}`)).roster);
    expect(entries.map((entry) => entry.cells.last_name)).toEqual(
      rows.map((_, index) => `Ek\r\n"${'x'.repeat(index % 89)}";å`),
    );
    expect(entries.every((entry, index) => entry.place.line === 2 + 2 * index)).toBe(true);
  });

  it('come from several files, each with its type, and know which', async () => {
    const folder = await makeFolder();
    const students = await folder.write('s.csv', 'id,first_name\n1,Anna\n');
    const staff = await folder.write('p.csv', 'nr;last_name\n1;Ek\n');
    const roster = await openCsvRoster({
      files: [
        { path: students, name: 's.csv', type: 'student' },
        { path: staff, name: 'p.csv', type: 'staff', columns: { id: 'nr' } },
      ],
    });
    const { entries } = await readAll(roster);
    expect(entries.map((entry) => [entry.key.type, entry.key.id, entry.place.source])).toEqual([
      ['student', '1', 0],
      ['staff', '1', 1],
    ]);
    expect(roster.sources.map((source) => [source.name, ...source.fields])).toEqual([
      ['s.csv', 'first_name'],
      ['p.csv', 'last_name'],
    ]);
  });

  it('are read anew when the file has been exported in another shape', async () => {
    const { roster, folder } = await openOne('id;type;last_name\n1;elev;Ek\n');
    await readAll(roster);
    await folder.write('people.csv', iconv.encode('type,first_name,id\nelev,Åsa,1\n', 'windows-1252'));
    const { entries } = await readAll(roster);
    expect(entries[0]?.cells).toMatchObject({ first_name: 'Åsa', last_name: undefined });
    expect([...(roster.sources[0]?.fields ?? [])]).toEqual(['first_name']);
    expect(roster.sources[0]?.canHold('Ł')).toBe(false);
  });
});

describe('the links of a CSV roster', () => {
  it('have columns of their own, and ragged ones are problems', async () => {
    const folder = await makeFolder();
    const people = await folder.write('people.csv', 'id,type,last_name\n');
    const links = await folder.write('links.csv', 'Elev,VH,Roll\r\n1,2,mor\r\n1\r\n\r\n,,\r\n3,,far\r\n');
    const roster = await openCsvRoster({
      files: [{ path: people, name: 'people.csv' }],
      links: {
        path: links,
        name: 'links.csv',
        columns: { student_id: 'elev', guardian_id: 'vh', relation: 'roll' },
      },
    });
    const { links: found, problems } = await readAllLinks(roster);
    expect(found).toEqual([
      {
        student: '1',
        guardian: '2',
        relation: 'mor',
        source: undefined,
        place: { source: 1, row: 0, line: 2 },
      },
    ]);
    expect(problems).toEqual([
      { file: 'links.csv', line: 3, reason: 'ragged-row' },
      { file: 'links.csv', line: 6, reason: 'link-incomplete' },
    ]);
  });

  it('are refused without both ends', async () => {
    const folder = await makeFolder();
    const people = await folder.write('people.csv', 'id,type,last_name\n');
    const links = await folder.write('links.csv', 'student_id,vh\n');
    const error = await refusal(() =>
      openCsvRoster({
        files: [{ path: people, name: 'people.csv' }],
        links: { path: links, name: 'links.csv' },
      }),
    );
    expect(error.text.en).toBe(
      'links.csv, line 1: no column is "guardian_id". Columns found: student_id, vh.',
    );
  });
});
