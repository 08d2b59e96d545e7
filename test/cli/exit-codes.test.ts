import { describe, expect, it } from 'vitest';
import { EXIT_CODES, EXIT_MEANINGS, strongestExitCode } from '../../src/cli/exit-codes.ts';

describe('exit codes', () => {
  it('are those of the contract', () => {
    expect(EXIT_CODES).toEqual({
      usage: 2,
      config: 2,
      'not-active': 2,
      'plan-unusable': 2,
      'decisions-unusable': 2,
      brake: 4,
      'plan-outdated': 4,
      'roster-unreadable': 5,
      'roster-unwritable': 5,
      'spar-unreachable': 10,
      'spar-rejected': 11,
      'spar-not-understood': 12,
      'state-unusable': 20,
      'state-newer': 20,
      'state-locked': 20,
      'report-unwritable': 1,
      interrupted: 130,
    });
  });

  it('each have a meaning', () => {
    const codes = Object.keys(EXIT_MEANINGS).map(Number);
    expect(codes).toEqual([0, 1, 2, 3, 4, 5, 10, 11, 12, 20, 130]);
    expect(codes).toEqual(expect.arrayContaining(Object.values(EXIT_CODES)));
  });

  it.each([
    [[], 0],
    [[0, 0], 0],
    [[0, 3], 3],
    [[3, 4], 4],
    [[4, 10, 3], 10],
    [[10, 12], 12],
    [[12, 11, 10], 11],
    [[3, 20, 11], 20],
    [[20, 130, 3], 130],
  ])('of %j is %i', (codes, strongest) => {
    expect(strongestExitCode(codes)).toBe(strongest);
  });
});
