import type { AxiosAdapter } from 'axios';
import type { RateBudget } from '../limits/rate-budget.js';
import type { Logger } from '../logger.js';
import type { Transport } from './transport.js';

export interface HttpOptions {
  readonly apiKey: string;
  /** Checked, without a slash at its end. */
  readonly baseUrl: string;
  readonly budget: RateBudget;
  readonly now: () => number;
  /** By how much the wall clock was set since the clock of `now` began, in ms. */
  readonly wallOffset: () => number;
  /** In ms, from sending to the last byte of the reply. */
  readonly requestTimeoutMs: number;
  readonly logger?: Logger;
  readonly adapter?: AxiosAdapter;
  /** What the platform's adapter sends by; axios's own otherwise. `adapter` goes before it. */
  readonly transport?: Transport;
}
