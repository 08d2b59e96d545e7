import { execFileSync } from 'node:child_process';
import { chmod, lstat, mkdir, readdir, rename, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import type { CsvPeopleFile } from '../../../src/adapters/roster/csv/csv-people.ts';
import { openCsvRoster } from '../../../src/adapters/roster/csv/csv-roster.ts';
import type { RosterField } from '../../../src/domain/roster.ts';
import { edit, prepare, readAll, wholeWrite, write } from '../../contract/roster-trial.ts';
import { type CsvFolder, makeFolder, openOne, refusal } from './csv-on-disk.ts';

type To = Partial<Record<RosterField, string>>;

/** The bytes of the file after the edits, by the row's ordinal among those that could be read. */
async function rewritten(content: string | Uint8Array, edits: Readonly<Record<number, To>>): Promise<string> {
  const { roster, folder } = await openOne(content);
  const { entries } = await readAll(roster);
  const result = await write(
    roster,
    Object.entries(edits).map(([index, to]) => edit(entries[Number(index)], to)),
  );
  expect(result).toEqual({ kind: 'committed', refused: [] });
  expect(await folder.names()).toEqual(['people.csv']);
  return folder.bytes('people.csv');
}

describe('a write changes the cells that changed and no other byte', () => {
  it.each([
    ['a plain cell stays plain', 'id,type,city\n1,elev,Lund\n', 'Malm', 'id,type,city\n1,elev,Malm\n'],
    ['a quoted cell stays quoted', 'id,type,city\n1,elev,"Lund"\n', 'Malm', 'id,type,city\n1,elev,"Malm"\n'],
    ['an emptied quoted cell is ""', 'id,type,city\n1,elev,"Lund"\n', '', 'id,type,city\n1,elev,""\n'],
    ['an emptied plain cell is nothing', 'id,type,city\n1,elev,Lund\n', '', 'id,type,city\n1,elev,\n'],
    ['quotes where needed: delimiter', 'id,type,city\n1,elev,Lund\n', 'a,b', 'id,type,city\n1,elev,"a,b"\n'],
    ['quotes where needed: quote', 'id;type;city\n1;elev;Lund\n', 'a"b', 'id;type;city\n1;elev;"a""b"\n'],
    ['quotes where needed: blank', 'id;type;city\n1;elev;Lund\n', ' a', 'id;type;city\n1;elev;" a"\n'],
    [
      'no quotes for the other delimiters',
      'id;type;city\n1;elev;Lund\n',
      'a,b',
      'id;type;city\n1;elev;a,b\n',
    ],
    [
      'the last cell without a final newline',
      'id;type;city\n1;elev;Lund',
      'Malm',
      'id;type;city\n1;elev;Malm',
    ],
    ['an empty last cell without one', 'id;type;city\n1;elev;', 'Malm', 'id;type;city\n1;elev;Malm'],
    ['an empty cell before CRLF', 'id;type;city\r\n1;elev;\r\n', 'Malm', 'id;type;city\r\n1;elev;Malm\r\n'],
    ['behind blank lines', 'id;type;city\r\n\r\n\n1;elev;x\n\n', 'y', 'id;type;city\r\n\r\n\n1;elev;y\n\n'],
    ['in a file with CR only', 'id;type;city\r\r1;elev;x\r', 'y', 'id;type;city\r\r1;elev;y\r'],
    [
      'behind cells with line breaks and doubled quotes',
      'id;type;note;city\r\n1;elev;"a\n""b"";\r\n";"x""y"\r\n',
      'z',
      'id;type;note;city\r\n1;elev;"a\n""b"";\r\n";"z"\r\n',
    ],
    [
      'tabs and formulas',
      'id\ttype\tnote\tcity\n1\tElev\t=1+1\tx\n',
      'y',
      'id\ttype\tnote\tcity\n1\tElev\t=1+1\ty\n',
    ],
  ])('%s', async (_, content, to, expected) => {
    const named = content.replace('city', 'last_name');
    expect(await rewritten(named, { 0: { last_name: to } })).toBe(expected.replace('city', 'last_name'));
  });

  it('leaves bytes alone that its encoding has no character for', async () => {
    const head = 'id;type;last_name;first_name;note\n';
    const content = Buffer.from(`${head}1;elev;\x81\x8dk;A;\x90\n2;elev;\x80;\x8f;\x9d\n`, 'latin1');
    expect(await rewritten(content, { 0: { first_name: '€Š' }, 1: { last_name: 'Ö' } })).toBe(
      `${head}1;elev;\x81\x8dk;\x80\x8a;\x90\n2;elev;\xd6;\x8f;\x9d\n`,
    );
  });

  it('leaves ragged rows, blank rows, mixed line ends and the mark alone', async () => {
    const content = '\ufeff"id","type",last_name\r\n1,elev\n,,\n2,elev,Ek\r\n   \n3,elev,"Al"';
    const bytes = await rewritten(content, { 0: { last_name: 'Bo' }, 1: { last_name: 'By' } });
    expect(bytes).toBe(
      Buffer.from('\ufeff"id","type",last_name\r\n1,elev\n,,\n2,elev,Bo\r\n   \n3,elev,"By"').toString(
        'latin1',
      ),
    );
  });

  it('changes several cells of a row, given in any order', async () => {
    const { roster, folder } = await openOne('id,type,last_name,street,city\n1,elev,Ek,A,B\n');
    const { entries } = await readAll(roster);
    await write(roster, [edit(entries[0], { city: 'Y', street: 'X, 1' })]);
    expect(await folder.bytes('people.csv')).toBe('id,type,last_name,street,city\n1,elev,Ek,"X, 1",Y\n');
  });

  it('writes cells longer than what is read at once', async () => {
    const long = 'x'.repeat(100_000);
    const bytes = await rewritten(`id,type,last_name,city\n1,elev,${long},a\n2,elev,"${long}",b\n`, {
      0: { city: long, last_name: 'Ek' },
      1: { last_name: `"${long}` },
    });
    expect(bytes).toBe(`id,type,last_name,city\n1,elev,Ek,${long}\n2,elev,"""${long}",b\n`);
  });

  it('refuses what the encoding cannot hold, rather than write another character', async () => {
    const content = iconv.encode('id;type;last_name\n1;elev;Åk\n', 'windows-1252');
    const { roster, folder } = await openOne(content);
    const { entries } = await readAll(roster);
    expect(await write(roster, [edit(entries[0], { last_name: 'Łuk' })])).toEqual({
      kind: 'committed',
      refused: [{ key: { type: 'student', id: '1' }, reason: 'row-refused' }],
    });
    expect(await folder.bytes('people.csv')).toBe(content.toString('latin1'));
  });

  it('refuses a column that is not there', async () => {
    const { roster } = await openOne('id;type;last_name\n1;elev;Ek\n');
    const { entries } = await readAll(roster);
    const result = await write(roster, [edit(entries[0], { city: 'Lund' })]);
    expect(result).toMatchObject({ refused: [{ reason: 'row-refused' }] });
  });

  it('refuses a row that is another one now', async () => {
    const { roster } = await openOne('id;type;last_name\n1;elev;Ek\n2;elev;Ek\n');
    const { entries } = await readAll(roster);
    const other = { ...edit(entries[0], { last_name: 'Al' }), key: { type: 'student', id: '2' } as const };
    expect(await write(roster, [other])).toMatchObject({ refused: [{ reason: 'roster-changed' }] });
  });
});

describe('replacing a CSV roster', () => {
  const CONTENT = 'id,type,last_name\n1,elev,Ek\n';

  async function openTwo(): Promise<{ folder: CsvFolder; files: CsvPeopleFile[] }> {
    const folder = await makeFolder();
    const files: CsvPeopleFile[] = [];
    for (const [name, type] of [
      ['a.csv', 'student'],
      ['b.csv', 'staff'],
    ] as const) {
      files.push({ path: await folder.write(name, 'id,last_name\n1,Ek\n'), name, type });
    }
    return { folder, files };
  }

  it('touches only the files that change', async () => {
    const { folder, files } = await openTwo();
    const roster = await openCsvRoster({ files });
    const { entries } = await readAll(roster);
    const before = await stat(folder.file('a.csv'));
    const prepared = await prepare(roster, [edit(entries[1], { last_name: 'Al' })]);
    expect(prepared.files.map((file) => file.path)).toEqual([folder.file('b.csv')]);
    await prepared.stage();
    await prepared.commit();
    expect((await stat(folder.file('a.csv'))).ino).toBe(before.ino);
    expect(await folder.bytes('b.csv')).toBe('id,last_name\n1,Al\n');
  });

  it('writes neither of two files when one has changed', async () => {
    const { folder, files } = await openTwo();
    const roster = await openCsvRoster({ files });
    const { entries } = await readAll(roster);
    const prepared = await prepare(
      roster,
      entries.map((entry) => edit(entry, { last_name: 'Al' })),
    );
    await prepared.stage();
    await folder.write('b.csv', 'id,last_name\n1,By\n');
    expect(await prepared.commit()).toEqual({ kind: 'target-changed' });
    expect(await folder.bytes('a.csv')).toBe('id,last_name\n1,Ek\n');
    expect(await folder.bytes('b.csv')).toBe('id,last_name\n1,By\n');
    expect(await folder.names()).toEqual(['a.csv', 'b.csv']);
  });

  it('never puts in place what was staged from a file in between, though the file is back', async () => {
    const { roster, folder } = await openOne(CONTENT);
    const { entries } = await readAll(roster);
    const prepared = await prepare(roster, [edit(entries[0], { last_name: 'Al' })]);
    await folder.write('people.csv', 'id,type,last_name\n9,elev,By\n');
    await prepared.stage();
    await folder.write('people.csv', CONTENT);
    expect(await prepared.commit()).toEqual({ kind: 'target-changed' });
    expect(await folder.bytes('people.csv')).toBe(CONTENT);
    expect(await folder.names()).toEqual(['people.csv']);
  });

  it('notices that the file was replaced by another between reading and writing', async () => {
    const { roster, folder } = await openOne(CONTENT);
    const { entries } = await readAll(roster);
    await rename(await folder.write('new', `${CONTENT}2,elev,By\n`), folder.file('people.csv'));
    expect(await roster.prepareWrite(wholeWrite([edit(entries[0], { last_name: 'Al' })]), 1)).toEqual({
      kind: 'target-changed',
    });
  });

  it('follows a symbolic link, and works beside the real file', async () => {
    const folder = await makeFolder();
    await mkdir(folder.file('real'));
    await writeFile(folder.file('real/people.csv'), CONTENT);
    await symlink(folder.file('real/people.csv'), folder.file('people.csv'));
    const roster = await openCsvRoster({ files: [{ path: folder.file('people.csv'), name: 'people.csv' }] });
    const { entries } = await readAll(roster);
    const prepared = await prepare(roster, [edit(entries[0], { last_name: 'Al' })], 12);
    await prepared.stage();
    expect(await readdir(folder.file('real'))).toEqual(['.people.csv.spar-sync-12.tmp', 'people.csv']);
    await prepared.commit();
    expect((await lstat(folder.file('people.csv'))).isSymbolicLink()).toBe(true);
    expect(await folder.bytes('real/people.csv')).toBe('id,type,last_name\n1,elev,Al\n');
    expect(await readdir(folder.file('real'))).toEqual(['people.csv']);
  });

  it.each([0o600, 0o640, 0o664])('keeps the mode %o', async (mode) => {
    const { roster, folder } = await openOne(CONTENT);
    await chmod(folder.file('people.csv'), mode);
    const { entries } = await readAll(roster);
    await write(roster, [edit(entries[0], { last_name: 'Al' })]);
    expect((await stat(folder.file('people.csv'))).mode & 0o777).toBe(mode);
  });

  it('removes what another process staged and left, of that run only', async () => {
    const { roster, folder } = await openOne(CONTENT);
    await folder.write('.people.csv.spar-sync-3.tmp', 'x');
    await folder.write('.people.csv.spar-sync-4.tmp', 'x');
    await roster.removeLeftovers(3);
    expect(await folder.names()).toEqual(['.people.csv.spar-sync-4.tmp', 'people.csv']);
  });

  it('stages over what an earlier attempt of the same run left', async () => {
    const { roster, folder } = await openOne(CONTENT);
    await folder.write('.people.csv.spar-sync-1.tmp', 'x');
    const { entries } = await readAll(roster);
    await write(roster, [edit(entries[0], { last_name: 'Al' })]);
    expect(await folder.bytes('people.csv')).toBe('id,type,last_name\n1,elev,Al\n');
  });

  it('says so when the file has gone', async () => {
    const { roster, folder } = await openOne(CONTENT);
    await rename(folder.file('people.csv'), folder.file('elsewhere.csv'));
    expect((await refusal(() => roster.proveWritable({ links: true }))).code).toBe('roster-unwritable');
    expect((await refusal(() => roster.digests())).code).toBe('roster-unreadable');
  });

  const isRoot = process.geteuid?.() === 0;

  it('is refused in a folder where no file can be made', async () => {
    const { roster, folder } = await openOne(CONTENT);
    const { entries } = await readAll(roster);
    const prepared = await prepare(roster, [edit(entries[0], { last_name: 'Al' })]);
    await chmod(folder.file('people.csv'), 0o666);
    await chmod(folder.path, 0o555);
    const errors = [];
    // Root may write everywhere, so it becomes somebody else for a moment.
    if (isRoot) process.seteuid?.(65534);
    try {
      errors.push(
        await refusal(() => roster.proveWritable({ links: true })),
        await refusal(() => prepared.stage()),
      );
    } finally {
      if (isRoot) process.seteuid?.(0);
      await chmod(folder.path, 0o755);
    }
    expect(errors.map((error) => error.code)).toEqual(['roster-unwritable', 'roster-unwritable']);
    expect(errors[0]?.text.sv).toContain('people.csv');
    expect(await folder.bytes('people.csv')).toBe(CONTENT);
    expect(await folder.names()).toEqual(['people.csv']);
  });

  it('survives a full disk: the old file whole, nothing beside it', async (context) => {
    const folder = await makeFolder();
    const disk = folder.file('disk');
    await mkdir(disk);
    if (!isRoot || !mounted(disk)) {
      context.skip('a small file system can only be mounted by root');
      return;
    }
    const content = `id,type,last_name\n1,elev,Ek\n${'2,elev,x\n'.repeat(10_000)}`;
    const path = join(disk, 'people.csv');
    const found = await (async () => {
      await writeFile(path, content);
      const roster = await openCsvRoster({ files: [{ path, name: 'people.csv' }] });
      const { entries } = await readAll(roster);
      const prepared = await prepare(roster, [edit(entries[0], { last_name: 'Al' })]);
      const error = await refusal(() => prepared.stage());
      return { error, names: await readdir(disk), bytes: await folder.bytes('disk/people.csv') };
    })().finally(() => execFileSync('umount', [disk]));
    expect(found.error.code).toBe('roster-unwritable');
    expect(found.error.text.en).toContain('the disk is full');
    expect(found.names).toEqual(['people.csv']);
    expect(found.bytes).toBe(content);
  });
});

function mounted(folder: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=128k', 'tmpfs', folder], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
