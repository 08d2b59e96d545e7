import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PlanItem } from '../../src/domain/plan.ts';
import type { Cells, RosterField } from '../../src/domain/roster.ts';
import {
  applyColumnStyle,
  columnStyleOf,
  countStyles,
  createColumnStyleCounts,
} from '../../src/domain/rows/column-style.ts';
import { anyCells, cellsOf, date, personId } from '../support/arbitraries.ts';

function styleOf(rows: readonly Cells[]) {
  const counts = createColumnStyleCounts();
  for (const cells of rows) countStyles(counts, cells);
  return columnStyleOf(counts);
}

function written(field: RosterField, values: readonly string[], to: string): string | undefined {
  const item: PlanItem = {
    kind: 'update',
    key: { type: 'student', id: '17' },
    place: { source: 0, row: 0, line: 2 },
    person: personId('201001012390'),
    changes: [{ field, from: 'x', to }],
    reviews: [],
  };
  const style = styleOf(values.map((value) => cellsOf({ [field]: value })));
  const styled = applyColumnStyle(item, style, { asOf: date('2026-11-23') });
  return styled.kind === 'update' ? styled.changes[0].to : undefined;
}

describe('a column keeps its style', () => {
  it.each([
    ['postal_code', ['111 46', '11146', '981 00', ''], '13240', '132 40'],
    ['postal_code', ['111 46', '11146', '98100'], '13240', '13240'],
    ['postal_code', ['111 46', '11146'], '13240', '13240'],
    ['postal_code', [], '13240', '13240'],
    ['postal_code', ['saknas', 'utland'], '13240', '13240'],
    ['postal_code', ['111 46'], 'SW1A 1AA', 'SW1A 1AA'],
    ['postal_code', ['111 46'], '', ''],
    ['city', ['Stockholm', 'SOLNA', 'Ekerö'], 'SALTSJÖ-BOO', 'Saltsjö-Boo'],
    ['city', ['Stockholm'], 'UPPLANDS VÄSBY', 'Upplands Väsby'],
    ['city', ['Åre'], 'ÖREBRO', 'Örebro'],
    ['city', ['Stockholm'], 'S:T OLOF', 'S:t Olof'],
    ['city', ['Stockholm'], 'ADELSJÃ¿', 'ADELSJÃ¿'],
    ['city', ['Stockholm'], 'Kiruna', 'Kiruna'],
    ['city', ['STOCKHOLM', 'SOLNA', 'Ekerö'], 'KIRUNA', 'KIRUNA'],
    ['city', ['STOCKHOLM'], 'Kiruna', 'KIRUNA'],
    ['city', ['STOCKHOLM', 'Solna'], 'KIRUNA', 'KIRUNA'],
    ['city', ['stockholm', 'Å', '-'], 'KIRUNA', 'KIRUNA'],
    ['city', ['ÅRE', 'ÖREBRO', 'Solna'], 'Kiruna', 'KIRUNA'],
    ['personnummer', [], '201010052387', '201010052387'],
    ['personnummer', ['20100101-2390', '20100101-TF01', '1001012390'], '201010052387', '20101005-2387'],
    ['personnummer', ['100101-2390', '100101+2390', '201001012390'], '201010052387', '101005-2387'],
    ['personnummer', ['1001012390'], '201010052387', '1010052387'],
    ['personnummer', ['201001012390', '100101-2390'], '201010052387', '201010052387'],
    ['personnummer', ['20100101-TF01', 'T123'], '201010052387', '201010052387'],
    ['street', ['GATAN 1'], 'Gatan 2', 'Gatan 2'],
  ] as const)('%s like %j: %j is written %j', (field, values, to, expected) => {
    expect(written(field, values, to)).toBe(expected);
  });

  it('does not depend on the order of the rows', () => {
    fc.assert(
      fc.property(fc.array(anyCells, { maxLength: 20 }), (rows) => {
        expect(styleOf([...rows].reverse())).toEqual(styleOf(rows));
      }),
    );
  });

  it('leaves what is no update', () => {
    const item: PlanItem = {
      kind: 'unchanged',
      key: { type: 'student', id: '17' },
      place: { source: 0, row: 0, line: 2 },
      person: personId('201001012390'),
    };
    expect(applyColumnStyle(item, styleOf([]), { asOf: date('2026-11-23') })).toBe(item);
  });
});
