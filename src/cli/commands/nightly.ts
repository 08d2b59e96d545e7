import { join, resolve } from 'node:path';
import type { FoundConfig } from '../../adapters/config/read-config.ts';
import type { NightlyReport } from '../../adapters/report/nightly/nightly-report.ts';
import {
  type NewsOfTheNight,
  renderNightly,
  renderNightlyJson,
} from '../../adapters/report/nightly/render-nightly.ts';
import type { NightlyOutcome } from '../../app/nightly/nightly.ts';
import { reviewText } from '../../app/update/report-update.ts';
import type { ReportedReview } from '../../app/update/update-report.ts';
import { remarksOnCertificate, type World } from '../../compose.ts';
import { SparSyncError } from '../../errors.ts';
import { refuseToAsk } from '../asking.ts';
import type { CommandContext } from '../context.ts';
import { decisionFileOptions } from '../decision-file-options.ts';
import type { NightlyOptions } from '../options.ts';
import { showEnd } from '../show-end.ts';
import { findConfig, inUnattendedWorld } from '../world.ts';

/** What cron runs: does what the section `automatic` of the configuration says, and tells only what is new. */
export async function run(options: NightlyOptions, given: CommandContext): Promise<number> {
  const found = await findConfig(given);
  const context = quietly(given);
  refuseToAsk(found, false, context);
  refuseUnlessEnabled(found);
  const { report } = options;
  if (report !== undefined) {
    const { prepareReportFolder } = await import('../../adapters/report/write-report.ts');
    await prepareReportFolder(resolve(context.cwd, report));
  }
  return inUnattendedWorld('nightly', found, context, async (world, calm) => {
    for (const text of await remarksOnCertificate({ found, env: context.env })) {
      world.progress({ kind: 'remark', text });
    }
    const { nightly } = await import('../../app/nightly/nightly.ts');
    const { types, guardians } = found.config.automatic;
    const outcome = await nightly(world, { types, guardians, signal: context.signal });
    calm();
    await world.finished();
    return show(outcome, report, world, context);
  });
}

/** Whatever was not said on the command line: nobody reads along. */
function quietly(context: CommandContext): CommandContext {
  return {
    ...context,
    // A spread would freeze the language that the configuration may change.
    get language() {
      return context.language;
    },
    quiet: true,
  };
}

function refuseUnlessEnabled({ config, path }: FoundConfig): void {
  if (config.automatic.enabled) return;
  throw new SparSyncError(
    'not-active',
    {
      en: `The nightly run is switched off: \`automatic.enabled\` is false in ${path}.`,
      sv: `Den nattliga körningen är avstängd: \`automatic.enabled\` är false i ${path}.`,
    },
    {
      en: 'Set it to true, and `automatic.responsible` to the person whom SPAR is to log, when `spar-sync update` by hand does what it should.',
      sv: 'Sätt den till true, och `automatic.responsible` till den person som SPAR ska logga, när `spar-sync update` för hand gör det den ska.',
    },
  );
}

async function show(
  outcome: NightlyOutcome,
  reports: string | undefined,
  world: World,
  context: CommandContext,
): Promise<number> {
  const { run, update, guardians } = outcome;
  let report: NightlyReport = {
    run,
    asOf: world.today,
    ...(update && { update: update.report }),
    ...(guardians && { guardians: guardians.report }),
  };
  const { language, color } = context;
  return showEnd(
    outcome,
    {
      folder: reports,
      write: async (parent) => {
        const folder = await writeReports(parent, report, world, context);
        report = { ...report, folder };
      },
      json: (error) => renderNightlyJson(report, { numbers: 'masked', ...(error && { error }) }),
      text: () => renderNightly(report, newsOf(outcome), { language, color }),
    },
    context,
  );
}

/** Into a folder of the day, each part into one of its own. Resolves to that of the day. */
async function writeReports(
  parent: string,
  { asOf, update, guardians }: NightlyReport,
  world: World,
  { language }: CommandContext,
): Promise<string> {
  const { makeDatedFolder, writeGuardianReport, writeReport } = await import(
    '../../adapters/report/write-report.ts'
  );
  const folder = await makeDatedFolder(parent, asOf);
  if (update !== undefined) await writeReport(join(folder, 'update'), update, language);
  if (guardians !== undefined) {
    const fileOptions = await decisionFileOptions(world, { excel: false }, language);
    await writeGuardianReport(join(folder, 'guardians'), guardians, fileOptions);
  }
  return folder;
}

function newsOf({ update, guardians }: NightlyOutcome): NewsOfTheNight {
  const nameOf = (item: ReportedReview): string => reviewText(item, item.reason);
  const reviews = update?.report.review ?? [];
  const told = new Set(reviews.map(nameOf));
  return {
    reviews: reviews.filter((item) => update?.newReviews.has(nameOf(item))),
    // Of somebody protected or gone both parts have the same to say: once is enough.
    guardianReviews:
      guardians?.report.review.filter(
        (item) => guardians.newReviews.has(nameOf(item)) && !told.has(nameOf(item)),
      ) ?? [],
    pairs: guardians?.report.duplicates.filter((pair) => guardians.newPairs.has(pair)) ?? [],
  };
}
