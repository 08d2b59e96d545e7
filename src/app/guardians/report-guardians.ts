import type { CalendarDate } from '../../domain/calendar-date.ts';
import type { DuplicatePair } from '../../domain/duplicate-pair.ts';
import type { GuardianPlan, GuardianReview } from '../../domain/guardian-plan.ts';
import type { NotAskedReason } from '../../domain/plan.ts';
import { type RosterProblem, type RowKey, rowKeyText } from '../../domain/roster.ts';
import { linkKeyText } from '../../domain/roster-write.ts';
import type { LookupCounts } from '../lookup-counts.ts';
import type { ReviewLog } from '../ports.ts';
import { isOfGuardians, reasonOfGuardians, reviewText } from '../update/report-update.ts';
import type { GuardianReport, ReportedGuardianReview } from './guardian-report.ts';
import type { AppliedGuardians } from './guardians.ts';

export interface GuardianReportInput {
  readonly command: 'guardians' | 'apply';
  readonly run: number;
  readonly dryRun: boolean;
  readonly plan: GuardianPlan;
  readonly applied: AppliedGuardians;
  readonly lookups: LookupCounts;
  readonly problems: readonly RosterProblem[];
}

export interface ReportedGuardians {
  readonly report: GuardianReport;
  readonly newReviews: ReadonlySet<string>;
  readonly newPairs: ReadonlySet<DuplicatePair>;
}

/**
 * Turns what was done into the report, under the ids that rows have now, with the day on which each review item
 * was first seen. Only a run that writes remembers what it has shown.
 *
 * @param chosen which students were looked at in this run
 */
export async function reportGuardians(
  input: GuardianReportInput,
  reviews: ReviewLog,
  today: CalendarDate,
  chosen: { readonly selected: (key: RowKey) => boolean; readonly namedRows: boolean },
): Promise<ReportedGuardians> {
  const { plan, applied } = input;
  const finalId = (id: string): string => applied.ids.get(id) ?? id;
  const finalKey = (key: RowKey): RowKey => (key.type === 'guardian' ? { ...key, id: finalId(key.id) } : key);
  const out = new Set(applied.refused.map(({ key }) => rowKeyText(key)));
  const outLinks = new Set(applied.refusedLinks.map(({ link }) => linkKeyText(link)));

  const items = applied.write.items.filter(({ key }) => !out.has(rowKeyText(key)));
  const created = applied.write.created.filter(({ key }) => !out.has(rowKeyText(key)));
  const written = new Set(items.map(({ key }) => rowKeyText(key)));
  const links = applied.write.links.filter(({ link }) => !outLinks.has(linkKeyText(link)));
  const linked = new Set(links.map(({ link }) => link.student));
  const notLinked = plan.counts.newlyWithGuardians.filter((student) => !linked.has(student)).length;
  const pairs = pairsOfThere(plan, new Set(created.map(({ key }) => rowKeyText(key)))).map(
    (pair): DuplicatePair => ({
      ...pair,
      a: finalKey(pair.a),
      b: finalKey(pair.b),
      keep: finalKey(pair.keep),
      ...(pair.emailHeldBy && { emailHeldBy: finalKey(pair.emailHeldBy) }),
    }),
  );

  const gone = new Set(plan.created.map(({ key }) => rowKeyText(key)));
  for (const { key } of created) gone.delete(rowKeyText(key));
  const ofPlan = plan.reviews
    .filter(({ key }) => !gone.has(rowKeyText(key)))
    .map(
      (item): GuardianReview => ({
        ...item,
        key: finalKey(item.key),
        ...(item.rows && { rows: item.rows.map(finalId) }),
      }),
    );
  const found = await withDays(
    [...ofPlan, ...refusals(input), ...reviewsOfItems(items)],
    pairs,
    reviews,
    today,
  );
  if (!input.dryRun) await remember(found, plan, reviews, today, chosen);

  const report: GuardianReport = {
    command: input.command,
    run: input.run,
    dryRun: input.dryRun,
    students: { selected: plan.counts.selected, withGuardians: plan.counts.withGuardians - notLinked },
    guardians: {
      assigned: plan.assigned
        .filter(({ key }) => written.has(rowKeyText(key)))
        .map(({ key, grade }) => ({ id: key.id, grade })),
      created: created.map(({ key }) => ({ id: finalId(key.id) })),
    },
    links: {
      added: links.map(({ link }) => ({ student: link.student, guardian: finalId(link.guardian) })),
      present: plan.linksPresent,
    },
    lookups: input.lookups,
    changes: items.flatMap((item) =>
      item.kind === 'update'
        ? item.changes.map(({ field, from, to }) => ({
            id: item.key.id,
            type: item.key.type,
            field,
            from,
            to,
          }))
        : [],
    ),
    review: found.items.filter(({ isShown }) => isShown).map(({ reported }) => reported),
    notAsked: plan.notAsked.map(({ key, reason }) => ({ id: key.id, type: key.type, reason })),
    problems: input.problems,
    duplicates: pairs,
    noRelationsAtAll: plan.noRelationsAtAll,
  };
  const newReviews = new Set(
    found.items
      .filter(({ isNew }) => isNew)
      .map(({ reported: { id, type, reason } }) => reviewText({ id, type }, reason)),
  );
  return { report, newReviews, newPairs: new Set(pairs.filter((_, i) => found.pairSince[i] === undefined)) };
}

/** Pairs of rows that are there: a new row that was not written after all is in none. */
function pairsOfThere(plan: GuardianPlan, created: ReadonlySet<string>): readonly DuplicatePair[] {
  const notWritten = new Set(
    plan.created.map(({ key }) => rowKeyText(key)).filter((key) => !created.has(key)),
  );
  if (notWritten.size === 0) return plan.pairs;
  return plan.pairs.filter(({ a, b }) => !notWritten.has(rowKeyText(a)) && !notWritten.has(rowKeyText(b)));
}

/** What was left alone, under a row that is there: a new guardian's under the students'. */
function refusals({ plan, applied }: GuardianReportInput): GuardianReview[] {
  const isNew = new Set(plan.created.map(({ key }) => rowKeyText(key)));
  const found: GuardianReview[] = [];
  for (const { key, reason } of applied.refused) {
    if (!isNew.has(rowKeyText(key))) found.push({ key, reason });
  }
  for (const { link, reason } of applied.refusedLinks) {
    found.push({ key: { type: 'student', id: link.student }, reason });
  }
  return found;
}

function reviewsOfItems(items: AppliedGuardians['write']['items']): GuardianReview[] {
  return items.flatMap((item) =>
    item.kind === 'update' ? item.reviews.map((reason) => ({ key: item.key, reason })) : [],
  );
}

interface Found {
  readonly items: readonly {
    readonly reported: ReportedGuardianReview;
    readonly key: RowKey;
    readonly isNew: boolean;
    readonly isShown: boolean;
  }[];
  readonly pairs: readonly { readonly key: RowKey; readonly reason: string }[];
  readonly pairSince: readonly (CalendarDate | undefined)[];
}

async function withDays(
  all: readonly GuardianReview[],
  pairs: readonly DuplicatePair[],
  reviews: ReviewLog,
  today: CalendarDate,
): Promise<Found> {
  const once = mergeSame(all);
  const since = await reviews.sinceOf(
    once.map(({ key, reason }) => ({ key, reason: reasonOfGuardians(reason) })),
  );
  const items = once.map(({ key, reason, rows, children }, i) => {
    const day = since[i];
    return {
      key,
      reported: {
        id: key.id,
        type: key.type,
        reason,
        since: day ?? today,
        ...(rows && rows.length > 0 && { rows }),
        ...(children && children.length > 0 && { children }),
      },
      isNew: day === undefined,
      // Said once, on the day on which it is first seen (CONTRACT section 7).
      isShown: reason !== 'turned-18' || day === undefined || day === today,
    };
  });
  const pairItems = pairs.map(({ a, b, grade }) => ({
    key: a,
    reason: reasonOfGuardians(`pair ${rowKeyText(b)} ${grade}`),
  }));
  return { items, pairs: pairItems, pairSince: await reviews.sinceOf(pairItems) };
}

/** One item a row and reason, with all that it is about. */
function mergeSame(all: readonly GuardianReview[]): GuardianReview[] {
  const merged = new Map<string, GuardianReview>();
  for (const item of all) {
    const name = reviewText(item.key, item.reason);
    const known = merged.get(name);
    if (known === undefined) merged.set(name, item);
    else {
      const rows = [...new Set([...(known.rows ?? []), ...(item.rows ?? [])])];
      const children = [...new Set([...(known.children ?? []), ...(item.children ?? [])])];
      merged.set(name, { key: known.key, reason: known.reason, rows, children });
    }
  }
  return [...merged.values()];
}

const UNHEARD: ReadonlySet<NotAskedReason> = new Set(['offline', 'budget', 'failed']);

/** What is gone is forgotten, save where this run could not see it. */
async function remember(
  found: Found,
  plan: GuardianPlan,
  reviews: ReviewLog,
  today: CalendarDate,
  chosen: { readonly selected: (key: RowKey) => boolean; readonly namedRows: boolean },
): Promise<void> {
  const unheard = new Set(
    plan.notAsked.filter(({ reason }) => UNHEARD.has(reason)).map(({ key }) => rowKeyText(key)),
  );
  const seesAll = !chosen.namedRows && unheard.size === 0;
  const items = found.items.map(({ key, reported }) => ({ key, reason: reasonOfGuardians(reported.reason) }));
  await reviews.record(today, [...items, ...found.pairs], ({ key, reason }) => {
    if (!isOfGuardians(reason)) return false;
    if (seesAll) return true;
    return key.type === 'student' && chosen.selected(key) && !unheard.has(rowKeyText(key));
  });
}
