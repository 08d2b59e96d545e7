import { createHash } from 'node:crypto';
import { userInfo } from 'node:os';
import { systemClock } from './adapters/clock.ts';
import type { Config, RosterConfig } from './adapters/config/config.ts';
import { resolveEndUser } from './adapters/config/end-user.ts';
import type { FoundConfig } from './adapters/config/read-config.ts';
import { exposedText } from './adapters/exposed-file.ts';
import type { Handshake } from './adapters/spar/connection/handshake.ts';
import type { WayToSpar } from './adapters/spar/way-to-spar.ts';
import type { GuardianWorld } from './app/guardians/guardians.ts';
import type { PersonLookup, Progress, State } from './app/ports.ts';
import type { Roster, TableForm } from './app/roster-port.ts';
import { refuseOtherEnvironment } from './app/same-environment.ts';
import type { UpdateSettings, UpdateWorld } from './app/update/update-world.ts';
import { type CalendarDate, calendarDateInStockholm } from './domain/calendar-date.ts';
import type { Text } from './domain/text.ts';
import { SparSyncError } from './errors.ts';

/** What a command gives to have its world put together. */
export interface Surroundings {
  readonly found: FoundConfig;
  readonly command: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `--as-of`. */
  readonly asOf?: CalendarDate;
  /**
   * Nobody sits at the computer: `{user}` names `automatic.responsible`, and a SPAR that is away is waited for,
   * for ten minutes unless the configuration says how long.
   */
  readonly unattended?: boolean;
  readonly progress: Progress;
  /** The command can do its work, or a part of it, though the roster cannot be opened: it meets the error when it reads. */
  readonly withoutRoster?: boolean;
}

const UNATTENDED_WAIT_MINUTES = 10;

/** Commands that tell of answers, take back what came of them or erase them, and write nothing by them. */
const FOR_ANY_ENVIRONMENT: ReadonlySet<string> = new Set(['history', 'undo', 'forget']);

/** Everything behind the ports, opened. */
export interface World extends GuardianWorld {
  /** How tables are written that are to look like the roster. */
  readonly tableForm: TableForm;
  /** Digest of the configuration sections that a saved plan depends on. */
  readonly sections: string;
  /** To be called when a run has come to its end: what was kept for the case that it did not can go. */
  finished(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens the world for a command that may write: takes the run lock first, then state and roster.
 *
 * @throws SparSyncError `state-locked` when another run is under way, and whatever opening them throws
 */
export async function openWorld(around: Surroundings): Promise<World> {
  const { config } = around.found;
  const { acquireRunLock } = await import('./adapters/store/run-lock.ts');
  const lock = acquireRunLock(config.state.path, {
    command: around.command,
    at: systemClock.now(),
    pid: process.pid,
  });
  try {
    return await assemble(around, false, async () => lock.release());
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** Opens the world for a command that only looks; works beside a run that writes. */
export async function openWorldToRead(around: Surroundings): Promise<World> {
  return assemble(around, true, async () => {});
}

/** What a plan depends on besides the roster and the answers. */
export function planBasisOf(
  config: Config,
  endUser: string,
  asOf: CalendarDate | undefined,
  waitMinutes = 0,
): Pick<UpdateWorld, 'settings' | 'today' | 'digest'> {
  return { settings: settingsOf(config, endUser, waitMinutes), today: todayOf(asOf), digest: sha256 };
}

async function assemble(
  around: Surroundings,
  readonly: boolean,
  andThen: () => Promise<void>,
): Promise<World> {
  const { config, planSections } = around.found;
  const { environment } = config.spar;
  const waitMinutes = config.spar.waitMinutes ?? (around.unattended ? UNATTENDED_WAIT_MINUTES : 0);
  const basis = planBasisOf(config, endUserOf(config, around), around.asOf, waitMinutes);
  const state = await openStateOf(config, readonly);
  let roster: Roster;
  try {
    if (!FOR_ANY_ENVIRONMENT.has(around.command))
      await refuseOtherEnvironment(state, environment, config.state.name);
    const exposed = await remarkOnState(config);
    if (exposed !== undefined) around.progress({ kind: 'remark', text: exposed });
    roster = await (around.withoutRoster ? openRosterInAnyCase(config) : openRosterOf(config));
  } catch (error) {
    await state.close();
    throw error;
  }
  return {
    roster,
    state,
    clock: systemClock,
    ...basis,
    progress: around.progress,
    guardians: config.guardians,
    tableForm: roster.tableForm,
    sections: sha256(planSections),
    async openLookup() {
      await state.environment.settle(environment);
      return openLookup(config, around);
    },
    ...(await lookupWrappers(config)),
    async finished() {
      const { removeMigrationBackups } = await import('./adapters/store/migrations.ts');
      removeMigrationBackups(config.state.path);
    },
    async close() {
      await roster.close();
      await state.close();
      await andThen();
    },
  };
}

/** `--as-of`, or today's date in Sweden. */
export function todayOf(asOf: CalendarDate | undefined): CalendarDate {
  return asOf ?? calendarDateInStockholm(systemClock.now());
}

function settingsOf(config: Config, endUser: string, waitMinutes: number): UpdateSettings {
  const { types: _, ...rules } = config.update;
  return {
    rules,
    freshness: config.freshness,
    granted: config.spar.utokadBehorighet.includes('Relationer') ? ['relations'] : [],
    concurrency: config.spar.concurrency,
    waitMinutes,
    endUser,
    limits: config.limits,
    pricing: config.pricing,
    retention: config.retention,
  };
}

const OPEN_ROSTER = {
  csv: async (config: Extract<RosterConfig, { kind: 'csv' }>): Promise<Roster> =>
    (await import('./adapters/roster/csv/csv-roster.ts')).openCsvRoster(config),
  sqlite: async (config: Extract<RosterConfig, { kind: 'sqlite' }>): Promise<Roster> =>
    (await import('./adapters/roster/sqlite/sqlite-roster.ts')).openSqliteRoster(config),
} satisfies Record<RosterConfig['kind'], unknown>;

/** @throws SparSyncError `roster-unreadable` */
export async function openRosterOf({ roster }: Config): Promise<Roster> {
  return roster.kind === 'csv' ? OPEN_ROSTER.csv(roster) : OPEN_ROSTER.sqlite(roster);
}

async function openRosterInAnyCase(config: Config): Promise<Roster> {
  try {
    return await openRosterOf(config);
  } catch (error) {
    if (!(error instanceof SparSyncError) || error.code !== 'roster-unreadable') throw error;
    const { createUnreadableRoster } = await import('./adapters/roster/unreadable-roster.ts');
    return createUnreadableRoster(error);
  }
}

async function openStateOf({ state }: Config, readonly: boolean): Promise<State> {
  const { openState } = await import('./adapters/store/open-state.ts');
  return openState({ path: state.path, readonly });
}

/** Opens the state alone, for a command that only looks and can do without the roster; works beside a run that writes. */
export async function openStateToRead(config: Config): Promise<State> {
  return openStateOf(config, true);
}

/**
 * Opens the state for looking at it, once it is proved that a run could write to it.
 *
 * @throws SparSyncError `state-unusable`, `state-newer`, `state-locked`
 */
export async function openProvedState(config: Config): Promise<State> {
  const { proveStateWritable } = await import('./adapters/store/prove-state.ts');
  await proveStateWritable(config.state.path);
  return openStateOf(config, true);
}

/** Makes the state file where there is none, so that what is derived from its secret lasts. */
export async function makeState(config: Config): Promise<void> {
  await (await openStateOf(config, false)).close();
}

/** Every attempt is paced, retries included; the ledger stands nearest to the client. */
async function lookupWrappers(config: Config): Promise<Pick<UpdateWorld, 'wrapLookup'>> {
  const { withPacing } = await import('./adapters/lookup/with-pacing.ts');
  const { withRetry } = await import('./adapters/lookup/with-retry.ts');
  const { requestsPerSecond, retries } = config.spar;
  return {
    wrapLookup: (client) =>
      withRetry(withPacing(client, { requestsPerSecond, clock: systemClock }), {
        retries,
        clock: systemClock,
        random: Math.random,
      }),
  };
}

async function openLookup(config: Config, around: Surroundings): Promise<PersonLookup> {
  const { spar } = config;
  // Not side by side: if the import failed, a way that is open would keep the process from ending.
  const { createPersonsok } = await import('./adapters/spar/personsok.ts');
  const way = await openWay(around);
  try {
    const { kundNrLeveransMottagare, kundNrSlutkund, uppdragId, schema } = spar;
    const slutAnvandarId = endUserOf(config, around);
    for (const text of way.remarks) around.progress({ kind: 'remark', text });
    const client = await createPersonsok({
      ...way.channel,
      schema,
      customer: { kundNrLeveransMottagare, kundNrSlutkund, uppdragId, slutAnvandarId },
      now: systemClock.now,
    });
    return {
      lookUp: (request, signal) => client.lookUp(request, signal),
      async close() {
        await client.close();
        await way.close();
      },
    };
  } catch (error) {
    await way.close();
    throw error;
  }
}

/**
 * What a person should know of our certificate and how it is kept, or why it cannot be used: said on nights
 * without a lookup too, while there is time to do something about it. Nothing with the simulator.
 */
export async function remarksOnCertificate(
  around: Pick<Surroundings, 'found' | 'env'>,
): Promise<readonly Text[]> {
  if (around.found.config.spar.environment === 'simulator') return [];
  try {
    const way = await openWay(around);
    await way.close();
    return way.remarks;
  } catch (error) {
    if (!(error instanceof SparSyncError)) throw error;
    return [error.text];
  }
}

/** Gets ready to connect to SPAR, for lookups or for `check`. */
export async function openWay({ found, env }: Pick<Surroundings, 'found' | 'env'>): Promise<WayToSpar> {
  const { openWayToSpar } = await import('./adapters/spar/way-to-spar.ts');
  return openWayToSpar(found.config.spar, env, todayOf(undefined));
}

/** One handshake, nobody asked about. */
export async function shakeHandsWithSpar(way: WayToSpar): Promise<Handshake> {
  const { shakeHands } = await import('./adapters/spar/connection/handshake.ts');
  return shakeHands(way.channel);
}

/** What is to be said of a state file that others on this machine can read; nothing where they cannot. */
export async function remarkOnState({ state }: Config): Promise<Text | undefined> {
  const { stateFileIsExposed } = await import('./adapters/store/open-state.ts');
  return stateFileIsExposed(state.path) ? exposedText(state.name) : undefined;
}

/**
 * What SPAR is to log as the end user.
 *
 * @throws SparSyncError `config` when `{user}` cannot be filled in
 */
export function endUserOf(
  { spar, automatic }: Config,
  { env, unattended }: Pick<Surroundings, 'env' | 'unattended'>,
): string {
  const { responsible } = automatic;
  const isNamed = unattended === true && responsible !== undefined;
  return resolveEndUser(spar.slutAnvandarId, { env, userInfo, ...(isNamed && { responsible }) });
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

export type { WayToSpar };
