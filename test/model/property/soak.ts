import fc from 'fast-check';
import { breachesOf } from './invariants.js';
import { runScenario } from './run-scenario.js';
import { scenarioArbitrary } from './scenario.js';
import { createTally } from './tally.js';

/**
 * The property test for as long as one likes, as a program of its own (`scripts/soak.mjs` bundles it): under the test runner the same
 * takes twice as long. Prints one line of JSON a seed.
 */
const [seed = 1, runs = 1_000] = process.argv.slice(2).map(Number);
// The stacks of the errors that faults cause by the hundred thousand are not read.
Error.stackTraceLimit = 0;
const tally = createTally();
const property = fc.asyncProperty(scenarioArbitrary, async (scenario) => {
  const run = await runScenario(scenario);
  tally.count(run);
  const breaches = breachesOf(run);
  if (breaches.length > 0) throw new Error(breaches.join('\n'));
});
const began = performance.now();
const details = await fc.check(property, { seed, numRuns: runs });
const reason = details.errorInstance instanceof Error ? details.errorInstance.message : undefined;
console.log(
  JSON.stringify({
    seed,
    runs: tally.runs(),
    requests: tally.requests(),
    seconds: Math.round((performance.now() - began) / 1_000),
    faults: tally.faults(),
    outcomes: tally.outcomes(),
    ...(details.failed ? { reason, path: details.counterexamplePath } : {}),
  }),
);
if (details.failed) {
  // Whole as a file of `counterexamples`, unless a body is changed by a function, which JSON cannot say.
  console.log(JSON.stringify(details.counterexample?.[0]));
  process.exitCode = 1;
}
