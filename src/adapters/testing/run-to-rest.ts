import { clockOf } from '../../engine/job/clock-of.js';
import type { JobHandle } from '../../engine/job/index.js';
import type { JobView } from '../../engine/job/source/job-view.js';
import type { InputRequest } from '../../machines/job-events.js';
import type { JobOutput } from '../../machines/job-output.js';
import { checkedTime } from './checked-time.js';
import { realNow, realPause } from './real-time.js';
import type { VirtualClock } from './virtual-clock.js';

/** A job that has ended, or that only a person can continue. */
export interface AtRest {
  readonly view: JobView;
  /** The open question, if `view.needs` is `slots`. */
  readonly request: InputRequest | undefined;
  /** How the job ended; undefined if it waits for a person. */
  readonly outcome: JobOutput | undefined;
}

export interface RunToRestOptions {
  /** For a handle whose clock is unknown. Default: the virtual clock that the job was started with, or real time. */
  readonly clock?: VirtualClock | undefined;
  /** The longest time that may pass on the job's clock, in ms. Default: 7 days of virtual time, or 60,000 ms of real time. */
  readonly withinMs?: number | undefined;
  /**
   * On a virtual clock: the longest real time in ms for a job that polls on and on, so that the error comes before the test runner's
   * own time-out. Work that takes long, such as a large file, is not counted out: it has few timers. Default 3,000.
   */
  readonly withinRealMs?: number | undefined;
}

const WEEK_MS = 7 * 86_400_000;
const REAL_MS = 60_000;
const POLLING_MS = 3_000;
/** A job with fewer timers than these is not polling on and on, but doing work on a slow machine. */
const FEW_TIMERS = 2_000;
/** The real time for work that the clock does not know, such as storing the end of a job. */
const GRACE_MS = 2_000;

const isVirtual = (clock: object | undefined): clock is VirtualClock =>
  clock !== undefined && 'runUntil' in clock && 'busy' in clock;

const virtualClockOf = (job: JobHandle): VirtualClock | undefined => {
  const clock = clockOf(job);
  return isVirtual(clock) ? clock : undefined;
};

/** Resolves at the next change of the job, at its end, or after `withinMs` of real time; with false if nothing has changed. */
async function changes(job: JobHandle, withinMs: number): Promise<boolean> {
  const pause = realPause(withinMs);
  let stop = (): void => undefined;
  const changed = new Promise<boolean>((resolve) => {
    stop = job.subscribe(() => resolve(true));
  });
  const ended = job.result().then(() => true);
  const isChanged = await Promise.race([changed, ended, pause.over.then(() => false)]);
  stop();
  pause.cancel();
  return isChanged;
}

function restless(job: JobHandle, passed: string): Error {
  const { path, wait } = job.view();
  const why = wait === undefined ? '' : ` (${wait.why})`;
  return new Error(`The job ${job.id} has not come to rest ${passed}: it is in ${path}${why}`);
}

interface Limits {
  readonly withinMs: number;
  readonly withinRealMs: number;
}

async function restVirtually(
  job: JobHandle,
  rests: () => boolean,
  clock: VirtualClock,
  { withinMs, withinRealMs }: Limits,
): Promise<void> {
  const start = clock.now();
  const end = start + withinMs;
  const realEnd = realNow() + withinRealMs;
  let timers = 0;
  const isDone = (): boolean => {
    if (rests()) return true;
    timers += 1;
    if (timers <= FEW_TIMERS || realNow() < realEnd) return false;
    const passed = `${Math.round(clock.now() - start)} ms of its time and ${withinRealMs} ms of real time`;
    throw restless(job, `after ${passed} (withinRealMs)`);
  };
  while (!(await clock.runUntil(isDone, end - clock.now()))) {
    if (clock.now() >= end) throw restless(job, `after ${withinMs} ms of its time`);
    if (!(await changes(job, GRACE_MS))) throw restless(job, 'though nothing is left to wait for');
  }
}

async function restInRealTime(job: JobHandle, rests: () => boolean, withinMs: number): Promise<void> {
  const end = realNow() + withinMs;
  while (!rests()) {
    const left = end - realNow();
    if (left <= 0) throw restless(job, `after ${withinMs} ms`);
    await changes(job, left);
  }
}

/**
 * Runs a job until it has ended or waits for a person: for values, a confirmation or a decision. On a virtual clock this takes
 * only the real time of the work.
 * @throws Error if it does neither in time
 * @throws RangeError for a limit that is negative or not a number
 */
export async function runToRest(job: JobHandle, options: RunToRestOptions = {}): Promise<AtRest> {
  const clock = options.clock ?? virtualClockOf(job);
  const { withinRealMs = POLLING_MS, withinMs = clock === undefined ? REAL_MS : WEEK_MS } = options;
  checkedTime('withinMs', withinMs, Number.POSITIVE_INFINITY);
  checkedTime('withinRealMs', withinRealMs, Number.POSITIVE_INFINITY);
  let outcome: JobOutput | undefined;
  void job.result().then((output) => {
    outcome = output;
  });
  const rests = (): boolean => outcome !== undefined || job.view().needs !== undefined;
  // One turn, for a job that had already ended.
  await Promise.resolve();
  if (clock === undefined) await restInRealTime(job, rests, withinMs);
  else await restVirtually(job, rests, clock, { withinMs, withinRealMs });
  const view = job.view();
  return { view, request: outcome === undefined ? view.request : undefined, outcome };
}
