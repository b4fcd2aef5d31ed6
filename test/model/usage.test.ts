import { describe, expect, it } from 'vitest';
import { goalJobMachine } from '../../src/machines/index.js';
import { createCoverage } from './coverage.js';
import { walkOnSite } from './usage-check.js';
import { type Path, shortestPaths, simplePaths } from './usage-paths.js';

const coverage = createCoverage(goalJobMachine);

async function walkAll(paths: readonly Path[]): Promise<string[]> {
  const wrong: string[] = [];
  for (const path of paths) {
    const found = await walkOnSite(path, coverage.inspect);
    if (found !== undefined) wrong.push(found);
  }
  return wrong;
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

  it('takes most of what the chart can do, and the exhaustive proof the rest', () => {
    const [states, transitions] = [coverage.states(), coverage.transitions()];
    console.log(
      `usage: ${byModel} paths of the usage model against the emulator took ${transitions.taken} of ${transitions.all} transitions ` +
        `and ${states.taken} of ${states.all} states`,
    );
    expect(coverage.missingStates()).toEqual([]);
    expect(transitions.taken).toBeGreaterThan(transitions.all / 2);
  });
});
