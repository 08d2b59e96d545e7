import { costOf, fromOre, lookupsLeft } from '../domain/cost.ts';
import { isUnder18, type PersonId } from '../domain/person-id.ts';
import { type Brake, findBrake } from '../domain/plan-safety.ts';
import { chooseAffordable, type Need, type Unasked, type UpdatePlan } from '../domain/update-plan.ts';
import { SparSyncError } from '../errors.ts';
import { type Applied, applyPlan, changedMeanwhile } from './apply-plan.ts';
import { brakeError } from './brake-error.ts';
import { interrupted } from './interrupted.ts';
import { asJournalledRun, type RunEnd } from './journalled-run.ts';
import { planOptionsOf } from './plan-options.ts';
import { type PlannedUpdate, planUpdate } from './plan-update.ts';
import type { State } from './ports.ts';
import { type Refreshed, refreshSnapshots } from './refresh-snapshots.ts';
import { reportUpdate } from './report-update.ts';
import type { UpdateReport } from './update-report.ts';
import type { UpdateOptions, UpdateWorld } from './update-world.ts';
import { withLedger } from './with-ledger.ts';

export interface UpdateOutcome extends RunEnd {
  readonly report: UpdateReport;
  /** The plan as it was made, for `--plan`. */
  readonly planned: PlannedUpdate;
  /** Review items that no applied run has shown before. */
  readonly newReviews: ReadonlySet<string>;
  /** Would stop the real run; only a dry run gets this far with it. */
  readonly brake?: Brake;
}

/** A followed number leads to one more question at most; this bounds a register that refers in circles. */
const ROUNDS = 4;

/**
 * Brings the contact information of the chosen people up to date: settles what an earlier run left, plans,
 * asks about whoever is missing, plans again from the answers, and writes.
 *
 * @throws SparSyncError of any kind in CONTRACT section 6; what SPAR answered before is kept.
 */
export async function update(world: UpdateWorld, options: UpdateOptions): Promise<UpdateOutcome> {
  const { dryRun } = options;
  return asJournalledRun({ command: 'update', dryRun }, world, (run) => runUpdate(run, world, options));
}

async function runUpdate(run: number, world: UpdateWorld, options: UpdateOptions): Promise<UpdateOutcome> {
  const { roster, state, settings } = world;
  const answeredNow = new Set<PersonId>();
  const unasked = new Map<PersonId, Unasked>();
  const planOptions = { ...planOptionsOf(world, options), answeredNow, unasked };
  const plan = async () => {
    const planned = await planUpdate(roster, state.snapshots, state.journal, planOptions);
    // At once, whatever becomes of the run: nothing of a person now protected may stay behind.
    await eraseProtected(planned.plan, state);
    return planned;
  };

  world.progress({ kind: 'reading' });
  let planned = await plan();
  let notFound = 0;
  let stopped: SparSyncError | undefined;
  for (let round = 0; planned.plan.needs.length > 0; round++) {
    if (round === ROUNDS || stopped !== undefined) {
      for (const need of planned.plan.needs) unasked.set(need.id, { because: 'failed' });
    } else {
      const asked = await askFor(planned.plan.needs, run, world, options, unasked, answeredNow.size);
      notFound += asked.notFound;
      for (const id of asked.answered) answeredNow.add(id);
      stopped ??= asked.stopped;
    }
    planned = await plan();
  }

  if (options.signal.aborted) throw interrupted();

  const brake = findBrake(planned.plan.counts, settings.limits);
  if (brake !== undefined && !options.force && !options.dryRun) throw withBrake(stopped, brake);

  let applied: Applied = { items: planned.plan.items, refused: [] };
  if (!options.dryRun) {
    applied = await applyPlan(
      run,
      { items: planned.plan.items, compared: planned.plan.compared },
      {
        roster,
        journal: state.journal,
        progress: world.progress,
        planAgain: async () => (await plan()).plan,
      },
    );
    await eraseRelationsOfGrownUps(world);
  }
  if (planned.plan.answersFromTheFuture) world.progress({ kind: 'remark', text: FROM_THE_FUTURE });

  const lookups = {
    asked: answeredNow.size,
    reused: planned.plan.counts.reused,
    notFound,
    failed: [...unasked.values()].filter((why) => why.because === 'failed').length,
    cost: fromOre(costOf(answeredNow.size, settings.pricing)),
    currency: settings.pricing.currency,
  };
  const { report, newReviews } = await reportUpdate(
    {
      command: 'update',
      run,
      dryRun: options.dryRun,
      counts: planned.plan.counts,
      lookups,
      items: applied.items,
      problems: planned.problems,
    },
    state.reviews,
    world.today,
    options.selected,
  );
  const gaps = unasked.size > 0 || changedMeanwhile(applied.refused);
  return {
    report,
    planned,
    newReviews,
    gaps,
    ...(stopped && { stopped }),
    ...(brake && options.dryRun && { brake }),
  };
}

/** Asks about whom the budget reaches; whoever it does not, and whoever could not be asked, goes to `unasked`. */
async function askFor(
  needs: readonly Need[],
  run: number,
  world: UpdateWorld,
  options: UpdateOptions,
  unasked: Map<PersonId, Unasked>,
  boughtBefore: number,
): Promise<Refreshed> {
  const { settings, state } = world;
  const { limits, pricing } = settings;
  const inMonth =
    limits.maxCostPerMonth === undefined ? 0 : await state.ledger.billableIn(world.today.slice(0, 7));
  const left = lookupsLeft(limits, pricing, { inRun: boughtBefore, inMonth });
  const { affordable, tooMany } = chooseAffordable(needs, left);
  for (const need of tooMany) unasked.set(need.id, { because: 'budget' });
  if (affordable.length === 0) return { answered: new Set(), notFound: 0, failed: new Map() };
  if (!(await options.consent(affordable.length, costOf(affordable.length, pricing)))) throw declined();

  const client = await world.openLookup();
  try {
    const { clock, today } = world;
    const recorded = withLedger(client, state.ledger, { run, endUser: settings.endUser, today, clock });
    const refreshed = await refreshSnapshots(affordable, world.wrapLookup(recorded), {
      concurrency: settings.concurrency,
      signal: options.signal,
      progress: world.progress,
    });
    for (const [id, why] of refreshed.failed) {
      unasked.set(
        id,
        why === 'failed' ? { because: 'failed' } : { because: 'failed', review: 'answer-not-understood' },
      );
    }
    return refreshed;
  } finally {
    await client.close();
  }
}

/** Rule 6: cached and journalled names and addresses of protected people go. */
async function eraseProtected(
  { toWithhold, protectedRows }: UpdatePlan,
  { snapshots, journal }: State,
): Promise<void> {
  if (toWithhold.length > 0) await snapshots.withhold(toWithhold);
  if (protectedRows.length > 0) await journal.eraseValues(protectedRows);
}

/** Rule 3: at 18 nobody has guardians any more. */
async function eraseRelationsOfGrownUps({ state, today }: UpdateWorld): Promise<void> {
  const grownUp = (await state.snapshots.withRelations()).filter((id) => !isUnder18(id, today));
  if (grownUp.length > 0) await state.snapshots.eraseRelations(grownUp);
}

/** Where SPAR stopped us too, that is what the exit code tells (CONTRACT section 6); both are said. */
function withBrake(stopped: SparSyncError | undefined, brake: Brake): SparSyncError {
  const braked = brakeError(brake);
  if (stopped === undefined) return braked;
  const { en, sv } = braked.text;
  const text = { en: `${stopped.text.en}\n${en}`, sv: `${stopped.text.sv}\n${sv}` };
  return new SparSyncError(stopped.code, text, stopped.hint);
}

const FROM_THE_FUTURE = {
  en: 'Some cached answers bear a date after today. Was the clock wrong, or --as-of in the future? They are asked about anew when they are more than a day ahead.',
  sv: 'Några sparade svar har ett datum efter i dag. Har klockan gått fel, eller var --as-of i framtiden? De hämtas på nytt om de ligger mer än en dag fram.',
};

function declined(): SparSyncError {
  return new SparSyncError(
    'usage',
    {
      en: 'Nothing was asked and nothing was written.',
      sv: 'Inget har frågats efter och inget har skrivits.',
    },
    {
      en: 'Answer yes, or give --yes, to buy the lookups; --offline plans from the answers at hand.',
      sv: 'Svara ja, eller ange --yes, för att köpa uppslagen; --offline planerar med de svar som finns.',
    },
  );
}
