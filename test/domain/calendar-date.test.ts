import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addDays,
  addPeriod,
  ageOn,
  calendarDate,
  calendarDateInStockholm,
  dayNumber,
  isCalendarDate,
  isFromTheFuture,
  isStale,
  parseCalendarDate,
  parseFreshness,
  startOfDayInStockholm,
} from '../../src/domain/calendar-date.ts';
import { anyDate, date } from '../support/arbitraries.ts';

describe('parseCalendarDate', () => {
  it.each(['2026-11-23', '2024-02-29', '2000-02-29', '9999-12-31', '0001-01-01'])('takes %s', (text) => {
    expect(parseCalendarDate(text)).toBe(text);
  });

  it.each([
    '2026-02-29',
    '1900-02-29',
    '2026-04-31',
    '2026-13-01',
    '2026-00-10',
    '2019-01-00',
    '0000-01-01',
    '2026-1-1',
    '2026/11/23',
    ' 2026-11-23',
    '2026-11-23T00:00',
    '20261123',
    '٢٠٢٦-١١-٢٣',
    '',
  ])('refuses %j', (text) => {
    expect(parseCalendarDate(text)).toBeUndefined();
    expect(isCalendarDate(text)).toBe(false);
  });

  it('agrees with the calendar of the machine on every day number', () => {
    fc.assert(
      fc.property(fc.integer({ min: -700_000, max: 2_900_000 }), (days) => {
        const iso = new Date(days * 86_400_000).toISOString().slice(0, 10);
        expect(addDays(date('1970-01-01'), days)).toBe(iso);
        expect(dayNumber(date(iso))).toBe(days);
      }),
    );
  });

  it('makes no day that does not exist', () => {
    expect(calendarDate(2023, 2, 29)).toBeUndefined();
    expect(calendarDate(987, 2, 3)).toBe('0987-02-03');
    expect(addDays(date('9999-12-30'), 400)).toBe('9999-12-31');
  });
});

describe('freshness', () => {
  it.each([
    ['2026-01-31', 'month', '2026-02-28'],
    ['2024-01-31', 'month', '2024-02-29'],
    ['2026-12-15', 'month', '2027-01-15'],
    ['2026-11-30', 'quarter', '2027-02-28'],
    ['2026-12-31', 'quarter', '2027-03-31'],
    ['2026-12-28', 'week', '2027-01-04'],
    ['2026-02-27', '3 days', '2026-03-02'],
  ])('%s and a %s is %s', (from, period, until) => {
    const freshness = parseFreshness(period);
    expect(freshness).toBeDefined();
    if (freshness === undefined) return;
    expect(addPeriod(date(from), freshness)).toBe(until);
    expect(isStale(date(from), date(until), freshness)).toBe(true);
    expect(isStale(date(from), addDays(date(until), -1), freshness)).toBe(false);
  });

  it.each(['', '0 days', '-1 days', '1 day', '01 days', 'Week', 'year', '1.5 days', '7  days'])(
    'does not know %j',
    (text) => {
      expect(parseFreshness(text)).toBeUndefined();
    },
  );

  it('believes an answer dated tomorrow, and none dated later', () => {
    const today = date('2026-11-23');
    for (const freshness of [{ kind: 'days', days: 1 } as const, { kind: 'months', months: 1 } as const]) {
      expect(isStale(date('2026-11-24'), today, freshness)).toBe(false);
      expect(isStale(date('2026-11-25'), today, freshness)).toBe(true);
      expect(isStale(today, today, freshness)).toBe(false);
    }
    expect(isFromTheFuture(date('2026-11-24'), today)).toBe(true);
    expect(isFromTheFuture(today, today)).toBe(false);
  });

  it('is stale exactly from the date that addPeriod tells', () => {
    fc.assert(
      fc.property(anyDate, anyDate, fc.constantFrom('week', 'month', 'quarter', '40 days'), (a, b, text) => {
        const freshness = parseFreshness(text);
        if (freshness === undefined || a > b) return;
        expect(isStale(a, b, freshness)).toBe(addPeriod(a, freshness) <= b);
      }),
    );
  });
});

describe('ageOn', () => {
  it.each([
    ['2008-11-23', '2026-11-22', 17],
    ['2008-11-23', '2026-11-23', 18],
    ['2008-12-01', '2026-11-30', 17],
    ['2008-02-29', '2026-02-27', 17],
    ['2008-02-29', '2026-02-28', 18],
    ['2008-02-29', '2028-02-28', 19],
    ['2008-02-29', '2028-02-29', 20],
  ])('born %s, on %s: %i', (birth, today, age) => {
    expect(ageOn(date(birth), date(today))).toBe(age);
  });
});

describe('calendarDateInStockholm', () => {
  const stockholm = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Stockholm', dateStyle: 'short' });

  it.each([
    ['2026-11-23T22:59:59.999Z', '2026-11-23'],
    ['2026-11-23T23:00:00Z', '2026-11-24'],
    ['2026-07-01T21:59Z', '2026-07-01'],
    ['2026-07-01T22:00:00.000Z', '2026-07-02'],
    ['2026-03-28T22:30:00Z', '2026-03-28'],
    ['2026-03-29T22:30:00Z', '2026-03-30'],
    ['2026-10-24T22:30:00Z', '2026-10-25'],
    ['2026-10-25T22:30:00Z', '2026-10-25'],
    ['2026-12-31T23:30:00Z', '2027-01-01'],
  ])('%s is %s', (instant, day) => {
    expect(calendarDateInStockholm(instant)).toBe(day);
  });

  it('agrees with Intl on any hour from 1997 to 2100', () => {
    fc.assert(
      fc.property(fc.integer({ min: 852_076_800, max: 4_102_444_799 }), fc.boolean(), (seconds, late) => {
        const instant = new Date(seconds * 1000);
        if (late) instant.setUTCHours(22);
        expect(calendarDateInStockholm(instant.toISOString())).toBe(stockholm.format(instant));
      }),
      { numRuns: 2000 },
    );
  });

  it('agrees with Intl around every change of the clocks', () => {
    for (let year = 1997; year < 2060; year++) {
      for (const month of [2, 9]) {
        for (let day = 22; day <= 31; day++) {
          const instant = new Date(Date.UTC(year, month, day, 22, 15));
          expect(calendarDateInStockholm(instant.toISOString())).toBe(stockholm.format(instant));
        }
      }
    }
  });

  it.each(['2026-11-23', '2026-11-23T22:00:00', '2026-11-23T22:00:00+01:00', '2026-02-30T10:00:00Z', ''])(
    'takes %j for a bug of the caller',
    (text) => {
      expect(() => calendarDateInStockholm(text)).toThrow('UTC');
    },
  );
});

describe('startOfDayInStockholm', () => {
  it.each([
    ['2026-11-23', '2026-11-22T23:00:00.000Z'],
    ['2026-07-01', '2026-06-30T22:00:00.000Z'],
    // The days of the change, and those after.
    ['2026-03-29', '2026-03-28T23:00:00.000Z'],
    ['2026-03-30', '2026-03-29T22:00:00.000Z'],
    ['2026-10-25', '2026-10-24T22:00:00.000Z'],
    ['2026-10-26', '2026-10-25T23:00:00.000Z'],
  ])('%s begins at %s', (day, instant) => {
    expect(startOfDayInStockholm(date(day))).toBe(instant);
  });

  it('is the first instant of its day, and the one before is of the day before', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 40_000 }), (days) => {
        const day = addDays(date('1996-01-01'), days);
        const start = startOfDayInStockholm(day);
        const before = new Date(Date.parse(start) - 1).toISOString();
        expect([calendarDateInStockholm(before), calendarDateInStockholm(start)]).toEqual([
          addDays(day, -1),
          day,
        ]);
      }),
    );
  });
});
