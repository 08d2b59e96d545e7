import { renderExport } from '../../adapters/report/export-csv.ts';
import type { World } from '../../compose.ts';
import { PERSON_TYPES } from '../../domain/roster.ts';
import type { Text } from '../../domain/text.ts';
import type { CommandContext } from '../context.ts';
import { EXIT_FINISHED } from '../exit-codes.ts';
import type { ExportOptions } from '../options.ts';
import { refuseOwnFile } from '../own-files.ts';
import { findConfig, inWorldToRead } from '../world.ts';
import { tellWritten, writeOutput } from '../write-output.ts';

export async function run(options: ExportOptions, context: CommandContext): Promise<number> {
  const found = await findConfig(context);
  await refuseOwnFile(options.output, context.cwd, found);
  return inWorldToRead('export', found, context, async (world, calm) => {
    const { table, told, leftOut } = await tableOf(options, world);
    calm();
    const [headings = [], ...rows] = table;
    const form = options.excel ? 'excel' : options.withGuardians ? PAIRS_FORM : EXPORT_FORM;
    const { output } = options;
    if (!context.json || output !== undefined) {
      await writeOutput(renderExport(headings, rows, form), output, context);
    }
    if (context.json) context.stdout.write(asJson(headings, rows, { file: output, leftOut }));
    else if (told !== undefined && !context.quiet) context.stderr.write(`${told[context.language]}\n`);
    else tellWritten(output, context);
    return EXIT_FINISHED;
  });
}

const EXPORT_FORM = { delimiter: ',', encoding: 'utf-8', lineEnd: '\n', bom: false } as const;

/** Semicolons, as school systems take them in. */
const PAIRS_FORM = { ...EXPORT_FORM, delimiter: ';' } as const;

/** One object: the rows, or where they were written; of pairs, how many were left out. */
function asJson(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  { file, leftOut }: { readonly file: string | undefined; readonly leftOut: number | undefined },
): string {
  const told =
    file === undefined
      ? { rows: rows.map((row) => Object.fromEntries(headings.map((heading, i) => [heading, row[i] ?? '']))) }
      : { file, rows: rows.length };
  const object = { command: 'export', ...told, ...(leftOut !== undefined && { leftOut }) };
  return `${JSON.stringify(object, null, 2)}\n`;
}

async function tableOf(
  options: ExportOptions,
  world: World,
): Promise<{
  readonly table: readonly (readonly string[])[];
  readonly told?: Text;
  readonly leftOut?: number;
}> {
  const { exportPairs, exportRoster } = await import('../../app/export.ts');
  if (options.withGuardians) {
    const { rows, pairs, leftOut } = await exportPairs(world);
    return { table: rows, told: pairsTold(pairs, leftOut), leftOut };
  }
  const types = new Set(options.types ?? PERSON_TYPES);
  const table: (readonly string[])[] = [];
  for await (const batch of exportRoster(world, ({ type }) => types.has(type))) table.push(...batch);
  return { table };
}

function pairsTold(pairs: number, leftOut: number): Text {
  const left = {
    en: leftOut === 0 ? '' : `; ${leftOut} left out, as one of the two is protected`,
    sv:
      leftOut === 0
        ? ''
        : `; ${leftOut} ${leftOut === 1 ? 'utelämnat' : 'utelämnade'}, eftersom någon av de två är skyddad`,
  };
  return {
    en: `${pairs} ${pairs === 1 ? 'pair' : 'pairs'} of student and guardian${left.en}.`,
    sv: `${pairs} par av elev och vårdnadshavare${left.sv}.`,
  };
}
