import { availableParallelism } from 'node:os';
import { LongestFirst } from './longest-first.js';

/** What every run of tests has in common. A project has nothing of the root's options, so both get these. */
export const runnerOptions = {
  testTimeout: 60_000,
  // A second, which it is otherwise, is too short on a machine that does something else.
  expect: { poll: { timeout: 15_000 } },
  // More than cores: what starts processes or a browser waits for them most of the time.
  maxWorkers: availableParallelism() + 2,
  // With GOAL_LANE_SHUFFLE the tests of each file come in an order of their own, by a seed that is printed.
  sequence: {
    sequencer: LongestFirst,
    shuffle: { files: false, tests: process.env.GOAL_LANE_SHUFFLE !== undefined },
  },
};
