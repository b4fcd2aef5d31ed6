import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/support/longest-first.js';

const report = process.env.GOAL_LANE_TEST_REPORT;

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/build-dist.ts'],
    testTimeout: 60_000,
    // A second, which it is otherwise, is too short on a machine that does something else.
    expect: { poll: { timeout: 15_000 } },
    // One more than cores: what starts processes waits for them most of the time.
    maxWorkers: availableParallelism() + 1,
    // With GOAL_LANE_SHUFFLE the tests of each file come in an order of their own, by a seed that is printed.
    sequence: {
      sequencer: LongestFirst,
      shuffle: { files: false, tests: process.env.GOAL_LANE_SHUFFLE !== undefined },
    },
    reporters: report === undefined ? ['default'] : ['default', 'json'],
    ...(report === undefined ? {} : { outputFile: { json: report } }),
  },
});
