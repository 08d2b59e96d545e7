import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const BIN = join(ROOT, 'bin/spar-sync.js');
const LOCK = join(ROOT, 'node_modules/.spar-sync-build');

export interface Finished {
  readonly stdout: string;
  readonly stderr: string;
  /** `null` when a signal ended it. */
  readonly exit: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface Started {
  readonly pid: number;
  readonly finished: Promise<Finished>;
  kill(signal: NodeJS.Signals): void;
}

export interface Surroundings {
  readonly cwd: string;
  /** Beside a fixed PATH, HOME, USER and LANG. */
  readonly env?: Readonly<Record<string, string>>;
  /** Arguments for node itself, as `--import FILE`. */
  readonly node?: readonly string[];
}

/**
 * Compiles the program where a source is newer than what is compiled. Test files may call this side by side:
 * one of them builds and the others wait.
 */
export async function buildProgram(): Promise<void> {
  for (;;) {
    try {
      mkdirSync(LOCK);
      break;
    } catch {
      if (Date.now() - (modifiedAt(LOCK) ?? Date.now()) > 60_000) rmdirSync(LOCK);
      await sleep(100);
    }
  }
  try {
    if (newest(join(ROOT, 'src')) <= newest(join(ROOT, 'dist'))) return;
    const built = spawnSync('npm', ['run', '--silent', 'build', '--', '--noEmitOnError'], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    if (built.status !== 0) throw new Error(`the program does not compile:\n${built.stdout}${built.stderr}`);
  } finally {
    rmdirSync(LOCK);
  }
}

/** Starts the program as a person would, with nothing of this process's environment. */
export function startProgram(args: readonly string[], around: Surroundings): Started {
  const child = spawn(process.execPath, [...(around.node ?? []), BIN, ...args], {
    cwd: around.cwd,
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: around.cwd,
      USER: 'anna',
      LOGNAME: 'anna',
      LANG: 'en_GB.UTF-8',
      ...around.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  const finished = new Promise<Finished>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exit, signal) => {
      const [stdout, stderr] = [Buffer.concat(out).toString('utf8'), Buffer.concat(err).toString('utf8')];
      resolve({ stdout, stderr, exit, signal });
    });
  });
  return { pid: child.pid ?? 0, finished, kill: (signal) => void child.kill(signal) };
}

export async function runProgram(args: readonly string[], around: Surroundings): Promise<Finished> {
  return startProgram(args, around).finished;
}

function newest(folder: string): number {
  let latest = 0;
  if (modifiedAt(folder) === undefined) return latest;
  for (const item of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (item.isFile()) latest = Math.max(latest, modifiedAt(join(item.parentPath, item.name)) ?? 0);
  }
  return latest;
}

function modifiedAt(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs;
}
