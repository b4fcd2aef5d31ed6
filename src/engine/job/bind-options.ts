import type { AnyActorRef } from 'xstate';
import type { Clock } from '../binding/clock.js';

/** Options for binding ports. */
export interface BindOptions {
  readonly clock?: Clock | undefined;
  /** In [0, 1), for jitter. Default `Math.random`. */
  readonly random?: (() => number) | undefined;
  /** How many files of a job are uploaded in parallel. Default 4. */
  readonly uploadsAtOnce?: number | undefined;
  /**
   * As long as the status equals what the job knows, it is read again in each turn without waking the machine, which stays in
   * `awaitingTurn`; such a poll costs little more than the request. False: each read is a state of its own. Default: true, but
   * false if the host starts jobs with `inspect`, so that it sees the chart as drawn.
   */
  readonly lookAhead?: boolean | undefined;
  /**
   * Awaited before a request that changes something on the server (upload, create, PATCH, confirm): a durable host stores the job
   * here (law 4, never lost). If it rejects, the request is not sent.
   */
  readonly beforeEffect?: ((job: AnyActorRef, call: string) => Promise<void>) | undefined;
}
