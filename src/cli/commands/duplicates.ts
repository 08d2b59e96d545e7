import { renderDuplicatesCsv } from '../../adapters/report/duplicates/duplicates-csv.ts';
import { renderDuplicatesJson } from '../../adapters/report/duplicates/duplicates-json.ts';
import { renderDuplicates } from '../../adapters/report/duplicates/render-duplicates.ts';
import type { DuplicatesReport } from '../../app/duplicates/duplicate-report.ts';
import { makeState, type World } from '../../compose.ts';
import type { Text } from '../../domain/text.ts';
import type { CommandContext } from '../context.ts';
import { decisionFileOptions } from '../decision-file-options.ts';
import { EXIT_FINISHED } from '../exit-codes.ts';
import type { DuplicatesOptions } from '../options.ts';
import { refuseOwnFile } from '../own-files.ts';
import { findConfig, inWorldToRead } from '../world.ts';
import { tellWritten, writeOutput } from '../write-output.ts';

export async function run(options: DuplicatesOptions, context: CommandContext): Promise<number> {
  const found = await findConfig(context);
  await refuseOwnFile(options.output, context.cwd, found);
  // What the file says of its rows must still hold when a person has decided.
  if (options.format === 'csv') await makeState(found.config);
  return inWorldToRead('duplicates', found, context, async (world, calm) => {
    const { reportDuplicates } = await import('../../app/duplicates/duplicates.ts');
    const report = await reportDuplicates(world);
    calm();
    const { output } = options;
    const isPainted = options.format === 'table';
    await writeOutput(await render(report, options, world, context), output, context, { isPainted });
    if (context.json && output !== undefined) {
      const told = { command: report.command, file: output, pairs: report.pairs.length };
      context.stdout.write(`${JSON.stringify(told, null, 2)}\n`);
    }
    tellWritten(output, context, options.format === 'csv' ? HOW_TO_GO_ON : undefined);
    return EXIT_FINISHED;
  });
}

const HOW_TO_GO_ON: Text = {
  en: 'Write same or different in the column `decision`, save it as CSV and carry it out with `spar-sync duplicates apply`.',
  sv: 'Skriv samma eller olika i kolumnen `decision`, spara som CSV och genomför det med `spar-sync duplicates apply`.',
};

async function render(
  report: DuplicatesReport,
  { format, excel, output }: DuplicatesOptions,
  world: World,
  { language, color }: CommandContext,
): Promise<string | Uint8Array> {
  switch (format) {
    case 'json':
      return renderDuplicatesJson(report);
    case 'csv':
      return renderDuplicatesCsv(report.pairs, await decisionFileOptions(world, { excel }, language));
    case 'table':
      return renderDuplicates(report, { language, color: color && output === undefined });
  }
}
