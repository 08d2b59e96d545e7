import type { DuplicatesReport } from '../../../app/duplicates/duplicate-report.ts';
import type { DuplicatePair } from '../../../domain/duplicate-pair.ts';
import { shortRowId } from '../row-id.ts';

/** A pair with the keys of CONTRACT section 5, in their order; of one with a protected row ids and grade only. */
export function pairAsJson(pair: DuplicatePair) {
  const { a, b, keep, grade, group, emailHeldBy, shown } = pair;
  return {
    a: shortRowId(a),
    b: shortRowId(b),
    keep: shortRowId(keep),
    grade,
    group,
    evidence: shown ? pair.evidence : [],
    contradictions: shown ? pair.contradictions : [],
    children: shown ? pair.children : [],
    ...(shown && emailHeldBy && { emailHeldBy: shortRowId(emailHeldBy) }),
  };
}

/** The duplicate report as one JSON object with a final newline. */
export function renderDuplicatesJson({ command, pairs, problems }: DuplicatesReport): string {
  const ordered = {
    command,
    duplicates: pairs.map(pairAsJson),
    problems: problems.map(({ file, line, reason }) => ({ file, line, reason })),
  };
  return `${JSON.stringify(ordered, null, 2)}\n`;
}
