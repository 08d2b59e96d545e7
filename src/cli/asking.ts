import { join, resolve } from 'node:path';
import type { FoundConfig } from '../adapters/config/read-config.ts';
import { formatCost, textsOf } from '../adapters/report/texts.ts';
import { todayOf, type World } from '../compose.ts';
import { SparSyncError } from '../errors.ts';
import type { CommandContext } from './context.ts';
import { refuseOwnFile } from './own-files.ts';
import { canAsk, confirm } from './terminal.ts';

/** More lookups than this in one run are bought on a terminal only after a yes. */
const ASK_ABOVE = 200;

/** What stands in the way of asking SPAR, before anything is opened. */
export function refuseToAsk({ config, path }: FoundConfig, offline: boolean, context: CommandContext): void {
  if (offline) return;
  if (!config.active) {
    throw new SparSyncError(
      'not-active',
      {
        en: `The integration is switched off: \`active\` is false in ${path}.`,
        sv: `Integrationen är avstängd: \`active\` är false i ${path}.`,
      },
      {
        en: 'Set `active` to true when SPAR may be asked. `update` and `guardians` with --offline work without.',
        sv: 'Sätt `active` till true när SPAR får frågas. `update` och `guardians` med --offline fungerar ändå.',
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

/** Asks once the lookups of the run, all its rounds together, are many; a yes is good for the rest. */
export function createConsent(
  yes: boolean,
  world: World,
  context: CommandContext,
  calm: () => void,
): (lookups: number, cost: number) => Promise<boolean> {
  let lookupsSoFar = 0;
  let costSoFar = 0;
  let consented = yes;
  return async (lookups, cost) => {
    lookupsSoFar += lookups;
    costSoFar += cost;
    if (consented || lookupsSoFar <= ASK_ABOVE || !canAsk(context)) return true;
    calm();
    const texts = textsOf(context.language);
    const price = formatCost(costSoFar / 100, world.settings.pricing.currency, texts);
    consented = await confirm(texts.consent.question(lookupsSoFar, price), context);
    return consented;
  };
}

/**
 * Proves that the report and the plan can be written, and that neither takes the place of a file of our own,
 * before anything is paid for.
 *
 * @param kind whose report it is
 */
export async function prepareFiles(
  kind: 'update' | 'guardians',
  { report, plan }: { readonly report?: string; readonly plan?: string },
  found: FoundConfig,
  context: CommandContext,
): Promise<void> {
  await refuseOwnFile(plan, context.cwd, found);
  if (report !== undefined) {
    const { prepareReportFolder, REPORT_FILES } = await import('../adapters/report/write-report.ts');
    for (const name of REPORT_FILES[kind]) await refuseOwnFile(join(report, name), context.cwd, found);
    await prepareReportFolder(resolve(context.cwd, report));
  }
  if (plan !== undefined) {
    const { preparePlanFile } = await import('../adapters/report/plan-file.ts');
    await preparePlanFile(resolve(context.cwd, plan));
  }
}

/** Why something could not be written, which must not hide what was paid for. */
export async function failureOf(work: () => Promise<unknown>): Promise<SparSyncError | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (error instanceof SparSyncError) return error;
    throw error;
  }
}
