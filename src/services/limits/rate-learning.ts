import type { AxiosResponse } from 'axios';
import { defined } from '../defined.js';
import { type ClockSkew, cautiousSkewMs, narrowSkew } from '../time/clock-skew.js';
import { serverWords } from '../wire/server-words.js';
import type { Endpoint } from './endpoint.js';
import { type LimitKind, limitKind, spentUntil } from './limit-kind.js';
import type { RateBudget } from './rate-budget.js';
import { FARTHEST_CREATE_RESET_MS, FARTHEST_RESET_MS, parseRateHeaders } from './rate-headers.js';

/** What a reply says about limits. Epoch ms on this machine's clock. */
export interface RateLesson {
  /** From `Retry-After`, whatever the status. */
  readonly retryAfterAt?: number;
  /** For a 429. */
  readonly limit?: LimitKind;
}

/** `now` is epoch ms of a clock that is never set; `wallOffset` is how far (ms) the wall clock was set since that clock started. */
export interface LearnerClock {
  readonly now: () => number;
  readonly wallOffset: () => number;
}

export interface RateLearner {
  learn(endpoint: Endpoint, response: AxiosResponse, body: unknown, sentAt: number): RateLesson;
}

const farthestReset = (endpoint: Endpoint): number =>
  endpoint === 'create' ? FARTHEST_CREATE_RESET_MS : FARTHEST_RESET_MS;

/** Reads the limits from every reply, corrects their times for the server's clock, and updates the budget. */
export function createRateLearner(budget: RateBudget, { now, wallOffset }: LearnerClock): RateLearner {
  let skew: ClockSkew | undefined;
  return {
    learn(endpoint, response, body, sentAt) {
      const receivedAt = now();
      skew = narrowSkew(skew, response.headers.date, sentAt, receivedAt);
      const rate = parseRateHeaders(
        response.headers,
        receivedAt,
        cautiousSkewMs(skew, wallOffset()),
        farthestReset(endpoint),
      );
      const { status } = response;
      const about = { endpoint, sentAt, receivedAt, status };
      const { retryAfterAt } = rate;
      if (status !== 429) {
        budget.observe(Object.assign(about, rate));
        return retryAfterAt === undefined ? NOTHING : { retryAfterAt };
      }
      const { error = '', message = '' } = serverWords(body);
      const limited = { endpoint, said: `${error} ${message}`, now: receivedAt, ...rate };
      const limit = limitKind(limited);
      // If starting a job was refused for concurrency, the headers are about its quota or about nothing: they must not close the
      // endpoint for a day.
      if (limit.limit === 'concurrency')
        budget.observe({ ...about, limited: limit.limit, ...retryOf({ retryAt: spentUntil(limited) }) });
      else budget.observe({ ...about, ...rate, limited: limit.limit, ...retryOf(limit) });
      return { ...defined({ retryAfterAt }), limit };
    },
  };
}

const NOTHING: RateLesson = {};

const retryOf = ({ retryAt }: { readonly retryAt?: number | undefined }) => defined({ retryAt });
