import type { CalendarDate } from '../domain/calendar-date.ts';
import type { PersonType } from '../domain/roster.ts';

/** What can be said everywhere, before or after the command's name. */
export interface CommonOptions {
  readonly config?: string;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly color: boolean;
  readonly asOf?: CalendarDate;
}

/** One `--id`: of any type where the type is missing. */
export interface RowSelector {
  readonly type?: PersonType;
  readonly id: string;
}

export interface UpdateOptions {
  /** Missing: what the configuration says. */
  readonly types?: readonly PersonType[];
  /** Missing: everybody. */
  readonly ids?: readonly RowSelector[];
  readonly dryRun: boolean;
  readonly offline: boolean;
  readonly refresh: boolean;
  /** Where to save the plan. */
  readonly plan?: string;
  readonly force: boolean;
  readonly yes: boolean;
  /** Folder for the reports. */
  readonly report?: string;
}

export type GuardiansOptions = Omit<UpdateOptions, 'types' | 'refresh'>;

export type TableFormat = 'table' | 'csv' | 'json';

export interface DuplicatesOptions {
  readonly format: TableFormat;
  /** Missing: standard output. */
  readonly output?: string;
  /** For a spreadsheet rather than in the roster's own dialect. */
  readonly excel: boolean;
}

export interface DecisionsOptions {
  readonly file: string;
  readonly dryRun: boolean;
}

export interface ExportOptions {
  readonly types?: readonly PersonType[];
  readonly output?: string;
  readonly withGuardians: boolean;
  readonly excel: boolean;
}

export interface HistoryOptions {
  /** Missing: all of them. */
  readonly run?: number;
}

export interface UndoOptions {
  readonly run: number;
  readonly dryRun: boolean;
}

export interface ApplyOptions {
  readonly plan: string;
  readonly report?: string;
}

export interface NightlyOptions {
  /** Folder in which each night's report gets a dated folder of its own. */
  readonly report?: string;
}

export interface CostOptions {
  /** `YYYY-MM`; missing: all months. */
  readonly month?: string;
}

export interface AuditOptions {
  /** Whose lookups: a row, or `stdin` for rows or personnummer read there; missing: everybody's. */
  readonly about?: RowSelector | 'stdin';
  readonly since?: CalendarDate;
  readonly format: TableFormat;
  /** Missing: standard output. */
  readonly output?: string;
  readonly excel: boolean;
}

export interface ForgetOptions {
  /** Whom: these rows, those that standard input names by row id or personnummer, or everybody who has left. */
  readonly whom: readonly RowSelector[] | 'stdin' | 'departed';
  readonly dryRun: boolean;
  readonly force: boolean;
}

export interface CheckOptions {
  readonly online: boolean;
}

export interface SimulatorOptions {
  /** Missing: any free one. */
  readonly port?: number;
  /** Folder for the certificates. */
  readonly dir: string;
}
