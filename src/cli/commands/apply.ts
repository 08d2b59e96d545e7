import { resolve } from 'node:path';
import { parsePersonId } from '../../domain/person-id.ts';
import type { CommandContext } from '../context.ts';
import type { ApplyOptions } from '../options.ts';
import { findConfig, inWorld } from '../world.ts';
import { prepareReport, showReport } from './update.ts';

export async function run(options: ApplyOptions, context: CommandContext): Promise<number> {
  const found = await findConfig(context);
  const { readPlanFile } = await import('../../adapters/report/plan-file.ts');
  const saved = await readPlanFile(resolve(context.cwd, options.plan));
  await prepareReport(options.report, context);
  return inWorld('apply', found, context, async (world, calm) => {
    const { apply } = await import('../../app/apply.ts');
    const outcome = await apply(saved, world.sections, world, ({ key, cells }) => {
      const { personnummer = '', birth_date: birthDate } = cells;
      const parsed = parsePersonId(personnummer, { type: key.type, asOf: world.today, birthDate });
      return parsed.kind === 'valid' ? parsed.id : undefined;
    });
    calm();
    await world.finished();
    return showReport(outcome, options.report, context);
  });
}
