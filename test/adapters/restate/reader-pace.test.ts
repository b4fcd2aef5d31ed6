import { describe, expect, it } from 'vitest';
import { createLimiter, type LimiterKind } from '../../../src/adapters/emulator/model/limiter.js';
import { createKeyTools, type KeyTools } from '../../../src/adapters/restate/key-tools.js';
import type { WaitingJob } from '../../../src/adapters/restate/messages.js';
import { createReaders, type Shift } from '../../../src/adapters/restate/reader/readers.js';
import { createHeapClock } from '../../model/property/heap-clock.js';

const JOBS = 500;
const ALLOWED = 1_000;
const PART_MS = 10_000;
const LATENCY_MS = 3;
/** In the middle of a minute, of which most is used by then. */
const SHIFTS_MS = [90_000, 100_000, 80_000];
const START = 1_749_999_965_000;

const waiting = (index: number): WaitingJob => ({
  jobId: `job ${index}`,
  token: '1',
  wants: 'turn',
  jobSpecId: `spec ${index}`,
  fields: { jobSpecId: `spec ${index}`, state: 'executing.reading' },
  known: { status: 'executing', statusWord: 'executing', progress: 10 },
  inMs: 0,
  isFresh: false,
});

/** Two processes that read in turns; how many reads arrived in each ten seconds, and how many were refused. */
async function readInTurns(kind: LimiterKind) {
  const time = createHeapClock(START);
  const limiter = createLimiter(kind, { limit: ALLOWED, windowMs: 60_000 });
  const parts: number[] = [];
  let refused = 0;
  const states = new Set<unknown>();
  const later = (): Promise<void> =>
    new Promise((resolve) => void time.schedule(time.now() + LATENCY_MS, resolve));
  const processOf = () => {
    const tools = createKeyTools('default', 'sk_reader', {
      keys: {},
      clock: time,
      random: () => 0.5,
      plan: { statusReadsPerMinute: ALLOWED },
    });
    const getStatus: KeyTools['getStatus'] = async (_input, { jobFields = () => ({}) }) => {
      states.add(Reflect.get(jobFields(), 'state'));
      await later();
      const part = Math.floor((time.now() - START) / PART_MS);
      parts[part] = (parts[part] ?? 0) + 1;
      const isTaken = limiter.peek(time.now()).remaining > 0;
      if (isTaken) limiter.take(time.now());
      else refused += 1;
      const reported = limiter.peek(time.now());
      await later();
      tools.governor.onReply({ now: time.now(), status: isTaken ? 200 : 429, ...reported });
      tools.poller.wake();
      return { status: 'executing', statusWord: 'executing', progress: 10 };
    };
    return createReaders(async () => ({ ...tools, getStatus }));
  };
  const processes = [processOf(), processOf()];
  const entered = Array.from({ length: JOBS }, (_, index) => waiting(index));
  let recent: ReturnType<Shift['close']>;
  for (const [count, shiftMs] of SHIFTS_MS.entries()) {
    const readers = processes[count % 2];
    if (readers === undefined) throw new Error('there are two');
    const shift = await readers.begin('default', {
      shiftId: `shift ${count}`,
      before: `shift ${count - 1}`,
      attempt: new AbortController().signal,
      shutMs: 0,
      // Over the engine's journal.
      recent: recent && JSON.parse(JSON.stringify(recent)),
    });
    shift.apply({ seq: count, isFull: true, entered, left: [] });
    const until = time.now() + shiftMs;
    time.schedule(until, () => undefined);
    await time.runUntil(() => time.now() >= until, { at: until, timers: 1_000_000 });
    recent = shift.close();
    shift.end();
  }
  return { parts, refused, states };
}

/** The first minute shows what kind of limit it is. */
const FIRST_PARTS = 6;

describe('a reader of five times as many jobs as a plan allows at once', () => {
  it.each<LimiterKind>(['fixed', 'sliding', 'bucket'])(
    'keeps its pace, also where another process takes over (%s)',
    async (kind) => {
      const { parts, refused, states } = await readInTurns(kind);
      const later = parts.slice(FIRST_PARTS);
      expect(refused).toBe(0);
      // For logs and traces.
      expect([...states]).toEqual(['executing.reading']);
      // 167 are allowed in this time; at a handover the first reply is waited for.
      expect(Math.min(...later)).toBeGreaterThan(110);
      expect(Math.max(...later)).toBeLessThan(185);
      const allowed = (ALLOWED * PART_MS * later.length) / 60_000;
      expect(later.reduce((sum, reads) => sum + reads, 0) / allowed).toBeGreaterThan(0.93);
    },
  );
});
