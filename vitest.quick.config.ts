import { defineConfig } from 'vitest/config';
import { runnerOptions } from './test/support/runner-options.js';
import { testProjects } from './test/support/test-groups.js';

/** All but the long proofs. */
export default defineConfig({
  test: { ...runnerOptions, projects: testProjects(['own process', 'shared process'], runnerOptions) },
});
