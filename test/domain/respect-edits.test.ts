import { describe, expect, it } from 'vitest';
import type { FieldChange, PlanItem, ReviewReason } from '../../src/domain/plan.ts';
import { respectEdits as respectGiven, type WrittenCell } from '../../src/domain/respect-edits.ts';
import type { RosterField } from '../../src/domain/roster.ts';
import type { ComparedUnit } from '../../src/domain/update/compared-mark.ts';
import { cellsOf, personId } from '../support/arbitraries.ts';

const change = (field: RosterField, from: string, to: string): FieldChange => ({ field, from, to });

function item(
  changes: readonly [FieldChange, ...FieldChange[]],
  reviews: readonly ReviewReason[] = [],
): PlanItem {
  return {
    kind: 'update',
    key: { type: 'student', id: '17' },
    place: { source: 0, row: 0, line: 2 },
    person: personId('201001012390'),
    checked: change('spar_checked', '', '2026-11-23'),
    changes,
    reviews,
  };
}

const ALL: ReadonlySet<ComparedUnit> = new Set<ComparedUnit>(['first_name', 'last_name', 'address']);
const respect = (
  plan: PlanItem,
  written: readonly WrittenCell[],
  compared: ReadonlySet<ComparedUnit>,
  cells: Partial<Record<RosterField, string>> = {},
  addressesSince?: number,
) => respectGiven(plan, written, compared, { cells: cellsOf(cells), addressesSince });
const respectEdits = (plan: PlanItem, written: readonly WrittenCell[]) => respect(plan, written, ALL);

const street = change('street', 'Lillgatan 2', 'STORGATAN 1');
const code = change('postal_code', '11101', '11146');
const lastName = change('last_name', 'Al', 'Ek');

function fieldsOf(plan: PlanItem): readonly string[] {
  return plan.kind === 'update' ? plan.changes.map(({ field }) => field) : [];
}

describe('respectEdits', () => {
  it('writes again what an export has brought back', () => {
    const plan = item([lastName, street, code]);
    expect(respectEdits(plan, [street, change('postal_code', '11101', '111 46'), lastName])).toBe(plan);
  });

  it('holds back what somebody has written since', () => {
    const held = respectEdits(item([street]), [change('street', 'Gamla gatan 9', 'STORGATAN 1')]);
    const { changes: _, ...rest } = item([street]) as Extract<PlanItem, { kind: 'update' }>;
    expect(held).toEqual({ ...rest, kind: 'review', reviews: ['edited-since'] });
  });

  it('holds back where SPAR would now write something else than then', () => {
    expect(respectEdits(item([street]), [change('street', 'Lillgatan 2', 'Nygatan 3')]).kind).toBe('review');
  });

  it('holds back what this program never wrote', () => {
    expect(respectEdits(item([street]), []).kind).toBe('review');
    expect(respectEdits(item([street]), [lastName]).kind).toBe('review');
  });

  it('takes the address as one thing, and each name by itself', () => {
    const firstName = change('first_name', '', 'Anna');
    const plan = item([firstName, lastName, street, code], ['emigrated']);
    const held = respectEdits(plan, [lastName, street]);
    expect(fieldsOf(held)).toEqual(['last_name']);
    expect(held).toMatchObject({ kind: 'update', reviews: ['emigrated', 'edited-since'] });
  });

  it('holds back nothing of our own columns', () => {
    const plan = item([
      street,
      change('protected', '', 'sekretessmarkering'),
      change('status', '', 'emigrated'),
    ]);
    expect(fieldsOf(respectEdits(plan, []))).toEqual(['protected', 'status']);
  });

  it('compares numbers whatever their style', () => {
    const plan = item([change('personnummer', '20100101-2390', '201010052387')]);
    expect(respectEdits(plan, [change('personnummer', '20100101-2390', '101005-2387')])).toBe(plan);
    expect(respectEdits(plan, [change('personnummer', '20100101-2390', '110714-2398')]).kind).toBe('review');
  });

  it('holds back only what was compared by the rules and columns of today', () => {
    const plan = item([lastName, street, code]);
    expect(fieldsOf(respect(plan, [], new Set<ComparedUnit>(['last_name'])))).toEqual([
      'street',
      'postal_code',
    ]);
    expect(fieldsOf(respect(plan, [], new Set<ComparedUnit>(['address'])))).toEqual(['last_name']);
    expect(respect(plan, [], new Set())).toBe(plan);
  });

  it('writes over what a later run of our own wrote: nobody edited it', () => {
    const plan = item([street]);
    expect(respectEdits(plan, [change('street', 'STORGATAN 1', 'Lillgatan 2')])).toBe(plan);
  });

  describe('of what an undo has put back', () => {
    const undone = (field: RosterField, from: string, to: string, heldFrom = 7): WrittenCell => ({
      ...change(field, to, from),
      held: [to],
      heldFrom,
    });
    const both = [undone('street', 'Lillgatan 2', 'STORGATAN 1'), undone('postal_code', '11101', '11146')];
    const holds = (plan: PlanItem, cells: object = {}, since?: number, written = both) =>
      [new Set<ComparedUnit>(), ALL].map(
        (compared) => respect(plan, written, compared, cells, since).kind === 'review',
      );

    it('writes nothing again while SPAR says the same', () => {
      expect(holds(item([street, code]))).toEqual([true, true]);
    });

    it('writes nothing either where somebody has typed a part of it', () => {
      expect(holds(item([street]), { postal_code: '111 46' })).toEqual([true, true]);
      expect(holds(item([code]), { street: 'Storgatan 1' })).toEqual([true, true]);
    });

    it('writes what SPAR says by now, be it of one cell, or what the row held before', () => {
      expect(holds(item([street, change('postal_code', '11101', '98100')]))).toEqual([false, false]);
      expect(holds(item([street]), { postal_code: '11101' })).toEqual([false, false]);
    });

    it('tells an edit of another cell from a new address by how long SPAR has given it', () => {
      const careOf = change('care_of', 'c/o Al', '');
      expect(holds(item([street, code, careOf]), {}, 6)).toEqual([true, true]);
      expect(holds(item([street, code, careOf]), {}, 7)).toEqual([true, true]);
      expect(holds(item([street, code, careOf]), {}, 8)[0]).toBe(false);
      expect(holds(item([street, code, careOf]))[0]).toBe(false);
      // Of two cells the one that was written first counts.
      const twice = [both[0], { ...both[1], heldFrom: 9 }] as WrittenCell[];
      expect(holds(item([street, code, careOf]), {}, 8, twice)[0]).toBe(false);
    });
  });

  it('touches no other kind of item', () => {
    const { key, place } = item([street]);
    const unknown: PlanItem = { kind: 'unknown', key, place, because: 'failed', reviews: [] };
    expect(respectEdits(unknown, [])).toBe(unknown);
  });
});
