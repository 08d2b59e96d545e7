import { resolve } from 'node:path';
import { readDecisionFile } from '../../adapters/report/decision-file.ts';
import { renderMerge, renderMergeJson } from '../../adapters/report/duplicates/render-merge.ts';
import { rowKeyText } from '../../domain/roster.ts';
import type { CommandContext } from '../context.ts';
import type { DecisionsOptions } from '../options.ts';
import { showEnd } from '../show-end.ts';
import { findConfig, inWorld } from '../world.ts';

export async function run({ file, dryRun }: DecisionsOptions, context: CommandContext): Promise<number> {
  const found = await findConfig(context);
  const { decisions } = await readDecisionFile(resolve(context.cwd, file), file);
  return inWorld('duplicates apply', found, context, async (world, calm) => {
    const { applyDecisions } = await import('../../app/duplicates/apply-decisions.ts');
    const { report, gaps, hiddenRows } = await applyDecisions(decisions, world, { dryRun });
    calm();
    await world.finished();
    const { language, color } = context;
    const hidden = (key: Parameters<typeof rowKeyText>[0]) => hiddenRows.has(rowKeyText(key));
    return showEnd(
      { gaps },
      {
        folder: undefined,
        write: async () => {},
        json: (error) => renderMergeJson(report, { numbers: 'masked', hidden, ...(error && { error }) }),
        text: () => renderMerge(report, { language, color, hidden }),
      },
      context,
    );
  });
}
