import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** SPAR on loopback in another process. */
export interface SparProcess {
  readonly url: string;
  /** PEM */
  readonly ca: string;
  readonly clientCert: string;
  readonly clientKey: string;
  /** From now on: when the next question comes, by the server's clock, in milliseconds since 1970. */
  nextQuestion(): Promise<number>;
  close(): void;
}

export async function startSparProcess(people: number, latencyMs: number): Promise<SparProcess> {
  const script = fileURLToPath(new URL('spar-server.ts', import.meta.url));
  const child = fork(script, [String(people), String(latencyMs)], { execArgv: ['--import', 'tsx'] });
  const [ready] = await once(child, 'message');
  return {
    ...ready,
    async nextQuestion() {
      child.send('first');
      const [asked] = await once(child, 'message');
      return asked.at;
    },
    close: () => child.disconnect(),
  };
}
