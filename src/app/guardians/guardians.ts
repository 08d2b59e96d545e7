import type { GuardianPlan } from '../../domain/guardian-plan.ts';
import { personNumbers } from '../../domain/person-id.ts';
import { type Brake, findGuardianBrake } from '../../domain/plan-safety.ts';
import type { RowKey } from '../../domain/roster.ts';
import type { UnitStamps } from '../../domain/update/compared-mark.ts';
import { type AskedSoFar, askUntilWhole, beginAsking, countLookups } from '../asking.ts';
import { withBrake } from '../brake-error.ts';
import { writeDurably } from '../durable-write.ts';
import { eraseProtected, eraseRelationsOfGrownUps } from '../erasure.ts';
import { interrupted } from '../interrupted.ts';
import { asJournalledRun, type RunEnd } from '../journalled-run.ts';
import { nextPurchaseOf } from '../next-purchase.ts';
import { ANSWERS_FROM_THE_FUTURE } from '../remarks.ts';
import { eraseWhatIsNotKept } from '../retention.ts';
import type { RefusedLink, RefusedRow } from '../roster-port.ts';
import { REPLANS, rosterKeepsChanging } from '../update/apply-plan.ts';
import { NO_STAMPS, stampsOfSources } from '../update/plan-options.ts';
import type { AskingOptions, UpdateWorld } from '../update/update-world.ts';
import type { GuardianReport } from './guardian-report.ts';
import { type GuardianWrite, guardianWrite, onlyWhatWasShown } from './guardian-write.ts';
import { refuseWithoutMeans } from './guardians-means.ts';
import { type GuardianRunOptions, type PlannedGuardians, planGuardians } from './plan-guardians.ts';
import { reportGuardians } from './report-guardians.ts';

/** The section `guardians` of the configuration. */
export interface GuardianSettings {
  readonly assign: 'certain' | 'probable' | 'never';
  readonly protected: 'review' | 'create';
}

export interface GuardianWorld extends UpdateWorld {
  readonly guardians: GuardianSettings;
}

/** What the command line says of one `guardians`. */
export interface GuardianCommandOptions extends AskingOptions {
  readonly selected: (key: RowKey) => boolean;
  /** Students were named by id: `force` then reaches what an undo has put back. */
  readonly namedRows: boolean;
  readonly dryRun: boolean;
  readonly offline: boolean;
  readonly force: boolean;
}

export interface GuardianOutcome extends RunEnd {
  readonly report: GuardianReport;
  /** The plan as it was made, for `--plan`. */
  readonly planned: PlannedGuardians;
  readonly newReviews: ReadonlySet<string>;
  /** Pairs of the duplicate report that no applied run has shown before. */
  readonly newPairs: ReadonlySet<GuardianPlan['pairs'][number]>;
  readonly brake?: Brake;
}

/**
 * Gives every active student under 18 the guardians whom SPAR names: plans, asks about children and about the
 * guardians who are new to the roster, plans again from the answers, and writes. Adds and fills in; removes
 * nothing.
 *
 * @throws SparSyncError of any kind in CONTRACT section 6; what SPAR answered before is kept. `config` when
 *   permission, links or columns are missing.
 */
export async function guardians(
  world: GuardianWorld,
  options: GuardianCommandOptions,
): Promise<GuardianOutcome> {
  refuseWithoutMeans(world);
  const { dryRun } = options;
  return asJournalledRun({ command: 'guardians', dryRun, links: true }, world, (run) =>
    guardiansInRun(run, world, options, beginAsking(world.settings)),
  );
}

/** Plans from what a run has been answered; asks nobody. */
export async function planGuardiansInRun(
  world: GuardianWorld,
  options: GuardianCommandOptions,
  { answeredNow, unasked }: AskedSoFar,
): Promise<PlannedGuardians> {
  const { roster, state, digest } = world;
  const runOptions: GuardianRunOptions = { ...guardianOptionsOf(world, options), answeredNow, unasked };
  const planned = await planGuardians(roster, state, digest, runOptions);
  // At once, whatever becomes of the run: nothing of a person now protected may stay behind.
  await eraseProtected(planned.plan, state, planned.people);
  return planned;
}

/** The same as a part of a run that has begun. */
export async function guardiansInRun(
  run: number,
  world: GuardianWorld,
  options: GuardianCommandOptions,
  asked: AskedSoFar,
): Promise<GuardianOutcome> {
  const { state, settings } = world;
  let people = personNumbers([]);
  // Of every plan: once they have been asked about anew, none of them is.
  let areAnyFromTheFuture = false;
  const plan = async () => {
    const planned = await planGuardiansInRun(world, options, asked);
    ({ people } = planned);
    areAnyFromTheFuture ||= planned.plan.answersFromTheFuture;
    return planned;
  };

  const planned = await askUntilWhole(
    'guardians',
    run,
    world,
    options,
    asked,
    plan,
    ({ plan: { needs } }) => needs,
  );
  const { stopped } = asked;
  if (options.signal.aborted) throw interrupted();

  const { counts, assigned } = planned.plan;
  const brake = findGuardianBrake({ ...counts, assigned: assigned.length }, settings.limits);
  if (brake !== undefined && !options.force && !options.dryRun) throw withBrake(stopped, brake);

  const applied = options.dryRun
    ? notWritten(planned.plan)
    : await applyGuardianPlan(run, planned.plan, world, async () => (await plan()).plan);
  if (!options.dryRun) {
    await eraseRelationsOfGrownUps(world);
    await eraseWhatIsNotKept(world, { people, isWhole: !options.namedRows });
  }
  if (areAnyFromTheFuture) world.progress({ kind: 'remark', text: ANSWERS_FROM_THE_FUTURE });

  const { report, newReviews, newPairs } = await reportGuardians(
    {
      command: 'guardians',
      run,
      dryRun: options.dryRun,
      plan: planned.plan,
      applied,
      lookups: countLookups(asked.bought.guardians, counts.reused, settings),
      problems: planned.problems,
    },
    state.reviews,
    world.today,
    options,
  );
  const nextRun = options.offline ? await nextPurchaseOf(planned.plan.heldBack, world) : undefined;
  return {
    report: nextRun === undefined ? report : { ...report, nextRun },
    planned,
    newReviews,
    newPairs,
    gaps: asked.unasked.size > 0 || applied.refused.some(({ reason }) => reason === 'roster-changed'),
    ...(stopped && { stopped }),
    ...(brake && options.dryRun && { brake }),
  };
}

/** What a plan depends on besides roster, answers and what the run has asked. */
export function guardianOptionsOf(
  { settings, today, guardians: { assign, protected: protectedGuardians } }: GuardianBasis,
  {
    selected,
    offline,
    force,
    namedRows,
  }: Pick<GuardianCommandOptions, 'selected' | 'offline' | 'force' | 'namedRows'>,
): Omit<GuardianRunOptions, 'answeredNow' | 'unasked'> {
  const { rules, freshness, granted } = settings;
  return {
    rules,
    freshness,
    granted,
    assign,
    protectedGuardians,
    today,
    offline,
    selected,
    overwriteHolds: force && namedRows,
  };
}

export type GuardianBasis = Pick<GuardianWorld, 'settings' | 'today' | 'guardians'>;

/** What came of the write of a plan. */
export interface AppliedGuardians {
  readonly write: GuardianWrite;
  readonly refused: readonly RefusedRow[];
  readonly refusedLinks: readonly RefusedLink[];
  /** `new-1` to the id that the database gave. */
  readonly ids: ReadonlyMap<string, string>;
}

function notWritten(plan: GuardianPlan): AppliedGuardians {
  return { write: plan, refused: [], refusedLinks: [], ids: new Map() };
}

/**
 * Writes a plan. A roster that changed meanwhile is planned again, at most twice; only what the first plan held
 * too is then written.
 *
 * @throws SparSyncError `roster-unwritable`
 */
export async function applyGuardianPlan(
  run: number,
  plan: GuardianWrite,
  world: Pick<GuardianWorld, 'roster' | 'state' | 'settings' | 'digest' | 'progress'>,
  planAgain: () => Promise<GuardianWrite>,
): Promise<AppliedGuardians> {
  const { roster, state, progress } = world;
  const stamps: readonly UnitStamps[] = stampsOfSources(world);
  const stampsOf = (source: number): UnitStamps => stamps[source] ?? NO_STAMPS;
  let write = plan;
  let changed: readonly RefusedRow[] = [];
  for (let replans = 0; ; replans++) {
    const journalled = guardianWrite(write, stampsOf, roster.newGuardians?.source ?? 0);
    const { edits, addedRows, addedLinks } = journalled.write;
    const rows = edits.length + addedRows.length + addedLinks.length;
    if (rows > 0) progress({ kind: 'writing' });
    const written = await writeDurably(run, journalled, { roster, journal: state.journal });
    if (written.kind === 'written') {
      const { refused, refusedLinks, ids } = written;
      return { write, refused: [...changed, ...refused], refusedLinks, ids };
    }
    if (replans === REPLANS) throw rosterKeepsChanging();
    ({ write, changed } = onlyWhatWasShown(plan, await planAgain()));
  }
}
