import { readFileSync } from 'node:fs';
import type { SeededRandom } from '../support/seeded-random.ts';
import type { FuzzTarget } from './fuzz-target.ts';
import { type PreparedSchool, prepareSchool, prepareSqliteSchool, runAndJudge } from './prepared-school.ts';

const COMMANDS = [
  ['status'],
  ['update', '--offline', '--dry-run'],
  ['guardians', '--offline', '--dry-run'],
  ['history'],
  ['history', '3'],
  ['undo', '3', '--dry-run'],
  ['duplicates', '--format', 'csv'],
  ['export'],
  ['check'],
] as const;

const STATE = 'spar-sync.db';
const ROSTER = 'roster.db';

/** The state file with bytes of it flipped: whatever is asked of it, it says that it is damaged, or works. */
export const stateFiles: FuzzTarget = {
  name: 'state files',
  open: async () =>
    damaged(
      await prepareSchool('decided'),
      STATE,
      ['people.csv', 'links.csv'],
      ['state-unusable', 'state-newer', 'state-locked'],
    ),
};

/** The same with a roster that is a database. */
export const rosterDatabases: FuzzTarget = {
  name: 'roster databases',
  open: async () =>
    damaged(await prepareSqliteSchool(), ROSTER, [], ['roster-unreadable', 'roster-unwritable', 'usage']),
};

function damaged(
  school: PreparedSchool,
  file: string,
  untouched: readonly string[],
  codes: readonly string[],
) {
  const whole = readFileSync(school.path(file));
  const before = school.read(...untouched).join('\n');
  return {
    async attempt(random: SeededRandom, keep: (input: Uint8Array) => void) {
      const bytes = flip(whole, random);
      keep(bytes);
      school.restore({ [file]: bytes });
      const command = COMMANDS[random.below(COMMANDS.length)] ?? COMMANDS[0];
      const json =
        command.some((word) => word === 'csv' || word === 'export') || random.happens(0.5) ? [] : ['--json'];
      const { exit, code } = await runAndJudge([...command, '--as-of', '2026-11-23', ...json], school.dir);
      if (school.read(...untouched).join('\n') !== before) throw new Error('the roster was written to');
      if (code !== undefined && !codes.includes(code)) throw new Error(`ended with ${code}`);
      return exit === 0 ? 'accepted' : (code ?? `exit ${exit}`);
    },
    close: () => school.remove(),
  };
}

/** A bit or a byte here and there, a torn page, or a file that ends too early; mostly where something stands. */
function flip(whole: Buffer, random: SeededRandom): Buffer {
  const bytes = Buffer.from(whole);
  const times = 1 + random.below(random.happens(0.7) ? 3 : 60);
  const start = random.happens(0.15) ? 0 : random.below(bytes.length);
  const reach = random.happens(0.15) ? 100 : bytes.length;
  for (let time = 0; time < times; time++) {
    const at = (start + random.below(reach)) % bytes.length;
    bytes[at] = random.happens(0.6) ? (bytes[at] ?? 0) ^ (1 << random.below(8)) : random.below(256);
  }
  if (random.happens(0.3)) misspell(bytes, random);
  if (random.happens(0.03)) return bytes.subarray(0, random.below(bytes.length));
  if (random.happens(0.05)) bytes.fill(0, start & ~4095, (start & ~4095) + 4096);
  return bytes;
}

/** A bit of a word that the file's own structure, or the JSON in it, rests on. */
function misspell(bytes: Buffer, random: SeededRandom): void {
  const word = random.pick(WORDS);
  const places = [...bytes.toString('latin1').matchAll(new RegExp(word, 'g'))];
  const place = places[random.below(places.length)];
  if (place === undefined) return;
  const at = place.index + random.below(word.length);
  bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(5));
}

const WORDS = [
  'registered',
  'protected',
  'predecessors',
  'emigrated',
  'surname',
  'lines',
  'swedish',
  'false',
  'guardianship',
  'relations',
  '2026-11-23',
  'student:',
  'applied',
  'CREATE',
  'personnummer',
  'person_id',
] as const;
