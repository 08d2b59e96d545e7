import type { ReviewLog } from '../../app/ports.ts';
import type { CalendarDate } from '../../domain/calendar-date.ts';
import { rowKeyText } from '../../domain/roster.ts';
import { type StateFile, toRowKey } from './state-file.ts';

export function createReviewLog(file: StateFile): ReviewLog {
  const { db } = file;
  const since = db
    .prepare<[string, string], CalendarDate>('SELECT since FROM review WHERE row = ? AND reason = ?')
    .pluck();
  const all = db.prepare<[], [string, string]>('SELECT row, reason FROM review').raw();
  const remember = db.prepare(
    'INSERT INTO review (row, reason, since) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
  );
  const forget = db.prepare('DELETE FROM review WHERE row = ? AND reason = ?');

  return {
    sinceOf: (items) => file.read(() => items.map(({ key, reason }) => since.get(rowKeyText(key), reason))),

    record: (today, items, covered) =>
      file.write(() => {
        const present = new Set(items.map(({ key, reason }) => `${reason} ${rowKeyText(key)}`));
        for (const [row, reason] of all.all()) {
          if (!present.has(`${reason} ${row}`) && covered({ key: toRowKey(row), reason }))
            forget.run(row, reason);
        }
        for (const { key, reason } of items) remember.run(rowKeyText(key), reason, today);
      }),
  };
}
