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
  /** Somebody to be asked about for the sake of a row, unless that has been tried, or nobody is to be asked. */
  ask(
    person: PersonId,
    row: RowKey,
    permissions: readonly Permission[],
    lastAnswer: CalendarDate | undefined,
  ): void;
  cannot(row: RowKey, reason: NotAskedReason): void;
  needs(): readonly Need[];
  notAsked(): GuardianPlan['notAsked'];
}

interface OpenNeed {
  readonly id: PersonId;
  readonly permissions: Set<Permission>;
  readonly rows: Map<string, RowKey>;
  readonly lastAnswer: CalendarDate | undefined;
}

export function createGuardianAsking(
  options: Pick<GuardianOptions, 'unasked' | 'offline'>,
  reviews: GuardianReviews,
): GuardianAsking {
  const needs = new Map<PersonId, OpenNeed>();
  const notAsked = new Map<string, { readonly key: RowKey; readonly reason: NotAskedReason }>();

  function cannot(key: RowKey, reason: NotAskedReason): void {
    notAsked.set(`${reason} ${rowKeyText(key)}`, { key, reason });
  }

  return {
    cannot,
    ask(id, row, permissions, lastAnswer) {
      const unasked = options.unasked.get(id);
      if (unasked !== undefined) {
        cannot(row, unasked.because);
        if (unasked.review !== undefined) reviews.add(row, unasked.review);
        return;
      }
      if (options.offline) {
        cannot(row, 'offline');
        return;
      }
      const need = needs.get(id) ?? { id, permissions: new Set(), rows: new Map(), lastAnswer };
      needs.set(id, need);
      for (const permission of permissions) need.permissions.add(permission);
      need.rows.set(rowKeyText(row), row);
    },
    needs: () =>
      [...needs.values()].map(({ id, permissions, rows, lastAnswer }) => ({
        id,
        permissions: [...permissions],
        rows: [...rows.values()],
        ...(lastAnswer && { lastAnswer }),
      })),
    notAsked: () => [...notAsked.values()],
  };
}
