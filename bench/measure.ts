import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** A figure beside its target. */
export interface Result {
  readonly what: string;
  /** What was measured, and what it is measured against, as people read them. */
  readonly ours: string;
  readonly against: string;
  readonly ratio: number;
  /** Missing for a figure that is there to be known. */
  readonly target?: { readonly atLeast: number } | { readonly atMost: number };
}

export function isMet({ ratio, target }: Result): boolean {
  if (target === undefined) return true;
  return 'atLeast' in target ? ratio >= target.atLeast : ratio <= target.atMost;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low = Number.NaN, high = low] = [
    sorted[sorted.length % 2 === 0 ? middle - 1 : middle],
    sorted[middle],
  ];
  return (low + high) / 2;
}

/**
 * Runs the contenders by turns, so that a noisy moment of the machine meets all of them. The first round warms
 * up and does not count.
 */
export async function interleave<Name extends string>(
  rounds: number,
  contenders: Readonly<Record<Name, () => Promise<number>>>,
): Promise<Record<Name, number[]>> {
  const names = Object.keys(contenders) as Name[];
  const measured = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (let round = 0; round <= rounds; round++) {
    for (const name of names) {
      const value = await contenders[name]();
      if (round > 0) measured[name].push(value);
    }
  }
  return measured;
}

/** Median of the ratios of each round: the two stood beside each other then. */
export function medianRatio(ours: readonly number[], theirs: readonly number[]): number {
  return median(ours.map((value, round) => value / (theirs[round] ?? Number.NaN)));
}

export interface ProcessRun {
  readonly milliseconds: number;
  /** Largest resident set, in bytes. */
  readonly maxRss: number;
  readonly stdout: string;
}

const REPORTER = fileURLToPath(new URL('report-max-rss.mjs', import.meta.url));

/** Runs node to its end, from before the spawn until all its output has come. */
export function runNode(
  args: readonly string[],
  options: { readonly cwd?: string; readonly withMaxRss?: boolean } = {},
): Promise<ProcessRun> {
  const { cwd, withMaxRss = false } = options;
  const imports = withMaxRss ? ['--import', REPORTER] : [];
  const started = performance.now();
  const child = spawn(process.execPath, [...imports, ...args], {
    ...(cwd !== undefined && { cwd }),
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  const [, out, err, rss] = child.stdio.map((stream) => {
    const chunks: Buffer[] = [];
    stream?.on('data', (chunk: Buffer) => chunks.push(chunk));
    return () => Buffer.concat(chunks).toString('utf8');
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      const milliseconds = performance.now() - started;
      if (code !== 0) reject(new Error(`${args.join(' ')} ended with ${code}: ${err?.()}${out?.()}`));
      else resolve({ milliseconds, maxRss: Number(rss?.() ?? 0) * 1024, stdout: out?.() ?? '' });
    });
  });
}
