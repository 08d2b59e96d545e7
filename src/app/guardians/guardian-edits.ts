import type { Families } from '../../domain/families.ts';
import type { FieldChange, PlanItem, ReviewReason } from '../../domain/plan.ts';
import { type RestsOn, respectEdits, type WrittenCell } from '../../domain/respect-edits.ts';
import { rowKeyText } from '../../domain/roster.ts';
import { comparedUnits, type UnitStamps } from '../../domain/update/compared-mark.ts';
import type { Journal } from '../journal-port.ts';
import type { SnapshotStore } from '../ports.ts';

type Update = Extract<PlanItem, { readonly kind: 'update' }>;

/**
 * Keeps in the rows that `guardians` changes what a person has edited since, or undo has put back (rule 5), as
 * `update` does. The number itself has been decided about before.
 */
export async function keepEdits(
  items: readonly PlanItem[],
  { snapshots, journal }: { readonly snapshots: SnapshotStore; readonly journal: Journal },
  stampsOf: (source: number) => UnitStamps,
  families: Pick<Families, 'guardian'>,
): Promise<readonly PlanItem[]> {
  const updates = items.filter((item): item is Update => item.kind === 'update');
  if (updates.length === 0) return items;
  const answers = await snapshots.getMany(updates.map(({ person }) => person));
  const written = await journal.lastChanges(updates.map(({ key }) => key));
  const kept = new Map(
    updates.map((item, i) => {
      const last = written.get(rowKeyText(item.key)) ?? [];
      const marks = answers[i]?.comparedRows ?? [];
      const units = comparedUnits(marks, item.key, stampsOf(item.place.source));
      const cells = families.guardian(item.key.id)?.cells;
      if (cells === undefined || (units.size === 0 && last.length === 0)) return [item, item];
      const addressesSince = answers[i]?.addressesSince;
      return [item, withoutEdits(item, last, units, { cells, addressesSince })];
    }),
  );
  return items.map((item) => (item.kind === 'update' ? (kept.get(item) ?? item) : item));
}

function withoutEdits(
  item: Update,
  last: readonly WrittenCell[],
  units: ReturnType<typeof comparedUnits>,
  rests: RestsOn,
): Update {
  const isNumber = ({ field }: FieldChange): boolean => field === 'personnummer';
  const number = item.changes.filter(isNumber);
  const [first, ...others] = item.changes.filter((change) => !isNumber(change));
  if (first === undefined) return item;
  const respected = respectEdits({ ...item, changes: [first, ...others] }, last, units, rests);
  const reviews: readonly ReviewReason[] = respected.kind === 'unchanged' ? [] : respected.reviews;
  const [one, ...rest] = [...number, ...(respected.kind === 'update' ? respected.changes : [])];
  return one === undefined ? item : { ...item, changes: [one, ...rest], reviews };
}
