import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { renderGuardiansCsv } from '../../../src/adapters/report/guardians/guardians-csv.ts';
import { renderGuardiansJson } from '../../../src/adapters/report/guardians/guardians-json.ts';
import { renderGuardians } from '../../../src/adapters/report/guardians/render-guardians.ts';
import { writeGuardianReport } from '../../../src/adapters/report/write-report.ts';
import type { GuardianReport } from '../../../src/app/guardians/guardian-report.ts';
import { ROSTER_FIELDS } from '../../../src/domain/roster.ts';
import { date } from '../../support/arbitraries.ts';
import { HIDDEN, TWICE } from './sample-pairs.ts';

const english = { language: 'en', color: false } as const;
const swedish = { language: 'sv', color: false } as const;

const SINCE = date('2026-11-23');

const BUSY: GuardianReport = {
  command: 'guardians',
  run: 5,
  dryRun: false,
  students: { selected: 120, withGuardians: 117 },
  guardians: {
    assigned: [
      { id: '12', grade: 'certain' },
      { id: '13', grade: 'probable' },
      { id: '14', grade: 'certain' },
    ],
    created: [{ id: '501' }, { id: '502' }],
  },
  links: {
    added: [
      { student: '3', guardian: '501' },
      { student: '3', guardian: '502' },
      { student: '4', guardian: '502' },
    ],
    present: 210,
  },
  lookups: { asked: 12, reused: 230, notFound: 1, failed: 1, cost: 4.8, currency: 'SEK' },
  changes: [
    { id: '12', type: 'guardian', field: 'personnummer', from: '', to: '198305039292' },
    { id: '12', type: 'guardian', field: 'street', from: 'Storgatan 1', to: 'Nygatan 2' },
  ],
  review: [
    { id: '9', type: 'student', reason: 'guardian-protected', since: SINCE, rows: ['21', '22'] },
    { id: '30', type: 'guardian', reason: 'no-longer-guardian', since: SINCE, children: ['3', '4'] },
    { id: '10', type: 'student', reason: 'turned-18', since: date('2026-10-01') },
  ],
  notAsked: [
    { id: '40', type: 'student', reason: 'failed' },
    { id: '41', type: 'student', reason: 'id-missing' },
  ],
  problems: [{ file: 'links.csv', line: 7, reason: 'link-to-nobody' }],
  duplicates: [TWICE],
  noRelationsAtAll: false,
};

const CALM: GuardianReport = {
  ...BUSY,
  guardians: { assigned: [], created: [] },
  links: { added: [], present: 210 },
  lookups: { asked: 0, reused: 230, notFound: 0, failed: 0, cost: 0, currency: 'SEK' },
  changes: [],
  notAsked: [{ id: '41', type: 'student', reason: 'id-missing' }],
};

const nothingNew = { quiet: { newReviews: [], newPairs: [] } };

describe('guardians on screen', () => {
  it('reads in English', () => {
    expect(renderGuardians(BUSY, english)).toMatchInlineSnapshot(`
      "Guardians in the roster given their personnummer (3)
        certain (2)
          The number agrees; or the names do, together with the date of birth or the address, and nothing speaks against it.
          guardian 12, 14
        probable (1)
          The names agree and nothing speaks against it, but nothing more confirms it either.
          guardian 13

      New guardians (2)
        guardian 501, 502

      New links between student and guardian (3)
        student 3: guardian 501, 502
        student 4: guardian 502

      Changes (2 changes in 1 person)
        guardian 12
          personnummer: (empty) → 19830503-****
          street address: Storgatan 1 → Nygatan 2

      For a person to look at (3)
        Guardian with protected personal data (1)
          The child has a guardian with protected personal data who is not in the roster by number, so nobody was added; find out with the family whether it is one of the rows named here.
          student 9 (guardian 21, 22)
        No longer guardian (1)
          The relation to the child has ended according to SPAR; the link stays, so ask the family and take it away yourself if it is right.
          guardian 30 (student 3, 4)
        Turned 18 (1)
          The student is of age, so guardians are no longer looked after; the links stay until somebody at the school takes them away.
          student 10

      Without an answer from SPAR (2)
        No usable answer (1)
          SPAR gave no usable answer about the person; the next run asks again.
          student 40
        No personnummer (1)
          The row has no number to ask about; write it in.
          student 41

      Rows that could not be taken (1); they are left as they were
        The link leads to somebody who is not in the roster (1)
          Correct the id, or take the link away.
          links.csv, line 7

      Rows that may be the same person (1 pair)

        The same person twice (1)
          Write same, and the two rows become one, the row to keep; of one person in two roles both stay.

          guardian 12 – guardian 31: probable
                              guardian 12       guardian 31
              personnummer    19830503-****     –
            ≠ first name      Lars              Lasse
            ≠ last name       Öberg Lind        Öberg
              street address  Storgatan 1       Storgatan  1
              postal code     111 46            11146
              town            STOCKHOLM         Stockholm
              e-mail          –                 lasse@example.se
              phone           +46 70-123 45 67  070-1234567
            For it: a short or other form of the first name, same address, a child in common
            Against it: different surnames
            Children: 3, 4
            The e-mail is on: guardian 31
            Row to keep: guardian 12

        What the grades mean
          probable: The names agree and nothing speaks against it, but nothing more confirms it either.
          ≠ marks what differs between the two rows.

        To decide: \`spar-sync duplicates --format csv -o duplicates.csv\` (for Excel add --excel),
        write same or different in the column \`decision\`, save it as CSV,
        then \`spar-sync duplicates apply duplicates.csv\`. \`spar-sync history\` shows the number of that run,
        and \`spar-sync undo NUMBER\` takes it back.

      Summary
        120 students under 18 looked at, 117 with guardians linked
        3 rows given a personnummer, 2 guardians added, 3 links added
        210 links were there already
        1 pair of rows to decide about
        12 lookups bought for 4.80 SEK, 1 of them not found; 230 answers reused at no cost
        1 person without a usable answer from SPAR
      "
    `);
  });

  it('reads in Swedish, as a dry run', () => {
    expect(renderGuardians({ ...BUSY, dryRun: true, duplicates: [] }, swedish)).toMatchInlineSnapshot(`
      "Provkörning: inget har skrivits i registret.

      Vårdnadshavare i registret som får sitt personnummer (3)
        säkert (2)
          Numret stämmer, eller namnen tillsammans med födelsedatum eller adress, och inget talar emot.
          vårdnadshavare 12, 14
        troligt (1)
          Namnen stämmer och inget talar emot, men inget mer bekräftar det heller.
          vårdnadshavare 13

      Nya vårdnadshavare (2)
        vårdnadshavare 501, 502

      Nya kopplingar mellan elev och vårdnadshavare (3)
        elev 3: vårdnadshavare 501, 502
        elev 4: vårdnadshavare 502

      Ändringar (2 ändringar för 1 person)
        vårdnadshavare 12
          personnummer: (tomt) → 19830503-****
          gatuadress: Storgatan 1 → Nygatan 2

      För någon att titta på (3)
        Vårdnadshavare med skyddade personuppgifter (1)
          Barnet har en vårdnadshavare med skyddade personuppgifter som inte finns med nummer i registret, så ingen har lagts till; ta reda på med familjen om det är någon av raderna som nämns här.
          elev 9 (vårdnadshavare 21, 22)
        Inte längre vårdnadshavare (1)
          Personen är inte längre vårdnadshavare för barnet enligt SPAR; kopplingen står kvar, så fråga familjen och ta bort den själv om det stämmer.
          vårdnadshavare 30 (elev 3, 4)
        Fyllt 18 år (1)
          Eleven är myndig, så vårdnadshavarna hålls inte längre aktuella; kopplingarna står kvar tills någon på skolan tar bort dem.
          elev 10

      Utan svar från SPAR (2)
        Inget användbart svar (1)
          SPAR gav inget användbart svar om personen; nästa körning frågar igen.
          elev 40
        Personnummer saknas (1)
          Raden har inget nummer att fråga om; fyll i det.
          elev 41

      Rader som inte kunde tas med (1); de är orörda
        Kopplingen leder till någon som inte finns i registret (1)
          Rätta id eller ta bort kopplingen.
          links.csv, rad 7

      Sammanfattning
        120 elever under 18 år gicks igenom, 117 med kopplade vårdnadshavare
        skulle bli: 3 rader som fick personnummer, 2 nya vårdnadshavare, 3 nya kopplingar
        210 kopplingar fanns redan
        12 uppslag köpta för 4,80 kr, varav 1 utan träff; 230 sparade svar användes utan kostnad
        1 person utan användbart svar från SPAR
      "
    `);
  });

  it('is short where nothing happened', () => {
    const calm = { ...CALM, review: [], notAsked: [], problems: [], duplicates: [] };
    expect(renderGuardians(calm, english)).toMatchInlineSnapshot(`
      "Summary
        120 students under 18 looked at, 117 with guardians linked
        Nothing to change.
        210 links were there already
        Nothing bought from SPAR; 230 answers reused at no cost
      "
    `);
  });

  it('says that the permission is probably missing, and nothing of who has no guardians', () => {
    const none = { ...CALM, students: { selected: 120, withGuardians: 0 }, noRelationsAtAll: true };
    const [en, sv] = [renderGuardians(none, english), renderGuardians(none, swedish)];
    expect(en).toContain('`Relationer` is probably missing');
    expect(en).toContain('120 students under 18 looked at\n');
    expect(sv).toContain('`Relationer` saknas troligen');
    expect(sv).toContain('120 elever under 18 år gicks igenom\n');
    expect(renderGuardians(none, { ...english, ...nothingNew })).toContain('`Relationer`');
  });

  it('long lists are cut, and say how long they are', () => {
    const ids = Array.from({ length: 100 }, (_, index) => String(index + 1));
    const text = renderGuardians(
      {
        ...BUSY,
        guardians: {
          assigned: ids.map((id) => ({ id, grade: 'certain' })),
          created: ids.map((id) => ({ id })),
        },
        links: { added: ids.map((id) => ({ student: id, guardian: id })), present: 0 },
        duplicates: ids.map((id) => ({ ...TWICE, b: { type: 'guardian', id: `b${id}` } })),
      },
      english,
    );
    expect(text.match(/… and 80 more; --json or --report shows all/g)).toHaveLength(2);
    expect(text).toContain('… and those of 80 students more; --json or --report shows all');
    expect(text).toContain('… and 80 pairs more; `spar-sync duplicates` shows all');
    expect(text).toContain('guardian 12 – guardian b20');
    expect(text).not.toContain('guardian b21');
  });

  it('masks numbers wherever an id may be one', () => {
    const number = '198305039292';
    const text = renderGuardians(
      {
        ...BUSY,
        guardians: { assigned: [{ id: number, grade: 'certain' }], created: [{ id: number }] },
        links: { added: [{ student: number, guardian: number }], present: 0 },
        review: [
          {
            id: number,
            type: 'student',
            reason: 'turned-18',
            since: SINCE,
            rows: [number],
            children: [number],
          },
        ],
        changes: [],
      },
      english,
    );
    expect(text).not.toContain('9292');
  });

  it('of a protected person nothing but the mark is shown, whatever the report holds', () => {
    const leaking: GuardianReport = {
      ...BUSY,
      duplicates: [HIDDEN],
      review: [{ id: '12', type: 'guardian', reason: 'protected', since: SINCE }],
      changes: ROSTER_FIELDS.map((field) => ({
        id: '12',
        type: 'guardian',
        field,
        from: 'Hemliga gatan 1',
        to: 'Gömda gatan 2',
      })),
    };
    const outputs = [
      renderGuardians(leaking, english),
      renderGuardians(leaking, { ...swedish, ...nothingNew }),
      renderGuardiansJson(leaking, { numbers: 'whole' }),
      ...Object.values(renderGuardiansCsv(leaking, 'sv')),
    ];
    // The mark itself is the one field that may be shown.
    for (const output of outputs) expect((output.match(/Hemliga/g) ?? []).length).toBeLessThanOrEqual(1);
  });
});

describe('guardians on screen with --quiet', () => {
  it('nothing is printed when nothing happened and nothing is new', () => {
    expect(renderGuardians(CALM, { ...english, ...nothingNew })).toBe('');
  });

  it.each([
    [
      'a new review',
      CALM,
      { newReviews: BUSY.review.slice(0, 1), newPairs: [] },
      'student 9 (guardian 21, 22)',
    ],
    [
      'a new pair',
      CALM,
      { newReviews: [], newPairs: [TWICE] },
      'New rows that may be the same person (1 pair)',
    ],
    ['a new link', { ...CALM, links: BUSY.links }, nothingNew.quiet, 'student 3: guardian 501, 502'],
    ['a failure', { ...CALM, notAsked: BUSY.notAsked }, nothingNew.quiet, 'No usable answer (1)'],
  ])('%s is printed, and what has waited is not', (_, report, quiet, line) => {
    const text = renderGuardians(report, { ...english, quiet });
    expect(text).toContain(line);
    expect(text).not.toMatch(/Turned 18|No personnummer|links\.csv/);
  });
});

describe('guardians as JSON', () => {
  it('has the keys of the contract in their order', () => {
    const parsed = JSON.parse(renderGuardiansJson(BUSY, { numbers: 'masked' }));
    expect(Object.keys(parsed)).toEqual([
      'command',
      'run',
      'dryRun',
      'students',
      'guardians',
      'links',
      'lookups',
      'changes',
      'review',
      'notAsked',
      'problems',
      'duplicates',
    ]);
    expect(parsed).toMatchObject({
      students: { selected: 120, withGuardians: 117 },
      guardians: {
        assigned: [{ id: '12', grade: 'certain' }, {}, {}],
        created: [{ id: '501' }, { id: '502' }],
      },
      links: { added: [{ student: '3', guardian: '501' }, {}, {}], present: 210 },
      review: [
        { id: '9', type: 'student', reason: 'guardian-protected', since: '2026-11-23', rows: ['21', '22'] },
        { id: '30', children: ['3', '4'] },
        {},
      ],
      duplicates: [{ a: '12', b: '31' }],
    });
    expect(parsed.review[2]).toEqual({ id: '10', type: 'student', reason: 'turned-18', since: '2026-10-01' });
  });

  it('has the brake and the error last', () => {
    const brake = { kind: 'changed', count: 30, of: 40, share: 0.75, limit: 0.5 } as const;
    const error = { code: 'spar-unreachable', message: 'm', hint: 'h' };
    const parsed = JSON.parse(renderGuardiansJson({ ...BUSY, brake }, { numbers: 'masked', error }));
    expect(Object.entries(parsed).slice(-2)).toEqual([
      ['brake', brake],
      ['error', error],
    ]);
  });

  it('has whole numbers only for a file', () => {
    expect(renderGuardiansJson(BUSY, { numbers: 'masked' })).not.toContain('198305039292');
    expect(renderGuardiansJson(BUSY, { numbers: 'whole' })).toContain('198305039292');
  });
});

describe('the report folder of guardians', () => {
  it('has every file, readable by its owner only', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'guardians-'));
    try {
      const options = { language: 'sv', form: 'excel', checkOf: () => 'ab' } as const;
      const written = await writeGuardianReport(join(folder, 'report'), BUSY, options);
      const names = (await readdir(join(folder, 'report'))).sort();
      expect(names).toEqual([
        'changes.csv',
        'duplicates.csv',
        'guardians-done.csv',
        'guardians.json',
        'links-added.csv',
        'not-asked.csv',
        'problems.csv',
        'review.csv',
      ]);
      expect(written.map((path) => path.split('/').at(-1)).sort()).toEqual(names);
      for (const path of written) expect((await stat(path)).mode & 0o777).toBe(0o600);
      expect(await readFile(join(folder, 'report', 'duplicates.csv'), 'utf8')).toContain('#ab');
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('tells in its tables what the JSON tells', () => {
    const tables = renderGuardiansCsv(BUSY, 'en');
    const rows = (name: keyof typeof tables) => parse(tables[name], { bom: true });
    expect(rows('guardians-done.csv')).toEqual([
      ['id', 'done', 'grade'],
      ['12', 'assigned', 'certain'],
      ['13', 'assigned', 'probable'],
      ['14', 'assigned', 'certain'],
      ['501', 'created', ''],
      ['502', 'created', ''],
    ]);
    expect(rows('links-added.csv')).toHaveLength(4);
    expect(rows('review.csv')[1]?.slice(0, 6)).toEqual([
      '9',
      'student',
      'guardian-protected',
      '2026-11-23',
      '21, 22',
      '',
    ]);
  });
});
