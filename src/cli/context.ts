import type { CalendarDate } from '../domain/calendar-date.ts';
import type { Language } from '../domain/text.ts';

/** Where text goes: a terminal, a pipe or a file. */
export interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(content: string | Uint8Array, done?: (error?: Error | null) => void): boolean;
}

export type Input = NodeJS.ReadableStream & { readonly isTTY?: boolean };

/** What every command is given besides its own options. */
export interface CommandContext {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly stdin: Input;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Aborted by the first SIGINT or SIGTERM. */
  readonly signal: AbortSignal;
  /** The language of `LANG` until `speak` has said another. */
  readonly language: Language;
  /** Called once the configuration has been read, so that later errors are in its language too. */
  speak(language: Language): void;
  /** Whether results on standard output may be coloured. */
  readonly color: boolean;
  readonly json: boolean;
  readonly quiet: boolean;
  /** Stands for today everywhere. */
  readonly asOf?: CalendarDate;
  /** `--config` as given, relative to `cwd`. */
  readonly configPath?: string;
}
