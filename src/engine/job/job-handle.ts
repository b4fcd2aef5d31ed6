import type { JobCommand, JobEmitted } from '../../machines/job-events.js';
import type { JobOutput } from '../../machines/job-output.js';
import type { SlotValue } from '../../services/wire/wire-types.js';
import type { JobActor } from './job-actor.js';
import type { JobSource } from './source/job-source.js';
import type { SlotsAnswer } from './source/slots-answer.js';

/** An event of a job with the time (epoch ms) at which the host received it. */
export type JobHandleEvent = JobEmitted & { readonly at: number };

/**
 * A job for hosts that do not use XState. Also an async iterator of its events, which ends with the job. Its methods work without
 * their object.
 */
export interface JobHandle extends JobSource, AsyncIterable<JobHandleEvent> {
  /**
   * Listens to one type of event, or to all with `*`. Returns a function that unsubscribes. Errors of a listener are logged and
   * ignored.
   */
  on<Type extends JobEmitted['type']>(
    type: Type,
    listener: (event: Extract<JobHandleEvent, { type: Type }>) => void,
  ): () => void;
  on(type: '*', listener: (event: JobHandleEvent) => void): () => void;
  /** All events from now on. The iteration ends when the job ends, and normally when the signal aborts. */
  events(options?: { readonly signal?: AbortSignal | undefined }): AsyncIterableIterator<JobHandleEvent>;
  /**
   * Resolves with the outcome for the values once it is known; never rejects.
   * @throws InvalidInputError synchronously for values that no slot can take; the job does not receive them and keeps asking
   */
  submitSlots(slots: Readonly<Record<string, SlotValue>>): Promise<SlotsAnswer>;
  confirm(): void;
  /** @throws InvalidInputError for an invalid command; the job is unchanged */
  send(command: JobCommand): void;
  /** Resolves with the output: completed, failed or detached. Never rejects. */
  result(): Promise<JobOutput>;
  /**
   * Detaches the job; resolves when no socket, timer or promise of it is left. A create in flight gets five seconds to answer,
   * because its reply is the only way to learn the id of the job; the command `DETACH` does not wait.
   */
  detach(): Promise<JobOutput>;
}

/** A handle with its actor, for hosts that use XState (`useSelector(job.actor, …)`). */
export interface ActorJobHandle extends JobHandle {
  readonly actor: JobActor;
}
