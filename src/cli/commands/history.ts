import { renderHistoryJson, renderRunJson } from '../../adapters/report/history/history-json.ts';
import { renderHistory, renderRun } from '../../adapters/report/history/render-history.ts';
import type { CommandContext } from '../context.ts';
import { EXIT_FINISHED } from '../exit-codes.ts';
import type { HistoryOptions } from '../options.ts';
import { findConfig, inWorldToRead } from '../world.ts';

export async function run({ run: wanted }: HistoryOptions, context: CommandContext): Promise<number> {
  const found = await findConfig(context);
  return inWorldToRead('history', found, context, async (world, calm) => {
    const { history, historyOf } = await import('../../app/history/history.ts');
    const { language, color, json } = context;
    if (wanted === undefined) {
      const report = await history(world);
      calm();
      context.stdout.write(json ? renderHistoryJson(report) : renderHistory(report, { language, color }));
      return EXIT_FINISHED;
    }
    const { report, hidden } = await historyOf(wanted, world);
    calm();
    context.stdout.write(
      json
        ? renderRunJson(report, { numbers: 'masked', hidden })
        : renderRun(report, { language, color, hidden }),
    );
    return EXIT_FINISHED;
  });
}
