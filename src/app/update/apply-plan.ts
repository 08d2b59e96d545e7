import type { PlanItem } from '../../domain/plan.ts';
import { type RowKey, rowKeyText } from '../../domain/roster.ts';
import { NOTHING_TO_WRITE, type RowEdit } from '../../domain/roster-write.ts';
import { SparSyncError } from '../../errors.ts';
import { writeDurably } from '../durable-write.ts';
import type { AppliedRow, Journal, JournalledChange } from '../journal-port.ts';
import type { Progress } from '../ports.ts';
import type { RefusedRow, Roster } from '../roster-port.ts';

/** What is to be written, and what to do when the roster turns out to have changed under it. */
export interface WritablePlan {
  readonly items: readonly PlanItem[];
  /** Rows that this run has compared with their person's answer. */
  readonly compared: Iterable<AppliedRow>;
}

export interface Applied {
  /** The items as they were written, after what was left alone has been taken out. */
  readonly items: readonly PlanItem[];
  readonly refused: readonly RefusedRow[];
}

/** How often a run plans again because the roster changed between reading and writing (CONTRACT section 8). */
export const REPLANS = 2;

/**
 * Carries out a plan in the durable order: journal, new files beside their targets, rename, journal. A roster
 * that changed meanwhile is planned again by `planAgain`, at most twice; only what the first plan held too is
 * then written.
 *
 * @throws SparSyncError `roster-unwritable` when the roster keeps changing or cannot be written.
 */
export async function applyPlan(
  run: number,
  first: WritablePlan,
  deps: {
    readonly roster: Roster;
    readonly journal: Journal;
    readonly progress: Progress;
    readonly planAgain: () => Promise<WritablePlan>;
  },
): Promise<Applied> {
  const { roster, journal, progress } = deps;
  let plan = first;
  for (let replans = 0; ; replans++) {
    const edits = editsOf(plan.items);
    if (edits.length === 0) {
      await journal.applied(run, { rows: [], links: [] }, plan.compared);
      return { items: plan.items, refused: refusedOf(plan.items) };
    }
    progress({ kind: 'writing' });
    const { items, compared } = plan;
    const written = await writeDurably(
      run,
      {
        write: { ...NOTHING_TO_WRITE, edits },
        journalled: () => ({
          changes: journalledItems(items),
          acts: [],
          compared: comparedAndChanged({ items, compared }),
          decisions: [],
        }),
        compared: (refused) => withoutRows(compared, keysOf(refused)),
        allOrNothing: false,
      },
      { roster, journal },
    );
    if (written.kind === 'written') {
      const { refused } = written;
      return {
        items: refused.length === 0 ? items : withRefusals(items, refused),
        refused: [...refusedOf(items), ...refused],
      };
    }
    if (replans === REPLANS) throw rosterKeepsChanging();
    plan = onlyWhatWasPlanned(first, await deps.planAgain());
  }
}

/** The cells that these items change, `spar_checked` among them. */
export function editsOf(items: readonly PlanItem[]): RowEdit[] {
  const edits: RowEdit[] = [];
  for (const item of items) {
    const cells = item.kind === 'update' ? [...item.changes] : [];
    if (item.checked !== undefined) cells.push(item.checked);
    if (cells.length > 0) edits.push({ key: item.key, place: item.place, cells });
  }
  return edits;
}

/** The same as the journal keeps it: without `spar_checked`, which is never counted as a change. */
export function journalledItems(items: readonly PlanItem[]): JournalledChange[] {
  return items.flatMap((item) =>
    item.kind === 'update'
      ? item.changes.map((change) => ({ key: item.key, person: item.person, ...change }))
      : [],
  );
}

/**
 * The second plan, made from the roster as it is now, without the rows for which it is another than the first:
 * a row that somebody changed meanwhile is left alone and reported.
 */
export function onlyWhatWasPlanned(first: WritablePlan, second: WritablePlan): WritablePlan {
  const planned = new Map(first.items.map((item) => [rowKeyText(item.key), item]));
  const items = second.items.map((item): PlanItem => {
    if (item.kind !== 'update') return item;
    const before = planned.get(rowKeyText(item.key));
    const known = before?.kind === 'update' ? before.changes : [];
    const isAsPlanned = item.changes.every((change) =>
      known.some(({ field, from, to }) => field === change.field && from === change.from && to === change.to),
    );
    if (isAsPlanned) return item;
    // The row as a whole: of an address, half would be worse than none.
    const { key, place, person, reviews } = item;
    return { kind: 'review', key, place, person, reviews: ['roster-changed', ...reviews] };
  });
  return {
    items,
    compared: withoutRows(second.compared, keysOf(refusedOf(items))),
  };
}

function keysOf(refused: readonly RefusedRow[]): RowKey[] {
  return refused.map((row) => row.key);
}

function refusedOf(items: readonly PlanItem[]): RefusedRow[] {
  return items
    .filter((item) => item.kind !== 'unchanged' && item.reviews.includes('roster-changed'))
    .map((item) => ({ key: item.key, reason: 'roster-changed' }));
}

/** Whether somebody else changed a row between reading and writing: the next run has to look at it again. */
export function changedMeanwhile(refused: readonly RefusedRow[]): boolean {
  return refused.some((row) => row.reason === 'roster-changed');
}

function withRefusals(items: readonly PlanItem[], refused: readonly RefusedRow[]): PlanItem[] {
  const reasons = new Map(refused.map((row) => [rowKeyText(row.key), row.reason]));
  return items.flatMap((item): PlanItem[] => {
    const reason = reasons.get(rowKeyText(item.key));
    if (reason === undefined) return [item];
    if (item.kind === 'unchanged' || item.kind === 'unknown') return [];
    const { key, place, person } = item;
    return [{ kind: 'review', key, place, person, reviews: [reason, ...item.reviews] }];
  });
}

/** The marks of the rows that are to be changed. Those of the others are not worth a crash's trouble. */
function comparedAndChanged({ items, compared }: WritablePlan): AppliedRow[] {
  const changed = new Set(items.flatMap((item) => (item.kind === 'update' ? [rowKeyText(item.key)] : [])));
  return changed.size === 0 ? [] : [...only(compared, (row) => changed.has(rowKeyText(row.key)))];
}

/** Rows that were left alone have not been compared. */
function withoutRows(compared: Iterable<AppliedRow>, refused: readonly RowKey[]): Iterable<AppliedRow> {
  if (refused.length === 0) return compared;
  const keys = new Set(refused.map(rowKeyText));
  return { [Symbol.iterator]: () => only(compared, (row) => !keys.has(rowKeyText(row.key))) };
}

/** One at a time: there may be hundreds of thousands, made as they are asked for. */
function* only(rows: Iterable<AppliedRow>, isWanted: (row: AppliedRow) => boolean): Generator<AppliedRow> {
  for (const row of rows) if (isWanted(row)) yield row;
}

export function rosterKeepsChanging(): SparSyncError {
  return new SparSyncError(
    'roster-unwritable',
    {
      en: 'The roster changed each time it was about to be written, so nothing was written.',
      sv: 'Registret ändrades varje gång det skulle skrivas, så inget har skrivits.',
    },
    {
      en: 'Another program is writing to it. Let it finish, then run the same command again; nothing is paid for twice.',
      sv: 'Ett annat program skriver i det. Låt det bli klart och kör sedan samma kommando igen; inget betalas två gånger.',
    },
  );
}
