import { describe, expect, it } from 'vitest';
import { decisionsRefused, tellLines } from '../../src/app/duplicates/decisions-refused.ts';
import { planMerges } from '../../src/domain/merge.ts';
import type { RowKey } from '../../src/domain/roster.ts';
import { familiesFrom } from '../support/small-school.ts';

const key = (id: string): RowKey => ({ type: 'guardian', id });
const NAME = 'Andersson, Anna Maria';

function refusalOf(pairs: readonly (readonly [a: string, b: string])[]) {
  const decided = pairs.map(([a, b], i) => ({
    line: i + 2,
    a: key(a),
    b: key(b),
    keep: key(a),
    verdict: 'same' as const,
  }));
  const plan = planMerges(familiesFrom({ guardians: { 1: {} } }), decided, new Map());
  return decisionsRefused(plan.kind === 'refused' ? plan.problems : []);
}

describe('decisions that cannot be carried out', () => {
  it('are told without what stands in cells that name no row: it may be a name, or the whole file', () => {
    const { text } = refusalOf([
      [NAME, '1'],
      ['1', 'x'.repeat(10_000_000)],
      [NAME, NAME],
    ]);
    expect(text.en).not.toContain('Andersson');
    expect(text.en.length).toBeLessThan(500);
    expect(text.en.split('\n').slice(1)).toEqual([
      '  line 2: the row is not in the roster, or is there several times (has it been merged already?): column a',
      '  line 3: the row is not in the roster, or is there several times (has it been merged already?): column b',
      '  line 4: the row is not in the roster, or is there several times (has it been merged already?): column a, column b',
    ]);
    expect(text.sv).toContain(
      'rad 4: raden finns inte i registret, eller finns flera gånger (är den redan sammanslagen?): kolumn a, kolumn b',
    );
  });

  it('are told up to twenty', () => {
    const { text } = refusalOf(Array.from({ length: 23 }, () => ['1', 'nobody'] as const));
    expect(text.en.split('\n')).toHaveLength(22);
    expect(text.en).toMatch(/line 21: .*\n {2}… and 3 more$/);
    expect(text.sv).toMatch(/… och 3 till$/);
  });

  it('name rows that are there, however long their ids', () => {
    const long = '😀'.repeat(50);
    const lines = tellLines([{ line: 2, a: key('7'), b: key(long) }]);
    expect(lines.en).toBe(`2 (guardian:7, guardian:${'😀'.repeat(39)}…)`);
    const many = tellLines(Array.from({ length: 21 }, (_, i) => ({ line: i + 2, a: key('7'), b: key('8') })));
    expect(many.en).toMatch(/; 21 \(guardian:7, guardian:8\); … and 1 more$/);
  });
});
