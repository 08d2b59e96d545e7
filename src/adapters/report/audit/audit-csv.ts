import type { Audit, AuditedLookup } from '../../../app/audit/audit-report.ts';
import { rowKeyText } from '../../../domain/roster.ts';
import type { Language } from '../../../domain/text.ts';
import { type CsvForm, encodeCsvTable, formOf, renderCsvRows } from '../csv-output.ts';
import { neutraliseFormula } from '../formula-cells.ts';
import { maskNumbers, printable } from '../printable.ts';
import { textsOf } from '../texts.ts';
import { auditTextsOf, outcomeInWords } from './audit-texts.ts';

const COLUMNS = [
  'at',
  'ended_at',
  'run',
  'command',
  'dry_run',
  'as_of',
  'by',
  'type',
  'rows',
  'personnummer',
  'protected',
  'permissions',
  'outcome',
  'answer',
  'reference',
];

const YES = 'yes';

/**
 * All lookups as a CSV file, some at a time. The last column says in words of the language what came of each; all
 * else is the same in every language. No number stands there whole, in an id neither.
 */
export async function* renderAuditCsv(
  audit: Pick<Audit, 'lookups'>,
  { form, language }: { readonly form: CsvForm; readonly language: Language },
): AsyncGenerator<Uint8Array> {
  const words = auditTextsOf(language);
  yield encodeCsvTable([[...COLUMNS, textsOf(language).explanationColumn]], form);
  for await (const batch of audit.lookups()) {
    const rows = batch.map((lookup) => cellsOf(lookup, outcomeInWords(lookup, words)));
    const neutral = form === 'excel' ? rows.map((row) => row.map(neutraliseFormula)) : rows;
    yield Buffer.from(renderCsvRows(neutral, formOf(form)), 'utf8');
  }
}

function cellsOf(lookup: AuditedLookup, explanation: string): string[] {
  const { run, rows, number, isProtected, permissions, outcome, answer } = lookup;
  return [
    lookup.begunAt,
    lookup.endedAt ?? '',
    String(run.run),
    neutral(run.command),
    run.dryRun ? YES : '',
    run.asOf,
    neutral(lookup.endUser),
    lookup.type ?? '',
    neutral(rows.map(rowKeyText).join(', ')),
    number ?? '',
    isProtected ? YES : '',
    permissions.join(', '),
    outcome,
    answer ?? '',
    neutral(lookup.reference ?? ''),
    explanation,
  ];
}

/** What comes from outside: without whole numbers, and without power over a terminal that it may be shown on. */
function neutral(text: string): string {
  return maskNumbers(printable(text));
}
