import { renderCostJson } from '../../adapters/report/cost/cost-json.ts';
import { renderCost } from '../../adapters/report/cost/render-cost.ts';
import { openStateToRead, todayOf } from '../../compose.ts';
import type { CommandContext } from '../context.ts';
import { EXIT_FINISHED } from '../exit-codes.ts';
import type { CostOptions } from '../options.ts';
import { findConfig } from '../world.ts';

export async function run({ month }: CostOptions, context: CommandContext): Promise<number> {
  const { config } = await findConfig(context);
  // Neither the roster nor anything of SPAR is needed to add up what was bought.
  const state = await openStateToRead(config);
  try {
    const { cost } = await import('../../app/cost/cost.ts');
    const { pricing, limits } = config;
    const report = await cost({ state, today: todayOf(context.asOf), pricing, limits }, { month });
    const { language, color, json } = context;
    context.stdout.write(json ? renderCostJson(report) : renderCost(report, { language, color }));
    return EXIT_FINISHED;
  } finally {
    await state.close();
  }
}
