import type { JobHandleEvent } from '../../../engine/job/job-handle.js';
import { defined } from '../../../services/defined.js';
import type { CommandResult } from '../ends/command-result.js';

/** One event of `--json`: `type`, `at` (ISO 8601, UTC) and what belongs to it. */
export interface JsonLine {
  readonly type: string;
  readonly at: string;
  readonly [field: string]: unknown;
}

export const isoTime = (at: number): string => {
  const time = new Date(at);
  return Number.isNaN(time.getTime()) ? String(at) : time.toISOString();
};

const TIMES = new Set(['at', 'until', 'retryAt', 'expiresAt']);

/** Values by slot: a slot may be called `at` as well. */
const BY_SLOT = 'values';

function timeOr(key: string, entry: unknown): unknown {
  if (key === BY_SLOT) return entry;
  return TIMES.has(key) && typeof entry === 'number' ? isoTime(entry) : withIsoTimes(entry);
}

/** Inside, times are epoch ms; a script gets them as ISO 8601, everywhere. */
function withIsoTimes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withIsoTimes);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, timeOr(key, entry)]));
}

const ENDS = new Set(['completed', 'failed', 'detached']);

/** An event of a job as its line; none for those that end it, whose line is `endLine`. */
export function eventLine(id: string, event: JobHandleEvent): JsonLine | undefined {
  if (ENDS.has(event.type)) return undefined;
  const { type, at, ...rest } = event;
  // withIsoTimes keeps an object an object; its type cannot say so.
  return { type, at: isoTime(at), id, ...(withIsoTimes(rest) as object) };
}

/** What is said of the way on, next to a job that was let go. */
export interface EndFacts {
  readonly id: string;
  readonly at: number;
  readonly message: string;
  readonly advice: string;
  /** The command that goes on with this job, where there is one. */
  readonly resumeCommand?: string | undefined;
}

/** The last line of a job. */
export function endLine(result: CommandResult, facts: EndFacts): JsonLine {
  const { output, type, exitCode, because } = result;
  const base = { type, at: isoTime(facts.at), id: facts.id, exitCode };
  const named = defined({ jobSpecId: output.jobSpecId });
  if (output.status === 'completed') return { ...base, ...named, ...output.saved };
  const failure = output.failure === undefined ? {} : { failure: withIsoTimes(output.failure) };
  const reason = output.status === 'detached' ? { reason: because ?? output.reason } : {};
  const goOn = defined({ goOn: facts.resumeCommand });
  return { ...base, ...named, ...reason, message: facts.message, advice: facts.advice, ...goOn, ...failure };
}
