import { errorFromFailure } from '../errors/error-from-failure.js';
import { errorWords, failureFromTransport } from '../errors/failure-from-transport.js';
import { isGoalLaneError } from '../errors/goal-lane-error.js';
import type { ApiRequest } from './api-request.js';
import type { HttpOptions } from './http-options.js';

/** A budget is the host's, and so is its time. */
const isoTime = (at: number): string => {
  const time = new Date(at);
  return Number.isNaN(time.getTime()) ? String(at) : time.toISOString();
};

/** Law 3 at the door: a limit that is known to be shut is not knocked at. */
function refuseUnderLimit(options: HttpOptions, { endpoint, method, path }: ApiRequest): void {
  const until = options.budget.mayAt(endpoint, options.now());
  if (until === undefined) return;
  throw errorFromFailure({
    kind: 'rate-limited',
    message: `${method} ${path} was not sent: its limit is shut until ${isoTime(until + options.wallOffset())}`,
    advice: 'Wait until the limit resets.',
    delivery: 'not-sent',
    method,
    path,
    limit: 'quota',
    retryAt: until,
  });
}

function refuseAborted({ method, path, signal }: ApiRequest): void {
  if (!signal?.aborted) return;
  const failure = failureFromTransport({ method, path, error: signal.reason, isAborted: true, secrets: [] });
  throw errorFromFailure({ ...failure, delivery: 'not-sent' });
}

/** The time of sending. Whatever is thrown here, nothing has left. */
export function mayLeave(options: HttpOptions, request: ApiRequest): number {
  try {
    refuseAborted(request);
    refuseUnderLimit(options, request);
    const sentAt = options.now();
    options.budget.onSend?.(request.endpoint, sentAt);
    return sentAt;
  } catch (error) {
    if (isGoalLaneError(error)) throw error;
    const { method, path } = request;
    throw errorFromFailure({
      kind: 'internal',
      message: `${method} ${path} was not sent: ${errorWords(error)}`,
      advice: 'A function of the host threw; mend it.',
      delivery: 'not-sent',
      method,
      path,
    });
  }
}
