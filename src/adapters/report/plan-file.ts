import { readFile } from 'node:fs/promises';
import type { SavedPlan } from '../../app/saved-plan.ts';
import { SparSyncError } from '../../errors.ts';
import { writeFileAtomically } from '../atomic-write.ts';

/** Saves a plan as a file that only its owner can read: it holds names and addresses. */
export async function writePlanFile(path: string, plan: SavedPlan): Promise<void> {
  try {
    await writeFileAtomically(path, `${JSON.stringify(plan, null, 2)}\n`, { mode: 0o600 });
  } catch (error) {
    if (error instanceof SparSyncError) throw error;
    throw new SparSyncError(
      'usage',
      { en: `The plan could not be written to ${path}.`, sv: `Planen kunde inte skrivas till ${path}.` },
      {
        en: 'Choose a file in a folder that you may write to.',
        sv: 'Välj en fil i en mapp som du får skriva i.',
      },
    );
  }
}

/**
 * Reads a plan that was saved.
 *
 * @throws SparSyncError `plan-unusable` for anything that `writePlanFile` would not have written
 */
export async function readPlanFile(path: string): Promise<SavedPlan> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch {
    throw unusable(path, { en: 'it cannot be read', sv: 'den går inte att läsa' });
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw unusable(path, { en: 'it is not JSON', sv: 'den är inte JSON' });
  }
  const { savedPlanSchema } = await import('./plan-schema.ts');
  const parsed = savedPlanSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const at = parsed.error.issues[0]?.path.join('.') || 'format';
  throw unusable(path, { en: `\`${at}\` is not as it should be`, sv: `\`${at}\` är inte som det ska` });
}

function unusable(path: string, why: { readonly en: string; readonly sv: string }): SparSyncError {
  return new SparSyncError(
    'plan-unusable',
    {
      en: `${path} is no plan that can be carried out: ${why.en}.`,
      sv: `${path} är ingen plan som går att genomföra: ${why.sv}.`,
    },
    {
      en: '`spar-sync update --dry-run --plan FILE` makes one; it is not meant to be edited.',
      sv: '`spar-sync update --dry-run --plan FIL` gör en; den är inte till för att redigeras.',
    },
  );
}
