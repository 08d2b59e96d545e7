import { resolve } from 'node:path';
import { textsOf } from '../adapters/report/texts.ts';
import type { RunEnd } from '../app/journalled-run.ts';
import type { Brake } from '../domain/plan-safety.ts';
import type { SparSyncError } from '../errors.ts';
import { failureOf } from './asking.ts';
import type { CommandContext } from './context.ts';
import { EXIT_CODES, EXIT_FINISHED, EXIT_WITH_GAPS } from './exit-codes.ts';
import { type ErrorReport, renderError, reportError } from './report-error.ts';

/** What came of a run, as far as its exit code and its complaints go. */
interface ShownEnd extends RunEnd {
  readonly brake?: Brake;
  readonly planFailure?: SparSyncError;
}

/** How the report of a run is shown. */
interface ShownReport {
  /** Of `--report`. */
  readonly folder: string | undefined;
  readonly write: (folder: string) => Promise<unknown>;
  readonly json: (error: ErrorReport | undefined) => string;
  readonly text: () => string;
}

/**
 * Writes the report's files, prints the report whether or not they could be written, and says what went
 * wrong. Resolves to the exit code.
 */
export async function showEnd(
  { stopped, brake, planFailure, gaps }: ShownEnd,
  { folder, write, json, text }: ShownReport,
  context: CommandContext,
): Promise<number> {
  const { language } = context;
  const reportFailure =
    folder === undefined ? undefined : await failureOf(() => write(resolve(context.cwd, folder)));
  // The first is what most needs somebody to act: the exit code and the key `error` are its.
  const failures = [stopped, planFailure, reportFailure].filter((failure) => failure !== undefined);
  const [error, ...others] = failures.map((failure) => reportError(failure, language));
  context.stdout.write(context.json ? json(error) : text());
  if (folder !== undefined && reportFailure === undefined && !context.quiet && !context.json) {
    context.stderr.write(`${textsOf(language).reportWritten(folder)}\n`);
  }
  if (brake !== undefined) {
    const { brakeAhead } = await import('../app/brake-error.ts');
    context.stderr.write(renderError(reportError(brakeAhead(brake), language)));
  }
  for (const told of error && !context.json ? [error, ...others] : others) {
    context.stderr.write(renderError(told));
  }
  const [first] = failures;
  return first === undefined ? (gaps ? EXIT_WITH_GAPS : EXIT_FINISHED) : EXIT_CODES[first.code];
}
