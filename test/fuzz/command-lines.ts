import { type Commands, LAZY_COMMANDS } from '../../src/cli/lazy-commands.ts';
import type { FuzzTarget } from './fuzz-target.ts';
import { HOSTILE_TEXTS } from './mutate-text.ts';
import { prepareSchool, runAndJudge } from './prepared-school.ts';

const COMMAND_NAMES = Object.keys(LAZY_COMMANDS);

const WORDS: readonly [string, ...string[]] = [
  'update',
  ...COMMAND_NAMES.flatMap((name) => name.split(' ')),
  'status',
  'help',
  '--type',
  'elev',
  'pupil',
  '--id',
  '1001',
  'student:1001',
  'student:',
  '--id=__proto__',
  '--dry-run',
  '--offline',
  '--refresh',
  '--plan',
  'plan.json',
  'people.csv',
  '--force',
  '--yes',
  '--report',
  'report',
  '--format',
  'csv',
  'json',
  '-o',
  'out.csv',
  '--output',
  '--excel',
  '--with-guardians',
  '--month',
  '2026-11',
  '--since',
  '2026-02-30',
  '--departed',
  '--config',
  'config.json',
  '/dev/null',
  'config.json/x',
  'a\0b',
  '--json',
  '--quiet',
  '--no-color',
  '--as-of',
  '2026-11-23',
  '9999-12-31',
  '-h',
  '--help',
  '-V',
  '--',
  '-',
  '-x',
  '--=',
  '--__proto__',
  '--constructor=1',
  '199001142380',
  'student:19900114-2380',
  '1',
  '0',
  '-1',
  '1e9',
  'x'.repeat(300),
  ...HOSTILE_TEXTS,
];

const FLAGS = [
  '--id',
  '--type',
  '--format',
  '--month',
  '--since',
  '--as-of',
  '--config',
  '-o',
  '--plan',
] as const;
const NUMBERS = ['199001142380', 'student:19900114-2380', '900114-2380'] as const;

const WRITERS: ReadonlySet<string> = new Set(['update', 'guardians', 'apply', 'undo', 'nightly']);

/** What asks at the terminal, makes a school of its own, or waits for ever is not started; nobody is asked about. */
const HARMLESS = {
  ...LAZY_COMMANDS,
  init: async () => 0,
  demo: async () => 0,
  simulator: async () => 0,
} satisfies Commands;

/** Any words behind `spar-sync`, in a school where everybody has been asked about. */
export const commandLines: FuzzTarget = {
  name: 'command lines',
  async open() {
    const school = await prepareSchool('decided');
    return {
      async attempt(random, keep) {
        const count = random.below(random.happens(0.5) ? 3 : 7);
        const name = COMMAND_NAMES[random.below(COMMAND_NAMES.length)] ?? 'status';
        // A flag with a value that it may not have comes further than any two words.
        const pair = random.happens(0.4)
          ? [random.pick(FLAGS), random.pick(random.happens(0.5) ? NUMBERS : HOSTILE_TEXTS)]
          : [];
        const args = [
          ...(random.happens(0.8) ? name.split(' ') : []),
          ...pair,
          ...Array.from({ length: count }, () => random.pick(WORDS)),
        ];
        keep(JSON.stringify(args));
        school.restore();
        const before = school.read('people.csv', 'links.csv').join('\n');
        const { exit } = await runAndJudge(args, school.dir, HARMLESS);
        const isWritten = school.read('people.csv', 'links.csv').join('\n') !== before;
        if (isWritten && exit !== 0 && exit !== 3) throw new Error('refused, and yet written');
        if (isWritten && !args.some((word) => WRITERS.has(word))) {
          throw new Error('written by a command that only looks');
        }
        return exit === 0 ? 'accepted' : `exit ${exit}`;
      },
      close: () => school.remove(),
    };
  },
};
