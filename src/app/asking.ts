import { costOf, fromOre, lookupsLeft } from '../domain/cost.ts';
import type { PersonId } from '../domain/person-id.ts';
import { chooseAffordable, type Need, type Unasked } from '../domain/update-plan.ts';
import { SparSyncError } from '../errors.ts';
import type { LookupCounts } from './lookup-counts.ts';
import { type Refreshed, refreshSnapshots } from './refresh-snapshots.ts';
import type { AskingOptions, UpdateWorld } from './update/update-world.ts';
import { withLedger } from './with-ledger.ts';

/** Who was asked about in one run, and who could not be; grows while the run asks. */
export interface AskedSoFar {
  readonly answeredNow: Set<PersonId>;
  readonly unasked: Map<PersonId, Unasked>;
}

export interface WholePlan<Plan> {
  readonly planned: Plan;
  /** Of the people asked about, whom SPAR did not find. */
  readonly notFound: number;
  /** Why asking stopped early. */
  readonly stopped?: SparSyncError;
}

/** One answer may lead to another question (child, guardian, followed number); this bounds a register that refers in circles. */
const ROUNDS = 5;

/** Plans, asks about whoever is missing, and plans again from the answers until nobody is missing who can be asked. */
export async function askUntilWhole<Plan>(
  run: number,
  world: UpdateWorld,
  options: AskingOptions,
  { answeredNow, unasked }: AskedSoFar,
  plan: () => Promise<Plan>,
  needsOf: (plan: Plan) => readonly Need[],
): Promise<WholePlan<Plan>> {
  world.progress({ kind: 'reading' });
  let planned = await plan();
  let notFound = 0;
  let stopped: SparSyncError | undefined;
  for (let round = 0; needsOf(planned).length > 0; round++) {
    const needs = needsOf(planned);
    if (round >= ROUNDS || stopped !== undefined) {
      for (const need of needs) unasked.set(need.id, { because: 'failed' });
    } else {
      const asked = await askFor(needs, run, world, options, unasked, answeredNow.size);
      notFound += asked.notFound;
      for (const id of asked.answered) answeredNow.add(id);
      stopped ??= asked.stopped;
    }
    planned = await plan();
  }
  return { planned, notFound, ...(stopped && { stopped }) };
}

/** What a run bought, for its report. */
export function countLookups(
  { answeredNow, unasked }: AskedSoFar,
  { notFound, reused }: { readonly notFound: number; readonly reused: number },
  { pricing }: UpdateWorld['settings'],
): LookupCounts {
  return {
    asked: answeredNow.size,
    reused,
    notFound,
    failed: [...unasked.values()].filter((why) => why.because === 'failed').length,
    cost: fromOre(costOf(answeredNow.size, pricing)),
    currency: pricing.currency,
  };
}

/** Asks about whom the budget reaches; whoever it does not, and whoever could not be asked, goes to `unasked`. */
async function askFor(
  needs: readonly Need[],
  run: number,
  world: UpdateWorld,
  options: AskingOptions,
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
