import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/adapters/emulator/model/seeded-random.js';
import { goalJobMachine } from '../../../src/machines/index.js';
import { worlds } from '../../model/worlds.js';
import { drawnSeed } from '../../support/drawn-seed.js';
import { firstDifference, type Met } from './random-sequence.js';

const SEQUENCES = Number(process.env.GOAL_LANE_SEQUENCES ?? 5_000);
const seed = drawnSeed();
const COMMANDS = ['SUBMIT_SLOTS', 'CONFIRM', 'RETRY', 'ADOPT', 'DETACH', 'REFRESH_DOWNLOAD'];

describe("the interpreter and XState's own actor", { timeout: 900_000 }, () => {
  it(`agree on ${SEQUENCES} random sequences, stored and loaded before each step (GOAL_LANE_SEED=${seed})`, async () => {
    const random = seededRandom(seed);
    const met: Met = { actors: new Set(), commands: new Set(), steps: 0 };
    const all = Object.values(worlds);
    for (let turn = 0; turn < SEQUENCES; turn += 1) {
      const world = all[turn % all.length];
      if (world === undefined) break;
      expect(await firstDifference(world, random, 12 + Math.floor(random() * 20), met)).toBeUndefined();
    }
    console.log(`interpreter: ${met.steps} steps of ${SEQUENCES} sequences, from seed ${seed}`);
    expect([...met.actors].sort()).toEqual(Object.keys(goalJobMachine.implementations.actors).sort());
    expect([...met.commands]).toEqual(expect.arrayContaining(COMMANDS));
  });
});
