import type { UpdateReport } from '../../src/app/update/update-report.ts';
import { type CalendarDate, parseCalendarDate } from '../../src/domain/calendar-date.ts';

export function day(text: string): CalendarDate {
  const date = parseCalendarDate(text);
  if (date === undefined) throw new Error(`${text} is no date`);
  return date;
}

/** A run in which something of everything happened. */
export const BUSY: UpdateReport = {
  command: 'update',
  run: 3,
  dryRun: false,
  people: { total: 1200, selected: 1100, changed: 3 },
  lookups: { asked: 1012, reused: 95, notFound: 1, failed: 2, cost: 404.8, currency: 'SEK' },
  changes: [
    { id: '17', type: 'student', field: 'street', from: 'Storgatan 1', to: 'Nygatan 2 lgh 1101' },
    { id: '17', type: 'student', field: 'care_of', from: 'Berg', to: '' },
    { id: '4', type: 'guardian', field: 'personnummer', from: '19900114-2380', to: '199002262393' },
    { id: '18', type: 'student', field: 'protected', from: '', to: 'sekretessmarkering' },
  ],
  review: [
    { id: '18', type: 'student', reason: 'protected', since: day('2026-11-23') },
    { id: '7', type: 'staff', reason: 'protected', since: day('2026-10-01') },
    { id: '199002262393', type: 'guardian', reason: 'not-found', since: day('2026-11-23') },
  ],
  notAsked: [
    { id: '31', type: 'guardian', reason: 'id-missing' },
    { id: '40', type: 'student', reason: 'failed' },
  ],
  problems: [{ file: 'people.csv', line: 14, reason: 'ragged-row' }],
};

/** A run that found everything as it was, and people who have been waiting for somebody since before. */
export const CALM: UpdateReport = {
  command: 'update',
  run: 4,
  dryRun: false,
  people: { total: 2, selected: 1, changed: 0 },
  lookups: { asked: 0, reused: 1, notFound: 0, failed: 0, cost: 0, currency: 'SEK' },
  changes: [],
  review: [{ id: '7', type: 'staff', reason: 'protected', since: day('2026-10-01') }],
  notAsked: [{ id: '31', type: 'guardian', reason: 'inactive' }],
  problems: [{ file: 'people.csv', line: 14, reason: 'ragged-row' }],
};
