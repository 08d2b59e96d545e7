import { readFileSync } from 'node:fs';
import { CommanderError } from 'commander';
import { printableJson } from '../adapters/report/printable.ts';
import type { Language } from '../domain/text.ts';
import { SparSyncError } from '../errors.ts';
import type { CommandContext, Input, Output } from './context.ts';
import { disarmEnvironment } from './environment.ts';
import { EXIT_BUG, EXIT_CODES, EXIT_FINISHED } from './exit-codes.ts';
import { languageOf } from './language.ts';
import { type Commands, LAZY_COMMANDS } from './lazy-commands.ts';
import type { CommonOptions } from './options.ts';
import { runProgram } from './program.ts';
import { renderError, reportError } from './report-error.ts';
import { usageErrorOf } from './usage-error.ts';

type Listener = (reason?: unknown) => void;
type Watched = 'SIGINT' | 'SIGTERM' | 'uncaughtException' | 'unhandledRejection';

interface OutputStream extends Output {
  on(event: 'error', listener: (error: Error) => void): unknown;
  off(event: 'error', listener: (error: Error) => void): unknown;
}

/** The part of `process` that a run needs. */
export interface ProcessLike {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly stdin: Input;
  readonly env: Record<string, string | undefined>;
  cwd(): string;
  on(event: Watched, listener: Listener): unknown;
  off(event: Watched, listener: Listener): unknown;
}

/**
 * From the arguments to the exit code: the only place that catches everything. Never ends the process itself:
 * output that a pipe has not taken yet would be lost.
 */
export async function main(
  argv: readonly string[],
  process: ProcessLike,
  commands: Commands = LAZY_COMMANDS,
): Promise<number> {
  const { stdout, stderr, stdin, env } = process;
  let language = languageOf(env);
  const json = wasGiven(argv, '--json');
  const disarmed = disarmEnvironment(env);
  const told = wasGiven(argv, '--quiet') ? disarmed.warnings : [...disarmed.warnings, ...disarmed.notes];
  const interruption = watchSignals(process);
  const output = watchOutput(process);
  for (const text of told) stderr.write(`${text[language]}\n`);

  const createContext = (options: CommonOptions): CommandContext => ({
    stdout: options.json ? outputOfJson(stdout) : stdout,
    stderr,
    stdin,
    env,
    cwd: process.cwd(),
    signal: interruption.signal,
    get language() {
      return language;
    },
    speak: (chosen: Language) => {
      language = chosen;
    },
    color: options.color && stdout.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb',
    json: options.json,
    quiet: options.quiet,
    ...(options.asOf !== undefined && { asOf: options.asOf }),
    ...(options.config !== undefined && { configPath: options.config }),
  });

  /** The exit code, or that of a result which is lost because nothing could take it. */
  const withOutputOf = async (exit: number): Promise<number> => {
    const failure = await output.failure();
    if (failure === undefined) return exit;
    stderr.write(lostOutput(failure, language));
    return exit === EXIT_FINISHED ? EXIT_BUG : exit;
  };

  try {
    const exit = await Promise.race([
      runProgram(argv, {
        language,
        version: readVersion(),
        columns: stdout.columns,
        commands,
        createContext,
        writeOut: (text) => stdout.write(text),
        // Help instead of a command that was not given; with --json an error object says it.
        writeError: (text) => json || stderr.write(text),
      }),
      interruption.bug,
    ]);
    return await withOutputOf(exit);
  } catch (thrown) {
    if (thrown instanceof CommanderError && thrown.exitCode === 0) return await withOutputOf(EXIT_FINISHED);
    const error = ofOurOwn(thrown, interruption.signal);
    const report = reportError(error, language);
    if (json) {
      const { code, message, hint } = report;
      stdout.write(`${printableJson(JSON.stringify({ error: { code, message, hint } }))}\n`);
    } else if (!(thrown instanceof CommanderError && thrown.code === 'commander.help')) {
      stderr.write(renderError(report));
    }
    return await withOutputOf(error instanceof SparSyncError ? EXIT_CODES[error.code] : EXIT_BUG);
  } finally {
    interruption.ignore();
    output.ignore();
  }
}

/** What is shown as JSON holds cells of the roster and texts of SPAR's as they are. */
function outputOfJson(stdout: Output): Output {
  return {
    ...(stdout.isTTY !== undefined && { isTTY: stdout.isTTY }),
    ...(stdout.columns !== undefined && { columns: stdout.columns }),
    write: (content, done) =>
      stdout.write(typeof content === 'string' ? printableJson(content) : content, done),
  };
}

function wasGiven(argv: readonly string[], flag: string): boolean {
  const end = argv.indexOf('--');
  return (end === -1 ? argv : argv.slice(0, end)).includes(flag);
}

function readVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  const known = typeof manifest === 'object' && manifest !== null && 'version' in manifest;
  return known ? String(manifest.version) : '';
}

function ofOurOwn(thrown: unknown, signal: AbortSignal): unknown {
  if (thrown instanceof CommanderError) return usageErrorOf(thrown);
  const aborted = thrown instanceof Error && thrown.name === 'AbortError' && signal.aborted;
  if (!aborted) return thrown;
  return new SparSyncError(
    'interrupted',
    { en: 'Interrupted. Every answer received is kept.', sv: 'Avbrutet. Alla svar som kom är sparade.' },
    { en: 'Run the same command again to go on.', sv: 'Kör samma kommando igen för att fortsätta.' },
  );
}

/**
 * The first signal asks the command to finish what is on the wire. The listeners are then gone, so that a
 * second one does what it does to any program: end it at once. `bug` rejects with what nobody caught, which
 * Node would print with all that it carries.
 */
function watchSignals(process: ProcessLike) {
  const controller = new AbortController();
  const onSignal = (): void => {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
    controller.abort();
  };
  let onBug: Listener = () => {};
  const bug = new Promise<never>((_, reject) => {
    onBug = (reason) => {
      controller.abort();
      reject(reason);
    };
  });
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  process.on('uncaughtException', onBug);
  process.on('unhandledRejection', onBug);
  return {
    signal: controller.signal,
    bug,
    ignore: (): void => {
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
      process.off('uncaughtException', onBug);
      process.off('unhandledRejection', onBug);
    },
  };
}

/** Remembers why output was lost. A reader that has had enough (`| head`) is no failure. */
function watchOutput({ stdout, stderr }: ProcessLike) {
  let lost: Error | undefined;
  const onStdout = (error: Error): void => {
    if (!isClosedPipe(error)) lost ??= error;
  };
  const onStderr = (): void => {};
  stdout.on('error', onStdout);
  stderr.on('error', onStderr);
  return {
    /** Waits until all that was written has been taken, and says what was not. */
    failure: async (): Promise<Error | undefined> => {
      await new Promise<void>((resolve) => {
        stdout.write('', (error) => {
          if (error) onStdout(error);
          resolve();
        });
      });
      return lost;
    },
    // The error event of the last write comes after its callback: `stdout` keeps its listener.
    ignore: (): void => void stderr.off('error', onStderr),
  };
}

function isClosedPipe(error: Error): boolean {
  const code = 'code' in error ? error.code : undefined;
  return code === 'EPIPE' || code === 'ERR_STREAM_DESTROYED' || code === 'EOF';
}

function lostOutput(error: Error, language: Language): string {
  const code = 'code' in error && typeof error.code === 'string' ? ` (${error.code})` : '';
  const text = {
    en: `The result could not be written to standard output${code}; the run itself is finished.`,
    sv: `Resultatet kunde inte skrivas till standard ut${code}; själva körningen är klar.`,
  };
  return `${text[language]}\n`;
}
