import type { JobCommand, JobEmitted } from '../../machines/job-events.js';
import type { JobOutput } from '../../machines/job-output.js';
import type { SlotValue } from '../../services/wire/wire-types.js';
import type { JobActor } from './job-actor.js';
import type { JobSource } from './source/job-source.js';
import type { SlotsAnswer } from './source/slots-answer.js';

/** An event of a job with the time (epoch ms) at which the host learned of it. */
export type JobHandleEvent = JobEmitted & { readonly at: number };

/**
 * A job for hosts that want no XState. Also an async iterator of its events; the iteration ends when the job does. Its functions work when
 * they are taken off it.
 */
export interface JobHandle extends JobSource, AsyncIterable<JobHandleEvent> {
  /** Listens to one type of event, or with `*` to all. Returns the function that stops it. A listener that throws is logged, not fatal. */
  on<Type extends JobEmitted['type']>(
    type: Type,
    listener: (event: Extract<JobHandleEvent, { type: Type }>) => void,
  ): () => void;
  on(type: '*', listener: (event: JobHandleEvent) => void): () => void;
  /** Every event from now on. The iteration ends when the job does, and quietly when the signal aborts. */
  events(options?: { readonly signal?: AbortSignal | undefined }): AsyncIterableIterator<JobHandleEvent>;
  /**
   * Resolves with what became of the values once that is known, and never rejects.
   * @throws InvalidInputError at once for values that no slot can take; the job hears nothing of them and goes on asking
   */
  submitSlots(slots: Readonly<Record<string, SlotValue>>): Promise<SlotsAnswer>;
  confirm(): void;
  /** @throws InvalidInputError for what is no command; the job goes on as it was */
  send(command: JobCommand): void;
  /** Resolves with the output whatever it is: completed, failed or detached. Never rejects. */
  result(): Promise<JobOutput>;
  /** Lets go of the job; resolves when no socket, timer or promise of it is left. */
  detach(): Promise<JobOutput>;
}

/** A handle with its actor, for hosts that know XState (`useSelector(job.actor, …)`). */
export interface ActorJobHandle extends JobHandle {
  readonly actor: JobActor;
}
