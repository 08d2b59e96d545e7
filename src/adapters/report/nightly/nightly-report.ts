import type { GuardianReport } from '../../../app/guardians/guardian-report.ts';
import type { UpdateReport } from '../../../app/update/update-report.ts';
import type { CalendarDate } from '../../../domain/calendar-date.ts';

/** What is told of a night. A part is missing where it was not wanted, or did not come to its end. */
export interface NightlyReport {
  readonly run: number;
  readonly asOf: CalendarDate;
  readonly update?: UpdateReport;
  readonly guardians?: GuardianReport;
  /** The folder of the reports, where there is one. */
  readonly folder?: string;
}
