import { costOf, fromOre, toOre } from '../domain/cost.ts';
import type { PersonId } from '../domain/person-id.ts';
import { chooseAffordable, type Need, type Unasked } from '../domain/update-plan.ts';
import { SparSyncError } from '../errors.ts';
import { createAllowance, lookupsAffordable, withBudget } from './lookup-budget.ts';
import type { LookupCounts } from './lookup-counts.ts';
import { type Refreshed, refreshSnapshots } from './refresh-snapshots.ts';
import { type Patience, patienceOf } from './spar-away.ts';
import type { AskingOptions, UpdateSettings, UpdateWorld } from './update/update-world.ts';
import { withLedger } from './with-ledger.ts';

/**
 * Who was asked about in one run, and who could not be; grows while the run asks. A run that plans twice, for
 * update and then for guardians, has one: nobody is asked about twice in it, and its budget is one.
 */
export interface AskedSoFar {
  readonly answeredNow: Set<PersonId>;
  /** Questions sent that SPAR may bill, those without an answer too. */
  billable: number;
  readonly unasked: Map<PersonId, Unasked>;
  readonly patience: Patience;
  /** Why asking stopped early; nobody more is asked about in this run. */
  stopped?: SparSyncError;
}

/** To be called once for each run. */
export function beginAsking({ waitMinutes }: Pick<UpdateSettings, 'waitMinutes'>): AskedSoFar {
  return { answeredNow: new Set(), billable: 0, unasked: new Map(), patience: patienceOf(waitMinutes) };
}

export interface WholePlan<Plan> {
  readonly planned: Plan;
  readonly bought: Bought;
}

/** What was asked for the sake of one plan. */
export interface Bought {
  /** Lookups answered, `notFound` among them. */
  readonly asked: number;
  readonly notFound: number;
  readonly failed: number;
}

/** One answer may lead to another question (child, guardian, followed number); this bounds a register that refers in circles. */
const ROUNDS = 5;

/** Plans, asks about whoever is missing, and plans again from the answers until nobody is missing who can be asked. */
export async function askUntilWhole<Plan>(
  run: number,
  world: UpdateWorld,
  options: AskingOptions,
  soFar: AskedSoFar,
  plan: () => Promise<Plan>,
  needsOf: (plan: Plan) => readonly Need[],
): Promise<WholePlan<Plan>> {
  const { answeredNow, unasked } = soFar;
  world.progress({ kind: 'reading' });
  let planned = await plan();
  const bought = { asked: 0, notFound: 0, failed: 0 };
  for (let round = 0; needsOf(planned).length > 0; round++) {
    const needs = needsOf(planned);
    if (round >= ROUNDS || soFar.stopped !== undefined) {
      for (const need of needs) unasked.set(need.id, { because: 'failed' });
      bought.failed += needs.length;
    } else {
      const refreshed = await askFor(needs, run, world, options, soFar);
      bought.asked += refreshed.answered.size;
      bought.notFound += refreshed.notFound;
      bought.failed += refreshed.failed.size;
      for (const id of refreshed.answered) answeredNow.add(id);
      if (refreshed.stopped !== undefined) soFar.stopped = refreshed.stopped;
    }
    planned = await plan();
  }
  return { planned, bought };
}

/** What a run bought, for its report. */
export function countLookups(
  { asked, notFound, failed }: Bought,
  reused: number,
  { pricing }: Pick<UpdateSettings, 'pricing'>,
): LookupCounts {
  const cost = fromOre(costOf(asked, pricing));
  return { asked, reused, notFound, failed, cost, currency: pricing.currency };
}

/** Asks about whom the budget reaches; whoever it does not, and whoever could not be asked, goes to `unasked`. */
async function askFor(
  needs: readonly Need[],
  run: number,
  world: UpdateWorld,
  options: AskingOptions,
  soFar: AskedSoFar,
): Promise<Refreshed> {
  const { settings, state } = world;
  const { pricing } = settings;
  const { unasked, patience } = soFar;
  const allowance = createAllowance(await lookupsAffordable(world, soFar.billable));
  const { affordable, tooMany } = chooseAffordable(needs, allowance.left());
  for (const need of tooMany) unasked.set(need.id, { because: 'budget' });
  if (affordable.length === 0) return NOBODY_ASKED;
  if (!(await options.consent(affordable.length, costOf(affordable.length, pricing)))) throw declined();

  const client = await world.openLookup();
  try {
    const { clock, today } = world;
    const recorded = withLedger(client, state.ledger, {
      run,
      endUser: settings.endUser,
      price: toOre(pricing.perLookup),
      today,
      clock,
    });
    const refreshed = await refreshSnapshots(affordable, world.wrapLookup(withBudget(recorded, allowance)), {
      concurrency: settings.concurrency,
      signal: options.signal,
      progress: world.progress,
      clock,
      patience,
      allowance,
    });
    for (const id of refreshed.overBudget) unasked.set(id, { because: 'budget' });
    for (const [id, why] of refreshed.failed) {
      unasked.set(
        id,
        why === 'failed' ? { because: 'failed' } : { because: 'failed', review: 'answer-not-understood' },
      );
    }
    return refreshed;
  } finally {
    soFar.billable += allowance.used();
    await client.close();
  }
}

const NOBODY_ASKED: Refreshed = {
  answered: new Set(),
  notFound: 0,
  failed: new Map(),
  overBudget: new Set(),
};

function declined(): SparSyncError {
  return new SparSyncError(
    'usage',
    {
      en: 'Nothing more was asked and nothing was written.',
      sv: 'Inget mer har frågats efter och inget har skrivits.',
    },
    {
      en: 'Answer yes, or give --yes, to buy the lookups; --offline plans from the answers at hand.',
      sv: 'Svara ja, eller ange --yes, för att köpa uppslagen; --offline planerar med de svar som finns.',
    },
  );
}
