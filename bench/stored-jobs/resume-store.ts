import { statSync } from 'node:fs';
import { PerformanceObserver } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { createStoredJobs } from '../../src/engine/durable/index.js';
import { type JobStore, openJobStore } from '../../src/engine/store/index.js';
import { currentOwner } from '../../src/engine/store/lease/process-liveness.js';
import type { JobOutput } from '../../src/machines/job-output.js';
import { stillPorts } from './still-ports.js';

/** Times in ms, sizes in bytes. */
export interface Figures {
  readonly jobs: number;
  readonly openMs: number;
  /** From the call of `resumeAll` until every job has asked for its turn to read. */
  readonly armedMs: number;
  /** Longest time in which no timer could fire meanwhile. */
  readonly longestStallMs: number;
  /** Longest pause of the garbage collector meanwhile. */
  readonly collectorMs: number;
  readonly writes: number;
  readonly heapBytes: number;
  readonly rssBytes: number;
  readonly heartbeatMs: number;
  readonly closeMs: number;
  /** CPU of the process in ms. */
  readonly armedCpuMs: number;
  readonly closeCpuMs: number;
  /** As `longestStallMs`, while all jobs are detached. */
  readonly longestCloseStallMs: number;
  readonly closeCollectorMs: number;
  readonly fileBytes: number;
}

const cpuSince = (before: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
};

/** A forced collection leaves its sweeping to the next allocations: with a heap of 2 GB, a stall of its own. */
const SWEEP_MS = 3_000;

async function collect(): Promise<NodeJS.MemoryUsage> {
  globalThis.gc?.();
  const usage = process.memoryUsage();
  await delay(SWEEP_MS);
  return usage;
}

interface Stalls {
  readonly longestMs: number;
  /** The longest pause of the garbage collector: a stall of about that time is one. */
  readonly collectorMs: number;
}

/** Notes the longest time between two turns of the event loop. */
function watchStalls(): () => Promise<Stalls> {
  let longest = 0;
  let last = performance.now();
  let collector = 0;
  const pauses = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) collector = Math.max(collector, duration);
  });
  pauses.observe({ entryTypes: ['gc'] });
  const timer = setInterval(() => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
  }, 1);
  return async () => {
    // The last stall and the last pause are reported in a later turn.
    await delay(5);
    clearInterval(timer);
    pauses.disconnect();
    return { longestMs: longest, collectorMs: collector };
  };
}

/** Every job is detached, says so, is stored so, and is free. */
async function checkClosed(store: JobStore, outcomes: readonly Promise<JobOutput>[]): Promise<void> {
  for (const outcome of outcomes)
    if ((await outcome).status !== 'detached') throw new Error('a job is not detached');
  const { detached } = await store.counts();
  const leases = await store.leases();
  if (detached !== outcomes.length || leases.length > 0) throw new Error('the store was not closed');
}

export async function resumeStore(path: string, count: number): Promise<Figures> {
  const t0 = performance.now();
  const opened = await openJobStore({ path });
  const openMs = performance.now() - t0;
  let writes = 0;
  const store: typeof opened = {
    ...opened,
    async save(record, options) {
      const outcome = await opened.save(record, options);
      if (outcome === 'written') writes += 1;
      return outcome;
    },
  };
  let armed = 0;
  let allArmed = (): void => undefined;
  const isArmed = new Promise<void>((resolve) => {
    allArmed = resolve;
  });
  const owner = currentOwner();
  const ports = stillPorts(() => {
    armed += 1;
    if (armed === count) allArmed();
  });
  const jobs = createStoredJobs({ store, owner, ports });
  const before = await collect();
  const stopWatching = watchStalls();
  const cpu1 = process.cpuUsage();
  const t1 = performance.now();
  const { handles, refused } = await jobs.resumeAll();
  await isArmed;
  const armedMs = performance.now() - t1;
  const armedCpuMs = cpuSince(cpu1);
  const stalls = await stopWatching();
  if (refused.length > 0) throw new Error(`refused: ${String(refused[0]?.error)}`);
  // As a host does, which waits for all of them.
  const outcomes = handles.map((handle) => handle.result());
  const after = await collect();
  const t2 = performance.now();
  await store.renewLeases({ owner, now: Date.now(), ttlMs: 30_000 });
  const heartbeatMs = performance.now() - t2;
  const writesWhileResuming = writes;
  const stopWatchingClose = watchStalls();
  const cpu3 = process.cpuUsage();
  const t3 = performance.now();
  await jobs.close();
  const closeMs = performance.now() - t3;
  const closeCpuMs = cpuSince(cpu3);
  const closeStalls = await stopWatchingClose();
  await checkClosed(store, outcomes);
  return {
    jobs: handles.length,
    openMs,
    armedMs,
    longestStallMs: stalls.longestMs,
    collectorMs: stalls.collectorMs,
    writes: writesWhileResuming,
    heapBytes: after.heapUsed - before.heapUsed,
    rssBytes: after.rss,
    heartbeatMs,
    closeMs,
    longestCloseStallMs: closeStalls.longestMs,
    closeCollectorMs: closeStalls.collectorMs,
    armedCpuMs,
    closeCpuMs,
    fileBytes: statSync(path).size,
  };
}
