import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { neutraliseFormula } from '../../src/adapters/report/formula-cells.ts';
import { renderCsv } from '../../src/adapters/report/render-csv.ts';
import { renderJson } from '../../src/adapters/report/render-json.ts';
import { renderText } from '../../src/adapters/report/render-text.ts';
import type { ReportedChange, UpdateReport } from '../../src/app/update/update-report.ts';
import { ROSTER_FIELDS } from '../../src/domain/roster.ts';
import { BUSY, CALM } from './sample-report.ts';

const english = { language: 'en', color: false } as const;
const swedish = { language: 'sv', color: false } as const;

describe('on screen', () => {
  it('a run reads in English', () => {
    expect(renderText(BUSY, english)).toMatchInlineSnapshot(`
      "Changes (4 changes in 3 people)
        student 17
          street address: Storgatan 1 → Nygatan 2 lgh 1101
          c/o: Berg → (empty)
        guardian 4
          personnummer: 19900114-**** → 19900226-****
        student 18
          protection mark: (empty) → sekretessmarkering

      For a person to look at (3)
        Protected personal data (2)
          Nothing but the mark is written and what the roster has stays; see to it that the address there is shown to nobody who should not have it.
          student 18
          staff 7
        Not found in SPAR (1)
          SPAR has nobody with the number; compare it with the enrolment papers.
          guardian 19900226-****

      Without an answer from SPAR (2)
        No personnummer (1)
          The row has no number to ask about; write it in.
          guardian 31
        No usable answer (1)
          SPAR gave no usable answer about the person; the next run asks again.
          student 40

      Rows that could not be taken (1); they are left as they were
        The row has too many or too few columns (1)
          Often a separator inside a value without quotes; correct the row.
          people.csv, line 14

      Summary
        1,200 rows in the roster, 1,100 looked at
        3 people changed
        1,012 lookups bought for 404.80 SEK, 1 of them not found; 95 answers reused at no cost
        2 people without a usable answer from SPAR
      "
    `);
  });

  it.each<[ReportedChange['field'], string]>([
    ['street', 'c/o 201302282395 Berg'],
    ['first_name', 'Elsa 20130228-2395'],
    ['care_of', `${'x '.repeat(34)}201302282395 `],
  ])('shows no personnummer that was typed into %s', (field, value) => {
    const changes: ReportedChange[] = [
      { id: '17', type: 'student', field, from: value, to: 'Nygatan 2' },
      { id: '19', type: 'student', field, from: '', to: value },
    ];
    const text = renderText({ ...BUSY, changes }, english);
    expect(text).toContain('Nygatan 2');
    expect(text).not.toMatch(/\d{8}-?\d|\d{9}/);
    expect(renderJson({ ...BUSY, changes }, { numbers: 'masked' })).toContain(JSON.stringify(value));
  });

  it('a run reads in Swedish', () => {
    expect(renderText(BUSY, swedish)).toMatchInlineSnapshot(`
      "Ändringar (4 ändringar för 3 personer)
        elev 17
          gatuadress: Storgatan 1 → Nygatan 2 lgh 1101
          c/o: Berg → (tomt)
        vårdnadshavare 4
          personnummer: 19900114-**** → 19900226-****
        elev 18
          skyddsmarkering: (tomt) → sekretessmarkering

      För någon att titta på (3)
        Skyddade personuppgifter (2)
          Bara markeringen skrivs in och det som står i registret får stå kvar; se till att adressen där inte visas för någon obehörig.
          elev 18
          personal 7
        Finns inte i SPAR (1)
          Ingen i SPAR har det numret; jämför med inskrivningshandlingarna.
          vårdnadshavare 19900226-****

      Utan svar från SPAR (2)
        Personnummer saknas (1)
          Raden har inget nummer att fråga om; fyll i det.
          vårdnadshavare 31
        Inget användbart svar (1)
          SPAR gav inget användbart svar om personen; nästa körning frågar igen.
          elev 40

      Rader som inte kunde tas med (1); de är orörda
        Raden har för många eller för få kolumner (1)
          Ofta ett skiljetecken inne i ett värde utan citattecken; rätta raden.
          people.csv, rad 14

      Sammanfattning
        1 200 rader i registret, 1 100 gicks igenom
        3 personer ändrades
        1 012 uppslag köpta för 404,80 kr, varav 1 utan träff; 95 sparade svar användes utan kostnad
        2 personer utan användbart svar från SPAR
      "
    `);
  });

  it('a dry run says so first', () => {
    const text = renderText({ ...BUSY, dryRun: true }, english);
    expect(text).toMatch(/^Dry run: nothing was written to the roster\.\n\n/);
    expect(text).toContain('3 people would be changed');
  });

  it('a run in which nothing happened is short', () => {
    expect(renderText({ ...CALM, review: [], notAsked: [], problems: [] }, swedish)).toMatchInlineSnapshot(`
      "Sammanfattning
        2 rader i registret, 1 gicks igenom
        Inget att ändra.
        Inget köptes från SPAR; 1 sparat svar användes utan kostnad
      "
    `);
  });

  it('only colours when told to', () => {
    expect(renderText(BUSY, english)).not.toContain('\u001B');
    expect(renderText(BUSY, { ...english, color: true })).toContain('\u001B[');
  });

  it('long lists are cut, and say how long they are', () => {
    const ids = Array.from({ length: 100 }, (_, index) => String(index + 1));
    const long: UpdateReport = {
      ...BUSY,
      changes: ids.map((id) => ({ id, type: 'student', field: 'city', from: 'A', to: 'B' })),
      notAsked: ids.map((id) => ({ id, type: 'guardian', reason: 'inactive' })),
      problems: ids.map((id) => ({ file: 'p.csv', line: Number(id), reason: 'id-empty' })),
    };
    const text = renderText(long, english);
    expect(text).toContain('… and 60 people more; --json or --report shows all');
    expect(text.match(/… and 80 more; --json or --report shows all/g)).toHaveLength(2);
    expect(text).toContain('Not active (100)');
    expect(text.split('\n').length).toBeLessThan(140);
  });

  it('no value can steer the terminal or begin a line of its own', () => {
    const hostile = 'x\u001B[2J\u001B]8;;http://a\u0007y\nSummary\r\u0085\u202Ez';
    const text = renderText(
      {
        ...BUSY,
        changes: [{ id: hostile, type: 'student', field: 'city', from: hostile, to: hostile }],
        review: [
          {
            id: hostile,
            type: 'student',
            reason: 'not-found',
            since: BUSY.review[0]?.since ?? neverHappens(),
          },
        ],
        problems: [{ file: hostile, line: 1, reason: 'id-empty' }],
      },
      english,
    );
    expect(text).not.toMatch(/[^\P{Cc}\n]|\u202E/u);
    expect(text.match(/^Summary$/gm)).toHaveLength(1);
  });

  it('of a protected person nothing but the mark is shown, whatever the report holds', () => {
    const leaking: UpdateReport = {
      ...BUSY,
      changes: ROSTER_FIELDS.map(
        (field): ReportedChange => ({
          id: '18',
          type: 'student',
          field,
          from: 'Hemliga gatan 1',
          to: 'Gömda gatan 2',
        }),
      ),
    };
    const outputs = [
      renderText(leaking, english),
      renderText(leaking, swedish),
      renderText(leaking, { ...english, quiet: { newReviews: [] } }),
      renderJson(leaking, { numbers: 'whole' }),
      ...Object.values(renderCsv(leaking, 'sv')),
    ];
    // The mark itself is the one field that may be shown.
    for (const output of outputs) expect((output.match(/Hemliga/g) ?? []).length).toBeLessThanOrEqual(1);
    expect(renderText(leaking, english)).toContain('street address: (not shown: protected personal data)');
    const other = {
      ...leaking,
      changes: leaking.changes.map((change) => ({ ...change, type: 'staff' as const })),
    };
    expect(renderText(other, english)).toContain('street address: Hemliga gatan 1 → Gömda gatan 2');
  });
});

describe('on screen with --quiet', () => {
  it('nothing is printed when nothing changed and nothing is new', () => {
    expect(renderText(CALM, { ...english, quiet: { newReviews: [] } })).toBe('');
  });

  it('what is new is printed, and what has waited is not', () => {
    const newReviews = BUSY.review.filter((item) => item.since === '2026-11-23');
    expect(renderText(BUSY, { ...english, quiet: { newReviews } })).toMatchInlineSnapshot(`
      "Changed (4 changes in 3 people)
        student 17
          street address: Storgatan 1 → Nygatan 2 lgh 1101
          c/o: Berg → (empty)
        guardian 4
          personnummer: 19900114-**** → 19900226-****
        student 18
          protection mark: (empty) → sekretessmarkering

      New for a person to look at (2)
        Protected personal data (1)
          Nothing but the mark is written and what the roster has stays; see to it that the address there is shown to nobody who should not have it.
          student 18
        Not found in SPAR (1)
          SPAR has nobody with the number; compare it with the enrolment papers.
          guardian 19900226-****

      Without an answer from SPAR (1)
        No usable answer (1)
          SPAR gave no usable answer about the person; the next run asks again.
          student 40

      Summary
        1,200 rows in the roster, 1,100 looked at
        3 people changed
        1,012 lookups bought for 404.80 SEK, 1 of them not found; 95 answers reused at no cost
        2 people without a usable answer from SPAR
      "
    `);
  });

  it('a new review item alone is printed', () => {
    const text = renderText(CALM, { ...swedish, quiet: { newReviews: CALM.review } });
    expect(text).toContain('Nytt för någon att titta på (1)');
    expect(text).not.toContain('people.csv');
  });

  it('somebody who could not be asked about is printed', () => {
    const failed: UpdateReport = { ...CALM, notAsked: [{ id: '40', type: 'student', reason: 'failed' }] };
    expect(renderText(failed, { ...english, quiet: { newReviews: [] } })).toContain('No usable answer (1)');
  });
});

describe('as JSON', () => {
  it('has the keys of the contract in their order', () => {
    const { people, lookups, ...rest } = BUSY;
    const { asked, ...others } = lookups;
    const disordered: UpdateReport = { lookups: { ...others, asked }, ...rest, people };
    expect(renderJson(disordered, { numbers: 'masked' })).toMatchInlineSnapshot(`
      "{
        "command": "update",
        "run": 3,
        "dryRun": false,
        "people": {
          "total": 1200,
          "selected": 1100,
          "changed": 3
        },
        "lookups": {
          "asked": 1012,
          "reused": 95,
          "notFound": 1,
          "failed": 2,
          "cost": 404.8,
          "currency": "SEK"
        },
        "changes": [
          {
            "id": "17",
            "type": "student",
            "field": "street",
            "from": "Storgatan 1",
            "to": "Nygatan 2 lgh 1101"
          },
          {
            "id": "17",
            "type": "student",
            "field": "care_of",
            "from": "Berg",
            "to": ""
          },
          {
            "id": "4",
            "type": "guardian",
            "field": "personnummer",
            "from": "19900114-****",
            "to": "19900226-****"
          },
          {
            "id": "18",
            "type": "student",
            "field": "protected",
            "from": "",
            "to": "sekretessmarkering"
          }
        ],
        "review": [
          {
            "id": "18",
            "type": "student",
            "reason": "protected",
            "since": "2026-11-23"
          },
          {
            "id": "7",
            "type": "staff",
            "reason": "protected",
            "since": "2026-10-01"
          },
          {
            "id": "199002262393",
            "type": "guardian",
            "reason": "not-found",
            "since": "2026-11-23"
          }
        ],
        "notAsked": [
          {
            "id": "31",
            "type": "guardian",
            "reason": "id-missing"
          },
          {
            "id": "40",
            "type": "student",
            "reason": "failed"
          }
        ],
        "problems": [
          {
            "file": "people.csv",
            "line": 14,
            "reason": "ragged-row"
          }
        ]
      }
      "
    `);
  });

  it('has whole numbers only for a file', () => {
    expect(renderJson(BUSY, { numbers: 'masked' })).not.toContain('"to": "199002262393"');
    expect(renderJson(BUSY, { numbers: 'whole' })).toContain('"to": "199002262393"');
  });
});

describe('as JSON of a run that stopped', () => {
  it('has the error last', () => {
    const error = { code: 'spar-unreachable', message: 'm', hint: 'h' };
    const parsed: unknown = JSON.parse(renderJson(CALM, { numbers: 'masked', error }));
    expect(Object.entries(parsed ?? {}).at(-1)).toEqual(['error', error]);
  });
});

describe('as CSV', () => {
  it('opens in a spreadsheet: BOM, commas, CRLF', () => {
    const { 'changes.csv': changes, 'review.csv': review } = renderCsv(BUSY, 'sv');
    expect(changes.slice(0, 28)).toBe('\uFEFFid,type,field,from,to\r\n17,s');
    expect(review).toMatchInlineSnapshot(`
      "﻿id,type,reason,since,förklaring
      18,student,protected,2026-11-23,Skyddade personuppgifter. Bara markeringen skrivs in och det som står i registret får stå kvar; se till att adressen där inte visas för någon obehörig.
      7,staff,protected,2026-10-01,Skyddade personuppgifter. Bara markeringen skrivs in och det som står i registret får stå kvar; se till att adressen där inte visas för någon obehörig.
      199002262393,guardian,not-found,2026-11-23,Finns inte i SPAR. Ingen i SPAR har det numret; jämför med inskrivningshandlingarna.
      "
    `);
  });

  it('has every row', () => {
    const rows = Object.values(renderCsv(BUSY, 'en')).map((csv) => parse(csv, { bom: true }).length - 1);
    expect(rows).toEqual([4, 3, 2, 1]);
  });

  it.each([
    ['=1+1', "'=1+1"],
    ['+1+2', "'+1+2"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'\t=1"],
    ['\r=1', "'\r=1"],
    ['+46 70-123 45 67', '+46 70-123 45 67'],
    ['+46701234567', '+46701234567'],
    ['Storgatan 1', 'Storgatan 1'],
    ['', ''],
  ])('has no formula cells: %j', (cell, neutral) => {
    expect(neutraliseFormula(cell)).toBe(neutral);
  });

  it('keeps rows whole when a cell holds quotes, commas and line ends', () => {
    const to = 'a"b,c\nd\re';
    const { 'changes.csv': csv } = renderCsv(
      { ...BUSY, changes: [{ id: '=1', type: 'staff', field: 'city', from: '', to }] },
      'en',
    );
    expect(parse(csv, { bom: true, record_delimiter: '\r\n' })[1]).toEqual(["'=1", 'staff', 'city', '', to]);
  });
});

function neverHappens(): never {
  throw new Error('the sample has reviews');
}
