import type { ProtectionMark } from '../person.ts';
import type { PersonId } from '../person-id.ts';
import type { PlanItem } from '../plan.ts';
import { reconcile } from '../reconcile.ts';
import { respectEdits } from '../respect-edits.ts';
import { type RosterEntry, rowKeyText } from '../roster.ts';
import type { Snapshot } from '../snapshot.ts';
import { followSuccessor } from '../successor.ts';
import type { PlanOptions, Question, RowContext, Unasked } from '../update-plan.ts';
import { comparedUnits } from './compared-mark.ts';
import { isUsable } from './plan-policy.ts';

/** A row whose person there is an answer about. */
export interface RowToCompare {
  readonly entry: RosterEntry;
  readonly person: PersonId;
  /** The row carries a mark of protection. */
  readonly isMarked: boolean;
  /** The person is protected by an answer about any of their numbers. */
  readonly hiddenAs: ProtectionMark | undefined;
}

/** What a row and the answer about its person come to. */
export type RowOutcome =
  | ComparedWithAnswer
  /** More has to be known. */
  | { readonly kind: 'question'; readonly question: Question }
  /** The number that the person has now is to be asked about first. */
  | { readonly kind: 'look-up'; readonly successor: PersonId; readonly last: Snapshot | undefined };

interface ComparedWithAnswer {
  readonly kind: 'compared';
  readonly item: PlanItem;
  /** The answer that the item rests on: the one about the new number where that is followed. */
  readonly rests: Snapshot;
  /** The new number that the item writes, and what becomes of the row where it must not. */
  readonly followed?: { readonly successor: PersonId; readonly otherwise: PlanItem };
  /** The new number that would be looked up, were it not for `offline`. */
  readonly notFollowed?: { readonly successor: PersonId; readonly last: Snapshot | undefined };
}

/** Compares one row with the answer about its person, once all is known that it takes. */
export function compareRow(
  row: RowToCompare,
  snapshot: Snapshot,
  context: RowContext,
  options: PlanOptions,
): RowOutcome {
  const outcome = compareOrFollow(row, snapshot, context, options);
  if (outcome.kind !== 'compared' || options.overwriteEdits) return outcome;
  const { item, rests } = outcome;
  if (item.kind !== 'update') return outcome;
  const { key, place } = row.entry;
  const units = comparedUnits(rests.comparedRows, key, options.stamps(place.source));
  if (units.size === 0 && !options.undoneRows.has(rowKeyText(key))) return outcome;
  if (context.written === undefined) return { kind: 'question', question: { kind: 'written' } };
  const { addressesSince } = rests;
  const { cells } = row.entry;
  const respected = respectEdits(item, context.written, units, { cells, addressesSince });
  // Without the number nothing of the answer about it may be written either.
  if (outcome.followed !== undefined && !writesNumber(respected)) {
    return { kind: 'compared', item: outcome.followed.otherwise, rests: snapshot };
  }
  return { ...outcome, item: respected };
}

function writesNumber(item: PlanItem): boolean {
  return item.kind === 'update' && item.changes.some(({ field }) => field === 'personnummer');
}

function compareOrFollow(
  { entry, person, isMarked, hiddenAs }: RowToCompare,
  snapshot: Snapshot,
  context: RowContext,
  options: PlanOptions,
): RowOutcome {
  const { rules } = options;
  const { answer } = snapshot;
  const canHold = (text: string) => options.canHold(entry.place.source, text);
  // Whoever is protected under another number is so under this one, whatever SPAR once said of it.
  const seen: Snapshot =
    hiddenAs === undefined || answer.kind === 'protected'
      ? snapshot
      : { ...snapshot, answer: { kind: 'protected', id: person, mark: hiddenAs } };
  const item = reconcile(entry, seen, rules, { canHold });
  const asItIs: ComparedWithAnswer = { kind: 'compared', item, rests: seen };

  // Of somebody hidden the successor is asked about again in its time: only so can protection end.
  const canFollow = rules.renumbered === 'follow' && (hiddenAs !== undefined || !isMarked);
  if (answer.kind !== 'deregistered' || !canFollow) return asItIs;
  const successor = usable(context.successor, options);
  const step = followSuccessor(answer, successor, false);
  if (step.kind === 'look-up') {
    if (context.successor === undefined) {
      return { kind: 'question', question: { kind: 'successor', id: step.id } };
    }
    // Its age counts though it will not do: else it would be asked about as if never before, night after night.
    const open = { successor: step.id, last: context.successor ?? undefined };
    if (options.offline) return { ...asItIs, notFollowed: open };
    const unasked = options.unasked.get(step.id);
    if (unasked === undefined) return { kind: 'look-up', ...open };
    return { ...asItIs, item: withoutSuccessor(entry, item, unasked) };
  } else if (step.kind === 'write' && successor !== undefined && hiddenAs === undefined) {
    const followed = { successor: step.id, otherwise: item };
    const written = reconcile(entry, snapshot, rules, { canHold, successor });
    return { kind: 'compared', item: written, rests: successor, followed };
  }
  return asItIs;
}

/** What is to be said of a row whose person's new number could not be asked about: all but what would be written. */
function withoutSuccessor(
  { key, place }: RosterEntry,
  item: PlanItem,
  { because, review }: Unasked,
): PlanItem {
  const reviews = item.kind === 'unchanged' ? [] : item.reviews;
  return {
    kind: 'unknown',
    key,
    place,
    because,
    reviews: review === undefined ? reviews : [...reviews, review],
  };
}

/** An answer about a new number is used like any other: while it is fresh, or was fetched just now. */
function usable(snapshot: Snapshot | null | undefined, options: PlanOptions): Snapshot | undefined {
  return snapshot && isUsable(snapshot, false, options) ? snapshot : undefined;
}
