import type { Decision } from '../../domain/decision.ts';
import { createRowFinder, numberOf, type RowFinder } from '../../domain/duplicates/row-finder.ts';
import type { Families } from '../../domain/families.ts';
import { isBlank } from '../../domain/fold.ts';
import { type MergePlan, planMerges } from '../../domain/merge.ts';
import type { PersonId } from '../../domain/person-id.ts';
import type { FieldChange } from '../../domain/plan.ts';
import { type RowKey, rowKeyText } from '../../domain/roster.ts';
import { SparSyncError } from '../../errors.ts';
import { type JournalledWrite, writeDurably } from '../durable-write.ts';
import { eraseProtected } from '../erasure.ts';
import type { JournalledAct, JournalledChange } from '../journal-port.ts';
import { journalledMoves } from '../journalled-moves.ts';
import { asJournalledRun } from '../journalled-run.ts';
import { readProtection } from '../protected-people.ts';
import { readFamilies } from '../read-families.ts';
import type { Roster, Staged } from '../roster-port.ts';
import { REPLANS, rosterKeepsChanging } from '../update/apply-plan.ts';
import type { UpdateWorld } from '../update/update-world.ts';
import { markedTogether, marksThatMoved } from './decided-marks.ts';
import { decisionsRefused, tellLines } from './decisions-refused.ts';
import type { MergeReport, WrittenDecision } from './duplicate-report.ts';
import { createPairCheck } from './duplicates.ts';

type MergeWorld = Omit<UpdateWorld, 'openLookup' | 'wrapLookup'>;

export interface AppliedDecisions {
  readonly report: MergeReport;
  readonly gaps: boolean;
  /** Rows, as `type:id`, of which no value may be shown: the person is protected. */
  readonly hiddenRows: ReadonlySet<string>;
}

/**
 * Carries out what a person has decided about pairs of rows: merges the `same`, remembers the `different`. All
 * or nothing.
 *
 * @throws SparSyncError `plan-outdated` naming the rows that have changed since the person was shown them;
 *   `decisions-unusable` when decisions contradict each other or cannot be carried out.
 */
export async function applyDecisions(
  decisions: readonly WrittenDecision[],
  world: MergeWorld,
  { dryRun }: { readonly dryRun: boolean },
): Promise<AppliedDecisions> {
  return asJournalledRun({ command: 'duplicates apply', dryRun, links: true }, world, async (run) => {
    const { roster, state, progress } = world;
    for (let replans = 0; ; replans++) {
      const { plan, families, hiddenRows, erasedRows } = await planNow(decisions, world);
      const finish = async () => ({
        report: await reportOf(run, plan, families, world, dryRun),
        gaps: false,
        hiddenRows,
      });
      if (dryRun) return finish();
      const rows = Object.values(plan.write).reduce((all, part) => all + part.length, 0);
      if (rows > 0) progress({ kind: 'writing' });
      const outcome = await writeDurably(run, asJournalled(plan, families), {
        roster,
        journal: state.journal,
      });
      if (outcome.kind === 'written') {
        const protectedRows = decidedRows(decisions, erasedRows);
        const find = createRowFinder(families);
        const marks = { marked: await marksThatMoved(plan.merged, find, state), unmarked: [] };
        await eraseProtected({ toWithhold: markedTogether(decisions, find), protectedRows, marks }, state);
        return finish();
      }
      if (outcome.kind === 'refused') throw refusedByRoster(outcome.staged);
      if (replans === REPLANS) throw rosterKeepsChanging();
    }
  });
}

function decidedRows(decisions: readonly WrittenDecision[], wanted: ReadonlySet<string>): readonly RowKey[] {
  return decisions.flatMap(({ a, b }) => [a, b]).filter((key) => wanted.has(rowKeyText(key)));
}

/** Whether the very same was decided before about the same people: once remembered is enough. */
function isInForce(
  { verdict, a, b }: WrittenDecision,
  inForce: readonly Decision[],
  find: RowFinder,
): boolean {
  const told = (key: RowKey, person: PersonId | undefined) => `${rowKeyText(key)} ${person ?? ''}`;
  const now = [told(a, numberOf(find(a))), told(b, numberOf(find(b)))].sort().join();
  return (
    verdict === 'different' &&
    inForce.some(
      (one) =>
        one.verdict === verdict && [told(one.a, one.aPerson), told(one.b, one.bPerson)].sort().join() === now,
    )
  );
}

type Planned = Extract<MergePlan, { readonly kind: 'planned' }>;

interface PlannedDecisions extends Pick<AppliedDecisions, 'hiddenRows'> {
  readonly plan: Planned;
  readonly families: Families;
  /** Rows of which nothing may stay in the journal. */
  readonly erasedRows: ReadonlySet<string>;
}

async function planNow(
  decisions: readonly WrittenDecision[],
  { roster, state, today, digest }: MergeWorld,
): Promise<PlannedDecisions> {
  const { families } = await readFamilies(roster, { today, selected: () => true });
  const check = createPairCheck(families, digest, await state.secret());
  const find = createRowFinder(families);
  const isThere = (key: RowKey): boolean => find(key) !== undefined;
  const changed = decisions.filter(
    (decision) => isThere(decision.a) && isThere(decision.b) && check(decision) !== decision.check,
  );
  if (changed.length > 0) throw changedSince(changed);
  const inForce = await state.journal.decisions();
  const news = decisions.filter((decision) => !isInForce(decision, inForce, find));
  const same = news.filter(({ verdict }) => verdict === 'same');
  const referrers = await roster.referrers(same.flatMap(({ a, b }) => [a, b]));
  const decided = news.map(({ line, verdict, a, b, keep = a }) => ({ line, verdict, a, b, keep }));
  const keys = decided.flatMap(({ a, b }) => [a, b]);
  const { isProtectedRow, isProtectedForCertain } = await readProtection({ roster, state, today }, keys);
  const plan = planMerges(families, decided, referrers, {
    renumbered: await state.snapshots.renumbered(),
    isProtected: isProtectedRow,
  });
  if (plan.kind === 'refused') throw decisionsRefused(plan.problems);
  return {
    plan: await withWhole(plan, roster),
    families,
    hiddenRows: hiddenAmong(keys, plan, isProtectedRow),
    erasedRows: hiddenAmong(keys, plan, isProtectedForCertain),
  };
}

/**
 * Rows of protected people, under whatever number and by decisions in force before; rows that are declared to be
 * the same person now are so together.
 */
function hiddenAmong(
  keys: readonly RowKey[],
  { merged }: Planned,
  isProtectedRow: (key: RowKey) => boolean,
): ReadonlySet<string> {
  const hidden = new Set(keys.filter(isProtectedRow).map(rowKeyText));
  for (const { kept, removed } of merged) if (hidden.has(rowKeyText(removed))) hidden.add(rowKeyText(kept));
  for (const { kept, removed } of merged) if (hidden.has(rowKeyText(kept))) hidden.add(rowKeyText(removed));
  return hidden;
}

/** Rows that go are checked to the last cell, columns that mean nothing to this program included. */
async function withWhole(plan: Planned, roster: Roster): Promise<Planned> {
  const whole = await roster.readWhole(plan.write.removedRows.map(({ key }) => key));
  const removedRows = plan.write.removedRows.map((row) => {
    const known = whole.get(rowKeyText(row.key));
    return known === undefined ? row : { ...row, whole: known };
  });
  return { ...plan, write: { ...plan.write, removedRows } };
}

function asJournalled(plan: Planned, families: Families): JournalledWrite {
  const { write, decisions } = plan;
  const personOf = (key: RowKey) => {
    const id = families.guardian(key.id)?.id;
    return id?.kind === 'valid' ? { person: id.id } : {};
  };
  return {
    write,
    journalled: ({ removedRows, removedLinks }) => ({
      changes: write.edits.flatMap(({ key, cells }) =>
        cells.map((change: FieldChange): JournalledChange => ({ key, ...change, ...personOf(key) })),
      ),
      acts: [
        ...removedRows.map(
          ({ key, whole }): JournalledAct => ({ kind: 'row-removed', key, whole, ...personOf(key) }),
        ),
        ...removedLinks.map(({ link, whole }): JournalledAct => ({ kind: 'link-removed', link, whole })),
        ...journalledMoves(write.movedLinks),
      ],
      compared: [],
      decisions,
    }),
    compared: () => [],
    allOrNothing: true,
  };
}

async function reportOf(
  run: number,
  plan: Planned,
  families: Families,
  { state, today }: MergeWorld,
  dryRun: boolean,
): Promise<MergeReport> {
  const { write, merged, reviews, decisions } = plan;
  const since = await state.reviews.sinceOf(reviews);
  const cellsOf = (key: RowKey) => families.guardian(key.id)?.cells;
  return {
    command: 'duplicates apply',
    run,
    dryRun,
    merged: merged.map(({ kept, removed }) => ({ kept, removed })),
    different: decisions.filter(({ verdict }) => verdict === 'different').length,
    twoRoles: decisions.filter(({ verdict, a, b }) => verdict === 'same' && a.type !== b.type).length,
    links: { moved: write.movedLinks.length, removed: write.removedLinks.length },
    changes: write.edits.flatMap(({ key, cells }) =>
      cells.map(({ field, from, to }) => ({ id: key.id, type: key.type, field, from, to })),
    ),
    review: reviews.map(({ key, reason }, i) => ({
      id: key.id,
      type: key.type,
      reason,
      since: since[i] ?? today,
    })),
    lost: write.removedRows.flatMap(({ key, whole }) =>
      (whole?.cells ?? []).flatMap(({ column, field, value }) =>
        field === undefined && typeof value === 'string' && !isBlank(value)
          ? [{ removed: key, column, value }]
          : [],
      ),
    ),
    leftOut: merged.flatMap(({ kept, removed, leftOut }) =>
      leftOut.map(({ field, value }) => ({
        kept,
        removed,
        field,
        keptValue: cellsOf(kept)?.[field] ?? '',
        leftValue: value,
      })),
    ),
  };
}

function changedSince(changed: readonly WrittenDecision[]): SparSyncError {
  const lines = tellLines(changed);
  return new SparSyncError(
    'plan-outdated',
    {
      en: `The decisions no longer fit: these rows have changed since the report was made: line ${lines.en}. Nothing was written.`,
      sv: `Besluten stämmer inte längre: de här raderna har ändrats sedan rapporten gjordes: rad ${lines.sv}. Inget har skrivits.`,
    },
    NEW_REPORT,
  );
}

function refusedByRoster({ refused, refusedLinks }: Pick<Staged, 'refused' | 'refusedLinks'>): SparSyncError {
  const rows = [
    ...refused.map(({ key }) => key),
    ...refusedLinks.flatMap(({ link: { student, guardian } }): RowKey[] => [
      { type: 'student', id: student },
      { type: 'guardian', id: guardian },
    ]),
  ];
  const names = [...new Set(rows.map(rowKeyText))].join(', ');
  return new SparSyncError(
    'plan-outdated',
    {
      en: `The roster would not take the change of these rows: ${names}. Nothing was written.`,
      sv: `Registret tog inte emot ändringen av de här raderna: ${names}. Inget har skrivits.`,
    },
    NEW_REPORT,
  );
}

const NEW_REPORT = {
  en: 'Make a new report with `spar-sync duplicates --format csv -o FILE` and decide again about these rows.',
  sv: 'Gör en ny rapport med `spar-sync duplicates --format csv -o FIL` och ta ställning till de raderna igen.',
};
