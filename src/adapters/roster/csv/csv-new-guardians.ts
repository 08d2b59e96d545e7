import type { NewGuardianPlace } from '../../../app/roster-port.ts';
import type { SparSyncError } from '../../../errors.ts';
import { comparable } from '../columns.ts';
import type { CsvPeopleFile, PeopleShape } from './csv-people.ts';
import { unreadable } from './csv-trouble.ts';

/** How and where guardians are added. */
export interface CsvNewGuardians {
  /** Index into the files; missing: the only file that can take one. */
  readonly target?: number;
  /** Missing: `number` where all ids are whole numbers, else `uuid`. */
  readonly idStyle?: 'uuid' | 'number';
  /** The file's own column to what a new row holds in it. */
  readonly values: Readonly<Record<string, string>>;
}

/** The file that the configuration names, or the only one of guardians or of everybody. */
export function newGuardianPlace(
  files: readonly CsvPeopleFile[],
  { target, idStyle }: Pick<CsvNewGuardians, 'target' | 'idStyle'>,
): NewGuardianPlace | undefined {
  const fit = [...files.keys()].filter((index) => (files[index]?.type ?? 'guardian') === 'guardian');
  const source = target ?? (fit.length === 1 ? fit[0] : undefined);
  return source === undefined ? undefined : { source, idStyle };
}

/**
 * The configured values of new rows by the index of their column.
 *
 * @throws SparSyncError `roster-unreadable` when the file has no such column
 */
export function constantsOf(
  file: CsvPeopleFile,
  { csv }: PeopleShape,
  values: CsvNewGuardians['values'],
): ReadonlyMap<number, string> {
  const there = csv.headers.map(comparable);
  const constants = new Map<number, string>();
  for (const [header, value] of Object.entries(values)) {
    const index = there.indexOf(comparable(header));
    if (index < 0) throw noSuchColumn(file, csv.headerLine, header);
    constants.set(index, value);
  }
  return constants;
}

function noSuchColumn(file: CsvPeopleFile, line: number, header: string): SparSyncError {
  const place = `roster.newGuardian.values.${header}`;
  return unreadable(
    file.name,
    line,
    { en: `${place} names a column that is not there`, sv: `${place} anger en kolumn som inte finns` },
    {
      en: 'The keys under roster.newGuardian.values are the column names of the file to which new guardians go. Correct the name or take it away.',
      sv: 'Nycklarna under roster.newGuardian.values är kolumnnamnen i den fil som nya vårdnadshavare läggs till i. Rätta namnet eller ta bort det.',
    },
  );
}
