import { describe, expect, it } from 'vitest';
import { renderStatus } from '../../src/adapters/report/render-status.ts';
import type { StatusReport } from '../../src/app/status.ts';
import { day } from './sample-report.ts';

function guardianLines(lookups: number, openStudents: number): string[] {
  const nextGuardians = { lookups, deferred: 0, cost: 0.4 * lookups, currency: 'SEK', openStudents };
  return renderStatus({ ...reportOf(0), nextGuardians }, 'en')
    .split('\n')
    .filter((line) => line.includes('guardians'));
}

function reportOf(count: number): StatusReport {
  return {
    command: 'status',
    asOf: day('2026-11-23'),
    people: { total: count, selected: count },
    answers: { fresh: count, stale: 0, neverAsked: 0 },
    notAsked: {},
    nextRun: { lookups: count, deferred: count, cost: 0.4, currency: 'SEK' },
    cache: { answers: count, oldest: day('2026-11-01'), newest: day('2026-11-23') },
    problems: Array.from({ length: count }, (_, at) => ({
      file: 'people.csv',
      line: at + 2,
      reason: 'ragged-row' as const,
    })),
  };
}

/** Every line of prose; the tables are of numbers and words that do not bend. */
function prose(count: number, language: 'en' | 'sv'): string[] {
  return renderStatus(reportOf(count), language)
    .split('\n')
    .filter((line) => /^\d|\d [a-z]+ (?:för|for) /.test(line));
}

describe('status in words', () => {
  it('speaks of one', () => {
    expect(prose(1, 'en')).toEqual([
      '1 row in the roster, 1 of the types that `update` keeps up to date.',
      'The next run would buy 1 lookup for 0.40 SEK.',
      '1 person has to wait: the limits in the configuration reach no further.',
      '1 answer is kept, from 2026-11-01 to 2026-11-23.',
      '1 row or link could not be taken; `spar-sync check` names it.',
    ]);
    expect(prose(1, 'sv')).toEqual([
      '1 rad i registret, 1 av de typer som `update` håller aktuella.',
      'Nästa körning skulle köpa 1 uppslag för 0,40 kr.',
      '1 person får vänta: gränserna i inställningarna räcker inte längre.',
      '1 svar är sparat, från 2026-11-01 till 2026-11-23.',
      '1 rad eller koppling gick inte att ta med; `spar-sync check` visar vilken.',
    ]);
  });

  it('promises nothing of guardians whom nobody knows yet', () => {
    expect(guardianLines(0, 0)).toEqual(['`guardians` after it would buy nothing.']);
    expect(guardianLines(0, 1)).toEqual([
      'What `guardians` after it would buy shows when 1 student has been asked about: their guardians may be new to the roster.',
    ]);
    expect(guardianLines(2, 1)).toEqual([
      '`guardians` after it would buy 2 lookups for 0.80 SEK.',
      '  Not counted: guardians new to the roster, of 1 student who has to be asked about first.',
    ]);
  });

  it('speaks of several', () => {
    expect(prose(2, 'en')).toEqual([
      '2 rows in the roster, 2 of the types that `update` keeps up to date.',
      'The next run would buy 2 lookups for 0.40 SEK.',
      '2 people have to wait: the limits in the configuration reach no further.',
      '2 answers are kept, from 2026-11-01 to 2026-11-23.',
      '2 rows or links could not be taken; `spar-sync check` names them.',
    ]);
    expect(prose(2, 'sv')).toEqual([
      '2 rader i registret, 2 av de typer som `update` håller aktuella.',
      'Nästa körning skulle köpa 2 uppslag för 0,40 kr.',
      '2 personer får vänta: gränserna i inställningarna räcker inte längre.',
      '2 svar är sparade, från 2026-11-01 till 2026-11-23.',
      '2 rader eller kopplingar gick inte att ta med; `spar-sync check` visar vilka.',
    ]);
  });
});
