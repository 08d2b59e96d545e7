import type { Families, GuardianRow } from '../families.ts';
import type { GuardianOptions, GuardianPlan } from '../guardian-plan.ts';
import { type Placement, placeNewcomers } from './assignments.ts';
import { createDecidedDifferent } from './decided-different.ts';
import type { GuardianAsking } from './guardian-asking.ts';
import type { GuardianReviews } from './guardian-reviews.ts';
import type { Standing } from './guardian-standing.ts';
import {
  type Child,
  type Guardian,
  type GuardianTies,
  isWithoutNumber,
  linkedRows,
} from './guardian-ties.ts';
import { createGuardianWriting } from './guardian-writing.ts';
import type { KnownNames } from './known-names.ts';
import type { LearntAnswers } from './learnt-answers.ts';
import { linkGuardians } from './link-guardians.ts';
import type { OnePerson } from './one-person.ts';
import { fitsOf } from './row-fits.ts';

export interface StandingTies extends GuardianTies {
  readonly standings: ReadonlyMap<Guardian, Standing>;
}

export type GuardianRows = Pick<GuardianPlan, 'items' | 'assigned' | 'created' | 'links' | 'linksPresent'>;

/** What is to be written for the guardians of the selected children, and what a person has to look at. */
export function planGuardianRows(
  ties: StandingTies,
  names: KnownNames,
  answers: LearntAnswers,
  families: Families,
  options: GuardianOptions,
  reviews: GuardianReviews,
  asking: GuardianAsking,
): GuardianRows {
  const { guardians, standings } = ties;
  const placements = placeAll(ties, names, answers.onePerson(), families, options);
  const waits = waitingFor(ties);
  const writing = createGuardianWriting(answers, families, options, reviews);

  function carryOut(
    guardian: Guardian,
    standing: Extract<Standing, { kind: 'new' }>,
    placement: Placement,
    children: readonly Child[],
  ): void {
    switch (placement.kind) {
      case 'assign':
        writing.assign(guardian, placement.row, placement.grade);
        break;
      case 'held':
        reviews.add(placement.row.key, 'edited-since');
        break;
      case 'protected':
        reviewProtected(children, placement.rows);
        break;
      case 'wait':
        break;
      case 'create':
        writing.create(guardian, standing, children);
        break;
    }
  }

  function placeProtected(
    guardian: Guardian,
    { mark }: Extract<Standing, { kind: 'protected' }>,
    children: readonly Child[],
  ): void {
    const mayCreate = options.protectedGuardians === 'create' && options.newGuardians.fields.has('protected');
    // A marked row without a number on one of the children is theirs as likely as not.
    const hasMarkedRow = guardian.children.some(({ row }) =>
      linkedRows(row).some((linked) => linked.isMarked && isWithoutNumber(linked)),
    );
    if (!mayCreate || hasMarkedRow) reviewProtected(children, []);
    else if (!waits.isWaiting(guardian)) writing.createProtected(guardian, mark, children);
  }

  const protectedUnder: { readonly children: readonly Child[]; readonly rows: readonly GuardianRow[] }[] = [];

  /**
   * Under each child, with its guardian rows that tell no number: the person is one of those, or none. Not before
   * all guardians are placed: a row that is given somebody's number is not theirs.
   */
  function addProtectedReviews(): void {
    const isAssigned = (row: GuardianRow): boolean =>
      writing.done().assigned.some(({ key }) => key.id === row.key.id);
    for (const { children, rows } of protectedUnder) {
      for (const { row } of children) {
        const unnumbered = rows.length > 0 ? rows : linkedRows(row).filter(isWithoutNumber);
        const open = unnumbered.filter((one) => !isAssigned(one));
        reviews.add(row.key, 'guardian-protected', { rows: open.map(({ key }) => key.id) });
      }
    }
  }

  function reviewProtected(children: readonly Child[], rows: readonly GuardianRow[]): void {
    protectedUnder.push({ children, rows });
  }

  for (const guardian of guardians) {
    const children = guardian.children.filter((child) => child.row.isSelected);
    if (children.length === 0) continue;
    const standing = standings.get(guardian);
    switch (standing?.kind) {
      case 'new': {
        const placement = placements.get(guardian);
        if (placement !== undefined) carryOut(guardian, standing, placement, children);
        break;
      }
      case 'protected':
        placeProtected(guardian, standing, children);
        break;
      case 'not-found':
        for (const { row } of children) reviews.add(row.key, 'guardian-not-found');
        break;
      case 'deregistered':
      case 'renumbered':
        for (const { row } of children) reviews.add(row.key, standing.kind);
        break;
      default:
        break;
    }
  }
  addProtectedReviews();
  const { links, linksPresent, followed } = linkGuardians(
    ties,
    writing.rowOf,
    answers,
    families,
    options,
    reviews,
    asking,
  );
  const { items, assigned, created } = writing.done();
  return { items: [...items, ...followed], assigned, created, links, linksPresent };
}

function placeAll(
  ties: StandingTies,
  names: KnownNames,
  onePerson: OnePerson,
  families: Families,
  options: GuardianOptions,
): ReadonlyMap<Guardian, Placement> {
  const newcomers = ties.guardians.flatMap((guardian) => {
    const standing = ties.standings.get(guardian);
    return standing?.kind === 'new'
      ? [{ guardian, fits: fitsOf(guardian, names.ofPerson(standing.person), names) }]
      : [];
  });
  return placeNewcomers(newcomers, {
    assign: options.assign,
    isDecidedDifferent: createDecidedDifferent(options.decisions, families, onePerson),
    isNumberHeld: (row, guardian) => !options.overwriteHolds && options.isNumberHeld(row.key, guardian.id),
    ...waitingFor(ties),
  });
}

/** Children with a guardian who is not known yet wait, and with them whoever shares a child or a row. */
function waitingFor({ guardians, standings }: StandingTies): {
  readonly isWaiting: (guardian: Guardian) => boolean;
  readonly isWaitingRow: (row: GuardianRow) => boolean;
} {
  const children = new Set<Child>();
  const rows = new Set<GuardianRow>();
  for (const guardian of guardians) {
    if (standings.get(guardian)?.kind !== 'open') continue;
    for (const child of guardian.children) {
      children.add(child);
      for (const row of linkedRows(child.row)) rows.add(row);
    }
  }
  return {
    isWaiting: (guardian) => guardian.children.some((child) => children.has(child)),
    isWaitingRow: (row) => rows.has(row),
  };
}
