import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { renderDuplicatesCsv } from '../../../src/adapters/report/duplicates/duplicates-csv.ts';
import { renderDuplicatesJson } from '../../../src/adapters/report/duplicates/duplicates-json.ts';
import { renderDuplicates } from '../../../src/adapters/report/duplicates/render-duplicates.ts';
import { renderMerge, renderMergeJson } from '../../../src/adapters/report/duplicates/render-merge.ts';
import type { DuplicatesReport, MergeReport } from '../../../src/app/duplicates/duplicate-report.ts';
import type { DuplicatePair } from '../../../src/domain/duplicate-pair.ts';
import { withCheckDigit } from '../../support/arbitraries.ts';
import { HIDDEN, PAIRS, shown, TWICE, TWO_ROLES } from './sample-pairs.ts';

const english = { language: 'en', color: false } as const;
const swedish = { language: 'sv', color: false } as const;

function reportOf(...pairs: readonly DuplicatePair[]): DuplicatesReport {
  return { command: 'duplicates', pairs, problems: [] };
}

describe('the duplicate report on screen', () => {
  it('reads in English', () => {
    expect(renderDuplicates(reportOf(...PAIRS), english)).toMatchInlineSnapshot(`
      "Rows that may be the same person (3 pairs)

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

        The same person, as it seems, with differing data (1)
          Find out with the family what is right, then write same or different.

          guardian 40 – guardian 41: possible
            One of them has protected personal data, so nothing more is shown.

        Different people who share something (1)
          Correct in the roster what is shared by mistake, and write different so that the pair is not shown again.

          guardian 7 – staff 7: certain
                            guardian 7     staff 7
              personnummer  19820805-****  19820805-****
              first name    Åsa            Åsa
              e-mail        –              asa@example.se
            For it: same personnummer, one person in two roles
            The e-mail is on: staff 7
            Both rows stay: one person in two roles. Write same, and the pair is not shown again.

        What the grades mean
          certain: The number agrees; or the names do, together with the date of birth or the address, and nothing speaks against it.
          probable: The names agree and nothing speaks against it, but nothing more confirms it either.
          possible: The names are alike, or they agree and something speaks against it.
          ≠ marks what differs between the two rows.

        To decide: \`spar-sync duplicates --format csv -o duplicates.csv\` (for Excel add --excel),
        write same or different in the column \`decision\`, save it as CSV,
        then \`spar-sync duplicates apply duplicates.csv\`. \`spar-sync history\` shows the number of that run,
        and \`spar-sync undo NUMBER\` takes it back.
      "
    `);
  });

  it('reads in Swedish', () => {
    expect(renderDuplicates(reportOf(TWICE), swedish)).toMatchInlineSnapshot(`
      "Rader som kan vara samma person (1 par)

        Samma person två gånger (1)
          Skriv samma, så slås de två raderna ihop till raden som ska behållas; är det en person i två roller står båda kvar.

          vårdnadshavare 12 – vårdnadshavare 31: troligt
                            vårdnadshavare 12  vårdnadshavare 31
              personnummer  19830503-****      –
            ≠ förnamn       Lars               Lasse
            ≠ efternamn     Öberg Lind         Öberg
              gatuadress    Storgatan 1        Storgatan  1
              postnummer    111 46             11146
              ort           STOCKHOLM          Stockholm
              e-post        –                  lasse@example.se
              telefon       +46 70-123 45 67   070-1234567
            Talar för: en kort eller annan form av förnamnet, samma adress, gemensamt barn
            Talar emot: olika efternamn
            Barn: 3, 4
            E-postadressen står på: vårdnadshavare 31
            Rad att behålla: vårdnadshavare 12

        Vad graderna betyder
          troligt: Namnen stämmer och inget talar emot, men inget mer bekräftar det heller.
          ≠ visar vad som skiljer sig mellan raderna.

        Så avgör du: \`spar-sync duplicates --format csv -o duplicates.csv\` (för Excel lägg till --excel),
        skriv samma eller olika i kolumnen \`decision\`, spara som CSV,
        och sedan \`spar-sync duplicates apply duplicates.csv\`. \`spar-sync history\` visar körningens nummer,
        och \`spar-sync undo NUMMER\` ångrar den.
      "
    `);
  });

  it('says that there is nothing', () => {
    expect(renderDuplicates(reportOf(), swedish)).toBe('Inga rader som kan vara samma person.\n');
  });

  it('names the rows that could not be taken', () => {
    const problems = [{ file: 'people.csv', line: 14, reason: 'ragged-row' }] as const;
    expect(renderDuplicates({ ...reportOf(), problems }, english)).toContain('people.csv, line 14');
  });

  it('is not cut short', () => {
    const many = Array.from({ length: 60 }, (_, index) => ({
      ...TWICE,
      b: { type: 'guardian', id: `b${index}` } as const,
    }));
    expect(renderDuplicates(reportOf(...many), english)).toContain('guardian 12 – guardian b59');
  });

  it.each([
    ['a personnummer as id', { ...TWICE, a: { type: 'guardian', id: '198305039292' } }],
    ['what stands in the column of numbers, whatever it is', withCell('personnummer', 'x 9292')],
    ['a personnummer in another column', withCell('street', 'c/o 198305039292')],
    ['a personnummer as phone', withCell('phone', '8305039292')],
    ['a child with a number as id', { ...TWICE, children: ['201302282395'] }],
    ['the row to keep', { ...TWICE, keep: { type: 'guardian', id: '19830503-9292' } }],
  ] satisfies [string, DuplicatePair][])('masks %s', (_, pair) => {
    const text = renderDuplicates(reportOf(pair), english);
    expect(text).not.toMatch(/(?:9292|2395)/);
  });

  it('shows a mobile number that looks like somebody born in 2007', () => {
    expect(renderDuplicates(reportOf(withCell('phone', '0701234567')), english)).toContain('0701234567');
    const born2007 = withCheckDigit('20070123239').slice(2);
    expect(renderDuplicates(reportOf(withCell('phone', born2007)), english)).toContain('070123-****');
  });

  it.each([
    ['phone', '+46 70-123 45 67', '070-1234567', false],
    ['phone', '070-123 45 67', '070-123 45 68', true],
    ['postal_code', '111 46', '11146', false],
    ['personnummer', '198305039292', '830503-9292', false],
    ['personnummer', '19830503-9292', '19830503-9284', true],
    ['birth_date', '1983-05-03', '19830503', false],
    ['first_name', 'ÅSA', 'Åsa', false],
    ['first_name', 'Åsa', 'Asa', true],
    ['email', '', 'a@example.se', false],
  ] as const)('%s: %j and %j differ: %s', (field, one, other, isDifferent) => {
    const pair: DuplicatePair = {
      ...TWICE,
      shown: { a: shown({ [field]: one }), b: shown({ [field]: other }) },
    };
    expect(renderDuplicates(reportOf(pair), english).includes('      ≠ ')).toBe(isDifferent);
  });

  it('no value can steer the terminal or begin a line of its own', () => {
    const hostile = 'x\u001B[2J\nSummary\r\u202Ez';
    const text = renderDuplicates(
      reportOf({
        ...withCell('first_name', hostile),
        a: { type: 'guardian', id: hostile },
        children: [hostile],
        emailHeldBy: { type: 'staff', id: hostile },
      }),
      english,
    );
    expect(text).not.toMatch(/[^\P{Cc}\n]|\u202E/u);
    expect(text).not.toMatch(/^Summary/m);
  });

  it('only colours when told to', () => {
    expect(renderDuplicates(reportOf(TWICE), { ...english, color: true })).toContain('\u001B[');
  });
});

describe('the duplicate report as JSON', () => {
  it('has the keys of the contract in their order', () => {
    expect(JSON.parse(renderDuplicatesJson(reportOf(TWICE, TWO_ROLES)))).toEqual({
      command: 'duplicates',
      duplicates: [
        {
          a: '12',
          b: '31',
          keep: '12',
          grade: 'probable',
          group: 'same-person',
          evidence: ['name-short-form', 'same-address', 'same-child'],
          contradictions: ['other-surname'],
          children: ['3', '4'],
          emailHeldBy: '31',
        },
        {
          a: '7',
          b: 'staff:7',
          keep: '7',
          grade: 'certain',
          group: 'shared',
          evidence: ['same-number', 'two-roles'],
          contradictions: [],
          children: [],
          emailHeldBy: 'staff:7',
        },
      ],
      problems: [],
    });
    const [pair] = JSON.parse(renderDuplicatesJson(reportOf(TWICE))).duplicates;
    expect(Object.keys(pair)).toEqual([
      'a',
      'b',
      'keep',
      'grade',
      'group',
      'evidence',
      'contradictions',
      'children',
      'emailHeldBy',
    ]);
  });
});

describe('of a pair with a protected row', () => {
  // Whatever the pair holds besides: the cells are what tells that something may be shown.
  const leaking: DuplicatePair = {
    ...HIDDEN,
    evidence: ['same-address'],
    contradictions: ['other-surname'],
    children: ['barn-1'],
    emailHeldBy: { type: 'guardian', id: '41' },
  };

  it('ids and grade are all that is shown', () => {
    const csv = renderDuplicatesCsv([leaking], { language: 'en', form: 'excel', checkOf: () => 'k' });
    const outputs = [
      renderDuplicates(reportOf(leaking), english),
      renderDuplicatesJson(reportOf(leaking)),
      csv.toString('utf8').split('\r\n')[1] ?? '',
    ];
    for (const output of outputs) {
      expect(output).toContain('40');
      expect(output).not.toMatch(/address|surname|barn-1/);
    }
    expect(outputs[0]).not.toContain('Row to keep');
  });
});

describe('the file to decide in', () => {
  const options = {
    language: 'en',
    form: 'excel',
    checkOf: ({ a, b }: DuplicatePair) => `${a.id}e${b.id}`,
  } as const;

  it('has one line a pair, with decision empty and keep prefilled', () => {
    const bytes = renderDuplicatesCsv([TWICE, TWO_ROLES], options);
    expect(bytes.toString('utf8')).toMatchInlineSnapshot(`
      "﻿decision;keep;a;b;group;grade;evidence;contradictions;children;email_held_by;a_personnummer;a_first_name;a_last_name;a_birth_date;a_street;a_postal_code;a_city;a_email;a_phone;b_personnummer;b_first_name;b_last_name;b_birth_date;b_street;b_postal_code;b_city;b_email;b_phone;check
      ;12;12;31;same-person;probable;a short or other form of the first name, same address, a child in common;different surnames;3, 4;31;19830503-9292;Lars;Öberg Lind;;Storgatan 1;111 46;STOCKHOLM;;+46 70-123 45 67;;Lasse;Öberg;;Storgatan  1;11146;Stockholm;lasse@example.se;070-1234567;#12e31
      ;7;7;staff:7;shared;certain;same personnummer, one person in two roles;;;staff:7;19820805-9280;Åsa;;;;;;;;19820805-9280;Åsa;;;;;;asa@example.se;;#7e7
      "
    `);
  });

  it('has the same columns in every language', () => {
    const [sv, en] = (['sv', 'en'] as const).map((language) =>
      renderDuplicatesCsv([TWICE], { ...options, language })
        .toString('utf8')
        .split('\r\n'),
    );
    expect(sv?.[0]).toBe(en?.[0]);
    expect(sv?.[1]).toContain('en kort eller annan form av förnamnet');
  });

  it('takes the dialect that it is given', () => {
    const form = { delimiter: '\t', encoding: 'windows-1252', lineEnd: '\n', bom: false } as const;
    const bytes = renderDuplicatesCsv([TWICE], { ...options, form });
    expect(bytes.includes(Buffer.from('\xd6berg\t', 'latin1'))).toBe(true);
    expect(bytes.includes(0x0d)).toBe(false);
  });

  it('becomes UTF-8 where the encoding lacks a letter', () => {
    const form = { delimiter: ';', encoding: 'windows-1252', lineEnd: '\n', bom: false } as const;
    const bytes = renderDuplicatesCsv([withCell('city', 'Łódź')], { ...options, form });
    expect(bytes.subarray(0, 3)).toEqual(Buffer.from([0xef, 0xbb, 0xbf]));
    expect(bytes.toString('utf8')).toContain('Łódź');
  });

  it('has no formula cells, and leaves phone numbers alone', () => {
    const pair = {
      ...TWICE,
      shown: { a: shown({ first_name: '=cmd()', phone: '+46701234567' }), b: shown({ last_name: "'=1" }) },
    };
    const [, cells = []] = parse(renderDuplicatesCsv([pair], options), { bom: true, delimiter: ';' });
    expect(cells).toEqual(expect.arrayContaining(["'=cmd()", '+46701234567', "''=1"]));
  });
});

const MERGED: MergeReport = {
  command: 'duplicates apply',
  run: 9,
  dryRun: false,
  merged: [{ kept: TWICE.a, removed: TWICE.b }],
  different: 1,
  links: { moved: 2, removed: 1 },
  changes: [
    { id: '12', type: 'guardian', field: 'phone', from: '', to: '070-123 45 67' },
    { id: '12', type: 'guardian', field: 'personnummer', from: '', to: '198305039292' },
  ],
  review: [],
  twoRoles: 0,
  lost: [{ removed: TWICE.b, column: 'anteckning', value: 'Nr 19830503-9292 hos mormor' }],
  leftOut: [
    {
      kept: TWICE.a,
      removed: TWICE.b,
      field: 'email',
      keptValue: 'lars@example.se',
      leftValue: 'lasse@example.se',
    },
  ],
};
const nobodyHidden = { hidden: () => false };

describe('what duplicates apply did', () => {
  it('reads in English', () => {
    expect(renderMerge(MERGED, { ...english, ...nobodyHidden })).toMatchInlineSnapshot(`
      "Merged (1 pair)
        guardian 31 into guardian 12

      Changes (2 changes in 1 person)
        guardian 12
          phone: (empty) → 070-123 45 67
          personnummer: (empty) → 19830503-****

      Not taken over (1)
        guardian 12: its e-mail lars@example.se was kept, that of guardian 31, lasse@example.se, was not taken

      Gone with the removed rows (1); write it into the kept row if it matters
        guardian 31: anteckning: Nr 19830503-**** hos mormor

      Summary
        1 pair merged
        2 links moved to the kept row, 1 link taken away, as the kept row has the same
        1 pair remembered as different people
      "
    `);
  });

  it('reads in Swedish, as a dry run', () => {
    expect(renderMerge({ ...MERGED, dryRun: true }, { ...swedish, ...nobodyHidden })).toMatchInlineSnapshot(`
      "Provkörning: inget har skrivits i registret.

      Skulle slås ihop (1 par)
        vårdnadshavare 31 in i vårdnadshavare 12

      Ändringar (2 ändringar för 1 person)
        vårdnadshavare 12
          telefon: (tomt) → 070-123 45 67
          personnummer: (tomt) → 19830503-****

      Togs inte över (1)
        vårdnadshavare 12: e-postadressen lars@example.se behölls, den på vårdnadshavare 31, lasse@example.se, togs inte över

      Försvann med de borttagna raderna (1); skriv in det i raden som behålls om det behövs
        vårdnadshavare 31: anteckning: Nr 19830503-**** hos mormor

      Sammanfattning
        1 par skulle slås ihop
        2 kopplingar skulle flyttas till raden som behålls, 1 koppling skulle tas bort, eftersom raden som behålls har samma
        1 par skulle sparas som olika personer
      "
    `);
  });

  it('says when there was nothing to do', () => {
    const nothing: MergeReport = {
      ...MERGED,
      merged: [],
      different: 0,
      links: { moved: 0, removed: 0 },
      changes: [],
      leftOut: [],
    };
    expect(renderMerge(nothing, { ...english, ...nobodyHidden })).toContain('Nothing to carry out:');
  });

  it('is one JSON object', () => {
    expect(renderMergeJson(MERGED, { numbers: 'masked', ...nobodyHidden })).toMatchInlineSnapshot(`
      "{
        "command": "duplicates apply",
        "run": 9,
        "dryRun": false,
        "merged": [
          {
            "kept": "12",
            "removed": "31"
          }
        ],
        "different": 1,
        "twoRoles": 0,
        "links": {
          "moved": 2,
          "removed": 1
        },
        "changes": [
          {
            "id": "12",
            "type": "guardian",
            "field": "phone",
            "from": "",
            "to": "070-123 45 67"
          },
          {
            "id": "12",
            "type": "guardian",
            "field": "personnummer",
            "from": "",
            "to": "19830503-****"
          }
        ],
        "review": [],
        "leftOut": [
          {
            "kept": "12",
            "removed": "31",
            "field": "email",
            "keptValue": "lars@example.se",
            "leftValue": "lasse@example.se"
          }
        ],
        "lost": [
          {
            "removed": "31",
            "column": "anteckning",
            "value": "Nr 19830503-**** hos mormor"
          }
        ]
      }
      "
    `);
  });

  it('shows no value of a protected row', () => {
    const options = { hidden: () => true };
    const outputs = [
      renderMerge(MERGED, { ...english, ...options }),
      renderMergeJson(MERGED, { numbers: 'whole', ...options }),
    ];
    for (const output of outputs) expect(output).not.toMatch(/example\.se|070|1983/);
  });
});

function withCell(field: keyof NonNullable<DuplicatePair['shown']>['a'], cell: string): DuplicatePair {
  return {
    ...TWICE,
    shown: { a: shown({ first_name: 'Lars', [field]: cell }), b: shown({ first_name: 'Lasse' }) },
  };
}
