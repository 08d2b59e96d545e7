import { fold, isSameText } from './fold.ts';
import type { ProtectionMark } from './person.ts';

/** Whether a `protected` cell marks its row: anything does, save nothing and the words for no. */
export function isMarked(cell: string | undefined): boolean {
  if (cell === undefined || cell === '') return false;
  switch (fold(cell)) {
    case '':
    case '0':
    case 'nej':
    case 'no':
    case 'false':
      return false;
    default:
      return true;
  }
}

/**
 * What a protected person's `protected` cell is to hold instead, or `undefined` where it stays: it says so
 * already, or the school has put a word of its own there. A source that lacks the `ö` gets the other mark,
 * for a row must never be without one.
 */
export function correctedMark(
  cell: string,
  mark: ProtectionMark,
  canHold: (text: string) => boolean,
): ProtectionMark | undefined {
  if (cell === mark) return undefined;
  const holdable = canHold(mark) ? mark : 'sekretessmarkering';
  if (!isMarked(cell)) return holdable;
  const ours = isSameText(cell, 'sekretessmarkering') || isSameText(cell, 'skyddad folkbokföring');
  return ours && !isSameText(cell, holdable) ? holdable : undefined;
}
