import type { Audit, AuditedLookup } from '../../../app/audit/audit-report.ts';
import { maskNumbers, printable } from '../printable.ts';

/** All lookups as one JSON object with a final newline, some at a time. No number stands there whole. */
export async function* renderAuditJson(
  audit: Pick<Audit, 'command' | 'since' | 'roster' | 'lookups'>,
): AsyncGenerator<string> {
  const { command, since, roster } = audit;
  const head = JSON.stringify({ command, ...(since !== undefined && { since }), roster }, null, 2);
  yield `${head.slice(0, head.lastIndexOf('\n'))},\n  "lookups": [`;
  let isFirst = true;
  for await (const batch of audit.lookups()) {
    yield batch
      .map((lookup, at) => `${isFirst && at === 0 ? '' : ','}\n${indented(lookupAsJson(lookup))}`)
      .join('');
    isFirst = false;
  }
  yield isFirst ? ']\n}\n' : '\n  ]\n}\n';
}

/** A line break within a value is written as `\n`: those that are there part the lines. */
function indented(value: object): string {
  return JSON.stringify(value, null, 2).replace(/^/gm, '    ');
}

function lookupAsJson(lookup: AuditedLookup) {
  const { run, endedAt, number, isProtected, answer, reference } = lookup;
  return {
    at: lookup.begunAt,
    ...(endedAt !== undefined && { endedAt }),
    run: run.run,
    command: run.command,
    dryRun: run.dryRun,
    asOf: run.asOf,
    by: neutral(lookup.endUser),
    type: lookup.type ?? null,
    rows: lookup.rows.map(({ id, type }) => ({ id: neutral(id), type })),
    ...(number !== undefined && { personnummer: number }),
    protected: isProtected,
    permissions: lookup.permissions,
    outcome: lookup.outcome,
    ...(answer !== undefined && { answer }),
    ...(reference !== undefined && { reference: neutral(reference) }),
  };
}

/** Without whole numbers, and without power over a terminal that it may be shown on. */
function neutral(text: string): string {
  return maskNumbers(printable(text));
}
