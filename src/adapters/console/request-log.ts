import type { RequestReport } from '../../services/http/exchange.js';
import type { RequestEntry } from './wire/row.js';

export interface RequestLog {
  /** Pass it as `onRequest` of a lane. */
  readonly add: (report: RequestReport) => void;
  /** Oldest first. */
  readonly of: (jobId: string) => readonly RequestEntry[];
}

/** For all jobs together. */
const MAX_ENTRIES = 5_000;

/** The newest exchanges, in memory only. */
export function createRequestLog(now: () => number): RequestLog {
  const entries: RequestEntry[] = [];
  let seq = 0;
  return {
    add(report) {
      seq += 1;
      entries.push({ ...report, seq, at: now() });
      if (entries.length > MAX_ENTRIES) entries.splice(0, entries.length - MAX_ENTRIES);
    },
    of: (jobId) => entries.filter((entry) => entry.jobId === jobId),
  };
}
