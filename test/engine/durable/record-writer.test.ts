import { describe, expect, it } from 'vitest';
import { createRecordWriter } from '../../../src/engine/durable/record-writer.js';
import type { SaveOutcome } from '../../../src/engine/store/job-store.js';
import { createVirtualClock } from '../../support/virtual-clock.js';

/** A store that takes nothing while it is broken, and the states that it was given. */
function scene() {
  const clock = createVirtualClock();
  const since = clock.now();
  const written: string[] = [];
  const tries: number[] = [];
  const world = { state: 'first', isBroken: false };
  const writer = createRecordWriter({
    isStored: false,
    clock,
    lazyMs: 500,
    onFailure: (error) => {
      throw error;
    },
    async write(): Promise<SaveOutcome> {
      tries.push(clock.now() - since);
      if (world.isBroken) return 'unsaved';
      written.push(world.state);
      return 'written';
    },
  });
  return { clock, world, writer, written, tries };
}

describe('a state that could not be stored', () => {
  it('is stored when the store works again, as it is then, without another change', async () => {
    const { clock, world, writer, written } = scene();
    world.isBroken = true;
    writer.writeSoon();
    await clock.advance(10_000);
    expect(written).toEqual([]);
    world.state = 'second';
    world.isBroken = false;
    await clock.advance(30_000);
    expect(written).toEqual(['second']);
    expect(clock.pending()).toBe(0);
  });

  it('is tried again after pauses that grow to half a minute, and shortly again after a success', async () => {
    const { clock, world, writer, tries } = scene();
    world.isBroken = true;
    await writer.flush(true);
    await clock.advance(130_000);
    const pauses = tries.slice(1).map((at, i) => (at - (tries[i] ?? 0)) / 1_000);
    expect(pauses).toEqual([1, 2, 4, 8, 16, 30, 30, 30]);
    world.isBroken = false;
    await clock.advance(30_000);
    world.isBroken = true;
    tries.length = 0;
    await writer.flush(false);
    await clock.advance(1_000);
    expect(tries).toHaveLength(2);
    writer.stop();
    expect(clock.pending()).toBe(0);
  });

  it('goes with whatever is written before', async () => {
    const { clock, world, writer, written } = scene();
    world.isBroken = true;
    await writer.flush(false);
    world.isBroken = false;
    await writer.flush(true);
    await clock.advance(60_000);
    expect(written).toEqual(['first']);
  });
});

describe('the last state', () => {
  it('is tried for some seconds', async () => {
    const { clock, world, writer, written } = scene();
    world.isBroken = true;
    const finished = writer.finish();
    await clock.advance(2_000);
    world.isBroken = false;
    await clock.advance(10_000);
    expect(await finished).toBe(true);
    expect(written).toEqual(['first']);
  });

  it('is given up then, which is logged', async () => {
    const { clock, world, writer, tries } = scene();
    world.isBroken = true;
    const finished = writer.finish();
    await clock.advance(60_000);
    expect(await finished).toBe(false);
    expect(Math.max(...tries)).toBeGreaterThan(1_000);
    writer.stop();
    expect(clock.pending()).toBe(0);
  });
});
