import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { ZodError } from 'zod';
import type { SavedGuardianPlan } from '../../app/guardians/saved-guardian-plan.ts';
import type { SavedPlan } from '../../app/update/saved-plan.ts';
import type { Text } from '../../domain/text.ts';
import { SparSyncError } from '../../errors.ts';
import { errnoOf, proveAtomicWrite, writeFileAtomically } from '../atomic-write.ts';
import { readJson } from '../config/json-text.ts';
import { whyNotWritten } from './why-not-written.ts';

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
export async function writePlanFile(path: string, plan: SavedPlan | SavedGuardianPlan): Promise<void> {
  try {
    const whole = { ...plan, digest: digestOf(plan) };
    await writeFileAtomically(path, `${JSON.stringify(whole, null, 2)}\n`, { mode: 0o600 });
  } catch (error) {
    throw cannotBeWritten(path, error);
  }
}

function cannotBeWritten(path: string, error: unknown): SparSyncError {
  const why = whyNotWritten(error);
  return new SparSyncError(
    'usage',
    {
      en: `The plan cannot be written to ${path}${why.en}`,
      sv: `Planen kan inte skrivas till ${path}${why.sv}`,
    },
    {
      en: 'Name a file in a folder that is there and that you may write to after --plan.',
      sv: 'Ange efter --plan en fil i en mapp som finns och som du får skriva i.',
    },
  );
}

/**
 * What the plan says, in 64 hex digits: the plan that is shown is the plan that is applied, so one that has been
 * damaged or edited since is none. Blanks and line ends in the file make no difference.
 */
function digestOf(plan: object): string {
  return createHash('sha256').update(JSON.stringify(plan)).digest('hex');
}

/**
 * Reads a plan that was saved.
 *
 * @throws SparSyncError `plan-unusable` for anything that `writePlanFile` would not have written
 */
export async function readPlanFile(path: string): Promise<ReadPlan> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const isMissing = errnoOf(error) === 'ENOENT';
    throw unusable(
      path,
      isMissing
        ? { en: 'there is no such file', sv: 'filen finns inte' }
        : { en: 'it cannot be read', sv: 'den går inte att läsa' },
    );
  }
  const read = readJson(text);
  if (read.kind === 'broken') throw unusable(path, { en: 'it is not JSON', sv: 'den är inte JSON' });
  const { digest, ...value }: { readonly digest?: unknown } = objectOf(read.value);
  if (digest !== undefined && digest !== digestOf(value)) throw unusable(path, CHANGED);
  const { savedGuardianPlanSchema, savedPlanSchema } = await import('./plan-schema.ts');
  if (isOfGuardians(value)) {
    const parsed = savedGuardianPlanSchema.safeParse(value);
    if (!parsed.success) throw notAsItShouldBe(path, parsed.error);
    if (digest === undefined) throw unusable(path, CHANGED);
    return { kind: 'guardians', plan: parsed.data };
  }
  const parsed = savedPlanSchema.safeParse(value);
  if (!parsed.success) throw notAsItShouldBe(path, parsed.error);
  if (digest === undefined) throw unusable(path, CHANGED);
  return { kind: 'update', plan: parsed.data };
}

const CHANGED: Text = {
  en: 'it has been changed since it was made',
  sv: 'den har ändrats sedan den gjordes',
};

function objectOf(value: unknown): object {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}

/** A plan that was saved, by the command that made it. */
export type ReadPlan =
  | { readonly kind: 'update'; readonly plan: SavedPlan }
  | { readonly kind: 'guardians'; readonly plan: SavedGuardianPlan };

function isOfGuardians(value: object): boolean {
  return 'command' in value && value.command === 'guardians';
}

function notAsItShouldBe(path: string, error: ZodError): SparSyncError {
  const at = error.issues[0]?.path.join('.') || 'format';
  if (at === 'format') {
    return unusable(path, { en: 'it was not made with --plan', sv: 'den är inte gjord med --plan' });
  }
  return unusable(path, { en: `\`${at}\` is not as it should be`, sv: `\`${at}\` är inte som det ska` });
}

function unusable(path: string, why: Text): SparSyncError {
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
