import { renderForget, renderForgetJson } from '../../adapters/report/forget/render-forget.ts';
import type { CommandContext } from '../context.ts';
import { EXIT_FINISHED } from '../exit-codes.ts';
import { readListedRows } from '../listed-rows.ts';
import type { ForgetOptions, RowSelector } from '../options.ts';
import { renderError, reportError } from '../report-error.ts';
import { findConfig, inWorldWithoutRoster } from '../world.ts';

export async function run({ whom, dryRun, force }: ForgetOptions, context: CommandContext): Promise<number> {
  const found = await findConfig(context);
  // Before the lock is taken: somebody may be typing.
  const named = whom === 'stdin' ? await readListedRows(context) : whom;
  return inWorldWithoutRoster('forget', found, context, async (world, calm) => {
    const { forget } = await import('../../app/forget/forget.ts');
    const report = await forget(world, {
      whom: named === 'departed' ? named : named.map(asNamed),
      numbers: whom === 'stdin',
      dryRun,
      force,
    });
    calm();
    // A copy from before an upgrade holds the same people.
    if (!dryRun) await world.finished();
    const { language, color, json, stdout, stderr } = context;
    const departed = named === 'departed';
    stdout.write(json ? renderForgetJson(report) : renderForget(report, { language, color, departed }));
    if (report.brake !== undefined) {
      const { brakeAhead } = await import('../../app/brake-error.ts');
      stderr.write(renderError(reportError(brakeAhead(report.brake), language)));
    }
    return EXIT_FINISHED;
  });
}

function asNamed({ type, id }: RowSelector) {
  return { text: type === undefined ? id : `${type}:${id}`, id, ...(type !== undefined && { type }) };
}
