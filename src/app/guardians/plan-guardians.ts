import type { Families } from '../../domain/families.ts';
import type { GuardianOptions, GuardianPlan } from '../../domain/guardian-plan.ts';
import { createGuardianPlanner } from '../../domain/guardian-planner.ts';
import type { PersonId, PersonNumbers } from '../../domain/person-id.ts';
import { isSameValue } from '../../domain/respect-edits.ts';
import { type RosterProblem, type RowKey, rowKeyText } from '../../domain/roster.ts';
import { SparSyncError } from '../../errors.ts';
import type { Holds, Journal } from '../journal-port.ts';
import type { State } from '../ports.ts';
import { readFamilies } from '../read-families.ts';
import type { Roster } from '../roster-port.ts';
import { NO_STAMPS, stampsOfSources } from '../update/plan-options.ts';
import { keepEdits } from './guardian-edits.ts';

/** What of the options comes from configuration, command line and run; the rest is read from roster and state. */
export type GuardianRunOptions = Pick<
  GuardianOptions,
  | 'rules'
  | 'assign'
  | 'protectedGuardians'
  | 'freshness'
  | 'today'
  | 'granted'
  | 'offline'
  | 'overwriteHolds'
  | 'answeredNow'
  | 'unasked'
> & { readonly selected: (key: RowKey) => boolean };

export interface PlannedGuardians {
  readonly plan: GuardianPlan;
  readonly families: Families;
  /** Whose rows the roster has; see `ReadFamilies`. */
  readonly people: PersonNumbers;
  readonly problems: readonly RosterProblem[];
}

/**
 * Reads the roster once and plans from the answers at hand; asks nobody. The same call makes the first plan,
 * which tells who is missing, and the plan after they have been asked about.
 *
 * @throws SparSyncError `config` when guardian rows lack a column that guardians need.
 */
export async function planGuardians(
  roster: Roster,
  state: State,
  digest: (text: string) => string,
  options: GuardianRunOptions,
): Promise<PlannedGuardians> {
  const { families, people, problems } = await readFamilies(roster, options, state);
  demandColumns(families, roster);
  const holds = await state.journal.holds();
  const place = roster.newGuardians;
  const planner = createGuardianPlanner(families, {
    ...options,
    canHold: (source, text) => roster.sources[source]?.canHold(text) ?? false,
    newGuardians: {
      source: place?.source ?? 0,
      idStyle: place?.idStyle,
      fields: roster.sources[place?.source ?? 0]?.fields ?? new Set(),
    },
    uuidFor: uuidsFrom(await state.secret(), digest),
    renumbered: await state.snapshots.renumbered(),
    decisions: await state.journal.decisions(),
    protectedPeople: new Set(await state.snapshots.protectedPeople()),
    usedIds: await state.journal.usedGuardianIds(),
    holds,
    isNumberHeld: await heldNumbers(holds, state.journal),
  });
  for (let wanted = planner.wanted(); wanted.length > 0; wanted = planner.wanted()) {
    for (let start = 0; start < wanted.length; start += BATCH) {
      const ids = wanted.slice(start, start + BATCH);
      const snapshots = await state.snapshots.getMany(ids);
      ids.forEach((id, i) => {
        planner.learn(id, snapshots[i]);
      });
    }
  }
  const plan = planner.finish();
  if (options.overwriteHolds) return { plan, families, people, problems };
  const stamps = stampsOfSources({ roster, settings: options, digest });
  const items = await keepEdits(plan.items, state, (source) => stamps[source] ?? NO_STAMPS, families);
  return { plan: { ...plan, items }, families, people, problems };
}

/** How many answers are held at a time; the planner keeps of each what it needs. */
const BATCH = 2000;

/** Without these a guardian can be neither known nor written. */
const NEEDED = ['personnummer', 'first_name', 'last_name'] as const;

/** @throws SparSyncError `config` naming the file or table, and the columns that it lacks. */
export function demandColumnsOf(roster: Roster, source: number): void {
  const fields = roster.sources[source]?.fields ?? new Set();
  const missing = NEEDED.filter((field) => !fields.has(field));
  if (missing.length === 0) return;
  const file = roster.sources[source]?.name ?? '';
  throw new SparSyncError(
    'config',
    {
      en: `Guardians need the columns ${NEEDED.join(', ')}; ${file} lacks ${missing.join(', ')}.`,
      sv: `Vårdnadshavare behöver kolumnerna ${NEEDED.join(', ')}; ${file} saknar ${missing.join(', ')}.`,
    },
    {
      en: 'Add the columns to the roster, or say under `columns` in the configuration what it calls them.',
      sv: 'Lägg till kolumnerna i registret, eller ange under `columns` i inställningarna vad de heter där.',
    },
  );
}

function demandColumns(families: Families, roster: Roster): void {
  const sources = new Set(families.guardians.map((row) => row.place.source));
  for (const source of sources) demandColumnsOf(roster, source);
}

/**
 * UUIDs derived from a secret of the state file: the same person gets the same one tomorrow, and nobody can
 * tell whose it is. Dressed as version 4, which is what databases expect of a random one.
 */
function uuidsFrom(
  secret: string,
  digest: (text: string) => string,
): (person: PersonId, attempt: number) => string {
  return (person, attempt) => {
    const hex = digest(`${secret} row ${person} ${attempt}`);
    const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
    return [
      hex.slice(0, 8),
      hex.slice(8, 12),
      `4${hex.slice(13, 16)}`,
      `${variant}${hex.slice(17, 20)}`,
      hex.slice(20, 32),
    ].join('-');
  };
}

/** The numbers that an undo has taken from guardian rows again. */
async function heldNumbers(holds: Holds, journal: Journal): Promise<GuardianOptions['isNumberHeld']> {
  const rows = [...holds.rows].flatMap((row): RowKey[] =>
    row.startsWith('guardian:') ? [{ type: 'guardian', id: row.slice('guardian:'.length) }] : [],
  );
  if (rows.length === 0) return () => false;
  const held = new Map<string, readonly string[]>();
  for (const [row, changes] of await journal.lastChanges(rows)) {
    const number = changes.find((change) => change.field === 'personnummer');
    if (number !== undefined) held.set(row, number.held);
  }
  return (key, person) =>
    (held.get(rowKeyText(key)) ?? []).some((number) => isSameValue('personnummer', number, person));
}
