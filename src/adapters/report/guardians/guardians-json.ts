import type { GuardianReport } from '../../../app/guardians/guardian-report.ts';
import { pairAsJson } from '../duplicates/duplicates-json.ts';
import { createValueGuard } from '../protected-values.ts';
import { changesAsJson, errorAsJson, type JsonOptions, lookupsAsJson } from '../render-json.ts';

/** The report as one JSON object with a final newline. */
export function renderGuardiansJson(report: GuardianReport, options: JsonOptions): string {
  return `${JSON.stringify(guardiansAsJson(report, options), null, 2)}\n`;
}

/** The report with the keys of CONTRACT section 5, in their order. */
export function guardiansAsJson(report: GuardianReport, options: JsonOptions): object {
  const { command, run, dryRun, students, guardians, links } = report;
  return {
    command,
    run,
    dryRun,
    students: { selected: students.selected, withGuardians: students.withGuardians },
    guardians: {
      assigned: guardians.assigned.map(({ id, grade }) => ({ id, grade })),
      created: guardians.created.map(({ id }) => ({ id })),
    },
    links: {
      added: links.added.map(({ student, guardian }) => ({ student, guardian })),
      present: links.present,
    },
    lookups: lookupsAsJson(report.lookups),
    changes: changesAsJson(report.changes, createValueGuard(report), options),
    review: report.review.map(({ id, type, reason, since, rows, children }) => ({
      id,
      type,
      reason,
      since,
      ...(rows && { rows }),
      ...(children && { children }),
    })),
    notAsked: report.notAsked.map(({ id, type, reason }) => ({ id, type, reason })),
    problems: report.problems.map(({ file, line, reason }) => ({ file, line, reason })),
    duplicates: report.duplicates.map(pairAsJson),
    ...(report.brake && { brake: report.brake }),
    ...(report.nextRun && { nextRun: report.nextRun }),
    ...errorAsJson(options),
  };
}
