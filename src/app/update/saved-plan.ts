import type { CalendarDate } from '../../domain/calendar-date.ts';
import type { PersonId } from '../../domain/person-id.ts';
import type { FieldChange, PlanItem, ReviewReason } from '../../domain/plan.ts';
import type { Brake } from '../../domain/plan-safety.ts';
import { type RosterEntry, type RowKey, rowKeyText } from '../../domain/roster.ts';
import type { Snapshot } from '../../domain/snapshot.ts';
import type { UpdatePlan } from '../../domain/update-plan.ts';
import type { AppliedRow } from '../journal-port.ts';
import { planOutdated } from '../plan-outdated.ts';
import type { SnapshotStore } from '../ports.ts';
import type { Roster } from '../roster-port.ts';
import type { UpdateReport } from './update-report.ts';

/** A plan as a value in a file: exactly what `apply` may carry out, and what it rests on. */
export interface SavedPlan {
  readonly format: 'spar-sync plan';
  readonly version: 1;
  /** Wall clock, ISO 8601 in UTC. */
  readonly madeAt: string;
  /** Digest of the configuration sections that a plan depends on. */
  readonly sections: string;
  /** What was shown when it was made. */
  readonly report: UpdateReport;
  /** The brake that the plan would set off; `apply` then refuses unless the plan was made with `--force`. */
  readonly brake?: Brake;
  readonly rows: readonly SavedRow[];
  /** Rows that the plan compared with their person's answer, the unchanged ones among them. */
  readonly compared: readonly SavedComparison[];
}

/** A row that was compared with the answer of that day. */
export interface SavedComparison extends AppliedRow {
  readonly fetchedOn: CalendarDate;
}

/** One row that the plan touches. */
export interface SavedRow {
  readonly key: RowKey;
  /** Digest of the row's cells as the plan saw them. */
  readonly row: string;
  /** Digest of the answer that the plan rests on. */
  readonly answer: string;
  readonly changes: readonly FieldChange[];
  readonly reviews: readonly ReviewReason[];
  readonly checked?: FieldChange;
}

export type Digest = (text: string) => string;

interface Touched {
  readonly entry: RosterEntry;
  readonly person: PersonId;
  readonly row: string;
  readonly answer: string;
}

/**
 * A plan as it was shown, with what it rests on.
 *
 * @param sections digest of the configuration sections that a plan depends on
 * @param madeAt wall clock, ISO 8601 in UTC
 */
export async function savePlan(
  shown: { readonly report: UpdateReport; readonly plan: UpdatePlan; readonly brake?: Brake },
  from: { readonly roster: Roster; readonly snapshots: SnapshotStore; readonly digest: Digest },
  { sections, madeAt }: { readonly sections: string; readonly madeAt: string },
): Promise<SavedPlan> {
  const { report, plan, brake } = shown;
  return {
    format: 'spar-sync plan',
    version: 1,
    madeAt,
    sections,
    report,
    ...(brake && { brake }),
    rows: await describeRows(plan.items, from.roster, from.snapshots, from.digest),
    compared: await describeCompared([...plan.compared], from.snapshots),
  };
}

/** The rows of a plan that would be written to, with digests of what they and their answers are now. */
async function describeRows(
  items: readonly PlanItem[],
  roster: Roster,
  snapshots: SnapshotStore,
  digest: Digest,
): Promise<SavedRow[]> {
  const written = items.flatMap((item) =>
    item.kind === 'update' || (item.kind !== 'unknown' && item.checked !== undefined) ? [item] : [],
  );
  const people = new Map(written.map((item) => [rowKeyText(item.key), item.person]));
  const personOf = (entry: RosterEntry) => people.get(rowKeyText(entry.key));
  const touched = await readTouched(personOf, roster, snapshots, digest);
  return written.map((item) => {
    const now = touched.get(rowKeyText(item.key));
    return {
      key: item.key,
      row: now?.row ?? '',
      answer: now?.answer ?? '',
      changes: item.kind === 'update' ? item.changes : [],
      reviews: item.kind === 'unchanged' ? [] : item.reviews,
      ...(item.checked && { checked: item.checked }),
    };
  });
}

/** The same rows, each with the day of the answer that it was compared with. */
async function describeCompared(
  compared: readonly AppliedRow[],
  snapshots: SnapshotStore,
): Promise<SavedComparison[]> {
  const answers = await snapshots.getMany(compared.map((row) => row.person));
  return compared.flatMap((row, i) => {
    const fetchedOn = answers[i]?.fetchedOn;
    return fetchedOn === undefined ? [] : [{ ...row, fetchedOn }];
  });
}

/** Of the rows that the plan compared, those whose answer is still the same. */
export async function restoreCompared(saved: SavedPlan, snapshots: SnapshotStore): Promise<AppliedRow[]> {
  const answers = await snapshots.getMany(saved.compared.map((row) => row.person));
  return saved.compared.flatMap(({ key, person, mark, fetchedOn }, i) =>
    answers[i]?.fetchedOn === fetchedOn ? [{ key, person, mark }] : [],
  );
}

/**
 * The plan's items for the roster as it is now.
 *
 * @throws SparSyncError `plan-outdated` naming the rows that, or whose answer, changed since the plan was made.
 */
export async function restoreItems(
  saved: SavedPlan,
  personOf: (entry: RosterEntry) => PersonId | undefined,
  roster: Roster,
  snapshots: SnapshotStore,
  digest: Digest,
): Promise<PlanItem[]> {
  const wanted = new Map(saved.rows.map((row) => [rowKeyText(row.key), row]));
  const seen = new Set<string>();
  const twice = new Set<string>();
  const personOfWanted = (entry: RosterEntry): PersonId | undefined => {
    const key = rowKeyText(entry.key);
    const row = wanted.get(key);
    if (row === undefined) return undefined;
    if (seen.has(key)) twice.add(key);
    seen.add(key);
    return personOf(asPlanned(entry, row));
  };
  const touched = await readTouched(personOfWanted, roster, snapshots, digest);
  const outdated: RowKey[] = [];
  const items = saved.rows.flatMap((row): PlanItem[] => {
    const key = rowKeyText(row.key);
    const now = touched.get(key);
    if (now === undefined || now.row !== row.row || now.answer !== row.answer || twice.has(key)) {
      outdated.push(row.key);
      return [];
    }
    return [itemOf(row, now)];
  });
  if (outdated.length > 0) throw planOutdated(outdated, 'update');
  return items;
}

/** A row that is to get a new number rests on the answer about that number. */
function asPlanned(entry: RosterEntry, row: SavedRow): RosterEntry {
  const renumbering = row.changes.find((change) => change.field === 'personnummer');
  return renumbering === undefined
    ? entry
    : { ...entry, cells: { ...entry.cells, personnummer: renumbering.to } };
}

function itemOf(saved: SavedRow, now: Touched): PlanItem {
  const base = {
    key: saved.key,
    place: now.entry.place,
    person: now.person,
    ...(saved.checked && { checked: saved.checked }),
  };
  const [change, ...changes] = saved.changes;
  if (change !== undefined)
    return { ...base, kind: 'update', changes: [change, ...changes], reviews: saved.reviews };
  const [review, ...reviews] = saved.reviews;
  if (review !== undefined) return { ...base, kind: 'review', reviews: [review, ...reviews] };
  return { ...base, kind: 'unchanged' };
}

/** The rows that belong to somebody by `personOf`, which is asked once about each row of the roster. */
async function readTouched(
  personOf: (entry: RosterEntry) => PersonId | undefined,
  roster: Roster,
  snapshots: SnapshotStore,
  digest: Digest,
): Promise<Map<string, Touched>> {
  const touched = new Map<string, Touched>();
  for await (const batch of roster.read(() => {})) {
    const rows = batch.flatMap((entry) => {
      const person = personOf(entry);
      return person === undefined ? [] : [{ entry, person }];
    });
    if (rows.length === 0) continue;
    const answers = await snapshots.getMany(rows.map(({ person }) => person));
    rows.forEach(({ entry, person }, i) => {
      const answer = digestAnswer(answers[i], digest);
      touched.set(rowKeyText(entry.key), { entry, person, row: digestRow(entry, digest), answer });
    });
  }
  return touched;
}

export function digestRow(entry: Pick<RosterEntry, 'cells'>, digest: Digest): string {
  return digest(JSON.stringify(Object.entries(entry.cells).sort(([a], [b]) => (a < b ? -1 : 1))));
}

export function digestAnswer(snapshot: Snapshot | undefined, digest: Digest): string {
  return digest(JSON.stringify(snapshot === undefined ? null : [snapshot.answer, snapshot.fetchedOn]));
}
