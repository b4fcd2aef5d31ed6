import { errorFromFailure } from '../errors/error-from-failure.js';
import type { RateBudget } from '../limits/rate-budget.js';
import type { ApiRequest } from './api-request.js';

/** The budget belongs to the host, so its time may be invalid. */
const isoTime = (at: number): string => {
  const time = new Date(at);
  return Number.isNaN(time.getTime()) ? String(at) : time.toISOString();
};

interface KeyLimits {
  readonly budget: RateBudget;
  readonly now: () => number;
  readonly wallOffset: () => number;
}

/** Law 3, never early: nothing is sent while a limit is known to be exhausted. */
export function refuseUnderLimit(options: KeyLimits, { endpoint, method, path }: ApiRequest): void {
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
