import { resolve } from 'node:path';
import { prepareFiles } from '../asking.ts';
import type { CommandContext } from '../context.ts';
import type { ApplyOptions } from '../options.ts';
import { findConfig, inWorld } from '../world.ts';
import { showGuardians } from './guardians.ts';
import { showReport } from './update.ts';

export async function run(options: ApplyOptions, context: CommandContext): Promise<number> {
  const found = await findConfig(context);
  const { readPlanFile } = await import('../../adapters/report/plan-file.ts');
  const saved = await readPlanFile(resolve(context.cwd, options.plan));
  const { report } = options;
  await prepareFiles(saved.kind, report === undefined ? {} : { report }, found, context);
  return inWorld('apply', found, context, async (world, calm) => {
    if (saved.kind === 'guardians') {
      const { applyGuardians } = await import('../../app/guardians/saved-guardian-plan.ts');
      const outcome = await applyGuardians(saved.plan, world.sections, world);
      calm();
      await world.finished();
      return showGuardians(outcome, options.report, world, context);
    }
    const { apply } = await import('../../app/update/apply.ts');
    const outcome = await apply(saved.plan, world.sections, world);
    calm();
    await world.finished();
    return showReport(outcome, options.report, context);
  });
}
