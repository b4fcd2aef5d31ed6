import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { breachesOf } from './invariants.js';
import { runScenario } from './run-scenario.js';
import type { Scenario } from './scenario.js';

const folder = new URL('./counterexamples/', import.meta.url);

/** What scenarios did not have when the first of these were found. */
const ADDED_LATER = { steps: [] } as const;

/** A file of this folder is a scenario that the property test found and printed. */
const scenarioIn = (file: string): Scenario => ({
  ...ADDED_LATER,
  ...JSON.parse(readFileSync(new URL(file, folder), 'utf8')),
});

describe('a scenario that broke a law once', () => {
  it.each(readdirSync(folder))('breaks none any more: %s', async (file) => {
    const run = await runScenario(scenarioIn(file));
    expect(breachesOf(run)).toEqual([]);
    expect(run.output?.status ?? run.standing.asked).toBeDefined();
  });
});
