import type { CalendarDate } from '../../domain/calendar-date.ts';
import type { NotAskedReason, PlanItem } from '../../domain/plan.ts';
import { type RosterProblem, type RowKey, rowKeyText } from '../../domain/roster.ts';
import type { PlanCounts } from '../../domain/update-plan.ts';
import type { LookupCounts } from '../lookup-counts.ts';
import type { ReviewLog } from '../ports.ts';
import type { ReportedChange, ReportedNotAsked, ReportedReview, UpdateReport } from './update-report.ts';

export interface ReportInput {
  readonly command: 'update' | 'apply';
  readonly run: number;
  readonly dryRun: boolean;
  readonly counts: Pick<PlanCounts, 'total' | 'selected'>;
  readonly lookups: LookupCounts;
  readonly items: readonly PlanItem[];
  readonly problems: readonly RosterProblem[];
}

/**
 * Turns what was done into the report, with the day on which each review item was first seen. Only a run that
 * writes remembers what it has shown.
 *
 * @param covered whether a row was looked at in this run: its items that are gone are then forgotten
 */
export async function reportUpdate(
  input: ReportInput,
  reviews: ReviewLog,
  today: CalendarDate,
  covered: (key: RowKey) => boolean,
): Promise<{ readonly report: UpdateReport; readonly newReviews: ReadonlySet<string> }> {
  const changes: ReportedChange[] = [];
  const notAsked: ReportedNotAsked[] = [];
  const found: { key: RowKey; reason: ReportedReview['reason'] }[] = [];
  let changed = 0;
  for (const item of input.items) {
    const { id, type } = item.key;
    if (item.kind === 'update') {
      changed++;
      for (const { field, from, to } of item.changes) changes.push({ id, type, field, from, to });
    }
    if (item.kind === 'unknown') notAsked.push({ id, type, reason: item.because });
    if (item.kind !== 'unchanged') for (const reason of item.reviews) found.push({ key: item.key, reason });
  }
  const since = await reviews.sinceOf(found);
  const review = found.map(({ key, reason }, i) => ({
    id: key.id,
    type: key.type,
    reason,
    since: since[i] ?? today,
  }));
  const newReviews = new Set(
    found.filter((_, i) => since[i] === undefined).map(({ key, reason }) => reviewText(key, reason)),
  );
  // Of people who could not be asked about nothing new is known: their items stay as they were.
  const unheard = new Set(
    input.items.flatMap((item) =>
      item.kind === 'unknown' && UNHEARD.has(item.because) ? [rowKeyText(item.key)] : [],
    ),
  );
  if (!input.dryRun)
    await reviews.record(
      today,
      found,
      ({ key, reason }) => !isOfGuardians(reason) && covered(key) && !unheard.has(rowKeyText(key)),
    );
  return {
    report: {
      command: input.command,
      run: input.run,
      dryRun: input.dryRun,
      people: { total: input.counts.total, selected: input.counts.selected, changed },
      lookups: input.lookups,
      changes,
      review,
      notAsked,
      problems: input.problems,
    },
    newReviews,
  };
}

const UNHEARD: ReadonlySet<NotAskedReason> = new Set(['offline', 'budget', 'failed']);

/** What `guardians` found is remembered apart: `update` says nothing about it. */
const GUARDIANS = 'guardians ';

/** A reason as `guardians` has it remembered. */
export function reasonOfGuardians(reason: string): string {
  return `${GUARDIANS}${reason}`;
}

export function isOfGuardians(reason: string): boolean {
  return reason.startsWith(GUARDIANS);
}

/** The name of a review item in `newReviews`. */
export function reviewText(key: RowKey, reason: string): string {
  return `${rowKeyText(key)} ${reason}`;
}
