import type { CalendarDate } from '../calendar-date.ts';
import type { Families, GuardianRow } from '../families.ts';
import type { AssignedGuardian, CreatedGuardian, GuardianOptions } from '../guardian-plan.ts';
import type { ProtectionMark } from '../person.ts';
import type { PlanItem } from '../plan.ts';
import { reconcile } from '../reconcile.ts';
import type { RowKey } from '../roster.ts';
import { applyColumnStyle } from '../rows/column-style.ts';
import type { GuardianReviews } from './guardian-reviews.ts';
import type { Standing } from './guardian-standing.ts';
import type { Child, Guardian } from './guardian-ties.ts';
import type { LearntAnswers } from './learnt-answers.ts';
import {
  type NewCells,
  type NewRowPlace,
  newGuardianCells,
  protectedGuardianCells,
} from './new-guardian-cells.ts';
import { createNewRowIds } from './new-row-id.ts';

/** Gathers what becomes of guardians who are new to the roster. */
export interface GuardianWriting {
  /** Gives an existing row the number and contact information. */
  assign(guardian: Guardian, row: GuardianRow, grade: AssignedGuardian['grade']): void;
  /** A row of their own with full contact information, for the sake of these children. */
  create(guardian: Guardian, answer: Answered, children: readonly Child[]): void;
  /** A row of number and mark. */
  createProtected(guardian: Guardian, mark: ProtectionMark, children: readonly Child[]): void;
  /** The row that somebody has got. */
  rowOf(guardian: Guardian): RowKey | undefined;
  done(): {
    readonly items: readonly PlanItem[];
    readonly assigned: readonly AssignedGuardian[];
    readonly created: readonly CreatedGuardian[];
  };
}

type Answered = Extract<Standing, { kind: 'new' }>;

export function createGuardianWriting(
  answers: Pick<LearntAnswers, 'of'>,
  families: Families,
  options: GuardianOptions,
  reviews: GuardianReviews,
): GuardianWriting {
  const { today, rules, newGuardians } = options;
  const items: PlanItem[] = [];
  const assigned: AssignedGuardian[] = [];
  const created: CreatedGuardian[] = [];
  const rows = new Map<Guardian, RowKey>();
  let idFor: ReturnType<typeof createNewRowIds> | undefined;
  const place: NewRowPlace = {
    fields: newGuardians.fields,
    style: families.styleOf(newGuardians.source),
    today,
    canHold: (text) => options.canHold(newGuardians.source, text),
  };

  /** Children whose link to this guardian undo has not taken away: nobody is created for the others' sake. */
  function notHeld(children: readonly Child[], guardian: Guardian): readonly Child[] {
    return children.filter(({ row }) => !isLinkHeld(row.key.id, guardian, options));
  }

  function reviewHeld(children: readonly Child[]): void {
    for (const { row } of children) if (row.isSelected) reviews.add(row.key, 'edited-since');
  }

  function add(guardian: Guardian, cells: NewCells): void {
    // Most nights nobody is new, and the ids of a large roster need not be gone through.
    idFor ??= createNewRowIds(families, options);
    const { id, givenByRoster } = idFor(guardian.id);
    const key: RowKey = { type: 'guardian', id };
    created.push({ key, givenByRoster, person: guardian.id, cells });
    rows.set(guardian, key);
  }

  return {
    assign(guardian, row, grade) {
      const snapshot = answers.of(guardian.id);
      const from = row.cells.personnummer;
      if (snapshot === undefined || from === undefined) return;
      const asIfNumbered = { ...row, cells: { ...row.cells, personnummer: guardian.id } };
      const item = reconcile(asIfNumbered, snapshot, rules, {
        canHold: (text) => options.canHold(row.place.source, text),
      });
      if (item.kind === 'unknown') return;
      items.push(
        inStyle(
          {
            kind: 'update',
            key: row.key,
            place: row.place,
            person: guardian.id,
            ...(item.checked && { checked: item.checked }),
            changes: [
              { field: 'personnummer', from, to: guardian.id },
              ...(item.kind === 'update' ? item.changes : []),
            ],
            reviews: item.kind === 'unchanged' ? [] : item.reviews,
          },
          row,
          families,
          today,
        ),
      );
      assigned.push({ key: row.key, person: guardian.id, grade });
      rows.set(guardian, row.key);
    },

    create(guardian, { person, answeredOn }, children) {
      const free = notHeld(children, guardian);
      if (free.length === 0) {
        reviewHeld(children);
        return;
      }
      const made = newGuardianCells(person, answeredOn, rules, place);
      for (const { row } of free) {
        if (made.kind === 'nameless') reviews.add(row.key, 'answer-not-understood');
        else if (made.kind === 'not-encodable' || made.addressIsLost) reviews.add(row.key, 'not-encodable');
      }
      if (made.kind !== 'row') return;
      add(guardian, made.cells);
      const key = rows.get(guardian);
      if (person.emigrated && key !== undefined) reviews.add(key, 'emigrated');
    },

    createProtected(guardian, mark, children) {
      if (notHeld(children, guardian).length === 0) reviewHeld(children);
      else add(guardian, protectedGuardianCells(guardian.id, mark, place));
    },

    rowOf: (guardian) => rows.get(guardian),
    done: () => ({ items, assigned, created }),
  };
}

/** Whether undo has taken this link away, under whatever number. */
export function isLinkHeld(
  student: string,
  guardian: Guardian,
  { overwriteHolds, holds }: Pick<GuardianOptions, 'overwriteHolds' | 'holds'>,
): boolean {
  return !overwriteHolds && guardian.numbers.some((number) => holds.isLinkHeld(student, number));
}

/** An item for a guardian's row as its columns write values. */
export function inStyle(
  item: PlanItem,
  row: GuardianRow,
  families: Pick<Families, 'styleOf'>,
  today: CalendarDate,
): PlanItem {
  const reading = { asOf: today, birthDate: row.cells.birth_date };
  return applyColumnStyle(item, families.styleOf(row.place.source), reading);
}
