import type { Clock } from '../../engine/binding/clock.js';
import type { ClockWork } from '../../engine/binding/clock-work.js';
import { checkedTime } from './checked-time.js';
import { realNow, realPause, turn } from './real-time.js';
import { createTimerQueue, type TimerQueue } from './timer-queue.js';
import { createWorkLedger, type WorkLedger } from './work-ledger.js';

/**
 * Time that moves only when a test moves it, from timer to timer: hours pass in milliseconds. It never overtakes work in flight:
 * while a port of a job reads a disk, waits for a socket or works in a thread, the clock does not advance.
 */
export interface VirtualClock extends Clock {
  readonly work: ClockWork;
  /** The number of pending timers. */
  pending(): number;
  /** Names of the work in flight that does not wait for this clock: `uploadFile`, `saveResult`. */
  busy(): readonly string[];
  /** Advances to the next timer and fires it; false if there is none. */
  step(): Promise<boolean>;
  /**
   * Advances by `ms` and fires the timers that become due.
   * @throws RangeError if `ms` is negative or not finite: time never goes back
   */
  advance(ms: number): Promise<void>;
  /**
   * Advances from timer to timer until `done` returns true; false if there is nothing left to wait for, or `withinMs` (default 7
   * days) have passed. It never advances further than that.
   * @throws RangeError if `withinMs` is negative or not a number
   */
  runUntil(done: () => boolean, withinMs?: number): Promise<boolean>;
  /**
   * Advances until a promise has settled, and settles like it: `await clock.run(job.submitSlots(…))`.
   * @throws Error if no timer is left that could settle it
   */
  run<Value>(promise: Promise<Value>): Promise<Value>;
}

export interface VirtualClockOptions {
  /** Epoch ms. Default 2026-03-30T12:00:00Z. */
  readonly startAt?: number | undefined;
  /** The longest real time in ms that the clock waits for work in flight before it throws. Default 10,000. */
  readonly patienceMs?: number | undefined;
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
    `The clock stands still: ${ledger.busy().join(', ')} has been in flight for ${patienceMs} ms and does not wait for the clock. ` +
      'If it waits for time to pass, use clock.schedule for that; if it needs longer, raise patienceMs.',
  );

/** Lets everything happen that needs no virtual time. */
async function settle(parts: Parts): Promise<void> {
  const { ledger, patienceMs } = parts;
  await turn();
  const end = realNow() + patienceMs;
  while (ledger.busy().length > 0) {
    const left = end - realNow();
    if (left <= 0) throw stands(parts);
    const pause = realPause(left);
    await Promise.race([ledger.changed(), pause.over]);
    pause.cancel();
    // Work that has ended may have started other work.
    await turn();
  }
}

function fireNext(parts: Parts, until = Number.POSITIVE_INFINITY): boolean {
  const timer = parts.timers.next();
  if (timer === undefined || timer.at > until || timer.at === Number.POSITIVE_INFINITY) return false;
  parts.timers.remove(timer);
  parts.now = Math.max(parts.now, timer.at);
  timer.callback();
  return true;
}

async function runUntil(parts: Parts, done: () => boolean, withinMs = WEEK_MS): Promise<boolean> {
  const end = parts.now + checkedTime('withinMs', withinMs, Number.POSITIVE_INFINITY);
  await settle(parts);
  while (!done()) {
    if (parts.now >= end) return false;
    if (!fireNext(parts, end)) {
      // The next timer is beyond the limit: time has passed up to there.
      if (parts.timers.size > 0 && Number.isFinite(end)) parts.now = end;
      return false;
    }
    await settle(parts);
  }
  return true;
}

/** Work may be in flight that was not reported, such as a store on a disk: wait for it in real time. */
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
      throw new Error(
        'No timer is left, and the promise has not settled: no passing of time will settle it.',
      );
  }
  return promise;
}

function checkedStart(startAt: number): number {
  if (Number.isFinite(startAt)) return startAt;
  throw new RangeError(`startAt is ${startAt}; allowed: a finite number of ms since 1970 (epoch ms)`);
}

/**
 * Creates the clock of a test: pass it as `clock`, and move it by hand or with `runToRest`.
 * @throws RangeError for a time that is not a number
 */
export function createVirtualClock({
  startAt = START,
  patienceMs = 10_000,
}: VirtualClockOptions = {}): VirtualClock {
  const timers = createTimerQueue();
  const ledger = createWorkLedger();
  checkedTime('patienceMs', patienceMs, Number.POSITIVE_INFINITY);
  const parts: Parts = { timers, ledger, patienceMs, now: checkedStart(startAt) };
  return {
    now: () => parts.now,
    schedule(at, callback) {
      if (Number.isNaN(at)) throw new RangeError('schedule: the time is NaN; allowed: epoch ms');
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
      const end = parts.now + checkedTime('advance: ms', ms, Number.MAX_VALUE);
      await settle(parts);
      while (fireNext(parts, end)) await settle(parts);
      parts.now = end;
    },
    runUntil: (done, withinMs) => runUntil(parts, done, withinMs),
    run: (promise) => runThrough(parts, promise),
  };
}
