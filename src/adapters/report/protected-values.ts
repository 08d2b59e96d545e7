import type { ReportedChange, ReportedReview } from '../../app/update/update-report.ts';
import { rowKeyText } from '../../domain/roster.ts';

/**
 * Says of a change whether its values may be shown. Of a protected person only the mark may: the plan holds
 * nothing else, and no screen or file may show it even if one day it does.
 */
export function createValueGuard(report: {
  readonly review: readonly ReportedReview[];
}): (change: ReportedChange) => boolean {
  const guarded = new Set(
    report.review
      .filter(({ reason }) => reason === 'protected' || reason === 'guardian-protected')
      .map(rowKeyText),
  );
  return (change) => change.field === 'protected' || !guarded.has(rowKeyText(change));
}
