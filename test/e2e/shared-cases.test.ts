import { describe, expect, it } from 'vitest';
import { attacks } from './shared-cases/attacks.js';
import { bugReports } from './shared-cases/bug-reports.js';
import { playAll } from './shared-cases/play-all.js';
import { ABSENT, isThere } from './shared-cases/shared-folder.js';

/** With GOAL_LANE_ONLY, those whose name has it. */
const only = process.env.GOAL_LANE_ONLY ?? '';
// Nearly all of their time is waiting: eight at once take less than a minute on two cores.
const atOnce = Number(process.env.GOAL_LANE_AT_ONCE ?? 8);
const cases = isThere ? [...bugReports, ...attacks].filter(({ name }) => name.includes(only)) : [];
const played = playAll(cases, atOnce);

describe('the inputs of ../shared/cases', () => {
  // In CI they are what a change is judged by: there, not to find them is a failure.
  it.skipIf(!isThere && process.env.CI === undefined)('are there', () => expect(isThere, ABSENT).toBe(true));
  if (!isThere) process.stderr.write(`${ABSENT}\n`);

  for (const { name } of cases)
    it(name, async () => {
      const error = await played.get(name);
      if (error !== undefined) throw error;
    }, 240_000);
});
