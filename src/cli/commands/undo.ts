import { renderUndoJson } from '../../adapters/report/history/history-json.ts';
import { renderUndo } from '../../adapters/report/history/render-undo.ts';
import type { CommandContext } from '../context.ts';
import type { UndoOptions } from '../options.ts';
import { showEnd } from '../show-end.ts';
import { findConfig, inWorld } from '../world.ts';

export async function run(options: UndoOptions, context: CommandContext): Promise<number> {
  const found = await findConfig(context);
  return inWorld('undo', found, context, async (world, calm) => {
    const { undo } = await import('../../app/history/undo.ts');
    const { report, gaps, hidden } = await undo(options.run, world, options);
    calm();
    await world.finished();
    const { language, color } = context;
    return showEnd(
      { gaps },
      {
        folder: undefined,
        write: async () => {},
        json: (error) => renderUndoJson(report, { numbers: 'masked', hidden, ...(error && { error }) }),
        text: () => renderUndo(report, { language, color, hidden }),
      },
      context,
    );
  });
}
