import type { PersonId } from '../person-id.ts';

/** A number, and those that its person is said to have now. */
export interface Renumbering {
  readonly former: PersonId;
  readonly successors: readonly PersonId[];
}

/** Which numbers are one and the same person's. */
export interface OnePerson {
  /** The number that the person has now; the number itself where nothing else is known. */
  currentOf(id: PersonId): PersonId;
  /** All numbers of the person whose current number it is, that one first, the others in order. */
  numbersOf(current: PersonId): readonly PersonId[];
}

/**
 * Joins numbers where exactly one is said to have come after the other, however many times in a row. A number
 * with several successors is nobody's but its own: only a person can tell which of them it is.
 */
export function joinNumbers(renumberings: Iterable<Renumbering>): OnePerson {
  const successors = new Map<PersonId, Set<PersonId>>();
  for (const { former, successors: later } of renumberings) {
    for (const id of later) {
      if (id === former) continue;
      const known = successors.get(former);
      if (known === undefined) successors.set(former, new Set([id]));
      else known.add(id);
    }
  }
  const next = new Map<PersonId, PersonId>();
  for (const [former, later] of successors) {
    const [only, ...others] = later;
    if (only !== undefined && others.length === 0) next.set(former, only);
  }

  function currentOf(id: PersonId): PersonId {
    if (!next.has(id)) return id;
    const passed = [id];
    for (let at = next.get(id); at !== undefined; at = next.get(at)) {
      const start = passed.indexOf(at);
      // Numbers that point at each other in a ring: the highest stands for all, wherever one began.
      if (start !== -1) return passed.slice(start).sort().at(-1) ?? at;
      passed.push(at);
    }
    return passed.at(-1) ?? id;
  }

  const numbers = new Map<PersonId, PersonId[]>();
  for (const former of [...next.keys()].sort()) {
    const current = currentOf(former);
    if (current === former) continue;
    const known = numbers.get(current);
    if (known === undefined) numbers.set(current, [current, former]);
    else known.push(former);
  }
  return { currentOf, numbersOf: (current) => numbers.get(current) ?? [current] };
}
