import type { CalendarDate, Freshness } from '../../domain/calendar-date.ts';
import type { Pricing, SpendingLimits } from '../../domain/cost.ts';
import type { UpdateRules } from '../../domain/field-rules.ts';
import type { Permission } from '../../domain/person.ts';
import type { SafetyLimits } from '../../domain/plan-safety.ts';
import type { RowKey } from '../../domain/roster.ts';
import type { BudgetedLookup, Clock, PersonLookup, Progress, State } from '../ports.ts';
import type { Roster } from '../roster-port.ts';

/** What `update` works with: the world, as ports, and what the configuration says of it. */
export interface UpdateWorld {
  readonly roster: Roster;
  readonly state: State;
  /** Opens the way to SPAR; called only when somebody is to be asked about. The wrappers go around `client`. */
  readonly openLookup: () => Promise<PersonLookup>;
  readonly wrapLookup: (client: BudgetedLookup) => BudgetedLookup;
  readonly clock: Clock;
  readonly today: CalendarDate;
  readonly progress: Progress;
  readonly digest: (text: string) => string;
  readonly settings: UpdateSettings;
}

export interface UpdateSettings {
  readonly rules: UpdateRules;
  readonly freshness: Freshness;
  readonly granted: readonly Permission[];
  readonly concurrency: number;
  /** How long a run waits for a SPAR that is away. */
  readonly waitMinutes: number;
  readonly endUser: string;
  readonly limits: SafetyLimits & SpendingLimits;
  readonly pricing: Pricing;
  readonly retention: RetentionSettings;
}

/** How long is kept what SPAR has answered. */
export interface RetentionSettings {
  readonly cacheDays: number;
}

/** What the command line says about asking SPAR. */
export interface AskingOptions {
  readonly signal: AbortSignal;
  /** Asked before many lookups are bought (CONTRACT rule 10); `false` ends the run with nothing done. */
  readonly consent: (lookups: number, cost: number) => Promise<boolean>;
}

/** What the command line says of one `update`. */
export interface UpdateOptions extends AskingOptions {
  readonly selected: (key: RowKey) => boolean;
  /** Rows were named by id: `refresh` then reaches the deceased too, and `force` what a person has edited. */
  readonly namedRows: boolean;
  readonly dryRun: boolean;
  readonly offline: boolean;
  readonly refresh: boolean;
  readonly force: boolean;
}
