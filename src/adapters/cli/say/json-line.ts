import type { JobHandleEvent } from '../../../engine/job/job-handle.js';
import { defined } from '../../../services/defined.js';
import type { CommandResult } from '../ends/command-result.js';

/** One event of `--json`: `type`, `at` (ISO 8601, UTC) and its data. */
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

/** Values by slot id: a slot may be named `at` too. */
const BY_SLOT = 'values';

function timeOr(key: string, entry: unknown): unknown {
  if (key === BY_SLOT) return entry;
  return TIMES.has(key) && typeof entry === 'number' ? isoTime(entry) : withIsoTimes(entry);
}

/** Internally times are epoch ms; scripts always get ISO 8601. */
function withIsoTimes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withIsoTimes);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, timeOr(key, entry)]));
}

const ENDS = new Set(['completed', 'failed', 'detached']);

/** The line of a job's event; none for events that end the job, whose line is `endLine`. */
export function eventLine(id: string, event: JobHandleEvent): JsonLine | undefined {
  if (ENDS.has(event.type)) return undefined;
  const { type, at, ...rest } = event;
  // Boundary: withIsoTimes returns an object for an object, which its type does not say.
  return { type, at: isoTime(at), id, ...(withIsoTimes(rest) as object) };
}

/** How to continue a detached job. */
export interface EndFacts {
  readonly id: string;
  readonly at: number;
  readonly message: string;
  readonly advice: string;
  /** The command that resumes this job, if there is one. */
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
  // `goOn` is the former name of the field: scripts read it.
  const resume = defined({ resumeCommand: facts.resumeCommand, goOn: facts.resumeCommand });
  return {
    ...base,
    ...named,
    ...reason,
    message: facts.message,
    advice: facts.advice,
    ...resume,
    ...failure,
  };
}
