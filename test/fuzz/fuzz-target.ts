import { mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSeededRandom, type SeededRandom } from '../support/seeded-random.ts';
import { beginWatch } from './watchdog.ts';

/** One way into the program that hostile input may take. */
export interface FuzzTarget {
  readonly name: string;
  open(): Promise<OpenTarget>;
}

export interface OpenTarget {
  /**
   * Makes one input by this chance, hands it to `keep`, and gives it to the program. Resolves to what came of it
   * in a word: `accepted`, or the code of the error.
   *
   * @throws Error when the program did what it must not
   */
  attempt(random: SeededRandom, keep: (input: string | Uint8Array) => void): string | Promise<string>;
  close?(): Promise<void> | void;
}

export interface FuzzFigures {
  readonly target: string;
  readonly seed: number;
  readonly inputs: number;
  /** How often each outcome came about. */
  readonly outcomes: ReadonlyMap<string, number>;
}

/** A new seed each time, unless the environment names one: any number says everything about a run. */
export function seedOfRun(): number {
  const given = process.env['FUZZ_SEED'];
  return given === undefined ? Date.now() % 1_000_000_000 : Number(given);
}

/**
 * Tries so many inputs. What fails names the target, the seed and the number of the input, and lays the input in
 * a file. `FUZZ_SEED=… FUZZ_INPUT=…` tries that one alone.
 */
export async function fuzz(target: FuzzTarget, inputs: number, seed = seedOfRun()): Promise<FuzzFigures> {
  const only = process.env['FUZZ_INPUT'];
  const [first, end] = only === undefined ? [0, inputs] : [Number(only), Number(only) + 1];
  const outcomes = new Map<string, number>();
  const opened = await target.open();
  const watch = beginWatch();
  try {
    for (let number = first; number < end; number++) {
      const place = `${target.name}, FUZZ_SEED=${seed} FUZZ_INPUT=${number}`;
      watch.beat(place);
      let input: string | Uint8Array = '';
      try {
        const outcome = await opened.attempt(createSeededRandom(seedOfInput(seed, number)), (made) => {
          input = made;
        });
        outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      } catch (error) {
        throw new Error(
          `${place}: ${messageOf(error)}\nThe input is in ${save(target, number, seed, input)}`,
        );
      }
    }
  } finally {
    watch.end();
    await opened.close?.();
  }
  return { target: target.name, seed, inputs: end - first, outcomes };
}

/** One line that says what was tried. */
export function showFigures({ target, seed, inputs, outcomes }: FuzzFigures): string {
  const accepted = outcomes.get('accepted') ?? 0;
  const others = [...outcomes].filter(([outcome]) => outcome !== 'accepted').sort(([, a], [, b]) => b - a);
  const told = [`${accepted} accepted`, ...others.map(([outcome, count]) => `${count} ${outcome}`)];
  return `${target}: ${inputs} inputs, ${told.join(', ')} (seed ${seed})`;
}

/** Neighbouring numbers give chances that have nothing in common. */
function seedOfInput(seed: number, number: number): number {
  return Math.imul(seed ^ Math.imul(number + 1, 0x9e37_79b1), 0x85eb_ca6b) | 0;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function save(target: FuzzTarget, number: number, seed: number, input: string | Uint8Array): string {
  const folder = join(tmpdir(), 'spar-sync-fuzz');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${target.name.replaceAll(' ', '-')}-${seed}-${number}`);
  writeFileSync(file, input);
  return file;
}
