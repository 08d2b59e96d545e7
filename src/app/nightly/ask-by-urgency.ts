import type { PersonId } from '../../domain/person-id.ts';
import { type LastTried, type Need, needsTogether } from '../../domain/update-plan.ts';
import { type AskedSoFar, askFor } from '../asking.ts';
import {
  type GuardianCommandOptions,
  type GuardianWorld,
  planGuardiansInRun,
} from '../guardians/guardians.ts';
import { choose, lookupsAffordable } from '../lookup-budget.ts';
import { planUpdateInRun } from '../update/update.ts';
import type { UpdateOptions } from '../update/update-world.ts';

/**
 * Spends a budget that both parts of a night share on those never asked, of either part, before any answer is
 * renewed, and then on the oldest answers, of either part: else the answers that `update` has to renew could keep new
 * guardians waiting for ever. A child's renewed answer may name somebody never asked, who then comes first: so answers
 * are renewed in shares, and the rest of the budget is there for whom they name. Does nothing where `update` has
 * nothing to renew, or the budget is ample.
 */
export async function askByUrgency(
  run: number,
  world: GuardianWorld,
  options: { readonly update: UpdateOptions; readonly guardians: GuardianCommandOptions },
  asked: AskedSoFar,
): Promise<void> {
  if ((await lookupsAffordable(world, asked.billable)) === Number.POSITIVE_INFINITY) return;
  for (let round = 1; asked.stopped === undefined; round++) {
    const ofUpdate = (await planUpdateInRun(world, options.update, asked)).plan.needs;
    const tried = await world.state.ledger.lastTried(ofUpdate.map(({ id }) => id));
    if (ofUpdate.every(isNeverAsked(tried))) return;
    const ofGuardians = (await planGuardiansInRun(world, options.guardians, asked)).plan.needs;
    const all = needsTogether(ofUpdate, ofGuardians);
    const left = await lookupsAffordable(world, asked.billable);
    if (all.length * NAMED_BY_ONE <= left) return;
    const neverAsked = all.filter(isNeverAsked(await world.state.ledger.lastTried(all.map(({ id }) => id))));
    const { affordable } = await choose(all, left, world);
    const isLast = round === MOST_ROUNDS || affordable.length <= 1 || !affordable.some(mayNameSomebody);
    const share = isLast ? all : affordable.slice(0, Math.ceil(affordable.length / 2));
    const areOfUpdate = new Set(ofUpdate.map(({ id }) => id));
    const partOf = (id: PersonId) => (areOfUpdate.has(id) ? 'update' : 'guardians');
    const wanted = neverAsked.length > 0 ? neverAsked : share;
    const others = Math.max(0, Math.min(all.length, left) - wanted.length);
    await askFor(wanted, partOf, run, world, options.update, asked, others);
    if (neverAsked.length === 0 && isLast) return;
  }
}

/** A child and two guardians: with so many lookups for each that is known, nobody has to wait for another. */
const NAMED_BY_ONE = 3;

/** Each takes reading the roster twice; the last one asks about all that is left. */
const MOST_ROUNDS = 10;

function isNeverAsked(lastTried: LastTried): (need: Need) => boolean {
  return ({ id, lastAnswer }) => lastAnswer === undefined && !lastTried.has(id);
}

function mayNameSomebody({ permissions }: Need): boolean {
  return permissions.includes('relations');
}
