import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PreparedSchool, prepareSchool, runAndJudge } from '../fuzz/prepared-school.ts';

/** What a cell of a roster may hold that somebody else has written. */
const HOSTILE = [
  '=HYPERLINK("http://example.com";"x")',
  '+1+1',
  '-2+3',
  '@SUM(A1)',
  '\tx',
  '\r=1',
  '../../x',
  '/etc/passwd',
  '\u001b[2J\u001b]0;x\u0007',
  '\u009b2J',
  'a\nb',
  'a\r\nStudent 1002',
  '\u202exlsx.exe',
  '\u2028x',
  '__proto__',
  'constructor',
  'student:',
  'guardian:3001',
];
const FORMULA = /^[=+\-@\t\r]/;
const PHONE = /^\+\d[\d ()-]*$/;

describe('a roster whose cells are hostile', () => {
  let school: PreparedSchool;

  beforeAll(async () => {
    school = await prepareSchool('planned');
    const lines = readFileSync(school.path('people.csv'), 'utf8').split('\n');
    let next = 0;
    const hostile = () => `"${(HOSTILE[next++ % HOSTILE.length] ?? '').replaceAll('"', '""')}"`;
    const rows = lines.map((line, at) => {
      const cells = line.split(';');
      // id;typ;förnamn;efternamn;…;c/o;gatuadress;postnr;ort, and the school's own columns.
      if (at === 0 || cells.length !== 18) return line;
      for (const column of [at % 3 === 0 ? 0 : 2, 3, 6 + (at % 4)]) cells[column] = hostile();
      return cells.join(';');
    });
    writeFileSync(school.path('people.csv'), rows.join('\n'));
  });

  afterAll(() => school.remove());

  it.each([
    ['update', '--dry-run', '--offline', '--report', 'report'],
    ['guardians', '--dry-run', '--offline', '--report', 'report'],
    ['duplicates'],
    ['status'],
    ['check'],
    ['update', '--offline', '--id', '\u001b[2J\u001b]0;x\u0007', '__proto__', 'student:constructor'],
    ['update', '--offline', '--force', '--report', 'report'],
    ['guardians', '--offline', '--force', '--report', 'report'],
    ['history', '3'],
    ['undo', '3', '--dry-run'],
  ])('is neutral on screen and as JSON: %s %s %s', async (...command) => {
    for (const more of [[], ['--json']]) {
      const ended = await runAndJudge([...command, '--as-of', '2026-11-23', ...more], school.dir);
      expect([0, 2, 3]).toContain(ended.exit);
      if (more.length > 0) JSON.parse(ended.stdout);
    }
  });

  it('leaves no formula in a report, an export or a file of decisions for a spreadsheet', async () => {
    const written = readdirSync(school.path('report')).filter((name) => name.endsWith('.csv'));
    expect(written.length).toBeGreaterThan(4);
    for (const args of [
      ['export', '--excel', '-o', 'export.csv'],
      ['export', '--excel', '--with-guardians', '-o', 'families.csv'],
      ['duplicates', '--excel', '-o', 'duplicates.csv'],
    ]) {
      expect((await runAndJudge(args, school.dir)).exit).toBe(0);
    }
    const files = [
      ...written.map((name) => join('report', name)),
      'export.csv',
      'families.csv',
      'duplicates.csv',
    ];
    for (const name of files) {
      const text = readFileSync(school.path(name), 'utf8');
      const rows: string[][] = parse(text, {
        bom: true,
        delimiter: name.startsWith('report') ? ',' : ';',
      });
      const formulas = rows.flat().filter((cell) => FORMULA.test(cell) && !PHONE.test(cell));
      expect(formulas, name).toEqual([]);
    }
  });
});
