import { expect, it } from 'vitest';
import { isMarked } from '../../src/domain/protection-mark.ts';

it.each([undefined, '', ' ', '\t', '0', 'nej', 'NEJ', ' Nej ', 'no', 'No', 'false', 'FALSE'])(
  '%j is no mark',
  (cell) => {
    expect(isMarked(cell)).toBe(false);
  },
);

it.each([
  'sekretessmarkering',
  'skyddad folkbokföring',
  'ja',
  '1',
  'x',
  '-',
  '?',
  'nej?',
  '00',
  'kvarskriven',
])('%j marks the row', (cell) => {
  expect(isMarked(cell)).toBe(true);
});
