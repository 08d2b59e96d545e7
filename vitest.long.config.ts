import { defineConfig } from 'vitest/config';

/** What takes minutes and runs by `npm run test:long` alone; each file prints its own figures. */
export default defineConfig({
  test: {
    // Kills are tried at every step here, and at some of them in every change's tests.
    include: ['test/long/**/*.long.ts', 'test/e2e/crash*.test.ts'],
    env: { EVERY_STEP: '1' },
    testTimeout: 60 * 60_000,
    hookTimeout: 300_000,
    pool: 'forks',
    maxWorkers: 2,
    reporters: ['default'],
    // Figures are for reading as they stand.
    disableConsoleIntercept: true,
  },
});
