import type { Call } from './faults.js';

/** One request as it came in, and what became of it. */
export interface Entry {
  readonly call: Call | 'other';
  readonly nth: number;
  readonly jobId: string | undefined;
  /** Milliseconds of this process's steady clock. */
  readonly at: number;
  repliedAt?: number;
  status?: number;
  acted?: boolean;
  readonly version?: number;
}

export interface ServerLog {
  readonly entries: Entry[];
  /** What the client did that it must not do. */
  readonly violations: string[];
  count(call: Call): number;
}

export function createServerLog(): ServerLog {
  const entries: Entry[] = [];
  return {
    entries,
    violations: [],
    count: (call) => entries.filter((entry) => entry.call === call).length,
  };
}

/** Law 3, exactly: the least time, in ms, between one status read's arrival and the reply to (or the arrival of) the one before. */
export function leastStatusGap(log: ServerLog): number {
  const reads = log.entries.filter((entry) => entry.call === 'status');
  const gaps = reads.map((read, index) => {
    const before = reads.slice(0, index).findLast((other) => other.jobId === read.jobId);
    return before === undefined ? Number.POSITIVE_INFINITY : read.at - before.at;
  });
  return Math.min(Number.POSITIVE_INFINITY, ...gaps);
}
