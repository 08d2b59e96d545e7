import { EventEmitter } from 'node:events';
import { PassThrough, Writable } from 'node:stream';
import type { CommandContext } from '../../src/cli/context.ts';

/** A stream that keeps what was written to it. */
export class Sink extends Writable {
  text = '';
  isTTY = false;

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString('utf8');
    done();
  }
}

/** A stream that fails every write, as a closed pipe or a full disk does. */
export class BrokenSink extends Sink {
  private readonly code: string;

  constructor(code: string) {
    super();
    this.code = code;
  }

  override _write(_chunk: Buffer, _encoding: string, done: (error?: Error) => void): void {
    done(Object.assign(new Error(`write ${this.code}`), { code: this.code }));
  }
}

export interface FakeProcess extends EventEmitter {
  stdout: Sink;
  stderr: Sink;
  stdin: PassThrough & { isTTY?: boolean };
  env: Record<string, string | undefined>;
  cwd(): string;
}

export function createFakeProcess(env: Record<string, string> = {}, stdout = new Sink()): FakeProcess {
  return Object.assign(new EventEmitter(), {
    stdout,
    stderr: new Sink(),
    stdin: new PassThrough(),
    env: { ...env },
    cwd: () => '/school',
  });
}

/** What a command is given, with sinks for its output. */
export function createFakeContext(changes: Partial<CommandContext> = {}) {
  const { stdout, stderr, stdin } = createFakeProcess();
  const context: CommandContext = {
    stdout,
    stderr,
    stdin,
    env: {},
    cwd: '/school',
    signal: new AbortController().signal,
    language: 'en',
    speak: () => {},
    color: false,
    json: false,
    quiet: false,
    ...changes,
  };
  return { context, stdout, stderr, stdin };
}
