import type { Clock } from '../../../engine/binding/clock.js';
import type { LimitFacts } from '../../../engine/lane/reads/limit-model.js';
import { POLL_INTERVAL_MS } from '../../../machines/states/watching.js';

/** What a reader passes to the next one about its reads, in durations: the clocks of two machines differ. */
export interface RecentReads {
  /** Jobs that may not be read again yet, and how long ago (ms) they were read. */
  readonly jobs: readonly (readonly [jobId: string, agoMs: number])[];
  /** How many reads there were within a minute, the longest window of a limit. */
  readonly withinMinute: number;
  /** What the replies have shown of the limit. */
  readonly limit?: LimitFacts | undefined;
}

const MINUTE_MS = 60_000;
/** How long the last reads of jobs that left are remembered: the jobs may come back. */
const REMEMBERED_MS = 10 * POLL_INTERVAL_MS;

/** When this process last read each job, by a clock that is never set. */
export function createReadTimes(clock: Clock) {
  const times = new Map<string, number>();
  const sent: number[] = [];
  return {
    last: (jobId: string): number => times.get(jobId) ?? Number.NEGATIVE_INFINITY,
    recent: (): RecentReads => {
      const now = clock.now();
      const ages = [...times].map(([jobId, at]) => [jobId, Math.floor(now - at)] as const);
      const withinMinute = sent.filter((at) => at > now - MINUTE_MS).length;
      return { jobs: ages.filter(([, agoMs]) => agoMs < POLL_INTERVAL_MS), withinMinute };
    },
    /** Reads that were sent, by whichever process. */
    count(reads: number): void {
      const now = clock.now();
      while ((sent[0] ?? now) <= now - MINUTE_MS) sent.shift();
      for (let read = 0; read < reads; read += 1) sent.push(now);
    },
    note(jobId: string, agoMs = 0): void {
      times.delete(jobId);
      times.set(jobId, clock.now() - agoMs);
      const [oldest] = times;
      if (oldest !== undefined && oldest[1] < clock.now() - REMEMBERED_MS) times.delete(oldest[0]);
    },
  };
}

export type ReadTimes = ReturnType<typeof createReadTimes>;
