// How far the grades can be trusted, on made-up schools whose truth is known, and what a plan costs. Ends with 1
// when a target is missed. `npm run bench:matching -- --guardians 200000 --seed 7`.
import { parseArgs } from 'node:util';
import { type FamiliesWish, makeUpFamilies } from '../test/support/made-up-families.ts';
import { createScore, type Score, scorePlan, sharesOf, type Tally } from '../test/support/matching-score.ts';
import { planMadeUp } from '../test/support/plan-made-up.ts';
import { costOfPlan, type PlanCost } from './guardian-cost.ts';

const SCHOOL: FamiliesWish = { students: 1500 };
const SIZES = [12_500, 25_000, 50_000, 100_000];
/** Time per student of the largest plan against that of the smallest: linear, with some room for garbage and noise. */
const GROWTH_ALLOWED = 1.6;
const SECONDS_ALLOWED = 30;

const { values } = parseArgs({
  options: {
    guardians: { type: 'string', default: '120000' },
    seed: { type: 'string', default: '1' },
    sizes: { type: 'string', default: SIZES.join(',') },
  },
});

const met = [judgeMatching(Number(values.guardians), Number(values.seed)), await judgeCost(values.sizes)];
process.exitCode = met.every(Boolean) ? 0 : 1;

function judgeMatching(guardians: number, firstSeed: number): boolean {
  const score = createScore();
  let seed = firstSeed;
  for (; score.rows < guardians; seed++) {
    const school = makeUpFamilies(seed, SCHOOL);
    scorePlan(score, school, planMadeUp(school));
  }
  console.log(
    `${score.rows} guardian rows of ${seed - firstSeed} schools, seeds ${firstSeed} to ${seed - 1}\n`,
  );
  printKinds(score);
  const { wrong, found, missed, noise } = sharesOf(score);
  const apart = score.wrong.filter((each) => each.cannotBeTold).length;
  return [
    verdict(wrong === 0, `wrong assignments: ${wrong} (0); ${apart} more that nothing at hand can tell`),
    verdict(found >= 0.99, `certain found where the evidence is there: ${percent(found)} (at least 99 %)`),
    verdict(missed <= 0.02, `true pairs neither merged nor reported: ${percent(missed)} (at most 2 %)`),
    verdict(noise <= 0.2, `noise in the report: ${percent(noise)} of ${score.claims} pairs (at most 20 %)`),
  ].every(Boolean);
}

function printKinds(score: Score): void {
  const columns = ['rows', 'known', 'right', 'wrong', 'reported', 'missed', 'leftAlone', 'noise'] as const;
  const line = (kind: string, cells: readonly string[]) =>
    console.log(`${kind.padEnd(62)}${cells.map((cell) => cell.padStart(10)).join('')}`);
  const total: Tally = emptyTally();
  line('kind of guardian row', columns.map(String));
  const kinds = [...score.kinds].sort((a, b) => b[1].rows - a[1].rows);
  for (const apart of [false, true]) {
    if (apart) console.log('\nNothing at hand can tell these from the guardian:');
    for (const [kind, tally] of kinds) {
      if (score.cannotBeTold.has(kind) !== apart) continue;
      line(
        kind,
        columns.map((column) => String(tally[column])),
      );
      for (const column of columns) total[column] += tally[column];
    }
  }
  console.log();
  line(
    'all',
    columns.map((column) => String(total[column])),
  );
  const notFound = [...score.evidentMissed].sort((a, b) => b[1] - a[1]);
  const list = notFound.map(([kind, count]) => `${kind} ${count}`).join(', ');
  console.log(
    `\n${score.evident} guardians with evidence, ${score.evidentFound} found; not: ${list || 'none'}\n`,
  );
}

function emptyTally(): Tally {
  return { rows: 0, known: 0, right: 0, wrong: 0, reported: 0, missed: 0, leftAlone: 0, noise: 0 };
}

/** One plan of a school of each size, by the program itself, from a roster in files and answers in its state. */
async function judgeCost(sizes: string): Promise<boolean> {
  const costs: PlanCost[] = [];
  for (const size of sizes.split(',').map(Number).filter(Boolean)) {
    const cost = await costOfPlan(size);
    costs.push(cost);
    const { students, guardians, seconds, maxRss } = cost;
    console.log(
      `${students} students, ${guardians} guardian rows: ${seconds.toFixed(2)} s, ` +
        `${((1e6 * seconds) / students).toFixed(0)} µs a student, ${(maxRss / 1e6).toFixed(0)} MB`,
    );
  }
  const [first, last] = [costs[0], costs.at(-1)];
  if (first === undefined || last === undefined) return true;
  const growth = last.seconds / last.students / (first.seconds / first.students);
  return [
    verdict(
      last.seconds < SECONDS_ALLOWED,
      `the largest plan: ${last.seconds.toFixed(1)} s (under ${SECONDS_ALLOWED} s)`,
    ),
    verdict(
      growth <= GROWTH_ALLOWED,
      `time a student, largest plan against smallest: ×${growth.toFixed(2)} (at most ×${GROWTH_ALLOWED})`,
    ),
  ].every(Boolean);
}

function verdict(isMet: boolean, what: string): boolean {
  console.log(`${isMet ? 'met   ' : 'MISSED'}  ${what}`);
  return isMet;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}
