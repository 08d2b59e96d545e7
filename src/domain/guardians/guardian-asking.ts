import type { CalendarDate } from '../calendar-date.ts';
import type { GuardianOptions, GuardianPlan } from '../guardian-plan.ts';
import type { Permission } from '../person.ts';
import type { PersonId } from '../person-id.ts';
import type { NotAskedReason } from '../plan.ts';
import { type RowKey, rowKeyText } from '../roster.ts';
import type { Need } from '../update-plan.ts';
import type { GuardianReviews } from './guardian-reviews.ts';

/** Gathers who must be asked about, each once, and who cannot be. */
export interface GuardianAsking {
  /**
   * Somebody to be asked about for the sake of a row, unless that has been tried, or nobody is to be asked.
   *
   * @param as `guardian`: the row is a child's, and the person its guardian
   */
  ask(
    person: PersonId,
    row: RowKey,
    permissions: readonly Permission[],
    lastAnswer: CalendarDate | undefined,
    as?: 'guardian',
  ): void;
  cannot(row: RowKey, reason: NotAskedReason): void;
  needs(): readonly Need[];
  /** As `ask`, where the row itself lacks nothing without the answer. */
  askBesides(person: PersonId, row: RowKey, lastAnswer: CalendarDate | undefined): void;
  /** Whom only `offline` keeps from being asked about. */
  heldBack(): readonly Need[];
  notAsked(): GuardianPlan['notAsked'];
}

interface OpenNeed {
  readonly id: PersonId;
  readonly permissions: Set<Permission>;
  readonly rows: Map<string, RowKey>;
  readonly lastAnswer: CalendarDate | undefined;
  readonly asGuardian: boolean;
}

export function createGuardianAsking(
  options: Pick<GuardianOptions, 'unasked' | 'offline'>,
  reviews: GuardianReviews,
): GuardianAsking {
  const needs = new Map<PersonId, OpenNeed>();
  const heldBack = new Map<PersonId, OpenNeed>();
  const notAsked = new Map<string, { readonly key: RowKey; readonly reason: NotAskedReason }>();

  function cannot(key: RowKey, reason: NotAskedReason): void {
    notAsked.set(`${reason} ${rowKeyText(key)}`, { key, reason });
  }

  function need(
    id: PersonId,
    row: RowKey,
    permissions: readonly Permission[],
    lastAnswer: CalendarDate | undefined,
    asGuardian: boolean,
  ): void {
    const open = options.offline ? heldBack : needs;
    const known = open.get(id) ?? { id, permissions: new Set(), rows: new Map(), lastAnswer, asGuardian };
    open.set(id, known);
    for (const permission of permissions) known.permissions.add(permission);
    known.rows.set(rowKeyText(row), row);
  }

  return {
    cannot,
    ask(id, row, permissions, lastAnswer, as) {
      const unasked = options.unasked.get(id);
      if (unasked !== undefined) {
        cannot(row, unasked.because);
        if (unasked.review !== undefined) reviews.add(row, unasked.review);
        return;
      }
      if (options.offline) cannot(row, 'offline');
      need(id, row, permissions, lastAnswer, as === 'guardian');
    },
    askBesides(id, row, lastAnswer) {
      if (options.offline) need(id, row, [], lastAnswer, false);
      else this.ask(id, row, [], lastAnswer);
    },
    needs: () => [...needs.values()].map(toNeed),
    heldBack: () => [...heldBack.values()].map(toNeed),
    notAsked: () => [...notAsked.values()],
  };
}

function toNeed({ id, permissions, rows, lastAnswer, asGuardian }: OpenNeed): Need {
  return {
    id,
    permissions: [...permissions],
    rows: [...rows.values()],
    ...(asGuardian && { asGuardian }),
    ...(lastAnswer && { lastAnswer }),
  };
}
