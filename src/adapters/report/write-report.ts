import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { GuardianReport } from '../../app/guardians/guardian-report.ts';
import type { UpdateReport } from '../../app/update/update-report.ts';
import type { CalendarDate } from '../../domain/calendar-date.ts';
import type { RowKey } from '../../domain/roster.ts';
import type { Language } from '../../domain/text.ts';
import { SparSyncError } from '../../errors.ts';
import { isErrno, writeFileAtomically } from '../atomic-write.ts';
import { type DecisionFileOptions, renderDuplicatesCsv } from './duplicates/duplicates-csv.ts';
import { renderGuardiansCsv } from './guardians/guardians-csv.ts';
import { renderGuardiansJson } from './guardians/guardians-json.ts';
import { renderCsv } from './render-csv.ts';
import { renderJson } from './render-json.ts';
import { whyNotWritten } from './why-not-written.ts';

const OF_BOTH = ['changes.csv', 'review.csv', 'not-asked.csv', 'problems.csv'] as const;

/** The files of the report, by the command that makes it. None bears a name that rosters like to have. */
export const REPORT_FILES = {
  update: [...OF_BOTH, 'update.json'],
  guardians: [...OF_BOTH, 'guardians-done.csv', 'links-added.csv', 'duplicates.csv', 'guardians.json'],
} as const;

type ReportKind = keyof typeof REPORT_FILES;

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
        en: `The report cannot be written to ${folder}${whyNotWritten(error).en}`,
        sv: `Rapporten kan inte skrivas till ${folder}${whyNotWritten(error).sv}`,
      },
      {
        en: 'Name a folder that you may write to, or one that does not exist yet, after --report.',
        sv: 'Ange efter --report en mapp som du får skriva i, eller en som inte finns än.',
      },
    );
  }
}

/**
 * Makes a folder of its own for the report of one day within `parent`: `2026-11-29`, and `2026-11-29-2` where there
 * is one already. Returns its path.
 *
 * @throws SparSyncError `report-unwritable`
 */
export async function makeDatedFolder(parent: string, day: CalendarDate): Promise<string> {
  for (let number = 1; ; number++) {
    const folder = join(parent, number === 1 ? day : `${day}-${number}`);
    try {
      await mkdir(folder, { mode: 0o700 });
      return folder;
    } catch (error) {
      if (!isErrno(error, 'EEXIST')) throw notWritten(folder, error);
    }
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
  return writeFiles(folder, 'update', {
    ...renderCsv(report, language),
    'update.json': renderJson(report, { numbers: 'whole' }),
  });
}

/**
 * As `writeReport`, with guardians-done.csv (whom the run assigned or created), links-added.csv, duplicates.csv
 * (the file to decide in) and guardians.json.
 *
 * @throws SparSyncError `report-unwritable`
 */
export async function writeGuardianReport(
  folder: string,
  report: GuardianReport,
  options: DecisionFileOptions,
): Promise<readonly string[]> {
  return writeFiles(folder, 'guardians', {
    ...renderGuardiansCsv(report, options.language),
    'duplicates.csv': renderDuplicatesCsv(pairsThatAreThere(report), options),
    'guardians.json': renderGuardiansJson(report, { numbers: 'whole' }),
  });
}

/** In a dry run new rows have not been made, and nobody can decide about them. */
function pairsThatAreThere({ dryRun, guardians, duplicates }: GuardianReport) {
  if (!dryRun) return duplicates;
  const made = new Set(guardians.created.map(({ id }) => id));
  const isThere = ({ type, id }: RowKey): boolean => type !== 'guardian' || !made.has(id);
  return duplicates.filter(({ a, b }) => isThere(a) && isThere(b));
}

/** Only the files of the list, which were looked at before the run: another might be a file of the roster. */
async function writeFiles<Kind extends ReportKind>(
  folder: string,
  kind: Kind,
  files: Readonly<Record<(typeof REPORT_FILES)[Kind][number], string | Uint8Array>>,
): Promise<readonly string[]> {
  const names: readonly (typeof REPORT_FILES)[Kind][number][] = REPORT_FILES[kind];
  const written: string[] = [];
  for (const name of names) {
    const content = files[name];
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
      en: `The run is finished, but its report could not be written to ${path}${whyNotWritten(error).en}`,
      sv: `Körningen är klar, men rapporten kunde inte skrivas till ${path}${whyNotWritten(error).sv}`,
    },
    {
      en: 'What is printed is all there is of this run: keep it. Make room or name another folder before the next.',
      sv: 'Det som skrivs ut är allt som finns om den här körningen: spara det. Gör plats eller ange en annan mapp före nästa.',
    },
  );
}
