import { type PersonId, toPersonId } from '../../domain/person-id.ts';
import { type RosterEntry, type RowKey, rowKeyText } from '../../domain/roster.ts';
import type { WrittenByRun } from '../journal-port.ts';
import { createProtectionReader } from '../protected-people.ts';
import type { UpdateWorld } from '../update/update-world.ts';

/** Every row that a run touched or that its links join, by `type:id`. */
export function rowsOfRun(written: WrittenByRun): ReadonlyMap<string, RowKey> {
  const keys = new Map<string, RowKey>();
  const want = (key: RowKey) => keys.set(rowKeyText(key), key);
  for (const { key } of [...written.changes, ...written.erasedChanges]) want(key);
  for (const act of written.acts) {
    if ('key' in act) want(act.key);
    else {
      want({ type: 'guardian', id: act.link.guardian });
      want({ type: 'student', id: act.link.student });
      if (act.kind === 'link-moved') want({ type: 'guardian', id: act.from });
    }
  }
  return keys;
}

/** The rows of a run as the roster has them now. */
export interface RowsNow {
  /** `undefined` where no row, or more than one, has the key. */
  entryOf(key: RowKey): RosterEntry | undefined;
  /**
   * Fails closed: a mark on the row or on another row of its person, or an answer about anybody whose row it is
   * or was, under whatever number, that says protected; and the same of a row that somebody has declared to be
   * the same person.
   */
  isProtected(key: RowKey): boolean;
  /** Not by a row alone that could not be taken. */
  isProtectedForCertain(key: RowKey): boolean;
}

/** @param onEntry sees every row of the roster */
export async function readRowsNow(
  written: WrittenByRun,
  { roster, state, today }: Pick<UpdateWorld, 'roster' | 'state' | 'today'>,
  onEntry: (entry: RosterEntry) => void = () => {},
): Promise<RowsNow> {
  const keys = rowsOfRun(written);
  // What is taken back counts still, and what is done again already.
  const declared = written.same.map(({ a, b }) => ({ a, b, verdict: 'same' as const }));
  const protection = await createProtectionReader(state, today, declared);
  for (const key of keys.values()) protection.watch(key);
  for (const { key, person, field, from, to } of written.changes) {
    protection.watch(key, person);
    if (field === 'personnummer') for (const cell of [from, to]) protection.watch(key, readNumber(cell));
  }
  for (const act of written.acts) if ('key' in act) protection.watch(act.key, act.person);

  const entries = new Map<string, RosterEntry | 'several'>();
  for await (const batch of roster.read(protection.seeProblem)) {
    for (const entry of batch) {
      onEntry(entry);
      protection.see(entry);
      const name = rowKeyText(entry.key);
      if (keys.has(name)) entries.set(name, entries.has(name) ? 'several' : entry);
    }
  }
  const { isProtectedRow, isProtectedForCertain } = await protection.finish();
  return {
    entryOf(key) {
      const entry = entries.get(rowKeyText(key));
      return entry === 'several' ? undefined : entry;
    },
    isProtected: isProtectedRow,
    isProtectedForCertain,
  };
}

/** As far as twelve digits tell it; the row's own present number is read in full elsewhere. */
function readNumber(cell: string): PersonId | undefined {
  return toPersonId(cell.replace(/\D/g, ''));
}
