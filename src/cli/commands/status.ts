import { renderStatus } from '../../adapters/report/render-status.ts';
import type { CommandContext } from '../context.ts';
import { EXIT_FINISHED } from '../exit-codes.ts';
import { findConfig, inWorldToRead } from '../world.ts';

export async function run(_options: Record<never, never>, context: CommandContext): Promise<number> {
  const found = await findConfig(context);
  return inWorldToRead('status', found, context, async (world, calm) => {
    const { status } = await import('../../app/status.ts');
    const { update, automatic } = found.config;
    // Where a night is set up, the next run is that.
    const { types } = automatic.enabled ? automatic : update;
    const report = await status(world, {
      selected: (key) => types.includes(key.type),
      oneBudget: automatic.enabled && automatic.guardians,
    });
    calm();
    context.stdout.write(
      context.json ? `${JSON.stringify(report, null, 2)}\n` : renderStatus(report, context.language),
    );
    return EXIT_FINISHED;
  });
}
