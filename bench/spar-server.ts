// SPAR in a process of its own, with made-up people: `spar-server.ts COUNT LATENCY_MS`. Speaks to its parent
// over the IPC channel: says where it is, and for each `first` message when the next question after it came.
import { built } from './built-program.ts';
import { makeUpPeople, postAbout } from './made-up-school.ts';

const [count = 1, latencyMs = 0] = process.argv.slice(2).map(Number);
const { startSimulator } = await built.simulator();
const { createPopulation } = await built.population();

let isAwaited = false;
const simulator = await startSimulator({
  population: createPopulation(makeUpPeople(count).map(postAbout)),
  latencyMs,
  keepRequests: false,
  fault: () => {
    if (isAwaited) process.send?.({ kind: 'asked', at: Date.now() });
    isAwaited = false;
    return undefined;
  },
});
process.on('message', () => {
  isAwaited = true;
});
process.on('disconnect', () => process.exit());
const { url, ca, clientCert, clientKey } = simulator;
process.send?.({ kind: 'ready', url: `${url}/2021.1/`, ca, clientCert, clientKey });
