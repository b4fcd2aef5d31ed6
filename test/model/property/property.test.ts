import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { breachesOf } from './invariants.js';
import { runScenario } from './run-scenario.js';
import { scenarioArbitrary } from './scenario.js';
import { createTally, describeTally } from './tally.js';

const FIXED_SEED = 20_260_330;
const { GOAL_LANE_RUNS, GOAL_LANE_SEED, GOAL_LANE_PATH } = process.env;
const isSoak = GOAL_LANE_RUNS !== undefined;
const runs = isSoak ? Number(GOAL_LANE_RUNS) : 2_000;
/** The same scenarios in every build; new ones in a soak. */
const seed =
  GOAL_LANE_SEED !== undefined ? Number(GOAL_LANE_SEED) : isSoak ? Date.now() % 2 ** 31 : FIXED_SEED;

const again = (path: string | null): string =>
  `GOAL_LANE_SEED=${seed} GOAL_LANE_PATH=${path} npx vitest run test/model/property`;

describe('random jobs under random faults', () => {
  it(`keep every law, ${runs} times`, { timeout: Math.max(300_000, runs * 100) }, async () => {
    const tally = createTally();
    const property = fc.asyncProperty(scenarioArbitrary, async (scenario) => {
      const run = await runScenario(scenario);
      tally.count(run);
      const breaches = breachesOf(run);
      if (breaches.length > 0) throw new Error(breaches.join('\n'));
    });
    const replay = GOAL_LANE_PATH === undefined ? {} : { path: GOAL_LANE_PATH };
    const numRuns = replay.path === undefined ? runs : 1;
    const details = await fc.check(property, { seed, numRuns, ...replay });
    console.log(describeTally(tally, seed));
    if (details.failed) {
      const reason = details.errorInstance instanceof Error ? details.errorInstance.message : '';
      throw new Error(
        `${reason}\nRepeat it with:\n${again(details.counterexamplePath)}\n${fc.stringify(details.counterexample)}`,
      );
    }
    if (replay.path === undefined) expect(tally.runs()).toBeGreaterThanOrEqual(runs);
  });
});
