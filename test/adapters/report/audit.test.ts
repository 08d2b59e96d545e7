import { describe, expect, it } from 'vitest';
import { renderAuditCsv } from '../../../src/adapters/report/audit/audit-csv.ts';
import { renderAuditJson } from '../../../src/adapters/report/audit/audit-json.ts';
import { renderAudit } from '../../../src/adapters/report/audit/render-audit.ts';
import type { Audit, AuditedLookup } from '../../../src/app/audit/audit-report.ts';
import { date } from '../../support/arbitraries.ts';

const english = { language: 'en', color: false } as const;
const swedish = { language: 'sv', color: false } as const;
const PLAIN = { delimiter: ',', encoding: 'utf-8', lineEnd: '\n', bom: false } as const;
const NUMBER = '198009139265';

function lookupOf(parts: Partial<AuditedLookup> = {}): AuditedLookup {
  return {
    run: {
      run: 12,
      at: '2026-11-23T13:05:00.000Z',
      command: 'update',
      dryRun: false,
      asOf: date('2026-11-23'),
    },
    begunAt: '2026-11-23T13:05:09.123Z',
    endedAt: '2026-11-23T13:05:09.456Z',
    type: 'student',
    rows: [{ type: 'student', id: '17' }],
    number: '20110228-****',
    isProtected: false,
    permissions: ['relations'],
    endUser: 'anna@skola.example',
    outcome: 'answered',
    answer: 'registered',
    reference: '1f3c2b1a-0000-4000-8000-0123456789ab',
    ...parts,
  };
}

const LOOKUPS: readonly AuditedLookup[] = [
  lookupOf(),
  lookupOf({
    run: {
      run: 11,
      at: '2026-07-01T22:30:00.000Z',
      command: 'guardians',
      dryRun: true,
      asOf: date('2026-07-02'),
    },
    begunAt: '2026-07-01T22:30:00.000Z',
    type: 'guardian',
    rows: ['17', '18', '19', '20', '21', '22'].map((id) => ({ type: 'student', id })),
    number: undefined,
    isProtected: true,
    permissions: [],
    answer: undefined,
  }),
  lookupOf({
    type: 'staff',
    rows: [
      { type: 'staff', id: '5' },
      { type: 'guardian', id: '9' },
    ],
    number: undefined,
    permissions: [],
    outcome: 'unknown',
    endedAt: undefined,
    answer: undefined,
    reference: undefined,
  }),
  lookupOf({ type: undefined, rows: [], permissions: [], answer: 'not-found' }),
];

function auditOf(lookups: readonly AuditedLookup[], parts: Partial<Audit> = {}): Audit {
  return {
    command: 'audit',
    about: undefined,
    since: undefined,
    count: lookups.length,
    async *lookups(most = lookups.length) {
      for (let at = 0; at < most; at += 3) yield lookups.slice(at, Math.min(at + 3, most));
    },
    strangers: [],
    shared: [],
    roster: 'read',
    ...parts,
  };
}

async function textOf(pieces: AsyncIterable<string | Uint8Array>): Promise<string> {
  const all: Buffer[] = [];
  for await (const piece of pieces) all.push(Buffer.from(piece));
  return Buffer.concat(all).toString('utf8');
}

describe('the log of lookups on screen', () => {
  it('reads in English', async () => {
    expect(await renderAudit(auditOf(LOOKUPS), english)).toMatchInlineSnapshot(`
      "Lookups (4), the newest first
        2026-11-23 14:05  student 17  20110228-****  answered
          run 12, update, by anna@skola.example; with guardians (Relationer); SPAR's UUID 1f3c2b1a-0000-4000-8000-0123456789ab
        2026-07-02 00:30  guardian of student 17, student 18, student 19, student 20, student 21, 1 more  protected personal data  answered
          run 11, guardians, dry run, by anna@skola.example; SPAR's UUID 1f3c2b1a-0000-4000-8000-0123456789ab
        2026-11-23 14:05  staff 5, guardian 9  number not shown  sent or about to be, and never heard of again
          run 12, update, by anna@skola.example
        2026-11-23 14:05  without a row  20110228-****  answered: nobody found
          run 12, update, by anna@skola.example; SPAR's UUID 1f3c2b1a-0000-4000-8000-0123456789ab
      "
    `);
  });

  it('reads in Swedish', async () => {
    expect(await renderAudit(auditOf(LOOKUPS), swedish)).toMatchInlineSnapshot(`
      "Uppslag (4), det senaste först
        2026-11-23 14:05  elev 17  20110228-****  besvarat
          körning 12, update, av anna@skola.example; med vårdnadshavare (Relationer); SPAR:s UUID 1f3c2b1a-0000-4000-8000-0123456789ab
        2026-07-02 00:30  vårdnadshavare till elev 17, elev 18, elev 19, elev 20, elev 21, 1 till  skyddade personuppgifter  besvarat
          körning 11, guardians, provkörning, av anna@skola.example; SPAR:s UUID 1f3c2b1a-0000-4000-8000-0123456789ab
        2026-11-23 14:05  personal 5, vårdnadshavare 9  numret visas inte  skickat eller på väg, sedan okänt
          körning 12, update, av anna@skola.example
        2026-11-23 14:05  utan rad  20110228-****  besvarat: ingen träff
          körning 12, update, av anna@skola.example; SPAR:s UUID 1f3c2b1a-0000-4000-8000-0123456789ab
      "
    `);
  });

  it('says plainly that there is nothing', async () => {
    const none = (parts: Partial<Audit>) =>
      Promise.all([english, swedish].map((options) => renderAudit(auditOf([], parts), options)));
    const since = date('2026-11-01');
    const one = [{ id: '17' }];
    expect(await none({})).toEqual(['No lookups have been made yet.\n', 'Inga uppslag har gjorts än.\n']);
    expect(await none({ since })).toEqual([
      'No lookups have been made since 2026-11-01.\n',
      'Inga uppslag har gjorts sedan 2026-11-01.\n',
    ]);
    expect(await none({ about: one })).toEqual([
      'No lookups of this person have been made.\n',
      'Inga uppslag om personen har gjorts.\n',
    ]);
    expect(await none({ about: [...one, ...one], since })).toEqual([
      'No lookups of these people have been made since 2026-11-01.\n',
      'Inga uppslag om personerna har gjorts sedan 2026-11-01.\n',
    ]);
  });

  it('is cut after fifty, and says where the rest is', async () => {
    const text = await renderAudit(auditOf(Array.from({ length: 51 }, () => lookupOf())), english);
    expect(text.match(/answered/g)).toHaveLength(50);
    expect(text).toContain('… and 1 lookup before; --format csv or --json shows all');
  });

  it('shows no number whole and lets nothing steer the terminal, whatever the school calls its rows', async () => {
    const odd = lookupOf({
      rows: [{ type: 'student', id: `${NUMBER}\u001b[2J\n\u202Ex` }],
      endUser: `19800913-9265\u001b]0;x\u0007@skola`,
    });
    const text = await renderAudit(auditOf([odd]), english);
    for (const harm of ['9265', '\u001b', '\u202E']) expect(text).not.toContain(harm);
    expect(text.split('\n')).toHaveLength(4);
  });
});

describe('the log of lookups as CSV', () => {
  it('holds all, with English columns and the outcome in words of the language', async () => {
    expect(
      await textOf(renderAuditCsv(auditOf(LOOKUPS), { form: PLAIN, language: 'sv' })),
    ).toMatchInlineSnapshot(`
      "at,ended_at,run,command,dry_run,as_of,by,type,rows,personnummer,protected,permissions,outcome,answer,reference,förklaring
      2026-11-23T13:05:09.123Z,2026-11-23T13:05:09.456Z,12,update,,2026-11-23,anna@skola.example,student,student:17,20110228-****,,relations,answered,registered,1f3c2b1a-0000-4000-8000-0123456789ab,besvarat
      2026-07-01T22:30:00.000Z,2026-11-23T13:05:09.456Z,11,guardians,yes,2026-07-02,anna@skola.example,guardian,"student:17, student:18, student:19, student:20, student:21, student:22",,yes,,answered,,1f3c2b1a-0000-4000-8000-0123456789ab,besvarat
      2026-11-23T13:05:09.123Z,,12,update,,2026-11-23,anna@skola.example,staff,"staff:5, guardian:9",,,,unknown,,,"skickat eller på väg, sedan okänt"
      2026-11-23T13:05:09.123Z,2026-11-23T13:05:09.456Z,12,update,,2026-11-23,anna@skola.example,,,20110228-****,,,answered,not-found,1f3c2b1a-0000-4000-8000-0123456789ab,besvarat: ingen träff
      "
    `);
  });

  it('is made for Excel, with no formula and no number in it', async () => {
    const odd = lookupOf({ rows: [{ type: 'student', id: NUMBER }], endUser: '=HYPERLINK("x")' });
    const text = await textOf(renderAuditCsv(auditOf([odd]), { form: 'excel', language: 'en' }));
    expect(text.startsWith('\uFEFFat;ended_at;run;')).toBe(true);
    expect(text).toContain(`;"'=HYPERLINK(""x"")";`);
    expect(text).toContain(';student:19800913-****;');
    expect(text.split('\r\n')).toHaveLength(3);
  });

  it('has a line of headings where there is nothing else', async () => {
    const text = await textOf(renderAuditCsv(auditOf([]), { form: PLAIN, language: 'en' }));
    expect(text).toMatch(/^at,ended_at,[a-z_,]+,explanation\n$/);
  });
});

describe('the log of lookups as JSON', () => {
  const parsed = async (audit: Audit) => JSON.parse(await textOf(renderAuditJson(audit)));

  it('is one object, however many pieces it comes in', async () => {
    const many = Array.from({ length: 8 }, (_, at) => lookupOf({ endUser: `user ${at}` }));
    for (const lookups of [[], LOOKUPS.slice(0, 1), LOOKUPS, many]) {
      const text = await textOf(renderAuditJson(auditOf(lookups)));
      expect(JSON.parse(text).lookups).toHaveLength(lookups.length);
      // As `JSON.stringify` would have laid it out.
      expect(`${JSON.stringify(JSON.parse(text), null, 2)}\n`).toBe(text);
    }
  });

  it('says all that may be said', async () => {
    const { lookups, ...head } = await parsed(auditOf(LOOKUPS, { since: date('2026-07-01') }));
    expect(head).toEqual({ command: 'audit', since: '2026-07-01', roster: 'read' });
    expect(lookups[0]).toEqual({
      at: '2026-11-23T13:05:09.123Z',
      endedAt: '2026-11-23T13:05:09.456Z',
      run: 12,
      command: 'update',
      dryRun: false,
      asOf: '2026-11-23',
      by: 'anna@skola.example',
      type: 'student',
      rows: [{ id: '17', type: 'student' }],
      personnummer: '20110228-****',
      protected: false,
      permissions: ['relations'],
      outcome: 'answered',
      answer: 'registered',
      reference: '1f3c2b1a-0000-4000-8000-0123456789ab',
    });
    expect(lookups[1]).toMatchObject({ protected: true, outcome: 'answered' });
    expect(Object.keys(lookups[1])).not.toContain('personnummer');
    expect(Object.keys(lookups[1])).not.toContain('answer');
    expect(lookups[2]).toMatchObject({ protected: false, outcome: 'unknown' });
    expect(lookups[3].type).toBeNull();
  });

  it('holds no number whole', async () => {
    const odd = lookupOf({ rows: [{ type: 'student', id: `"${NUMBER}\n` }], endUser: NUMBER });
    const [lookup] = (await parsed(auditOf([odd]))).lookups;
    expect([lookup.rows[0].id, lookup.by]).toEqual(['"19800913-**** ', '19800913-****']);
  });
});
