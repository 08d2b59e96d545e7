import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { UpdateReport } from '../../app/update-report.ts';
import type { Language } from '../../domain/text.ts';
import { SparSyncError } from '../../errors.ts';
import { writeFileAtomically } from '../atomic-write.ts';
import { renderCsv } from './render-csv.ts';
import { renderJson } from './render-json.ts';

/**
 * Makes the report's folder (0700) where it is missing and proves that it can be written to, so that nobody
 * learns of a mistyped `--report` after the lookups have been paid for.
 *
 * @throws SparSyncError `usage`
 */
export async function prepareReportFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await access(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new SparSyncError(
      'usage',
      {
        en: `The report cannot be written to ${folder}${codeOf(error)}`,
        sv: `Rapporten kan inte skrivas till ${folder}${codeOf(error)}`,
      },
      {
        en: 'Name a folder that you may write to, or one that does not exist yet, after --report.',
        sv: 'Ange efter --report en mapp som du får skriva i, eller en som inte finns än.',
      },
    );
  }
}

/**
 * Writes changes.csv, review.csv, not-asked.csv, problems.csv and update.json into the folder, each with mode
 * 0600, replacing those of an earlier run. Returns their paths.
 *
 * @throws SparSyncError `report-unwritable` when a file cannot be written; the run itself stands.
 */
export async function writeReport(
  folder: string,
  report: UpdateReport,
  language: Language,
): Promise<readonly string[]> {
  const files = { ...renderCsv(report, language), 'update.json': renderJson(report, { numbers: 'whole' }) };
  const written: string[] = [];
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await writeFileAtomically(path, content, { mode: 0o600 });
    } catch (error) {
      throw notWritten(path, error);
    }
    written.push(path);
  }
  return written;
}

function notWritten(path: string, error: unknown): SparSyncError {
  return new SparSyncError(
    'report-unwritable',
    {
      en: `The run is finished, but its report could not be written to ${path}${codeOf(error)}`,
      sv: `Körningen är klar, men rapporten kunde inte skrivas till ${path}${codeOf(error)}`,
    },
    {
      en: 'What is printed is all there is of this run: keep it. Make room or name another folder before the next.',
      sv: 'Det som skrivs ut är allt som finns om den här körningen: spara det. Gör plats eller ange en annan mapp före nästa.',
    },
  );
}

function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? ` (${code})` : '';
}
