import type { GuardianLink, RosterProblem } from '../../../domain/roster.ts';
import {
  type ColumnIndexes,
  type ColumnNames,
  LINK_COLUMNS,
  type LinkColumn,
  matchColumns,
} from '../columns.ts';
import { latin1AsWindows1252 } from './csv-encoding.ts';
import type { CsvFile, CsvShape } from './csv-file.ts';
import { columnTrouble, isBlank } from './csv-people.ts';
import type { TakeRow } from './csv-table.ts';

/** The file that says whose guardian is whose. */
export interface CsvLinksFile extends CsvFile {
  readonly columns?: ColumnNames<LinkColumn>;
}

/** @throws SparSyncError `roster-unreadable` when either end has no column */
export function linkIndexesOf(file: CsvLinksFile, csv: CsvShape): ColumnIndexes<LinkColumn> {
  const matched = matchColumns(csv.headers, LINK_COLUMNS, file.columns ?? {});
  if (matched.kind === 'mismatched') throw columnTrouble(file, 'roster.links', csv, matched.trouble);
  for (const end of ['student_id', 'guardian_id'] as const) {
    if (matched.indexes.has(end)) continue;
    const trouble = { en: `no column is "${end}"`, sv: `ingen kolumn är "${end}"` };
    throw columnTrouble(file, 'roster.links', csv, trouble);
  }
  return matched.indexes;
}

/** Makes links of a file's rows. */
export function linkTaker(
  file: CsvLinksFile,
  source: number,
  csv: CsvShape,
  add: (link: GuardianLink) => void,
  onProblem: (problem: RosterProblem) => void,
): TakeRow {
  const indexes = linkIndexesOf(file, csv);
  const decode = csv.encoding === 'windows-1252' ? latin1AsWindows1252 : (text: string) => text;

  return (cells, row, line, ragged) => {
    function cell(column: LinkColumn): string | undefined {
      const index = indexes.get(column);
      return index === undefined ? undefined : decode(cells[index] ?? '');
    }
    const student = cell('student_id')?.trim() ?? '';
    const guardian = cell('guardian_id')?.trim() ?? '';
    if (!ragged && student !== '' && guardian !== '') {
      add({
        student,
        guardian,
        relation: cell('relation'),
        source: cell('source'),
        place: { source, row, line },
      });
    } else if (!isBlank(cells)) {
      onProblem({ file: file.name, line, reason: ragged ? 'ragged-row' : 'link-incomplete' });
    }
  };
}
