import type { Database } from 'better-sqlite3';
import type { Absentees } from '../../app/retention-port.ts';
import type { PersonNumbers } from '../../domain/person-id.ts';
import { placeIn } from '../../domain/rows/sorted-numbers.ts';
import { toPersonId } from './state-file.ts';

/**
 * Who is there and who is not: see `Retention.absentees`. Most nights everybody is on a row, and then nothing but
 * numbers is read; the answers are looked into only where somebody is on none.
 */
export function createAbsentees(db: Database): (people: PersonNumbers) => Absentees {
  // One text for all of them: half the time of a row for each.
  const answered = db
    .prepare<[], string | null>(
      "SELECT '[' || group_concat(person_id) || ']' FROM snapshot INDEXED BY snapshot_by_day",
    )
    .pluck();
  const outlived = db
    .prepare<[], number>(
      'SELECT person_id FROM outlived WHERE person_id NOT IN (SELECT person_id FROM snapshot)',
    )
    .pluck();
  const joins = db
    .prepare<[], [one: number, other: number]>('SELECT DISTINCT former, successor FROM same_person')
    .raw();
  const named = db
    .prepare<[string], [child: number, guardian: number]>(
      `SELECT child.person_id, CAST(relation.value ->> 'id' AS INTEGER) AS guardian
       FROM snapshot AS child, json_each(child.answer, '$.guardianship.current') AS relation
       WHERE child.permissions <> '[]' AND guardian IN (SELECT value FROM json_each(?))`,
    )
    .raw();

  /** Of whom it matters who leads to them: these people under all numbers that any answer says are theirs. */
  function leadsTo(missing: readonly number[]): readonly (readonly [from: number, to: number])[] {
    const pairs = joins.all();
    const wanted = new Set(missing);
    for (const pair of pairs) for (const number of pair) wanted.add(number);
    const back = pairs.map(([one, other]) => [other, one] as const);
    return [...pairs, ...back, ...named.all(JSON.stringify([...wanted]))];
  }

  return (people) => {
    const onRows = people.slice().sort();
    const kept: number[] = JSON.parse(answered.get() ?? '[]');
    for (const person of outlived.all()) kept.push(person);
    const missing = notAmong(Float64Array.from(kept).sort(), onRows);
    if (missing.length === 0) return { absent: [], of: kept.length };
    const steps = leadsTo(missing);
    const led = new Set<number>();
    for (let before = -1; before !== led.size; ) {
      before = led.size;
      for (const [from, to] of steps) if (led.has(from) || holds(onRows, from)) led.add(to);
    }
    const absent = missing.filter((person) => !led.has(person));
    return { absent: absent.map(toPersonId), of: kept.length };
  };
}

/** Of sorted numbers, those that are not among others; side by side, as nearly all of them are. */
function notAmong(wanted: Float64Array, sorted: Float64Array): number[] {
  const missing: number[] = [];
  let at = 0;
  for (const number of wanted) {
    while (at < sorted.length && (sorted[at] ?? 0) < number) at++;
    if (sorted[at] !== number) missing.push(number);
  }
  return missing;
}

function holds(sorted: Float64Array, wanted: number): boolean {
  return sorted[placeIn(sorted, wanted)] === wanted;
}
