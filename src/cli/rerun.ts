import { spawn } from 'node:child_process';
import { NODE_DEBUG_NOTE } from './environment.ts';
import { languageOf } from './language.ts';

/**
 * Runs the same command in a process that has never seen NODE_DEBUG, and resolves to its exit code. Node reads
 * the variable before any program code and then prints headers, connection options and passphrases, so taking
 * it out of `process.env` comes too late.
 */
export async function rerunWithoutNodeDebug(
  argv: readonly string[],
  process: NodeJS.Process,
): Promise<number> {
  const { NODE_DEBUG: _, NODE_DEBUG_NATIVE: __, ...env } = process.env;
  if (!argv.includes('--quiet')) process.stderr.write(`${NODE_DEBUG_NOTE[languageOf(env)]}\n`);
  const [node, script] = [process.execPath, process.argv[1] ?? ''];
  const child = spawn(node, [...process.execArgv, script, ...argv], { stdio: 'inherit', env });
  // Ctrl-C reaches the child from the terminal itself, and twice would end it at once; what is sent to this
  // process alone reaches only this process.
  const { stdin, stdout, stderr } = process;
  const hasTerminal = [stdin, stdout, stderr].some((stream) => stream.isTTY);
  process.on('SIGINT', () => hasTerminal || child.kill('SIGINT'));
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 130 : 143)));
  });
}
