import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyDecisions } from '../../src/app/duplicates/apply-decisions.ts';
import { guardians } from '../../src/app/guardians/guardians.ts';
import { undo } from '../../src/app/history/undo.ts';
import { update } from '../../src/app/update/update.ts';
import { addDays } from '../../src/domain/calendar-date.ts';
import type { Verdict } from '../../src/domain/decision.ts';
import {
  ANNA,
  adult,
  BO,
  child,
  decide,
  EVA,
  GUARDIAN_RUN,
  guardian,
  KIM,
  LO,
  MIO,
  onlyStudents,
  openGuardianWorld,
  student,
  type TestGuardianWorld,
} from '../support/guardian-world.ts';
import { createMemoryRoster, type MemoryRoster } from '../support/memory-roster.ts';
import { createFakeSpar, type FakeSpar, OPTIONS, swedish, TODAY } from '../support/update-world.ts';

const HOMES = [
  swedish('Gatan 1', '11146', 'STOCKHOLM'),
  swedish('Gatan 1', '98100', 'KIRUNA'),
  swedish('Nya vägen 2', '22222', 'LUND'),
] as const;

/** Anna twice, Bo without a number, Eva not at all; three children. */
function school(database: boolean): MemoryRoster {
  return createMemoryRoster(
    [
      student('1', KIM),
      student('2', LO, { street: 'Gamla vägen 9', postal_code: '222 22', city: 'Lund' }),
      student('3', MIO),
      guardian('7', { first_name: 'Bo', last_name: 'Ek', street: 'Gatan 1', postal_code: '111 46' }),
      guardian('8', { first_name: 'Anna', last_name: 'Ek', email: 'anna@example.org', phone: '070-1234567' }),
      guardian('9', { personnummer: ANNA, first_name: 'Anna', last_name: 'Ask' }),
    ],
    {
      links: [
        { student: '1', guardian: '7', relation: 'far', source: 'hand' },
        { student: '1', guardian: '8', relation: 'mor', source: '' },
        { student: '2', guardian: '8', relation: '', source: '' },
        { student: '2', guardian: '9', relation: 'mor', source: '' },
      ],
      database,
      idStyle: 'uuid',
    },
  );
}

function tell(spar: FakeSpar, home: number): void {
  const at = HOMES[home % HOMES.length];
  spar.answers.set(KIM, child(KIM, home % 2 === 0 ? [ANNA, BO] : [BO]));
  spar.answers.set(LO, child(LO, [ANNA, EVA]));
  spar.answers.set(MIO, child(MIO, [EVA]));
  spar.answers.set(ANNA, adult(ANNA, 'Anna Ek', at));
  spar.answers.set(BO, adult(BO, 'Bo Ek', HOMES[0]));
  spar.answers.set(EVA, adult(EVA, 'Eva Alm', at));
}

type Step =
  | { readonly kind: 'update' | 'guardians'; readonly force: boolean }
  | { readonly kind: 'decide'; readonly verdict: Verdict; readonly keep: 0 | 1; readonly pair: number }
  | { readonly kind: 'undo'; readonly back: number }
  | { readonly kind: 'spar'; readonly home: number };

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('update' as const), force: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('guardians' as const), force: fc.boolean() }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('decide' as const),
      verdict: fc.constantFrom('same' as const, 'different' as const),
      keep: fc.constantFrom(0 as const, 1 as const),
      pair: fc.nat(20),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('undo' as const), back: fc.nat(6) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('spar' as const), home: fc.nat(2) }) },
);

interface Place {
  readonly roster: MemoryRoster;
  readonly spar: FakeSpar;
  readonly world: TestGuardianWorld;
}

/** Each step on a later day, so that SPAR is asked anew. What is refused is no step. */
async function take(step: Step, day: number, { roster, spar, world: { state } }: Place): Promise<void> {
  const world = await openGuardianWorld(roster, spar, { state, today: addDays(TODAY, day * 40) });
  switch (step.kind) {
    case 'update':
      await update(world, { ...OPTIONS, force: step.force, namedRows: step.force });
      break;
    case 'guardians':
      await guardians(world, {
        ...GUARDIAN_RUN,
        ...(step.force && { ...onlyStudents('1', '2', '3'), force: true }),
      });
      break;
    case 'decide': {
      const ids = roster.rows.filter(({ type }) => type === 'guardian').map(({ id }) => id);
      const [a, b] = [ids[step.pair % ids.length] ?? '', ids[(step.pair * 7 + 1) % ids.length] ?? ''];
      const [keep, other] = step.keep === 0 ? [a, b] : [b, a];
      await applyDecisions(await decide(world, [step.verdict, keep, other]), world, { dryRun: false }).catch(
        onlyRefusals,
      );
      break;
    }
    case 'undo': {
      const runs = await state.journal.runs();
      const run = runs[step.back % Math.max(1, runs.length)]?.run ?? 1;
      await undo(run, world, { dryRun: false }).catch(onlyRefusals);
      break;
    }
    case 'spar':
      tell(spar, step.home);
      break;
  }
}

function onlyRefusals(error: unknown): void {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code !== 'usage' && code !== 'decisions-unusable') throw error;
}

/** Whatever the order of the columns. */
function asText({ rows, links }: MemoryRoster): string {
  return JSON.stringify(
    [rows, links].map((all) => all.map((one) => Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))),
    null,
    1,
  );
}

describe('any sequence of runs', () => {
  it('undone from the last to the first gives back the roster and leaves no decision in force', async () => {
    let written = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyStep, { minLength: 2, maxLength: 8 }),
        fc.boolean(),
        async (steps, database) => {
          const roster = school(database);
          const spar = createFakeSpar();
          tell(spar, 0);
          const world = await openGuardianWorld(roster, spar);
          const before = asText(roster);
          for (const [day, step] of steps.entries()) await take(step, day, { roster, spar, world });

          const left: unknown[] = [];
          for (const { run } of await world.state.journal.runs()) {
            const undone = await undo(run, world, { dryRun: false }).catch(onlyRefusals);
            if (undone !== undefined) {
              written++;
              left.push(...undone.report.left);
            }
          }
          expect(asText(roster)).toBe(before);
          expect(left).toEqual([]);
          expect(await world.state.journal.decisions()).toEqual([]);
          await world.state.close();
        },
      ),
      { numRuns: 40 },
    );
    expect(written).toBeGreaterThan(40);
  }, 60_000);

  it('and then no run writes anything of it again by itself, from the same answers', async () => {
    const roster = school(false);
    const spar = createFakeSpar();
    tell(spar, 0);
    const world = await openGuardianWorld(roster, spar);
    const before = asText(roster);
    await update(world, OPTIONS);
    await guardians(world, GUARDIAN_RUN);
    await applyDecisions(await decide(world, ['same', '9', '8']), world, { dryRun: false });
    for (const { run } of await world.state.journal.runs()) await undo(run, world, { dryRun: false });
    expect(asText(roster)).toBe(before);
    await update(world, OPTIONS);
    await guardians(world, GUARDIAN_RUN);
    expect(asText(roster)).toBe(before);
  });
});
