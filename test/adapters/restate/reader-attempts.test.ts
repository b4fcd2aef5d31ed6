import { describe, expect, it } from 'vitest';
import { createKeyTools } from '../../../src/adapters/restate/key-tools.js';
import { createReaders } from '../../../src/adapters/restate/reader/readers.js';
import { createHeapClock } from '../../model/property/heap-clock.js';

const known = { status: 'executing', statusWord: 'executing', progress: 10 } as const;

/** The engine repeats a shift in the same process, which has not noticed yet that the first attempt is over. */
describe('the second attempt at a shift', () => {
  it('reads on when the end of the first is noticed, and gets the updates', async () => {
    const time = createHeapClock(1_750_000_000_000);
    const tools = createKeyTools('default', 'sk_reader', {
      keys: {},
      clock: time,
      random: () => 0.5,
      ports: { getStatus: async () => ({ ...known, progress: 20 }) },
    });
    const readers = createReaders(async () => tools);
    const [gone, current] = [new AbortController(), new AbortController()];
    const shift = { shiftId: 'one', before: undefined, shutMs: 0, recent: undefined };
    const first = await readers.begin('default', { ...shift, attempt: gone.signal });
    const lost = first.collect(60_000);
    const second = await readers.begin('default', { ...shift, attempt: current.signal });
    const job = {
      jobId: 'job',
      token: '1',
      wants: 'turn',
      jobSpecId: 'spec',
      inMs: 0,
      isFresh: false,
    } as const;
    second.apply({ seq: 1, isFull: true, entered: [{ ...job, known }], left: [] });
    gone.abort();
    first.end();
    const found = second.collect(10_000);
    const until = time.now() + 11_000;
    time.schedule(until, () => undefined);
    await time.runUntil(() => time.now() >= until, { at: until, timers: 1_000 });
    expect(await lost).toEqual({ updates: [], isOver: true });
    expect(await found).toMatchObject({ isOver: false, updates: [{ jobId: 'job', token: '1' }] });
    second.end();
  });
});
