import { defineConfig } from 'vitest/config';
import { runnerOptions } from './test/support/runner-options.js';
import { GROUPS, testProjects } from './test/support/test-groups.js';

const report = process.env.GOAL_LANE_TEST_REPORT;

export default defineConfig({
  test: {
    ...runnerOptions,
    globalSetup: ['test/support/build-dist.ts'],
    projects: testProjects(GROUPS, runnerOptions),
    reporters: report === undefined ? ['default'] : ['default', 'json'],
    ...(report === undefined ? {} : { outputFile: { json: report } }),
  },
});
