import { describe, expect, it } from 'vitest';
import {
  type Durations,
  noDurations,
  timeLeft,
  withDuration,
} from '../../../../src/adapters/cli/batch/progress/time-left.js';
import { seededRandom } from '../../../../src/adapters/emulator/model/seeded-random.js';

const seen = (...ms: number[]): Durations => ms.reduce(withDuration, noDurations);

describe('how long the rest of a batch takes', () => {
  it('is not shown before three jobs have ended', () => {
    const rest = { running: [], toStart: new Map([['w', 5]]), places: 2 };
    expect(timeLeft({ ...rest, durations: new Map([['w', seen(1_000, 1_000)]]) })).toEqual({
      type: 'unknown',
      ended: 2,
      needed: 3,
    });
  });

  it('waits for the reset where the key may not create as many', () => {
    const rest = { durations: new Map(), running: [], toStart: new Map([['w', 5]]), places: 2 };
    expect(timeLeft({ ...rest, creations: { left: 2, resetInMs: 60_000 } })).toEqual({
      type: 'not-before',
      ms: 60_000,
      later: 3,
    });
  });

  it('holds in about 8 of 10 batches, and is wider the fewer have ended', () => {
    const random = seededRandom(7);
    // Jobs of 20 to 100 s, four at once.
    const draw = (): number => 20_000 + random() * 80_000;
    const width = { few: 0, many: 0 };
    let held = 0;
    const batches = 2_000;
    for (let batch = 0; batch < batches; batch += 1) {
      const durations = (count: number) => new Map([['w', seen(...Array.from({ length: count }, draw))]]);
      const rest = { running: [], toStart: new Map([['w', 60]]), places: 4 };
      const left = timeLeft({ ...rest, durations: durations(12) });
      const few = timeLeft({ ...rest, durations: durations(4) });
      if (left.type !== 'range' || few.type !== 'range') throw new Error('no range');
      width.many += left.highMs - left.lowMs;
      width.few += few.highMs - few.lowMs;
      const places = [0, 0, 0, 0];
      for (let job = 0; job < 60; job += 1) {
        const first = places.indexOf(Math.min(...places));
        places[first] = (places[first] ?? 0) + draw();
      }
      const truth = Math.max(...places);
      if (truth >= left.lowMs && truth <= left.highMs) held += 1;
    }
    expect(held / batches).toBeGreaterThan(0.7);
    expect(held / batches).toBeLessThan(0.92);
    expect(width.few).toBeGreaterThan(1.4 * width.many);
  });
});
