import { z } from 'zod';
import type { SavedGuardianPlan } from '../../app/guardians/saved-guardian-plan.ts';
import type { SavedPlan } from '../../app/update/saved-plan.ts';
import type { CalendarDate } from '../../domain/calendar-date.ts';
import { isCalendarDate } from '../../domain/calendar-date.ts';
import { type PersonId, toPersonId } from '../../domain/person-id.ts';
import { NOT_ASKED_REASONS, REVIEW_REASONS } from '../../domain/plan.ts';
import {
  PERSON_TYPES,
  ROSTER_FIELDS,
  ROSTER_PROBLEM_REASONS,
  type RosterField,
} from '../../domain/roster.ts';

const type = z.enum(PERSON_TYPES);
const field = z.enum(ROSTER_FIELDS);
const count = z.number().int().nonnegative();
const date = z.custom<CalendarDate>((value) => typeof value === 'string' && isCalendarDate(value));
const personId = z.custom<PersonId>((value) => typeof value === 'string' && toPersonId(value) !== undefined);
const rowKey = z.strictObject({ type, id: z.string() });
const digest = z.string().regex(/^[0-9a-f]{64}$/);

const reviewReason = z.enum(REVIEW_REASONS);
const notAskedReason = z.enum(NOT_ASKED_REASONS);
const problemReason = z.enum(ROSTER_PROBLEM_REASONS);

const change = z.strictObject({ field, from: z.string(), to: z.string() });

const brake = z.strictObject({
  kind: z.enum(['changed', 'missing', 'assigned']),
  count,
  of: count,
  share: z.number(),
  limit: z.number(),
});

/** A plan file of `update`, strictly: what `update --plan` writes and nothing else. */
export const savedPlanSchema: z.ZodType<SavedPlan> = z.strictObject({
  format: z.literal('spar-sync plan'),
  version: z.literal(1),
  madeAt: z.string(),
  sections: digest,
  today: date,
  overwriteEdits: z.boolean(),
  report: z.strictObject({
    command: z.enum(['update', 'apply']),
    run: count,
    dryRun: z.boolean(),
    people: z.strictObject({ total: count, selected: count, changed: count }),
    lookups: z.strictObject({
      asked: count,
      reused: count,
      notFound: count,
      failed: count,
      cost: z.number().nonnegative(),
      currency: z.string(),
    }),
    changes: z.array(z.strictObject({ id: z.string(), type, field, from: z.string(), to: z.string() })),
    review: z.array(z.strictObject({ id: z.string(), type, reason: reviewReason, since: date })),
    notAsked: z.array(z.strictObject({ id: z.string(), type, reason: notAskedReason })),
    problems: z.array(z.strictObject({ file: z.string(), line: count, reason: problemReason })),
  }),
  brake: z.exactOptional(brake),
  rows: z.array(
    z.strictObject({
      key: rowKey,
      row: digest,
      answer: digest,
      changes: z.array(change),
      reviews: z.array(reviewReason),
      checked: z.exactOptional(change),
    }),
  ),
  compared: z.array(z.strictObject({ key: rowKey, person: personId, mark: z.string(), fetchedOn: date })),
});

const cells = z.custom<Readonly<Partial<Record<RosterField, string>>>>(
  (value) => z.partialRecord(field, z.string()).safeParse(value).success,
);

/** A plan file of `guardians`. */
export const savedGuardianPlanSchema: z.ZodType<SavedGuardianPlan> = z.strictObject({
  format: z.literal('spar-sync plan'),
  version: z.literal(1),
  command: z.literal('guardians'),
  madeAt: z.string(),
  sections: digest,
  today: date,
  students: z.exactOptional(z.array(z.string())),
  overwriteHolds: z.boolean(),
  brake: z.exactOptional(brake),
  write: z.strictObject({
    items: z.array(
      z.strictObject({
        kind: z.literal('update'),
        key: rowKey,
        place: z.strictObject({ source: count, row: count, line: count }),
        person: personId,
        changes: z.tuple([change], change),
        reviews: z.array(reviewReason),
        checked: z.exactOptional(change),
      }),
    ),
    created: z.array(
      z.strictObject({
        key: rowKey,
        givenByRoster: z.boolean(),
        person: personId,
        cells,
      }),
    ),
    links: z.array(
      z.strictObject({
        link: z.strictObject({ student: z.string(), guardian: z.string() }),
        person: personId,
      }),
    ),
  }),
  basis: z.strictObject({
    rows: z.array(z.strictObject({ key: rowKey, row: digest })),
    answers: z.array(z.strictObject({ key: rowKey, person: personId, answer: digest })),
  }),
});
