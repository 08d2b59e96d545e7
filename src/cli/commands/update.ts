import { resolve } from 'node:path';
import type { FoundConfig } from '../../adapters/config/read-config.ts';
import { maskNumbers, printable } from '../../adapters/report/printable.ts';
import { renderJson } from '../../adapters/report/render-json.ts';
import { renderText } from '../../adapters/report/render-text.ts';
import { formatCost, textsOf } from '../../adapters/report/texts.ts';
import type { UpdateOutcome } from '../../app/update.ts';
import type { UpdateReport } from '../../app/update-report.ts';
import { todayOf, type World } from '../../compose.ts';
import type { PersonType, RowKey } from '../../domain/roster.ts';
import { SparSyncError } from '../../errors.ts';
import type { CommandContext } from '../context.ts';
import { EXIT_CODES, EXIT_FINISHED, EXIT_WITH_GAPS } from '../exit-codes.ts';
import type { RowSelector, UpdateOptions } from '../options.ts';
import { renderError, reportError } from '../report-error.ts';
import { canAsk, confirm } from '../terminal.ts';
import { findConfig, inWorld } from '../world.ts';

/** More lookups than this are bought on a terminal only after a yes. */
const ASK_ABOVE = 200;

export async function run(options: UpdateOptions, context: CommandContext): Promise<number> {
  const found = await findConfig(context);
  refuseToAsk(found, options, context);
  await prepareReport(options.report, context);
  if (options.plan !== undefined) await preparePlan(resolve(context.cwd, options.plan));
  return inWorld('update', found, context, async (world, calm) => {
    const { update } = await import('../../app/update.ts');
    const chosen = chooseRows(options, found.config.update.types);
    const outcome = await update(world, {
      selected: chosen.selected,
      namedRows: options.ids !== undefined,
      dryRun: options.dryRun || options.plan !== undefined,
      offline: options.offline,
      refresh: options.refresh,
      force: options.force,
      signal: context.signal,
      consent: (lookups, cost) => {
        calm();
        return consent(lookups, cost, options, world, context);
      },
    });
    calm();
    chosen.complainAboutStrangers(context);
    const planFailure = await savePlanFile(options, outcome, world, context);
    await world.finished();
    return showReport({ ...outcome, ...(planFailure && { planFailure }) }, options.report, context);
  });
}

/** Proves that the report can be written, before anything is paid for. */
export async function prepareReport(folder: string | undefined, context: CommandContext): Promise<void> {
  if (folder === undefined) return;
  const { prepareReportFolder } = await import('../../adapters/report/write-report.ts');
  await prepareReportFolder(resolve(context.cwd, folder));
}

/** What stands in the way of asking SPAR, before anything is opened. */
function refuseToAsk({ config, path }: FoundConfig, options: UpdateOptions, context: CommandContext): void {
  if (options.offline) return;
  if (!config.active) {
    throw new SparSyncError(
      'not-active',
      {
        en: `The integration is switched off: \`active\` is false in ${path}.`,
        sv: `Integrationen är avstängd: \`active\` är false i ${path}.`,
      },
      {
        en: 'Set `active` to true when SPAR may be asked. --offline works without.',
        sv: 'Sätt `active` till true när SPAR får frågas. --offline fungerar ändå.',
      },
    );
  }
  if (
    config.spar.environment === 'production' &&
    context.asOf !== undefined &&
    context.asOf > todayOf(undefined)
  ) {
    throw new SparSyncError('usage', {
      en: 'A future --as-of with `production` needs --offline: answers would be kept under a date that has not come.',
      sv: 'Ett framtida --as-of med `production` kräver --offline: svar skulle sparas med ett datum som inte har kommit.',
    });
  }
}

/** Which rows are meant; keeps account of ids that no row has. */
function chooseRows(options: UpdateOptions, configured: readonly PersonType[]) {
  const { ids } = options;
  const found = new Set<RowSelector>();
  // A row that is named is meant whatever the configuration says; --type narrows all the same.
  const types = new Set<PersonType>(
    options.types ?? (ids === undefined ? configured : ['student', 'staff', 'guardian']),
  );
  const byId = new Map<string, RowSelector[]>();
  for (const selector of ids ?? []) byId.set(selector.id, [...(byId.get(selector.id) ?? []), selector]);

  return {
    selected(key: RowKey): boolean {
      if (!types.has(key.type)) return false;
      if (ids === undefined) return true;
      const matching = byId
        .get(key.id)
        ?.filter((selector) => selector.type === undefined || selector.type === key.type);
      for (const selector of matching ?? []) found.add(selector);
      return matching !== undefined && matching.length > 0;
    },
    complainAboutStrangers(context: CommandContext): void {
      const strangers = (ids ?? [])
        .filter((selector) => !found.has(selector))
        .map(({ type, id }) => (type ? `${type}:${id}` : id));
      if (strangers.length === 0) return;
      const text = {
        en: `No row of the roster has the id ${strangers.join(', ')}.`,
        sv: `Ingen rad i registret har id ${strangers.join(', ')}.`,
      };
      if (strangers.length === ids?.length) {
        throw new SparSyncError('usage', text, {
          en: '--id takes the id of a row, `17` or `student:17`; an id is unique within its type.',
          sv: '--id tar id för en rad, `17` eller `student:17`; ett id är unikt inom sin typ.',
        });
      }
      context.stderr.write(`${maskNumbers(printable(text[context.language]))}\n`);
    },
  };
}

async function consent(
  lookups: number,
  cost: number,
  options: UpdateOptions,
  world: World,
  context: CommandContext,
): Promise<boolean> {
  if (lookups <= ASK_ABOVE || options.yes || !canAsk(context)) return true;
  const texts = textsOf(context.language);
  const price = formatCost(cost / 100, world.settings.pricing.currency, texts);
  return confirm(texts.consent.question(lookups, price), context);
}

async function preparePlan(path: string): Promise<void> {
  const { preparePlanFile } = await import('../../adapters/report/plan-file.ts');
  await preparePlanFile(path);
}

/** Resolves to why the plan could not be written, which must not hide the report that was paid for. */
async function savePlanFile(
  { plan: file, force }: UpdateOptions,
  outcome: UpdateOutcome,
  world: World,
  context: CommandContext,
): Promise<SparSyncError | undefined> {
  if (file === undefined) return undefined;
  const { savePlan } = await import('../../app/saved-plan.ts');
  const { writePlanFile } = await import('../../adapters/report/plan-file.ts');
  const { roster, state, digest, sections, clock } = world;
  const { report, planned, brake } = outcome;
  const plan = await savePlan(
    { report, plan: planned.plan, ...(brake && !force && { brake }) },
    { roster, snapshots: state.snapshots, digest },
    { sections, madeAt: clock.now() },
  );
  return failureOf(() => writePlanFile(resolve(context.cwd, file), plan));
}

async function failureOf(work: () => Promise<unknown>): Promise<SparSyncError | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (error instanceof SparSyncError) return error;
    throw error;
  }
}

interface ShownOutcome extends Pick<UpdateOutcome, 'report' | 'newReviews' | 'stopped' | 'brake' | 'gaps'> {
  readonly planFailure?: SparSyncError;
}

/**
 * Writes the report's files, prints the report whether or not they could be written, and says what went
 * wrong. Resolves to the exit code.
 */
export async function showReport(
  outcome: ShownOutcome,
  folder: string | undefined,
  context: CommandContext,
): Promise<number> {
  const { stopped, brake, planFailure, gaps } = outcome;
  const report = { ...outcome.report, ...(brake && { brake }) };
  const { language } = context;
  const reportFailure =
    folder === undefined
      ? undefined
      : await failureOf(async () => {
          const { writeReport } = await import('../../adapters/report/write-report.ts');
          await writeReport(resolve(context.cwd, folder), report, language);
        });
  // The first is what most needs somebody to act: the exit code and the key `error` are its.
  const failures = [stopped, planFailure, reportFailure].filter((failure) => failure !== undefined);
  const [error, ...others] = failures.map((failure) => reportError(failure, language));
  if (context.json) context.stdout.write(renderJson(report, { numbers: 'masked', ...(error && { error }) }));
  else context.stdout.write(renderText(report, textOptions(report, outcome.newReviews, context)));
  if (folder !== undefined && reportFailure === undefined && !context.quiet && !context.json) {
    context.stderr.write(`${textsOf(language).reportWritten(folder)}\n`);
  }
  if (brake !== undefined) {
    const { brakeError } = await import('../../app/brake-error.ts');
    context.stderr.write(renderError(reportError(brakeError(brake), language)));
  }
  for (const told of error && !context.json ? [error, ...others] : others) {
    context.stderr.write(renderError(told));
  }
  const [first] = failures;
  return first === undefined ? (gaps ? EXIT_WITH_GAPS : EXIT_FINISHED) : EXIT_CODES[first.code];
}

function textOptions(report: UpdateReport, newReviews: ReadonlySet<string>, context: CommandContext) {
  const { language, color } = context;
  if (!context.quiet) return { language, color };
  const isNew = report.review.filter(({ type, id, reason }) => newReviews.has(`${type}:${id} ${reason}`));
  return { language, color, quiet: { newReviews: isNew } };
}
