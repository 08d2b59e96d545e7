import type { CreatedGuardian, GuardianPlan } from '../../domain/guardian-plan.ts';
import type { PlanItem } from '../../domain/plan.ts';
import { type RowKey, rowKeyText } from '../../domain/roster.ts';
import { linkKeyText, NOTHING_TO_WRITE, type RosterWrite } from '../../domain/roster-write.ts';
import { comparedMark, type UnitStamps } from '../../domain/update/compared-mark.ts';
import type { JournalledWrite } from '../durable-write.ts';
import type { AppliedRow, JournalledAct } from '../journal-port.ts';
import type { RefusedRow } from '../roster-port.ts';
import { editsOf, journalledItems } from '../update/apply-plan.ts';

/** What of a plan of `guardians` is written. */
export type GuardianWrite = Pick<GuardianPlan, 'items' | 'created' | 'links'>;

/** What a new link says of where it comes from (CONTRACT section 7). */
const SOURCE = 'spar';

/**
 * A plan of `guardians` as a write, with what the journal keeps of it.
 *
 * @param sourceOfNew where new rows go, an index into `Roster.sources`
 */
export function guardianWrite(
  plan: GuardianWrite,
  stampsOf: (source: number) => UnitStamps,
  sourceOfNew: number,
): JournalledWrite {
  const { items, created, links } = plan;
  const write: RosterWrite = {
    ...NOTHING_TO_WRITE,
    edits: editsOf(items),
    addedRows: created.map(({ key, givenByRoster, cells }) => ({ kind: 'new', key, givenByRoster, cells })),
    addedLinks: links.map(({ link }) => ({ kind: 'new', link, source: SOURCE, relation: '' })),
  };
  const acts: JournalledAct[] = [
    ...created.map(({ key, person }): JournalledAct => ({ kind: 'row-added', key, person })),
    ...links.map(({ link, person }): JournalledAct => ({ kind: 'link-added', link, person })),
  ];
  const edited = items.flatMap((item): AppliedRow[] =>
    item.kind === 'update' ? [comparedRow(item.key, item.person, stampsOf(item.place.source))] : [],
  );
  // Known only once the database has given the id; a crash in between costs no more than a comparison.
  const ofCreated = (ids: ReadonlyMap<string, string>): AppliedRow[] =>
    created.flatMap(({ key, givenByRoster, person }) => {
      const id = givenByRoster ? ids.get(key.id) : key.id;
      return id === undefined ? [] : [comparedRow({ ...key, id }, person, stampsOf(sourceOfNew))];
    });
  return {
    write,
    journalled: () => ({
      changes: journalledItems(items),
      acts,
      compared: [...edited, ...ofCreated(new Map())],
      decisions: [],
    }),
    compared: (refused, ids) => {
      const out = new Set(refused.map((row) => rowKeyText(row.key)));
      return [...edited, ...ofCreated(ids)].filter((row) => !out.has(rowKeyText(row.key)));
    },
    allOrNothing: false,
  };
}

function comparedRow(key: RowKey, person: AppliedRow['person'], stamps: UnitStamps): AppliedRow {
  return { key, person, mark: comparedMark(key, stamps) };
}

/** A plan, with what of an earlier plan it no longer holds. */
export interface NarrowedPlan {
  readonly write: GuardianWrite;
  readonly changed: readonly RefusedRow[];
}

/**
 * Of a second plan, made from the roster as it is now, only what the first held too, piece by piece: the first
 * is what was shown. `changed`: the rows for which they differ; a new guardian's by the students'.
 */
export function onlyWhatWasShown(first: GuardianWrite, second: GuardianWrite): NarrowedPlan {
  const items = keepSame(first.items, second.items, ({ key }) => rowKeyText(key), contentOfItem);
  const created = keepSame(first.created, second.created, ({ person }) => person, contentOfCreated);
  const links = keepSame(first.links, second.links, ({ link }) => linkKeyText(link), contentOfLink);
  // A link to a row that will not be made after all goes with it.
  const gone = new Set(created.dropped.map(({ key }) => key.id));
  const kept = links.kept.filter(({ link }) => !gone.has(link.guardian));
  const changed = new Map<string, RowKey>();
  const add = (key: RowKey) => changed.set(rowKeyText(key), key);
  for (const { key } of items.dropped) add(key);
  for (const { link } of [...links.dropped, ...links.kept.filter((one) => !kept.includes(one))]) {
    add({ type: 'student', id: link.student });
  }
  return {
    write: { items: items.kept, created: created.kept, links: kept },
    changed: [...changed.values()].map((key) => ({ key, reason: 'roster-changed' })),
  };
}

function keepSame<T>(
  first: readonly T[],
  second: readonly T[],
  nameOf: (piece: T) => string,
  contentOf: (piece: T) => string,
): { readonly kept: readonly T[]; readonly dropped: readonly T[] } {
  const now = new Map(second.map((piece) => [nameOf(piece), piece]));
  const kept: T[] = [];
  const dropped: T[] = [];
  for (const piece of first) {
    const again = now.get(nameOf(piece));
    if (again !== undefined && contentOf(again) === contentOf(piece)) kept.push(again);
    else dropped.push(piece);
  }
  return { kept, dropped };
}

function contentOfItem(item: PlanItem): string {
  return JSON.stringify(item.kind === 'update' ? [item.person, item.changes] : item.kind);
}

function contentOfCreated({ key, person, cells }: CreatedGuardian): string {
  return JSON.stringify([key.id, person, Object.entries(cells).sort(([a], [b]) => (a < b ? -1 : 1))]);
}

function contentOfLink({ link, person }: GuardianPlan['links'][number]): string {
  return JSON.stringify([linkKeyText(link), person]);
}
