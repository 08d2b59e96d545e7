import { readFileSync, writeFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { readDecisionFile } from '../../src/adapters/report/decision-file.ts';
import type { WrittenDecision } from '../../src/app/duplicates/duplicate-report.ts';
import { rowKeyText } from '../../src/domain/roster.ts';
import { SparSyncError } from '../../src/errors.ts';
import type { SeededRandom } from '../support/seeded-random.ts';
import type { FuzzTarget } from './fuzz-target.ts';
import { HOSTILE_TEXTS, mutateBytes, mutateText } from './mutate-text.ts';
import { demandNeutralError } from './neutral.ts';
import { type PreparedSchool, prepareSchool, runAndJudge } from './prepared-school.ts';

const FILE = 'decisions.csv';
/** Of the people in the pairs. */
const PERSONAL = ['öberg', 'sankt ilians', '19910726', 'petra'];

/** Files of decisions, mutated, through what reads them. */
export const decisionFiles: FuzzTarget = {
  name: 'decision files',
  async open() {
    const school = await prepareSchool('decided');
    const decided = decide(school);
    const path = school.path('mutant.csv');
    return {
      async attempt(random, keep) {
        const made = mutateDecisions(decided, random);
        keep(made);
        writeFileSync(path, made);
        const read = await readOrRefusal(path);
        return typeof read === 'string' ? read : 'accepted';
      },
      close: () => school.remove(),
    };
  },
};

/** The same through the whole program: only decisions about pairs that were reported are carried out. */
export const appliedDecisions: FuzzTarget = {
  name: 'decisions carried out',
  async open() {
    const school = await prepareSchool('decided');
    const decided = decide(school);
    writeFileSync(school.path(FILE), decided);
    const reported = new Set((await readDecisionFile(school.path(FILE))).decisions.map(pairOf));
    const before = school.read('people.csv', 'links.csv');
    return {
      async attempt(random, keep) {
        const made = random.happens(0.1) ? decided : mutateDecisions(decided, random);
        keep(made);
        school.restore({ [FILE]: made });
        const read = await readOrRefusal(school.path(FILE));
        const json = random.happens(0.5) ? ['--json'] : [];
        const { exit, code } = await runAndJudge(['duplicates', 'apply', FILE, ...json], school.dir);
        const isWritten = !isDeepStrictEqual(school.read('people.csv', 'links.csv'), before);
        if (isWritten && exit !== 0) throw new Error('refused, and yet written');
        if (isWritten && (typeof read === 'string' || !read.every((one) => reported.has(pairOf(one))))) {
          throw new Error('decisions about other pairs than were reported were carried out');
        }
        if (code !== undefined && code !== 'decisions-unusable' && code !== 'plan-outdated') {
          throw new Error(`refused with ${code}`);
        }
        return exit === 0 ? 'accepted' : `exit ${exit}`;
      },
      close: () => school.remove(),
    };
  },
};

async function readOrRefusal(path: string): Promise<readonly WrittenDecision[] | string> {
  try {
    return (await readDecisionFile(path, FILE)).decisions;
  } catch (error) {
    if (!(error instanceof SparSyncError)) throw error;
    if (error.code !== 'decisions-unusable') throw new Error(`stopped with ${error.code}`);
    demandNeutralError(error, PERSONAL);
    return error.code;
  }
}

function pairOf({ a, b, check }: WrittenDecision): string {
  return [...[a, b].map(rowKeyText).sort(), check].join('\n');
}

/** As a person would: every other pair is the same. */
function decide(school: PreparedSchool): string {
  const lines = readFileSync(school.path(FILE), 'utf8').split('\n');
  const decided = lines.map((line, i) => {
    if (line.trim() === '' || line.includes('decision')) return line;
    return `${i % 2 === 0 || line.includes('staff:') ? 'different' : 'same'}${line}`;
  });
  return decided.join('\n');
}

function mutateDecisions(text: string, random: SeededRandom): string | Uint8Array {
  if (random.happens(0.3)) return mutateBytes(Buffer.from(text), random);
  if (random.happens(0.4)) return mutateText(text, random);
  const lines = text.split('\n').map((line) => line.split(';'));
  const times = 1 + random.below(3);
  for (let time = 0; time < times; time++) {
    const [line, other] = [lines[random.below(lines.length)], lines[random.below(lines.length)]];
    if (line === undefined || other === undefined) continue;
    // Every column but the last, which says what the rows were, may be edited.
    const last = random.happens(0.3);
    const cell = last ? line.length - 1 : random.below(random.happens(0.7) ? 4 : line.length);
    const words = ['same', 'olika', 'Samma', '', other[cell] ?? '', line[random.below(4)] ?? ''];
    line[cell] = random.happens(0.7) ? (words[random.below(words.length)] ?? '') : random.pick(HOSTILE_TEXTS);
    if (random.happens(0.1)) lines.push([...other]);
  }
  return lines.map((line) => line.join(';')).join('\n');
}
