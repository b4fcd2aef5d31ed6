import { expect, it } from 'vitest';
import { seededRandom } from '../../../src/adapters/emulator/model/seeded-random.js';
import { worlds } from '../../model/worlds.js';
import { firstDifference, type Met } from './random-sequence.js';

/** The long proof (`same-as-actor.test.ts`) in small, for the quick tests. */
it("the interpreter and XState's own actor agree on two random sequences of each world", async () => {
  const random = seededRandom(11);
  const met: Met = { actors: new Set(), commands: new Set(), steps: 0 };
  for (const world of Object.values(worlds))
    for (const length of [12, 24]) expect(await firstDifference(world, random, length, met)).toBeUndefined();
  expect(met.steps).toBeGreaterThan(100);
});
