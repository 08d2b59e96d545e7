import { spawn } from 'node:child_process';
import inspector from 'node:inspector';
import { disarmStart } from './environment.ts';
import { languageOf } from './language.ts';

/**
 * Runs the same command in a process that has never seen NODE_DEBUG and what is dangerous in NODE_OPTIONS, and
 * resolves to its exit code; in this one where there is nothing dangerous. Node reads these before any program code,
 * and then prints headers, connection options and passphrases, or keeps the keys of connections, so taking them out of
 * `process.env` comes too late.
 */
export async function main(argv: readonly string[], process: NodeJS.Process): Promise<number> {
  const { env, notes } = disarmStart(process.env);
  if (notes.length === 0) return (await import('./main.ts')).main(argv, process);
  // By --inspect whoever is on this machine could look into the passphrase here, while the other process works.
  inspector.close();
  // By --report-on-signal and the like it would write the environment, a passphrase in it, for all to read.
  if (process.report !== undefined) {
    process.report.reportOnSignal = false;
    process.report.reportOnFatalError = false;
    process.report.reportOnUncaughtException = false;
  }
  if (!argv.includes('--quiet')) {
    for (const note of notes) process.stderr.write(`${note[languageOf(env)]}\n`);
  }
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
