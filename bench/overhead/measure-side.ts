import type { Clock } from '../../src/engine/binding/clock.js';
import { createVirtualTime, installTimers } from '../peers/virtual-time.js';
import { BASE_URL, CHANGING_URL, instantTransport } from './instant-server.js';
import { isLane, type SideName, START } from './sides.js';

export interface SideFigures {
  /** CPU of the process, µs, between two polls of one job. */
  readonly cpuUsPerPoll: number;
  /** Heap after collection, less that before the first job, by job. */
  readonly bytesPerJob: number;
}

/** Jobs before the first that counts. */
export const WARM_UP = 20;

/**
 * Polls between the measurement of memory and that of CPU. A forced collection makes the engine forget what it has learned of the code,
 * and leaves the pages of the start to be swept: that is paid for by the polls that follow, and it is no part of a poll.
 */
export const SETTLING_POLLS = 40_000;

const READS_PER_JOB_AND_MINUTE = 30;
/** So that the limit is never what is waited for. */
const HEADROOM = 1.2;

export const limitFor = (jobs: number): number => Math.ceil(jobs * READS_PER_JOB_AND_MINUTE * HEADROOM);

async function heapUsed(): Promise<number> {
  for (let round = 0; round < 3; round += 1) {
    globalThis.gc?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
  return process.memoryUsage().heapUsed;
}

const cpuUs = (before?: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(before);
  return user + system;
};

/** In virtual time (the lane takes a clock; the others know only the global timers), over a transport that answers at once. */
export async function measureInstantly(side: SideName, jobs: number, polls: number): Promise<SideFigures> {
  const clock = createVirtualTime();
  if (!isLane(side)) installTimers(clock);
  const run = async (count: number, least: number): Promise<() => number> => {
    const limit = limitFor(count);
    const { adapter, reads } = instantTransport(limit, clock.now);
    START[side]({
      baseUrl: side === 'lane, each read a change' ? CHANGING_URL : BASE_URL,
      clock,
      jobs: count,
      limit,
      adapter,
    });
    await clock.run(() => reads() >= least);
    return reads;
  };
  // Some jobs before, so that compiled code and what comes with the first jobs is not counted as theirs.
  await run(WARM_UP, 5_000);
  const before = await heapUsed();
  const reads = await run(jobs, Math.max(2 * jobs, 10_000));
  const bytesPerJob = ((await heapUsed()) - before) / jobs;
  const settled = reads() + SETTLING_POLLS;
  await clock.run(() => reads() >= settled);
  const from = reads();
  const cpu = process.cpuUsage();
  await clock.run(() => reads() >= from + polls);
  return { cpuUsPerPoll: cpuUs(cpu) / (reads() - from), bytesPerJob };
}

/** Every wait is over at once: the next poll leaves as soon as the last is answered. */
function hurriedClock(): Clock {
  let ahead = 0;
  const now = (): number => realNow() + ahead;
  return {
    now,
    schedule(at, callback) {
      const timer = setImmediate(() => {
        ahead += Math.max(0, at - now());
        callback();
      });
      return () => clearImmediate(timer);
    },
  };
}

const realNow = Date.now.bind(Date);
const realSetTimeout = setTimeout;

/** Over real HTTP, for so many ms. `countReads` asks the server. */
export async function measureOverHttp(
  side: SideName,
  jobs: number,
  baseUrl: string,
  countReads: () => Promise<number>,
): Promise<SideFigures> {
  const clock = hurriedClock();
  if (!isLane(side)) installTimers(clock);
  START[side]({ baseUrl, clock, jobs, limit: limitFor(jobs) * 1_000 });
  const pause = (ms: number): Promise<void> => new Promise((resolve) => realSetTimeout(resolve, ms));
  await pause(4_000);
  const from = await countReads();
  const cpu = process.cpuUsage();
  await pause(6_000);
  const used = cpuUs(cpu);
  const reads = (await countReads()) - from;
  return { cpuUsPerPoll: used / reads, bytesPerJob: Number.NaN };
}
