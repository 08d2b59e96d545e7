import { permissionsFor } from '../lookup-policy.ts';
import { isUnder18, type PersonId } from '../person-id.ts';
import type { NotAskedReason, PlanItem, ReviewReason } from '../plan.ts';
import { RowFlag, type RowRegister } from '../rows/row-register.ts';
import type { Need, PlanOptions, UpdatePlan } from '../update-plan.ts';
import { type OpenNeed, type OpenNeeds, type PlannedRow, toNeed } from './open-needs.ts';
import { isUsable } from './plan-policy.ts';

/**
 * What becomes of those who would have to be asked about, now that all rows and links are known: they are asked about,
 * or their rows say why not.
 *
 * @param notFollowed new numbers that would be looked up, were it not for `offline`
 * @param hiddenByMark whose answer at hand is enough, if only it is fresh: nothing of it is used
 */
export function settleNeeds(
  needs: OpenNeeds,
  notFollowed: OpenNeeds,
  hiddenByMark: ReadonlySet<PersonId>,
  options: PlanOptions,
  keep: (row: number, item: PlanItem) => void,
): Pick<UpdatePlan, 'needs' | 'heldBack'> {
  const open: Need[] = [];
  const heldBack = notFollowed
    .all()
    .filter((need) => !notFollowed.isNobodysBusiness(need))
    .map(toNeed);
  for (const need of needs.all()) {
    const unasked = options.unasked.get(need.id);
    const settle = (itemOf: (at: PlannedRow) => PlanItem): void => {
      for (const [row, at] of need.rows) keep(row, itemOf(at));
    };
    if (isEnoughForMarked(need, hiddenByMark, options)) settle((at) => protectedRow(at, need.id));
    else if (needs.isNobodysBusiness(need)) settle((at) => unknownRow(at, 'no-active-student'));
    else if (unasked !== undefined) {
      settle((at) => unknownRow(at, unasked.because, unasked.review === undefined ? [] : [unasked.review]));
    } else if (options.offline) {
      settle((at) => unknownRow(at, 'offline'));
      heldBack.push(toNeed(need));
    } else open.push(toNeed(need));
  }
  return { needs: open, heldBack: oncePerPerson(heldBack) };
}

/**
 * A child on a row of another type is asked about as a child, whether or not its row as a student is selected: else
 * `guardians` would have to buy the same answer again.
 */
export function addPermissionsOfOtherRows(
  needs: OpenNeeds,
  register: Pick<RowRegister, 'rowsOf' | 'is'>,
  { granted, today }: Pick<PlanOptions, 'granted' | 'today'>,
): void {
  const asOthers = needs.all().filter(({ permissions }) => permissions.size < granted.length);
  const children = new Map(
    asOthers.flatMap((need) => (isUnder18(need.id, today) ? [[need.id, need] as const] : [])),
  );
  for (const { row, key, person } of register.rowsOf(new Set(children.keys()))) {
    if (!register.is(row, RowFlag.liveStudent)) continue;
    const permissions = permissionsFor(key.type, true, person, today, granted);
    for (const permission of permissions) children.get(person)?.permissions.add(permission);
  }
}

/** Whether a mark on another row of the same person, met later, makes the answer at hand enough. */
function isEnoughForMarked(
  need: OpenNeed,
  hiddenByMark: ReadonlySet<PersonId>,
  options: PlanOptions,
): boolean {
  return hiddenByMark.has(need.id) && need.last !== undefined && isUsable(need.last, true, options);
}

function oncePerPerson(needs: readonly Need[]): Need[] {
  return [...new Map(needs.map((need) => [need.id, need])).values()];
}

export function protectedRow(at: PlannedRow, person: PersonId): PlanItem {
  return { kind: 'review', key: at.key, place: at.place, person, reviews: ['protected'] };
}

export function unknownRow(
  at: PlannedRow,
  because: NotAskedReason,
  reviews: readonly ReviewReason[] = [],
): PlanItem {
  return { kind: 'unknown', key: at.key, place: at.place, because, reviews };
}
