import { resolve } from 'node:path';
import { renderGuardiansJson } from '../../adapters/report/guardians/guardians-json.ts';
import { renderGuardians } from '../../adapters/report/guardians/render-guardians.ts';
import type { GuardianOutcome } from '../../app/guardians/guardians.ts';
import type { World } from '../../compose.ts';
import type { SparSyncError } from '../../errors.ts';
import { createConsent, failureOf, prepareFiles, refuseToAsk } from '../asking.ts';
import type { CommandContext } from '../context.ts';
import { decisionFileOptions } from '../decision-file-options.ts';
import type { GuardiansOptions } from '../options.ts';
import { chooseRows } from '../row-choice.ts';
import { showEnd } from '../show-end.ts';
import { findConfig, inWorld } from '../world.ts';

export async function run(options: GuardiansOptions, context: CommandContext): Promise<number> {
  const found = await findConfig(context);
  refuseToAsk(found, options.offline, context);
  await prepareFiles('guardians', options, found, context);
  return inWorld('guardians', found, context, async (world, calm) => {
    const { guardians } = await import('../../app/guardians/guardians.ts');
    const chosen = chooseRows(new Set(['student']), options.ids);
    const outcome = await guardians(world, {
      selected: chosen.selected,
      namedRows: options.ids !== undefined,
      dryRun: options.dryRun || options.plan !== undefined,
      offline: options.offline,
      force: options.force,
      signal: context.signal,
      consent: createConsent(options.yes, world, context, calm),
    });
    calm();
    chosen.complainAboutStrangers(context);
    const planFailure = await savePlanFile(options, outcome, world, context);
    await world.finished();
    return showGuardians({ ...outcome, ...(planFailure && { planFailure }) }, options.report, world, context);
  });
}

/** Resolves to why the plan could not be written, which must not hide the report that was paid for. */
async function savePlanFile(
  { plan: file, force, ids }: GuardiansOptions,
  { planned, brake }: GuardianOutcome,
  { sections, clock, today, state, digest }: World,
  context: CommandContext,
): Promise<SparSyncError | undefined> {
  if (file === undefined) return undefined;
  const { saveGuardianPlan } = await import('../../app/guardians/saved-guardian-plan.ts');
  const { writePlanFile } = await import('../../adapters/report/plan-file.ts');
  const plan = await saveGuardianPlan(
    planned,
    { snapshots: state.snapshots, digest },
    {
      madeAt: clock.now(),
      sections,
      today,
      ...(ids && { students: ids.map(({ id }) => id) }),
      overwriteHolds: force && ids !== undefined,
      ...(brake && !force && { brake }),
    },
  );
  return failureOf(() => writePlanFile(resolve(context.cwd, file), plan));
}

type ShownOutcome = Pick<
  GuardianOutcome,
  'report' | 'newReviews' | 'newPairs' | 'stopped' | 'brake' | 'gaps'
> & { readonly planFailure?: SparSyncError };

/** Shows what `guardians`, or `apply` of its plan, did. Resolves to the exit code. */
export async function showGuardians(
  outcome: ShownOutcome,
  folder: string | undefined,
  world: World,
  context: CommandContext,
): Promise<number> {
  const { brake, newReviews, newPairs } = outcome;
  const report = { ...outcome.report, ...(brake && { brake }) };
  const { language, color, quiet } = context;
  const fileOptions =
    folder === undefined ? undefined : await decisionFileOptions(world, { excel: false }, language);
  return showEnd(
    outcome,
    {
      folder,
      write: async (path) => {
        const { writeGuardianReport } = await import('../../adapters/report/write-report.ts');
        if (fileOptions !== undefined) await writeGuardianReport(path, report, fileOptions);
      },
      json: (error) => renderGuardiansJson(report, { numbers: 'masked', ...(error && { error }) }),
      text: () =>
        renderGuardians(report, {
          language,
          color,
          ...(quiet && {
            quiet: {
              newReviews: report.review.filter(({ type, id, reason }) =>
                newReviews.has(`${type}:${id} ${reason}`),
              ),
              newPairs: report.duplicates.filter((pair) => newPairs.has(pair)),
            },
          }),
        }),
    },
    context,
  );
}
