import type { PersonId } from '../../domain/person-id.ts';
import { type RosterProblem, type RowKey, rowKeyText } from '../../domain/roster.ts';
import { createUntakenRows } from '../../domain/rows/untaken-rows.ts';
import { createProtectionReader, type Protection, personOf } from '../protected-people.ts';
import type { Roster } from '../roster-port.ts';
import type { UpdateWorld } from '../update/update-world.ts';

/** The roster as far as it matters to who is forgotten. */
export interface RosterAtHand {
  /** Otherwise it could not be read: it has nobody then, which says nothing of who has left. */
  readonly isRead: boolean;
  /** Whose rows it has, those that could not be taken too. */
  readonly people: ReadonlySet<PersonId>;
  /** Rows with this id, of every type, and whose they are. */
  rowsWithId(id: string): readonly RowOf[];
  rowsOf(person: PersonId): readonly RowKey[];
  has(key: RowKey): boolean;
  /** The numbers of the children whom links join to these guardian rows, by `type:id`; rows without any are missing. */
  childrenOf(rows: readonly RowKey[]): Promise<ReadonlyMap<string, readonly PersonId[]>>;
  readonly protection: Protection;
}

export interface RowOf {
  readonly key: RowKey;
  readonly person: PersonId | undefined;
}

type ForgetWorld = Pick<UpdateWorld, 'roster' | 'state' | 'today'>;

/**
 * Reads the roster once.
 *
 * @param ids of which rows may be asked for
 */
export async function readRosterAtHand(
  { roster, state, today }: ForgetWorld,
  ids: ReadonlySet<string>,
): Promise<RosterAtHand> {
  const protection = await createProtectionReader(state, today);
  const untaken = createUntakenRows(today);
  const byId = new Map<string, RowOf[]>();
  const byPerson = new Map<PersonId, RowKey[]>();
  const students = new Map<string, PersonId>();
  const keys = new Set<string>();
  const onProblem = (problem: RosterProblem) => {
    if (problem.untaken !== undefined) untaken.add(problem.untaken);
    protection.seeProblem(problem);
  };
  for await (const batch of roster.read(onProblem)) {
    for (const entry of batch) {
      const { key } = entry;
      const person = personOf(entry, today);
      protection.see(entry);
      keys.add(rowKeyText(key));
      if (ids.has(key.id)) byId.set(key.id, [...(byId.get(key.id) ?? []), { key, person }]);
      if (key.type === 'student' && person !== undefined) students.set(key.id, person);
      if (person !== undefined) byPerson.set(person, [...(byPerson.get(person) ?? []), key]);
    }
  }
  return {
    isRead: true,
    people: new Set([...byPerson.keys(), ...untaken.people]),
    rowsWithId: (id) => byId.get(id) ?? [],
    rowsOf: (person) => byPerson.get(person) ?? [],
    has: (key) => keys.has(rowKeyText(key)),
    childrenOf: (rows) => childrenOf(rows, roster, students),
    protection: await protection.finish(),
  };
}

async function childrenOf(
  rows: readonly RowKey[],
  roster: Roster,
  students: ReadonlyMap<string, PersonId>,
): Promise<ReadonlyMap<string, readonly PersonId[]>> {
  const wanted = new Set(rows.flatMap(({ type, id }) => (type === 'guardian' ? [id] : [])));
  const children = new Map<string, PersonId[]>();
  if (wanted.size === 0) return children;
  for await (const batch of roster.readLinks(() => {})) {
    for (const { student, guardian } of batch) {
      const child = students.get(student);
      if (child === undefined || !wanted.has(guardian)) continue;
      const row = rowKeyText({ type: 'guardian', id: guardian });
      children.set(row, [...(children.get(row) ?? []), child]);
    }
  }
  return children;
}

/** The same where the roster cannot be read: nobody's rows, and protected is who answers say is. */
export async function withoutRoster({ state, today }: ForgetWorld): Promise<RosterAtHand> {
  const protection = await createProtectionReader(state, today);
  return {
    isRead: false,
    people: new Set(),
    rowsWithId: () => [],
    rowsOf: () => [],
    has: () => false,
    childrenOf: async () => new Map(),
    protection: await protection.finish(),
  };
}
