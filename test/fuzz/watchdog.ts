import { Worker } from 'node:worker_threads';

/** No input keeps the program busy for a fraction of this, whatever the machine is doing beside it. */
const PATIENCE_MS = 120_000;
const ROOM = 512;

export interface Watch {
  /** Says that the next input begins; `place` names it. */
  beat(place: string): void;
  end(): void;
}

/**
 * Watches from a thread of its own: work that never comes back lets no timer of its own thread fire. Where no
 * input has begun for two minutes it says which one hangs and ends the process.
 */
export function beginWatch(): Watch {
  const shared = new SharedArrayBuffer(8 + ROOM);
  const beats = new Int32Array(shared, 0, 2);
  const text = new Uint8Array(shared, 8);
  const worker = new Worker(WATCH, { eval: true, workerData: { shared, patience: PATIENCE_MS } });
  worker.unref();
  return {
    beat(place) {
      text.fill(0);
      new TextEncoder().encodeInto(place, text);
      Atomics.add(beats, 0, 1);
      Atomics.notify(beats, 0);
    },
    end() {
      Atomics.store(beats, 1, 1);
      Atomics.add(beats, 0, 1);
      Atomics.notify(beats, 0);
    },
  };
}

const WATCH = `
const { workerData } = require('node:worker_threads');
const { writeSync } = require('node:fs');
const beats = new Int32Array(workerData.shared, 0, 2);
let last = -1;
while (Atomics.load(beats, 1) === 0) {
  last = Atomics.load(beats, 0);
  if (Atomics.wait(beats, 0, last, workerData.patience) !== 'timed-out') continue;
  if (last === 0 || Atomics.load(beats, 1) === 1) continue;
  const text = Buffer.from(new Uint8Array(workerData.shared, 8)).toString('utf8').replace(/\\0.*$/s, '');
  writeSync(2, 'This input hangs: ' + text + '\\n');
  process.kill(process.pid, 'SIGKILL');
}
`;
