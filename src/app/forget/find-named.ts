import type { PersonId } from '../../domain/person-id.ts';
import { parsePersonId } from '../../domain/person-id.ts';
import { PERSON_TYPES, type PersonType, type RowKey, rowKeyText } from '../../domain/roster.ts';
import { readEitherWay } from '../../domain/rows/untaken-rows.ts';
import { SparSyncError } from '../../errors.ts';
import type { UpdateWorld } from '../update/update-world.ts';
import type { RosterAtHand } from './roster-at-hand.ts';

/** Somebody who is to be forgotten, as they were named. */
export interface Named {
  /** As it was written. */
  readonly text: string;
  readonly id: string;
  /** Missing: of any type. */
  readonly type?: PersonType;
}

/** Who was named. */
export interface FoundNamed {
  readonly people: readonly PersonId[];
  /** The rows that were named: all that the journal has of them goes, whosever they were when it was written. */
  readonly rows: readonly RowKey[];
  /** Those among them of which nobody knows whose they are, not even the state. */
  readonly rowsOfNobody: readonly RowKey[];
  /** Whose answers may name a guardian whose row was named and tells no number. */
  readonly children: readonly PersonId[];
  /** Who was named by a row. */
  readonly rowOf: ReadonlyMap<PersonId, RowKey>;
  readonly unknown: readonly string[];
}

/**
 * Finds out who is meant: the person of a row by the roster, and whoever else it was once by what the state remembers
 * of it, unless they are on another row now.
 *
 * @param numbers whether they may be named by their number: not on a command line, which others can see
 * @throws SparSyncError `usage` where a number was given and may not be
 */
export async function findNamed(
  named: readonly Named[],
  numbers: boolean,
  { state, today }: Pick<UpdateWorld, 'state' | 'today'>,
  roster: RosterAtHand,
): Promise<FoundNamed> {
  const { retention } = state;
  const there = new Map(named.map((one) => [one, matching(one, roster)]));
  const keysOf = (one: Named): readonly RowKey[] => {
    const rows = there.get(one) ?? [];
    return rows.length === 0 ? possibleKeys(one) : rows.map(({ key }) => key);
  };
  const remembered = await retention.peopleAt(named.flatMap(keysOf));
  const readings = new Map(named.map((one) => [one, readEitherWay(one.text, today)]));
  const heardOf = await retention.known([...readings.values()].flat());
  const unnumbered = [...there.values()].flat().flatMap(({ key, person }) => (person ? [] : [key]));
  const childrenOf = await roster.childrenOf(unnumbered);

  const people = new Set<PersonId>();
  const rows = new Map<string, RowKey>();
  const rowsOfNobody = new Map<string, RowKey>();
  const rowOf = new Map<PersonId, RowKey>();
  const unknown: string[] = [];
  const addByRow = (key: RowKey, person: PersonId): void => {
    people.add(person);
    if (!rowOf.has(person)) rowOf.set(person, key);
  };
  for (const one of named) {
    let isFound = false;
    for (const { key, person } of there.get(one) ?? []) {
      isFound = true;
      rows.set(rowKeyText(key), key);
      if (person !== undefined) addByRow(key, person);
      else if (childrenOf.has(rowKeyText(key))) rowsOfNobody.set(rowKeyText(key), key);
    }
    const owned = new Set(
      (there.get(one) ?? []).flatMap(({ key, person }) => (person === undefined ? [] : [rowKeyText(key)])),
    );
    for (const key of keysOf(one)) {
      const whose = remembered.get(rowKeyText(key));
      if (whose === undefined) continue;
      isFound = true;
      rows.set(rowKeyText(key), key);
      if (whose.length === 0) rowsOfNobody.set(rowKeyText(key), key);
      for (const person of whose) {
        // A number that stood here by a slip, or before a merge was taken back, is on a row of its own now.
        if (roster.people.has(person)) continue;
        if (owned.has(rowKeyText(key))) people.add(person);
        else addByRow(key, person);
      }
    }
    const meant = (readings.get(one) ?? []).filter((id) => heardOf.has(id) || roster.people.has(id));
    if (numbers && meant.length > 0) {
      isFound = true;
      for (const person of meant) people.add(person);
    }
    if (isFound) continue;
    if (!numbers && isLikeNumber(one.text, today)) throw numberInTheOpen();
    unknown.push(one.text);
  }
  return {
    people: [...people],
    rows: [...rows.values()],
    rowsOfNobody: [...rowsOfNobody.values()],
    rowOf,
    children: [...new Set([...childrenOf.values()].flat())],
    unknown,
  };
}

function matching({ id, type }: Named, roster: RosterAtHand) {
  return roster.rowsWithId(id).filter(({ key }) => type === undefined || type === key.type);
}

/** Of a row that the roster does not have. */
function possibleKeys({ id, type }: Named): readonly RowKey[] {
  return (type === undefined ? PERSON_TYPES : [type]).map((each) => ({ type: each, id }));
}

/** A number, or one with a slip in it. */
function isLikeNumber(text: string, asOf: UpdateWorld['today']): boolean {
  return PERSON_TYPES.some((type) => {
    const id = parsePersonId(text, { type, asOf });
    return id.kind === 'valid' || (id.kind === 'invalid' && id.why === 'check-digit');
  });
}

function numberInTheOpen(): SparSyncError {
  return new SparSyncError(
    'usage',
    {
      en: 'A personnummer does not belong on the command line, where every account on the computer can see it.',
      sv: 'Ett personnummer hör inte hemma på kommandoraden, där alla konton på datorn kan se det.',
    },
    {
      en: 'Type `spar-sync forget -` and Enter, then the personnummer, Enter and Ctrl-D; or name the row: `student:17`.',
      sv: 'Skriv `spar-sync forget -` och Enter, sedan personnumret, Enter och Ctrl-D; eller ange raden: `student:17`.',
    },
  );
}
