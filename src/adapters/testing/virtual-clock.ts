import type { Clock } from '../../engine/binding/clock.js';
import type { ClockWork } from '../../engine/binding/clock-work.js';
import { realPause, turn } from './real-time.js';
import { createTimerQueue, type TimerQueue } from './timer-queue.js';
import { createWorkLedger, type WorkLedger } from './work-ledger.js';

/**
 * Time that moves only when a test says so, from timer to timer: hours pass in milliseconds. It never overtakes what is under way: while a port
 * of a job reads a disk, waits for a socket or works in a thread, the clock stands.
 */
export interface VirtualClock extends Clock {
  readonly work: ClockWork;
  /** How many timers wait. */
  pending(): number;
  /** What is under way and does not wait for this clock, by name: `uploadFile`, `saveResult`. */
  busy(): readonly string[];
  /** Moves to the next timer and fires it; false where there is none. */
  step(): Promise<boolean>;
  /** Moves by `ms`, firing what falls due. */
  advance(ms: number): Promise<void>;
  /** Moves from timer to timer until `done` says so; false where nothing is left to wait for, or `withinMs` (default 7 days) have passed. */
  runUntil(done: () => boolean, withinMs?: number): Promise<boolean>;
  /**
   * Lets time pass until a promise has settled, and resolves or rejects as it does: `await clock.run(job.submitSlots(…))`.
   * @throws Error where nothing is left that time could bring
   */
  run<Value>(promise: Promise<Value>): Promise<Value>;
}

export interface VirtualClockOptions {
  /** Epoch ms. Default 2026-03-30T12:00:00Z. */
  readonly startAt?: number;
  /** For how long (real ms) the clock stands for work that goes on by itself, before it says that it cannot go on. Default 10,000. */
  readonly patienceMs?: number;
}

const START = Date.UTC(2026, 2, 30, 12);
const WEEK_MS = 7 * 86_400_000;

interface Parts {
  readonly timers: TimerQueue;
  readonly ledger: WorkLedger;
  readonly patienceMs: number;
  now: number;
}

const stands = ({ ledger, patienceMs }: Parts): Error =>
  new Error(
    `The clock stands: ${ledger.busy().join(', ')} is under way since ${patienceMs} ms and does not wait for the clock. ` +
      'If it waits for something that only time brings, let it wait by clock.schedule; if it takes that long, raise patienceMs.',
  );

/** Lets everything happen that needs no time to pass. */
async function settle(parts: Parts): Promise<void> {
  const { ledger, patienceMs } = parts;
  await turn();
  const end = performance.now() + patienceMs;
  while (ledger.busy().length > 0) {
    const left = end - performance.now();
    if (left <= 0) throw stands(parts);
    const pause = realPause(left);
    await Promise.race([ledger.changed(), pause.over]);
    pause.cancel();
    // What has ended may begin something else.
    await turn();
  }
}

function fireNext(parts: Parts, until = Number.POSITIVE_INFINITY): boolean {
  const timer = parts.timers.next();
  if (timer === undefined || timer.at > until) return false;
  parts.timers.remove(timer);
  parts.now = Math.max(parts.now, timer.at);
  timer.callback();
  return true;
}

async function runUntil(parts: Parts, done: () => boolean, withinMs = WEEK_MS): Promise<boolean> {
  const end = parts.now + withinMs;
  await settle(parts);
  while (!done()) {
    if (parts.now >= end || !fireNext(parts)) return false;
    await settle(parts);
  }
  return true;
}

/** Something may be under way that nobody has told of, such as a store on a disk: it has its real time. */
async function arrives(parts: Parts, isSettled: () => boolean, settled: Promise<unknown>): Promise<boolean> {
  const pause = realPause(Math.min(parts.patienceMs, 2_000));
  await Promise.race([settled, pause.over]);
  pause.cancel();
  return isSettled() || parts.timers.size > 0;
}

async function runThrough<Value>(parts: Parts, promise: Promise<Value>): Promise<Value> {
  let isSettled = false;
  const settled = promise.then(
    () => undefined,
    () => undefined,
  );
  void settled.then(() => {
    isSettled = true;
  });
  while (!(await runUntil(parts, () => isSettled, Number.POSITIVE_INFINITY))) {
    if (!(await arrives(parts, () => isSettled, settled)))
      throw new Error('Nothing is left to wait for, and the promise has not settled: no time brings it.');
  }
  return promise;
}

/** The clock of a test: give it to whatever takes a `clock`, and move it by hand or with `runToRest`. */
export function createVirtualClock({
  startAt = START,
  patienceMs = 10_000,
}: VirtualClockOptions = {}): VirtualClock {
  const timers = createTimerQueue();
  const ledger = createWorkLedger();
  const parts: Parts = { timers, ledger, patienceMs, now: startAt };
  return {
    now: () => parts.now,
    schedule(at, callback) {
      const resume = ledger.waits();
      const cancel = timers.add(at, () => {
        resume();
        callback();
      });
      return () => {
        resume();
        cancel();
      };
    },
    work: { run: ledger.run, waits: ledger.waits, limit: timers.add },
    pending: () => timers.size,
    busy: ledger.busy,
    async step() {
      await settle(parts);
      if (!fireNext(parts)) return false;
      await settle(parts);
      return true;
    },
    async advance(ms) {
      const end = parts.now + ms;
      await settle(parts);
      while (fireNext(parts, end)) await settle(parts);
      parts.now = end;
    },
    runUntil: (done, withinMs) => runUntil(parts, done, withinMs),
    run: (promise) => runThrough(parts, promise),
  };
}
