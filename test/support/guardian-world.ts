import type { WrittenDecision } from '../../src/app/duplicates/duplicate-report.ts';
import { createPairCheck } from '../../src/app/duplicates/duplicates.ts';
import type {
  GuardianCommandOptions,
  GuardianSettings,
  GuardianWorld,
} from '../../src/app/guardians/guardians.ts';
import type { PersonLookup, State } from '../../src/app/ports.ts';
import { readFamilies } from '../../src/app/read-families.ts';
import type { Roster } from '../../src/app/roster-port.ts';
import type { UpdateSettings } from '../../src/app/update/update-world.ts';
import type { CalendarDate } from '../../src/domain/calendar-date.ts';
import type { Verdict } from '../../src/domain/decision.ts';
import type { Address, Answer, Relation } from '../../src/domain/person.ts';
import { birthDateOf } from '../../src/domain/person-id.ts';
import type { RowKey } from '../../src/domain/roster.ts';
import { personId } from './arbitraries.ts';
import type { MemoryRow } from './memory-roster.ts';
import { openTestWorld, swedish, type TestWorld } from './update-world.ts';

/** Test people of Skatteverket's: three children, four adults. */
export const KIM = '201102282389';
export const LO = '201108152388';
export const MIO = '201112032386';
export const ANNA = '198009139265';
export const BO = '198402179298';
export const EVA = '198101199282';
export const OLE = '198106039228';

export interface TestGuardianWorld extends GuardianWorld, TestWorld {}

export async function openGuardianWorld(
  roster: Roster,
  spar: PersonLookup,
  {
    guardians,
    ...rest
  }: {
    settings?: Partial<UpdateSettings>;
    guardians?: Partial<GuardianSettings>;
    today?: CalendarDate;
    state?: State;
  } = {},
): Promise<TestGuardianWorld> {
  const world = await openTestWorld(roster, spar, rest);
  return { ...world, guardians: { assign: 'certain', protected: 'review', ...guardians } };
}

export const GUARDIAN_RUN: GuardianCommandOptions = {
  selected: ({ type }) => type === 'student',
  namedRows: false,
  dryRun: false,
  offline: false,
  force: false,
  signal: new AbortController().signal,
  consent: async () => true,
};

/** Only these students, as by `--id`. */
export function onlyStudents(...ids: readonly string[]): Partial<GuardianCommandOptions> {
  return { namedRows: true, selected: ({ type, id }) => type === 'student' && ids.includes(id) };
}

export function student(id: string, personnummer: string, more: Partial<MemoryRow> = {}): MemoryRow {
  return { ...EMPTY, id, type: 'student', personnummer, first_name: 'Barnet', last_name: 'Ek', ...more };
}

/** With the columns that guardians need, and those that make matches certain. */
export function guardian(id: string, more: Partial<MemoryRow> = {}): MemoryRow {
  return { ...EMPTY, id, type: 'guardian', ...more };
}

const EMPTY = {
  personnummer: '',
  first_name: '',
  last_name: '',
  street: '',
  postal_code: '',
  city: '',
  email: '',
  phone: '',
  birth_date: '',
  protected: '',
};

/** A child whom SPAR knows, with its current guardians, and the numbers of those who are it no more. */
export function child(
  id: string,
  guardians: readonly (string | Relation)[],
  ended: readonly string[] = [],
): Answer {
  return {
    kind: 'registered',
    id: personId(id),
    name: { given: 'Barnet', surname: 'Ek' },
    emigrated: false,
    predecessors: [],
    guardianship: {
      current: guardians.map((one) =>
        typeof one === 'string' ? { id: personId(one), deceased: false } : one,
      ),
      ended: ended.map(personId),
    },
  };
}

/** Somebody with an ordinary record: `Anna Ek`. */
export function adult(
  id: string,
  name: string,
  home: Address = swedish('Gatan 1', '11146', 'STOCKHOLM'),
): Answer {
  const [given = '', surname = ''] = name.split(' ');
  const person = personId(id);
  return {
    kind: 'registered',
    id: person,
    name: { given, surname },
    birthDate: birthDateOf(person),
    home,
    emigrated: false,
    predecessors: [],
  };
}

/** What a person wrote into the report of the roster as it is now; the first is kept. */
export async function decide(
  world: TestGuardianWorld,
  ...pairs: readonly (readonly [Verdict, keep: string, other: string])[]
): Promise<WrittenDecision[]> {
  const { families } = await readFamilies(world.roster, { today: world.today, selected: () => true });
  const check = createPairCheck(families, world.digest, await world.state.secret());
  return pairs.map(([verdict, keep, other], i) => {
    const [a, b] = [rowKey(keep), rowKey(other)];
    return { line: i + 2, verdict, a, b, keep: verdict === 'same' ? a : undefined, check: check({ a, b }) };
  });
}

/** `9` is a guardian's row; others are named `student:1`. */
export function rowKey(text: string): RowKey {
  const [type, id] = text.split(':');
  if (id === undefined) return { type: 'guardian', id: text };
  if (type !== 'student' && type !== 'staff') return { type: 'guardian', id };
  return { type, id };
}
