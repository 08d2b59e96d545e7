import type { DecisionFileOptions } from '../adapters/report/duplicates/duplicates-csv.ts';
import type { World } from '../compose.ts';
import type { Language } from '../domain/text.ts';

/** How the duplicate report is written as a file to decide in, with checks of the rows as they are now. */
export async function decisionFileOptions(
  world: World,
  { excel }: { readonly excel: boolean },
  language: Language,
): Promise<DecisionFileOptions> {
  const { createPairCheck } = await import('../app/duplicates/duplicates.ts');
  const { readFamilies } = await import('../app/read-families.ts');
  const { roster, state, today, digest } = world;
  const { families } = await readFamilies(roster, { today, selected: () => false });
  return {
    language,
    form: excel ? 'excel' : world.tableForm,
    checkOf: createPairCheck(families, digest, await state.secret()),
  };
}
