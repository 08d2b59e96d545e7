import { main } from '../../src/cli/main.ts';
import { createFakeProcess } from '../cli/fake-process.ts';
import type { Finished } from './built-program.ts';

/**
 * The program in this process, from its arguments to its exit code: where nobody kills it, and its streams are
 * nobody's matter, it needs no process of its own, which costs four times as much.
 */
export async function runHere(
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Finished> {
  const fake = Object.assign(createFakeProcess({ USER: 'anna', LANG: 'en_GB.UTF-8', ...env }), {
    cwd: () => cwd,
  });
  const exit = await main(args, fake);
  return { exit, signal: null, stdout: fake.stdout.text, stderr: fake.stderr.text };
}
