import type { CalendarDate } from '../../domain/calendar-date.ts';
import type { PersonId } from '../../domain/person-id.ts';
import { type RosterEntry, type RosterProblem, type RowKey, rowKeyText } from '../../domain/roster.ts';
import { SparSyncError } from '../../errors.ts';
import type { State } from '../ports.ts';
import { createProtectionReader, type Protection, personOf } from '../protected-people.ts';
import type { Roster } from '../roster-port.ts';

export interface AuditWorld {
  readonly state: Pick<State, 'snapshots' | 'journal' | 'ledger' | 'retention'>;
  /** Opened if it can be: who asked about whom is told without it too. */
  readonly openRoster: () => Promise<Roster>;
  readonly today: CalendarDate;
}

/** What the roster says of the people whom the ledger names. */
export interface RosterSeen {
  readonly kind: 'read' | 'read-in-part' | 'not-read';
  /** Rows of which `wanted` was true. */
  readonly entries: readonly RosterEntry[];
  /** By answers, marks and decisions. */
  isProtected(person: PersonId, rows: readonly RowKey[]): boolean;
  /**
   * Fails closed: whoever is protected, and whoever may be, as their row may be among those that could not be
   * read.
   */
  isHidden(person: PersonId, rows: readonly RowKey[]): boolean;
}

/** Reads the roster once. */
export async function seeRoster(
  world: AuditWorld,
  wanted: (entry: RosterEntry) => boolean,
): Promise<RosterSeen> {
  const read = await tryToRead(world, wanted);
  const { finish } = read ?? { finish: (await protectionReaderOf(world)).finish };
  const protection = await finish();
  const isProtected: RosterSeen['isProtected'] = (person, rows) => isProtectedBy(protection, person, rows);
  if (read === undefined) return { kind: 'not-read', entries: [], isProtected, isHidden: () => true };
  const { entries, people, rows: seen, problems } = read;
  return {
    kind: problems > 0 ? 'read-in-part' : 'read',
    entries,
    isProtected,
    isHidden(person, rows) {
      if (isProtected(person, rows)) return true;
      return problems > 0 && !people.has(person) && !rows.some((row) => seen.has(rowKeyText(row)));
    },
  };
}

/** `undefined` where it cannot be read. */
async function tryToRead(world: AuditWorld, wanted: (entry: RosterEntry) => boolean) {
  const reader = await protectionReaderOf(world);
  const entries: RosterEntry[] = [];
  const people = new Set<PersonId>();
  const rows = new Set<string>();
  let problems = 0;
  let roster: Roster | undefined;
  try {
    roster = await world.openRoster();
    const onProblem = (problem: RosterProblem) => {
      problems++;
      reader.seeProblem(problem);
    };
    for await (const batch of roster.read(onProblem)) {
      for (const entry of batch) {
        reader.watch(entry.key);
        reader.see(entry);
        rows.add(rowKeyText(entry.key));
        const person = personOf(entry, world.today);
        if (person !== undefined) people.add(person);
        if (wanted(entry)) entries.push(entry);
      }
    }
  } catch (error) {
    if (error instanceof SparSyncError && error.code === 'roster-unreadable') return undefined;
    throw error;
  } finally {
    await roster?.close();
  }
  return { finish: reader.finish, entries, people, rows, problems };
}

/** Knows from the ledger, too, whom SPAR has said to be protected: the answer itself may have been erased. */
function protectionReaderOf({ state, today }: AuditWorld) {
  const { snapshots, ledger } = state;
  const protectedPeople = async (): Promise<readonly PersonId[]> => [
    ...(await snapshots.protectedPeople()),
    ...(await ledger.peopleToldProtected()),
  ];
  return createProtectionReader({ ...state, snapshots: { ...snapshots, protectedPeople } }, today);
}

function isProtectedBy(protection: Protection, person: PersonId, rows: readonly RowKey[]): boolean {
  return protection.isProtected(person) || rows.some(protection.isProtectedRow);
}
