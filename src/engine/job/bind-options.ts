import type { AnyActorRef } from 'xstate';
import type { Clock } from '../binding/clock.js';

/** How the ports are bound. */
export interface BindOptions {
  readonly clock?: Clock;
  /** In [0, 1), for jitter. */
  readonly random?: () => number;
  /** How many files of a job go up at once. Default 4. */
  readonly uploadsAtOnce?: number;
  /**
   * While the status says what the job knows already, it is read again in its next turn without waking the machine: it stays in
   * `awaitingTurn`, and a poll that changes nothing costs a request and little else. False: each read is a state of its own. Default true;
   * where a host starts jobs with `inspect`, false, so that it sees the chart that is drawn.
   */
  readonly lookAhead?: boolean;
  /**
   * Awaited before a request leaves that changes something on the server (upload, create, PATCH, confirm):
   * a durable host stores the job here (law 4). If it rejects, the request is not sent.
   */
  readonly beforeEffect?: (job: AnyActorRef, call: string) => Promise<void>;
}
