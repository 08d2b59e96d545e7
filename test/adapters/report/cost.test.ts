import { describe, expect, it } from 'vitest';
import { renderCostJson } from '../../../src/adapters/report/cost/cost-json.ts';
import { renderCost } from '../../../src/adapters/report/cost/render-cost.ts';
import type { CostReport } from '../../../src/app/cost/cost-report.ts';
import { type SpendingRun, type Spent, spendingIn } from '../../../src/domain/spending.ts';
import { date } from '../../support/arbitraries.ts';

const english = { language: 'en', color: false } as const;
const swedish = { language: 'sv', color: false } as const;

function runOf(run: number, asOf: string, parts: Partial<SpendingRun> = {}): SpendingRun {
  return { run, at: `${asOf}T01:30:00.000Z`, command: 'update', dryRun: false, asOf: date(asOf), ...parts };
}

function spentBy(run: SpendingRun, parts: Partial<Spent> = {}): Spent {
  return { run, type: 'student', billing: 'certain', attempts: 1, price: 40, ...parts };
}

function reportOf(
  months: readonly string[],
  spent: readonly Spent[],
  parts: Partial<CostReport> = {},
): CostReport {
  return {
    command: 'cost',
    thisMonth: '2026-11',
    currency: 'SEK',
    monthlyFee: 30_000,
    months: months.map((month) => spendingIn(month, spent)),
    isEmpty: spent.length === 0,
    atTodaysPrice: { count: 0, price: 40 },
    ...parts,
  };
}

const NIGHTLY = runOf(2, '2026-11-02', { command: 'nightly' });
const SPENT: readonly Spent[] = [
  spentBy(runOf(1, '2026-08-31', { dryRun: true }), { attempts: 1047 }),
  spentBy(NIGHTLY, { attempts: 30 }),
  spentBy(NIGHTLY, { type: 'guardian', attempts: 2 }),
  spentBy(NIGHTLY, { type: 'guardian', billing: 'maybe', attempts: 3 }),
  spentBy(NIGHTLY, { type: undefined, billing: 'none' }),
  spentBy(runOf(13, '2026-11-22', { at: '2026-11-23T23:30:00.000Z' }), { type: 'staff' }),
];
const REPORT = reportOf(['2026-08', '2026-09', '2026-10', '2026-11'], SPENT, {
  limit: { allowed: 50_000, used: 1_440 },
  atTodaysPrice: { count: 1047, price: 40 },
});

describe('what was bought, on screen,', () => {
  it('reads in English', () => {
    expect(renderCost(REPORT, english)).toMatchInlineSnapshot(`
      "2026-08                                   lookups        cost
        Monthly fee                                      300.00 SEK
        Lookups answered                          1,047  418.80 SEK
        Total                                            718.80 SEK
        By command
          update                                  1,047  418.80 SEK
        By type
          student                                 1,047  418.80 SEK
        By run
          1  2026-08-31 03:30  update, dry run    1,047  418.80 SEK

      2026-09 – 2026-10: no lookups; monthly fee 2 × 300.00 SEK = 600.00 SEK

      2026-11                                             lookups        cost  perhaps billed too
        Monthly fee                                                300.00 SEK
        Lookups answered                                       33   13.20 SEK        3 (1.20 SEK)
        Total                                                      313.20 SEK
        By command
          nightly                                              32   12.80 SEK        3 (1.20 SEK)
          update                                                1    0.40 SEK
        By type
          student                                              30   12.00 SEK
          staff                                                 1    0.40 SEK
          guardian                                              2    0.80 SEK        3 (1.20 SEK)
          not known                                             0    0.00 SEK
        By run
           2  2026-11-02 02:30  nightly                        32   12.80 SEK        3 (1.20 SEK)
          13  2026-11-24 00:30  update, as of 2026-11-22        1    0.40 SEK
        3 attempts more may have been billed, for 1.20 SEK: no usable answer came. The total is then 314.40 SEK.
        1 attempt did not reach SPAR, or SPAR could not answer; it is not billed.

      4 months: 1,080 lookups for 432.00 SEK, fees 1,200.00 SEK, together 1,632.00 SEK.
      The price of 1,047 attempts was not written down then; today's, 0.40 SEK, is used.
      Lookups in 2026-11 may cost 500.00 SEK (limits.maxCostPerMonth); 14.40 SEK of it is used (2 %).
      "
    `);
  });

  it('reads in Swedish', () => {
    expect(renderCost(REPORT, swedish)).toMatchInlineSnapshot(`
      "2026-08                                       uppslag    kostnad
        Månadsavgift                                         300,00 kr
        Besvarade uppslag                             1 047  418,80 kr
        Summa                                                718,80 kr
        Per kommando
          update                                      1 047  418,80 kr
        Per typ
          elev                                        1 047  418,80 kr
        Per körning
          1  2026-08-31 03:30  update, provkörning    1 047  418,80 kr

      2026-09 – 2026-10: inga uppslag; månadsavgift 2 × 300,00 kr = 600,00 kr

      2026-11                                                       uppslag    kostnad  kanske också debiterat
        Månadsavgift                                                         300,00 kr
        Besvarade uppslag                                                33   13,20 kr             3 (1,20 kr)
        Summa                                                                313,20 kr
        Per kommando
          nightly                                                        32   12,80 kr             3 (1,20 kr)
          update                                                          1    0,40 kr
        Per typ
          elev                                                           30   12,00 kr
          personal                                                        1    0,40 kr
          vårdnadshavare                                                  2    0,80 kr             3 (1,20 kr)
          okänd                                                           0    0,00 kr
        Per körning
           2  2026-11-02 02:30  nightly                                  32   12,80 kr             3 (1,20 kr)
          13  2026-11-24 00:30  update, som om det vore 2026-11-22        1    0,40 kr
        3 försök till kan ha debiterats, för 1,20 kr: det kom inget användbart svar. Summan är i så fall 314,40 kr.
        1 försök nådde inte SPAR, eller så kunde SPAR inte svara; det debiteras inte.

      4 månader: 1 080 uppslag för 432,00 kr, avgifter 1 200,00 kr, tillsammans 1 632,00 kr.
      Priset för 1 047 försök antecknades inte då; dagens, 0,40 kr, har använts.
      Uppslagen i 2026-11 får kosta 500,00 kr (limits.maxCostPerMonth); 14,40 kr är använt (2 %).
      "
    `);
  });

  it('says that there is nothing yet, and what a month without lookups costs all the same', () => {
    expect(renderCost(reportOf([], []), english)).toBe(
      'No lookups have been made yet, so nothing has been bought.\n',
    );
    expect(renderCost(reportOf(['2026-11'], []), swedish)).toBe(
      'Inga uppslag har gjorts än, så inget har köpts.\n\n2026-11: inga uppslag; månadsavgift 300,00 kr\n',
    );
  });

  it('speaks of one', () => {
    const spent = [
      spentBy(runOf(1, '2026-11-02'), { billing: 'maybe' }),
      spentBy(runOf(1, '2026-11-02'), { billing: 'none' }),
    ];
    const one = reportOf(['2026-11'], spent, { atTodaysPrice: { count: 1, price: 40 } });
    const prose = (language: 'en' | 'sv') =>
      renderCost(one, { language, color: false })
        .split('\n')
        .filter((line) => /[.]$/.test(line))
        .map((line) => line.trim());
    expect(prose('en')).toEqual([
      '1 attempt more may have been billed, for 0.40 SEK: no usable answer came. The total is then 300.40 SEK.',
      '1 attempt did not reach SPAR, or SPAR could not answer; it is not billed.',
      "The price of 1 attempt was not written down then; today's, 0.40 SEK, is used.",
    ]);
    expect(prose('sv')).toEqual([
      '1 försök till kan ha debiterats, för 0,40 kr: det kom inget användbart svar. Summan är i så fall 300,40 kr.',
      '1 försök nådde inte SPAR, eller så kunde SPAR inte svara; det debiteras inte.',
      'Priset för 1 försök antecknades inte då; dagens, 0,40 kr, har använts.',
    ]);
  });

  it('is cut after twenty runs of a month, and says so; the JSON has all', () => {
    const spent = Array.from({ length: 30 }, (_, at) =>
      spentBy(runOf(at + 1, `2026-11-${String(at + 1).padStart(2, '0')}`)),
    );
    const report = reportOf(['2026-11'], spent);
    const text = renderCost(report, english);
    expect(text.match(/^ +\d+ {2}2026-11-\d\d /gm)).toHaveLength(20);
    expect(text).toContain('… and 10 runs before; --json shows all');
    expect(text).toContain('30  2026-11-30 02:30  update');
    expect(JSON.parse(renderCostJson(report)).months[0].byRun).toHaveLength(30);
  });

  it('tells of the limit only beside its month, and how far it is used up', () => {
    const used = (limit: { allowed: number; used: number }) =>
      renderCost(reportOf(['2026-11'], SPENT, { limit }), english).match(/\(\d+ %\)/)?.[0];
    expect(used({ allowed: 1_441, used: 1_440 })).toBe('(99 %)');
    expect(used({ allowed: 0, used: 0 })).toBe('(100 %)');
    expect(
      renderCost(reportOf(['2026-08'], SPENT, { limit: { allowed: 1, used: 1 } }), english),
    ).not.toContain('%');
  });

  it('shows nothing of a command or a currency that could steer the terminal', () => {
    const run = runOf(1, '2026-11-01', { command: 'up\u001b[2Jdate\n' });
    const text = renderCost(reportOf(['2026-11'], [spentBy(run)], { currency: 'S\u001b[1mK' }), english);
    expect(text).not.toContain('\u001b');
  });
});
