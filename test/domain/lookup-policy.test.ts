import { describe, expect, it } from 'vitest';
import {
  decideLookup,
  isActive,
  type LookupPolicy,
  type LookupSubject,
  permissionsFor,
} from '../../src/domain/lookup-policy.ts';
import type { Answer } from '../../src/domain/person.ts';
import { date, personId, registered, snapshotOf, withCheckDigit } from '../support/arbitraries.ts';

const id = personId('201001012390');
const row: LookupSubject = { id: { kind: 'valid', id }, isActive: true, isMarked: false };
const marked: LookupSubject = { ...row, isMarked: true };
const policy: LookupPolicy = {
  freshness: { kind: 'months', months: 1 },
  today: date('2026-11-23'),
  forced: false,
  insist: false,
};
const forced = { ...policy, forced: true };
const insist = { ...policy, insist: true };
const gone = (reason: 'deceased' | 'renumbered' | 'other'): Answer => ({
  kind: 'deregistered',
  id,
  reason,
  successors: [],
});
const withheld: Answer = { kind: 'withheld', id };
const fresh = '2026-10-24';
const stale = '2026-10-23';

describe('decideLookup', () => {
  it.each([
    [{ ...row, isActive: false }, 'inactive'],
    [{ ...row, id: { kind: 'missing' }, isActive: false }, 'inactive'],
    [{ ...row, id: { kind: 'missing' } }, 'id-missing'],
    [{ ...row, id: { kind: 'temporary' } }, 'temporary-id'],
    [{ ...row, id: { kind: 'invalid', why: 'form' } }, 'id-invalid'],
  ] as const)('cannot ask (%#): %s', (subject, problem) => {
    expect(decideLookup(subject, undefined, forced)).toEqual({ kind: 'cannot', problem });
  });

  it.each([
    ['nobody asked yet', row, undefined, policy, 'never-seen'],
    ['stale', row, snapshotOf(registered(), stale), policy, 'stale'],
    ['not found, stale', row, snapshotOf({ kind: 'not-found', id }, stale), policy, 'stale'],
    ['deregistered otherwise, stale', row, snapshotOf(gone('other'), stale), policy, 'stale'],
    ['fresh, refreshed', row, snapshotOf(registered(), fresh), forced, 'forced'],
    ['deceased, insisted upon', row, snapshotOf(gone('deceased'), fresh), insist, 'forced'],
    ['withheld, the mark gone', row, snapshotOf(withheld, fresh), policy, 'never-seen'],
    ['withheld, marked, stale', marked, snapshotOf(withheld, stale), policy, 'stale'],
    ['dated after tomorrow', row, snapshotOf(registered(), '2026-11-25'), policy, 'stale'],
  ] as const)('asks: %s', (_, subject, snapshot, how, because) => {
    expect(decideLookup(subject, snapshot, how)).toEqual({ kind: 'look-up', id, because });
  });

  it.each([
    ['fresh', row, snapshotOf(registered(), fresh), policy, 30],
    ['today', row, snapshotOf(registered()), policy, 0],
    ['tomorrow', row, snapshotOf(registered(), '2026-11-24'), policy, -1],
    ['deceased long ago', row, snapshotOf(gone('deceased'), '2025-11-23'), policy, 365],
    ['deceased, refreshed', row, snapshotOf(gone('deceased'), stale), forced, 31],
    ['renumbered, refreshed', row, snapshotOf(gone('renumbered'), stale), forced, 31],
    ['withheld, marked', marked, snapshotOf(withheld, fresh), policy, 30],
  ] as const)('uses the answer at hand: %s', (_, subject, snapshot, how, ageInDays) => {
    expect(decideLookup(subject, snapshot, how)).toEqual({ kind: 'use-cached', id, ageInDays });
  });

  it('asks for a permission only where it is needed, lacking, and of use', () => {
    const without = snapshotOf(registered(), fresh);
    expect(decideLookup(row, without, policy).kind).toBe('use-cached');
    expect(decideLookup(row, without, policy, ['relations'])).toMatchObject({ because: 'permission' });
    expect(decideLookup(row, { ...without, permissions: ['relations'] }, policy, ['relations']).kind).toBe(
      'use-cached',
    );
    for (const answer of [gone('deceased'), { kind: 'not-found', id } as const]) {
      expect(decideLookup(row, snapshotOf(answer, fresh), policy, ['relations']).kind).toBe('use-cached');
    }
  });
});

describe('isActive', () => {
  it.each([undefined, '', ' ', '1', 'ja', 'true', 'aktiv', 'nejdå'])('%j is', (cell) => {
    expect(isActive(cell)).toBe(true);
  });
  it.each(['0', 'false', 'FALSE', 'no', ' Nej ', 'Inaktiv'])('%j is not', (cell) => {
    expect(isActive(cell)).toBe(false);
  });
});

describe('permissionsFor', () => {
  const today = date('2026-11-23');
  const grown = withCheckDigit('20081123238');
  it.each([
    ['student', true, id, ['relations'], ['relations']],
    ['student', false, id, ['relations'], []],
    ['student', true, id, [], []],
    ['student', true, grown, ['relations'], []],
    ['staff', true, id, ['relations'], []],
    ['guardian', true, id, ['relations'], []],
  ] as const)('%s, active %s, %s, granted %j: %j', (type, active, who, granted, permissions) => {
    expect(permissionsFor(type, active, who, today, granted)).toEqual(permissions);
  });
});
