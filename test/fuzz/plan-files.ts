import { readFileSync, writeFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { readPlanFile } from '../../src/adapters/report/plan-file.ts';
import { SparSyncError } from '../../src/errors.ts';
import type { SeededRandom } from '../support/seeded-random.ts';
import type { FuzzTarget } from './fuzz-target.ts';
import { mutateJson } from './mutate-json.ts';
import { mutateBytes, mutateText } from './mutate-text.ts';
import { demandNeutral, demandNeutralError } from './neutral.ts';
import { type PreparedSchool, prepareSchool, runAndJudge } from './prepared-school.ts';

const NAMES = ['update-plan.json', 'guardians-plan.json'] as const;

/** Saved plans, mutated, through what reads them: what is taken says what it said. */
export const planFiles: FuzzTarget = {
  name: 'plan files',
  async open() {
    const school = await prepareSchool('planned');
    const originals = originalsOf(school);
    const path = school.path('mutant.json');
    return {
      async attempt(random, keep) {
        const original = random.pick(originals);
        const made = mutatePlan(original.text, random);
        keep(made);
        writeFileSync(path, made);
        try {
          const read = await readPlanFile(path);
          if (!isDeepStrictEqual(read, original.read))
            throw new Error('a plan is taken that says something else');
          return 'accepted';
        } catch (error) {
          if (!(error instanceof SparSyncError)) throw error;
          if (error.code !== 'plan-unusable') throw new Error(`stopped with ${error.code}`);
          demandNeutralError(error);
          demandNeutral(error.text.sv, 'a message');
          return error.code;
        }
      },
      close: () => school.remove(),
    };
  },
};

/** The same through the whole program: nothing is written, or exactly what the plan said. */
export const appliedPlans: FuzzTarget = {
  name: 'plans carried out',
  async open() {
    const school = await prepareSchool('planned');
    const originals = originalsOf(school);
    const before = school.read('people.csv', 'links.csv');
    const after = new Map<string, readonly string[]>();
    for (const { name } of originals) {
      school.restore();
      await runAndJudge(['apply', name, '--as-of', '2026-11-23', '--json'], school.dir);
      after.set(name, school.read('people.csv', 'links.csv'));
    }
    return {
      async attempt(random, keep) {
        const { name, text } = random.pick(originals);
        const made = random.happens(0.1) ? JSON.stringify(JSON.parse(text)) : mutatePlan(text, random);
        keep(made);
        school.restore({ [name]: made });
        const { exit, code } = await runAndJudge(
          ['apply', name, '--as-of', '2026-11-23', ...(random.happens(0.5) ? ['--json'] : [])],
          school.dir,
        );
        const now = school.read('people.csv', 'links.csv');
        if (exit === 0 && !isDeepStrictEqual(now, after.get(name)))
          throw new Error('another plan was carried out');
        if (exit !== 0 && !isDeepStrictEqual(now, before)) throw new Error('refused, and yet written');
        if (code !== undefined && code !== 'plan-unusable' && code !== 'plan-outdated') {
          throw new Error(`refused with ${code}`);
        }
        return exit === 0 ? 'accepted' : `exit ${exit}`;
      },
      close: () => school.remove(),
    };
  },
};

interface Original {
  readonly name: string;
  readonly text: string;
  readonly read: unknown;
}

function originalsOf(school: PreparedSchool): [Original, Original] {
  const [update, guardians] = NAMES.map((name) => {
    const text = readFileSync(school.path(name), 'utf8');
    const { digest: _digest, ...plan } = JSON.parse(text);
    const kind = name === 'update-plan.json' ? 'update' : 'guardians';
    return { name, text, read: { kind, plan } };
  });
  if (update === undefined || guardians === undefined) throw new Error('a plan is missing');
  return [update, guardians];
}

function mutatePlan(text: string, random: SeededRandom): string | Uint8Array {
  if (random.happens(0.3)) return anotherValue(text, random);
  if (random.happens(0.5)) return mutateJson(JSON.parse(text), random);
  return random.happens(0.5) ? mutateText(text, random) : mutateBytes(Buffer.from(text), random);
}

/** A plan as good as the other that writes something else: one letter of one value is another. */
function anotherValue(text: string, random: SeededRandom): string {
  const values = [...text.matchAll(/"(?:to|street|first_name)": "(?=[^"\\])/g)];
  const value = values[random.below(values.length)];
  const at = (value?.index ?? 0) + (value?.[0].length ?? 0);
  return text.slice(0, at) + random.pick(['X', 'Y', '=', '1']) + text.slice(at + 1);
}
