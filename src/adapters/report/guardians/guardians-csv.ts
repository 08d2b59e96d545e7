import type { GuardianReport } from '../../../app/guardians/guardian-report.ts';
import type { Language } from '../../../domain/text.ts';
import { type CsvReports, explain, renderCsv, renderTable } from '../render-csv.ts';
import { textsOf } from '../texts.ts';

/** The reports of one run, by file name. */
export type GuardianCsvReports = CsvReports &
  Readonly<Record<'guardians-done.csv' | 'links-added.csv', string>>;

/** As `renderCsv`, with the rows that were assigned or created, and the links that were added. */
export function renderGuardiansCsv(report: GuardianReport, language: Language): GuardianCsvReports {
  const texts = textsOf(language);
  const { assigned, created } = report.guardians;
  return {
    ...renderCsv(report, language),
    'review.csv': renderTable(
      ['id', 'type', 'reason', 'since', 'rows', 'children', texts.explanationColumn],
      report.review.map(({ id, type, reason, since, rows = [], children = [] }) => [
        id,
        type,
        reason,
        since,
        rows.join(', '),
        children.join(', '),
        explain(texts.reviewReasons[reason]),
      ]),
    ),
    'guardians-done.csv': renderTable(
      ['id', 'done', 'grade'],
      [
        ...assigned.map(({ id, grade }) => [id, 'assigned', grade]),
        ...created.map(({ id }) => [id, 'created', '']),
      ],
    ),
    'links-added.csv': renderTable(
      ['student', 'guardian'],
      report.links.added.map(({ student, guardian }) => [student, guardian]),
    ),
  };
}
