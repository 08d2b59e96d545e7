import type { CommandContext } from './context.ts';
import type { ApplyOptions, CheckOptions, SimulatorOptions, UpdateOptions } from './options.ts';

/** What each command does; each resolves to the exit code. */
export interface Commands {
  update(options: UpdateOptions, context: CommandContext): Promise<number>;
  apply(options: ApplyOptions, context: CommandContext): Promise<number>;
  status(options: Record<never, never>, context: CommandContext): Promise<number>;
  check(options: CheckOptions, context: CommandContext): Promise<number>;
  init(options: Record<never, never>, context: CommandContext): Promise<number>;
  demo(options: Record<never, never>, context: CommandContext): Promise<number>;
  simulator(options: SimulatorOptions, context: CommandContext): Promise<number>;
}

/** Each command is loaded when it runs, so that `--help` need not wait for SOAP and SQLite. */
export const LAZY_COMMANDS: Commands = {
  update: async (options, context) => (await import('./commands/update.ts')).run(options, context),
  apply: async (options, context) => (await import('./commands/apply.ts')).run(options, context),
  status: async (options, context) => (await import('./commands/status.ts')).run(options, context),
  check: async (options, context) => (await import('./commands/check.ts')).run(options, context),
  init: async (options, context) => (await import('./commands/init.ts')).run(options, context),
  demo: async (options, context) => (await import('./commands/demo.ts')).run(options, context),
  simulator: async (options, context) => (await import('./commands/simulator.ts')).run(options, context),
};
