import type { AnyActorRef } from 'xstate';
import type { PortOptions } from '../../machines/ports.js';
import type { Reply } from '../../machines/reply.js';
import { asFailure } from '../binding/as-failure.js';
import type { Clock } from '../binding/clock.js';
import type { InFlight } from './in-flight.js';
import { type JobLogger, jobFields } from './job-logger.js';

/** How the ports are bound. */
export interface BindOptions {
  readonly clock?: Clock;
  /** In [0, 1), for jitter. */
  readonly random?: () => number;
  /** How many files of a job go up at once. Default 4. */
  readonly uploadsAtOnce?: number;
  /**
   * While the status says what the job knows already, it is read again in its next turn without waking the machine: it stays in
   * `awaitingTurn`, and a poll without news costs a request and little else. False: each read is a state of its own. Default true,
   * and false where the job is inspected.
   */
  readonly lookAhead?: boolean;
  /**
   * Awaited before a request leaves that changes something on the server (upload, create, PATCH, confirm):
   * a durable host stores the job here (law 4). If it rejects, the request is not sent.
   */
  readonly beforeEffect?: (job: AnyActorRef, call: string) => Promise<void>;
}

/** @internal Lets the handle of a job wait until nothing that the job started is still under way. */
export interface TrackedBindOptions extends BindOptions {
  readonly inFlightOf?: (jobId: string) => InFlight | undefined;
  /** Hears of a host's function that threw. */
  readonly logger?: JobLogger | undefined;
}

export type Bound = Required<Pick<BindOptions, 'clock' | 'random'>> & TrackedBindOptions;

export function track<Value>(bound: Bound, self: AnyActorRef, work: Promise<Value>): Promise<Value> {
  return bound.inFlightOf?.(jobOf(self).id)?.track(work) ?? work;
}

export function reply<Value>(
  bound: Bound,
  self: AnyActorRef,
  work: () => Promise<Value>,
): Promise<Reply<Value>> {
  return track(bound, self, settle(bound, work));
}

export async function settle<Value>(bound: Bound, work: () => Promise<Value>): Promise<Reply<Value>> {
  try {
    const value = await work();
    return { ok: true, value, at: bound.clock.now() };
  } catch (error) {
    return { ok: false, failure: asFailure(error), at: bound.clock.now(), roll: bound.random() };
  }
}

/** What a port is told of the call. */
export function portOptions(self: AnyActorRef, signal: AbortSignal): PortOptions {
  const job = jobOf(self);
  return { signal, jobId: job.id, jobFields: () => jobFields(job.getSnapshot()) };
}

/** The job that invoked an actor: XState names it only here. */
export const jobOf = (self: AnyActorRef): AnyActorRef => self._parent ?? self;
