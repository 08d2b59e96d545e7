import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  callNameOf,
  firstNameIsKept,
  firstNameToWrite,
  givenNameTokens,
  lastNameIsKept,
  lastNameToWrite,
} from '../../src/domain/names.ts';
import { anyName } from '../support/arbitraries.ts';

describe('firstNameIsKept', () => {
  it.each([
    ['Eva', 'Eva Ulla-Karin Isa', true],
    ['Ulla-Karin', 'Eva Ulla-Karin Isa', true],
    ['Ulla Karin', 'Eva Ulla-Karin Isa', true],
    ['ulla', 'Eva Ulla-Karin Isa', true],
    ['Isa Eva', 'Eva Ulla-Karin Isa', true],
    ['EVA  ISA', 'Eva Ulla-Karin Isa', true],
    ['Eva Eva', 'Eva Ulla-Karin Isa', false],
    ['Ulla-Kari', 'Eva Ulla-Karin Isa', false],
    ['va', 'Eva Ulla-Karin Isa', false],
    ['Eva-', 'Eva Ulla-Karin Isa', true],
    ['Evan', 'Eva Ulla-Karin Isa', false],
    ['Anna Maria', 'Anna', false],
    ['A\u030asa', 'Åsa Linda', true],
    ['-', 'Eva', false],
    ['', 'Eva', false],
    [' ', 'Eva', false],
    ['Mauritza', 'Mauritza\n', true],
    ['-', '- Eva', true],
  ])('%j of %j: %s', (roster, given, kept) => {
    expect(firstNameIsKept(roster, { given })).toBe(kept);
  });

  it('knows the call name even where it is not among the given names', () => {
    expect(firstNameIsKept('Bo', { given: 'Bosse Karl', callName: 'Bo' })).toBe(true);
    expect(firstNameIsKept('Bo', { callName: 'Bo' })).toBe(true);
  });
});

describe('firstNameToWrite', () => {
  it.each([
    [{ given: 'Karl Erik', callName: 'Erik' }, 'Erik', 'Karl Erik'],
    [{ given: 'Ulla-Karin Isa' }, 'Ulla-Karin', 'Ulla-Karin Isa'],
    [{ given: 'Mauritza\n' }, 'Mauritza', 'Mauritza'],
    [{ given: 'Karl\nErik' }, 'Karl', 'Karl Erik'],
    [{ given: 'Eva', callName: ' ' }, 'Eva', 'Eva'],
    [{ callName: 'Eva' }, 'Eva', 'Eva'],
    [{ surname: 'Ek' }, undefined, undefined],
    [{ given: ' ' }, undefined, undefined],
  ])('%j: %s, or all: %s', (name, call, all) => {
    expect(firstNameToWrite(name, 'call')).toBe(call);
    expect(firstNameToWrite(name, 'all')).toBe(all);
    expect(callNameOf(name)).toBe(call);
  });

  it('is never empty, and is kept once it is written', () => {
    fc.assert(
      fc.property(anyName, fc.constantFrom('call' as const, 'all' as const), (name, choice) => {
        const first = firstNameToWrite(name, choice);
        if (first !== undefined) {
          expect(first.trim()).not.toBe('');
          expect(firstNameIsKept(first, name)).toBe(true);
        }
        const last = lastNameToWrite(name);
        if (last !== undefined) {
          expect(last.trim()).not.toBe('');
          expect(lastNameIsKept(last, name)).toBe(true);
        }
      }),
    );
  });
});

describe('lastNameIsKept', () => {
  const name = { middle: 'Berg', surname: 'von Ek' };
  it.each([
    ['von Ek', true],
    ['VON  EK', true],
    ['Berg von Ek', true],
    ['berg von ek', true],
    ['Berg', false],
    ['von Ek Berg', false],
    ['Berg-von Ek', false],
    ['', false],
  ])('%j: %s', (roster, kept) => {
    expect(lastNameIsKept(roster, name)).toBe(kept);
  });

  it('has nothing to say without a surname', () => {
    expect(lastNameToWrite({ middle: 'Berg' })).toBeUndefined();
    expect(lastNameToWrite({ surname: 'Efternamn\n ' })).toBe('Efternamn');
  });
});

it('takes given names apart', () => {
  expect(givenNameTokens(' Eva  Ulla-Karin ')).toEqual(['eva', 'ulla', 'karin']);
});
