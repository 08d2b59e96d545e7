import { costOf, fromOre, toOre } from '../domain/cost.ts';
import type { PersonId } from '../domain/person-id.ts';
import type { Need, Unasked } from '../domain/update-plan.ts';
import { SparSyncError } from '../errors.ts';
import { type Allowance, choose, createAllowance, lookupsAffordable, withBudget } from './lookup-budget.ts';
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
  /** What was bought for each plan that the run makes. */
  readonly bought: Readonly<Record<Part, Bought>>;
  /** Why asking stopped early; nobody more is asked about in this run. */
  stopped?: SparSyncError;
}

/** A plan that a run makes. */
export type Part = 'update' | 'guardians';

/** To be called once for each run. */
export function beginAsking({ waitMinutes }: Pick<UpdateSettings, 'waitMinutes'>): AskedSoFar {
  return {
    answeredNow: new Set(),
    billable: 0,
    unasked: new Map(),
    patience: patienceOf(waitMinutes),
    bought: { update: nothingBought(), guardians: nothingBought() },
  };
}

/** What was asked for the sake of one plan. */
export interface Bought {
  /** Lookups answered, `notFound` among them. */
  asked: number;
  notFound: number;
  failed: number;
}

function nothingBought(): Bought {
  return { asked: 0, notFound: 0, failed: 0 };
}

/** One answer may lead to another question (child, guardian, followed number); this bounds a register that refers in circles. */
const ROUNDS = 5;

/** Plans, asks about whoever is missing, and plans again from the answers until nobody is missing who can be asked. */
export async function askUntilWhole<Plan>(
  part: Part,
  run: number,
  world: UpdateWorld,
  options: AskingOptions,
  soFar: AskedSoFar,
  plan: () => Promise<Plan>,
  needsOf: (plan: Plan) => readonly Need[],
): Promise<Plan> {
  world.progress({ kind: 'reading' });
  let planned = await plan();
  for (let round = 0; needsOf(planned).length > 0; round++) {
    const needs = needsOf(planned);
    if (round >= ROUNDS || soFar.stopped !== undefined) {
      for (const need of needs) soFar.unasked.set(need.id, { because: 'failed' });
      soFar.bought[part].failed += needs.length;
    } else {
      await askFor(needs, () => part, run, world, options, soFar);
    }
    planned = await plan();
  }
  return planned;
}

/** What a run bought, for its report. */
export function countLookups(
  { asked, notFound, failed }: Readonly<Bought>,
  reused: number,
  { pricing }: Pick<UpdateSettings, 'pricing'>,
): LookupCounts {
  const cost = fromOre(costOf(asked, pricing));
  return { asked, reused, notFound, failed, cost, currency: pricing.currency };
}

/**
 * Asks about whom the budget reaches; whoever it does not, and whoever could not be asked, goes to `unasked`.
 *
 * @param partOf for whose plan somebody is asked about
 * @param others how many more the budget reaches, who are to be asked about afterwards
 */
export async function askFor(
  needs: readonly Need[],
  partOf: (person: PersonId) => Part,
  run: number,
  world: UpdateWorld,
  options: AskingOptions,
  soFar: AskedSoFar,
  others = 0,
): Promise<void> {
  const { pricing } = world.settings;
  const allowance = createAllowance(await lookupsAffordable(world, soFar.billable));
  const { affordable, tooMany } = await choose(needs, allowance.left(), world);
  for (const need of tooMany) soFar.unasked.set(need.id, { because: 'budget' });
  if (affordable.length === 0) return;
  if (!(await options.consent(affordable.length, costOf(affordable.length, pricing)))) throw declined();
  keepCount(await ask(affordable, allowance, run, world, options, soFar, others), partOf, soFar);
}

async function ask(
  needs: readonly Need[],
  allowance: Allowance,
  run: number,
  world: UpdateWorld,
  { signal }: AskingOptions,
  soFar: AskedSoFar,
  others: number,
): Promise<Refreshed> {
  const { settings, state, clock, today, progress } = world;
  const client = await world.openLookup();
  try {
    const recorded = withLedger(client, state.ledger, {
      run,
      endUser: settings.endUser,
      price: toOre(settings.pricing.perLookup),
      today,
      clock,
    });
    return await refreshSnapshots(
      needs,
      world.wrapLookup(withBudget(recorded, allowance, needs.length + others)),
      {
        concurrency: settings.concurrency,
        signal,
        progress,
        clock,
        patience: soFar.patience,
        allowance,
        areNotAll: others > 0 || soFar.answeredNow.size > 0,
      },
    );
  } finally {
    soFar.billable += allowance.used();
    await client.close();
  }
}

function keepCount(
  { answered, notFound, failed, overBudget, stopped }: Refreshed,
  partOf: (person: PersonId) => Part,
  soFar: AskedSoFar,
): void {
  const boughtFor = (person: PersonId): Bought => soFar.bought[partOf(person)];
  for (const person of answered) {
    soFar.answeredNow.add(person);
    boughtFor(person).asked++;
  }
  for (const person of notFound) boughtFor(person).notFound++;
  for (const person of overBudget) soFar.unasked.set(person, { because: 'budget' });
  for (const [person, why] of failed) {
    boughtFor(person).failed++;
    soFar.unasked.set(
      person,
      why === 'failed' ? { because: 'failed' } : { because: 'failed', review: 'answer-not-understood' },
    );
  }
  if (stopped !== undefined) soFar.stopped = stopped;
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
