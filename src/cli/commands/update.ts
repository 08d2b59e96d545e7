import { resolve } from 'node:path';
import { renderJson } from '../../adapters/report/render-json.ts';
import { renderText } from '../../adapters/report/render-text.ts';
import type { UpdateOutcome } from '../../app/update/update.ts';
import type { UpdateReport } from '../../app/update/update-report.ts';
import type { World } from '../../compose.ts';
import type { PersonType } from '../../domain/roster.ts';
import type { SparSyncError } from '../../errors.ts';
import { createConsent, failureOf, prepareFiles, refuseToAsk } from '../asking.ts';
import type { CommandContext } from '../context.ts';
import type { UpdateOptions } from '../options.ts';
import { chooseRows } from '../row-choice.ts';
import { showEnd } from '../show-end.ts';
import { findConfig, inWorld } from '../world.ts';

export async function run(options: UpdateOptions, context: CommandContext): Promise<number> {
  const found = await findConfig(context);
  refuseToAsk(found, options.offline, context);
  await prepareFiles('update', options, found, context);
  return inWorld('update', found, context, async (world, calm) => {
    const { update } = await import('../../app/update/update.ts');
    // A row that is named is meant whatever the configuration says; --type narrows all the same.
    const types = options.types ?? (options.ids === undefined ? found.config.update.types : EVERY_TYPE);
    const chosen = chooseRows(new Set(types), options.ids);
    const outcome = await update(world, {
      selected: chosen.selected,
      namedRows: options.ids !== undefined,
      dryRun: options.dryRun || options.plan !== undefined,
      offline: options.offline,
      refresh: options.refresh,
      force: options.force,
      signal: context.signal,
      consent: createConsent(options.yes, world, context, calm),
    });
    calm();
    chosen.complainAboutStrangers(context);
    const planFailure = await savePlanFile(options, outcome, world, context);
    await world.finished();
    return showReport({ ...outcome, ...(planFailure && { planFailure }) }, options.report, context);
  });
}

const EVERY_TYPE: readonly PersonType[] = ['student', 'staff', 'guardian'];

/** Resolves to why the plan could not be written, which must not hide the report that was paid for. */
async function savePlanFile(
  { plan: file, force, ids }: UpdateOptions,
  outcome: UpdateOutcome,
  world: World,
  context: CommandContext,
): Promise<SparSyncError | undefined> {
  if (file === undefined) return undefined;
  const { savePlan } = await import('../../app/update/saved-plan.ts');
  const { writePlanFile } = await import('../../adapters/report/plan-file.ts');
  const { roster, state, digest, sections, clock, today } = world;
  const { report, planned, brake } = outcome;
  const plan = await savePlan(
    { report, plan: planned.plan, ...(brake && !force && { brake }) },
    { roster, snapshots: state.snapshots, digest },
    { sections, today, madeAt: clock.now(), overwriteEdits: force && ids !== undefined },
  );
  return failureOf(() => writePlanFile(resolve(context.cwd, file), plan));
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
  const { brake } = outcome;
  const report = { ...outcome.report, ...(brake && { brake }) };
  const { language } = context;
  return showEnd(
    outcome,
    {
      folder,
      write: async (path) => {
        const { writeReport } = await import('../../adapters/report/write-report.ts');
        await writeReport(path, report, language);
      },
      json: (error) => renderJson(report, { numbers: 'masked', ...(error && { error }) }),
      text: () => renderText(report, textOptions(report, outcome.newReviews, context)),
    },
    context,
  );
}

function textOptions(report: UpdateReport, newReviews: ReadonlySet<string>, context: CommandContext) {
  const { language, color } = context;
  if (!context.quiet) return { language, color };
  const isNew = report.review.filter(({ type, id, reason }) => newReviews.has(`${type}:${id} ${reason}`));
  return { language, color, quiet: { newReviews: isNew } };
}
