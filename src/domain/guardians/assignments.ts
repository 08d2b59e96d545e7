import { compareIds } from '../duplicates/row-order.ts';
import type { GuardianRow } from '../families.ts';
import { isBlank } from '../fold.ts';
import type { AssignedGuardian, GuardianOptions } from '../guardian-plan.ts';
import { isAnonymous } from '../matching/anonymous-name.ts';
import { kinshipOf } from '../matching/kinship.ts';
import { type Guardian, isWithoutNumber, linkedRows } from './guardian-ties.ts';
import type { RowFit } from './row-fits.ts';

/** A guardian who is new to the roster, with the rows that share a child with them. */
export interface Newcomer {
  readonly guardian: Guardian;
  readonly fits: readonly RowFit[];
}

/** What becomes of guardians who are new to the roster: one of these, or a row of their own. */
export type Placement =
  | { readonly kind: 'assign'; readonly row: GuardianRow; readonly grade: AssignedGuardian['grade'] }
  /** A row that undo has taken this number from: neither that row nor a new one gets it again. */
  | { readonly kind: 'held'; readonly row: GuardianRow }
  /** Marked rows that may well be theirs: nothing is done until a person has looked. */
  | { readonly kind: 'protected'; readonly rows: readonly GuardianRow[] }
  /** Some child's guardians are not all known yet: nobody is matched before they are. */
  | { readonly kind: 'wait' }
  | { readonly kind: 'create' };

export interface PlacingRules {
  readonly assign: GuardianOptions['assign'];
  /** A person has decided that this row is somebody else. */
  readonly isDecidedDifferent: (row: GuardianRow, guardian: Guardian) => boolean;
  readonly isNumberHeld: (row: GuardianRow, guardian: Guardian) => boolean;
  /** Some guardian of one of the children is not known yet. */
  readonly isWaiting: (guardian: Guardian) => boolean;
  /** The row is linked to a child with a guardian who is not known yet. */
  readonly isWaitingRow: (row: GuardianRow) => boolean;
}

type Assignable = RowFit & { readonly grade: AssignedGuardian['grade'] };

/**
 * Who gets which row: over all of them one number goes to one row and one row gets one number, whatever their
 * order. A row that fits two guardians gets none.
 */
export function placeNewcomers(
  newcomers: readonly Newcomer[],
  rules: PlacingRules,
): ReadonlyMap<Guardian, Placement> {
  const assignable = new Map<Guardian, readonly Assignable[]>();
  const takers = new Map<GuardianRow, number>();
  for (const { guardian, fits } of newcomers) {
    const rows = fits.filter(
      (fit): fit is Assignable => isAssignable(fit, rules) && !rules.isDecidedDifferent(fit.row, guardian),
    );
    assignable.set(guardian, rows);
    for (const { row } of rows) takers.set(row, (takers.get(row) ?? 0) + 1);
  }

  /**
   * Marked rows of a guardian of the child that tell neither number nor name: a school that hides somebody may have
   * written `Skyddad Person` there. They are theirs as likely as not.
   */
  function unclaimedRows(guardian: Guardian): readonly GuardianRow[] {
    const rows = guardian.children.flatMap((child) => linkedRows(child.row));
    return [...new Set(rows)].filter(
      (row) =>
        row.isMarked &&
        isWithoutNumber(row) &&
        isAnonymous(row.cells.first_name, row.cells.last_name) &&
        !rules.isDecidedDifferent(row, guardian) &&
        !row.links.every(({ relation }) => kinshipOf(relation) === 'other'),
    );
  }

  function place({ guardian, fits }: Newcomer): Placement {
    const marked = fits.filter(
      (fit) => fit.row.isMarked && isThinkable(fit) && !rules.isDecidedDifferent(fit.row, guardian),
    );
    if (marked.length > 0) return { kind: 'protected', rows: marked.map(({ row }) => row) };
    const rows = assignable.get(guardian) ?? [];
    if (rules.isWaiting(guardian) || rows.some(({ row }) => rules.isWaitingRow(row))) return { kind: 'wait' };
    const [best] = rows.filter(({ row }) => takers.get(row) === 1).sort(compareFits);
    if (best === undefined) {
      const unclaimed = unclaimedRows(guardian);
      return unclaimed.length > 0 ? { kind: 'protected', rows: unclaimed } : { kind: 'create' };
    }
    const { row, grade } = best;
    return rules.isNumberHeld(row, guardian) ? { kind: 'held', row } : { kind: 'assign', row, grade };
  }

  return new Map(newcomers.map((newcomer) => [newcomer.guardian, place(newcomer)]));
}

function isAssignable({ row, grade }: RowFit, { assign }: PlacingRules): boolean {
  if (!row.isActive || row.isMarked || row.cells.personnummer === undefined) return false;
  return grade === 'certain' ? assign !== 'never' : grade === 'probable' && assign === 'probable';
}

/** Whether row and guardian may be one person, as far as anybody knows. */
function isThinkable({ grade }: RowFit): boolean {
  return grade !== 'certainly-not' && grade !== 'unlike';
}

/** The surest first, then the one linked to most of the children, then one with an e-mail, then the lowest id. */
function compareFits(a: Assignable, b: Assignable): number {
  return (
    Number(b.grade === 'certain') - Number(a.grade === 'certain') ||
    b.children.length - a.children.length ||
    Number(hasEmail(b.row)) - Number(hasEmail(a.row)) ||
    compareIds(a.row.key.id, b.row.key.id)
  );
}

function hasEmail({ cells }: GuardianRow): boolean {
  return !isBlank(cells.email ?? '');
}
