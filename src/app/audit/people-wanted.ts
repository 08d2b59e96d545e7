import { joinNumbers, type OnePerson } from '../../domain/guardians/one-person.ts';
import { type PersonId, parsePersonId } from '../../domain/person-id.ts';
import { PERSON_TYPES, type RowKey, rowKeyText } from '../../domain/roster.ts';
import { SparSyncError } from '../../errors.ts';
import { personOf } from '../protected-people.ts';
import type { AuditQuestion, PersonWanted } from './audit-report.ts';
import type { AuditWorld, RosterSeen } from './roster-seen.ts';

/** Whose lookups are told. */
export interface PeopleFound {
  /** Under all numbers that SPAR's answers say are theirs. */
  readonly people: ReadonlySet<PersonId>;
  readonly strangers: readonly PersonWanted[];
  /** Rows that have led to several people. */
  readonly shared: readonly PersonWanted[];
}

/**
 * Finds the people of these rows: by the number that the roster has on the row now, else by what was asked, written
 * and compared while the row was there. What is no id of a row may be a personnummer.
 *
 * @throws SparSyncError `usage` where an id without a type means people of several types, or is a personnummer that
 *   others could see
 */
export async function findPeople(
  about: readonly PersonWanted[],
  numbersAllowed: AuditQuestion['numbersAllowed'],
  seen: Pick<RosterSeen, 'entries'>,
  world: AuditWorld,
): Promise<PeopleFound> {
  const { snapshots, ledger } = world.state;
  const onePerson = joinNumbers(await snapshots.renumbered());
  const people = new Set<PersonId>();
  const strangers: PersonWanted[] = [];
  const shared: PersonWanted[] = [];
  for (const wanted of about) {
    const ofRows = await byRow(wanted);
    if (ofRows.length > 1)
      throw severalTypes(
        wanted,
        ofRows.map(({ key }) => key),
      );
    const [only] = ofRows;
    const numbers = only?.people ?? numbersIn(wanted, world);
    if (only === undefined && numbers.length === 0) strangers.push(wanted);
    else if (only === undefined && !numbersAllowed) throw numberInSight();
    if (only !== undefined && new Set(numbers.map(onePerson.currentOf)).size > 1) shared.push(wanted);
    for (const number of numbers) for (const each of allNumbersOf(number, onePerson)) people.add(each);
  }
  return { people, strangers, shared };

  /** A row that is in the roster now counts before one that was. */
  async function byRow(wanted: PersonWanted): Promise<readonly PeopleOfRow[]> {
    const keys = (wanted.type === undefined ? PERSON_TYPES : [wanted.type]).map(
      (type): RowKey => ({ type, id: wanted.id }),
    );
    const names = new Set(keys.map(rowKeyText));
    const now = new Map<string, { readonly key: RowKey; readonly people: PersonId[] }>();
    for (const entry of seen.entries) {
      const name = rowKeyText(entry.key);
      if (!names.has(name)) continue;
      const known = now.get(name) ?? { key: entry.key, people: [] };
      const person = personOf(entry, world.today);
      if (person !== undefined) known.people.push(person);
      now.set(name, known);
    }
    const present = [...now.values()];
    if (present.length > 0) {
      return Promise.all(
        present.map(async (row) =>
          row.people.length > 0 ? row : { ...row, people: await formerly(row.key) },
        ),
      );
    }
    const past = await Promise.all(keys.map(async (key) => ({ key, people: await formerly(key) })));
    return past.filter((row) => row.people.length > 0);
  }

  async function formerly(key: RowKey): Promise<readonly PersonId[]> {
    return [...new Set([...(await ledger.peopleAskedOn(key)), ...(await snapshots.peopleOfRows([key]))])];
  }
}

interface PeopleOfRow {
  readonly key: RowKey;
  readonly people: readonly PersonId[];
}

function allNumbersOf(number: PersonId, { currentOf, numbersOf }: OnePerson): readonly PersonId[] {
  return numbersOf(currentOf(number));
}

/** Ten digits do not tell the century: somebody grown up may be meant, or a child. */
function numbersIn({ type, id }: PersonWanted, { today }: AuditWorld): readonly PersonId[] {
  if (type !== undefined) return [];
  const readings = PERSON_TYPES.map((as) => parsePersonId(id, { type: as, asOf: today }));
  return [...new Set(readings.flatMap((read) => (read.kind === 'valid' ? [read.id] : [])))];
}

function severalTypes({ id }: PersonWanted, keys: readonly RowKey[]): SparSyncError {
  const all = keys.map(rowKeyText).join(', ');
  return new SparSyncError(
    'usage',
    { en: `Several people have the id ${id}: ${all}.`, sv: `Flera personer har id ${id}: ${all}.` },
    {
      en: `Name one of them with its type, as \`--id ${keys[0] === undefined ? id : rowKeyText(keys[0])}\`: who has been asked about is told of one person.`,
      sv: `Ange en av dem med sin typ, som \`--id ${keys[0] === undefined ? id : rowKeyText(keys[0])}\`: vem som har frågats om visas för en person.`,
    },
  );
}

function numberInSight(): SparSyncError {
  return new SparSyncError(
    'usage',
    {
      en: 'No row has that id, and it is a personnummer: on the command line, others on this computer can see it.',
      sv: 'Ingen rad har det id:t, och det är ett personnummer: på kommandoraden kan andra på datorn se det.',
    },
    {
      en: 'Write it on standard input instead: `spar-sync audit --id -`, then the number and Ctrl-D.',
      sv: 'Skriv det på standard in i stället: `spar-sync audit --id -`, sedan numret och Ctrl-D.',
    },
  );
}
