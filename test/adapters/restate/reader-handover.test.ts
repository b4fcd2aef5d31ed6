import { describe, expect, it } from 'vitest';
import { createKeyTools, type KeyTools } from '../../../src/adapters/restate/key-tools.js';
import type { WaitingJob } from '../../../src/adapters/restate/messages.js';
import { createReaders, type Shift } from '../../../src/adapters/restate/reader/readers.js';
import { createHeapClock } from '../../model/property/heap-clock.js';

const JOBS = 40;
const SHIFTS = 12;
const SHIFT_MS = 4_000;

/** Two processes of a worker, each with a clock of its own, that hold the reader of a key in turns. */
describe('a reader that is handed over in order', () => {
  it('reads no job within 2 s of its last read, and continues without a pause for the others', async () => {
    const time = createHeapClock(1_750_000_000_000);
    const reads = new Map<string, number[]>();
    const clockOff = (byMs: number) => ({
      now: () => time.now() + byMs,
      schedule: (at: number, callback: () => void) => time.schedule(at - byMs, callback),
    });
    const toolsAt = (byMs: number): KeyTools =>
      createKeyTools('default', 'sk_reader', {
        keys: {},
        clock: clockOff(byMs),
        random: () => 0.5,
        plan: { statusReadsPerMinute: 1_000 },
        ports: {
          getStatus: async ({ jobSpecId }) => {
            reads.set(jobSpecId, [...(reads.get(jobSpecId) ?? []), time.now()]);
            return { status: 'executing', statusWord: 'executing', progress: 10 };
          },
        },
      });
    const processes = [0, 60_000].map((byMs) => {
      const tools = toolsAt(byMs);
      return createReaders(async () => tools);
    });
    const entered = Array.from(
      { length: JOBS },
      (_, index): WaitingJob => ({
        jobId: `job ${index}`,
        token: '1',
        wants: 'turn',
        jobSpecId: `spec ${index}`,
        known: { status: 'executing', statusWord: 'executing', progress: 10 },
        inMs: 0,
        isFresh: false,
      }),
    );
    let recent: ReturnType<Shift['close']>;
    for (let count = 0; count < SHIFTS; count += 1) {
      const readers = processes[count % 2];
      if (readers === undefined) throw new Error('there are two');
      const shift = await readers.begin('default', {
        shiftId: `shift ${count}`,
        before: count === 0 ? undefined : `shift ${count - 1}`,
        attempt: new AbortController().signal,
        shutMs: 0,
        recent,
      });
      shift.apply({ seq: count, isFull: true, entered, left: [] });
      const until = time.now() + SHIFT_MS;
      time.schedule(until, () => undefined);
      await time.runUntil(() => time.now() >= until, { at: until, timers: 100_000 });
      recent = shift.close();
      shift.end();
    }
    const gaps = [...reads.values()].flatMap((times) => times.slice(1).map((at, i) => at - (times[i] ?? 0)));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(2_000);
    // 800 are allowed in this time; with 2 s of quiet at each handover it would be half of them.
    expect(gaps.length).toBeGreaterThan(600);
  });

  it('hands on that a limit is shut, also by a reader that has read nothing meanwhile', async () => {
    const time = createHeapClock(1_750_000_000_000);
    const readers = createReaders(async () =>
      createKeyTools('default', 'sk_reader', { keys: {}, clock: time, random: () => 0.5 }),
    );
    const shift = await readers.begin('default', {
      shiftId: 'second',
      before: 'first',
      attempt: new AbortController().signal,
      shutMs: 40_000,
      recent: { jobs: [], withinMinute: 0 },
    });
    expect(shift.shutMs()).toBe(40_000);
    shift.end();
  });
});
