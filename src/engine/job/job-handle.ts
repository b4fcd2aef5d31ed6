import type { JobCommand, JobEmitted } from '../../machines/job-events.js';
import type { JobOutput } from '../../machines/job-output.js';
import type { SlotValue } from '../../services/wire/wire-types.js';
import type { JobView } from './source/job-view.js';

/** An event of a job with the time (epoch ms) at which the host learned of it. */
export type JobHandleEvent = JobEmitted & { readonly at: number };

/** A job for hosts that want no XState. Also an async iterator of its events; the iteration ends when the job does. */
export interface JobHandle extends AsyncIterable<JobHandleEvent> {
  /** This process's name for the job; known before there is a `jobSpecId`. */
  readonly id: string;
  view(): JobView;
  /** Listens to one type of event, or with `*` to all. Returns the function that stops it. A listener that throws is logged, not fatal. */
  on<Type extends JobEmitted['type']>(
    type: Type,
    listener: (event: Extract<JobHandleEvent, { type: Type }>) => void,
  ): () => void;
  on(type: '*', listener: (event: JobHandleEvent) => void): () => void;
  /** @throws InvalidInputError for values that no slot can take; the job hears nothing of them and goes on asking */
  submitSlots(slots: Readonly<Record<string, SlotValue>>): void;
  confirm(): void;
  /** @throws InvalidInputError for what is no command; the job goes on as it was */
  send(command: JobCommand): void;
  /** Resolves with the output whatever it is: completed, failed or detached. Never rejects. */
  result(): Promise<JobOutput>;
  /** Lets go of the job; resolves when no socket, timer or promise of it is left. */
  detach(): Promise<JobOutput>;
}
