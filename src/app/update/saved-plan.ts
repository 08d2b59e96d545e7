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
  /** The day by which it was made. */
  readonly today: CalendarDate;
  /** What a person has edited since was to be written over (`--id … --force`). */
  readonly overwriteEdits: boolean;
  /** What was shown when it was made. */
  readonly report: Omit<UpdateReport, 'nextRun'>;
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

type Touched = Pick<SavedRow, 'row' | 'answer'>;

interface PlanBasis {
  readonly roster: Roster;
  readonly snapshots: SnapshotStore;
  readonly digest: Digest;
}

/**
 * A plan as it was shown, with what it rests on. `apply` makes it anew from what is there then and compares;
 * besides, it compares the rows that it touches, and their answers, to the last cell.
 */
export async function savePlan(
  shown: { readonly report: UpdateReport; readonly plan: UpdatePlan; readonly brake?: Brake },
  from: PlanBasis,
  how: Pick<SavedPlan, 'madeAt' | 'sections' | 'today' | 'overwriteEdits'>,
): Promise<SavedPlan> {
  const { plan, brake } = shown;
  // What another run would buy says nothing of what this plan does, and would not hold on another day.
  const { nextRun: _, ...report } = shown.report;
  return {
    format: 'spar-sync plan',
    version: 1,
    ...how,
    report,
    ...(brake && { brake }),
    rows: await describeRows(plan.items, from),
    compared: await describeCompared([...plan.compared], from.snapshots),
  };
}

/** The rows of a plan that would be written to, with digests of what they and their answers are now. */
async function describeRows(items: readonly PlanItem[], basis: PlanBasis): Promise<SavedRow[]> {
  const written = items.flatMap((item) =>
    item.kind === 'update' || (item.kind !== 'unknown' && item.checked !== undefined) ? [item] : [],
  );
  const people = new Map(written.map((item) => [rowKeyText(item.key), item.person]));
  const touched = await digestTouched(people, basis);
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
 * Of a plan made anew, what the saved one holds too.
 *
 * @throws SparSyncError `plan-outdated` naming the rows for which it would be another plan now, or that, or whose
 *   answer, changed since it was made.
 */
export async function restoreItems(
  saved: SavedPlan,
  items: readonly PlanItem[],
  basis: PlanBasis,
): Promise<PlanItem[]> {
  const wanted = new Set(saved.rows.map((row) => rowKeyText(row.key)));
  const again = items.filter((item) => wanted.has(rowKeyText(item.key)));
  const now = new Map((await describeRows(again, basis)).map((row) => [rowKeyText(row.key), contentOf(row)]));
  const outdated = saved.rows.filter((row) => now.get(rowKeyText(row.key)) !== contentOf(row));
  if (outdated.length > 0)
    throw planOutdated(
      outdated.map(({ key }) => key),
      'update',
    );
  return again;
}

function contentOf({ row, answer, changes, reviews, checked }: SavedRow): string {
  const cells = (some: readonly FieldChange[]) => some.map(({ field, from, to }) => [field, from, to]);
  return JSON.stringify([row, answer, cells(changes), reviews, cells(checked ? [checked] : [])]);
}

/** Digests of these rows and of the answers about whom each is planned for, by `type:id`. */
async function digestTouched(
  people: ReadonlyMap<string, PersonId>,
  { roster, snapshots, digest }: PlanBasis,
): Promise<Map<string, Touched>> {
  const touched = new Map<string, Touched>();
  for await (const batch of roster.read(() => {})) {
    const rows = batch.filter(({ key }) => people.has(rowKeyText(key)));
    if (rows.length === 0) continue;
    const answers = await snapshots.getMany(rows.map(({ key }) => people.get(rowKeyText(key))));
    rows.forEach((entry, i) => {
      const answer = digestAnswer(answers[i], digest);
      touched.set(rowKeyText(entry.key), { row: digestRow(entry, digest), answer });
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
