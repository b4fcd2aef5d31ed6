import { describe, expect, it } from 'vitest';
import { goalJobMachine } from '../../src/machines/index.js';
import { createCoverage, nameOf } from './coverage.js';
import { directedPaths, walk } from './directed-paths.js';
import { walkOnSite } from './usage-check.js';
import { type Path, shortestPaths, simplePaths } from './usage-paths.js';
import { worlds } from './worlds.js';

const coverage = createCoverage(goalJobMachine);

async function walkAll(paths: readonly Path[]): Promise<string[]> {
  const wrong: string[] = [];
  for (const path of paths) {
    const found = await walkOnSite(path, coverage.inspect);
    if (found !== undefined) wrong.push(found);
  }
  return wrong;
}

/** Ways to what no path of the usage model took, computed from the explored worlds, until nothing is left. */
async function walkDirected(): Promise<number> {
  let walked = 0;
  for (const world of Object.values(worlds)) {
    const missing = coverage.missingTransitions();
    if (missing.length === 0) break;
    for (const path of directedPaths(world, missing)) {
      await walk(path, coverage.inspect);
      walked += 1;
    }
  }
  return walked;
}

// Seconds on a free machine; a shared one may need many times that.
describe('what a host and a server can do to a job', { timeout: 300_000 }, () => {
  let byModel = 0;

  it('leads by every shortest path to where the usage model says', async () => {
    const paths = shortestPaths();
    expect(paths.length).toBeGreaterThan(300);
    expect(await walkAll(paths)).toEqual([]);
    byModel += paths.length;
  });

  it('leads there by every simple path through lost replies and conflicts', async () => {
    const paths = simplePaths();
    expect(paths.length).toBeGreaterThan(20);
    expect(await walkAll(paths)).toEqual([]);
    byModel += paths.length;
  });

  it('takes every state and every transition of the machine', async () => {
    const reached = coverage.transitions().taken;
    const directed = await walkDirected();
    const [states, transitions] = [coverage.states(), coverage.transitions()];
    console.log(
      `usage: ${byModel} paths of the usage model against the emulator took ${reached} of ${transitions.all} transitions; ` +
        `with ${directed} directed paths ${transitions.taken} of ${transitions.all}, and ${states.taken} of ${states.all} states`,
    );
    expect(coverage.missingStates()).toEqual([]);
    expect(coverage.missingTransitions().map(nameOf)).toEqual([]);
  });
});
