import type { CommandContext } from './context.ts';
import type {
  ApplyOptions,
  AuditOptions,
  CheckOptions,
  CostOptions,
  DecisionsOptions,
  DuplicatesOptions,
  ExportOptions,
  ForgetOptions,
  GuardiansOptions,
  HistoryOptions,
  NightlyOptions,
  SimulatorOptions,
  UndoOptions,
  UpdateOptions,
} from './options.ts';

/** What each command does; each resolves to the exit code. */
export interface Commands {
  update(options: UpdateOptions, context: CommandContext): Promise<number>;
  guardians(options: GuardiansOptions, context: CommandContext): Promise<number>;
  nightly(options: NightlyOptions, context: CommandContext): Promise<number>;
  duplicates(options: DuplicatesOptions, context: CommandContext): Promise<number>;
  'duplicates apply'(options: DecisionsOptions, context: CommandContext): Promise<number>;
  apply(options: ApplyOptions, context: CommandContext): Promise<number>;
  status(options: Record<never, never>, context: CommandContext): Promise<number>;
  cost(options: CostOptions, context: CommandContext): Promise<number>;
  audit(options: AuditOptions, context: CommandContext): Promise<number>;
  forget(options: ForgetOptions, context: CommandContext): Promise<number>;
  check(options: CheckOptions, context: CommandContext): Promise<number>;
  export(options: ExportOptions, context: CommandContext): Promise<number>;
  history(options: HistoryOptions, context: CommandContext): Promise<number>;
  undo(options: UndoOptions, context: CommandContext): Promise<number>;
  init(options: Record<never, never>, context: CommandContext): Promise<number>;
  demo(options: Record<never, never>, context: CommandContext): Promise<number>;
  simulator(options: SimulatorOptions, context: CommandContext): Promise<number>;
}

/** Each command is loaded when it runs, so that `--help` need not wait for SOAP and SQLite. */
export const LAZY_COMMANDS: Commands = {
  update: async (options, context) => (await import('./commands/update.ts')).run(options, context),
  guardians: async (options, context) => (await import('./commands/guardians.ts')).run(options, context),
  nightly: async (options, context) => (await import('./commands/nightly.ts')).run(options, context),
  duplicates: async (options, context) => (await import('./commands/duplicates.ts')).run(options, context),
  'duplicates apply': async (options, context) =>
    (await import('./commands/decisions.ts')).run(options, context),
  export: async (options, context) => (await import('./commands/export.ts')).run(options, context),
  history: async (options, context) => (await import('./commands/history.ts')).run(options, context),
  undo: async (options, context) => (await import('./commands/undo.ts')).run(options, context),
  apply: async (options, context) => (await import('./commands/apply.ts')).run(options, context),
  status: async (options, context) => (await import('./commands/status.ts')).run(options, context),
  cost: async (options, context) => (await import('./commands/cost.ts')).run(options, context),
  audit: async (options, context) => (await import('./commands/audit.ts')).run(options, context),
  forget: async (options, context) => (await import('./commands/forget.ts')).run(options, context),
  check: async (options, context) => (await import('./commands/check.ts')).run(options, context),
  init: async (options, context) => (await import('./commands/init.ts')).run(options, context),
  demo: async (options, context) => (await import('./commands/demo.ts')).run(options, context),
  simulator: async (options, context) => (await import('./commands/simulator.ts')).run(options, context),
};
