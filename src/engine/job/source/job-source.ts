import type { JobCommand } from '../../../machines/job-events.js';
import type { JobOutput } from '../../../machines/job-output.js';
import type { SlotValue } from '../../../services/wire/wire-types.js';
import type { JobView } from './job-view.js';
import type { SlotsAnswer } from './slots-answer.js';

/**
 * Shows one job and accepts commands for it. Every handle is one, and so can be a client of a job that runs elsewhere. Commands
 * may go over a network; those of a handle return nothing.
 */
export interface JobSource {
  /** The host's name for the job; known before there is a `jobSpecId`. */
  readonly id: string;
  /** The same object until something changes. */
  view(): JobView;
  /** Calls back after every change of the view, even if only the state path changed. Returns a function that unsubscribes. */
  subscribe(listener: (view: JobView) => void): () => void;
  /** Resolves with the outcome for the values; never rejects if the job is in this process. */
  submitSlots(slots: Readonly<Record<string, SlotValue>>): Promise<SlotsAnswer>;
  confirm(): void | Promise<void>;
  send(command: JobCommand): void | Promise<void>;
  /**
   * Detaches the job. Unlike the command `DETACH` it lets a create in flight answer, which is the only way to learn the id of the
   * job.
   */
  detach?(): Promise<JobOutput>;
}
