import { fold } from '../fold.ts';

/** The words that this program writes into `status`. Nothing else in that column is ever replaced. */
export type StatusWord = 'deceased' | 'emigrated' | 'renumbered' | 'deregistered' | 'not-found';

export function isOwnStatusOrEmpty(cell: string): boolean {
  if (cell === '') return true;
  switch (fold(cell)) {
    case '':
    case 'deceased':
    case 'emigrated':
    case 'renumbered':
    case 'deregistered':
    case 'not-found':
      return true;
    default:
      return false;
  }
}

/** Whether the cell already says so, whatever its case. */
export function isStatus(cell: string, status: StatusWord | ''): boolean {
  return cell === status || fold(cell) === status;
}
