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
