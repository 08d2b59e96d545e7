import type { Audit, AuditedLookup } from '../../../app/audit/audit-report.ts';
import { historyTextsOf } from '../history/history-texts.ts';
import { swedishTime } from '../history/local-time.ts';
import { joinSections, maskedShort, openScreen, type ScreenOptions, shownRow } from '../report-sections.ts';
import { auditTextsOf, outcomeInWords } from './audit-texts.ts';

/** A screen holds so many; CSV and JSON hold all. */
const LOOKUPS_SHOWN = 50;
const ROWS_SHOWN = 5;

/** The newest lookups, two lines each: who and what came of it, then why and by whom. */
export async function renderAudit(audit: Audit, options: ScreenOptions): Promise<string> {
  const { texts, paint } = openScreen(options);
  const words = auditTextsOf(options.language);
  const runWords = historyTextsOf(options.language);
  const shown: AuditedLookup[] = [];
  for await (const batch of audit.lookups(LOOKUPS_SHOWN)) shown.push(...batch);
  if (shown.length === 0) return `${words.none(audit.about?.length, audit.since)}\n`;
  const more = audit.count - shown.length;
  return joinSections([
    [
      paint.bold(words.heading(Math.max(audit.count, shown.length))),
      ...shown.flatMap((lookup) => [`  ${headOf(lookup)}`, `    ${paint.dim(detailsOf(lookup))}`]),
      ...(more > 0 ? [paint.dim(`  ${words.earlier(more)}`)] : []),
    ],
  ]);

  function headOf(lookup: AuditedLookup): string {
    const { begunAt, number, isProtected } = lookup;
    const who = number ?? (isProtected ? paint.yellow(words.protected) : words.keptBack);
    return [maskedShort(swedishTime(begunAt)), rowsOf(lookup), who, outcomeInWords(lookup, words)].join('  ');
  }

  function detailsOf({ run, permissions, endUser, reference }: AuditedLookup): string {
    const asked = [
      `${words.run(run.run)}, ${maskedShort(run.command)}`,
      ...(run.dryRun ? [runWords.dryRun] : []),
      runWords.by(maskedShort(endUser)),
    ].join(', ');
    return [
      asked,
      ...(permissions.includes('relations') ? [words.withRelations] : []),
      ...(reference === undefined ? [] : [words.reference(maskedShort(reference))]),
    ].join('; ');
  }

  function rowsOf({ type, rows }: AuditedLookup): string {
    const named = rows.slice(0, ROWS_SHOWN).map((row) => shownRow(row, texts));
    const more = rows.length - named.length;
    const all = [...named, ...(more > 0 ? [words.moreRows(more)] : [])].join(', ');
    if (rows.length === 0) return words.noRow;
    return type === 'guardian' && rows[0]?.type !== 'guardian' ? words.guardianOf(all) : all;
  }
}
