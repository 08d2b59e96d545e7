import { defineConfig } from 'vitest/config';

/** Where `.ci/run` wants the results as JSON, to count them. */
const report = process.env['SPAR_SYNC_TEST_REPORT'];

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: 'forks',
    // No test mocks a module or leaves anything behind in one: to load them anew for every file costs a quarter of it all.
    isolate: false,
    maxWorkers: 2,
    reporters: report ? ['default', ['json', { outputFile: report }]] : ['default'],
  },
});
