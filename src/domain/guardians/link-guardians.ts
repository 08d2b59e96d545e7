import type { Families, GuardianRow } from '../families.ts';
import type { GuardianOptions, PlannedLink } from '../guardian-plan.ts';
import type { PersonId } from '../person-id.ts';
import type { PlanItem } from '../plan.ts';
import type { RowKey } from '../roster.ts';
import type { GuardianAsking } from './guardian-asking.ts';
import type { GuardianReviews } from './guardian-reviews.ts';
import { isDead } from './guardian-standing.ts';
import type { Child, Guardian, GuardianTies } from './guardian-ties.ts';
import { inStyle, isLinkHeld } from './guardian-writing.ts';
import { followNumber, linkOfKnown } from './known-guardians.ts';
import type { LearntAnswers } from './learnt-answers.ts';

export interface LinkedGuardians {
  readonly links: readonly PlannedLink[];
  readonly linksPresent: number;
  /** Rows that get their guardian's new number. */
  readonly followed: readonly PlanItem[];
}

/** A row that holds an earlier number of its guardian. */
interface FormerRow {
  readonly guardian: Guardian;
  readonly former: PersonId;
  readonly children: string[];
}

/**
 * Links each selected child to those of its guardians who have a row, or get one (`rowOf`), where none of
 * their rows is linked to it yet.
 */
export function linkGuardians(
  { children }: GuardianTies,
  rowOf: (guardian: Guardian) => RowKey | undefined,
  answers: LearntAnswers,
  families: Families,
  options: GuardianOptions,
  reviews: GuardianReviews,
  asking: GuardianAsking,
): LinkedGuardians {
  const links: PlannedLink[] = [];
  const formers = new Map<GuardianRow, FormerRow>();
  let linksPresent = 0;

  function linkKnown(child: Child, guardian: Guardian): void {
    const { key } = child.row;
    const found = linkOfKnown(guardian.rows, child.row);
    if (found === undefined) return;
    if (found.isLinked) linksPresent++;
    const { row } = found;
    const dead = isDead(guardian, answers.of(guardian.id));
    if (!row.isActive) {
      // Somebody has taken the row of a deceased guardian out of use already: all is said.
      if (!dead) reviews.add(row.key, 'guardian-inactive', { children: [key.id] });
      return;
    }
    if (dead) {
      reviews.add(row.key, 'guardian-deceased', { children: [key.id] });
      return;
    }
    if (!found.isLinked && !isAskedInVain(guardian)) link(child, guardian, row.key);
    if (row.id.kind === 'valid' && row.id.id !== guardian.id) {
      const known = formers.get(row);
      if (known === undefined) formers.set(row, { guardian, former: row.id.id, children: [key.id] });
      else known.children.push(key.id);
    }
  }

  /** Whether they live was to be found out in this very run, and was not: the next one knows. */
  function isAskedInVain({ id }: Guardian): boolean {
    return options.unasked.get(id)?.because === 'failed' && answers.of(id) === undefined;
  }

  function linkNew(child: Child, guardian: Guardian): void {
    const key = rowOf(guardian);
    if (key === undefined) return;
    if (child.row.links.some((one) => one.guardian.key.id === key.id)) linksPresent++;
    else link(child, guardian, key);
  }

  function link({ row }: Child, guardian: Guardian, key: RowKey): void {
    if (isLinkHeld(row.key.id, guardian, options)) {
      reviews.add(row.key, 'edited-since', { rows: [key.id] });
      return;
    }
    links.push({ link: { student: row.key.id, guardian: key.id }, person: guardian.id });
  }

  for (const child of children) {
    if (!child.row.isSelected) continue;
    for (const { guardian } of child.ties) {
      if (guardian === undefined) continue;
      if (guardian.rows.length > 0) linkKnown(child, guardian);
      else linkNew(child, guardian);
    }
  }

  const followed = [...formers].flatMap(([row, { guardian, former, children: about }]): PlanItem[] => {
    const found = followNumber(row, former, guardian, answers.of, families, options);
    if (found.kind === 'write') return [inStyle(found.item, row, families, options.today)];
    // Offline the review says enough: whose number it was need not be known for it.
    if (found.kind === 'ask') asking.askBesides(former, row.key, found.lastAnswer);
    reviews.add(row.key, 'renumbered', { children: about });
    return [];
  });
  return { links, linksPresent, followed };
}
