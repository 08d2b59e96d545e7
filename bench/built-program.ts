import { fileURLToPath } from 'node:url';

/** The program as it is installed: what is measured is the compiled code, never the loader of the benchmark. */
export const BIN = fileURLToPath(new URL('../bin/spar-sync.js', import.meta.url));
export const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Modules of `dist/`, with the types of their sources. */
export const built = {
  store: (): Promise<typeof import('../src/adapters/store/open-state.ts')> =>
    load('adapters/store/open-state'),
  personsok: (): Promise<typeof import('../src/adapters/spar/personsok.ts')> =>
    load('adapters/spar/personsok'),
  question: (): Promise<typeof import('../src/adapters/spar/question.ts')> => load('adapters/spar/question'),
  simulator: (): Promise<typeof import('../src/adapters/spar/simulator/server.ts')> =>
    load('adapters/spar/simulator/server'),
  population: (): Promise<typeof import('../src/adapters/spar/simulator/population.ts')> =>
    load('adapters/spar/simulator/population'),
  pacing: (): Promise<typeof import('../src/adapters/lookup/with-pacing.ts')> =>
    load('adapters/lookup/with-pacing'),
  retry: (): Promise<typeof import('../src/adapters/lookup/with-retry.ts')> =>
    load('adapters/lookup/with-retry'),
  ledger: (): Promise<typeof import('../src/app/with-ledger.ts')> => load('app/with-ledger'),
  refresh: (): Promise<typeof import('../src/app/refresh-snapshots.ts')> => load('app/refresh-snapshots'),
  clock: (): Promise<typeof import('../src/adapters/clock.ts')> => load('adapters/clock'),
};

async function load<Module>(path: string): Promise<Module> {
  return import(new URL(`../dist/${path}.js`, import.meta.url).href);
}
