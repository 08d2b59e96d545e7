import { expect, it } from 'vitest';
import type { DeregisteredPerson } from '../../src/domain/person.ts';
import { followSuccessor } from '../../src/domain/successor.ts';
import { date, personId, registered, snapshotOf } from '../support/arbitraries.ts';

const old = personId('201001012390');
const now = personId('201010052387');
const other = personId('201107142398');
const birthDate = date('2010-10-05');
const person: DeregisteredPerson = {
  kind: 'deregistered',
  id: old,
  reason: 'renumbered',
  birthDate,
  successors: [now],
};
const found = snapshotOf(registered({ id: now, birthDate }));

it('writes the number of a living person born the same day', () => {
  expect(followSuccessor(person, found, false)).toEqual({ kind: 'write', id: now });
  expect(followSuccessor({ ...person, successors: [now, now] }, found, false)).toEqual({
    kind: 'write',
    id: now,
  });
});

it('asks about a number that there is no answer about', () => {
  expect(followSuccessor(person, undefined, false)).toEqual({ kind: 'look-up', id: now });
  expect(followSuccessor(person, snapshotOf({ kind: 'withheld', id: now }), false)).toEqual({
    kind: 'look-up',
    id: now,
  });
});

const { birthDate: _, ...withoutBirthDate } = person;
it.each([
  ['deceased', { ...person, reason: 'deceased' as const }, found, false],
  ['no successor', { ...person, successors: [] }, undefined, false],
  ['two successors', { ...person, successors: [now, other] }, undefined, false],
  ['itself', { ...person, successors: [old] }, undefined, false],
  ['on another row', person, undefined, true],
  ['another birth date', person, snapshotOf(registered({ id: now, birthDate: date('2010-10-06') })), false],
  ['no birth date there', person, snapshotOf(registered({ id: now })), false],
  ['no birth date at all', withoutBirthDate, snapshotOf(registered({ id: now })), false],
  ['an answer about somebody else', person, snapshotOf(registered({ id: other, birthDate })), false],
  ['not found', person, snapshotOf({ kind: 'not-found', id: now }), false],
  ['protected', person, snapshotOf({ kind: 'protected', id: now, mark: 'sekretessmarkering' }), false],
  ['renumbered again', person, snapshotOf({ ...person, id: now, successors: [other] }), false],
] as const)('leaves it to a person: %s', (_case, who, successor, isElsewhere) => {
  expect(followSuccessor(who, successor, isElsewhere)).toEqual({ kind: 'review' });
});
