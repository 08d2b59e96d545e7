import type { MovedLink } from '../domain/roster-write.ts';
import type { JournalledAct } from './journal-port.ts';

/** Links that are moved, as the journal keeps them: as they are afterwards. */
export function journalledMoves(moves: readonly MovedLink[]): readonly JournalledAct[] {
  return moves.map(({ link, toGuardian }) => ({
    kind: 'link-moved',
    link: { student: link.student, guardian: toGuardian },
    from: link.guardian,
  }));
}
