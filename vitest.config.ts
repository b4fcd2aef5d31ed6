import { defineConfig } from 'vitest/config';

const report = process.env.GOAL_LANE_TEST_REPORT;

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/build-dist.ts'],
    testTimeout: 30_000,
    // Both cores: by default vitest leaves one free.
    maxWorkers: '100%',
    reporters: report === undefined ? ['default'] : ['default', 'json'],
    ...(report === undefined ? {} : { outputFile: { json: report } }),
  },
});
