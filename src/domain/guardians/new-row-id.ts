import type { Families } from '../families.ts';
import type { GuardianOptions } from '../guardian-plan.ts';
import { type PersonId, toPersonId } from '../person-id.ts';

export interface NewRowId {
  readonly id: string;
  /** The database gives the id; this one stands for it until then. Otherwise the row is inserted with this id. */
  readonly givenByRoster: boolean;
}

const WHOLE_NUMBER = /^\d+$/;
/** Longer ones may be dates, or somebody's personnummer. */
const LONGEST_PLAIN_NUMBER = 9;
/** Beyond this a number is no longer exact. */
const LONGEST_NUMBER = 15;

/**
 * Gives new guardians ids that fit the roster, that nobody has or had, that no link names already (its child
 * would get a stranger), and that tell nothing of them.
 *
 * Where the database gives ids, it does so unless it would come to one that a link names or that a row had
 * before: then each new row gets a whole number above all of them, and is inserted with it.
 */
export function createNewRowIds(
  families: Families,
  options: Pick<GuardianOptions, 'newGuardians' | 'uuidFor' | 'usedIds'>,
): (person: PersonId) => NewRowId {
  const { source, idStyle } = options.newGuardians;
  const leftOut = families.leftOut.flatMap(({ key }) => (key.type === 'guardian' ? [key.id] : []));
  const taken = new Set([...leftOut, ...families.danglingIds, ...options.usedIds]);
  const idsOfSource: string[] = [];
  for (const rows of [families.students, families.staff, families.guardians]) {
    for (const { key, place } of rows) if (place.source === source) idsOfSource.push(key.id);
  }
  let given = 0;

  const isTaken = (id: string): boolean => taken.has(id) || families.guardian(id) !== undefined;

  function nextNumber(): () => string {
    const ofRows = largestOf([...idsOfSource, ...families.guardians.map(({ key }) => key.id)]);
    const ofOthers = largestOf(taken);
    const width = Math.max(ofRows.width, ofOthers.width);
    let largest = Math.max(ofRows.number, ofOthers.number);
    return () => {
      for (;;) {
        const id = String(++largest).padStart(width, '0');
        if (!isTaken(id)) return id;
      }
    };
  }

  /** A database goes on from the largest id that it has. */
  function couldGiveATakenOne(): boolean {
    return largestOf(taken).number > largestOf(idsOfSource).number;
  }

  function uuid(person: PersonId): string {
    for (let attempt = 0; ; attempt++) {
      const id = options.uuidFor(person, attempt);
      if (isTaken(id)) continue;
      taken.add(id);
      return id;
    }
  }

  switch (idStyle ?? styleOf(idsOfSource)) {
    case 'database':
      return couldGiveATakenOne() ? numbered() : () => ({ id: `new-${++given}`, givenByRoster: true });
    case 'number':
      return numbered();
    case 'uuid':
      return (person) => ({ id: uuid(person), givenByRoster: false });
  }

  function numbered(): () => NewRowId {
    const next = nextNumber();
    return () => ({ id: next(), givenByRoster: false });
  }
}

/** The largest whole number among ids, and to how many digits any of them is filled up with zeros. */
function largestOf(ids: Iterable<string>): { readonly number: number; readonly width: number } {
  let number = 0;
  let width = 0;
  for (const id of ids) {
    if (!WHOLE_NUMBER.test(id) || id.length > LONGEST_NUMBER || toPersonId(id) !== undefined) continue;
    number = Math.max(number, Number(id));
    if (id.length > 1 && id.startsWith('0')) width = Math.max(width, id.length);
  }
  return { number, width };
}

function styleOf(ids: readonly string[]): 'number' | 'uuid' {
  const isPlain = (id: string): boolean => WHOLE_NUMBER.test(id) && id.length <= LONGEST_PLAIN_NUMBER;
  return ids.length > 0 && ids.every(isPlain) ? 'number' : 'uuid';
}
