import type { ReportedChange, UpdateReport } from '../../app/update-report.ts';
import { rowKeyText } from '../../domain/roster.ts';

/**
 * Says of a change whether its values may be shown. Of a protected person only the mark may: the plan holds
 * nothing else, and no screen or file may show it even if one day it does.
 */
export function createValueGuard(report: UpdateReport): (change: ReportedChange) => boolean {
  const guarded = new Set(report.review.filter((item) => item.reason === 'protected').map(rowKeyText));
  return (change) => change.field === 'protected' || !guarded.has(rowKeyText(change));
}
