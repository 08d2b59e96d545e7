import { main } from '../../src/cli/main.ts';
import { createFakeProcess } from '../cli/fake-process.ts';
import { type Finished, type Started, type Surroundings, startProgram } from './built-program.ts';
import { testCertificates } from './certificates.ts';
import { clientPkcs12, NEVER_SHOWN, PASSPHRASE, PEOPLE, SHOWN_AS_CHANGE, TODAY } from './fault-school.ts';
import type { SchoolOnDisk } from './school-on-disk.ts';

export interface ErrorShown {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

export interface RunEnded {
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** What `--json` printed. */
  readonly json: Record<string, unknown> & { readonly error?: ErrorShown };
}

/** Runs of the program with all that they have said, for one test at the end to look through. */
export interface RecordedRuns {
  /** In this process. */
  here(args: readonly string[], school: SchoolOnDisk, env?: Record<string, string>): Promise<RunEnded>;
  /** As a process of its own; to be told by `ended` what it said. */
  start(args: readonly string[], around: Surroundings): Started;
  program(args: readonly string[], around: Surroundings): Promise<RunEnded>;
  count(): number;
  /** Everything of people and secrets that was said where it must not be: by what, and where. */
  leaks(): string[];
}

export function recordRuns(): RecordedRuns {
  const recorded: { readonly what: string; readonly stdout: string; readonly stderr: string }[] = [];

  const start = (args: readonly string[], around: Surroundings): Started => {
    const started = startProgram(args, around);
    const finished = started.finished.then((ended: Finished) => {
      recorded.push({ what: args.join(' '), stdout: ended.stdout, stderr: ended.stderr });
      return ended;
    });
    return { ...started, finished };
  };

  return {
    async here(args, school, env = {}) {
      const fake = Object.assign(createFakeProcess(env), { cwd: () => school.dir });
      const exit = await main(withToday(args), fake);
      const [stdout, stderr] = [fake.stdout.text, fake.stderr.text];
      recorded.push({ what: args.join(' '), stdout, stderr });
      return { exit, stdout, stderr, json: jsonIn(stdout) };
    },
    start,
    async program(args, around) {
      const { exit, stdout, stderr } = await start(withToday(args), around).finished;
      return { exit, stdout, stderr, json: jsonIn(stdout) };
    },
    count: () => recorded.length,
    leaks: () =>
      recorded.flatMap(({ what, stdout, stderr }) => [
        ...found(stderr, NOWHERE).map((value) => `${what}: ${value} on standard error`),
        ...found(stdout, isReport(stdout) ? SECRET : NOWHERE).map(
          (value) => `${what}: ${value} on standard output`,
        ),
        ...found(JSON.stringify(jsonIn(stdout).error ?? ''), NOWHERE).map(
          (value) => `${what}: ${value} in the error`,
        ),
      ]),
  };
}

function withToday(args: readonly string[]): readonly string[] {
  return args.includes('--as-of') ? args : [...args, '--as-of', TODAY];
}

function jsonIn(stdout: string): RunEnded['json'] {
  try {
    return JSON.parse(stdout);
  } catch {
    return {};
  }
}

/** Anything but an error alone: what a run has changed may stand there. */
function isReport(stdout: string): boolean {
  const keys = Object.keys(jsonIn(stdout));
  return stdout.trim() !== '' && !(keys.length === 1 && keys[0] === 'error');
}

const SECRET = [...PEOPLE.flatMap(spellings), ...NEVER_SHOWN, PASSPHRASE, ...keyMaterial()];
const NOWHERE = [...SECRET, ...SHOWN_AS_CHANGE];

function spellings(id: string): string[] {
  const [century, day, serial] = [id.slice(0, 2), id.slice(2, 8), id.slice(8)];
  return [`${day}${serial}`, `${day}-${serial}`, `${century}${day}-${serial}`];
}

/** Lines of the key as PEM, and the file with certificate and key as it could be printed. */
function keyMaterial(): string[] {
  const bytes = clientPkcs12();
  const lines = testCertificates()
    .client.key.split('\n')
    .filter((line) => line.length > 40);
  return [...lines, bytes.toString('base64').slice(0, 60), bytes.toString('hex').slice(0, 60)];
}

function found(text: string, values: readonly string[]): string[] {
  return values.filter((value) => text.includes(value));
}
