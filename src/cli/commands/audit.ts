import type { Content } from '../../adapters/atomic-write.ts';
import { renderAuditCsv } from '../../adapters/report/audit/audit-csv.ts';
import { renderAuditJson } from '../../adapters/report/audit/audit-json.ts';
import { auditTextsOf } from '../../adapters/report/audit/audit-texts.ts';
import { renderAudit } from '../../adapters/report/audit/render-audit.ts';
import { maskNumbers, printable } from '../../adapters/report/printable.ts';
import { audit, strangersInWords } from '../../app/audit/audit.ts';
import type { Audit } from '../../app/audit/audit-report.ts';
import { openRosterOf, openStateToRead, todayOf } from '../../compose.ts';
import { rowKeyText } from '../../domain/roster.ts';
import type { CommandContext } from '../context.ts';
import { EXIT_FINISHED } from '../exit-codes.ts';
import { readListedRows } from '../listed-rows.ts';
import type { AuditOptions } from '../options.ts';
import { refuseOwnFile } from '../own-files.ts';
import { findConfig } from '../world.ts';
import { tellWritten, writeOutput } from '../write-output.ts';

export async function run(options: AuditOptions, context: CommandContext): Promise<number> {
  const found = await findConfig(context);
  const { output, since } = options;
  await refuseOwnFile(output, context.cwd, found);
  const isListed = options.about === 'stdin';
  const about = options.about === 'stdin' ? await readListedRows(context) : options.about && [options.about];
  const state = await openStateToRead(found.config);
  try {
    const question = {
      ...(about && { about }),
      numbersAllowed: isListed,
      ...(since !== undefined && { since }),
    };
    const openRoster = () => openRosterOf(found.config);
    const told = counting(
      await audit(question, { state, openRoster, today: todayOf(context.asOf) }),
      context,
    );
    const isPainted = options.format === 'table';
    await writeOutput(await render(told.audit, options, context), output, context, { isPainted });
    remarkOn(told, context);
    if (context.json && output !== undefined) {
      const { command } = told.audit;
      context.stdout.write(
        `${JSON.stringify({ command, file: output, lookups: told.lookups() }, null, 2)}\n`,
      );
    }
    tellWritten(output, context);
    return EXIT_FINISHED;
  } finally {
    await state.close();
  }
}

const CSV_FORM = { delimiter: ',', encoding: 'utf-8', lineEnd: '\n', bom: false } as const;

async function render(
  audit: Audit,
  { format, excel, output }: AuditOptions,
  { language, color }: CommandContext,
): Promise<Content> {
  switch (format) {
    case 'json':
      return renderAuditJson(audit);
    case 'csv':
      return renderAuditCsv(audit, { form: excel ? 'excel' : CSV_FORM, language });
    case 'table':
      return renderAudit(audit, { language, color: color && output === undefined });
  }
}

interface Counted {
  readonly audit: Audit;
  /** How many were told so far. */
  lookups(): number;
  /** Of them, how many without a number though nobody is known to be protected. */
  keptBack(): number;
}

/** Counts while they are told; an interruption ends it. */
function counting(audit: Audit, { signal }: CommandContext): Counted {
  let lookups = 0;
  let keptBack = 0;
  return {
    audit: {
      ...audit,
      async *lookups(most) {
        for await (const batch of audit.lookups(most)) {
          signal.throwIfAborted();
          lookups += batch.length;
          for (const { number, isProtected } of batch) if (number === undefined && !isProtected) keptBack++;
          yield batch;
        }
      },
    },
    lookups: () => lookups,
    keptBack: () => keptBack,
  };
}

/** What a person must know to read the result rightly, whatever its form. */
function remarkOn({ audit: told, keptBack }: Counted, { stderr, language }: CommandContext): void {
  const words = auditTextsOf(language);
  const say = (text: string) => stderr.write(`${maskNumbers(printable(text))}\n`);
  const shown = (wanted: Audit['shared']) =>
    wanted.map(({ type, id }) => (type === undefined ? id : rowKeyText({ type, id }))).join(', ');
  if (told.strangers.length > 0) say(strangersInWords(told.strangers)[language]);
  if (told.shared.length > 0) say(words.shared(shown(told.shared)));
  if (told.roster === 'not-read') say(words.rosterNotRead);
  if (told.roster === 'read-in-part' && keptBack() > 0) say(words.rosterReadInPart(keptBack()));
}
