import { readFile } from 'node:fs/promises';
import type { SavedPlan } from '../../app/saved-plan.ts';
import { SparSyncError } from '../../errors.ts';
import { errnoOf, proveAtomicWrite, writeFileAtomically } from '../atomic-write.ts';

/**
 * Proves that a plan could be saved here, so that nobody learns of a mistyped `--plan` after the lookups have
 * been paid for. A plan that is there already stays as it is.
 *
 * @throws SparSyncError `usage`
 */
export async function preparePlanFile(path: string): Promise<void> {
  try {
    await proveAtomicWrite(path);
  } catch (error) {
    throw cannotBeWritten(path, error);
  }
}

/** Saves a plan as a file that only its owner can read: it holds names and addresses. */
export async function writePlanFile(path: string, plan: SavedPlan): Promise<void> {
  try {
    await writeFileAtomically(path, `${JSON.stringify(plan, null, 2)}\n`, { mode: 0o600 });
  } catch (error) {
    throw cannotBeWritten(path, error);
  }
}

function cannotBeWritten(path: string, error: unknown): SparSyncError {
  const code = errnoOf(error);
  const told = code === undefined ? '' : ` (${code})`;
  return new SparSyncError(
    'usage',
    {
      en: `The plan cannot be written to ${path}${told}`,
      sv: `Planen kan inte skrivas till ${path}${told}`,
    },
    {
      en: 'Name a file in a folder that is there and that you may write to after --plan.',
      sv: 'Ange efter --plan en fil i en mapp som finns och som du får skriva i.',
    },
  );
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
