import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawnSeed } from '../../support/drawn-seed.js';
import { breachesOf } from './invariants.js';
import { runScenario } from './run-scenario.js';
import { scenarioArbitrary } from './scenario.js';
import { createTally, describeTally } from './tally.js';

const { GOAL_LANE_RUNS, GOAL_LANE_SECONDS, GOAL_LANE_PATH } = process.env;

/** As many as the time allows, unless a number is asked for (a soak). */
const runs = GOAL_LANE_RUNS === undefined ? 1_000_000 : Number(GOAL_LANE_RUNS);
const seconds = Number(GOAL_LANE_SECONDS ?? 25);
/** New scenarios each time: what was found once stays as a test in `counterexamples`. */
const seed = drawnSeed();

/** Fewer than a crawling machine makes in the time: less says that the scenarios hang. */
const FEWEST = 100;

const again = (path: string | null): string =>
  `GOAL_LANE_SEED=${seed} GOAL_LANE_PATH=${path} npx vitest run test/model/property/property.test.ts`;

describe('random jobs under random faults', () => {
  const amount = GOAL_LANE_RUNS === undefined ? `for ${seconds} s` : `${runs} times`;
  const timeout = GOAL_LANE_RUNS === undefined ? seconds * 1_000 + 300_000 : Math.max(300_000, runs * 100);
  it(`keep every law, ${amount}, from seed ${seed}`, { timeout }, async () => {
    const tally = createTally();
    const property = fc.asyncProperty(scenarioArbitrary, async (scenario) => {
      const run = await runScenario(scenario);
      tally.count(run);
      const breaches = breachesOf(run);
      if (breaches.length > 0) throw new Error(breaches.join('\n'));
    });
    const replay = GOAL_LANE_PATH === undefined ? {} : { path: GOAL_LANE_PATH };
    const numRuns = replay.path === undefined ? runs : 1;
    const limit =
      GOAL_LANE_RUNS === undefined && replay.path === undefined
        ? { interruptAfterTimeLimit: seconds * 1_000, markInterruptAsFailure: false }
        : {};
    const details = await fc.check(property, { seed, numRuns, ...limit, ...replay });
    console.log(describeTally(tally, seed));
    if (details.failed) {
      const reason = details.errorInstance instanceof Error ? details.errorInstance.message : '';
      throw new Error(
        `${reason}\nRepeat it with:\n${again(details.counterexamplePath)}\n${fc.stringify(details.counterexample)}`,
      );
    }
    if (replay.path === undefined) expect(tally.runs()).toBeGreaterThanOrEqual(Math.min(runs, FEWEST));
  });
});
