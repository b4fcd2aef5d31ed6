import type { CallState } from './call-state.js';
import type { Setback } from './failure/retry-policy.js';
import type { JobContext } from './job-context.js';

/**
 * All limits are at most a day, except that of creations: with a wrong clock, the end of a daily limit can seem two days ahead
 * ("Rate Limits").
 */
const LONGEST_LIMIT_MS = 86_460_000;
const LONGEST_CREATE_LIMIT_MS = 2 * 86_400_000;
/** The longest pause before a re-read. */
const LONGEST_RE_READ_MS = 30_000;
const COUNTS_CREATIONS: ReadonlySet<CallState | undefined> = new Set(['queued', 'creating']);

type Move = <Time extends number | undefined>(at: Time) => Time;

function movedSetback(setback: Setback, move: Move): Setback {
  const { failure, since, until } = setback;
  const { retryAt } = failure;
  return {
    ...setback,
    since: move(since),
    until: move(until),
    failure: retryAt === undefined ? failure : { ...failure, retryAt: move(retryAt) },
  };
}

/**
 * Returns the context with all times of this machine's clock moved by `byMs`. Times from other clocks (expiry of a URL,
 * modification of a file) stay.
 */
export function shiftTimes(context: JobContext, byMs: number): JobContext {
  if (byMs === 0) return context;
  // Boundary: a number plus a number is a number, and undefined stays what it is.
  const move: Move = (at) => (at === undefined ? at : at + byMs) as typeof at;
  const { input, lastReadAt, waitUntil, failure, setbacks, uploads } = context;
  const moved = Object.entries(setbacks).map(([call, setback]) => [call, movedSetback(setback, move)]);
  return {
    ...context,
    input: input.deadlineAt === undefined ? input : { ...input, deadlineAt: input.deadlineAt + byMs },
    lastReadAt: move(lastReadAt),
    waitUntil: move(waitUntil),
    failure: failure?.retryAt === undefined ? failure : { ...failure, retryAt: failure.retryAt + byMs },
    setbacks: Object.fromEntries(moved),
    uploads: uploads.map((upload) => upload && { ...upload, uploadedAt: upload.uploadedAt + byMs }),
  };
}

/** The longest wait, in ms, that the cause of the current wait can justify. */
function longestWaitMs({ retry, interrupted, setbacks }: JobContext): number {
  const failure = interrupted && setbacks[interrupted]?.failure;
  const isLimit = failure?.kind === 'rate-limited' || failure?.retryAt !== undefined;
  if (!isLimit) return Math.max(retry.capMs, LONGEST_RE_READ_MS);
  return COUNTS_CREATIONS.has(interrupted) ? LONGEST_CREATE_LIMIT_MS : LONGEST_LIMIT_MS;
}

const atMost = <Time extends number | undefined>(at: Time, limit: number): Time =>
  // Boundary: the lesser of two numbers is a number, and undefined stays what it is.
  (at === undefined ? at : Math.min(at, limit)) as Time;

/**
 * Returns the context with times clamped to what is possible at `now` (epoch ms): past events are not in the future, and no wait
 * is longer than its cause justifies. So times written with a wrong clock do not block the process that resumes the job.
 */
export function boundTimes(context: JobContext, now: number): JobContext {
  const waitLimit = now + longestWaitMs(context);
  const bounded = Object.entries(context.setbacks).map(([call, setback]) => {
    // Boundary: the setbacks are kept by call, and `Object.entries` loses the type of the keys.
    const own = now + longestWaitMs({ ...context, interrupted: call as CallState });
    return [call, { ...setback, since: atMost(setback.since, now), until: atMost(setback.until, own) }];
  });
  return {
    ...context,
    lastReadAt: atMost(context.lastReadAt, now),
    waitUntil: atMost(context.waitUntil, waitLimit),
    setbacks: Object.fromEntries(bounded),
    uploads: context.uploads.map(
      (upload) => upload && { ...upload, uploadedAt: Math.min(upload.uploadedAt, now) },
    ),
  };
}
