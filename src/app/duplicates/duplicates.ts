import type { Freshness } from '../../domain/calendar-date.ts';
import type { DuplicatePair } from '../../domain/duplicate-pair.ts';
import type { Families, GuardianRow } from '../../domain/families.ts';
import { type RosterField, type RowKey, rowKeyText } from '../../domain/roster.ts';
import type { GuardianWorld } from '../guardians/guardians.ts';
import { guardianOptionsOf } from '../guardians/guardians.ts';
import { planGuardians } from '../guardians/plan-guardians.ts';
import type { DuplicatesReport } from './duplicate-report.ts';

export type DuplicatesWorld = Pick<
  GuardianWorld,
  'roster' | 'state' | 'settings' | 'guardians' | 'today' | 'digest'
>;

/** The report rests on what was last heard, however long ago: nobody is asked. */
const WHATEVER_AGE: Freshness = { kind: 'days', days: 100_000 };

/** The duplicate report of the roster as it is, from the answers at hand. */
export async function reportDuplicates(world: DuplicatesWorld): Promise<DuplicatesReport> {
  const { roster, state, digest, settings } = world;
  const { plan, problems } = await planGuardians(roster, state, digest, {
    ...guardianOptionsOf(
      { ...world, settings: { ...settings, freshness: WHATEVER_AGE } },
      { selected: () => false, offline: true, force: false, namedRows: false },
    ),
    answeredNow: new Set(),
    unasked: new Map(),
  });
  return { command: 'duplicates', pairs: plan.pairs, problems };
}

/** What a person looks at in order to decide, and the marks: if any of it changes, the decision is outdated. */
const CHECKED: readonly RosterField[] = [
  'personnummer',
  'first_name',
  'last_name',
  'care_of',
  'street',
  'postal_code',
  'city',
  'country',
  'email',
  'phone',
  'birth_date',
  'protected',
];

/** Says what two rows held when a person was shown them, telling nothing of it. */
export type PairCheck = (pair: Pick<DuplicatePair, 'a' | 'b'>) => string;

/**
 * Makes the checks of the rows as they are. Only guardian rows are looked into: others are never merged.
 *
 * @param secret of the state file: without it a check of few possible values could be guessed
 */
export function createPairCheck(
  families: Pick<Families, 'guardian'>,
  digest: (text: string) => string,
  secret: string,
): PairCheck {
  const describe = (key: RowKey): readonly unknown[] => {
    const row: GuardianRow | undefined = key.type === 'guardian' ? families.guardian(key.id) : undefined;
    return [rowKeyText(key), ...CHECKED.map((field) => row?.cells[field] ?? '')];
  };
  return ({ a, b }) => digest(JSON.stringify([secret, describe(a), describe(b)])).slice(0, 16);
}
